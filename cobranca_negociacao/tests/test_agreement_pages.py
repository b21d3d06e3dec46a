from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from odoo import Command, http
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.cobranca_recorrente.controllers import payment_papers

from .agreement_common import HALF, SECOND_DUE, SIGNED, TODAY, AgreementCommon
from .paper_common import make_pdf, sha256

TERM = make_pdf("term of the agreement")
LETTERS = "cobranca_negociacao.ir_cron_cobranca_agreement_quittance"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementPages(AgreementCommon, HttpCase):
    """A customer sees his agreements, pays by them and has their papers; nobody sees those of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "vat": "11.222.333/0001-81",
                "street": "Rua do Amparo, 10",
                "city": "São Paulo",
                "email": "cobranca@example.com",
                "phone": "+55 11 3333-4444",
                "cobranca_link_asks_document": False,
                "cobranca_pix_bank_id": False,
            }
        )
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.company.partner_id.bank_ids.active = False
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "77-0",
                "partner_id": cls.company.partner_id.id,
                "proxy_type": "email",
                "proxy_value": "caixa@aurora.example",
                "allow_out_payment": True,
            }
        )
        cls.portal = new_test_user(cls.env, "portal_ana", "base.group_portal", lang="en_US")
        cls.portal.partner_id = cls.customer
        case = cls("setUp")
        with freeze_time(TODAY):
            cls.origins = case.invoice(1000.0) | case.invoice(585.0, SECOND_DUE)
            cls.other_line = case.invoice(77.0, date(2026, 4, 20))
            cls.agreement = case.sign(cls.origins, percents=HALF)
            foreign = case.invoice(444.0, partner=cls.other)
            cls.foreign = case.sign(foreign, down=None, count=2, method="none", rate="0", first=date(2026, 5, 4))
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["cobranca.paper"]), "_render_paper", lambda *arguments: make_pdf("letter"))

    # --- help ---

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

    def line(self, number):
        return self.installment(self.agreement, number).line_id

    def link(self, lines):
        row = (self.company.id, self.customer.id, lines.ids, SIGNED + timedelta(days=60))
        [address] = self.env["cobranca.debt.link"]._make_links([row])
        return urlsplit(address).path

    def get(self, path, status=200):
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, status, path)
        return answer

    def post(self, path, **values):
        token = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(path, data={**token, **values}, allow_redirects=False)

    def assert_neutral(self, *paths):
        """Nothing is told, not even that there is something."""
        for path in paths:
            text = self.get(path, 404).text
            for hidden in (self.foreign.name, self.agreement.name, self.other.name):
                self.assertNotIn(hidden, text)

    # === WHO SEES WHAT === #

    def test_own_pages(self):
        self.authenticate("portal_ana", "portal_ana")
        listed = self.get("/my/acordos").text
        self.assertIn(f"Agreement {self.agreement.name}", listed)
        self.assertIn("Up to date", listed)
        self.assertIn("0 of 6 payments made", listed)
        self.assertNotIn(self.foreign.name, listed)
        page = self.get(f"/my/acordos/{self.agreement.id}").text
        for part in (
            "The first payment is due on 04/06/2026.",
            "Due today",
            "Installment 5 of 5",
            f'href="/my/pagamentos?pagamento={self.line(0).id}#payments_means"',
            "Payments that it replaces",
            "Pay off the agreement",
        ):
            self.assertIn(part, page)
        # Not signed on a page, not paid: no paper of it.
        for absent in ("/termo", "/recibo/", "/carta/", "Letters of quittance"):
            self.assertNotIn(absent, page)
        self.assertIn(f'href="/my/acordos/{self.agreement.id}"', self.get("/my/pagamentos").text)

    def test_among_the_open_payments(self):
        """Called by its number, and only what is to be paid now is chosen."""
        self.authenticate("portal_ana", "portal_ana")
        payments = self.get("/my/pagamentos").text
        self.assertIn(f"{self.agreement.name}, Down payment", payments)
        self.assertNotIn(f"/fatura/{self.line(0).id}", payments)
        chosen = self.env["cobranca.debt.page"]._get_first_choice(
            self.agreement.installment_ids.line_id | self.other_line, {}
        )
        self.assertEqual(set(chosen), {self.line(0).id, self.other_line.id})

    def test_nobody_else(self):
        self.authenticate("portal_ana", "portal_ana")
        self.assert_neutral(
            f"/my/acordos/{self.foreign.id}",
            f"/my/acordos/{self.foreign.id}/quitar",
            f"/my/acordos/{self.foreign.id}/termo",
            f"/my/acordos/{self.agreement.id}/termo",
            f"/my/acordos/{self.foreign.id}/recibo/{self.foreign.installment_ids[0].line_id.id}",
            f"/my/acordos/{self.agreement.id}/recibo/{self.line(0).id}",
            "/my/acordos/0",
            "/my/acordos/carta/1",
        )
        self.authenticate("collector", "collector")
        self.get("/my/acordos", 404)
        self.get(f"/my/acordos/{self.agreement.id}", 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get("/my/acordos").url)

    def test_link_of_what_was_renegotiated(self):
        """The link of the first reminder goes on: it shows what stands in the place of those invoices."""
        path = self.link(self.origins)
        self.authenticate(None, None)
        page = self.get(path).text
        self.assertNotIn("All is paid", page)
        self.assertIn(f"{self.agreement.name}, Down payment", page)
        self.assertNotIn("77.00", page, "nothing that the link is not about")
        self.assertIn(f'href="{path}/acordos/{self.agreement.id}"', page)
        page = self.get(f"{path}/acordos/{self.agreement.id}").text
        self.assertIn(f'href="{path}?pagamento={self.line(0).id}#payments_means"', page)
        self.assertIn(self.agreement.name, self.get(f"{path}/acordos").text)
        self.assert_neutral(f"{path}/acordos/{self.foreign.id}", f"{path}/acordos/{self.foreign.id}/quitar")
        # A link to something else of the same customer tells nothing of the agreement.
        other = self.link(self.other_line)
        self.assertNotIn(self.agreement.name, self.get(other).text)
        self.assert_neutral(f"{other}/acordos/{self.agreement.id}", f"{other}/acordos/{self.agreement.id}/quitar")
        # After a break the link of an installment opens the invoices again.
        installment = self.link(self.line(1))
        self.agreement.with_user(self.supervisor)._break(SIGNED, "Asked for")
        page = self.get(installment).text
        for line in self.origins:
            self.assertIn(f'id="payment_{line.id}"', page)
        ended = self.get(f"{installment}/acordos/{self.agreement.id}").text
        self.assertIn("This agreement ended on 04/06/2026", ended)
        self.assertIn("Speak with us", ended)
        self.assertNotIn("Asked for", ended, "what staff writes is for staff")
        self.assertNotIn("/quitar", ended)

    # === PAPERS === #

    def test_term_and_receipts(self):
        """The term byte for byte, and the receipt of each payment."""
        acceptance = (
            self.env["cobranca.acceptance"]
            .with_user(self.collector)
            ._record_upload(self.company, self.customer, self.agreement, TERM, "Ana Lindoso", self.customer.vat, SIGNED)
        )
        self.pay(self.line(0), self.installment(self.agreement, 0).amount)
        self.authenticate("portal_ana", "portal_ana")
        own = f"/my/acordos/{self.agreement.id}"
        page = self.get(own).text
        self.assertIn(sha256(TERM), page)
        self.assertIn("Thank you for paying in time. The next payment is due on 05/06/2026.", page)
        answer = self.get(f"{own}/termo")
        self.assertEqual((answer.content, answer.headers["Content-Type"]), (TERM, "application/pdf"))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn(f"{own}/recibo/{self.line(0).id}", page)
        self.get(f"{own}/recibo/{self.line(0).id}")
        receipt = self.env["cobranca.debt.page"]._prepare_receipt(self.company, self.customer, self.line(0))
        self.assertEqual(receipt["what"], f"{self.agreement.name}, Down payment")
        # Late, and about to break.
        with freeze_time("2026-05-19 15:00:00"):
            self.agreement.sudo().warned_on = date(2026, 5, 19)
            page = self.get(own).text
            self.assertIn("The payment of 05/06/2026 is open.", page)
            self.assertIn("Paying what is overdue until 05/21/2026 keeps the agreement", page)
            self.assertIn("today with fine and interest", page)
        self.assertTrue(acceptance)
        by_link = f"{self.link(self.origins)}/acordos/{self.agreement.id}/termo"
        self.assertIn("paper_document", self.get(by_link).text)
        self.assertEqual(self.post(by_link, documento=self.customer.vat).status_code, 303)
        self.assertEqual(self.get(by_link).content, TERM)

    def test_link_of_what_is_paid(self):
        """Its own payment is made, the agreement goes on: nobody is told that all is paid."""
        path = self.link(self.line(0))
        self.pay(self.line(0), self.installment(self.agreement, 0).amount)
        page = self.get(path).text
        self.assertNotIn("All is paid", page)
        self.assertIn("1 of 6 payments made", page)
        self.assertIn(f"{path}/recibo/{self.line(0).id}", page)

    def test_letter(self):
        """When all is paid; one that was taken back, or is of others, is as if there were none."""
        own = f"/my/acordos/{self.agreement.id}"
        lines = self.agreement.installment_ids._get_open().sorted("due").line_id
        self.pay(lines, sum(lines.mapped("amount_residual")))
        self.authenticate("portal_ana", "portal_ana")
        self.assertIn("will be here soon", self.get(own).text)
        with self.enter_registry_test_mode():
            self.env.ref(LETTERS).method_direct_trigger()
        self.env.invalidate_all()
        letter = self.agreement._get_quittances()
        self.assertIn(f"/my/acordos/carta/{letter.id}", self.get(own).text)
        self.assertEqual(self.get(f"/my/acordos/carta/{letter.id}").content, letter.attachment_id.raw)
        self.assertIn(letter.name, self.get("/my/acordos").text)
        by_link = f"{self.link(self.origins)}/acordos/carta/{letter.id}"
        self.assertIn("paper_document", self.get(by_link).text, "a link alone does not open what names him in full")
        self.assertIn("paper_error", self.post(by_link, documento="111.444.777-35").text)
        self.assertEqual(self.post(by_link, documento=self.customer.vat).status_code, 303)
        self.assertEqual(self.get(by_link).content, make_pdf("letter"))
        self.assert_neutral(f"{self.link(self.other_line)}/acordos/carta/{letter.id}")
        letter.with_user(self.supervisor)._revoke("Error")
        self.assert_neutral(f"/my/acordos/carta/{letter.id}")

    def test_receipt_by_a_link(self):
        """A link alone opens no receipt: who came by it tells the document; and receipts are not made without end."""
        self.patch(type(self.env["cobranca.debt.page"]), "_make_receipt", lambda *arguments: make_pdf("receipt"))
        self.pay(self.line(0), self.installment(self.agreement, 0).amount)
        self.authenticate(None, None)
        link = self.link(self.origins)
        path = f"{link}/acordos/{self.agreement.id}/recibo/{self.line(0).id}"
        for address in (path, f"{link}/recibo/{self.line(0).id}"):
            self.assertIn("paper_document", self.get(address).text, address)
        self.assertEqual(self.post(path, documento=self.customer.vat).status_code, 303)
        self.assertEqual(self.get(path).content, make_pdf("receipt"))
        self.patch(payment_papers, "PDFS_AN_HOUR", 1)
        self.get(path, status=429)

    # === PAY-OFF === #

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
