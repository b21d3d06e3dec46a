import io

from pypdf import PdfReader

from odoo.tests import freeze_time, tagged

from odoo.addons.cobranca_negociacao.models.cobranca_paper import CobrancaPaper

from .paper_common import PaperCommon, sha256


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 15:00:00")
class TestPapersPdf(PaperCommon):
    """The real thing: what wkhtmltopdf makes of the papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing is fetched: all that papers need is in them.
        cls.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["cobranca.paper"]), "_render_paper", CobrancaPaper._render_paper)

    def read_pdf(self, content):
        self.assertTrue(content.startswith(b"%PDF-"))
        pages = PdfReader(io.BytesIO(content)).pages
        return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())

    def with_pdf(self, model):
        return model.with_context(force_report_rendering=True)

    def test_letter(self):
        move = self.invoice(100)
        self.pay(move, 100)
        quittance = self.with_pdf(self.Quittance)._issue_for_move(move)
        count, text = self.read_pdf(quittance.attachment_id.raw)
        self.assertEqual(count, 1)
        foot = f"{quittance.name} · página 1 de 1"
        for part in ("CARTA DE QUITAÇÃO", foot, "cem reais", "plena e geral quitação"):
            self.assertIn(part, text)
        self.assertEqual(quittance.document_hash, sha256(quittance.attachment_id.raw))

    def test_term_and_its_evidence(self):
        Term = self.with_pdf(self.Term)
        lines = (self.invoice(1000, "2026-08-26") | self.invoice(585, "2026-10-10"))._cobranca_get_debt_lines()
        content = Term._render_pdf(Term._get_values(self.terms(lines)))
        count, text = self.read_pdf(content)
        self.assertLessEqual(count, 3)
        feet = [f"Termo de acordo ACOR/2026/00001 · página {number} de {count}" for number in range(1, count + 1)]
        for part in ("TERMO DE ACORDO E CONFISSÃO DE DÍVIDA", "sem ânimo de novar", "1.480,83", "11. Foro", *feet):
            self.assertIn(part, text)
        acceptance = self.accept(content, title="Acordo")
        proven = acceptance.with_context(force_report_rendering=True)._get_proven_file()
        total, text = self.read_pdf(proven)
        self.assertEqual(total, count + 1)
        self.assertIn("COMPROVANTE DE ACEITE", text)
        self.assertIn(sha256(content)[:32], text)
