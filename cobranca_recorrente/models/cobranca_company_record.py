import pytz

from odoo import fields, models


class CobrancaCompanyRecord(models.AbstractModel):
    """How a company deals with what its debtors promise."""

    _name = "cobranca.company.record"
    _description = "Promises to Pay of a Company"
    _inherit = ["cobranca.company.person", "cobranca.company.bureau"]

    cobranca_promise_tolerance_days = fields.Integer(
        string="Tolerance of promises (business days)",
        default=1,
        groups="base.group_user",
        help="So many business days after the promised day the payment is still awaited, until the bank tells of it.",
    )
    cobranca_promise_tolerance_percent = fields.Float(
        string="Tolerance of promises (% missing)",
        digits=(16, 2),
        groups="base.group_user",
        help="A promise is kept when no more than this is missing; two cents never matter.",
    )
    cobranca_promise_max_days = fields.Integer(
        string="Promises at most (days ahead)",
        default=30,
        groups="base.group_user",
        help="Reminders stop until a promised day: later days are for negotiation. 0 = no bound.",
    )

    cobranca_desk_high_amount = fields.Float(
        string="High amount in the collection queue",
        digits=(16, 2),
        default=5000.0,
        groups="base.group_user",
        help="Who owes this much for 15 days or more comes before the routine calls; 0 = no amount is high.",
    )

    _check_cobranca_promises = models.Constraint(
        "CHECK (cobranca_promise_tolerance_days BETWEEN 0 AND 30 AND cobranca_promise_max_days >= 0 "
        "AND cobranca_promise_tolerance_percent BETWEEN 0 AND 50)",
        "Promises are awaited 0 to 30 business days; 0 to 50 % of them may be missing.",
    )

    def _cobranca_local(self, moment):
        """A moment as the clocks of the company show it.

        :param datetime moment: in UTC, as fields have it
        :return: datetime with the company's time zone
        """
        self.ensure_one()
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.cobranca_tz))

    def _cobranca_day_of(self, moment):
        """The day of a moment in the company's time zone.

        :param datetime moment: in UTC, as fields have it
        :return: date
        """
        return self._cobranca_local(moment).date()
