import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.cobranca_negociacao.models.ir_actions_report import PAPERS

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

    def test_whole_papers_are_opened_by_supervisors(self):
        """Collectors see documents masked: the file itself has its own address, which writes down who had it."""
        paper = self.accept(PAPER).attachment_id
        for user in (self.collector, self.stranger):
            with self.assertRaises(AccessError):
                paper.with_user(user).read(["raw"])
        self.assertEqual(paper.with_user(self.supervisor).raw, PAPER)
        address = f"/web/content/{paper.id}"
        for login, is_open in (("collector", False), ("supervisor", True)):
            self.authenticate(login, login)
            answer = self.url_open(address, allow_redirects=False)
            self.assertEqual(answer.status_code == 200, is_open, login)
        for model, name in (("cobranca.acceptance", "acceptance"), ("cobranca.quittance", "quittance")):
            view = f"cobranca_negociacao.cobranca_{name}_view_form"
            for user, is_shown in ((self.collector, False), (self.supervisor, True)):
                arch = self.env[model].with_user(user).get_view(self.env.ref(view).id)["arch"]
                self.assertEqual('name="attachment_id"' in arch, is_shown, (model, user.login))

    def test_no_paper_of_values_from_an_address(self):
        """Who is logged in prints no letter of his own invention."""
        options = json.dumps({"paper": {"number": "FORGED", "kind": "debt"}})
        context = json.dumps({"cobranca_prints_paper": True})
        for login in ("stranger", "manager"):
            self.authenticate(login, login)
            for report in PAPERS:
                for kind in ("html", "pdf", "text"):
                    address = f"/report/{kind}/{report}/{self.company.id}"
                    answer = self.url_open(address, params={"options": options, "context": context})
                    self.assertEqual(answer.status_code, 403, address)
