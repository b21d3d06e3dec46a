import io

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.cobranca_recorrente.tests.common import CPF

from .paper_common import PaperCommon, make_pdf, sha256

NOW = "2026-11-24 15:00:00"
PAPER = make_pdf("term", "second page")
OTHER = make_pdf("another term")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAcceptanceEvidence(PaperCommon):
    """The register stays as it is, and says plainly what it proves."""

    # === NOTHING CHANGES === #

    def test_register_is_append_only(self):
        acceptance = self.accept(PAPER)
        for record in (acceptance, acceptance.sudo(), acceptance.with_user(self.manager)):
            with self.assertRaises(UserError):
                record.write({"name": "Somebody else"})
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            acceptance.sudo().name = "Somebody else"
        with self.assertRaisesRegex(UserError, "stays in the register"):
            acceptance.sudo().unlink()
        with self.assertRaises(AccessError):
            self.Acceptance.with_user(self.manager).create({"title": "x"})

    def test_paper_is_append_only(self):
        paper = self.accept(PAPER).attachment_id
        changes = (
            {"raw": OTHER},
            {"datas": b"eA=="},
            {"res_model": "res.partner"},
            {"res_id": 1},
            {"public": True},
            {"access_token": "x"},
            {"url": "https://example.com", "type": "url"},
            {"raw": PAPER, "res_id": 7},
        )
        for values in changes:
            with self.assertRaisesRegex(UserError, "stays as it is"):
                paper.sudo().write(values)
        with self.assertRaises(UserError):
            paper.sudo().generate_access_token()
        with self.assertRaisesRegex(UserError, "not deleted"):
            paper.sudo().unlink()
        with self.assertRaises(UserError):
            paper.with_user(self.manager).unlink()
        # Odoo may move the bytes to another storage, and people may give the file another description.
        paper.sudo().write({"raw": PAPER, "mimetype": "application/pdf"})
        paper.sudo().write({"description": "x"})
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"x", "res_model": "res.partner", "res_id": 1})
        other.write({"raw": b"y"})
        other.unlink()

    def test_removed_with_the_person(self):
        """When nothing keeps a person any more, what he accepted goes too (LGPD, art. 16)."""
        acceptance = self.accept(PAPER, ip="203.0.113.9", agent="Mozilla")
        paper = acceptance.attachment_id
        with self.assertRaisesRegex(UserError, "not deleted"):
            paper.sudo().with_context(cobranca_wipe_papers=True).unlink()
        self.customer.sudo()._cobranca_wipe()
        self.env.invalidate_all()
        self.assertFalse(paper.exists())
        self.assertEqual((acceptance.name, acceptance.document), ("–", "–"))
        self.assertFalse(acceptance.ip or acceptance.agent or acceptance.code_contact)
        self.assertEqual(acceptance.code_id.contact, "–")
        self.assertTrue(acceptance.document_hash, "that something was accepted stays known")

    def test_changed_file_is_seen(self):
        acceptance = self.accept(PAPER, name="Ana Lindoso")
        forged = self.env["ir.attachment"].create({"name": "forged", "raw": OTHER})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment paper SET store_fname = forged.store_fname, db_datas = forged.db_datas "
            "FROM ir_attachment forged WHERE paper.id = %s AND forged.id = %s",
            [acceptance.attachment_id.id, forged.id],
        )
        self.env.invalidate_all()
        self.assertFalse(acceptance.is_intact)
        with self.assertRaisesRegex(UserError, "it proves nothing"):
            acceptance._get_proven_file()

    # === WHO SEES IT === #

    def test_who_reads_it(self):
        acceptance = self.accept(PAPER)
        seen = acceptance.with_user(self.collector)
        self.assertEqual((seen.name, seen.document_masked), ("Ana Lindoso", "***.982.247-**"))
        with self.assertRaises(AccessError):
            seen.read(["document"])
        self.assertEqual(acceptance.with_user(self.supervisor).document, CPF)
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                acceptance.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                acceptance.attachment_id.with_user(user).read(["raw"])
        self.assertFalse(acceptance.attachment_id.public)
        self.assertFalse(acceptance.attachment_id.sudo().access_token)

    def test_companies_are_apart(self):
        acceptance = self.accept(PAPER)
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        self.collector.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.Acceptance.with_user(self.collector).search([]))
        with self.assertRaises(AccessError):
            acceptance.with_user(self.collector)._get_proven_file()

    def test_found_by_its_record(self):
        move = self.invoice(10)
        first = self.accept(PAPER, record=move)
        self.assertEqual(self.Acceptance._find_of(move), first)
        self.assertFalse(self.Acceptance._find_of(self.invoice(10)))

    # === EVIDENCE === #

    def test_evidence_is_said_plainly(self):
        self.invoice(10)
        portal, operator, upload = self.accept(PAPER), self.by_operator(self.collector, PAPER), self.upload(PAPER)
        self.assertIn("Simple electronic signature (Lei 14.063/2020, art. 4, I)", portal.evidence_text)
        self.assertIn("MP 2.200-2/2001, art. 10, § 2", portal.evidence_text)
        self.assertIn("no ICP-Brasil certificate", portal.evidence_text)
        # Only what was compared is said to be: the CPF of a person, and no name.
        self.assertIn("The CPF that was typed is the one that was registered", portal.evidence_text)
        self.assertIn("The name is as it was typed, and was compared with nothing", portal.evidence_text)
        self.assertNotIn("knew the name", portal.evidence_text)
        self.assertIn("the customer has signed nothing", operator.evidence_text)
        self.assertIn("signed by hand", upload.evidence_text)

    def test_sheet_of_evidence(self):
        acceptance = self.accept(PAPER, ip="203.0.113.9", agent="<b>Mozilla</b>/5.0", title="Acordo <i>1</i>")
        html = self.html("acceptance", acceptance._get_evidence())
        for part in (
            "COMPROVANTE DE ACEITE",
            "Escola Aurora Ltda",
            "CNPJ 11.222.333/0001-81",
            "Ana Lindoso",
            CPF,
            "24/11/2026 15:00:00 UTC",
            "203.0.113.9",
            "a***@example.com",
            sha256(PAPER)[:32],
            sha256(PAPER)[32:],
            "assinatura eletrônica simples",
            "Lei 14.063/2020, art. 4º, I",
            "MP 2.200-2/2001, art. 10, § 2º",
            "Não é assinatura com certificado ICP-Brasil",
            "O CPF informado foi comparado com o cadastrado",
            "O nome consta como foi digitado e não foi comparado",
        ):
            self.assertIn(part, html)
        for part in ("<b>Mozilla", "<i>1"):
            self.assertNotIn(part, html)

    def test_what_a_company_typed_was_compared_with_nothing(self):
        """Who acts for a company types his own CPF, or its CNPJ: neither is looked up."""
        acceptance = self.accept(PAPER, partner=self.business, document=CPF)
        self.assertFalse(acceptance.is_document_compared)
        self.assertIn("compared with nothing, since who acts for a company", acceptance.evidence_text)
        self.assertNotIn("is the one that was registered", acceptance.evidence_text)
        html = self.html("acceptance", acceptance._get_evidence())
        self.assertIn("não foi comparado com nenhum cadastro", html)
        self.assertNotIn("comparado com o cadastrado", html)

    def test_sheet_masks_documents(self):
        """The whole CPF is on the sheet of who may see it everywhere; who gets the paper is written down."""
        acceptance = self.accept(PAPER)
        for user, seen, hidden in ((self.collector, "***.982.247-**", CPF), (self.supervisor, CPF, "***")):
            acceptance.with_user(user)._get_proven_file()
            told = self.papers[-1]
            self.assertEqual((told["document"], told["party"]["document"]), (seen, f"CPF {seen}"))
            self.assertNotIn(hidden, f"{told}".replace("a***@", ""))
        log = self.env["cobranca.access.log"].search([("partner_id", "=", self.customer.id)], order="id")
        self.assertEqual(log.mapped("user_id"), self.collector | self.supervisor)

    def test_sheets_of_the_other_ways(self):
        self.invoice(10)
        html = self.html("acceptance", self.by_operator(self.collector, PAPER)._get_evidence())
        self.assertIn("Não há assinatura do cliente", html)
        self.assertIn("Call of 24/11, recording 123", html)
        self.assertNotIn("código", html.partition("O que este comprovante prova")[2])
        html = self.html("acceptance", self.upload(PAPER)._get_evidence())
        self.assertIn("assinado de próprio punho", html)
        self.assertIn("20/11/2026", html)

    def test_paper_with_its_evidence(self):
        acceptance = self.accept(PAPER)
        content = acceptance.with_user(self.collector)._get_proven_file()
        pages = [page.extract_text().strip() for page in PdfReader(io.BytesIO(content)).pages]
        self.assertEqual(pages, ["term", "second page", "paper 1"])
        self.assertEqual(self.papers[0]["hash"], sha256(PAPER))
        with self.assertRaises(AccessError):
            acceptance.with_user(self.stranger)._get_proven_file()
        self.assertEqual(acceptance.action_download()["url"], f"/cobranca/aceites/{acceptance.id}")

    def test_screens(self):
        acceptance = self.accept(PAPER)
        for user in (self.collector, self.supervisor):
            form = Form(acceptance.with_user(user))
            self.assertTrue(form.is_intact)
