from odoo.tests import HttpCase, tagged

from .paper_common import PaperCommon, make_pdf

PAPER = make_pdf("term")


@tagged("post_install", "-at_install")
class TestAcceptancePaper(PaperCommon, HttpCase):
    """The address from which a paper and its evidence are downloaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = "/cobranca/aceites/"

    def get(self, record_id, login=None):
        self.authenticate(login, login)
        return self.url_open(f"{self.address}{record_id}", allow_redirects=False)

    def test_who_may_read_downloads(self):
        acceptance = self.accept(PAPER, title="Acordo 1/2")
        answer = self.get(acceptance.id, "collector")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertTrue(answer.content.startswith(b"%PDF-"))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("Acordo 1-2.pdf", answer.headers["Content-Disposition"].replace("%20", " "))
        for unknown in (acceptance.id + 1000, 0):
            self.assertEqual(self.get(unknown, "collector").status_code, 404)

    def test_nobody_else(self):
        acceptance = self.accept(PAPER)
        for login in ("stranger", "portal_ana"):
            self.assertEqual(self.get(acceptance.id, login).status_code, 403, login)
        self.authenticate(None, None)
        answer = self.url_open(f"{self.address}{acceptance.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
        paper = self.url_open(f"/web/content/{acceptance.attachment_id.id}", allow_redirects=False)
        self.assertNotEqual(paper.status_code, 200)
