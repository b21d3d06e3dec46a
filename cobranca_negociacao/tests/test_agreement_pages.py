from datetime import date

from odoo.tests import freeze_time, tagged

from odoo.addons.cobranca_recorrente.controllers import payment_papers

from .agreement_common import SIGNED, TODAY
from .agreement_page_common import AgreementPageCommon
from .paper_common import make_pdf, sha256

TERM = make_pdf("term of the agreement")
LETTERS = "cobranca_negociacao.ir_cron_cobranca_agreement_quittance"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementPages(AgreementPageCommon):
    """A customer sees his agreements and has their papers; nobody sees those of others."""

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
