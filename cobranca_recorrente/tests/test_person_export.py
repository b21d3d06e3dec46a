import base64
import io

from openpyxl import load_workbook

from odoo.tests import tagged

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestPersonExport(RecordCommon):
    """What a person gets who asks for his data."""

    def test_workbook(self):
        self.Interaction._record(self.company, self.customer, "call", "informed", note="=1+1 https://example.com")
        self.env["cobranca.partner.change"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "field": "email",
                "new_value": "nova@example.com",
                "requested_on": "2026-11-19",
                "requested_by_id": self.env.uid,
            }
        )
        action = self.customer.with_user(self.supervisor).action_cobranca_export()
        wizard = self.env[action["res_model"]].with_user(self.supervisor).browse(action["res_id"])
        self.assertTrue(wizard.workbook_name.endswith(".xlsx"))
        book = load_workbook(io.BytesIO(base64.b64decode(wizard.workbook)))
        self.assertEqual(book.sheetnames[:4], ["Identity", "People", "Contracts", "Invoices"])
        self.assertEqual(book["Identity"]["A2"].value, "Ana Lindoso")
        self.assertIn("nova@example.com", [cell.value for cell in book["Changes asked for"][2]])
        amounts = [cell.value for cell in book["Invoices"]["E"]][1:]
        self.assertEqual(amounts, [500.0, 300.0])
        cells = [cell for sheet in book for row in sheet.rows for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f" or cell.hyperlink])
        self.assertIn("=1+1 https://example.com", [cell.value for cell in cells])
        log = self.env["cobranca.access.log"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(log.mapped("action"), ["export"], "one export, one row")
