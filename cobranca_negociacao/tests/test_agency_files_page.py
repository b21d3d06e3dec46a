import json
import time
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from ..models import cobranca_agency_call as calls
from ..tools.agency_call import sign
from .agency_common import SECRET, AgencyCommon

PATH = "/my/distribuicoes/arquivos"
API = "/cobranca/assessoria/v1"
GET_PATHS = (PATH, f"{PATH}/modelo.csv", f"{PATH}/1", f"{PATH}/2147483648", f"{PATH}/9223372036854775808")


@tagged("post_install", "-at_install")
class TestAgencyFilesPage(AgencyCommon, HttpCase):
    """Files by the page and by signed calls: for the agency whose they are, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.key = cls.env["cobranca.agency.key"].create(
            {"name": "System", "agency_id": cls.agency.id, "user_id": cls.worker.id}
        )
        cls.word = cls.key.sudo().secret
        cls.env.flush_all()

    def post(self, path, csrf=True, files=None, **values):
        token = {"csrf_token": http.Request.csrf_token(self)} if csrf else {}
        return self.url_open(path, data={**token, **values}, files=files, allow_redirects=False)

    def assert_clean(self, text):
        for secret in SECRET:
            self.assertNotIn(secret, text)

    # --- page ---

    def test_page_is_for_who_runs_the_agency(self):
        brought = self.env["cobranca.agency.file"].with_user(self.admin)._import(self.agency, "a.csv", b"id;tipo\nA;x")
        self.make_person(self.rival, "rita", "cobranca_group_agency_admin")
        self.env.flush_all()
        self.authenticate("rita", "rita")
        self.assertEqual(self.url_open(PATH).status_code, 200)
        self.assertEqual(self.url_open(f"{PATH}/{brought.id}").status_code, 404, "of another agency")
        for login in ("davi", "rui", "collector", None):
            self.authenticate(login, login)
            for path in (*GET_PATHS, f"{PATH}/{brought.id}"):
                answer = self.url_open(path)
                self.assertTrue(answer.status_code == 404 or (not login and "/web/login" in answer.url), (login, path))
                if login != "collector":  # his own name is on each page
                    self.assert_clean(answer.text)
            if login:
                for path, values in ((f"{PATH}/carteira", {"formato": "csv"}), (f"{PATH}/retornos", {})):
                    self.assertEqual(self.post(path, **values).status_code, 404, (login, path))
        self.authenticate("celia", "celia")
        self.assertEqual(self.url_open(PATH).status_code, 200)
        self.assertIn("recusado", self.url_open(f"{PATH}/{brought.id}").content.decode("utf-8-sig"))
        for path in GET_PATHS[2:]:
            self.assertEqual(self.url_open(path).status_code, 404)
        self.agency.is_suspended = True
        self.env.flush_all()
        self.assertEqual(self.url_open(PATH).status_code, 404, "at once")
        self.assertEqual(self.post(f"{PATH}/carteira", formato="csv").status_code, 404)

    def test_fetch_and_bring(self):
        self.authenticate("celia", "celia")
        page = self.url_open(f"/en{PATH}").text
        self.assertIn("None yet", page)
        answer = self.post(f"{PATH}/carteira", formato="csv")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        text = answer.content.decode("utf-8-sig")
        self.assertIn(self.placement.name, text)
        self.assert_clean(text)
        self.assertEqual(self.post(f"{PATH}/carteira", formato="xlsx").content[:2], b"PK")
        self.assertEqual(self.post(f"{PATH}/carteira", formato="pdf").status_code, 404)
        self.assertEqual(self.post(f"{PATH}/carteira", csrf=False, formato="csv").status_code, 400)
        rows = f"id;tipo;distribuicao;canal;resultado\nA;contato;{self.placement.name};ligacao;recado\n<b>;contato;;;"
        answer = self.post(f"{PATH}/retornos", files={"arquivo": ("<img src=x>.csv", rows.encode(), "text/csv")})
        self.assertEqual(answer.status_code, 303)
        page = self.url_open(answer.headers["Location"].replace("/my/", "/en/my/")).text
        self.assertIn("1 of 2 rows were taken, 1 were not.", page)
        self.assertNotIn("<img src=x", page)
        self.assertEqual(self.placement.last_outcome, "left_message")
        for files in (None, {"arquivo": ("a.csv", b"x", "text/csv")}):
            page = self.post(f"{PATH}/retornos", files=files or {"other": ("a", b"x")})
            self.assertIn("alert-danger", page.text)

    # --- calls ---

    def call(self, method="GET", path="carteira", body=b"", seconds=None, word=None, key=None, **sent):
        """The answer to a signed call; `sent` (header, sent_body, sent_path) is sent otherwise than it was signed."""
        seconds = int(time.time()) if seconds is None else seconds
        path = f"{API}/{key or self.key.identifier}/{path}"
        header = sign(word or self.word, seconds, method, path, body)
        headers = {"X-Cobranca-Signature": sent.get("header", header), "Content-Type": "application/json"}
        self.last = header
        return self.url_open(
            sent.get("sent_path", path), data=sent.get("sent_body", body) or None, headers=headers, method=method
        )

    def assert_refused(self, answer, status, code):
        self.assertEqual((answer.status_code, answer.json()["erro"]["codigo"]), (status, code))
        self.assertTrue(answer.json()["erro"]["mensagem"])
        self.assert_clean(answer.text)

    def test_a_signed_call_is_taken_once(self):
        self.authenticate(None, None)
        rows = self.call().json()
        self.assertEqual({row["distribuicao"] for row in rows["carteira"]}, {self.placement.name})
        self.assertIsNone(rows["depois"])
        self.assert_refused(self.call(header=self.last), 409, "replay")
        self.assertIn(self.placement.name, self.call(path="carteira?formato=csv").content.decode("utf-8-sig"))
        event = {"id": "A", "tipo": "contato", "distribuicao": self.placement.name, "canal": "email"}
        body = json.dumps({"eventos": [{**event, "resultado": "informado"}, {**event, "id": "B"}]}).encode()
        told = self.call("POST", "eventos", body).json()["eventos"]
        self.assertEqual([(row["situacao"], row["repetido"]) for row in told], [("aceito", False), ("recusado", False)])
        self.assert_refused(self.call("POST", "eventos", body, header=self.last), 409, "replay")
        time_after = int(time.time()) + 1
        self.assertTrue(self.call("POST", "eventos", body, seconds=time_after).json()["eventos"][0]["repetido"])
        contact = self.env["cobranca.interaction"].search([("placement_id", "=", self.placement.id)])
        self.assertEqual(contact.user_id, self.worker, "once, as the user of the key")
        self.assertEqual(self.env["cobranca.access.log"].search([], limit=1).user_id, self.worker)

    def test_what_is_not_signed_does_nothing(self):
        self.authenticate("celia", "celia")  # a session is no key
        now, body = int(time.time()), b'{"eventos": [{"id": "A"}]}'
        for changed in (
            {"header": ""},
            {"header": f"t={now},v1={'0' * 64}"},
            {"word": "x" * 43},
            {"key": "ca_unknown"},
            {"sent_body": body.replace(b"A", b"B")},
            {"sent_path": f"{API}/{self.key.identifier}/eventos?x=1"},
        ):
            self.assert_refused(self.call("POST", "eventos", body, **changed), 401, "signature")
        for seconds in (now - 301, now + 301):
            self.assert_refused(self.call("POST", "eventos", body, seconds=seconds), 401, "clock")
        self.assertFalse(self.env["cobranca.agency.event"].search_count([]))
        self.assertFalse(self.env["cobranca.agency.call"].search_count([]))
        self.env.cr.execute("UPDATE cobranca_agency_key SET secret = '' WHERE id = %s", [self.key.id])
        self.env.invalidate_all()
        self.assert_refused(
            self.call(header=sign("", now, "GET", f"{API}/{self.key.identifier}/carteira", b"")), 401, "signature"
        )

    def test_a_closed_door(self):
        self.worker.active = False
        self.env.flush_all()
        self.assert_refused(self.call(), 403, "closed")
        self.worker.active = True
        self.agency.is_suspended = True
        self.env.flush_all()
        self.assert_refused(self.call(), 403, "closed")
        self.agency.is_suspended = False
        self.key.action_revoke()
        self.env.flush_all()
        self.assert_refused(self.call(), 401, "signature")

    def test_limits(self):
        with patch.object(calls, "CALLS_AN_HOUR", 1), patch.object(calls, "WRONG_AN_HOUR", 1):
            self.assertEqual(self.call().status_code, 200)
            self.assert_refused(self.call(path="carteira?depois=1"), 429, "limit")
            self.assert_refused(self.call(word="x" * 43), 401, "signature")
            self.assert_refused(self.call(word="x" * 43), 429, "limit")
        big = self.call("POST", "eventos", b"x" * (1024 * 1024 + 1))
        self.assertEqual(big.status_code, 413)
        deep = b'{"eventos": [' + b"[" * 5000 + b"]" * 5000 + b"]}"
        for body in (b"", b"x", b"[]", b"{}", b'{"eventos": []}', b'{"eventos": [1]}', b"\xff", deep):
            self.assert_refused(self.call("POST", "eventos", body), 422, "body")
        odd = b'{"eventos": [{"id": NaN}, {"id": "A", "tipo": ["contato"]}, {"id": "B", "\\ud800": "\\ud800"}]}'
        rows = self.call("POST", "eventos", odd).json()["eventos"]
        self.assertEqual([row["situacao"] for row in rows], ["recusado"] * 3)
        for path in ("carteira?formato=pdf", "carteira?depois=-1", "carteira?depois=9999999999", "carteira?depois=x"):
            self.assert_refused(self.call(path=path), 422, "parameters")
        self.assertIn(self.call("POST", "carteira").status_code, (404, 405))
