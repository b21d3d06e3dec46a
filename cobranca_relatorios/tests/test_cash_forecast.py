from datetime import date, timedelta
from random import Random
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tools import mute_logger

from ..tools.forecast import Part
from .common import ReportCommon

MODULE = "odoo.addons.cobranca_relatorios.models.cobranca_cash_forecast"
# A Tuesday; its week began on Monday 29 June.
TODAY = date(2026, 6, 30)


@freeze_time("2026-06-30 15:00:00")
class TestCashForecast(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.Forecast = cls.env["cobranca.cash.forecast"].with_user(cls.supervisor)
        cls.Source = cls.env["cobranca.cash.source"]

    def pay_monthly(self, partner, delay, months=12, amount=100):
        """Invoices due on the 10th of past months, each paid some days later; never when None."""
        for back in range(1, months + 1):
            year, month = divmod(2026 * 12 + 5 - back, 12)
            due = date(year, month + 1, 10)
            title = self.ledger.invoice(partner, due - timedelta(days=20), due, amount)
            if delay is not None:
                self.ledger.pay(title, due + timedelta(days=delay), amount)

    def compute(self, company=None):
        return self.Forecast._refresh(company or self.company)

    def lines(self, forecast):
        return {(line.week, line.partner_id, line.source): line for line in forecast.line_ids}

    # --- what is expected ---

    def test_each_payer_is_expected_when_he_pays(self):
        self.pay_monthly(self.customer, 0)
        self.pay_monthly(self.other_customer, 21)
        for partner in (self.customer, self.other_customer):
            self.ledger.invoice(partner, date(2026, 6, 20), date(2026, 7, 10), 1000)
        lines = self.lines(self.compute())
        same, later = date(2026, 7, 6), date(2026, 7, 27)
        self.assertGreater(lines[same, self.customer, "open"].amount_expected, 700)
        self.assertGreater(lines[later, self.other_customer, "open"].amount_expected, 500)
        self.assertLess(lines[same, self.other_customer, "open"].amount_expected, 200)
        self.assertEqual(lines[same, self.other_customer, "open"].amount_due, 1000)

    def test_who_never_pays_is_expected_to_pay_little(self):
        self.pay_monthly(self.customer, 3)
        self.pay_monthly(self.other_customer, None)
        forecast = self.compute()
        self.assertEqual((forecast.amount_open, forecast.amount_late), (1200, 1200))
        self.assertLess(forecast.amount_expected, 240)
        self.assertEqual(forecast.title_count, 24)

    def test_totals_are_those_of_the_lines_and_weeks(self):
        self.pay_monthly(self.customer, 5)
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 1000)
        forecast = self.compute()
        weeks = self.Forecast._get_weeks(self.company)
        self.assertEqual([week["week"] for week in weeks], [date(2026, 6, 29) + timedelta(weeks=n) for n in range(13)])
        for key in ("due", "expected", "low", "high"):
            name = f"amount_{key}"
            self.assertAlmostEqual(sum(week[key] for week in weeks), forecast[name], 2)
            self.assertAlmostEqual(sum(forecast.line_ids.mapped(name)), forecast[name], 2)
        self.assertTrue(all(week["low"] <= week["expected"] <= week["high"] for week in weeks))
        self.assertEqual(forecast.amount_due, 1000)

    def test_credits_are_taken_from_the_oldest_titles(self):
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 100)
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 8, 10), 100)
        self.ledger.payment(self.customer, date(2026, 6, 25), 130)
        forecast = self.compute()
        self.assertEqual((forecast.amount_open, forecast.amount_due), (70, 70))
        self.assertEqual({line.week for line in forecast.line_ids if line.amount_due}, {date(2026, 8, 10)})

    def test_due_dates_move_to_the_day_on_which_banks_open(self):
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 12), 100)
        [due] = self.compute().line_ids.filtered("amount_due")
        self.assertEqual(due.week, date(2026, 7, 13))

    def test_installments_are_a_source_of_their_own(self):
        old = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 300)
        self.ledger.agree([old], date(2026, 6, 20), [(date(2026, 7, 6), 150), (date(2026, 8, 5), 150)])
        forecast = self.compute()
        due = {(line.week, line.source): line.amount_due for line in forecast.line_ids if line.amount_due}
        self.assertEqual(due, {(date(2026, 7, 6), "agreement"): 150, (date(2026, 8, 3), "agreement"): 150})
        self.assertEqual(forecast.amount_late, 0)

    def test_what_is_before_a_court_is_not_expected(self):
        title = self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 100)
        other = self.ledger.invoice(self.other_customer, date(2026, 6, 20), date(2026, 7, 10), 100)
        lines = self.env["account.move.line"].browse([title.line_id, other.line_id])
        hold = {"company_id": self.company.id, "date_from": TODAY}
        Hold = self.env["cobranca.hold"]
        Hold.create({**hold, "partner_id": self.customer.id, "reason": "court", "line_id": lines[0].id})
        Hold.create({**hold, "partner_id": self.other_customer.id, "reason": "vacation"})
        found = self.compute().line_ids.grouped("partner_id")
        self.assertEqual(sum(found[self.customer].mapped("amount_expected")), 0)
        self.assertGreater(sum(found[self.other_customer].mapped("amount_expected")), 0)

    # --- bills to come ---

    def due_of_contracts(self, forecast):
        lines = forecast.line_ids.filtered(lambda line: line.source == "contract" and line.amount_due)
        return {line.week: line.amount_due for line in lines}

    def test_contracts_bill_on_their_due_day(self):
        self.make_contract(date_start="2026-07-01", due_day=20)
        found = self.due_of_contracts(self.compute())
        self.assertEqual(found, {date(2026, 7, 20): 350, date(2026, 8, 17): 350, date(2026, 9, 21): 350})

    def test_what_should_have_been_billed_falls_due_today(self):
        self.make_contract(date_start="2026-06-01", date_end="2026-06-30", renewal="none")
        self.assertEqual(self.due_of_contracts(self.compute()), {date(2026, 6, 29): 350})

    def test_contracts_of_weeks_are_spread_over_the_month(self):
        line = Command.create({"product_id": self.product.id, "price_unit": 50})
        self.make_contract(
            date_start="2026-07-01", date_end="2026-07-28", interval_unit="week", line_ids=[line], renewal="none"
        )
        found = self.due_of_contracts(self.compute())
        self.assertEqual(round(sum(found.values()), 2), 200)
        self.assertEqual(len(found), 5)

    def test_taxes_that_are_added_are_cash_too(self):
        tax = self.env["account.tax"].create(
            {"name": "Added 10 %", "amount": 10, "type_tax_use": "sale", "price_include_override": "tax_excluded"}
        )
        line = {"product_id": self.product.id, "price_unit": 200, "tax_ids": [Command.set(tax.ids)]}
        self.make_contract(
            date_start="2026-07-01", date_end="2026-07-31", renewal="none", line_ids=[Command.create(line)]
        )
        self.assertEqual(self.due_of_contracts(self.compute()), {date(2026, 7, 6): 220})

    # --- what is known ---

    def test_the_past_is_read_from_the_ledger(self):
        title = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 100)
        self.ledger.pay(title, date(2026, 5, 20), 30)
        credit = self.ledger.invoice(self.customer, date(2026, 5, 25), date(2026, 5, 25), -20)
        self.ledger.match(title, credit, 20)
        past = self.Source._get_pasts(self.company, TODAY)[title.line_id]
        # The 10th was a Sunday.
        self.assertEqual((past.payer, past.kind, past.due), (self.customer.id, "invoice", date(2026, 5, 11)))
        self.assertEqual((past.known_on, past.amount), (date(2026, 5, 1), 100))
        parts = (Part(date(2026, 5, 20), 30.0, True), Part(date(2026, 5, 25), 20.0, False))
        self.assertEqual(past.parts, parts)

    def test_an_agreement_takes_a_title_out_of_sight(self):
        old = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 300)
        _id, [item] = self.ledger.agree([old], date(2026, 6, 20), [(date(2026, 7, 6), 300)])
        pasts = self.Source._get_pasts(self.company, TODAY)
        self.assertEqual(pasts[old.line_id].parts, (Part(date(2026, 6, 20), 300.0, False),))
        self.assertEqual((pasts[item.line_id].kind, pasts[item.line_id].known_on), ("agreement", date(2026, 6, 20)))

    def test_random_ledgers_are_open_as_their_parts_say(self):
        """What a day leaves open of each title is its amount less the parts until then, in 200 titles."""
        random = Random(5)
        for _title in range(200):
            due = TODAY - timedelta(days=random.randrange(-20, 300))
            title = self.ledger.invoice(self.customer, due - timedelta(days=15), due, 100)
            for amount in random.choice(([], [100], [30, 70], [40])):
                day = min(due + timedelta(days=random.randrange(-10, 60)), TODAY)
                self.ledger.pay(title, max(day, title.date), amount)
        pasts = self.Source._get_pasts(self.company, TODAY)
        for day in (TODAY, date(2026, 5, 31), date(2026, 1, 31)):
            titles, credits = self.Source._get_titles(self.company, day)
            past = self.Source._get_past_titles(self.company, pasts, day)
            self.assertEqual({one.key: one for one in titles}, {one.key: one for one in past})
            expected = {
                key: past.amount - sum(part.amount for part in past.parts if part.day <= day)
                for key, past in pasts.items()
                if past.known_on <= day
            }
            self.assertEqual(
                {one.key: one.open for one in titles}, {key: left for key, left in expected.items() if left}
            )
            self.assertEqual(credits, {})

    # --- how good it was ---

    def test_past_month_ends_are_checked(self):
        self.pay_monthly(self.customer, 4, months=18)
        self.pay_monthly(self.other_customer, 25, months=18)
        self.pay_monthly(self.third_customer, None, months=18, amount=80)
        forecast = self.compute()
        self.assertEqual(
            set(forecast.test_ids.mapped("cutoff")),
            {
                date(2026, 5, 31),
                date(2026, 4, 30),
                date(2026, 3, 31),
                date(2026, 2, 28),
                date(2026, 1, 31),
                date(2025, 12, 31),
            },
        )
        last = forecast.test_ids.filtered(lambda test: test.cutoff == date(2026, 5, 31))
        self.assertEqual(sorted(last.mapped("horizon")), [1, 2, 3, 4])
        # Of what was open at the end of April came: 100 on 5 May of the late one, and what was due on 10 May.
        april = forecast.test_ids.filtered(lambda test: test.cutoff == date(2026, 4, 30))
        came = {test.week: test.amount_actual for test in april if test.amount_actual}
        self.assertEqual(came, {date(2026, 5, 4): 100, date(2026, 5, 11): 100, date(2026, 6, 1): 100})
        self.assertTrue(0 < forecast.error_month < forecast.error_month_baseline)
        self.assertTrue(forecast.is_better)
        for test in april:
            self.assertAlmostEqual(test.error, abs(test.amount_forecast - test.amount_actual), 2)

    # --- one for each company ---

    def test_refresh_replaces_what_was_there(self):
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 100)
        first = self.compute()
        before = first.line_ids
        self.assertEqual(first.with_user(self.supervisor).action_refresh()["res_id"], first.id)
        self.assertFalse(before.exists())
        self.assertEqual(self.env["cobranca.cash.forecast"].search_count([("company_id", "=", self.company.id)]), 1)

    def test_nightly_job_covers_all_companies(self):
        company, ledger = self.make_second_company()
        ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 70)
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 30)
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_relatorios.ir_cron_cobranca_cash_forecast_refresh").method_direct_trigger()
        self.env.invalidate_all()
        both = self.Forecast.with_context(allowed_company_ids=[self.company.id, company.id])
        found = {forecast.company_id: forecast.amount_due for forecast in both.search([])}
        self.assertEqual((found[self.company], found[company]), (30, 70))
        only = self.Forecast.with_context(allowed_company_ids=company.ids)
        for model in ("cobranca.cash.forecast", "cobranca.cash.forecast.line"):
            self.assertEqual(only.env[model].search([]).company_id, company)
        self.assertEqual(sum(week["due"] for week in only._get_weeks(company)), 70)

    def test_a_company_that_fails_keeps_no_other_from_its_forecast(self):
        Model = type(self.env["cobranca.cash.forecast"])
        company, failed = self.company, self.env["res.company"].create({"name": "Quebrada"})
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 30)
        compute, names = Model._compute_forecast, []

        def fail(forecast):
            names.append(forecast.company_id)
            if forecast.company_id != company:
                raise ZeroDivisionError
            return compute(forecast)

        with patch.object(Model, "_compute_forecast", fail), mute_logger(MODULE), self.enter_registry_test_mode():
            self.env.ref("cobranca_relatorios.ir_cron_cobranca_cash_forecast_refresh").method_direct_trigger()
        self.env.invalidate_all()
        self.assertLessEqual({company, failed}, set(names))
        self.assertEqual(self.Forecast.search([("company_id", "=", company.id)]).amount_due, 30)

    def test_nothing_was_computed_yet(self):
        self.assertEqual(self.Forecast._get_weeks(self.company), [])
        action = self.Forecast.action_open()
        forecast = self.Forecast.browse(action["res_id"])
        self.assertEqual((forecast.date, forecast.amount_expected), (TODAY, 0))
        self.assertIn("nothing is expected", forecast.weeks_html)

    def test_screen_shows_the_weeks(self):
        self.pay_monthly(self.customer, 5)
        self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 1000)
        html = self.compute().weeks_html
        self.assertEqual(html.count("<tr>"), 14)
        self.assertIn("06/07", html)

    # --- rights ---

    def test_supervisors_read_and_nobody_writes(self):
        forecast = self.compute()
        for user in (self.supervisor, self.manager):
            self.assertTrue(forecast.with_user(user).has_access("read"))
            for right in ("write", "create", "unlink"):
                self.assertFalse(forecast.with_user(user).has_access(right))
        own = forecast.with_user(self.collector)
        for model in ("cobranca.cash.forecast", "cobranca.cash.forecast.line", "cobranca.cash.forecast.test"):
            self.assertFalse(self.env[model].with_user(self.collector).has_access("read"))
        with self.assertRaisesRegex(Exception, "not allowed"):
            own.action_refresh()

    def test_ways_to_what_is_behind(self):
        title = self.ledger.invoice(self.customer, date(2026, 6, 20), date(2026, 7, 10), 100)
        contract = self.make_contract(date_start="2026-07-01")
        found = self.compute().line_ids.with_user(self.supervisor).grouped("source")
        action = found["open"][0].action_view_source()
        rows = self.env[action["res_model"]].with_user(self.supervisor).search(action["domain"])
        self.assertEqual(rows.line_id.id, title.line_id)
        action = found["contract"][0].action_view_source()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), contract)
