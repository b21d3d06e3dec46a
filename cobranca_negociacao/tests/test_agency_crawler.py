import json
import re
import threading

from odoo import http
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .agency_common import SECRET, AgencyCommon

PLACES = re.compile(r"<(\w+):(\w+)>")
ABSURD = ("0", "-1", f"{2**31}", f"{2**63}", "abc")
# Facts of the bakery that its own agency may see, and nobody else of those who ask here.
THEIRS = ("Padaria Pão de Lurim", "95555-0173", "1.290", "1,290")
BROKEN = ("Traceback", "psycopg2", "odoo.exceptions")
FORM = {
    "canal": "call",
    "resultado": "promised",
    "data": "2026-12-01",
    "valor": "1.000,00",
    "motivo": "other",
    "texto": "<script>alert(1)</script>",
    "nota": "x" * 5000,
    "nome": "Nobody",
    "email": "nobody@example.org",
    "mensal": "NaN",
    "desconto": "100",
    "parcelas": "1000000000",
    "placement_id": "1",
    "state": "ended",
    "agency_id": "1",
}
TABLES = ("cobranca_placement", "cobranca_placement_line", "cobranca_interaction", "cobranca_promise")
TABLES += ("cobranca_dispute", "cobranca_proposal", "cobranca_agreement", "cobranca_hold", "account_move", "res_users")
TABLES += ("cobranca_agency_statement", "cobranca_agency_event", "cobranca_agency_receipt")
# Of these an agency reads something by right: what is placed with it.
READABLE = {"cobranca.placement"}
OWN_OF_CUSTOMERS = {f"cobranca.contract{part}" for part in ("", ".line", ".pause", ".period")}


@tagged("post_install", "-at_install")
class TestAgencyCrawler(AgencyCommon, HttpCase):
    """Every address and method of the agency, asked by everybody for everything: one's own, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.placement = cls.place()
        cls.other = cls.place(cls.rival, cls.foreign)
        former = cls.make_agency("Former Agency")
        cls.recalled = cls.make_person(former, "sara", "cobranca_group_agency_admin")
        third = cls.make_customer("Dora Vidigal", "390.533.447-05")
        cls.gone = cls.place(former, cls.receivable(cls.make_invoice(555.5, "2026-08-17", third)))
        cls.gone._end("recalled")
        for login, partner in (("portal_bakery", cls.bakery), ("portal_caio", cls.stranger)):
            new_test_user(cls.env, login, "base.group_portal", lang="en_US").partner_id = partner
        new_test_user(cls.env, "internal", "base.group_user", lang="en_US")
        cls.env.flush_all()

    # --- addresses ---

    def our_rules(self):
        """The routes of agencies."""
        threading.current_thread().dbname = self.env.cr.dbname
        prefix = "odoo.addons.cobranca_negociacao.controllers.agency_"
        rules = [
            r for r in self.env["ir.http"].routing_map().iter_rules() if r.endpoint.func.__module__.startswith(prefix)
        ]
        return sorted({(rule.rule, *sorted(rule.methods or ())): rule for rule in rules}.values(), key=lambda r: r.rule)

    def values(self):
        """{name of a place: what it is filled with, one's own first}"""
        placements = (self.placement, self.other, self.gone)
        numbers = (*(f"{each.id}" for each in placements), *ABSURD)
        return {
            "placement_id": numbers,
            "statement_id": ABSURD,
            "proposal_id": ABSURD,
            "user_id": (f"{self.worker.id}", f"{self.outsider.id}", f"{self.manager.id}", *ABSURD),
            "event_id": ABSURD,
            "file_id": ABSURD,
            "key": ("nothing", "%00", "x" * 300, "0"),
        }

    def paths(self, method):
        values = self.values()
        for rule in self.our_rules():
            if method not in (rule.methods or ()):
                continue
            places = [name for _kind, name in PLACES.findall(rule.rule)]
            for place in places or [None]:
                for value in values[place] if place else [None]:
                    filled = {name: values[name][0] for name in places} | ({place: value} if place else {})
                    yield PLACES.sub(lambda found, filled=filled: filled[found[2]], rule.rule)

    def snapshot(self):
        self.env.flush_all()
        return [
            self.env.execute_query(SQL("SELECT count(*), max(write_date) FROM %s", SQL.identifier(table)))
            for table in TABLES
        ]

    def ask(self, path, **kwargs):
        return self.url_open(path, allow_redirects=False, **kwargs)

    def assert_fine(self, login, path, answer, forbidden):
        self.assertLess(answer.status_code, 500, f"{login} {path}")
        for canary in (*BROKEN, *forbidden):
            self.assertNotIn(canary, answer.text, f"{login} {path}")

    # --- pages ---

    def test_the_crawler_knows_all_places(self):
        rules = self.our_rules()
        self.assertGreater(len(rules), 15)
        names = {name for rule in rules for _kind, name in PLACES.findall(rule.rule)}
        self.assertLessEqual(names, set(self.values()), "no place that is not filled")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_pages(self):
        for login in (None, "portal_bakery", "portal_caio", "internal", "davi", "celia", "rui", "sara"):
            self.authenticate(login, login)
            own = login in ("davi", "celia")
            for path in self.paths("GET"):
                answer = self.ask(path)
                # A customer's own portal shows his own name.
                forbidden = SECRET if own else () if login in ("portal_bakery", "portal_caio") else THEIRS
                if login == "rui":
                    forbidden = (*THEIRS, "INTERNAL-COLLECTOR", "Pontefirme", "Dora Vidigal")
                self.assert_fine(login, path, answer, forbidden)
                # Sara's agency works, with nobody: its lists are empty.
                is_nobody = login not in ("davi", "celia", "rui", "sara")
                if is_nobody and path.startswith("/my/distribuicoes/"):
                    self.assertIn(answer.status_code, (303, 403, 404), f"{login} {path}")
        self.authenticate("davi", "davi")
        self.assertEqual(self.ask(f"/my/distribuicoes/{self.placement.id}").status_code, 200, "the positive control")
        self.assertEqual(self.ask(f"/my/distribuicoes/{self.other.id}").status_code, 404)
        self.assertEqual(self.ask(f"/my/distribuicoes/{self.gone.id}").status_code, 404)
        self.authenticate("rui", "rui")
        self.assertEqual(self.ask(f"/my/distribuicoes/{self.other.id}").status_code, 200)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_forms_of_others_change_nothing(self):
        before = self.snapshot()
        for login in (None, "portal_bakery", "internal", "sara"):
            self.authenticate(login, login)
            for path in self.paths("POST"):
                self.assert_fine(login, path, self.ask(path, data=FORM), THEIRS if login != "portal_bakery" else ())
        self.authenticate("rui", "rui")
        token = {"csrf_token": http.Request.csrf_token(self)}
        for path in self.paths("POST"):
            if f"/{self.other.id}" not in path and re.search(r"/distribuicoes/\d", path):
                self.assert_fine("rui", path, self.ask(path, data={**FORM, **token}), THEIRS)
        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_no_form_without_its_token(self):
        self.authenticate("davi", "davi")
        before = self.snapshot()
        own = f"/my/distribuicoes/{self.placement.id}/contato"
        self.assertEqual(self.ask(own, data=FORM).status_code, 400)
        for path in self.paths("POST"):
            if path.startswith("/my/"):
                # 404 where the address itself is none.
                self.assertIn(self.ask(path, data=FORM).status_code, (400, 404), path)
        self.assertEqual(self.snapshot(), before)

    # --- by the protocols of Odoo ---

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        answer = self.url_open("/web/dataset/call_kw", data=body, headers={"Content-Type": "application/json"})
        return answer.json()

    def our_models(self):
        names = [
            name
            for name, model in self.env.registry.items()
            if getattr(model, "_original_module", "").startswith("cobranca_")
        ]
        return sorted(names)

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_reading_by_rpc(self):
        """Nothing of our models but what is placed, and of the books nothing beyond the plain portal."""
        self.authenticate("davi", "davi")
        for model in self.our_models():
            if self.env[model]._abstract:
                continue
            for method, args, kwargs in (
                ("search_read", [[]], {}),
                ("read", [[1]], {}),
                ("search_count", [[]], {}),
                ("formatted_read_group", [[]], {"groupby": [], "aggregates": ["__count"]}),
                ("export_data", [[1], ["id"]], {}),
                ("name_search", [], {}),
            ):
                found = self.call(model, method, *args, **kwargs)
                if model in READABLE:
                    continue
                # What customers read of their own: an agency has none of it.
                is_nothing = found.get("result") in ([], 0) or (method == "formatted_read_group" and "result" in found)
                is_refused = "error" in found
                self.assertTrue(is_refused or (model in OWN_OF_CUSTOMERS and is_nothing), f"{model}.{method}: {found}")
        [row] = self.call("cobranca.placement", "search_read", [])["result"]
        self.assertEqual(row["id"], self.placement.id)
        self.assertFalse(row.keys() & {"partner_id", "agency_id", "line_ids", "arm", "amount_placed", "end_note"})
        for domain in ([["partner_id.vat", "like", "11"]], [["agency_id", "!=", 0]], [["line_ids.line_id", "!=", 0]]):
            self.assertIn("error", self.call("cobranca.placement", "search_read", domain), domain)
        for order in ("partner_id", "amount_placed"):
            self.assertIn("error", self.call("cobranca.placement", "search_read", [], order=order), order)
        for model, ids in (("res.partner", self.bakery.ids), ("account.move", self.invoices[0].ids)):
            self.assertIn("error", self.call(model, "read", ids), model)
        self.assertEqual(self.call("account.move", "search_read", []).get("result"), [])

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_methods_by_rpc(self):
        """No public method of a placement, or of anything of ours, does something for people of agencies."""
        self.authenticate("davi", "davi")
        before, called = self.snapshot(), 0
        for model in self.our_models():
            records = self.env[model]
            for name in dir(type(records)):
                if name.startswith("_") or getattr(type(records), name, None) is None:
                    continue
                owner = next((cls for cls in type(records).mro() if name in vars(cls)), None)
                if "cobranca" not in (getattr(owner, "_module", "") or ""):
                    continue
                try:
                    get_public_method(records, name)
                except (AccessError, AttributeError):  # not public, which is right
                    continue
                for args in ([[self.placement.id]], [[1]]):
                    called += 1
                    found = self.call(model, name, *args)
                    text = json.dumps(found)
                    for canary in ("11.222.333", "11222333", "INTERNAL-COLLECTOR"):
                        self.assertNotIn(canary, text, f"{model}.{name}")
        self.assertGreater(called, 100)
        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http", "odoo.addons.base.models.ir_rule")
    def test_threads_files_and_papers(self):
        """Neither the history of a record, nor its files, nor its papers by their general addresses."""
        note = self.bakery.message_post(body="PRIVATE-NOTE", subtype_xmlid="mail.mt_note")
        kept = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"PRIVATE-NOTE", "res_model": "cobranca.placement", "res_id": self.placement.id}
        )
        self.env.flush_all()
        self.authenticate("davi", "davi")
        paths = [f"/web/content/{kept.id}", f"/web/image/{kept.id}", f"/web/content/res.partner/{self.bakery.id}/vat"]
        paths += [f"/report/{kind}/account.report_invoice/{self.invoices[0].id}" for kind in ("html", "pdf")]
        paths += [f"/my/invoices/{self.invoices[0].id}", f"/web/image/res.partner/{self.bakery.id}/image_1920"]
        for path in paths:
            answer = self.ask(path)
            self.assert_fine("davi", path, answer, ("PRIVATE-NOTE", "11.222.333"))
        for model, record in (("res.partner", self.bakery), ("cobranca.placement", self.placement)):
            for path, params in (
                ("/mail/message/post", {"post_data": {"body": "hello", "message_type": "comment"}}),
                ("/mail/thread/messages", {"fetch_params": {}}),
                ("/mail/thread/data", {"request_list": ["attachments"]}),
            ):
                body = json.dumps({"params": {"thread_model": model, "thread_id": record.id, **params}})
                answer = self.url_open(path, data=body, headers={"Content-Type": "application/json"})
                self.assertLess(answer.status_code, 500, path)
                self.assertNotIn("PRIVATE-NOTE", answer.text, path)
                self.assertNotIn("11.222.333", answer.text, path)
        said = self.env["mail.message"].search([("id", ">", note.id), ("body", "like", "hello")])
        self.assertFalse(said)
