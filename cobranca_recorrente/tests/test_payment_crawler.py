import json
import re
import threading
from datetime import timedelta
from urllib.parse import urlsplit

from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .link_common import LinkCommon
from .record_common import TODAY

ROOT = "/my/pagamentos"
# Of each kind of place in an address: what no address of a customer has.
ABSURD_IDS = ("0", "-1", f"{2**31}", f"{2**63}", "abc", "1e3")
ABSURD_CODES = ("-1", f"{2**63}", "%00", "%F0%9F%92%B6" + "x" * 300, "'; DROP TABLE res_partner; --")
# Facts of the other customer that no page of ours may show to this one.
FOREIGN = ("Caio Nogal", "caio@example.com", "R$\xa0111")
PLACES = re.compile(r"<(\w+):(\w+)>")
# Also what a form would send that was made for another page.
FORM = {"pagamento": "1", "quando": "2026-11-18", "como": "pix", "dia": "2026-11-25", "assunto": "other", "texto": "?"}
STRANGE = {**FORM, "valor": "-1", "aceito": "sim", "cartao": "1", "contrato": "1", "validade": "99/99"}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-19 15:00:00")
class TestPaymentCrawler(LinkCommon):
    """Every route of the open payments, asked by everybody for everything: his own, or nothing, and never a failure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_card_enabled = True
        cls.make_portal_user("portal_ana", cls.customer)
        cls.make_portal_user("portal_caio", cls.stranger)
        new_test_user(cls.env, "internal", "base.group_user", lang="en_US")
        cls.quote = cls.env["cobranca.payment.quote"]._make(cls.company, cls.customer, cls.line, source="page")
        cls.theirs = cls.env["cobranca.payment.quote"]._make(cls.company, cls.stranger, cls.foreign_line, source="page")
        cls.personas = (None, "portal_ana", "portal_caio", "internal", cls.collector.login)
        deleted = cls.make_invoice(5.0, "2026-10-10")
        deleted.button_draft()
        cls.deleted = deleted.line_ids[:1].id
        deleted.with_context(force_delete=True).unlink()
        cls.env.flush_all()

    def our_rules(self):
        threading.current_thread().dbname = self.env.cr.dbname
        rules = self.env["ir.http"].routing_map().iter_rules()
        return sorted(
            {
                rule.rule: rule
                for rule in rules
                # What another addon writes under this root has a crawler there.
                if rule.rule.startswith(ROOT)
                and rule.endpoint.func.__module__.startswith("odoo.addons.cobranca_recorrente")
            }.values(),
            key=lambda rule: rule.rule,
        )

    def get(self, path):
        """The first answer that is not only the address with the language in front."""
        answer = super().get(path)
        to = answer.headers.get("Location", "")
        return super().get(to) if urlsplit(to).path.startswith(f"/en{ROOT}") else answer

    def tokens(self):
        good = self.path().rpartition("/")[2]
        expired = self.path(expires=TODAY - timedelta(days=1)).rpartition("/")[2]
        return (good, expired, f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}", *ABSURD_CODES)

    def paths(self):
        """The addresses of all routes, each place filled with each kind of value."""
        ids = (self.line.id, self.foreign_line.id, self.deleted, self.invoice.id, self.foreign.id, *ABSURD_IDS)
        values = {"token": self.tokens(), "txid": (self.quote.txid, self.theirs.txid, *ABSURD_CODES)}
        for rule in self.our_rules():
            places = [name for _kind, name in PLACES.findall(rule.rule)]
            for place in places or [None]:
                for value in values.get(place, ids) if place else [None]:
                    # One place at a time is odd, the others are the customer's own.
                    filled = {name: values.get(name, ids)[0] for name in places} | ({place: value} if place else {})
                    yield rule, PLACES.sub(lambda found, filled=filled: f"{filled[found[2]]}", rule.rule)

    def snapshot(self):
        self.env.flush_all()
        tables = ("cobranca_payment_claim", "cobranca_dispute", "cobranca_payment_reminder", "cobranca_card_mandate")
        tables += ("cobranca_hold", "payment_transaction", "account_payment", "account_partial_reconcile")
        counts = [SQL("SELECT count(*) FROM %s", SQL.identifier(table)) for table in tables]
        return [self.env.execute_query(count) for count in counts]

    def assert_fine(self, login, path, answer, is_seen=True):
        self.assertLess(answer.status_code, 500, path)
        if login not in ("portal_caio", self.collector.login):
            for canary in FOREIGN if is_seen else ():
                self.assertNotIn(canary, answer.text, path)
        for canary in ("Traceback", "psycopg2", "odoo.exceptions", "INTERNAL-NOTE"):
            self.assertNotIn(canary, answer.text, path)

    def test_the_crawler_knows_all_routes(self):
        self.assertGreater(len(self.our_rules()), 20)
        names = {name for rule in self.our_rules() for _kind, name in PLACES.findall(rule.rule)}
        self.assertEqual(names, {"token", "txid", "line_id", "invoice_id", "mandate_id"}, "no place that is not filled")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_pages(self):
        before, seen = self.snapshot(), set()
        for login in self.personas:
            self.authenticate(login, login)
            for rule, path in self.paths():
                if rule.methods and "GET" in rule.methods:
                    answer = self.get(path)
                    self.assert_fine(login, path, answer)
                    seen.add(answer.status_code)
                    if login == "internal":
                        self.assertNotIn("R$\xa0500", answer.text, "who is no customer sees nothing without a link")
        self.assertEqual(self.snapshot(), before, "nothing changes by asking")
        self.assertLessEqual({200, 303, 404}, seen, "some were let in, some were sent away, some found nothing")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_his_own_answers(self):
        """The positive control: the same crawler is let in where it should be."""
        self.authenticate("portal_ana", "portal_ana")
        self.assertIn("R$\xa0800", self.get(ROOT).text)
        self.authenticate("portal_caio", "portal_caio")
        self.assertIn("R$\xa0111", self.get(ROOT).text)
        self.assertEqual(self.get(f"{ROOT}/fatura/{self.line.id}").status_code, 404, "another customer's invoice")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_forms_without_the_page(self):
        """No form counts that was not on a page of the same visit; nor with one, for who has nothing to do with it."""
        before = self.snapshot()
        for login in (None, "internal"):
            self.authenticate(login, login)
            for rule, path in self.paths():
                if rule.methods and "POST" in rule.methods:
                    self.assert_fine(login, path, self.post(path, csrf=False, **STRANGE))
                    self.assert_fine(login, path, self.post(path, **STRANGE))
        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_calls_of_scripts(self):
        """What the payment form asks for: another's quote, or none, is refused, and makes no transaction."""
        before = self.snapshot()
        calls = [path for rule, path in self.paths() if rule.endpoint.routing["type"] == "jsonrpc"]
        self.assertTrue(calls)
        odd = ({}, {"provider_id": "x"}, {"provider_id": 2**63, "amount": -1, "payment_method_id": False})
        for login in (None, "portal_ana", "portal_caio", "internal"):
            self.authenticate(login, login)
            for path in calls:
                for parameters in odd:
                    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters})
                    answer = self.url_open(path, data=body, headers={"Content-Type": "application/json"})
                    self.assertLess(answer.status_code, 500, path)
                    for canary in FOREIGN:
                        self.assertNotIn(canary, answer.text, path)
        self.assertEqual(self.snapshot(), before)
