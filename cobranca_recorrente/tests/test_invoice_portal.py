from odoo.tests import tagged
from odoo.tools import mute_logger

from .link_common import LinkCommon

LOGIN = "portal_ana"


@tagged("post_install", "-at_install")
class TestInvoicePortal(LinkCommon):
    """Odoo's own pages ask for totals, and take the amount from the browser: they lead to our page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_portal_user(LOGIN, cls.customer)
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        cls.br, cls.us = cls.env.ref("base.br"), cls.env.ref("base.us")
        cls.company.account_fiscal_country_id = cls.br

    def pay_online(self, route, **params):
        """What the browser gets that calls a route of Odoo's own pages."""
        call = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(route, json=call).text

    def transactions(self):
        return self.env["payment.transaction"].search_count([("partner_id", "=", self.customer.id)])

    def test_overdue_leads_to_our_page(self):
        self.authenticate(LOGIN, LOGIN)
        answer = self.url_open("/my/invoices/overdue")
        self.assertTrue(answer.url.endswith("/my/pagamentos"), answer.url)
        self.assertIn("o_cobranca_choice", answer.text)

    @mute_logger("odoo.http")
    def test_overdue_takes_no_amount(self):
        self.authenticate(LOGIN, LOGIN)
        answer = self.pay_online("/invoice/transaction/overdue", payment_reference="x", amount=1.0)
        self.assertIn("Open payments", answer)
        self.assertFalse(self.transactions())

    @mute_logger("odoo.http")
    def test_an_invoice_takes_no_other_amount(self):
        self.authenticate(LOGIN, LOGIN)
        for amount in (0, -1, 500.01, 10**9, "abc", None):
            token = self.invoice._portal_ensure_token()
            answer = self.pay_online(f"/invoice/transaction/{self.invoice.id}", access_token=token, amount=amount)
            self.assertIn("not open any more", answer, amount)
        other = self.pay_online(f"/invoice/transaction/{self.foreign.id}", access_token="x", amount=1.0)
        self.assertIn('"error"', other)
        self.assertNotIn("not open any more", other, "nothing is told of others")
        self.assertFalse(self.transactions())

    def test_buttons_of_the_invoice(self):
        self.authenticate(LOGIN, LOGIN)
        for path in ("/my/invoices", f"/my/invoices/{self.invoice.id}"):
            page = self.url_open(path).text
            self.assertIn(f"/my/pagamentos/abrir/{self.invoice.id}", page, path)
            self.assertNotIn("#pay_with", page, path)
            self.assertNotIn("payment=True", page, path)
            self.assertNotIn("/invoice/transaction/", page, path)
        answer = self.get(f"/my/pagamentos/abrir/{self.invoice.id}")
        self.assertTrue(answer.headers["Location"].endswith(f"/my/pagamentos?pagamento={self.line.id}"))
        self.assertEqual(self.url_open(answer.headers["Location"]).text.count('checked="checked"'), 1)

    def test_by_the_token_of_an_invoice(self):
        self.authenticate(None, None)
        token = self.invoice._portal_ensure_token()
        answer = self.get(f"/my/pagamentos/abrir/{self.invoice.id}?access_token={token}")
        path = answer.headers["Location"].replace(self.base_url(), "")
        page = self.enter(path)
        self.assertIn("500.00", page)
        self.assertNotIn("300.00", page)

    @mute_logger("odoo.http")
    def test_nobody_else_gets_a_link(self):
        token = self.invoice._portal_ensure_token()
        for login in (None, LOGIN):
            self.authenticate(login, login)
            foreign = ((self.foreign.id, token), (self.foreign.id, ""))
            for invoice, given in (*foreign, (0, token), (2**31, token), (2**63, token)):
                answer = self.get(f"/my/pagamentos/abrir/{invoice}?access_token={given}")
                self.assertEqual(answer.status_code, 404, (login, invoice))
        self.authenticate(None, None)
        self.assertEqual(self.get(f"/my/pagamentos/abrir/{self.invoice.id}").status_code, 404)

    def test_paid_invoice(self):
        self.pay(self.invoice, 500.0, "2026-11-18")
        self.authenticate(LOGIN, LOGIN)
        self.assertNotIn("/my/pagamentos/abrir", self.url_open(f"/my/invoices/{self.invoice.id}").text)

    def test_companies_elsewhere_keep_odoos_pages(self):
        self.company.account_fiscal_country_id = self.us
        self.assertFalse(self.company._cobranca_has_payment_page())
        self.authenticate(LOGIN, LOGIN)
        self.assertNotIn("/my/pagamentos/abrir", self.url_open(f"/my/invoices/{self.invoice.id}").text)
