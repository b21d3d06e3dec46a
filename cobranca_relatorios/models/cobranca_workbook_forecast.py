from collections import defaultdict

from odoo import api, models
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.tools import identification

from ..tools.cells import Column

FORECAST, LINE = "cobranca.cash.forecast", "cobranca.cash.forecast.line"
AMOUNTS = {"due": "amount_due", "expected": "amount_expected", "low": "amount_low", "high": "amount_high"}


class CobrancaWorkbookForecast(models.AbstractModel):
    """The cash forecast as it was computed last: by week, by customer and week, and how good earlier ones were."""

    _name = "cobranca.workbook.forecast"
    _description = "Workbook of the Cash Forecast"
    _inherit = "cobranca.workbook"

    _place = 50

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Cash forecast")

    @api.model
    def _get_day_words(self, choice):
        record = self._get_forecast(choice.company_id)
        if not record.date:
            return self.env._("No forecast was computed yet")
        day = format_date(self.env, record.date, date_format="dd/MM/yyyy")
        return self.env._("Forecast of %(day)s for 13 weeks", day=day)

    @api.model
    def _count(self, choice):
        return self.env[LINE].search_count([("company_id", "=", choice.company_id.id)])

    @api.model
    def _get_forecast(self, company):
        return self.env[FORECAST].search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _fill(self, book, choice):
        company = choice.company_id
        weeks = self.env[FORECAST]._get_weeks(company)
        self._write_weeks(book, weeks)
        self._write_customers(book, company, weeks)
        self._write_checks(book, company)

    @api.model
    def _write_weeks(self, book, weeks, name=None):
        """What is expected week by week.

        :param list weeks: of dict, as the forecast gives them
        :param str name: of the sheet
        """
        columns = [Column(self.env._("Week of"), "date", self.env._("Its Monday."), self._get_source(), width=14)]
        columns += self._get_amount_columns()
        rows = [(week["week"], *(week[name] for name in AMOUNTS)) for week in weeks]
        sheet = book.table(name or self.env._("Weeks"), columns, rows)
        sheet.chart("column", self.env._("Expected by week"), [2, 3, 4], below=True)

    @api.model
    def _get_amount_columns(self):
        texts = self.env[LINE].fields_get(list(AMOUNTS.values()), ["string", "help"])
        return [
            Column(texts[name]["string"], "money", texts[name].get("help") or "", self._get_source(), total=True)
            for name in AMOUNTS.values()
        ]

    @api.model
    def _write_customers(self, book, company, weeks):
        """What each customer is expected to pay, the largest amount first."""
        expected = defaultdict(dict)
        domain = [("company_id", "=", company.id)]
        for partner, week, amount in self.env[LINE]._read_group(
            domain, ["partner_id", "week:day"], ["amount_expected:sum"]
        ):
            expected[partner][week] = amount
        days = [week["week"] for week in weeks]
        ranked = sorted(expected.items(), key=lambda item: (-sum(item[1].values()), item[0].id))
        rows = (
            (
                partner.display_name,
                identification.masked(partner.vat or ""),
                sum(amounts.values()),
                *(amounts.get(day) for day in days),
            )
            for partner, amounts in ranked
        )
        columns = [
            Column(self.env._("Customer"), "text", width=38),
            Column(
                self.env._("CPF or CNPJ"),
                "text",
                self.env._("Masked: the whole number is in the record of the customer."),
                width=20,
            ),
            Column(
                self.env._("Expected"), "money", self.env._("In the 13 weeks together."), self._get_source(), total=True
            ),
            *(Column(f"{day:%d/%m/%Y}", "money", total=True, width=14) for day in days),
        ]
        book.table(self.env._("Customers"), columns, rows)

    @api.model
    def _write_checks(self, book, company):
        """What earlier forecasts said, and what came."""
        names = ("cutoff", "horizon", "week", "amount_forecast", "amount_actual", "amount_baseline", "error")
        kinds = ("date", "integer", "date", "money", "money", "money", "money")
        Check = self.env["cobranca.cash.forecast.test"]
        texts = Check.fields_get(list(names), ["string", "help"])
        columns = [
            Column(texts[name]["string"], kind, texts[name].get("help") or "", self._get_source(), kind == "money")
            for name, kind in zip(names, kinds, strict=True)
        ]
        found = Check.search([("company_id", "=", company.id)])
        book.table(self.env._("Checks"), columns, [tuple(check[name] for name in names) for check in found])

    @api.model
    def _get_source(self):
        return self.env._("Cash forecast: open titles, agreements and bills to come, by how each customer has paid")
