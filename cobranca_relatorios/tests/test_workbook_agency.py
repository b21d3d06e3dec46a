from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command

from .workbook_common import WorkbookCommon


@freeze_time("2026-07-05 15:00:00")
class TestWorkbookAgency(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "currency_id": cls.company.currency_id.id}
        person = cls.env["res.partner"].create({"name": "Pontefirme", "is_company": True})
        agency = cls.env["cobranca.agency"].create({"partner_id": person.id, "company_id": cls.company.id})
        title = cls.ledger.invoice(cls.customer, date(2026, 1, 1), date(2026, 1, 31), "300")
        item = {**values, "line_id": title.line_id, "due": title.due, "percent": 20.0}
        placement = cls.env["cobranca.placement"].create(
            {
                **values,
                "agency_id": agency.id,
                "partner_id": cls.customer.id,
                "name": "D/1",
                "customer_name": "@SUM Lindoso",
                "document": cls.customer.cobranca_masked_document,
                "line_ids": [Command.create(item)],
            }
        )
        cls.state(values, agency, placement, title)

    @classmethod
    def state(cls, values, agency, placement, title):
        """A statement of two payments."""
        statement = cls.env["cobranca.agency.statement"].create(
            {
                **values,
                "agency_id": agency.id,
                "name": "PC2026-1",
                "month": "2026-06-01",
                "date_to": "2026-06-30",
                "money_to": "agency",
            }
        )
        shared = {
            **values,
            "agency_id": agency.id,
            "placement_id": placement.id,
            "debt_name": "=T/1",
            "kind": "payment",
        }
        for number, (amount, fee) in enumerate(((205.0, 5.0), (55.5, 0.0)), start=1):
            cls.env["cobranca.agency.receipt"].create(
                {
                    **shared,
                    "placement_line_id": placement.line_ids.id,
                    "line_id": title.line_id,
                    "credit_ref": number,
                    "turn": number,
                    "date": f"2026-06-1{number}",
                    "amount": amount,
                    "percent": 20,
                    "fee": fee,
                    "commission": (amount - fee) / 5,
                }
            )
        statement._fill()

    def test_statements_of_a_month(self):
        content = self.make("agency_statement", day="2026-06-30")
        book = self.open(content)
        self.assertEqual(book.sheetnames, ["Statements", "Payments", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assertEqual(self.assert_totals(content), 5 + 3)
        [row] = self.rows(book["Statements"])
        self.assertEqual((row["Agency"], row["Received"], row["Commission"]), ("Pontefirme", 260.5, 51.1))
        self.assertEqual(row["Collection fees"], 5.0)
        self.assertEqual(row["To pass on"], 204.4)
        first = self.rows(book["Payments"])[0]
        self.assertEqual((first["Date"], first["Customer"]), (datetime(2026, 6, 11), "@SUM Lindoso"))
        self.assertEqual((first["Commission (%)"], first["Debt"]), (0.2, "=T/1"))
        self.assertEqual((first["Received"], first["Collection fees"], first["Commission"]), (205.0, 5.0, 40.0))
        self.assertEqual(first["CPF or CNPJ"], self.customer.cobranca_masked_document)
        self.assertNotIn("529.982", first["CPF or CNPJ"])

    def test_who_left_with_a_file_is_registered(self):
        self.make("agency_statement", day="2026-06-30")
        [log] = self.env["cobranca.access.log"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((log.action, log.user_id), ("agency_export", self.supervisor))

    def test_another_month(self):
        self.assertEqual(self.rows(self.open(self.make("agency_statement"))["Statements"]), [])
