from decimal import Decimal

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL

from ..tools.plan import Parts
from .account_chart_template import AGREEMENT_JOURNAL

GROUP = "cobranca_recorrente.cobranca_group_"
# While the customer is protected by these nothing is agreed with him in passing.
BLOCKING = ("court", "procon", "over_indebtedness", "deceased")

# How `cobranca.paid.credit` grades money that fits an amount, and nobody knows whose it is.
UNKNOWN_PAYER = 3


class CobrancaAgreementChecks(models.AbstractModel):
    """What can be renegotiated, and what is refused with words that say what to do."""

    _name = "cobranca.agreement.checks"
    _description = "Checks of an Agreement"

    @api.model
    def _check_group(self, group, what):
        """:raise AccessError: for who is not in a group of Cobrança; methods of the system may do all"""
        if not self.env.su and not self.env.user.has_group(GROUP + group):
            raise AccessError(what)

    @api.model
    def _get_refusal(self, company, partner, lines, date):
        """Why some debts cannot be renegotiated on a day.

        :param company: res.company
        :param partner: res.partner, whose debts
        :param lines: account.move.line
        :return: str, empty when they can
        """
        lines = lines.sudo()  # sudo: why a debt cannot be renegotiated does not depend on who asks
        for find in (self._refuse_what_is_no_debt, self._refuse_taxes, self._refuse_what_others_have):
            if refusal := find(company, partner.commercial_partner_id, lines, date):
                return refusal
        return ""

    @api.model
    def _refuse_what_is_no_debt(self, company, partner, lines, date):
        if not lines:
            return self.env._("Choose the debts of the agreement.")
        if lines.company_id != company or lines.partner_id.commercial_partner_id != partner:
            return self.env._("An agreement is about debts of one customer, to one company.")
        if foreign := lines.filtered(lambda line: line.currency_id != company.currency_id):
            return self.env._(
                "%(debt)s is in %(currency)s: only debts in %(company_currency)s can be in an agreement.",
                debt=foreign[0].move_name,
                currency=foreign[0].currency_id.name,
                company_currency=company.currency_id.name,
            )
        Receipt = self.env["cobranca.receipt"]
        closed = lines - Receipt._get_running(lines)
        if closed or not Receipt._are_debts(lines):
            return self.env._(
                "%(debt)s is not open any more, or no debt of a customer: choose the debts again.",
                debt=(closed or lines)[0].move_name or lines[0].name,
            )
        return ""

    @api.model
    def _refuse_taxes(self, company, partner, lines, date):
        """Taxes that fall due with the payment would all fall due at once, or never, when installments replace it."""
        for move in lines.move_id:
            taxes = move.line_ids.tax_ids.flatten_taxes_hierarchy()
            if taxes.filtered(lambda tax: tax.tax_exigibility == "on_payment"):
                return self.env._(
                    "%(debt)s has taxes that fall due when it is paid: an agreement would make all due on the day "
                    "it is signed. Change its due date instead.",
                    debt=move.name,
                )
        return ""

    @api.model
    def _refuse_what_others_have(self, company, partner, lines, date):
        if taken := self.env["cobranca.agreement.origin"]._get_of_lines(lines):
            return self.env._(
                "%(debt)s is in the agreement %(agreement)s already.",
                debt=taken[0].line_id.move_name,
                agreement=taken[0].agreement_id.name,
            )
        Dispute = self.env["cobranca.dispute"].sudo()  # sudo: why it cannot be does not depend on who asks
        if disputes := Dispute.search([("line_id", "in", lines.ids), ("state", "=", "open")], limit=1):
            return self.env._("%(debt)s is disputed: decide the dispute first.", debt=disputes.line_id.move_name)
        Claim = self.env["cobranca.payment.claim.line"].sudo()  # sudo: why it cannot be does not depend on who asks
        if claims := Claim.search([("line_id", "in", lines.ids), ("is_open", "=", True)], limit=1):
            return self.env._(
                "The customer says that %(debt)s is paid: find the payment or refuse it first.",
                debt=claims.line_id.move_name,
            )
        return (
            self._refuse_held(company, partner, lines, date)
            or self._refuse_under_way(lines)
            or self._refuse_unmatched(company, partner, lines, date)
        )

    @api.model
    def _refuse_held(self, company, partner, lines, date):
        domain = [
            ("company_id", "=", company.id),
            ("partner_id", "=", partner.id),
            ("reason", "in", BLOCKING),
            ("line_id", "in", [False, *lines.ids]),
            ("date_from", "<=", date),
            ("state", "=", "active"),
        ]
        # sudo: why it cannot be does not depend on who asks
        hold = self.env["cobranca.hold"].with_context(allowed_company_ids=company.ids).sudo().search(domain, limit=1)
        if not hold:
            return ""
        reasons = dict(hold._fields["reason"]._description_selection(self.env))
        return self.env._(
            "Collection of %(customer)s is suspended (%(reason)s): end that first.",
            customer=partner.name,
            reason=reasons[hold.reason],
        )

    @api.model
    def _refuse_under_way(self, lines):
        """Debts that somebody pays online at this moment."""
        guard = self.env["cobranca.paid.guard"]
        self.env.flush_all()
        quoted = {line for (line,) in self.env.execute_query(guard._get_quoted_query())}
        paying = {move for (move,) in self.env.execute_query(guard._get_pending_query())}
        busy = lines.filtered(lambda line: line.id in quoted or line.move_id.id in paying)
        if not busy:
            return ""
        return self.env._(
            "%(debt)s is being paid online at this moment: wait until that payment is done.", debt=busy[0].move_name
        )

    @api.model
    def _refuse_unmatched(self, company, partner, lines, date):
        fitted = self._get_fitted(company, partner, lines, date)
        if not fitted:
            return ""
        return self.env._(
            "Money of %(customer)s that fits %(debt)s is not matched yet: match it first.",
            customer=partner.name,
            debt=fitted[0].move_name or fitted[0].name,
        )

    @api.model
    def _get_fitted(self, company, partner, lines, date):
        """The debts that money of their customer may have paid already.

        Money of an unknown payer does not count: it would keep all who owe as much from negotiating.

        :param lines: account.move.line
        :return: account.move.line
        """
        guard = self.env["cobranca.paid.guard"]
        guard._flush_credits()
        fits = guard._get_fits_query(company, date, partner.commercial_partner_id)
        rows = self.env.execute_query(SQL("SELECT fit.line_id FROM (%s) fit WHERE fit.rank <> %s", fits, UNKNOWN_PAYER))
        found = {line for (line,) in rows}
        return lines.filtered(lambda line: line.id in found)

    # === THE PLAN === #

    @api.model
    def _get_parts(self, lines, date):
        """What debts consist of on a day, as plans know it.

        :param lines: account.move.line
        :return: list of tools.plan.Parts, in the order of the lines
        """
        debts = lines._cobranca_read_debts(date)
        return [
            Parts(*(debts[line].charges._asdict()[name].quantize(Decimal("0.01")) for name in Parts._fields))
            for line in lines
        ]

    @api.model
    def _check_plan(self, company, plan, lines, date):
        """:raise UserError: when a plan is not about these debts as they are on a day, or cannot be booked"""
        if list(plan.debts) != self._get_parts(lines, date):
            raise UserError(
                self.env._(
                    "What these debts cost has changed since the proposal was made, for example by a payment: make the "
                    "proposal anew."
                )
            )
        dues = [item.due for item in plan.installments]
        if not dues or min(dues) < date or len(set(dues)) != len(dues):
            raise UserError(
                self.env._("The installments fall due on different days, from the day of the agreement on.")
            )
        if sum(item.amount for item in plan.installments) != plan.total or not plan.total > 0:
            raise ValueError(f"plan: {plan.installments!r} of {plan.total!r}")
        self._check_open_period(company, date)

    @api.model
    def _check_open_period(self, company, date):
        """:raise UserError: in a period that is closed"""
        for xmlid in (AGREEMENT_JOURNAL, TRANSFER_JOURNAL):
            locks = company._get_violated_lock_dates(date, False, company._cobranca_get_journal(xmlid))
            if locks:
                raise UserError(
                    self.env._(
                        "The books of %(company)s are closed until %(closed)s: choose a later day for the agreement.",
                        company=company.name,
                        closed=format_date(self.env, max(lock[0] for lock in locks)),
                    )
                )
