from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from .link_common import ODD
from .online_form_common import OnlineFormCommon


@tagged("post_install", "-at_install")
class TestOnlineRefusals(OnlineFormCommon):
    """Whoever sends what, a transaction is only made of what he may see, for what it costs."""

    def test_tampered(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        for amount in (0.01, -5, self.total - 0.01, self.total + 1, "1", [1], True, 1e300):
            self.assertRefused(address, form, amount=amount)
        for token in ("", None, "x", 5, form["access-token"][:-1], [form["access-token"]]):
            self.assertRefused(address, form, access_token=token)
        other = self.quote(self.line)
        self.assertRefused(f"{path}/online/{other.txid}", form)
        for field, values in {
            "provider_id": (0, -1, 2**40, "x", None, [self.provider.id]),
            "payment_method_id": (0, -1, 2**40, "x", None),
            "flow": ("token", "offline", "validation", "", None, 5),
        }.items():
            for value in values:
                self.assertRefused(address, form, **{field: value})
        for extra in ("partner_id", "currency_id", "custom_create_values", "invoice_ids", "cobranca_quote_id", "state"):
            self.assertRefused(address, form, **{extra: 1})
        self.assertFalse(self.made())
        self.begin_by(address, form, is_validation=True, amount=None)
        self.assertEqual((self.made().amount, self.made().operation), (self.total, "online_redirect"))

    def test_means_that_are_not_offered(self):
        """Disabled, not published, of another company, another means: none of it takes money."""
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.provider.sudo().copy({"company_id": other.id, "name": "Foreign"})
        unused = self.env["payment.method"].create({"name": "Unused", "code": "unused"})
        self.assertRefused(address, form, "Forbidden", provider_id=foreign.id)
        self.assertRefused(address, form, "Forbidden", payment_method_id=unused.id)
        for values in ({"is_published": False}, {"state": "disabled"}, {"maximum_amount": 10}):
            self.provider.write({"is_published": True, "state": "enabled", "maximum_amount": 0, **values})
            self.method.active = self.provider.state == "enabled"
            self.assertRefused(address, form, "Forbidden")
            page = self.get(address).text
            self.assertFalse(self.read_form(page))

    def test_kept_cards_are_for_who_is_logged_in(self):
        token = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": self.customer.id,
                "provider_ref": "x",
                "payment_details": "CARD-OF-ANA",
            }
        )
        foreign = token.copy({"partner_id": self.stranger.id})
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.assertNotIn("CARD-OF-ANA", self.get(address).text)
        card = {"flow": "token", "token_id": token.id, "payment_method_id": None}
        self.assertRefused(address, form, "Forbidden", **card)
        self.authenticate("ana", "ana")
        address, form = self.open_form("/my/pagamentos")
        self.assertIn("CARD-OF-ANA", self.get(address).text)
        self.assertRefused(address, form, "Forbidden", **{**card, "token_id": foreign.id})
        self.begin_by(address, form, **card)
        self.assertEqual((self.made().token_id, self.made().operation), (token, "online_token"))

    def test_of_somebody_else(self):
        path, foreign = self.path(self.both), self.path(self.foreign_line, self.stranger)
        quote = self.quote()
        self.enter(path)
        address, form = self.open_form(path, quote)
        self.company.cobranca_link_asks_document = False
        forged = f"{quote.txid[:-1]}{'A' if quote.txid[-1] != 'A' else 'B'}"
        for address in (f"{foreign}/online/{quote.txid}", f"{path}/online/{forged}"):
            self.assertEqual(self.get(address).status_code, 404)
            self.assertRefused(address, form, "NotFound")
        self.pay_quote(quote)
        self.assertEqual(self.get(f"{foreign}/online/{quote.txid}").status_code, 404, "nor how it was paid")
        self.authenticate("caio", "caio")
        self.assertEqual(self.get(f"/my/pagamentos/online/{quote.txid}").status_code, 404)
        self.assertRefused(f"/my/pagamentos/online/{quote.txid}", form, "NotFound")

    def test_a_link_pays_only_what_it_shows(self):
        """Who was given the link of one invoice does not pay, nor see, the other."""
        narrow = self.path(self.line)
        self.enter(narrow)
        quote = self.quote()
        answer = self.get(f"{narrow}/online/{quote.txid}")
        self.assertEqual(answer.status_code, 404)
        self.assertHidden(answer.text, (self.later.name, "300.00"))
        self.assertRefused(f"{narrow}/online/{quote.txid}", {}, "NotFound")

    def test_without_digits_or_after_the_last_day(self):
        quote = self.quote()
        path = self.path(self.both)
        self.enter(path)
        _address, form = self.open_form(path, quote)
        expired = self.path(self.both, expires=date(2026, 11, 18))
        self.assertEqual(self.get(f"{expired}/online/{quote.txid}").status_code, 410)
        self.assertEqual(self.begin_by(f"{expired}/online/{quote.txid}", form)["state"], "error")
        self.authenticate(None, None)
        page = self.get(f"{path}/online/{quote.txid}")
        self.assertIn("question_digits", page.text)
        self.assertHidden(page.text, (self.invoice.name, "500.00"))
        self.assertEqual(self.begin_by(f"{path}/online/{quote.txid}", form)["state"], "error")
        self.customer.with_user(self.supervisor).action_cobranca_revoke_links()
        self.assertEqual(self.begin_by(f"{path}/online/{quote.txid}", form)["state"], "error")
        self.assertFalse(self.made())

    @mute_logger("odoo.http")
    def test_guesses_are_counted(self):
        good = self.path().rpartition("/")[2]
        start = good[:-5] + ("A" if good[-5] != "A" else "B")  # none of the guesses is the right one
        self.authenticate(None, None)
        for number in range(31):
            self.begin_by(f"/my/pagamentos/{start}{number:04d}/online/x", {})
        self.assertEqual(self.get(f"/my/pagamentos/{start}9999").status_code, 429)

    def test_odd_references(self):
        self.authenticate("ana", "ana")
        for text in ODD[1:]:
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_http"):
                self.assertIn(self.get(f"/my/pagamentos/online/{text}").status_code, (404, 400), text[:20])

    def test_who_is_no_customer(self):
        address = f"/my/pagamentos/online/{self.quote().txid}"
        self.authenticate("collector", "collector")
        self.assertEqual(self.get(address).status_code, 404)
        self.assertRefused(address, {}, "NotFound")
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get(address).headers.get("Location", ""))
        self.assertRefused(address, {})
