import json
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from .payer_common import PayerCommon
from .work_writer import WorkWriter

# A Tuesday; its week began on Monday 29 June.
TODAY = date(2026, 6, 30)
PARTS = ("cohort", "step", "cause", "week")


@freeze_time("2026-06-30 15:00:00")
class TestPortfolioParts(PayerCommon):
    """What dashboards read at once is what the reports compute from the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = WorkWriter(cls.ledger).make_levels([5, 15])

    def setUp(self):
        super().setUp()
        self.work = WorkWriter(self.ledger)

    def take(self, company=None):
        self.env["cobranca.portfolio.snapshot"]._take(company or self.company, TODAY)
        self.env.flush_all()
        self.env.invalidate_all()

    def part(self, name, *companies):
        return self.report(f"cobranca.portfolio.{name}", *companies)

    def write_titles(self):
        """April and May: 1000 each, April's half paid after ten days, the rest after forty."""
        for month in (4, 5):
            for number in (1, 2):
                due = date(2026, month, 10)
                title = self.ledger.invoice(self.customer, due - timedelta(days=20), due, 500)
                if month == 4:
                    self.ledger.pay(title, due + timedelta(days=10 if number == 1 else 40), 500)

    def records(self, row):
        """What a row leads to, as its link says."""
        action = json.loads(row.link.removeprefix("odoo://view/"))["action"]
        return self.report(action["modelName"]).with_context(**action["context"]).search(action["domain"])

    # --- due months ---

    def test_due_months_are_those_of_the_page(self):
        self.write_titles()
        self.take()
        page = self.env["cobranca.cohort.page"].with_user(self.supervisor)._get_heat_map(self.company)
        shown = {
            (row["month"], cell["days"]): (cell["rate"], row["amount_due"])
            for row in page
            for cell in row["cells"]
            if cell["rate"] is not None
        }
        rows = {(row.month, row.days): (row.rate, row.amount_due) for row in self.part("cohort").search([])}
        self.assertEqual(rows, shown)
        april, may = date(2026, 4, 1), date(2026, 5, 1)
        self.assertEqual([rows[april, days][0] for days in (0, 15, 30, 60)], [100, 50, 50, 0])
        self.assertEqual([rows.get((may, days)) for days in (0, 30, 60)], [(100, 1000), (100, 1000), None])

    def test_a_cell_of_the_map_leads_to_the_debts_that_were_open(self):
        self.write_titles()
        self.take()
        row = self.part("cohort").search([("month", "=", "2026-04-01"), ("days", "=", 15)])
        lines = self.env["account.move.line"].search(row.action_open()["domain"])
        self.assertEqual((sum(lines.mapped("balance")), row.amount_open, row.title_count), (500, 500, 2))

    # --- steps ---

    def write_steps(self):
        """Twelve titles at the first step: three delivered, two read, six paid soon; two at the second one."""
        states = ["sent"] * 7 + ["delivered"] * 3 + ["read"] * 2
        for number, state in enumerate(states):
            due = date(2026, 4, 1) + timedelta(days=number)
            title = self.ledger.invoice(self.customer, due - timedelta(days=10), due, 100)
            self.work.step(title, self.first, due + timedelta(days=5), state)
            if number < 6:
                self.ledger.pay(title, due + timedelta(days=8), 100)
            elif number < 8:
                self.work.step(title, self.second, due + timedelta(days=15))

    def test_steps_count_what_was_sent_delivered_read_and_paid(self):
        self.write_steps()
        self.take()
        first, second = self.part("step").search([])
        names = ("sent_count", "delivered_count", "read_count", "paid_before_count", "waiting_count")
        self.assertEqual([first[name] for name in names], [12, 5, 2, 6, 4])
        self.assertEqual((first.level_id, first.amount_recovered, first.amount_judged), (self.first, 600, 1200))
        self.assertEqual((second.level_id, second.sent_count, second.paid_before_count), (self.second, 2, 0))
        self.assertEqual(first.name, self.first.display_name)

    def test_a_step_leads_to_its_titles(self):
        self.write_steps()
        self.take()
        first = self.part("step").search([], limit=1)
        titles = self.records(first)
        self.assertEqual((len(titles), set(titles.level_id)), (12, {self.first}))
        self.assertEqual(sum(titles.mapped("amount_open")), first.amount_open)

    def test_steps_of_long_ago_are_left_out(self):
        title = self.ledger.invoice(self.customer, date(2026, 1, 1), date(2026, 1, 31), 100)
        self.work.step(title, self.first, TODAY - timedelta(days=91))
        self.take()
        self.assertFalse(self.part("step").search([]))
        self.work.step(title, self.second, TODAY - timedelta(days=90))
        self.take()
        self.assertEqual(self.part("step").search([]).level_id, self.second)

    def test_control_groups_stand_beside_the_reminded(self):
        for number in range(60):
            partner = (self.customer, self.other_customer)[number % 2]
            due = date(2026, 4, 1) + timedelta(days=number // 2)
            title = self.ledger.invoice(partner, due - timedelta(days=10), due, 100)
            self.work.step(title, self.first, due + timedelta(days=5), is_control=number % 2 == 1)
            if number % 4 == 0 or number % 12 == 1:
                self.ledger.pay(title, due + timedelta(days=7), 100)
        self.take()
        row = self.part("step").search([])
        groups = (row.reminded_count, row.reminded_paid_count), (row.control_count, row.control_paid_count)
        self.assertEqual(groups, ((30, 15), (30, 5)))
        effect = compare(*groups)
        self.assertTrue(row.is_enough)
        self.assertAlmostEqual(row.difference, effect.difference * 100, 1)
        self.assertAlmostEqual(row.low, effect.low * 100, 1)

    # --- causes ---

    def test_causes_are_weighed_as_the_report_weighs_them(self):
        reason = self.env["cobranca.delinquency.reason"].create({"name": "Esqueceu da data"})
        for partner, amount in ((self.customer, 600), (self.other_customer, 400)):
            self.ledger.invoice(partner, date(2026, 4, 1), date(2026, 4, 30), amount)
        self.talk(date(2026, 6, 10), self.customer, reason_id=reason.id)
        self.talk(date(2026, 6, 11), self.other_customer)
        self.take()
        first, second = self.part("cause").search([])
        self.assertEqual((first.name, first.amount_overdue, first.share), ("Esqueceu da data", 600, 60))
        self.assertEqual((second.name, second.amount_overdue, second.contact_count), ("Not informed", 400, 1))
        shares = self.report("cobranca.cause.report")._get_shares(self.company, date(2025, 7, 1))
        self.assertEqual([(row.reason_id, row.amount_overdue, row.share) for row in (first, second)], shares)
        for row, partner in ((first, self.customer), (second, self.other_customer)):
            self.assertEqual(self.records(row).partner_id, partner)

    def test_personal_causes_are_for_supervisors(self):
        field = self.env["cobranca.portfolio.cause"]._fields["reason_id"]
        self.assertEqual(field.groups, "cobranca_recorrente.cobranca_group_supervisor")

    # --- weeks ---

    def test_weeks_have_what_came_and_what_is_expected(self):
        for months in range(1, 9):
            due = date(2026, 6, 24) - timedelta(days=28 * months)
            title = self.ledger.invoice(self.customer, due - timedelta(days=20), due, 100)
            self.ledger.pay(title, due, 100)
        title = self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 28), 300)
        self.ledger.pay(title, date(2026, 6, 28), 100)
        self.ledger.pay(title, date(2026, 6, 29), 50)
        self.ledger.invoice(self.customer, date(2026, 6, 10), date(2026, 7, 8), 700)
        self.env["cobranca.cash.forecast"]._refresh(self.company)
        self.take()
        weeks = {row.week: row for row in self.part("week").search([])}
        self.assertEqual((min(weeks), max(weeks)), (date(2026, 3, 30), date(2026, 9, 21)))
        before, running = weeks[date(2026, 6, 22)], weeks[date(2026, 6, 29)]
        self.assertEqual((before.amount_received, before.is_past, before.is_to_come), (100, True, False))
        self.assertEqual((running.amount_received, running.is_past, running.is_to_come), (50, False, True))
        foreseen = self.env["cobranca.cash.forecast"].with_user(self.supervisor)._get_weeks(self.company)
        self.assertEqual(
            [
                (row.week, row.amount_expected, row.amount_low, row.amount_high)
                for row in weeks.values()
                if row.is_to_come
            ],
            [(week["week"], week["expected"], week["low"], week["high"]) for week in foreseen],
        )
        self.assertGreater(weeks[date(2026, 7, 6)].amount_expected, 0)
        for row in weeks.values():
            payments = self.records(row)
            if row.is_past:
                self.assertEqual(sum(payments.mapped("amount")), row.amount_received)
            else:
                self.assertAlmostEqual(sum(payments.mapped("amount_expected")), row.amount_expected)

    def test_without_a_forecast_weeks_have_what_came(self):
        self.take()
        rows = self.part("week").search([])
        self.assertEqual(
            (len(rows), rows.mapped("is_to_come"), sum(rows.mapped("amount_received"))), (26, [False] * 26, 0)
        )

    # --- keeping and rights ---

    def test_taken_again_rows_are_those_of_today(self):
        self.write_titles()
        self.take()
        before = {name: len(self.part(name).search([])) for name in PARTS}
        self.take()
        self.assertEqual({name: len(self.part(name).search([])) for name in PARTS}, before)
        self.assertEqual((before["cohort"], before["week"]), (7, 26))

    def test_a_position_of_the_past_leaves_them_alone(self):
        self.take()
        rows = self.part("week").search([])
        self.env["cobranca.portfolio.snapshot"]._take(self.company, date(2026, 5, 31))
        self.assertEqual(self.part("week").search([]), rows)

    def test_each_company_has_its_own(self):
        company, ledger = self.make_second_company()
        due = date(2026, 5, 10)
        ledger.pay(ledger.invoice(self.customer, date(2026, 5, 1), due, 70), date(2026, 6, 25), 70)
        self.write_titles()
        for each in (self.company, company):
            self.take(each)
        both = self.part("week", company, self.company)
        self.assertEqual(sum(both.search([("is_current", "=", True)]).mapped("amount_received")), 70)
        self.assertEqual(both.search([]).company_id, company | self.company)
        self.assertEqual(self.part("cohort").search([]).company_id, self.company)
        self.assertEqual(self.part("cohort", company).search([("days", "=", 0)]).mapped("amount_due"), [70])

    def test_rows_of_other_companies_are_hidden(self):
        company, _ledger = self.make_second_company()
        for each in (self.company, company):
            snapshot = self.env["cobranca.portfolio.snapshot"]._take(each, TODAY)
            shared = {"company_id": each.id, "snapshot_id": snapshot.id}
            day = {"since": TODAY, "compared_since": TODAY}
            for name, values in (
                ("cohort", {"month": TODAY.replace(day=1), "days": 0, "after": "000"}),
                ("step", {"level_id": self.first.id, "turn": 0, **day}),
                ("cause", {"since": TODAY}),
            ):
                self.env[f"cobranca.portfolio.{name}"].sudo().create({**shared, **values})
        for name in PARTS:
            self.assertEqual(self.part(name, company, self.company).search([]).company_id, self.company | company)
            self.assertEqual(self.part(name).search([]).company_id, self.company, name)

    def test_supervisors_read_and_nobody_writes(self):
        for name in PARTS:
            Part = self.env[f"cobranca.portfolio.{name}"]
            self.assertTrue(Part.with_user(self.supervisor).has_access("read"))
            self.assertFalse(Part.with_user(self.collector).has_access("read"))
            for right in ("write", "create", "unlink"):
                self.assertFalse(Part.with_user(self.manager).has_access(right))
