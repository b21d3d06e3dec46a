from datetime import date

from freezegun import freeze_time

from .common import ReportCommon
from .work_writer import WorkWriter

DUES = [date(2026, month, 10) for month in range(1, 7)]


@freeze_time("2026-06-30 15:00:00")
class TestAgreementReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.agreement.report"].with_user(cls.supervisor)
        cls.Installment = cls.env["cobranca.agreement.installment.report"].with_user(cls.supervisor)

    def setUp(self):
        super().setUp()
        self.work = WorkWriter(self.ledger)

    def agree(self, dues=DUES, amount=100, signed=date(2026, 1, 5)):
        title = self.ledger.invoice(self.customer, date(2025, 10, 1), date(2025, 10, 31), amount * len(dues))
        return self.ledger.agree([title], signed, [(due, amount) for due in dues])

    def get(self, *fields):
        [values] = self.Report._read_group([], [], list(fields))
        return tuple(round(value, 2) for value in values)

    def test_the_worked_example(self):
        kept, items = self.agree()
        for item in items:
            self.ledger.pay(item, item.due, 100)
        self.work.set_agreement(kept, state="paid", paid_on=date(2026, 6, 10))
        broken, items = self.agree()
        for item in items[:3]:
            self.ledger.pay(item, item.due, 100)
        self.work.end_agreement(broken, items, date(2026, 6, 20))
        self.assertEqual(self.get("kept_rate:avg", "on_time_rate:avg"), (50, 75))
        self.assertEqual(self.get("on_time_count:sum", "matured_count:sum"), (9, 12))
        self.assertEqual(self.get("amount_received:sum", "amount_total:sum", "received_rate:avg"), (900, 1200, 75))
        [(rate, count)] = self.Installment._read_group([], [], ["on_time_rate:avg", "matured_count:sum"])
        self.assertEqual((rate, count), (75, 12))

    def test_a_break_asks_for_nothing_any_more(self):
        agreement, items = self.agree()
        self.ledger.pay(items[0], date(2026, 1, 10), 100)
        self.work.end_agreement(agreement, items, date(2026, 3, 10))
        # Due in January and February; what is due on the day of the break is due no more.
        self.assertEqual(self.get("on_time_count:sum", "matured_count:sum"), (1, 2))

    def test_what_is_due_today_is_not_late(self):
        _agreement, [item] = self.agree(dues=[date(2026, 6, 30)])
        self.assertEqual(self.get("matured_count:sum"), (0,))
        self.ledger.pay(item, date(2026, 6, 30), 100)
        self.assertEqual(self.get("matured_count:sum", "on_time_count:sum"), (1, 1))

    def test_a_day_late_or_a_cent_short_is_not_on_time(self):
        _agreement, items = self.agree(dues=DUES[:2])
        self.ledger.pay(items[0], date(2026, 1, 11), 100)
        self.ledger.pay(items[1], date(2026, 2, 10), "99.99")
        self.assertEqual(self.get("matured_count:sum", "on_time_count:sum"), (2, 0))
        late, short = self.Installment.search([], order="due")
        self.assertEqual((late.settled_on, short.settled_on), (date(2026, 1, 11), False))

    def test_renegotiated_ones_are_no_longer_asked_for(self):
        first, items = self.agree(dues=DUES[:4])
        self.ledger.agree(items, date(2026, 2, 1), [(date(2026, 7, 10), 400)])
        self.work.set_agreement(first, state="renegotiated")
        rows = self.Installment.search([("agreement_id", "=", first)], order="due")
        self.assertEqual(rows.mapped("matured_count"), [1, 0, 0, 0])
        self.assertFalse(any(rows.mapped("settled_on")))
        self.assertFalse(any(rows.mapped("amount_received")))
        self.assertEqual(self.get("decided_count:sum", "kept_rate:avg"), (0, 0))

    def test_cancelled_ones_are_in_neither(self):
        agreement, items = self.agree()
        self.work.end_agreement(agreement, items, date(2026, 6, 20), state="cancelled")
        self.assertEqual(self.get("decided_count:sum", "matured_count:sum", "made_count:sum"), (0, 0, 1))

    def test_discounts_by_component(self):
        first, _items = self.agree(dues=DUES[:1])
        second, _items = self.agree(dues=DUES[:1])
        amounts = {"principal": 1000, "fine": 20, "interest": 80, "correction": 100}
        self.work.set_origin(first, **amounts, given_principal=50, given_fine=20, given_interest=40, given_correction=0)
        self.work.set_origin(second, principal=3000, given_principal=0)
        row = self.Report.browse(first)
        self.assertEqual((row.amount_before, row.amount_given), (1200, 110))
        self.assertAlmostEqual(row.given_rate, 100 * 110 / 1200, 2)
        rates = ("given_principal_rate", "given_fine_rate", "given_interest_rate", "given_correction_rate")
        self.assertEqual([row[name] for name in rates], [5, 100, 50, 0])
        # Divided sums: 50 of 4,000 of principal, 110 of 4,200 of all.
        self.assertEqual(self.get("given_principal_rate:avg", "given_rate:avg"), (1.25, 2.62))

    def test_who_offered_it(self):
        desk, _items = self.agree(dues=DUES[:1])
        own, _items = self.agree(dues=DUES[:1])
        agency = self.work.make_agency("Acerto")
        placed, _items = self.agree(dues=DUES[:1])
        placement, _line = self.work.place(agency, self.customer, date(2026, 1, 2), 100)
        self.work.set_agreement(placed, placement_id=placement)
        self.work.accept(own, self.customer, "self_service")
        found = {row.id: row.offered_by for row in self.Report.search([])}
        self.assertEqual(found, {desk: "desk", own: "self_service", placed: "agency"})
        self.assertEqual(self.Report.browse(placed).agency_id, agency)
        self.assertEqual(
            {row.agreement_id.id: row.offered_by for row in self.Installment.search([])},
            {desk: "desk", own: "self_service", placed: "agency"},
        )
