from datetime import date

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .agency_common import SECRET, TODAY, AgencyCommon

# In English, whatever language the database has first.
PATH = "/en/my/distribuicoes/prestacoes"


@tagged("post_install", "-at_install")
class TestAgencyStatementPage(AgencyCommon, HttpCase):
    """Statements in the portal: of the own agency, for as long as it is open; answered by its administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.pay(cls, cls.lines[0], 1000.0, TODAY)
        cls.placed_with_rival = cls.place(cls.rival, cls.foreign)
        cls.pay(cls, cls.foreign, 987.65, TODAY)
        Statement = cls.env["cobranca.agency.statement"]
        found = Statement._prepare_month(cls.company, date(2026, 11, 30))
        cls.own = found.filtered(lambda statement: statement.agency_id == cls.agency)
        cls.theirs = found - cls.own
        found.with_user(cls.supervisor)._send()
        cls.env.flush_all()

    def open_as(self, user, path):
        """The answer to a page; nothing that is not of this agency is in it."""
        self.authenticate(user.login, user.login)
        answer = self.url_open(path)
        for word in (*SECRET, "Caio", "987,65", "987.65"):
            self.assertNotIn(word, answer.text)
        return answer

    def post(self, path, **values):
        """Send the form of the own page."""
        page = self.url_open(f"{PATH}/{self.own.id}").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.url_open(path, data={"csrf_token": token, **values}, allow_redirects=False)

    def follow(self, answer):
        """The page that a form leads to."""
        self.assertEqual(answer.status_code, 303)
        return self.url_open(f"{PATH}/{self.own.id}?{answer.headers['Location'].partition('?')[2]}").text

    def test_pages(self):
        listed = self.open_as(self.worker, PATH)
        self.assertIn(self.own.name, listed.text)
        self.assertNotIn(self.theirs.name, listed.text)
        page = self.open_as(self.worker, f"{PATH}/{self.own.id}?pagina=99999999&feito=<script>")
        self.assertEqual(page.headers["Cache-Control"], "no-store, private")
        for expected in (self.placement.customer_name, self.placement.document, "150.00"):
            self.assertIn(expected, page.text)
        # Who works there reads; the administrator answers.
        self.assertNotIn("/concordar", page.text)
        self.assertNotIn("<script>concord", page.text)
        self.assertEqual(self.open_as(self.worker, f"{PATH}/{self.own.id}/xlsx").status_code, 200)
        log = self.env["cobranca.access.log"].search([("action", "=", "agency_export")])
        self.assertEqual((log.user_id, log.partner_id), (self.worker, self.bakery))

    @mute_logger("odoo.http")
    def test_what_is_not_his(self):
        """The same answer to all that is not his, is not there, or is not sent yet."""
        draft = self.env["cobranca.agency.statement"].create(
            {
                **self.own.copy_data()[0],
                "name": "DRAFT-1",
                "month": "2026-12-01",
                "state": "draft",
                "agency_id": self.agency.id,
                "company_id": self.company.id,
            }
        )
        self.env.flush_all()
        for number in (self.theirs.id, draft.id, 0, 2**31, 2**63):
            for end in ("", "/xlsx", "/pdf"):
                self.assertEqual(self.open_as(self.admin, f"{PATH}/{number}{end}").status_code, 404, (number, end))
            for end in ("concordar", "contestar"):
                self.assertEqual(self.post(f"{PATH}/{number}/{end}", motivo="Not mine").status_code, 404)
        self.assertEqual(self.theirs.state, "sent")
        self.assertEqual(self.open_as(self.admin, f"/cobranca/prestacao/{self.own.id}/xlsx").status_code, 404)
        for user in (self.outsider, self.supervisor):
            self.assertEqual(self.open_as(user, f"{PATH}/{self.own.id}").status_code, 404, user.login)
        self.assertEqual(self.open_as(self.supervisor, PATH).status_code, 404)
        self.assertEqual(
            self.open_as(self.supervisor, f"/cobranca/prestacao/{self.own.id}/xlsx").headers["Content-Type"],
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        self.agency.is_suspended = True
        self.env.flush_all()
        for path in (PATH, f"{PATH}/{self.own.id}", f"{PATH}/{self.own.id}/xlsx"):
            self.assertEqual(self.open_as(self.admin, path).status_code, 404, path)

    def test_answers(self):
        self.authenticate("davi", "davi")
        # No form on his page: without a token nothing is taken.
        self.assertEqual(self.post(f"{PATH}/{self.own.id}/concordar").status_code, 400)
        self.authenticate("celia", "celia")
        refused = self.post(f"{PATH}/{self.own.id}/contestar", motivo=" ")
        self.assertIn("Say what is wrong", refused.text)
        page = self.follow(self.post(f"{PATH}/{self.own.id}/concordar"))
        self.assertEqual((self.own.agency_agreed_by_id, self.own.state), (self.admin, "sent"))
        self.assertIn("You agreed. Thank you.", page)
        self.assertNotIn("/contestar", page)
