from odoo import fields, models

SOURCES = [("open", "Open titles"), ("agreement", "Agreements"), ("contract", "Bills to come")]


class CobrancaCashForecastLine(models.Model):
    """What one customer is expected to pay in one week."""

    _name = "cobranca.cash.forecast.line"
    _description = "Week of a Customer in the Cash Forecast"
    _order = "week, amount_expected desc, id"
    _rec_name = "partner_id"

    forecast_id = fields.Many2one(
        comodel_name="cobranca.cash.forecast", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    week = fields.Date(readonly=True, help="Its Monday. The running week counts from the day of the forecast on.")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True, index=True, ondelete="cascade"
    )
    source = fields.Selection(
        selection=SOURCES,
        readonly=True,
        help="Open titles; installments of agreements; bills to come of active contracts, with taxes.",
    )
    amount_due = fields.Monetary(
        string="Falls due",
        readonly=True,
        help="In this week, moved to the next day on which banks open; what is late already is not among it.",
    )
    amount_expected = fields.Monetary(
        string="Expected", readonly=True, help="Open amount × chance that it is paid in this week."
    )
    amount_low = fields.Monetary(
        string="Low",
        readonly=True,
        help="The expected amount × the share that nine of ten past weeks reached at least; with less than 20 of them, "
        "1.28 standard deviations below.",
    )
    amount_high = fields.Monetary(
        string="High",
        readonly=True,
        help="The expected amount × the share that nine of ten past weeks reached at most; with less than 20 of them, "
        "1.28 standard deviations above.",
    )

    # === ACTIONS === #

    def action_view_source(self):
        """What the customer owes, or his contracts.

        :return: action
        """
        self.ensure_one()
        domain = [("company_id", "=", self.company_id.id)]
        if self.source == "contract":
            action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
            domain += [("commercial_partner_id", "=", self.partner_id.id), ("state", "=", "active")]
            return {**action, "domain": domain, "context": {}}
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_aging_report_action")
        domain += [("partner_id", "=", self.partner_id.id)]
        domain += [("agreement_id", "!=" if self.source == "agreement" else "=", False)]
        return {**action, "domain": domain, "context": {}, "views": [(False, "list"), (False, "pivot")]}
