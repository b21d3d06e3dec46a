from odoo import fields, models


class CobrancaCashForecastTest(models.Model):
    """One week of a forecast from an earlier month end, made with what was known then, and what came."""

    _name = "cobranca.cash.forecast.test"
    _inherit = ["cobranca.current.company"]
    _description = "Check of the Cash Forecast"
    _order = "cutoff desc, horizon, id"
    _rec_name = "week"

    forecast_id = fields.Many2one(
        comodel_name="cobranca.cash.forecast", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cutoff = fields.Date(string="Forecast of", readonly=True, help="The last day that the forecast knew of.")
    horizon = fields.Integer(
        string="Week of the forecast", readonly=True, aggregator=None, help="1 is the week that follows the day."
    )
    week = fields.Date(readonly=True, help="Its Monday.")
    amount_forecast = fields.Monetary(string="Expected", readonly=True)
    amount_actual = fields.Monetary(
        string="Came", readonly=True, help="Money for the titles that were open on the day of the forecast."
    )
    amount_baseline = fields.Monetary(
        string="Plain rule",
        readonly=True,
        help="Each title paid in full at its due date + the mean delay of the customer (else of all), at once when "
        "that is past.",
    )
    error = fields.Monetary(readonly=True, help="Difference between the forecast and what came.")
    error_baseline = fields.Monetary(string="Error of the plain rule", readonly=True)
