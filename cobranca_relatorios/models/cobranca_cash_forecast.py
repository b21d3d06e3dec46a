import logging

from odoo import api, fields, models
from odoo.fields import Date
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_price_index_fetch import LOST_RACES

from ..tools import forecast, forecast_check
from .cobranca_cash_source import HISTORY_MONTHS

_logger = logging.getLogger(__name__)
# Forecasts of so many month ends of the past show how good this one is.
CUTOFFS = 6


class CobrancaCashForecast(models.Model):
    """What customers will pay in the next 13 weeks, from how each of them has paid so far; one for each company.

    It knows the open titles, the installments of agreements and the bills to come of active contracts. It does not
    know customers to come, renewals to come and money that is not for titles. What is expected of a title is its open
    amount times the chance that it is paid in a week: see `tools/forecast.py`.
    """

    _name = "cobranca.cash.forecast"
    _description = "Cash Forecast"
    _inherit = ["cobranca.cash.source", "cobranca.cash.forecast.screen"]
    _order = "company_id, id"
    _rec_name = "company_id"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="As of", readonly=True)
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    line_ids = fields.One2many(comodel_name="cobranca.cash.forecast.line", inverse_name="forecast_id")
    test_ids = fields.One2many(comodel_name="cobranca.cash.forecast.test", inverse_name="forecast_id")
    amount_open = fields.Monetary(string="Open", readonly=True, help="Titles of customers, less credits not used yet.")
    amount_late = fields.Monetary(string="Late", readonly=True, help="Of it, what fell due before today.")
    amount_due = fields.Monetary(
        string="Falls due", readonly=True, help="What falls due in the 13 weeks, with the bills to come of contracts."
    )
    amount_expected = fields.Monetary(
        string="Expected",
        readonly=True,
        help="In the 13 weeks: the sum of open amount × chance that it is paid by then, by how each customer has paid "
        "so far. What is late for years counts little.",
    )
    amount_low = fields.Monetary(
        string="Low", readonly=True, help="Nine of ten weeks of past forecasts came to at least this share."
    )
    amount_high = fields.Monetary(
        string="High", readonly=True, help="Nine of ten weeks of past forecasts came to at most this share."
    )
    title_count = fields.Integer(
        string="Titles learned from", readonly=True, help="Of the last 30 months, paid or not."
    )
    tested_on = fields.Date(string="Checked on", readonly=True)
    error_week = fields.Float(
        string="Error of a week (%)",
        digits=(16, 1),
        readonly=True,
        help="Σ |forecast − what came| / Σ what came (WAPE), over single weeks of the last month ends, for the titles "
        "that were open then.",
    )
    error_week_baseline = fields.Float(
        string="Plain rule, week (%)", digits=(16, 1), readonly=True, help="The same of “due date + mean delay”."
    )
    error_month = fields.Float(
        string="Error of four weeks (%)", digits=(16, 1), readonly=True, help="The same of four weeks together."
    )
    error_month_baseline = fields.Float(string="Plain rule, four weeks (%)", digits=(16, 1), readonly=True)

    _uniq_company = models.UniqueIndex("(company_id)", "A company has one cash forecast.")

    # === NIGHTLY JOB === #

    @api.model
    def _cron_refresh(self):
        """Compute the forecasts of all companies, each in a transaction."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for number, company in enumerate(companies, start=1):
            try:
                self.with_company(company)._refresh(company)
            except LOST_RACES:  # somebody computed it at the same moment
                self.env.cr.rollback()
            except Exception:  # one company must not keep the others from theirs
                _logger.exception("The cash forecast of company %s could not be computed.", company.id)
                self.env.cr.rollback()
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number):
                return

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, company):
        """Compute the forecast of a company anew; one that is being computed by somebody else is left to him.

        :return: cobranca.cash.forecast
        """
        own = self.sudo()  # sudo: a forecast is written by this method alone; callers check who may ask for it
        own.env.flush_all()
        record = own.search([("company_id", "=", company.id)]) or own._begin(company)
        if record.try_lock_for_update():
            record._compute_forecast()
        return record.with_env(self.env)

    @api.model
    def _begin(self, company):
        """The row of a company; one statement, so that two who begin at once make one of it.

        :return: cobranca.cash.forecast
        """
        query = SQL(
            """
            INSERT INTO cobranca_cash_forecast (company_id, create_uid, create_date, write_uid, write_date)
            VALUES (%(company)s, %(user)s, %(now)s, %(user)s, %(now)s)
                ON CONFLICT (company_id) DO NOTHING
            """,
            company=company.id,
            user=self.env.uid,
            now=self.env.cr.now(),
        )
        self.env.cr.execute(query)
        return self.search([("company_id", "=", company.id)])

    def _compute_forecast(self):
        self.ensure_one()
        today = self.company_id._cobranca_today()
        pasts = self._get_pasts(self.company_id, today)
        if self.tested_on != today:
            self._check_past(pasts, today)
        habits = forecast.Habits(self._get_recent(pasts.values(), today), today)
        titles, credits = self._get_titles(self.company_id, today)
        titles = forecast.net(titles, credits)
        last = Date.add(forecast.mondays(today)[-1], days=6)
        months = (last.year - today.year) * 12 + last.month - today.month + 1
        bills = self._get_bills(self.company_id, today, months)
        said = forecast.forecast(habits, [*titles, *bills], today)
        self._write_lines(said)
        late = sum(title.open for title in titles if title.due < today)
        self._write_totals(
            date=today,
            computed_at=self.env.cr.now(),
            amount_open=sum(title.open for title in titles),
            amount_late=late,
            title_count=habits.title_count,
        )

    @api.model
    def _get_recent(self, pasts, today):
        """Those by which habits are learned: older ones are known only if they are still open."""
        since = Date.subtract(today, months=HISTORY_MONTHS)
        return [past for past in pasts if past.due >= since]

    def _write_lines(self, said):
        """Replace the rows: one statement for tens of thousands that nobody edits."""
        tests = [
            forecast_check.Week(
                test.cutoff, test.horizon, test.week, test.amount_forecast, test.amount_actual, test.amount_baseline
            )
            for test in self.test_ids
        ]
        ranges, now, uid = forecast_check.ranges(said, tests), self.env.cr.now(), self.env.uid
        rows = []
        for (payer, source, week), (due, expected) in said.cells.items():
            amounts = [forecast.money(amount) for amount in (due, expected, *(expected * by for by in ranges[week]))]
            if any(amounts):
                rows.append(
                    (self.id, self.company_id.id, said.weeks[week], payer, source, *amounts, uid, now, uid, now)
                )
        self.env.cr.execute("DELETE FROM cobranca_cash_forecast_line WHERE forecast_id = %s", [self.id])
        self.env.cr.execute_values(
            """
            INSERT INTO cobranca_cash_forecast_line
                (forecast_id, company_id, week, partner_id, source, amount_due, amount_expected, amount_low,
                 amount_high, create_uid, create_date, write_uid, write_date)
            VALUES %s
            """,
            rows,
        )
        self.env["cobranca.cash.forecast.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _write_totals(self, **values):
        names = ("amount_due", "amount_expected", "amount_low", "amount_high")
        [sums] = self.env["cobranca.cash.forecast.line"]._read_group(
            [("forecast_id", "=", self.id)], [], [f"{name}:sum" for name in names]
        )
        self.write({**values, **dict(zip(names, (amount or 0.0 for amount in sums), strict=True))})

    # --- how good it was ---

    def _check_past(self, pasts, today):
        """Forecast from the last month ends with what was known then, and write down what came."""
        paid = {key: [(part.day, part.amount) for part in past.parts if part.is_money] for key, past in pasts.items()}
        weeks = []
        for back in range(CUTOFFS):
            cutoff = Date.subtract(Date.start_of(Date.subtract(today, months=back), "month"), days=1)
            weeks += self._check_month_end(pasts, paid, cutoff, today)
        self.test_ids.unlink()
        self.env["cobranca.cash.forecast.test"].create(
            [{"forecast_id": self.id, "company_id": self.company_id.id, **self._prepare_test(week)} for week in weeks]
        )
        errors = forecast_check.errors(weeks)
        self.write(
            {
                "tested_on": today,
                "error_week": errors["week"] or 0.0,
                "error_week_baseline": errors["week_baseline"] or 0.0,
                "error_month": errors["month"] or 0.0,
                "error_month_baseline": errors["month_baseline"] or 0.0,
            }
        )

    def _check_month_end(self, pasts, paid, cutoff, today):
        titles = self._get_past_titles(self.company_id, pasts, cutoff)
        if not titles:
            return []
        first = Date.add(cutoff, days=1)
        recent = self._get_recent(pasts.values(), today)
        said = forecast.forecast(forecast.Habits(recent, cutoff), titles, first)
        means, mean = forecast_check.mean_delays(recent, cutoff)
        plain = forecast_check.baseline(titles, means, mean, first)
        return forecast_check.compare(cutoff, said, forecast_check.came(titles, paid, first), plain, today)

    @api.model
    def _prepare_test(self, week):
        said, actual, plain = map(forecast.money, (week.forecast, week.actual, week.baseline))
        return {
            "cutoff": week.cutoff,
            "horizon": week.horizon,
            "week": week.week,
            "amount_forecast": said,
            "amount_actual": actual,
            "amount_baseline": plain,
            "error": abs(said - actual),
            "error_baseline": abs(plain - actual),
        }

    # --- for other reports ---

    @api.model
    def _get_weeks(self, company):
        """The forecast of a company, week by week, as it was computed last; reads only.

        :return: list of 13 dicts: week (date, its Monday), expected, low, high, due (company's currency); empty when
            no forecast was computed yet. `due` is what falls due in the week, without what is late already
        """
        record = self.search([("company_id", "=", company.id)])
        if not record.date:
            return []
        names = {"expected": "amount_expected", "low": "amount_low", "high": "amount_high", "due": "amount_due"}
        found = {
            week: dict(zip(names, amounts, strict=True))
            for week, *amounts in self.env["cobranca.cash.forecast.line"]._read_group(
                [("forecast_id", "=", record.id)], ["week:day"], [f"{name}:sum" for name in names.values()]
            )
        }
        nothing = dict.fromkeys(names, 0.0)
        return [{"week": week, **found.get(week, nothing)} for week in forecast.mondays(record.date)]
