from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .link_common import ATTACK, ODD, PDF, PNG, LinkCommon
from .record_common import TODAY


@tagged("post_install", "-at_install")
class TestPaymentClaimPage(LinkCommon):
    """“I have paid”, through a link: what is taken, and all that is not."""

    def test_told_through_a_link(self):
        path = self.path(self.line | self.later_line)
        self.enter(path)
        form = self.get(f"{path}/ja-paguei").text
        self.assertIn('type="file"', form)
        files = [("comprovante", ("recibo.pdf", PDF, "text/html")), ("comprovante", ("x.exe", PNG, "x/y"))]
        answer = self.claim(path, files=files, valor="1.195,60", observacao="Paguei")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"{path}?aviso=recebido"))
        claim = self.claims()
        self.assertEqual((claim.partner_id, claim.claim_line_ids.line_id), (self.customer, self.line))
        self.assertEqual((claim.amount, claim.paid_on, claim.means), (1195.6, date(2026, 11, 18), "pix"))
        self.assertEqual(sorted(claim.attachment_ids.mapped("name")), ["recibo.pdf", "x.png"])
        page = self.get(f"{path}?aviso=recebido").text
        self.assertIn("alert-success", page)
        self.assertIn("o_cobranca_told", page)
        form = self.get(f"{path}/ja-paguei").text
        self.assertNotIn(f'value="{self.line.id}"', form)
        self.assertIn(f'value="{self.later_line.id}"', form)

    def test_double_post(self):
        path = self.path()
        self.enter(path)
        for _time in range(2):
            self.assertEqual(self.claim(path).status_code, 303)
        self.assertEqual(len(self.claims()), 1)
        self.assertEqual(len(self.holds(self.claims())), 1)
        said = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(said), 1)

    def test_lines_of_others_through_own_link(self):
        path = self.path()
        self.enter(path)
        for lines in (self.foreign_line, self.later_line, self.line.browse(2**31)):
            answer = self.claim(path, lines)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("claim_error", answer.text)
        self.assertEqual(self.claim(path, self.line | self.foreign_line | self.later_line).status_code, 303)
        self.assertEqual(self.claims().claim_line_ids.line_id, self.line)
        self.assertFalse(self.env["cobranca.hold"].search([("partner_id", "=", self.stranger.id)]))

    def test_files_are_refused_by_content(self):
        path = self.path()
        self.enter(path)
        for name, content in (
            ("recibo.pdf", b"<html><script>alert(1)</script></html>"),
            ("foto.png", b"<svg xmlns='x' onload='alert(1)'/>"),
            ("foto.jpg", b"GIF89a"),
            ("x.webp", b"RIFF....WAVEfmt "),
            ("grande.pdf", PDF + b"0" * (5 * 1024 * 1024)),
        ):
            answer = self.claim(path, files=[("comprovante", (name, content, "application/pdf"))])
            self.assertEqual(answer.status_code, 200, name)
            self.assertIn("claim_error", answer.text)
        many = [("comprovante", (f"{number}.pdf", PDF, "application/pdf")) for number in range(4)]
        self.assertIn("claim_error", self.claim(path, files=many).text)
        self.assertFalse(self.claims())
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", "cobranca.payment.claim")]))

    @mute_logger("odoo.http")
    def test_a_form_that_is_too_large(self):
        path = self.path()
        self.enter(path)
        large = PDF + b"0" * (17 * 1024 * 1024)
        answer = self.claim(path, files=[("comprovante", ("x.pdf", large, "application/pdf"))])
        self.assertIn(answer.status_code, (400, 413))
        self.assertFalse(self.claims())

    @mute_logger("odoo.http")
    def test_odd_values(self):
        path = self.path()
        self.enter(path)
        for name in ("pagamento", "quando", "como", "valor", "observacao"):
            for text in ODD:
                typed = {"pagamento": f"{self.line.id}", "quando": "2026-11-18", "como": "pix", name: text}
                with self.env.cr.savepoint() as savepoint:
                    answer = self.post(f"{path}/ja-paguei", **typed)
                    self.assertIn(answer.status_code, (200, 303), (name, text))
                    self.assertHidden(answer.text)
                    savepoint.rollback()

    def test_not_told_too_often(self):
        path = self.path(self.line | self.later_line)
        self.enter(path)
        for _time in range(5):
            self.Attempt._count("claim", f"{self.company.id}.{self.customer.id}")
        answer = self.claim(path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("claim_error", answer.text)
        self.assertFalse(self.claims())

    def test_not_found_is_told(self):
        path = self.path()
        self.enter(path)
        self.claim(path)
        self.claims().with_user(self.collector)._decide("refused", f"No Pix came in {ATTACK}")
        page = self.get(path).text
        self.assertIn("No Pix came in &lt;img", page)
        self.assertNotIn("INTERNAL", page)
        self.assertIn("ja-paguei", page)
        with self.on(TODAY + timedelta(days=31)):
            self.enter(self.path(expires=date(2026, 12, 31)))
            self.assertNotIn("No Pix came in", self.get(self.path(expires=date(2026, 12, 31))).text)
