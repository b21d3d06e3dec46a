import re
import threading
from datetime import timedelta
from decimal import Decimal

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..tools.plan import Terms, make_plan
from .negotiation_common import DIGITS, LOGIN, PDF, NegotiationCommon
from .proposal_common import TODAY

PLACES = re.compile(r"<(\w+):(\w+)>")
ABSURD_IDS = ("0", f"{2**31}", f"{2**63}", "abc")
ABSURD_CODES = ("%00", "x" * 300, "'; DROP TABLE res_partner; --")
# Facts of the other customer that no page may show to this one.
FOREIGN = ("Caio Nogal", "caio@example.com", "R$\xa0987", "987,65", "987.65")
BROKEN = ("Traceback", "psycopg2", "odoo.exceptions", "INTERNAL-COLLECTOR")
FORM = {"escolha": "1", "pagamento": "1", "plano": "short", "codigo": DIGITS, "nome": "Ana Lindoso", "aceito": "sim"}
STRANGE = {**FORM, "documento": "529.982.247-25", "caminho": "email", "mensal": "-1", "total": "0.01", "texto": "?"}
# What pages and forms could leave behind; the page of who may pay makes his quote, as it always did.
TABLES = ("cobranca_agreement", "cobranca_proposal", "cobranca_acceptance", "cobranca_acceptance_code")
TABLES += (
    "cobranca_offer_approval",
    "cobranca_quittance",
    "account_move",
    "cobranca_interaction",
)


@tagged("post_install", "-at_install")
class TestNegotiationCrawler(NegotiationCommon):
    """Every route of negotiations, asked by everybody for everything: his own, or nothing, and never a failure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "portal_caio", "base.group_portal", lang="en_US").partner_id = cls.stranger
        new_test_user(cls.env, "internal", "base.group_user", lang="en_US")
        own = cls.receivable(cls.make_invoice(321.0, "2026-08-17", cls.customer))
        theirs = cls.receivable(cls.make_invoice(987.65, "2026-08-17", cls.stranger))
        cls.agreements_of = [cls.make_agreement(lines) for lines in (own, theirs)]
        cls.proposals_of = [cls.make_proposal(lines) for lines in (cls.late, cls.foreign)]
        cls.papers_of = [cls.make_acceptance(agreement) for agreement in cls.agreements_of]
        cls.env.flush_all()

    @classmethod
    def make_agreement(cls, lines):
        terms = Terms({"fine": Decimal(100)}, None, 3, "none", Decimal(0), TODAY)
        plan = make_plan(cls.Agreement._get_parts(lines, TODAY), terms)
        return cls.Agreement._sign(cls.company, lines.partner_id, plan, lines, TODAY)

    @classmethod
    def make_proposal(cls, lines):
        values = cls.Desk.simulate_open(lines.partner_id.id, lines.ids)["values"]
        cls.Desk.send(values, [0], "call")
        return cls.env["cobranca.proposal"].search([("partner_id", "=", lines.partner_id.id)], limit=1)

    @classmethod
    def make_acceptance(cls, agreement):
        partner = agreement.partner_id
        return cls.env["cobranca.acceptance"]._record(
            cls.company, partner, agreement, PDF, "operator", partner.name, partner.vat, note="By phone"
        )

    # --- addresses ---

    def our_rules(self):
        """The routes that are written in this addon."""
        threading.current_thread().dbname = self.env.cr.dbname
        rules = self.env["ir.http"].routing_map().iter_rules()
        controllers = "odoo.addons.cobranca_negociacao.controllers."
        ours = [rule for rule in rules if rule.endpoint.func.__module__.startswith(controllers)]
        # Those of agencies have a crawler of their own.
        ours = [rule for rule in ours if not rule.endpoint.func.__module__.startswith(f"{controllers}agency_")]
        return sorted({(rule.rule, *sorted(rule.methods or ())): rule for rule in ours}.values(), key=lambda r: r.rule)

    def values(self):
        """{name of a place: what it is filled with, the customer's own first}"""
        good = self.path().rpartition("/")[2]
        expired = self.path(expires=TODAY - timedelta(days=1)).rpartition("/")[2]
        forged = f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}"
        items = [agreement.installment_ids.line_id[:1] for agreement in self.agreements_of]
        return {
            "token": (good, expired, forged, *ABSURD_CODES),
            "number": self.ids_of(self.proposals_of),
            "proposal_id": self.ids_of(self.proposals_of),
            "agreement_id": self.ids_of(self.agreements_of),
            "line_id": self.ids_of(items),
            "quittance_id": ABSURD_IDS,
            "acceptance_id": self.ids_of(self.papers_of),
            "place": ("cliente", "fatura", "caso", "res.users", "%00"),
            "record_id": self.ids_of((self.customer, self.stranger)),
        }

    def ids_of(self, records):
        return (*(f"{record.id}" for record in records), *ABSURD_IDS)

    def paths(self, method):
        """The addresses of all routes, one place at a time odd, the others the customer's own."""
        values = self.values()
        for rule in self.our_rules():
            if method not in (rule.methods or ()):
                continue
            places = [name for _kind, name in PLACES.findall(rule.rule)]
            for place in places or [None]:
                for value in values[place] if place else [None]:
                    filled = {name: values[name][0] for name in places} | ({place: value} if place else {})
                    yield PLACES.sub(lambda found, filled=filled: filled[found[2]], rule.rule)

    # --- what is seen and done ---

    def snapshot(self):
        self.env.flush_all()
        counts = [SQL("SELECT count(*), max(write_date) FROM %s", SQL.identifier(table)) for table in TABLES]
        return [self.env.execute_query(count) for count in counts]

    def assert_fine(self, login, path, answer):
        self.assertLess(answer.status_code, 500, path)
        for canary in BROKEN if login != self.collector.login else ():
            self.assertNotIn(canary, answer.text, path)
        if login not in ("portal_caio", self.collector.login):
            for canary in FOREIGN:
                self.assertNotIn(canary, answer.text, path)

    def test_the_crawler_knows_all_places(self):
        rules = self.our_rules()
        self.assertGreater(len(rules), 25)
        names = {name for rule in rules for _kind, name in PLACES.findall(rule.rule)}
        self.assertEqual(names, set(self.values()), "no place that is not filled")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_pages(self):
        before, seen = self.snapshot(), {}
        for login in (None, LOGIN, "internal"):
            self.authenticate(login, login)
            for path in self.paths("GET"):
                answer = self.get(path)
                self.assert_fine(login, path, answer)
                seen.setdefault(login, set()).add(answer.status_code)
        self.assertEqual(self.snapshot(), before, "nothing changes by asking")
        self.assertLessEqual({200, 303, 404}, seen[LOGIN] | seen[None])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_his_own_and_nothing_else(self):
        """The positive control: the same addresses let in whose they are, and nobody else."""
        # A proposal without its term yet leads to where that is chosen.
        pages = (("/my/acordos", self.agreements_of, 200), ("/my/pagamentos/negociar", self.proposals_of, 303))
        for login, (own, other) in ((LOGIN, (0, 1)), ("portal_caio", (1, 0))):
            self.authenticate(login, login)
            for root, records, status in pages:
                self.assertEqual(self.get(f"{root}/{records[own].id}").status_code, status, root)
                self.assertEqual(self.get(f"{root}/{records[other].id}").status_code, 404, root)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_forms_without_the_page(self):
        """No form counts that was not on a page of the same visit, nor for who has nothing to do with it."""
        before = self.snapshot()
        for login in (None, "internal"):
            self.authenticate(login, login)
            for path in self.paths("POST"):
                self.assert_fine(login, path, self.url_open(path, data=STRANGE, allow_redirects=False))
        self.authenticate("portal_caio", "portal_caio")
        for path in self.paths("POST"):
            if path.startswith(("/my/acordos", "/my/pagamentos/negociar/")):
                self.assert_fine("portal_caio", path, self.post(path, **STRANGE))
        self.assertEqual(self.snapshot(), before)
