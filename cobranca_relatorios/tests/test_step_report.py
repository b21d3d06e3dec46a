from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo.fields import Domain

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from ..tools.recovery import percent
from .common import ReportCommon
from .work_writer import WorkWriter


@freeze_time("2026-06-30 15:00:00")
class TestStepReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = WorkWriter(cls.ledger).make_levels([5, 15, 30])
        cls.Report = cls.env["cobranca.step.report"].with_user(cls.supervisor)

    def setUp(self):
        super().setUp()
        self.work = WorkWriter(self.ledger)

    def write_ledger(self):
        """Titles, reminders and payments of the worked example."""
        titles = {
            "F2": self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 1000),
            "F3": self.ledger.invoice(self.other_customer, date(2026, 3, 1), date(2026, 3, 31), 2000),
            "F4": self.ledger.invoice(self.third_customer, date(2026, 4, 1), date(2026, 4, 30), 500),
            "F8": self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), 400),
        }
        for name, level, day in (
            ("F2", self.first, date(2026, 6, 5)),
            ("F3", self.first, date(2026, 4, 5)),
            ("F4", self.first, date(2026, 5, 5)),
            ("F8", self.first, date(2026, 5, 5)),
            ("F3", self.second, date(2026, 4, 15)),
            ("F8", self.second, date(2026, 5, 15)),
            ("F3", self.third, date(2026, 5, 30)),
        ):
            self.work.step(titles[name], level, day)
        self.ledger.pay(titles["F2"], date(2026, 6, 10), 1000)
        self.ledger.pay(titles["F3"], date(2026, 6, 29), 500)
        self.ledger.pay(titles["F8"], date(2026, 6, 19), 400)
        return titles

    def title(self, amount=100, due=date(2026, 4, 30)):
        return self.ledger.invoice(self.customer, date(2026, 4, 1), due, amount)

    def row(self, notice):
        return self.Report.browse(notice)

    def test_the_worked_example(self):
        self.write_ledger()
        sums = ["amount_recovered:sum", "amount_judged:sum", "recovery_rate:avg"]
        found = {level: values for level, *values in self.Report._read_group([], ["level_id"], sums)}
        self.assertEqual([round(value, 2) for value in found[self.first]], [1000, 3900, 25.64])
        self.assertEqual(found[self.second], [0, 2400, 0])
        self.assertEqual(found[self.third], [0, 2000, 0])

    def test_a_share_of_all_steps_divides_the_sums(self):
        self.write_ledger()
        [(rate,)] = self.Report._read_group([], [], ["recovery_rate:avg"])
        self.assertEqual(Decimal(str(round(rate, 2))), percent(1000, 8300))
        [group] = self.Report.formatted_read_group([("level_id", "=", self.first.id)], [], ["recovery_rate:avg"])
        self.assertEqual(round(group["recovery_rate:avg"], 2), 25.64)

    def test_money_is_of_the_last_step_sent(self):
        title = self.title()
        first = self.work.step(title, self.first, date(2026, 5, 5))
        second = self.work.step(title, self.second, date(2026, 5, 15))
        self.ledger.pay(title, date(2026, 5, 16), 100)
        self.assertEqual((self.row(first).amount_recovered, self.row(second).amount_recovered), (0, 100))
        self.assertEqual((self.row(first).paid_7, self.row(first).paid_15, self.row(second).paid_7), (0, 100, 100))
        self.assertEqual((self.row(first).paid_before_count, self.row(second).paid_before_count), (0, 1))
        self.assertEqual(self.row(first).next_date, date(2026, 5, 15))

    def test_a_message_that_came_back_is_no_step(self):
        title = self.title()
        first = self.work.step(title, self.first, date(2026, 5, 5))
        second = self.work.step(title, self.second, date(2026, 5, 15), state="undelivered")
        self.ledger.pay(title, date(2026, 5, 16), 60)
        self.assertEqual(self.row(first).amount_recovered, 60)
        lost = self.row(second)
        self.assertEqual((lost.is_reached, lost.amount_judged, lost.amount_recovered), (False, 0, 0))

    def test_the_window_has_fifteen_days_and_is_waited_for(self):
        title = self.title()
        step = self.work.step(title, self.first, date(2026, 5, 5))
        self.ledger.pay(title, date(2026, 5, 20), 30)
        self.ledger.pay(title, date(2026, 5, 21), 30)
        self.assertEqual((self.row(step).amount_recovered, self.row(step).paid_30), (30, 60))
        young = self.work.step(self.title(due=date(2026, 6, 10)), self.first, date(2026, 6, 15))
        self.assertEqual((self.row(young).amount_open, self.row(young).amount_judged), (100, 0))
        old = self.work.step(self.title(due=date(2026, 6, 9)), self.first, date(2026, 6, 14))
        self.assertEqual(self.row(old).amount_judged, 100)

    def test_what_was_paid_before_was_not_open(self):
        title = self.title()
        self.ledger.pay(title, date(2026, 5, 4), 30)
        step = self.work.step(title, self.first, date(2026, 5, 5))
        self.ledger.pay(title, date(2026, 5, 5), 20)
        self.assertEqual((self.row(step).amount_open, self.row(step).amount_recovered), (70, 20))

    def test_neither_credit_notes_nor_agreements_pay(self):
        title, other = self.title(), self.title()
        first = self.work.step(title, self.first, date(2026, 5, 5))
        second = self.work.step(other, self.first, date(2026, 5, 5))
        self.ledger.match(title, self.ledger.invoice(self.customer, date(2026, 5, 8), date(2026, 5, 8), -40), 40)
        _agreement, [item] = self.ledger.agree([other], date(2026, 5, 8), [(date(2026, 5, 9), 100)])
        self.ledger.pay(item, date(2026, 5, 9), 100)
        for step in (first, second):
            self.assertEqual((self.row(step).amount_recovered, self.row(step).paid_before_count), (0, 0))

    def test_money_of_a_broken_agreement_counts_on_the_debts_alone(self):
        title = self.title()
        agreement, [item] = self.ledger.agree([title], date(2026, 5, 8), [(date(2026, 5, 9), 100)])
        step = self.work.step(item, self.first, date(2026, 5, 15))
        self.ledger.pay(item, date(2026, 5, 16), 40)
        self.assertEqual(self.row(step).amount_recovered, 40)
        self.work.end_agreement(agreement, [item], date(2026, 6, 20))
        self.assertEqual(self.row(step).amount_recovered, 0)

    def test_an_installment_that_was_paid_stays_paid(self):
        """When its agreement breaks, its money is that of the debts, and yet the step got it paid."""
        dues = [(date(2026, 5, 9), 60), (date(2026, 6, 9), 60)]
        agreement, items = self.ledger.agree([self.title()], date(2026, 5, 8), dues)
        step, unpaid = (self.work.step(item, self.first, date(2026, 5, 15)) for item in items)
        self.ledger.pay(items[0], date(2026, 5, 16), 60)
        kept = ("paid_before_count", "compared_paid_count", "amount_judged")
        before = [self.row(step)[name] for name in kept]
        self.assertEqual((before, self.row(step).amount_recovered), ([1, 1, 60], 60))
        self.work.end_agreement(agreement, items, date(2026, 5, 20))
        row = self.row(step)
        self.assertEqual([row[name] for name in kept], before)
        self.assertEqual((row.amount_recovered, row.paid_7, row.paid_30), (0, 0, 0))
        self.assertEqual([self.row(unpaid)[name] for name in kept], [0, 0, 60])

    def test_the_funnel_of_a_month(self):
        titles = self.write_ledger()
        self.work.step(titles["F4"], self.second, date(2026, 6, 20), state="undelivered")
        rows = self.Report._get_funnel(self.company, date(2026, 5, 20))
        found = [(row["name"], row["day"], row["count"], row["amount"], row["paid_before_share"]) for row in rows]
        self.assertEqual(found, [("L1", 5, 2, 900, 0), ("L2", 15, 1, 400, 1), ("L3", 30, 1, 2000, 0)])
        self.assertEqual([row["waiting_count"] for row in rows], [1, 0, 1])
        [june] = self.Report._get_funnel(self.company, date(2026, 6, 30))
        self.assertEqual((june["level"], june["count"], june["paid_before_share"]), (self.first, 1, 1))

    def test_uplift_is_that_of_the_ladder(self):
        # Newcombe 1998, table II (a).
        for is_control, count, paid in ((False, 70, 56), (True, 80, 48)):
            for number in range(count):
                title = self.title()
                self.work.step(title, self.first, date(2026, 5, 5), is_control=is_control)
                if number < paid:
                    self.ledger.pay(title, date(2026, 5, 12), 100)
        [row] = self.Report._get_uplift(self.company, date(2026, 5, 1), date(2026, 5, 31))
        self.assertEqual((row["reminded"], row["control"]), ((70, 56), (80, 48)))
        self.assertEqual((row["reminded"], row["control"]), self.first._get_effects()[self.first.id])
        self.assertEqual(row["effect"], compare((70, 56), (80, 48)))
        self.assertIn("between +5 and +33", row["text"])
        self.assertEqual(self.Report._get_uplift(self.company, date(2026, 6, 1), date(2026, 6, 30)), [])
        effect = self.env["cobranca.step.effect.report"].with_user(self.supervisor).search([])
        self.assertEqual((effect.level_id, effect.is_enough, effect.text), (self.first, True, row["text"]))
        self.assertEqual([round(effect[name], 1) for name in ("difference", "low", "high")], [20, 5.2, 33.4])

    def test_uplift_of_few_is_hidden(self):
        for _number in range(29):
            self.work.step(self.title(), self.first, date(2026, 5, 5), is_control=True)
            self.work.step(self.title(), self.first, date(2026, 5, 5))
        [row] = self.Report._get_uplift(self.company, date(2026, 5, 1), date(2026, 5, 31))
        self.assertIsNone(row["effect"])
        self.assertEqual(row["text"], "Too few invoices to tell: 29 of 30 in the smaller group.")
        [effect] = self.env["cobranca.step.effect.report"].with_user(self.supervisor).search([])
        self.assertEqual((effect.is_enough, effect.difference), (False, 0))

    def test_uplift_waits_a_week_and_knows_replaced_debts(self):
        young, replaced = self.title(due=date(2026, 6, 18)), self.title()
        self.work.step(young, self.first, date(2026, 6, 23), is_control=True)
        self.work.step(replaced, self.first, date(2026, 5, 5), is_control=True)
        self.ledger.agree([replaced], date(2026, 5, 8), [(date(2026, 7, 9), 100)])
        [row] = self.Report._get_uplift(self.company, date(2026, 5, 1), date(2026, 6, 30))
        self.assertEqual(row["control"], (1, 0))
        with freeze_time("2026-07-01 15:00:00"):
            [row] = self.Report._get_uplift(self.company, date(2026, 5, 1), date(2026, 6, 30))
        self.assertEqual(row["control"], (2, 0))

    def test_each_company_sees_its_own(self):
        company, ledger = self.make_second_company()
        work = WorkWriter(ledger)
        [level] = work.make_levels([5])
        title = ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), 100)
        work.step(title, level, date(2026, 4, 30) + timedelta(days=5))
        self.assertFalse(self.Report.with_context(allowed_company_ids=self.company.ids).search([]))
        both = self.Report.with_context(allowed_company_ids=[self.company.id, company.id])
        self.assertEqual(both.search([]).level_id, level)
        own = self.Report.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual([row["level"] for row in own._get_funnel(company, date(2026, 5, 1))], [level])

    def test_the_first_day_of_a_domain(self):
        early, late = date(2026, 1, 31), date(2026, 5, 1)
        after = [("date", ">=", early)], [("date", ">", late)]
        for domain, start in (
            ([], None),
            ([("date", "<=", late)], None),
            ([*after[0], *after[1], ("is_reached", "=", True)], late),
            (["|", *after[0], *after[1]], early),
            (["|", *after[0], ("is_reached", "=", True)], None),
            ([("date", ">=", str(late))], late),
            (["!", ("date", "<", late)], None),
            ([("date", "in", [late, early])], early),
            ([("date", "not in", [late])], None),
            ([("date", "=", False)], None),
        ):
            self.assertEqual(self.Report._get_start(Domain(domain).optimize(self.Report)), start, domain)
