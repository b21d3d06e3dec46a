from datetime import date, timedelta
from urllib.parse import urlsplit

from odoo import http
from odoo.tests import HttpCase, new_test_user

from .record_common import TODAY, RecordCommon

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
DIGITS = "5299"
ATTACK = "<img src=x onerror=alert(1)>"
ODD = ("", "0", "-1", "abc", "1e3", "None", "%00", "x" * 3000, "💶", "'; DROP TABLE res_partner; --")
# Written where only staff reads, or of somebody else.
HIDDEN = ("INTERNAL-NOTE", "INTERNAL-COLLECTOR", "Caio Nogal", "caio@example.com", "529.982.247", "52998224725")
HIDDEN += ("ana@example.com", "98765-4321", "987654321", "Traceback", "psycopg2", "odoo.exceptions", "account.move")


class LinkCommon(RecordCommon, HttpCase):
    """A customer with two open invoices, a link to the older one; 19 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "cobranca_link_asks_document": True,
                "cobranca_claim_days": 5,
                "email": "cobranca@example.org",
                "phone": "+55 11 3333-4444",
                "vat": "11.222.333/0001-81",
            }
        )
        cls.customer.write({"comment": "<p>INTERNAL-NOTE</p>", "phone": "+55 81 98765-4321"})
        cls.collector.name = "INTERNAL-COLLECTOR"
        cls.foreign = cls.make_invoice(111.0, "2026-10-10", customer=cls.stranger)
        cls.foreign_line = cls.receivable(cls.foreign)
        cls.Link = cls.env["cobranca.debt.link"]
        cls.Claim = cls.env["cobranca.payment.claim"]
        cls.Attempt = cls.env["cobranca.attempt"]
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, "base.group_portal", lang="en_US")
        user.partner_id = partner
        return user

    def path(self, lines=None, customer=None, expires=TODAY + timedelta(days=14), company=None):
        """The path of a link."""
        lines = self.line if lines is None else lines
        row = ((company or self.company).id, (customer or self.customer).id, lines.ids, expires)
        [address] = self.Link._make_links([row])
        return urlsplit(address).path

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def post(self, path, csrf=True, files=None, **values):
        """The answer to a form that a browser sends, redirects not followed."""
        token = {"csrf_token": http.Request.csrf_token(self)} if csrf else {}
        return self.url_open(path, data={**token, **values}, files=files, allow_redirects=False)

    def enter(self, path, digits=DIGITS):
        """Open a link as the customer does: with the first digits of his CPF."""
        self.authenticate(None, None)
        answer = self.post(path, digitos=digits)
        self.assertEqual(answer.status_code, 303)
        page = self.get(path)
        self.assertEqual(page.status_code, 200)
        return page.text

    def claim(self, path, lines=None, files=None, **values):
        lines = self.line if lines is None else lines
        typed = {"pagamento": [f"{line}" for line in lines.ids], "quando": "2026-11-18", "como": "pix", **values}
        return self.post(f"{path}/ja-paguei", files=files, **typed)

    def claims(self):
        return self.Claim.search([("partner_id", "in", (self.customer | self.stranger).ids)], order="id")

    def assertHidden(self, text, also=()):
        for canary in (*HIDDEN, *also):
            self.assertNotIn(canary, text)

    @staticmethod
    def day(text):
        return date.fromisoformat(text)
