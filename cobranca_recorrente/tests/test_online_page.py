import json
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models import cobranca_online_payment
from .online_form_common import OnlineFormCommon


@tagged("post_install", "-at_install")
class TestOnlinePage(OnlineFormCommon):
    """From a link, or logged in, to a transaction of what was chosen: amount and invoices are the server's."""

    # --- from a link ---

    def test_link_to_paid(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.assertEqual(float(form["amount"]), self.total)
        self.assertEqual(form["transaction-route"], f"{address}/pagar")
        values = self.begin_by(address, form)
        transaction = self.made()
        self.assertEqual((values["reference"], values["amount"]), (transaction.reference, self.total))
        self.assertEqual(transaction.invoice_ids, self.invoice | self.later)
        self.assertEqual(transaction.cobranca_quote_id.quote_line_ids.line_id, self.both)
        self.assertEqual((transaction.landing_route, transaction.tokenize), (address, False))
        self.assertEqual((transaction.partner_id, transaction.company_id), (self.customer, self.company))
        transaction._set_done()
        polled = self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual((polled["state"], polled["landing_route"]), ("done", address))
        self.assertEqual(self.open_items(), {})
        page = self.get(address).text
        self.assertIn('data-kind="done"', page)
        self.assertFalse(self.read_form(page))

    def test_what_the_page_gives_out_becomes_a_payment_online(self):
        path = self.path(self.both)
        self.enter(path)
        of_page = self.Quote._make(self.company, self.customer, self.line, source="page")
        answer = self.get(f"{path}/online/{of_page.txid}")
        self.assertEqual(answer.status_code, 303)
        txid = answer.headers["Location"].rpartition("/")[2]
        quote = self.Quote._find(self.company, [txid])[txid]
        self.assertEqual((quote.source, quote.quote_line_ids.line_id), ("online", self.line))
        self.assertRefused(f"{path}/online/{of_page.txid}", {}, "NotFound")

    def test_neutral_and_kept_by_nobody(self):
        path = self.path(self.both)
        self.enter(path)
        answer = self.get(f"{path}/online/{self.quote().txid}")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        head = answer.text.partition("</head>")[0]
        self.assertNotIn(self.invoice.name, head)
        self.assertHidden(answer.text)

    # --- between the form and the payment ---

    def test_the_amount_changed_meanwhile(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.pay(self.invoice, 100.0, self.day("2026-11-19"))
        self.assertRefused(address, form, "Load the page again")
        answer = self.get(address)
        self.assertEqual(answer.status_code, 303)
        fresh = self.get(answer.headers["Location"])
        self.assertLess(float(self.read_form(fresh.text)["amount"]), self.total)

    def test_the_next_day(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        with self.on("2026-11-20", hour=4):
            self.assertRefused(address, form, "Load the page again")
            self.assertEqual(self.get(address).status_code, 303)

    def test_paid_meanwhile(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.pay_quote()
        self.assertIn('data-kind="done"', self.get(address).text)
        self.assertRefused(address, form)

    def test_nothing_open_any_more(self):
        path = self.path(self.both)
        self.enter(path)
        quote = self.quote()
        self.pay(self.invoice, 500.0, self.day("2026-11-19"))
        self.pay(self.later, 300.0, self.day("2026-11-19"))
        answer = self.get(f"{path}/online/{quote.txid}")
        self.assertEqual((answer.status_code, answer.headers["Location"].endswith(path)), (303, True))

    def test_a_payment_under_way_is_not_paid_again(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.begin_by(address, form)
        self.made()._set_pending()
        page = self.get(address).text
        self.assertIn('data-kind="pending"', page)
        self.assertFalse(self.read_form(page))
        self.assertRefused(address, form, "being processed")
        part = self.quote(self.line)
        page = self.get(f"{path}/online/{part.txid}").text
        self.assertIn('data-kind="pending"', page)
        self.assertFalse(self.read_form(page))

    def test_failed_and_tried_again(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.begin_by(address, form)
        self.made()._set_error("<b>Declined</b>")
        polled = self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual((polled["state"], polled["landing_route"]), ("error", address))
        page = self.get(address).text
        self.assertIn('data-kind="error"', page)
        self.assertIn("&lt;b&gt;Declined", page)
        self.begin_by(address, self.read_form(page))
        first, second = self.made()
        self.assertNotEqual(first.reference, second.reference)
        second._set_canceled()
        self.assertIn('data-kind="cancel"', self.get(address).text)

    def test_transfer_that_was_announced(self):
        """The customer may still pay in another way: nobody knows whether he transfers."""
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        self.begin_by(address, form)
        self.made()._set_pending()
        self.startPatcher(patch.object(cobranca_online_payment, "BY_HAND", ("none",)))
        self.provider.pending_msg = "<p>Bank 001</p>"
        page = self.get(address).text
        self.assertIn('data-kind="transfer"', page)
        self.assertIn("<p>Bank 001</p>", page)
        self.assertEqual(float(self.read_form(page)["amount"]), self.total)

    def test_many_payments_a_day(self):
        path = self.path(self.both)
        self.enter(path)
        address, form = self.open_form(path)
        for _time in range(15):
            self.begin_by(address, form)
        self.assertRefused(address, form, "many payments")

    # --- who is logged in ---

    def test_own_to_paid(self):
        self.authenticate("ana", "ana")
        address, form = self.open_form("/my/pagamentos")
        self.begin_by(address, form)
        self.made()._set_done()
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.assertEqual(self.open_items(), {})
        self.assertIn('data-kind="done"', self.get(address).text)

    # --- means of the page ---

    def test_means(self):
        self.env["payment.provider"].search([("id", "!=", self.provider.id)]).state = "disabled"
        visit = {"path": "/my/pagamentos", "is_link": False, "company": self.company.sudo(), "debtor": self.customer}
        quote = self.quote()
        Means = self.env["cobranca.payment.method"]

        def online():
            return [means for means in Means._get_means(quote, visit) if means["code"] == "online"]

        [means] = online()
        self.assertEqual(
            means["values"]["online"],
            {"label": "Card", "url": f"/my/pagamentos/online/{quote.txid}", "is_test": False},
        )
        json.dumps(means)
        second = self.env["payment.method"].create({"name": "Boleto", "code": "b", "active": False})
        self.provider.payment_method_ids = [Command.link(second.id)]
        second.active = True
        self.provider.state = "test"
        second.active = self.method.active = True
        self.assertEqual(online()[0]["values"]["online"]["label"], "Boleto or Card")
        self.assertTrue(online()[0]["values"]["online"]["is_test"])
        self.provider.state = "disabled"
        self.assertEqual(online(), [])
