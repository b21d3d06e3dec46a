from odoo import Command, api, models
from odoo.exceptions import UserError

from ..tools.plan import COMPONENTS

SEQUENCE = "cobranca.agreement"


class CobrancaAgreementSigning(models.AbstractModel):
    """How an agreement comes to be: checked, written down and booked at once, or not at all."""

    _name = "cobranca.agreement.signing"
    _description = "Signing of an Agreement"

    @api.model
    def _sign(self, company, partner, plan, lines, date, source=None):
        """Replace debts by installments.

        Whether the terms are within what may be conceded is for the caller to know.

        :param company: res.company
        :param partner: res.partner, the customer
        :param tools.plan.Plan plan: its debts in the order of the lines
        :param lines: account.move.line, the debts; open installments of one other agreement may be among them, and
            are all of its open ones then
        :param date date: of the agreement, on which the plan was made
        :param source: record that is told in its history, such as the proposal
        :return: cobranca.agreement
        :raise AccessError: for who is no collector
        :raise UserError: with what cannot be agreed, and what to do
        """
        self._check_group("collector", self.env._("Agreements are signed by people of Cobrança."))
        lines.check_access("read")
        # sudo: agreements and their entries are written by these methods only; the right was checked
        Agreement, lines = self.sudo().with_company(company), lines.sudo()
        company = company.with_env(Agreement.env)
        partner, parent = partner.commercial_partner_id, Agreement._get_parent(lines)
        # All at once and in one order: two who sign over the same debts never wait for one another.
        (lines | parent.installment_ids.line_id | parent.origin_ids.line_id)._cobranca_claim()
        parent._claim()
        if refusal := Agreement._get_refusal(company, partner, lines, date):
            raise UserError(refusal)
        Agreement._check_parent(parent, lines)
        Agreement._check_plan(company, plan, lines, date)
        Agreement._free_of_promises(company, lines, date)
        Agreement._free_of_cards(lines)
        agreement = Agreement.create(Agreement._prepare_agreement(company, partner, plan, lines, date, parent))
        agreement._book(plan, lines)
        parent._set_state(("active",), "renegotiated")
        agreement._hold_debts(date)
        agreement._follow_placements()
        agreement._tell_signed(source)
        return agreement.with_env(self.env)

    # === CHAIN === #

    def _renegotiate(self, plan, date, source=None):
        """Replace what is open of an agreement by a new one, over all of its open installments.

        :param tools.plan.Plan plan: its debts are the open installments, by due date
        :param date date: of the new agreement
        :param source: as for :meth:`_sign`
        :return: cobranca.agreement, the new one
        """
        self.ensure_one()
        self.check_access("read")
        lines = self.installment_ids._get_open().sorted("due").line_id
        return self._sign(self.company_id, self.partner_id, plan, lines, date, source or self)

    @api.model
    def _get_parent(self, lines):
        """The agreement in force whose installments are among some debts.

        What is open of one that is over, since its money went back, is a debt like others.
        """
        Installment = self.env["cobranca.agreement.installment"].sudo()  # sudo: which agreement has them, whoever signs
        return Installment.search([("line_id", "in", lines.ids), ("agreement_id.state", "=", "active")]).agreement_id

    @api.model
    def _check_parent(self, parent, lines):
        """:raise UserError: unless one agreement in force gives all of its open installments"""
        if len(parent) > 1:
            raise UserError(self.env._("Renegotiate one agreement at a time: these installments are of several."))
        if parent and parent.installment_ids._get_open().line_id - lines:
            raise UserError(
                self.env._(
                    "Choose all open installments of %(agreement)s: a part of an agreement cannot be renegotiated.",
                    agreement=parent.name,
                )
            )

    @api.model
    def _free_of_promises(self, company, lines, date):
        """What was promised of debts that others stand in the place of from now on was neither kept nor broken."""
        Promised = self.env["cobranca.promise.line"].sudo()  # sudo: promises of colleagues give way too
        items = Promised.search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        items.promise_id._set_state("cancelled", date)

    @api.model
    def _free_of_cards(self, lines):
        """Days on which a card would be charged again are over: not even a break brings them back."""
        Tried = self.env["cobranca.card.charge.line"].sudo()  # sudo: who signs knows nothing of cards
        Tried.search([("line_id", "in", lines.ids), ("next_on", "!=", False)]).next_on = False

    # === VALUES === #

    @api.model
    def _prepare_agreement(self, company, partner, plan, lines, date, parent):
        """:return: dict of values of a cobranca.agreement"""
        return {
            "name": self.env["ir.sequence"].with_company(company).next_by_code(SEQUENCE, sequence_date=date),
            "company_id": company.id,
            "partner_id": partner.id,
            # Nobody of ours where the customer signs alone.
            "user_id": False if self.env.user.share else self.env.uid,
            "date": date,
            "before": float(plan.before),
            **{f"given_{name}": float(plan.given[name]) for name in COMPONENTS},
            "agreed": float(plan.agreed),
            "financing": float(plan.financing),
            "fee": float(plan.fee),
            "fee_percent": float(plan.fee_percent),
            "total": float(plan.total),
            "method": plan.terms.method,
            "rate": float(plan.terms.rate),
            "break_days": company.cobranca_agreement_break_days,
            "break_count": company.cobranca_agreement_break_count,
            "imputation": company.cobranca_agreement_imputation,
            "parent_id": parent.id,
            "origin_ids": [
                Command.create(self._prepare_origin(line, parts, given))
                for line, parts, given in zip(lines, plan.debts, plan.given_each, strict=True)
            ],
            "installment_ids": [Command.create(self._prepare_installment(item)) for item in plan.installments],
        }

    @api.model
    def _prepare_origin(self, line, parts, given):
        """:return: dict of values of a cobranca.agreement.origin"""
        return {
            "line_id": line.id,
            "due": line.date_maturity or line.date,
            **{name: float(getattr(parts, name)) for name in COMPONENTS},
            **{f"given_{name}": float(given[name]) for name in COMPONENTS},
        }

    @api.model
    def _prepare_installment(self, item):
        """:return: dict of values of a cobranca.agreement.installment"""
        return {
            "number": item.number,
            "due": item.due,
            "due_agreed": item.due,
            "amount": float(item.amount),
            "interest": float(item.interest),
            "amortization": float(item.amortization),
            "fee": float(item.fee),
        }
