from datetime import date, datetime

from freezegun import freeze_time

from .common import ReportCommon
from .work_writer import WorkWriter


@freeze_time("2026-06-30 15:00:00")
class TestCollectorReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.collector.report"].with_user(cls.supervisor)

    def setUp(self):
        super().setUp()
        self.work = WorkWriter(self.ledger)
        self.title = self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), 1000)

    def call(self, day, user=None, partner=None, **values):
        return self.work.contact(partner or self.customer, datetime(2026, 5, day, 15), user or self.collector, **values)

    def received(self):
        rows = self.Report._read_group([("kind", "=", "money")], ["user_id"], ["amount_received:sum"])
        return dict(rows)

    def test_each_customer_reached_counts_once(self):
        self.call(4)
        self.call(5)
        self.call(6, partner=self.other_customer)
        self.call(7, partner=self.third_customer, reached="nobody", outcome="no_answer")
        self.call(8, user=self.supervisor)
        sums = ["contact_count:sum", "reached_partner_id:count_distinct"]
        found = {user: values for user, *values in self.Report._read_group([], ["user_id"], sums)}
        self.assertEqual(found, {self.collector: [4, 2], self.supervisor: [1, 1]})
        self.assertEqual(self.Report._read_group([], [], sums), [(5, 2)])

    def test_neither_machines_nor_agencies_nor_mistakes_count(self):
        placement, _line = self.work.place(self.work.make_agency("Acerto"), self.customer, date(2026, 5, 1), 10)
        self.call(4, channel="system")
        self.call(4, placement_id=placement)
        self.call(4, retracted_on=datetime(2026, 5, 4, 15, 5))
        self.assertFalse(self.Report.search([]))

    def test_the_day_is_that_of_the_company(self):
        self.work.contact(self.customer, datetime(2026, 6, 1, 1), self.collector)
        self.assertEqual(self.Report.search([]).date, date(2026, 5, 31))

    def test_money_is_of_the_last_contact(self):
        self.call(4)
        self.call(10, user=self.supervisor)
        self.ledger.pay(self.title, date(2026, 5, 8), 100)
        self.ledger.pay(self.title, date(2026, 5, 25), 200)
        # Sixteen days after the last contact.
        self.ledger.pay(self.title, date(2026, 5, 26), 400)
        self.assertEqual(self.received(), {self.collector: 100, self.supervisor: 200})
        [row] = self.Report.search([("amount_received", "=", 200)])
        self.assertEqual((row.date, row.move_id.id, row.channel), (date(2026, 5, 25), self.title.move_id, "call"))
        self.assertEqual(row.action_open_source()["res_id"], self.title.move_id)

    def test_who_reached_nobody_received_nothing(self):
        self.call(4)
        self.call(10, user=self.supervisor, outcome="no_answer", reached="nobody")
        self.call(11, user=self.supervisor, outcome="left_message", reached="third")
        self.ledger.pay(self.title, date(2026, 5, 12), 100)
        self.assertEqual(self.received(), {self.collector: 100})

    def test_what_was_not_late_when_they_spoke_is_no_recovery(self):
        later = self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 5, 4), 70)
        self.call(4)
        self.ledger.pay(later, date(2026, 5, 6), 70)
        self.assertEqual(self.received(), {})

    def test_an_agreement_is_no_money_and_its_installments_are(self):
        self.call(4)
        agreement, [item] = self.ledger.agree([self.title], date(2026, 5, 5), [(date(2026, 5, 9), 1000)])
        self.work.set_agreement(agreement, user_id=self.collector.id)
        self.call(11)
        self.ledger.pay(item, date(2026, 5, 12), 300)
        self.assertEqual(self.received(), {self.collector: 300})
        [(count,)] = self.Report._read_group([("kind", "=", "agreement")], [], ["agreement_count:sum"])
        self.assertEqual(count, 1)
        self.work.end_agreement(agreement, [item], date(2026, 6, 20))
        self.assertEqual(self.received(), {})

    def test_what_was_paid_for_a_broken_agreement_counts_once(self):
        self.call(4)
        dues = [(date(2026, 5, 6), 300), (date(2026, 6, 6), 700)]
        agreement, items = self.ledger.agree([self.title], date(2026, 5, 5), dues)
        self.call(11)
        self.ledger.pay(items[0], date(2026, 5, 12), 300)
        self.assertEqual(self.received(), {self.collector: 300})
        self.work.end_agreement(agreement, items, date(2026, 6, 20))
        self.work.impute(self.title, date(2026, 5, 12), date(2026, 6, 20), 300)
        self.assertEqual(self.received(), {self.collector: 300})

    def test_promises_are_of_who_registered_them(self):
        made = date(2026, 5, 4)
        self.work.promise(self.title, made, date(2026, 5, 9), date(2026, 5, 9), 100, self.collector, state="kept")
        other = self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), 10)
        self.work.promise(other, made, date(2026, 5, 9), date(2026, 5, 9), 10, self.collector, state="broken")
        sums = ["promise_count:sum", "promise_kept_count:sum"]
        self.assertEqual(self.Report._read_group([], ["user_id"], sums), [(self.collector, 2, 1)])

    def test_each_row_has_a_number_of_its_own(self):
        contact = self.call(4)
        promise = self.work.promise(
            self.title, date(2026, 5, 4), date(2026, 5, 9), date(2026, 5, 9), 100, self.collector, state="kept"
        )
        self.ledger.pay(self.title, date(2026, 5, 8), 100)
        rows = self.Report.search([], order="id")
        self.assertEqual(len(set(rows.ids)), 3)
        self.assertEqual(set(rows.ids) - {contact * 4, promise.id * 4 + 1}, {(self.title.line_id * 1000 + 1) * 4 + 3})
