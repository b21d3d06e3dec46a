from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from ..tools.figures import change
from .common import ReportCommon

# Which column of a monthly position a figure is, and its unit.
COLUMNS = {
    "late_amount": ("amount_late", "money"),
    "rate_30": ("rate_30", "percent"),
    "dso": ("dso", "days"),
    "cei": ("cei", "percent"),
    "recovered": ("recovered", "money"),
    "average_delay": ("average_delay", "days"),
    "days_delinquent": ("days_delinquent", "days"),
}


@freeze_time("2026-06-19 15:00:00")
class TestKpiReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["cobranca.portfolio.snapshot"]
        cls.Report = cls.env["cobranca.kpi.report"].with_user(cls.supervisor)

    def write_book(self):
        """Invoices since May 2025, some paid late, some open."""
        for number, month in enumerate((5, 6, 7, 8, 9, 10, 11, 12)):
            title = self.ledger.invoice(self.customer, date(2025, month, 1), date(2025, month, 20), 1000 + 10 * number)
            self.ledger.pay(title, date(2026, 1 + number % 5, 12), 900)
        for month in (1, 2, 3, 4, 5, 6):
            title = self.ledger.invoice(self.other_customer, date(2026, month, 2), date(2026, month, 15), 2000)
            if month % 2:
                self.ledger.pay(title, date(2026, 6, 16), 1500)

    def figures(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {kpi.code: kpi for kpi in self.Report.search([("company_id", "=", self.company.id)])}

    def snapshot(self, month):
        return self.Snapshot.search([("company_id", "=", self.company.id), ("month", "=", month)])

    def test_figures_are_those_of_the_positions(self):
        self.write_book()
        self.Snapshot._take_months(self.company)
        months = [self.snapshot(date(*day, 1)) for day in ((2026, 6), (2026, 5), (2025, 6))]
        self.assertTrue(all(months))
        figures = self.figures()
        for code, (column, unit) in COLUMNS.items():
            now, month, year = (position._get_figure(column) for position in months)
            kpi = figures[code]
            self.assertAlmostEqual(kpi.value, now, 2, code)
            self.assertAlmostEqual(kpi.value_month, month or 0, 2, code)
            for known, trend, before in (
                (kpi.has_month, kpi.trend_month, month),
                (kpi.has_year, kpi.trend_year, year),
            ):
                expected = change(unit, now, before)
                self.assertEqual(known, expected is not None, code)
                self.assertEqual(Decimal(str(trend)), expected or 0, code)

    def test_good_is_not_the_same_as_more(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 100)
        self.Snapshot._take_months(self.company)
        self.assertEqual(self.figures()["late_amount"].month_state, "same")
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 100)
        self.Snapshot._take(self.company, date(2026, 6, 19))
        figures = self.figures()
        self.assertEqual((figures["late_amount"].trend_month, figures["late_amount"].month_state), (100, "worse"))
        self.assertEqual((figures["rate_30"].trend_month, figures["rate_30"].month_state), (-50, "better"))
        self.assertEqual((figures["rate_30"].is_better_month, figures["late_amount"].is_better_month), (True, False))
        self.assertIn("better", figures["rate_30"].month_text)
        self.assertIn("worse", figures["late_amount"].month_text)

    def test_a_month_that_runs_is_not_judged_yet(self):
        for month, paid in ((4, 400), (5, 300)):
            title = self.ledger.invoice(self.customer, date(2026, month, 1), date(2026, month, 5), 1000)
            self.ledger.pay(title, date(2026, month + 1, 10), paid)
        self.Snapshot._take_months(self.company)
        self.manager_of("recovered").goal = 500
        recovered = self.figures()["recovered"]
        self.assertEqual((recovered.value, recovered.value_month, recovered.is_running), (300, 400, True))
        self.assertEqual((recovered.month_state, recovered.goal_state, recovered.is_on_goal), ("open", "open", False))
        self.assertTrue(recovered.value_text.endswith("*"))
        with freeze_time("2026-07-01 15:00:00"):
            self.Snapshot._take(self.company, date(2026, 6, 30))
            recovered = self.figures()["recovered"]
        self.assertEqual((recovered.month_state, recovered.goal_state), ("worse", "off"))

    def test_goals_are_met_by_the_figure_that_is_shown(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 133)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 30), 867)
        self.Snapshot._take_months(self.company)
        kpi = self.manager_of("rate_30")
        for goal, state in ((13.3, "on"), (13.2, "off"), (20, "on"), (0, False)):
            kpi.goal = goal
            self.assertEqual(self.figures()["rate_30"].goal_state, state, goal)

    def manager_of(self, code):
        kpi = self.env["cobranca.kpi"].search([("company_id", "=", self.company.id), ("code", "=", code)])
        return kpi.with_user(self.manager)

    def test_nothing_is_said_of_what_is_not_known(self):
        figures = self.figures()
        self.assertEqual(len(figures), 9)
        for kpi in figures.values():
            self.assertFalse(kpi.has_value or kpi.goal_state or kpi.month_state)
            self.assertEqual((kpi.value_text, kpi.month_text, kpi.year_text), ("·", "·", "·"))
            with self.assertRaises(UserError):
                kpi.action_open()

    def test_each_figure_opens_what_it_is_counted_from(self):
        self.write_book()
        self.Snapshot._take_months(self.company)
        for code, kpi in self.figures().items():
            action = kpi.action_open()
            Model = self.env[action["res_model"]].with_user(self.supervisor).with_context(**action.get("context") or {})
            found = Model.search(action["domain"])
            if code in ("late_amount", "rate_30"):
                late = self.snapshot(date(2026, 6, 1))["amount_late" if code == "late_amount" else "amount_late_30"]
                self.assertAlmostEqual(sum(found.mapped("amount_open")), late, 2)

    def test_kept_promises_of_the_month(self):
        self.Snapshot._take(self.company, date(2026, 6, 19))
        rows = (("kept", "2026-06-02"), ("kept", "2026-06-18"), ("broken", "2026-06-10"), ("broken", "2026-05-31"))
        for state, limit in rows:
            self.env["cobranca.promise"].sudo().create(
                {
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.customer.id,
                    "date_made": "2026-05-01",
                    "date": limit,
                    "date_limit": limit,
                    "amount": 10,
                    "state": state,
                    "user_id": self.env.uid,
                }
            )
        kpi = self.figures()["promise_rate"]
        self.assertAlmostEqual(kpi.value, 66.67, 1)
        self.assertEqual(len(self.env["cobranca.promise"].search(kpi.action_open()["domain"])), 3)

    def test_managers_decide_goals_and_owners_and_nothing_else(self):
        kpi = self.manager_of("dso")
        kpi.write({"goal": 42, "user_id": self.supervisor.id})
        self.assertEqual((self.figures()["dso"].goal, self.figures()["dso"].user_id), (42, self.supervisor))
        with self.assertRaises(UserError):
            kpi.direction = "up"
        with self.assertRaises(AccessError):
            kpi.with_user(self.supervisor).goal = 1
        for name in ("cobranca.kpi", "cobranca.kpi.report"):
            self.assertFalse(self.env[name].with_user(self.collector).has_access("read"))
            self.assertTrue(self.env[name].with_user(self.supervisor).has_access("read"))

    def test_every_company_has_its_own(self):
        company, ledger = self.make_second_company()
        ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 70)
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 30)
        for each in (self.company, company):
            self.Snapshot._take_months(each)
        late = [("code", "=", "late_amount")]
        both = self.Report.with_context(allowed_company_ids=[company.id, self.company.id]).search(late)
        self.assertEqual(
            {kpi.company_id: (kpi.value, kpi.is_current) for kpi in both},
            {
                self.company: (30, False),
                company: (70, True),
            },
        )
        one = self.Report.with_context(allowed_company_ids=self.company.ids).search(late)
        self.assertEqual(one.company_id, self.company)

    def test_figures_are_written_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 133)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 30), 867)
        self.Snapshot._take_months(self.company)
        kpi = self.figures()["rate_30"]
        self.assertEqual(kpi.value_text, "13.3\N{NO-BREAK SPACE}%")
        self.assertEqual(kpi.with_context(lang="pt_BR").value_text, "13,3\N{NO-BREAK SPACE}%")

    def test_from_next_to_nothing_no_multiple_is_told(self):
        words = self.env["cobranca.kpi.report"].with_context(lang="en_US")
        self.assertEqual(words._get_change_text("money", 6845.8), ">\N{NO-BREAK SPACE}999\N{NO-BREAK SPACE}%")
        self.assertEqual(words._get_change_text("money", -12.5), "12.5\N{NO-BREAK SPACE}%")
