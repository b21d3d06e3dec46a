from datetime import date, datetime

from freezegun import freeze_time

from .workbook_common import WorkbookCommon


@freeze_time("2026-06-30 15:00:00")
class TestWorkbookAgreements(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.ledger
        first = own.invoice(cls.customer, date(2026, 1, 1), date(2026, 1, 31), "300")
        _kept, [only] = own.agree([first], date(2026, 3, 10), [(date(2026, 3, 20), "300")])
        own.pay(only, date(2026, 3, 20), "300")
        second = own.invoice(cls.other_customer, date(2026, 1, 1), date(2026, 2, 10), "500")
        cls.broken, _items = own.agree(
            [second], date(2026, 3, 15), [(date(2026, 4, 1), "250"), (date(2026, 5, 1), "250")]
        )
        third = own.invoice(cls.third_customer, date(2026, 1, 1), date(2026, 2, 10), "90")
        cls.live, [late, _next] = own.agree(
            [third], date(2026, 6, 1), [(date(2026, 6, 20), "40"), (date(2026, 7, 20), "50")]
        )
        own.pay(late, date(2026, 6, 25), "15")
        cls.set_states(cls)

    def set_states(self):
        """What the product writes when an agreement ends, and a discount."""
        self.env.cr.execute(
            "UPDATE cobranca_agreement SET state = 'paid', paid_on = date + 10 WHERE date = '2026-03-10'"
        )
        self.env.cr.execute(
            "UPDATE cobranca_agreement SET state = 'broken', ended_on = '2026-05-20', end_reason = '=1+1' "
            "WHERE id = %s",
            [self.broken],
        )
        self.env.cr.execute(
            "UPDATE cobranca_agreement_origin SET fine = 10, interest = 20, given_fine = 10, given_interest = 5 "
            "WHERE agreement_id = %s",
            [self.live],
        )
        self.env.invalidate_all()

    def test_sheets_and_totals(self):
        content = self.make("agreements")
        book = self.open(content)
        self.assertEqual(book.sheetnames, ["By month", "Discounts", "Agreements", "Installments", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assertEqual(self.assert_totals(content), 7 + 3 + 12 + 3)
        self.assertEqual([len(book[name]._charts) for name in ("By month", "Discounts")], [1, 1])

    def test_made_kept_and_broken(self):
        rows = self.rows(self.open(self.make("agreements"))["By month"])
        march, june = rows
        self.assertEqual((march["Signed in"], march["Agreements"], march["To be paid"]), ("03/2026", 2, 800))
        self.assertEqual((march["Paid"], march["Broken"], march["Kept"]), (1, 1, 0.5))
        self.assertEqual((june["In force"], june["Kept"]), (1, None))

    def test_discounts_by_component(self):
        rows = {row["Component"]: row for row in self.rows(self.open(self.make("agreements"))["Discounts"])}
        self.assertEqual((rows["Fine"]["Debt before"], rows["Fine"]["Forgiven"], rows["Fine"]["Discount"]), (10, 10, 1))
        self.assertEqual((rows["Interest"]["Agreed"], rows["Interest"]["Discount"]), (15, 0.25))
        self.assertEqual(rows["Principal"]["Debt before"], 890)

    def test_installments_as_they_stand(self):
        rows = self.rows(self.open(self.make("agreements"))["Installments"])
        [late] = [row for row in rows if row["Due date"] == datetime(2026, 6, 20)]
        self.assertEqual((late["Amount"], late["Open"], late["State"], late["Days late"]), (40, 25, "Late", 10))
        [paid] = [row for row in rows if row["State"] == "Paid"]
        self.assertEqual((paid["Paid on"], paid["Open"]), (datetime(2026, 3, 20), 0))

    def test_what_was_signed_later_is_left_out(self):
        rows = self.rows(self.open(self.make("agreements", day="2026-05-31"))["Agreements"])
        self.assertEqual([row["State"] for row in rows], ["Paid", "Broken"])
        self.assertEqual(rows[1]["Reason of the break"], "=1+1")
