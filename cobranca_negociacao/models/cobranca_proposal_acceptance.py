from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools.plan import Parts
from ..tools.renewal import renew


class CobrancaProposalAcceptance(models.AbstractModel):
    """A customer agrees: one proposal becomes an agreement, and nothing else over the same debts ever can."""

    _name = "cobranca.proposal.acceptance"
    _description = "Acceptance of a Proposal"

    # === BUSINESS METHODS === #

    def _accept(self, evidence):
        """Make the agreement that was offered, at the amounts that were offered.

        The debts are claimed first, as payments do: whoever comes second, with money or with another proposal, begins
        again and finds what happened.

        :param dict evidence: `channel` of the register of contacts ("portal", "call"…) and `text`, how the customer
            agreed; whoever calls has made sure that it was him
        :return: the agreement
        :raise UserError: for a proposal that has ended or is over, debts that changed, or without evidence
        """
        self.ensure_one()
        self._check_may_negotiate()
        self.check_access("read")
        if not (evidence.get("text") or "").strip():
            raise UserError(self.env._("Say how the customer agreed: it is the evidence of this agreement."))
        # sudo: agreements are made by methods only, after the checks above
        record = self.sudo()
        lines = record.line_ids.line_id
        lines._cobranca_claim()
        rivals = record._search_open_of(lines) - record
        (record | rivals)._hold()
        today = record.company_id._cobranca_today()
        record._check_stands(today)
        plan = record._get_plan_of(today)
        record._update_state("accepted", evidence["text"])
        if rivals:
            rivals._update_state("withdrawn", self.env._("%(name)s was accepted.", name=record.name))
            rivals._end_approvals(record.name)
        agreement = record.agreement_id = record._make_agreement(plan, lines, today)
        agreement.sudo()._interrupt_prescription()  # sudo: invoices are not written by who negotiates
        self._note_accepted(evidence)
        return agreement.with_env(self.env)

    def _make_agreement(self, plan, lines, date):
        """Book what was agreed.

        :param plan: tools.plan.Plan over the amounts of that day
        :param lines: account.move.line, in the order of its debts
        """
        self.ensure_one()
        agreements = self.env["cobranca.agreement"]
        return agreements._sign(self.company_id, self.partner_id, plan, lines, date, source=self)

    def _check_stands(self, today):
        """:raise UserError: unless it can be accepted on this day of the company"""
        self.ensure_one()
        if self.state != "sent":
            raise UserError(self._get_ended_text())
        if today > self.expires_on:
            raise UserError(
                self.env._(
                    "Proposal %(name)s stood until %(day)s: make a new one.",
                    name=self.name,
                    day=format_date(self.env, self.expires_on),
                )
            )

    def _get_plan_of(self, date):
        """What was offered, over what the debts amount to on a day.

        :return: tools.plan.Plan
        :raise UserError: where something was paid, credited or changed, or nothing may be agreed on a debt any more
        """
        self.ensure_one()
        items = self.line_ids
        lines = items.line_id
        changed = self.env._(
            "What is owed has changed since proposal %(name)s was made: make a new one.", name=self.name
        )
        if len(lines) != len(items) or any(line.reconciled or line.parent_state != "posted" for line in lines):
            raise UserError(changed)
        if reasons := self.env["cobranca.proposal.desk"]._get_reasons(self.company_id, lines):
            line, reason = next(iter(reasons.items()))
            raise UserError(self.env._("%(invoice)s: %(reason)s.", invoice=line.move_id.name, reason=reason))
        debts = lines._cobranca_read_debts(date)
        parts = [
            Parts(charges.principal, charges.correction, charges.fine, charges.interest)
            for charges in (debts[line].charges for line in lines)
        ]
        try:
            return renew(self._get_plan(), parts)
        except ValueError:
            raise UserError(changed) from None

    def _note_accepted(self, evidence):
        """Into the register of contacts."""
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            evidence.get("channel") or "call",
            "proposal_accepted",
            direction="in",
            reached="right",
            user_id=False if self.env.user._is_public() else self.env.uid,
            note=f"{self.name}: {evidence['text']}",
            lines=self.line_ids.line_id,
        )
