import re
from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_common import OnlineCommon


@tagged("post_install", "-at_install")
class TestOnlineInvoice(OnlineCommon):
    """Odoo's own ways to pay an invoice online: what it costs today, booked as all money is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "True")
        cls.ana = cls.make_portal_user("ana", cls.customer)
        cls.cost = float(cls.costs[cls.line])

    def begin_by(self, invoice, **changes):
        sent = {
            "access_token": invoice._portal_ensure_token(),
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": None,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": invoice.get_portal_url(),
            "is_validation": False,
            **changes,
        }
        self.env.flush_all()
        address = f"/invoice/transaction/{invoice.id}"
        with mute_logger("odoo.http"):
            return self.url_open(address, json={"jsonrpc": "2.0", "method": "call", "params": sent}).json()

    def without_page_of_payments(self):
        """A company of another country keeps the dialog of Odoo's invoice page."""
        self.patch(type(self.company), "_cobranca_has_payment_page", lambda company: False)

    def made(self, invoice):
        return self.Transaction.search([("invoice_ids", "in", invoice.ids)], order="id desc", limit=1)

    def test_page_asks_for_today(self):
        self.assertGreater(self.cost, 500)
        self.without_page_of_payments()
        page = self.url_open(f"{self.invoice.get_portal_url()}&payment=True").text
        form = re.search(r'<form[^>]*id="o_payment_form".*?>', page, re.DOTALL)[0]
        self.assertIn(f'data-amount="{self.cost}"', form)
        self.assertIn(f"{self.cost:.2f}", page)
        self.assertIn(f"costs {self.company.currency_id.format(self.cost - 500)} more on 19/11", page)

    def test_paid_as_a_whole(self):
        values = self.begin_by(self.invoice, amount=self.cost)["result"]
        transaction = self.made(self.invoice)
        self.assertEqual((values["amount"], transaction.amount), (self.cost, self.cost))
        self.assertEqual(transaction.cobranca_quote_id.quote_line_ids.line_id, self.line)
        with self.assertBalanced():
            self.confirm(transaction)
        self.assertEqual(self.open_items(), {self.later.name: 300.0})
        self.assertEqual(self.income(), round(self.cost - 500, 2))

    def test_amount_of_the_browser(self):
        """Less is a part; more than it costs, nothing, and less than nothing is refused."""
        self.begin_by(self.invoice, amount=100.0)
        self.assertEqual(self.made(self.invoice).amount, 100.0)
        self.begin_by(self.invoice, amount=self.cost)
        self.assertEqual(self.made(self.invoice).amount, self.cost)
        last = self.made(self.invoice)
        for amount in (0.0, -5.0, 0.001, None, self.cost + 0.01, 99999.0):
            self.assertIn("error", self.begin_by(self.invoice, amount=amount), amount)
        for name in ("cobranca_quote_id", "invoice_ids"):
            self.assertIn("error", self.begin_by(self.invoice, **{name: 1}))
        self.assertEqual(self.made(self.invoice), last)

    def test_part_pays_charges_first(self):
        self.begin_by(self.invoice, amount=100.0)
        with self.assertBalanced():
            self.confirm(self.made(self.invoice))
        self.assertEqual(self.income(), round(self.cost - 500, 2))
        self.assertEqual(self.open_items()[self.invoice.name], round(self.cost - 100, 2))

    def test_paid_by_somebody_else(self):
        """Who pays for another is not the customer of the money."""
        caio = self.make_portal_user("caio", self.stranger)
        self.authenticate("caio", "caio")
        self.begin_by(self.invoice, amount=self.cost)
        transaction = self.made(self.invoice)
        self.assertEqual(transaction.partner_id, caio.partner_id)
        payment = self.confirm(transaction)
        self.assertEqual(payment.partner_id, self.customer)
        self.assertTrue(self.line.reconciled)

    def test_paid_already(self):
        self.pay_quote(self.quote(self.line))
        before = self.made(self.invoice)
        self.assertIn("error", self.begin_by(self.invoice, amount=self.cost))
        self.assertEqual(self.made(self.invoice), before)

    def test_under_way_already(self):
        transaction = self.begin(self.quote())
        transaction._set_pending()
        self.assertIn("error", self.begin_by(self.invoice, amount=self.cost))
        self.assertEqual(self.made(self.invoice), transaction)

    def test_link_of_all_has_no_amount(self):
        """It is opened another day."""
        self.without_page_of_payments()
        Wizard = self.env["payment.link.wizard"].with_context(active_model="account.move", active_id=self.invoice.id)
        wizard = Wizard.create({})
        self.assertEqual((wizard.amount, wizard.amount_max), (self.cost, self.cost))
        asked = parse_qs(urlsplit(wizard.link).query)
        self.assertNotIn("amount", asked)
        part = Wizard.create({"amount": 120.0})
        self.assertEqual(parse_qs(urlsplit(part.link).query)["amount"], ["120.0"])
        page = self.url_open(part.link).text
        form = re.search(r'<form[^>]*id="o_payment_form".*?>', page, re.DOTALL)[0]
        self.assertIn('data-invoice-next-amount-to-pay="120.0"', form)

    def test_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 60)],
            }
        )
        invoice = self.make_invoice(1000.0, "2026-10-10", invoice_payment_term_id=term.id, invoice_date_due=False)
        values = invoice._get_invoice_next_payment_values()
        first, _second = self.receivable(invoice).sorted("date_maturity")
        [debt] = first._cobranca_read_debts(self.day("2026-11-19")).values()
        self.assertEqual(values["installment_state"], "overdue")
        self.assertAlmostEqual(values["next_amount_to_pay"], float(debt.charges.total), 2)
        self.assertAlmostEqual(values["amount_due"], float(debt.charges.total) + 500, 2)

    def test_nothing_changes_without_charges(self):
        self.charge_by(False)
        fresh = self.make_invoice(70.0, "2026-12-10", invoice_date="2026-11-19")
        values = fresh._get_invoice_next_payment_values()
        self.assertEqual((values["amount_due"], values["next_amount_to_pay"]), (70.0, 70.0))
        bill = self.make_invoice(70.0, "2026-12-10", move_type="in_invoice", invoice_date="2026-11-19", post=False)
        self.assertTrue(bill._get_invoice_next_payment_values())
