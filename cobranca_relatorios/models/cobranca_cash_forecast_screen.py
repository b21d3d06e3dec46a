from odoo import api, fields, models


class CobrancaCashForecastScreen(models.AbstractModel):
    """The cash forecast for people: its weeks as bars, and the ways to what is behind them."""

    _name = "cobranca.cash.forecast.screen"
    _description = "Screen of the Cash Forecast"

    weeks_html = fields.Html(string="Weeks", compute="_compute_weeks_html")
    is_better = fields.Boolean(compute="_compute_is_better")

    # === COMPUTE METHODS === #

    @api.depends("computed_at")
    def _compute_weeks_html(self):
        for record in self:
            weeks = record._get_weeks(record.company_id) if record.company_id else []
            largest = max((week["high"] for week in weeks), default=0.0)
            bars = [
                {**week, **{f"{name}_width": 100 * week[name] / largest for name in ("low", "expected", "high")}}
                for week in weeks
                if largest
            ]
            record.weeks_html = self.env["ir.qweb"]._render(
                "cobranca_relatorios.cobranca_cash_forecast_weeks",
                {"weeks": bars, "currency": record.currency_id, "today": record.date},
            )

    @api.depends("error_week", "error_week_baseline")
    def _compute_is_better(self):
        for record in self:
            record.is_better = record.error_week < record.error_week_baseline

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """The forecast of the user's company; computed when there is none yet.

        :return: action
        """
        self.check_access("read")
        company = self.env.company
        record = self.search([("company_id", "=", company.id)]) or self._refresh(company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cash Forecast"),
            "res_model": self._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_refresh(self):
        """Compute the forecast anew.

        :return: action
        """
        self.ensure_one()
        self.check_access("read")
        for company in self.company_id:
            self._refresh(company)
        return self.action_open() if self.company_id == self.env.company else True

    def action_view_lines(self):
        """The weeks as a graph, and customer by customer.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_cash_forecast_line_action")
        return {**action, "domain": [("forecast_id", "=", self.id)]}

    def action_view_tests(self):
        """What earlier forecasts said, beside what came.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_cash_forecast_test_action")
        return {**action, "domain": [("forecast_id", "=", self.id)]}
