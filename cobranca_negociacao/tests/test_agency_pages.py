from datetime import datetime
from urllib.parse import urlsplit

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers import agency_case
from ..controllers import agency_pages as limits
from .agency_common import SECRET, TODAY, AgencyCommon

LIST = "/my/distribuicoes"
FOREIGN = ("Caio Nogal", "R$\xa0987", "987.65", "Ana Lindoso")
ABSURD = ("0", "-1", f"{2**31}", f"{2**63}", "abc")


@tagged("post_install", "-at_install")
class TestAgencyPages(AgencyCommon, HttpCase):
    """What people of an agency see and write in the portal: what is theirs, of it what was chosen, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("auth_password_policy.minlength", "4")
        cls.placement = cls.place()
        cls.other = cls.place(lines=cls.receivable(cls.make_invoice(500.0, "2026-08-17", cls.customer)))
        cls.theirs = cls.place(cls.rival, cls.foreign)
        cls.collector.partner_id.email = "internal@example.com"
        cls.env["cobranca.interaction"].with_user(cls.collector)._register_contact(
            cls.company, cls.bakery, {"outcome": "refused", "note": "PRIVATE-NOTE"}
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.log_in(self.worker)

    def log_in(self, user):
        self.authenticate(user.login, user.login)
        self.opener.cookies["frontend_lang"] = "en_US"

    # --- helpers ---

    def get(self, path):
        """The first answer that is not only the address with the language in front."""
        answer = self.url_open(path, allow_redirects=False)
        to = answer.headers.get("Location", "")
        return self.url_open(to, allow_redirects=False) if urlsplit(to).path.startswith("/en/") else answer

    def post(self, path, **values):
        token = {"csrf_token": http.Request.csrf_token(self)}
        answer = self.url_open(path, data={**token, **values}, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def path(self, place="", placement=None):
        return f"{LIST}/{(placement or self.placement).id}{place}"

    def contact(self, outcome="no_answer", path=None, **values):
        return self.post(path or self.path("/contato"), canal="call", resultado=outcome, **values)

    def contacts(self, placement=None):
        placement = placement or self.placement
        return self.env["cobranca.interaction"].search([("placement_id", "=", placement.id)])

    def assert_clean(self, answer, status=200):
        self.assertEqual(answer.status_code, status)
        for secret in (*SECRET, "padaria@example.com.br", "internal@example.com"):
            self.assertNotIn(secret, answer.text)
        self.assertIn("no-store", answer.headers["Cache-Control"])

    # --- what is seen ---

    def test_the_list_shows_what_is_ours(self):
        page = self.get(LIST)
        self.assert_clean(page)
        self.assertIn(self.bakery.name, page.text)
        self.assertIn("Ana Lindoso", page.text)
        self.assertNotIn("Caio Nogal", page.text)
        self.log_in(self.outsider)
        page = self.get(LIST)
        self.assertIn("Caio Nogal", page.text)
        self.assertNotIn(self.bakery.name, page.text)

    def test_a_case_is_read_and_written_down(self):
        Log = self.env["cobranca.access.log"]
        known = Log.search([])
        page = self.get(self.path())
        self.assert_clean(page)
        self.assertIn("3,991.69", page.text)
        self.assertIn("95555-0173", page.text)
        self.assertIn("until 17/02/2027 (90 days)", page.text)
        self.assertIn("15 % of what the customer pays", page.text)
        for foreign in FOREIGN:
            self.assertNotIn(foreign, page.text)
        entry = Log.search([]) - known
        self.assertEqual((entry.action, entry.user_id, entry.partner_id), ("agency_case", self.worker, self.bakery))

    def test_what_is_not_ours_is_not_there(self):
        for number in (self.theirs.id, *ABSURD):
            for answer in (self.get(f"{LIST}/{number}"), self.contact(path=f"{LIST}/{number}/contato")):
                self.assertEqual(answer.status_code, 404, number)
                self.assertNotIn("Caio Nogal", answer.text)
        self.assertFalse(self.contacts(self.theirs))
        for user in (self.collector, None):
            self.log_in(user) if user else self.authenticate(None, None)
            for path in (LIST, self.path(), f"{LIST}/equipe"):
                self.assertIn(self.get(path).status_code, (404, 302, 303), path)

    def test_recalled_while_the_page_is_open(self):
        self.assertEqual(self.get(self.path()).status_code, 200)
        self.placement.with_user(self.supervisor)._recall("Back to us")
        forms = ("/contato", "/promessa", "/contestacao", "/devolver")
        answers = [self.get(self.path()), *(self.contact(path=self.path(form)) for form in forms)]
        for answer in answers:
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn(self.bakery.name, answer.text)
        self.assertFalse(self.contacts())
        self.agency.is_suspended = True
        self.assertEqual(self.get(LIST).status_code, 404)
        self.assertEqual(self.get(self.path(placement=self.other)).status_code, 404)

    def test_too_many_pages(self):
        self.patch(agency_case, "CASES_AN_HOUR", 2)
        answers = [self.get(self.path()) for _time in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
        self.assertNotIn(self.bakery.name, answers[2].text)
        self.log_in(self.admin)
        self.assertEqual(self.get(self.path()).status_code, 200)
        self.assertGreater(limits.CASES_AN_HOUR, 100)

    def test_written_texts_are_inert(self):
        canary = "<img src=x onerror=alert(1)>"
        self.contact("informed", anotacao=canary)
        page = self.get(self.path())
        self.assertNotIn(canary, page.text)
        self.assertIn("&lt;img src=x", page.text)
        answer = self.post(self.path("/devolver"), motivo="<", busca='"><script>alert(1)</script>')
        self.assertNotIn("<script>alert(1)", answer.text)
        self.assertNotIn("<script>alert(1)", self.get(f'{LIST}?busca="><script>alert(1)</script>').text)

    # --- contacts ---

    def test_contact_leads_on(self):
        answer = self.contact("call_later", retorno="2026-11-23T18:30", anotacao="After six", ordem="valor")
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"{LIST}/{self.other.id}?ordem=valor&feito=contato", answer.headers["Location"])
        contact = self.contacts()
        self.assertEqual((contact.user_id, contact.channel, contact.note), (self.worker, "call", "After six"))
        self.assertEqual(self.placement.callback_at, datetime(2026, 11, 23, 21, 30))
        page = self.get(self.path())
        self.assertIn("Callback on 23/11 at 18:30", page.text)
        # The last of the list.
        answer = self.contact(path=self.path("/contato", self.other), ordem="valor")
        self.assertIn(f"{LIST}?ordem=valor&feito=fim", answer.headers["Location"])

    def test_sent_twice_is_once(self):
        for _time in range(2):
            self.assertEqual(self.contact(visto="0").status_code, 303)
        self.assertEqual(len(self.contacts()), 1)
        self.contact(visto="1")
        self.assertEqual(len(self.contacts()), 2)

    def test_contacts_that_cannot_be(self):
        wrong = {
            "Choose how the contact ended": {"resultado": "agreement_signed"},
            "under “Register a promise”": {"resultado": "promised"},
            "Say when the customer": {"resultado": "call_later"},
            "Choose how you contacted": {"resultado": "informed", "canal": "sms"},
            "day and hour, such as": {"resultado": "informed", "retorno": "2026-11-23"},
            "in the past": {"resultado": "informed", "retorno": "2026-11-19T08:00"},
            "within the next 180 days": {"resultado": "informed", "retorno": "2199-01-01T10:00"},
            "may not be called": {"resultado": "informed", "retorno": "2026-11-23T20:30"},
        }
        for text, values in wrong.items():
            answer = self.post(self.path("/contato"), **{"canal": "call", "anotacao": "KEPT-TEXT", **values})
            self.assertEqual(answer.status_code, 200, text)
            self.assertIn(text, answer.text)
            self.assertIn("KEPT-TEXT", answer.text)
            # At the top, and beside the button of the form.
            self.assertEqual(answer.text.count(text), 2, text)
        self.assertFalse(self.contacts())

    # --- promise, dispute, return ---

    def test_promise_and_another_one(self):
        answer = self.post(self.path("/promessa"), canal="call", dia="2026-11-24", valor="3.000,00")
        self.assertIn("feito=promessa", answer.headers["Location"])
        promise = self.contacts().promise_id
        self.assertEqual((promise.amount, str(promise.date), promise.user_id), (3000.0, "2026-11-24", self.worker))
        # It is awaited until the second business day after it: on the next one its customer is to be called.
        self.assertGreater(self.placement.callback_at, datetime.combine(promise.date_limit, datetime.min.time()))
        page = self.get(self.path())
        self.assertIn("Promised R$\xa03,000.00 for 24/11", page.text)
        self.assertIn("promised something else", page.text)
        self.post(self.path("/promessa"), desfazer="sim")
        self.assertEqual((promise.state, self.placement.callback_at), ("cancelled", False))
        for values in ({"dia": "", "valor": "10"}, {"dia": "2026-11-24", "valor": "nan"}, {"dia": "2026-11-24"}):
            self.assertIn("agency_error", self.post(self.path("/promessa"), canal="call", **values).text)
        self.assertIn(
            "more than what is owed",
            self.post(self.path("/promessa"), canal="call", dia="2026-11-24", valor="1000000000").text,
        )

    def test_promise_of_ours_is_not_theirs(self):
        self.env["cobranca.promise"].with_user(self.collector)._record(self.lines, TODAY, 100.0)
        self.assertNotIn("promised something else", self.get(self.path()).text)
        self.assertIn("no promise of yours", self.post(self.path("/promessa"), desfazer="sim").text)

    def test_dispute_takes_the_debt_away(self):
        items = self.placement.line_ids
        wrong = self.theirs.line_ids
        text = {"motivo": "service", "texto": "No bread came"}
        self.assertIn(
            "Choose what the customer contests", self.post(self.path("/contestacao"), divida=wrong.id, **text).text
        )
        answer = self.post(self.path("/contestacao"), divida=items[1].id, **text)
        self.assertIn(f"/{self.placement.id}?feito=contestado", answer.headers["Location"])
        self.assertEqual(self.placement.line_count, 2)
        self.assertIn("Contested: ", self.get(self.path()).text)
        for item in items[0] | items[2]:
            answer = self.post(self.path("/contestacao"), divida=item.id, **text)
        self.assertIn(f"{LIST}?feito=contestado", answer.headers["Location"])
        self.assertEqual((self.placement.state, self.placement.end_reason), ("ended", "dispute"))
        self.assertFalse(self.env["cobranca.dispute"].search([("line_id", "=", self.foreign.id)]))

    def test_return(self):
        self.assertIn("few words", self.post(self.path("/devolver"), motivo=" ").text)
        answer = self.post(self.path("/devolver"), motivo="Wrong number")
        self.assertIn(f"{LIST}?feito=devolvido", answer.headers["Location"])
        self.assertEqual((self.placement.state, self.placement.end_note), ("ended", "Wrong number"))

    # --- the team ---

    def test_the_team_is_for_the_administrator(self):
        team = f"{LIST}/equipe"
        person = {"nome": "Bia Aroeira", "email": "bia@example.org"}
        for answer in (self.get(team), self.post(team, **person), self.post(team, pessoa=self.admin.id)):
            self.assertEqual(answer.status_code, 404)
        self.assertNotIn("/equipe", self.get(LIST).text)
        self.log_in(self.admin)
        page = self.get(team)
        self.assert_clean(page)
        self.assertIn(self.worker.name, page.text)
        self.assertNotIn(self.outsider.name, page.text)
        self.assertIn("such as ana@example.com", self.post(team, **{**person, "email": "bia"}).text)
        self.assertIn("not of your team", self.post(team, pessoa=self.outsider.id).text)
        self.assertIn("feito=convite", self.post(team, **person).headers["Location"])
        self.assertIn("feito=removido", self.post(team, pessoa=self.worker.id).headers["Location"])
        self.assertFalse(self.worker.active)

    @mute_logger("odoo.http")
    def test_forms_need_their_token(self):
        answer = self.url_open(self.path("/devolver"), data={"motivo": "Stolen"}, allow_redirects=False)
        self.assertEqual((answer.status_code, self.placement.state), (400, "active"))
