from decimal import Decimal

from lxml import html

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..tools import pix
from .pix_common import PixCommon


@tagged("post_install", "-at_install")
class TestPixInvoice(PixCommon):
    """The code on the PDF of an invoice: what it costs, and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge_by(cls.make_policy("all", interest_percent=1.0))

    def invoice(self, due="2026-12-10", **values):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-10-01",
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 100.0})],
                **values,
            }
        )
        move.action_post()
        return move

    def page(self, move, user=None):
        """The text of the PDF, and what its code says."""
        Report = self.env["ir.actions.report"].with_user(user or self.env.user)
        content, _kind = Report._render_qweb_html("account.account_invoices", move.ids)
        root = html.fromstring(content)
        texts = [text for text in root.itertext() if text.strip().startswith("000201")]
        self.assertLessEqual(len(texts), 1)
        return " ".join(root.text_content().split()), pix.parse(texts[0].strip()) if texts else None

    def test_before_the_due_date(self):
        text, code = self.page(self.invoice())
        self.assertEqual(code.amount, Decimal("100.00"))
        self.assertIn("until 12/10/2026, 11:59 pm", text)
        [quote] = self.Quote._find(self.company, [code.txid]).values()
        self.assertEqual((quote.source, str(quote.date)), ("invoice", "2026-12-10"))

    def test_late(self):
        text, code = self.page(self.invoice("2026-10-23"))
        self.assertEqual(code.amount, Decimal("103.07"))  # 2 % once, 1 % a month for 32 days
        self.assertIn("until 11/24/2026, 11:59 pm", text)

    def test_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/90",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 40, "nb_days": 60}),
                    Command.create({"value": "percent", "value_amount": 60, "nb_days": 90}),
                ],
            }
        )
        move = self.invoice(invoice_payment_term_id=term.id, invoice_date_due=False)
        self.assertEqual(self.page(move)[1].amount, Decimal("40.00"))
        self.assertIn("until 11/30/2026", self.page(move)[0])

    def test_the_same_code_when_it_is_printed_again(self):
        move = self.invoice()
        self.assertEqual(self.page(move)[1], self.page(move)[1])

    def test_partly_paid(self):
        move = self.invoice()
        line = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.pay(line, 30.0, "2026-11-02")
        self.assertEqual(self.page(move)[1].amount, Decimal("70.00"))

    def test_who_may_print_needs_no_other_right(self):
        billing = new_test_user(self.env, "billing", "account.group_account_invoice", lang="en_US")
        self.assertTrue(self.page(self.invoice(), billing)[1])

    def test_odoos_own_code_is_not_there_twice(self):
        self.company.qr_code = True
        move = self.invoice(partner_bank_id=self.account.id)
        text, code = self.page(move)
        self.assertTrue(code)
        self.assertNotIn("Scan this QR Code with", text)
        self.assertFalse(move.display_qr_code)
        self.account.proxy_type = "none"
        move.invalidate_recordset(["display_qr_code"])
        self.assertTrue(move.display_qr_code, "without ours, Odoo does as the company wishes")

    def test_no_code(self):
        draft = self.invoice().copy()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        paid = self.invoice()
        self.pay(paid.line_ids.filtered(lambda line: line.account_type == "asset_receivable"), 100.0, "2026-11-02")
        automatic = self.make_customer("Caio Nogal", "111.444.777-35", cobranca_is_automatic=True)
        refund = self.invoice()._reverse_moves()
        refund.action_post()
        for move in (
            draft,
            paid,
            refund,
            self.invoice(currency_id=dollar.id),
            self.invoice(partner_id=automatic.id),
        ):
            with self.subTest(move.display_name):
                self.assertIsNone(self.page(move)[1])

    def test_company_without_a_key(self):
        self.account.active = False
        text, code = self.page(self.invoice())
        self.assertIsNone(code)
        self.assertNotIn("Pix", text)
