from odoo import api, models
from odoo.tools.misc import format_date

ACTIVITY = "cobranca_recorrente.mail_activity_charge_back"


class CobrancaChargeBack(models.AbstractModel):
    """Money that was taken back: somebody looks before anybody is reminded, and the time between costs nothing."""

    _name = "cobranca.charge.back"
    _description = "After a Chargeback"

    @api.model
    def _follow(self, company, lines, since, until, reason, source=None):
        """Debts are open again because their money went back.

        :param company: res.company
        :param lines: account.move.line, debts that are open again
        :param date since: on which they were paid
        :param date until: on which the money went back
        :param str reason: why, in words
        :param source: the payment that was taken back
        """
        rules = company.sudo()  # sudo: settings of the company, whoever registers it
        if rules.cobranca_charge_back_forgives:
            why = self.env._("Counted as paid until it was taken back")
            self.env["cobranca.charge"]._forgive_gap(lines, since, until, why)
        for partner, of_one in lines.grouped(lambda line: line.partner_id.commercial_partner_id).items():
            self._hold(company, partner, of_one, rules.cobranca_charge_back_days, reason, source)
            self._ask_somebody(company, partner, of_one, until, reason)

    @api.model
    def _hold(self, company, partner, lines, days, reason, source):
        """Nobody is reminded of these debts for so many business days."""
        if not days:
            return
        today = company._cobranca_today()
        end = self.env["cobranca.promise"]._add_business_days(company, today, days)
        self.env["cobranca.hold"]._start(
            company, partner, "charge_back", today, end, lines=lines, note=reason, source=source
        )

    @api.model
    def _ask_somebody(self, company, partner, lines, date, reason):
        amount = sum(lines.mapped("amount_residual"))
        self.env["cobranca.dunning.engine"]._schedule(
            company,
            partner,
            self.env._("Payment taken back: %(amount)s", amount=company.currency_id.format(amount)),
            self.env._(
                "On %(day)s the payment of %(invoices)s was taken back: %(reason)s. Speak with the customer before "
                "the reminders go on.",
                day=format_date(self.env, date),
                invoices=", ".join(sorted(set(lines.mapped("move_name")))),
                reason=reason,
            ),
            ACTIVITY,
        )
