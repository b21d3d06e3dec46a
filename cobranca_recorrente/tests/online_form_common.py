import re

from odoo.tools import mute_logger

from .online_common import OnlineCommon


class OnlineFormCommon(OnlineCommon):
    """Odoo's form of providers as a browser uses it, and as somebody does who writes his own requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = cls.make_portal_user("ana", cls.customer)
        cls.caio = cls.make_portal_user("caio", cls.stranger)

    def open_form(self, path, quote=None):
        """The form of a quote, as the page has it.

        :return: (address, values of the form)
        """
        quote = quote or self.quote()
        address = f"{path}/online/{quote.txid}"
        answer = self.get(address)
        self.assertEqual(answer.status_code, 200, answer.text)
        return address, self.read_form(answer.text)

    def read_form(self, page):
        form = re.search(r'<form[^>]*id="o_payment_form".*?>', page, re.DOTALL)
        return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', form[0])) if form else {}

    def ask(self, address, form, **changes):
        """What Odoo's form sends."""
        sent = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": float(form.get("amount") or 0),
            "flow": "redirect",
            "tokenization_requested": True,
            "landing_route": "https://evil.example.com",
            "is_validation": False,
            "access_token": form.get("access-token"),
            "csrf_token": "x",
            "payment_reference": None,
            **changes,
        }
        answer = self.url_open(f"{address}/pagar", json={"jsonrpc": "2.0", "method": "call", "params": sent})
        return answer.json()

    def begin_by(self, address, form, **changes):
        return self.ask(address, form, **changes)["result"]

    def get(self, path):
        """The answer; who is logged in is sent to the address of his language."""
        answer = super().get(path)
        moved = answer.headers.get("Location", "")
        return super().get(moved) if "/en/" in moved else answer

    def made(self):
        return self.Transaction.search([("partner_id", "in", (self.customer | self.stranger).ids)], order="id")

    def assertRefused(self, address, form, why=None, **changes):
        before = self.made()
        with mute_logger("odoo.http"):
            answer = self.ask(address, form, **changes)
        self.assertNotIn("result", answer, changes)
        if why:
            told = answer["error"]["data"]
            self.assertIn(why, f"{told['name']} {told['message']}")
        self.assertEqual(self.made(), before, changes)
