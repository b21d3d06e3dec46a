from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from odoo import Command
from odoo.tests import freeze_time, tagged

from .agreement_common import SIGNED, TODAY
from .agreement_page_common import AgreementPageCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementPayoffPages(AgreementPageCommon):
    """A customer pays all that is left of an agreement at once."""

    def make_provider(self):
        """Somebody who takes cards."""
        form = self.env["ir.ui.view"].create({"name": "Test", "type": "qweb", "arch": "<form/>"})
        means = self.env["payment.method"].create({"name": "Card", "code": "card_of_test", "active": True})
        self.env["payment.provider"].create(
            {
                "name": "Test",
                "code": "none",
                "state": "enabled",
                "is_published": True,
                "payment_method_ids": [Command.set(means.ids)],
                "redirect_form_view_id": form.id,
                "journal_id": self.bank.id,
            }
        )
        means.active = True

    def test_pay_off_by_pix(self):
        """The Pix of the page is of exactly the amount that pays all off, and gives the rebate by itself."""
        path = f"{self.link(self.origins)}/acordos/{self.agreement.id}/quitar"
        quotes = self.env["cobranca.payment.quote"]
        kept = quotes.search([])
        self.make_provider()
        self.authenticate(None, None)
        page = self.get(path).text
        self.assertIn("See how to pay", page, "who opens the links of a mail makes no code")
        self.assertFalse(quotes.search([]) - kept)
        answer = self.post(path)
        self.assertEqual((answer.status_code, urlsplit(answer.headers["Location"]).path), (303, path))
        page = self.get(path).text
        made = quotes.search([]) - kept
        whole = self.agreement._pay_off_quote(SIGNED)
        rebate = sum(whole.rebates.values())
        self.assertGreater(rebate, Decimal(30))
        self.assertEqual((made.source, made.amount), ("payoff", float(whole.total)))
        self.assertEqual(made.amount, round(self.agreement.total - float(rebate), 2))
        self.assertIn(made.txid, page)
        self.assertIn(f"/online/{made.txid}", page, "by card as by Pix")
        self.assertNotIn("of what is late", page, "nothing is")
        self.assertEqual(self.get(path).text.count(made.txid), page.count(made.txid), "asked again it is the same")
        # Less than all, and money of a day on which it costs more, is an ordinary payment.
        short = self.money(100.0)
        made._receive(short, SIGNED)
        self.assertEqual((self.agreement.state, short.reconciled), ("active", True))
        self.assertFalse(self.env["account.move"].search([("cobranca_agreement_role", "=", "rebate")]))

    def test_money_of_a_pay_off(self):
        made = self.env["cobranca.payment.quote"]._make_pay_off(self.agreement)
        credit = self.money(made.amount)
        moves = made.with_user(self.collector)._receive(credit, SIGNED)
        self.assertIn("rebate", moves.sudo().mapped("cobranca_agreement_role"))
        self.assertEqual((self.agreement.state, made.state, credit.reconciled), ("paid", "paid", True))
        self.assertEqual(self.open_lines(), [(date(2026, 4, 20), 77.0)])
        # The same money again finds nothing to pay: it stays the customer's, and no rebate is given twice.
        again = self.money(made.amount)
        made._receive(again, SIGNED)
        self.assertFalse(again.reconciled)
        self.assertEqual(self.env["account.move"].search_count([("cobranca_agreement_role", "=", "rebate")]), 1)

    def test_pay_off_by_card(self):
        """What the provider asks for is the same amount, and its money gives the same rebate."""
        Online = self.env["cobranca.online.payment"]
        wanted = self.env["cobranca.payment.quote"]._make_pay_off(self.agreement)
        quote = Online._renew(wanted)
        self.assertEqual((quote.source, quote.amount), ("online", wanted.amount))
        self.assertLess(quote.amount, self.agreement.total)
        credit = self.money(quote.amount)
        quote._receive(credit, SIGNED)
        self.assertEqual((self.agreement.state, credit.reconciled), ("paid", True))
        self.assertEqual(self.open_lines(), [(date(2026, 4, 20), 77.0)])

    def test_money_of_another_day(self):
        """It costs more then: the installments are paid in their turn, and nothing is let off."""
        made = self.env["cobranca.payment.quote"]._make_pay_off(self.agreement)
        later = SIGNED + timedelta(days=20)
        with freeze_time("2026-04-26 15:00:00"):
            credit = self.money(made.amount, later)
            made._receive(credit, later)
        self.assertEqual((self.agreement.state, credit.reconciled), ("active", True))
        self.assertFalse(self.env["account.move"].search([("cobranca_agreement_role", "=", "rebate")]))

    def test_nothing_to_pay_off(self):
        """A page of before: its button leads back, and no code is made."""
        self.agreement.with_user(self.supervisor)._break(SIGNED, "Asked for")
        self.authenticate("portal_ana", "portal_ana")
        answer = self.get(f"/my/acordos/{self.agreement.id}/quitar")
        self.assertTrue(answer.url.endswith(f"/my/acordos/{self.agreement.id}"))
