from datetime import date

from freezegun import freeze_time

from .common import ReportCommon
from .work_writer import WorkWriter


@freeze_time("2026-06-30 15:00:00")
class TestPromiseReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.promise.report"].with_user(cls.supervisor)

    def setUp(self):
        super().setUp()
        self.work = WorkWriter(self.ledger)

    def promise(self, amount, day, limit=None, user=None, title=None):
        title = title or self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), amount)
        made = date(2026, 6, 1)
        return title, self.work.promise(title, made, day, limit or day, amount, user or self.collector)

    def get_rates(self):
        [rates] = self.Report._read_group([], [], ["kept_rate:avg", "paid_rate:avg", "matured_count:sum"])
        return tuple(round(value, 2) for value in rates)

    def test_the_worked_example(self):
        kept, first = self.promise(500, date(2026, 6, 10))
        # Paid two days later, within three days of grace.
        late, second = self.promise(300, date(2026, 6, 15), date(2026, 6, 18))
        short, third = self.promise(400, date(2026, 6, 20))
        _open, future = self.promise(250, date(2026, 7, 5))
        self.ledger.pay(kept, date(2026, 6, 9), 500)
        self.ledger.pay(late, date(2026, 6, 17), 300)
        self.ledger.pay(short, date(2026, 6, 20), 100)
        (first | second | third | future)._decide()
        self.assertEqual(self.get_rates(), (66.67, 75, 3))
        self.assertEqual(self.Report.browse(third.ids).amount_paid, 100)
        self.assertEqual([row.id for row in self.Report.search([("is_matured", "=", False)])], future.ids)

    def test_what_came_too_late_does_not_count(self):
        title, promise = self.promise(400, date(2026, 6, 20))
        self.ledger.pay(title, date(2026, 6, 21), 400)
        promise._decide()
        self.assertEqual(self.get_rates(), (0, 0, 1))

    def test_the_last_day_is_waited_for(self):
        title, promise = self.promise(400, date(2026, 6, 30))
        promise._decide()
        self.assertFalse(self.Report.browse(promise.ids).is_matured)
        self.ledger.pay(title, date(2026, 6, 30), 400)
        promise._decide()
        self.assertEqual(self.get_rates(), (100, 100, 1))

    def test_who_keeps_his_promise_early_waits_for_the_others(self):
        title, promise = self.promise(400, date(2026, 7, 10))
        self.ledger.pay(title, date(2026, 6, 12), 400)
        promise._decide()
        row = self.Report.browse(promise.ids)
        self.assertEqual((row.state, row.is_matured, row.kept_count), ("kept", False, 0))

    def test_what_was_called_off_is_in_neither(self):
        _title, promise = self.promise(400, date(2026, 6, 20))
        promise._set_state("cancelled", date(2026, 6, 5))
        row = self.Report.browse(promise.ids)
        self.assertEqual((row.matured_count, row.amount_matured), (0, 0))

    def test_by_collector_and_month(self):
        title, mine = self.promise(100, date(2026, 6, 10), user=self.supervisor)
        self.ledger.pay(title, date(2026, 6, 9), 100)
        _title, other = self.promise(300, date(2026, 5, 30))
        (mine | other)._decide()
        rows = self.Report._read_group([], ["user_id", "date:month"], ["kept_count:sum", "matured_count:sum"])
        found = {(user, month.month): counts for user, month, *counts in rows}
        self.assertEqual(found, {(self.supervisor, 6): [1, 1], (self.collector, 5): [0, 1]})
        # Not the mean of 100 % and 0 % by amount: 100 of 400.
        self.assertEqual(self.get_rates(), (50, 25, 2))

    def test_a_foreign_promise_counts_in_the_money_of_the_company(self):
        title, promise = self.promise(20, date(2026, 6, 10))
        dollar = self.env.ref("base.USD").id
        self.env.cr.execute("UPDATE cobranca_promise SET currency_id = %s, amount_paid = 10", [dollar])
        self.env.cr.execute(
            "UPDATE account_move_line SET currency_id = %s, amount_currency = 4 WHERE id = %s", [dollar, title.line_id]
        )
        row = self.Report.browse(promise.ids)
        self.assertEqual((row.amount, row.amount_paid, row.currency_id), (100, 50, self.company.currency_id))
