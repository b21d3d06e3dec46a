from datetime import date, timedelta

from freezegun import freeze_time

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from .insight_common import InsightCommon
from .work_writer import WorkWriter


@freeze_time("2026-06-19 15:00:00")
class TestInsightMoney(InsightCommon):
    """What a step brings, what is to come, and whether the forecast was right."""

    # --- a step against its control group ---

    def write_groups(self, reminded_paid, control_paid, count=30):
        """Titles at a step, as many reminded as left alone; so many of each are paid two days later."""
        [level] = WorkWriter(self.ledger).make_levels([5])
        work = WorkWriter(self.ledger)
        for partner, paid, is_control in zip(
            self.customers, (reminded_paid, control_paid), (False, True), strict=False
        ):
            for number in range(count):
                due = date(2026, 4, 1) + timedelta(days=number)
                title = self.ledger.invoice(partner, due - timedelta(days=20), due, 100)
                work.step(title, level, due + timedelta(days=5), is_control=is_control)
                if number < paid:
                    self.ledger.pay(title, due + timedelta(days=7), 100)
        return level

    def test_a_step_that_brings_more_than_its_control_group(self):
        level = self.write_groups(24, 9)
        one = self.insights()["step_effect"]
        # 24 of 30 against 9 of 30: 50 points; Newcombe 1998, method 10.
        self.assertEqual([one.figures[name] for name in ("percent_reminded", "percent_control")], [80, 30])
        effect = compare((30, 24), (30, 9))
        self.assertAlmostEqual(one.figures["points"], 50)
        self.assertAlmostEqual(one.figures["points_low"], effect.low * 100)
        self.assertEqual((round(one.figures["points_low"], 1), round(one.figures["points_high"], 1)), (25.1, 67.0))
        self.assertEqual(
            one.text.replace("\N{NO-BREAK SPACE}", " "),
            f"After {level.display_name} 80 % pay within a week, of its control group 30 %: 50.0 p.p. more, between "
            "25.1 p.p. and 67.0 p.p. (60 titles).",
        )
        records = self.records(one)
        self.assertEqual((len(records), len(records.filtered("is_control"))), (60, 30))
        self.assertEqual(sum(records.mapped("compared_paid_count")), 33)

    def test_few_titles_of_a_step_say_nothing(self):
        self.write_groups(24, 0, count=29)
        self.assertNotIn("step_effect", self.insights())

    def test_a_step_that_may_be_chance_says_nothing(self):
        self.write_groups(14, 9)
        self.assertNotIn("step_effect", self.insights())

    # --- money to come ---

    def write_forecast(self, *expected, title_count=10):
        """A forecast of today with amounts of the weeks from the running one on."""
        forecast = self.env["cobranca.cash.forecast"].create({"company_id": self.company.id})
        forecast.write({"date": "2026-06-19", "title_count": title_count})
        for number, amount in enumerate(expected):
            self.env["cobranca.cash.forecast.line"].sudo().create(
                {
                    "forecast_id": forecast.id,
                    "company_id": self.company.id,
                    "week": date(2026, 6, 15) + timedelta(weeks=number),
                    "partner_id": self.customer.id,
                    "source": "open",
                    "amount_expected": amount,
                }
            )
        return forecast

    def write_received(self):
        """A hundred in each of the four weeks before Monday 15 June, and more before and after."""
        for day in (date(2026, 5, 17), date(2026, 5, 18), date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 14)):
            title = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 100)
            self.ledger.pay(title, day, 100)
        title = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 70)
        self.ledger.pay(title, date(2026, 6, 15), 70)

    def test_money_to_come_against_money_that_came(self):
        self.write_received()
        self.write_forecast(900, 100, 150, 50, 200, 800)
        one = self.insights()["cash_more"]
        # The running week counts on neither side: 500 from 22 June on, 400 from 18 May to 14 June.
        self.assertEqual((one.figures["amount_expected"], one.figures["amount_received"]), (500, 400))
        self.assertEqual((one.figures["percent_change"], one.tone), (25, "good"))
        self.assertEqual(
            one.text.replace("\N{NO-BREAK SPACE}", " "),
            "R$ 500.00 expected from 06/22/2026 to 07/19/2026: 25 % more than in the last four full weeks (R$ 400.00).",
        )
        self.assertEqual(sum(self.records(one).mapped("amount_expected")), 500)

    def test_less_money_to_come(self):
        self.write_received()
        self.write_forecast(0, 100, 100, 50, 50)
        one = self.insights()["cash_less"]
        self.assertEqual((one.figures["percent_change"], one.tone), (25, "bad"))

    def test_forecasts_of_little_say_nothing(self):
        self.write_received()
        forecast = self.write_forecast(0, 100, 100, 50, 50, title_count=9)
        self.write_tests(forecast, date(2026, 4, 30), [(100, 10)] * 4)
        self.assertFalse({"cash_less", "cash_missed_less"} & set(self.insights()))

    def test_an_old_forecast_says_nothing_of_what_is_to_come(self):
        self.write_received()
        self.write_forecast(0, 100, 100, 50, 50).date = date(2026, 3, 1)
        self.assertNotIn("cash_less", self.insights())

    def write_tests(self, forecast, cutoff, weeks):
        for horizon, (foreseen, came) in enumerate(weeks, start=1):
            self.env["cobranca.cash.forecast.test"].sudo().create(
                {
                    "forecast_id": forecast.id,
                    "company_id": self.company.id,
                    "cutoff": cutoff,
                    "horizon": horizon,
                    "week": cutoff + timedelta(weeks=horizon),
                    "amount_forecast": foreseen,
                    "amount_actual": came,
                }
            )

    def test_the_latest_forecast_that_is_over_missed(self):
        forecast = self.write_forecast()
        self.write_tests(forecast, date(2026, 3, 31), [(100, 100)] * 13)
        self.write_tests(forecast, date(2026, 4, 30), [(100, 90), (100, 60), (100, 80), (100, 70), (500, 500)])
        self.write_tests(forecast, date(2026, 5, 31), [(100, 0), (100, 0)])
        one = self.insights()["cash_missed_less"]
        self.assertEqual((one.figures["amount_foreseen"], one.figures["amount_came"]), (400, 300))
        self.assertEqual((one.figures["percent_missed"], one.tone), (25, "bad"))
        self.assertEqual(
            one.text.replace("\N{NO-BREAK SPACE}", " "),
            "The forecast of 04/30/2026 missed: of R$ 400.00 in four weeks R$ 300.00 came, 25 % less.",
        )
        records = self.records(one)
        self.assertEqual((len(records), sum(records.mapped("amount_actual"))), (4, 300))

    def test_a_forecast_that_came_about_true_says_nothing(self):
        forecast = self.write_forecast()
        self.write_tests(forecast, date(2026, 4, 30), [(100, 80)] * 4)
        self.assertFalse({"cash_missed_less", "cash_missed_more"} & set(self.insights()))
        forecast.test_ids.amount_actual = 121
        self.assertIn("cash_missed_more", self.insights())
