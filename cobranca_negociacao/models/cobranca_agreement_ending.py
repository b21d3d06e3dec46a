from odoo import models
from odoo.exceptions import UserError

from .cobranca_agreement_checks import GROUP
from .cobranca_agreement_guard import BY_AGREEMENT


class CobrancaAgreementEnding(models.AbstractModel):
    """How an agreement ends before it is paid: the original debts are open again, with what was paid on them."""

    _name = "cobranca.agreement.ending"
    _description = "Break of an Agreement"

    # === BUSINESS METHODS === #

    def _break(self, date, reason):
        """Let an agreement break. What was paid counts for the original debts, without the discounts.

        The same again changes nothing.

        :param date date: of the entry
        :param str reason: kept in its history and in that of the invoices
        :return: account.move, the entry of the break
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, when it is not in force any more, or when some of it is perhaps paid:
            then it takes a manager
        """
        self.ensure_one()
        self._check_group("supervisor", self.env._("Agreements are broken by a supervisor of Cobrança."))
        # The rule has looked at this itself, for all agreements at once.
        if not self.env.su and not self.env.user.has_group(GROUP + "manager"):
            self._check_nobody_pays()
        return self.sudo()._end("broken", date, reason)  # sudo: the right was checked; entries are for methods only

    def _check_nobody_pays(self):
        """:raise UserError: while money for its installments is perhaps there, or on its way"""
        agreement = self.sudo()  # sudo: what speaks against a break does not depend on who breaks
        lines = agreement.installment_ids._get_open().line_id
        if agreement.state != "active" or not lines:
            return
        self.env.flush_all()
        Claim = agreement.env["cobranca.payment.claim.line"]
        guard, company = agreement.env["cobranca.paid.guard"], agreement.company_id
        reasons = guard._explain_paying(company, lines)
        reasons |= guard._explain_credits(company, lines, company._cobranca_today())
        if Claim.search_count([("line_id", "in", lines.ids), ("is_open", "=", True)], limit=1):
            reasons[lines[0]] = self.env._("The customer says that he has paid")
        if reasons:
            raise UserError(
                self.env._(
                    "Perhaps some of %(agreement)s is paid (%(reason)s): settle that first, or let a manager of "
                    "Cobrança break it.",
                    agreement=self.name,
                    reason=next(iter(reasons.values())),
                )
            )

    def _cancel(self, date, reason):
        """Undo an agreement of which nothing was paid, for example one that was signed by mistake.

        :param date date: of the entry
        :param str reason: kept in its history and in that of the invoices
        :return: account.move, the opposite entry
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, or when something of it was paid
        """
        self.ensure_one()
        self._check_group("supervisor", self.env._("Agreements are cancelled by a supervisor of Cobrança."))
        agreement = self.sudo()  # sudo: the right was checked; entries are for methods only
        agreement._claim()
        if agreement.state == "active" and agreement._get_received().by_day:
            raise UserError(
                self.env._(
                    "Something was paid for %(agreement)s: break it instead, and what was paid counts for the debts.",
                    agreement=self.name,
                )
            )
        entry = agreement._end("cancelled", date, reason)
        agreement._take_interruption_back()
        return entry

    def _end(self, state, date, reason):
        """End an agreement in force; rights are checked by the caller.

        :param str state: `broken` or `cancelled`
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why the agreement ends."))
        self._claim()
        if self.state == state:
            return self.mirror_id.with_env(self.env)
        if self.state == "active":
            self._check_day(date)
            self._free_of_promises(self.company_id, self.installment_ids.line_id, date)
        turn = self.turn + 1
        values = {"turn": turn, "ended_on": date, "ended_by_id": self.env.uid, "end_reason": reason}
        self._set_state(("active",), state, **values, follow_error=False)
        money = self.with_company(self.company_id)._mirror(date)
        self.origin_ids.is_live = False
        self.parent_id._set_state(("renegotiated",), "active")
        self.env["cobranca.hold"]._end_of(self)
        self._impute(money, date)
        self._follow_placements()
        self._tell_ended(reason)
        return self.mirror_id

    def _impute(self, money, date):
        """Let what was paid pay the original debts, each amount as of the day on which it came.

        The charges of that day are those of the debt without the agreement; they are booked today.

        :param money: account.move.line, credits of the mirror
        :param date date: of the entries
        """
        Receipt = self.env["cobranca.receipt"].with_company(self.company_id)
        lines = self.origin_ids.sorted(lambda origin: (origin.due, origin.line_id.id)).line_id
        for credit in money.sorted(lambda item: (item.cobranca_paid_on, item.id)):
            if still_open := Receipt._get_running(lines):
                charges = Receipt._get_charges(still_open, credit.cobranca_paid_on)
                Receipt._receive(credit, still_open, date, order=self.imputation, charges=charges)
                # sudo: nobody writes charges but methods. What it paid of them was paid on that day.
                memos = self.env["cobranca.charge"].sudo().search([("credit_id", "=", credit.id)])
                memos.date = credit.cobranca_paid_on
                # What it paid on another receivable account came on that day too.
                bridged = Receipt._get_transfers(credit)._cobranca_get_credits()
                bridged.with_context(**BY_AGREEMENT).cobranca_paid_on = credit.cobranca_paid_on
