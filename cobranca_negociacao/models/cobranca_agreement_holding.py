from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

ACTIVITY = "cobranca_recorrente.mail_activity_charge_back"


class CobrancaAgreementHolding(models.AbstractModel):
    """Nobody collects debts while an agreement has them, and what is open of them in spite of it is seen."""

    _name = "cobranca.agreement.holding"
    _description = "Debts That an Agreement Keeps from Collection"

    # === BUSINESS METHODS === #

    def _get_chain(self):
        """This agreement and those that it renegotiated, the latest first.

        :return: cobranca.agreement
        """
        chain = self
        while parent := chain[-1:].parent_id:
            chain += parent
        return chain

    def _hold_debts(self, date):
        """Pause the collection of the debts that this agreement, or one that it renegotiates, took over."""
        for agreement in self._get_chain():
            held = agreement._get_holds().filtered(self._is_running).line_id
            # What is open of them is owed beside the agreement.
            lines = agreement.origin_ids.line_id.filtered("reconciled") - held
            if lines:
                self.env["cobranca.hold"]._start(
                    agreement.company_id,
                    agreement.partner_id,
                    "agreement",
                    date,
                    None,
                    lines=lines,
                    note=agreement.name,
                    source=agreement,
                )

    def _follow_placements(self):
        """What an agency has of these debts goes on with the installments, or comes back to it without them."""
        # sudo: who signs or breaks need not know of placements
        Placement = self.env["cobranca.placement"].sudo()
        placements = Placement._search_of_lines(self.origin_ids.line_id | self.installment_ids.line_id)
        placements._follow_agreements(self.company_id._cobranca_today())

    def _release_debts(self):
        """Nothing of the debts is owed any more: what may be open of them one day is collected like all else."""
        self.env["cobranca.hold"]._end_of(self._get_chain())

    def _get_holds(self):
        # sudo: pauses of an agreement, whoever receives or takes back money
        Hold = self.env["cobranca.hold"].sudo()
        return Hold.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])

    def _is_running(self, hold):
        return hold.state != "ended"

    def _collect_again(self, lines):
        """Money of before the agreement went back: so much of its debts is owed beside the installments.

        :param lines: account.move.line, debts of this agreement that are open
        """
        holds = self._get_holds().filtered(lambda hold: hold.line_id in lines and self._is_running(hold))
        if not holds:
            return
        holds._end()
        self._tell_beside(self, lines)

    def _tell_revived(self, lines):
        """Money of this agreement went back after a later one replaced it, which does not have what was paid.

        :param lines: account.move.line, installments of this agreement that are open again
        """
        latest = self
        while child := latest.child_ids.filtered(lambda agreement: agreement.state not in ("broken", "cancelled")):
            latest = child[:1]
        self._tell_beside(latest, lines)

    def _tell_beside(self, agreement, lines):
        """Ask a supervisor to look at what is owed beside an agreement.

        :param agreement: cobranca.agreement, which has nothing of it
        :param lines: account.move.line
        """
        company = self.company_id
        user = self.env["cobranca.dunning.engine"]._get_supervisor(company)
        words = self.with_context(lang=user.lang or self.env.lang)
        amount = self.currency_id.format(sum(lines.mapped("amount_residual")))
        self.partner_id.activity_schedule(
            ACTIVITY,
            date_deadline=company._cobranca_today(),
            user_id=user.id,
            summary=words.env._(
                "%(amount)s open beside the agreement %(agreement)s", amount=amount, agreement=agreement.name
            ),
            note=words.env._(
                "A payment of %(invoices)s from before the agreement was taken back: it is collected beside the "
                "installments. Speak with the customer, or make a new agreement.",
                invoices=", ".join(sorted(set(lines.mapped("move_name")))),
            ),
        )

    # === DAYS === #

    def _get_last_change_day(self):
        """:return: date on which the agreement came to be, or into force again"""
        return max(filter(None, (self.date, self.restored_on, self.ended_on, *self.child_ids.mapped("ended_on"))))

    def _get_last_entry_day(self):
        """:return: date of the last money of its installments, or of the last entry of it; today at the latest"""
        money = self.installment_ids.line_id.matched_credit_ids.mapped("max_date")
        last = max(self._get_last_change_day(), *money, *self._get_items().mapped("date"))
        # What was booked for a day to come keeps nobody waiting for it.
        return min(last, self.company_id._cobranca_today())

    def _check_day(self, date, first=None):
        """Entries of an agreement come after all that they take back.

        :param date first: the first day that is possible; empty: that of the last entry or money
        :raise UserError: for an earlier day, or one that is still to come
        """
        first, last = first or self._get_last_entry_day(), self.company_id._cobranca_today()
        if not date or not first <= date <= last:
            raise UserError(
                self.env._(
                    "Choose a day from %(first)s to %(today)s, which is today: before that %(agreement)s was not as it "
                    "is now.",
                    first=format_date(self.env, first),
                    agreement=self.name,
                    today=format_date(self.env, last),
                )
            )
