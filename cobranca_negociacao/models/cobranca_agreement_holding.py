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
        """This agreement and those that it renegotiates, the latest first."""
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
        company = self.company_id
        user = self.env["cobranca.dunning.engine"]._get_supervisor(company)
        words = self.with_context(lang=user.lang or self.env.lang)
        amount = self.currency_id.format(sum(lines.mapped("amount_residual")))
        self.partner_id.activity_schedule(
            ACTIVITY,
            date_deadline=company._cobranca_today(),
            user_id=user.id,
            summary=words.env._(
                "%(amount)s open beside the agreement %(agreement)s", amount=amount, agreement=self.name
            ),
            note=words.env._(
                "A payment of %(invoices)s from before the agreement was taken back: it is collected beside the "
                "installments. Speak with the customer, or make a new agreement.",
                invoices=", ".join(sorted(set(lines.mapped("move_name")))),
            ),
        )

    # === DAYS === #

    def _check_day(self, date):
        """:raise UserError: for a day before the agreement was signed, or last changed, or one that is still to come"""
        first, last = max(filter(None, (self.date, self.restored_on, self.ended_on))), self.company_id._cobranca_today()
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
