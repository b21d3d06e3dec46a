from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

# Before the running week; as many as a forecast has.
WEEKS = 13
RECEIVED = """
    SELECT DATE_TRUNC('week', paid.paid_on)::date, SUM(paid.amount)
      FROM (%(payments)s) paid
     WHERE paid.paid_on >= %(since)s
     GROUP BY 1
"""


class CobrancaPortfolioWeek(models.Model):
    """What customers paid week by week, and what they are expected to pay in the weeks to come."""

    _name = "cobranca.portfolio.week"
    _inherit = ["cobranca.portfolio.part", "cobranca.view.link"]
    _description = "Week of the Latest Position"
    _order = "week, company_id"
    _rec_name = "week"

    week = fields.Date(required=True, readonly=True, help="Its Monday.")
    is_past = fields.Boolean(string="Over", readonly=True)
    is_to_come = fields.Boolean(
        string="Of the forecast", readonly=True, help="The running week counts from the day of the forecast on."
    )
    amount_received = fields.Monetary(string="Received", readonly=True, help="In the running week, so far.")
    amount_expected = fields.Monetary(string="Expected", readonly=True)
    amount_low = fields.Monetary(string="Low", readonly=True)
    amount_high = fields.Monetary(string="High", readonly=True)

    _uniq_week = models.UniqueIndex("(company_id, week)", "A week has one row.")

    # === ACTIONS === #

    def action_open(self):
        """Open the payments of a week, or of one to come what is expected of whom."""
        self.ensure_one()
        self.check_access("read")
        domain = self._get_own_domain()
        if self.is_past:
            model, last = "cobranca.payment.report", self.week + timedelta(days=6)
            domain += [("paid_on", ">=", self.week), ("paid_on", "<=", last)]
        else:
            model = "cobranca.cash.forecast.line"
            domain += [("week", "=", self.week)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Week of %(day)s", day=format_date(self.env, self.week)),
            "res_model": model,
            "views": [(False, "list")],
            "domain": domain,
            "context": {},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_rows(self, snapshot):
        company = snapshot.company_id
        running = snapshot.date - timedelta(days=snapshot.date.weekday())
        first = running - timedelta(weeks=WEEKS)
        received = self._get_received(company, first)
        foreseen = {week["week"]: week for week in self.env["cobranca.cash.forecast"]._get_weeks(company)}
        weeks = [first + timedelta(weeks=number) for number in range(2 * WEEKS)]
        return [
            {
                "week": week,
                "is_past": week < running,
                "amount_received": received.get(week, 0.0),
                **self._get_foreseen(foreseen.get(week) if week >= running else None),
            }
            for week in weeks
        ]

    @api.model
    def _get_foreseen(self, week):
        if not week:
            return {}
        amounts = {f"amount_{name}": week[name] for name in ("expected", "low", "high")}
        return {"is_to_come": True, **amounts}

    @api.model
    def _get_received(self, company, since):
        """Money for titles of customers.

        :param date since: a Monday
        :return: {Monday: amount}
        """
        payments = self.env["cobranca.payment.ledger"]._get_payments_query(company, since)
        return dict(self.env.execute_query(SQL(RECEIVED, payments=payments, since=since)))
