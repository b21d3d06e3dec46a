from odoo import fields, models
from odoo.tools.misc import format_datetime


class CobrancaBillingForecastLine(models.Model):
    """One contract in one month of a forecast."""

    _name = "cobranca.billing.forecast.line"
    _description = "Month of a Contract in a Billing Forecast"
    _order = "month, id"
    _rec_name = "contract_id"

    forecast_id = fields.Many2one(
        comodel_name="cobranca.billing.forecast", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    contract_id = fields.Many2one(comodel_name="cobranca.contract", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    month = fields.Date(string="Month of the due date", readonly=True)
    recurring = fields.Monetary(readonly=True)
    once = fields.Monetary(string="One-off", readonly=True)
    usage = fields.Monetary(string="Usage registered", readonly=True)
    billed = fields.Monetary(string="Billed already", readonly=True)
    amount = fields.Monetary(string="Total", readonly=True, help="Before taxes that are added to prices.")
    remark = fields.Char(readonly=True, help="Why the contract is listed without amounts.")
    computed_at = fields.Datetime(related="forecast_id.computed_at")

    # === ACTIONS === #

    def action_refresh(self):
        """Compute the forecast anew and show it.

        :return: action
        """
        forecast = self.env["cobranca.billing.forecast"]._make(self.env.company)
        name = self.env._(
            "Forecast of %(moment)s",
            moment=format_datetime(self.env, forecast.computed_at, dt_format="short"),
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cobranca_recorrente.cobranca_billing_forecast_line_action"
        )
        if left_out := forecast.line_ids.filtered("remark").contract_id:
            name = self.env._(
                "%(forecast)s, without %(count)s contracts that have no exchange rate",
                forecast=name,
                count=len(left_out),
            )
        return {**action, "display_name": name, "name": name, "target": "main"}

    def action_view_contract(self):
        """Open the contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cobranca.contract",
            "res_id": self.contract_id.id,
            "views": [(False, "form")],
        }
