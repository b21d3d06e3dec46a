import json
from urllib.parse import urlsplit

from odoo import Command
from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import call_kw, get_public_method
from odoo.tests import HttpCase, new_test_user
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tests.common import GROUP

from .bare_company import make_bare_company
from .common import ReportCommon
from .crawler_book import CrawlerBook

ADDON = "cobranca_relatorios"
OWN, FOREIGN = "Otília", "Zuleica"
OWN_AMOUNT, FOREIGN_AMOUNT = 4321.07, 98765.43
# As they may be written: in numbers, and in both languages.
CANARIES = {
    OWN: (OWN, "Ot\\u00edlia", "4321.07", "4,321.07", "4.321,07"),
    FOREIGN: (FOREIGN, "98765.43", "98,765.43", "98.765,43"),
}
# Those of a company see nothing of the other one, all others nothing at all. None is who did not sign in.
OUTSIDERS = (None, "portal_customer", "agency", "internal", "collector")
INSIDERS = {"supervisor": FOREIGN, "manager": FOREIGN, "stranger": OWN}
# Ids that nothing has.
ABSURD = (0, -1, 2**31 - 1, 2**31, 2**63)
BROKEN = ("Traceback", "psycopg2", "odoo.exceptions")
REFUSED = ("AccessError", "AccessDenied", "MissingError", "UserError", "ValidationError", "SessionExpiredException")
JSON = {"Content-Type": "application/json"}
CONTENT = "SELECT md5(string_agg(content::text, ' ' ORDER BY id)) FROM %s content"


class CrawlerCommon(HttpCase, ReportCommon):
    """Two companies whose reports are full, and everybody who might ask for them."""

    # What follows the name of the company in each text of it.
    tail = "ME"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Files are read again; those of a test may be cleaned away by the tests of another process.
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.env["cobranca.report.subscription"].search([]).active = False
        cls.second, ledger = make_bare_company(cls.env, cls.env["res.users"], f"{FOREIGN} {cls.tail}")
        stranger = {"company_id": cls.second.id, "company_ids": cls.second.ids}
        cls.stranger = new_test_user(cls.env, "stranger", f"{GROUP}manager", lang="en_US", **stranger)
        new_test_user(cls.env, "internal", "base.group_user", lang="en_US")
        portal = new_test_user(cls.env, "portal_customer", "base.group_portal", lang="en_US")
        portal.partner_id = cls.third_customer
        # Without it nobody exports anything, which would prove nothing.
        staff = cls.env["res.users"].search([("share", "=", False)])
        staff.write({"group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]})
        contract = cls.make_contract(activate=False)
        cls.own = CrawlerBook(cls.ledger, f"{OWN} {cls.tail}", OWN_AMOUNT, contract, cls.manager)
        cls.foreign = CrawlerBook(ledger, f"{FOREIGN} {cls.tail}", FOREIGN_AMOUNT, contract, cls.stranger)
        for book in (cls.own, cls.foreign):
            book.fill()
        person = new_test_user(cls.env, "agency", "cobranca_negociacao.cobranca_group_agency", lang="en_US")
        person.partner_id.parent_id = cls.own.agency.partner_id
        cls.env.flush_all()
        cls.env.invalidate_all()
        cls.ids = {
            model: tuple(cls.rows(model, book).ids for book in (cls.own, cls.foreign)) for model in cls.our_models()
        }

    # --- what is asked ---

    def ask(self, path, **kwargs):
        """The answer, or where it leads to: but for the same address with the language in front."""
        answer = self.url_open(path, allow_redirects=False, **kwargs)
        to = urlsplit(answer.headers.get("Location", "")).path
        return self.url_open(to, allow_redirects=False, **kwargs) if to.startswith("/en/") else answer

    def call(self, model, method, *args, **kwargs):
        """A call as browsers make them.

        :return: dict with `result`, or with `error`
        """
        body = {"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
        answer = self.url_open("/web/dataset/call_kw", data=json.dumps(body), headers=JSON)
        self.assertEqual(answer.status_code, 200, f"{model}.{method}")
        return answer.json()

    def dispatch(self, model, method, *args, **kwargs):
        """The same as :meth:`call` for who signed in, without HTTP, which is most of the time of many calls."""
        self.env.invalidate_all()
        user = self.session.uid or self.env.ref("base.public_user").id
        env = self.env(user=user, su=False, context={"lang": "en_US", **kwargs.pop("context", {})})
        try:
            with self.env.cr.savepoint():
                return {"result": call_kw(env[model], method, args, kwargs)}
        except Exception as error:  # noqa: BLE001, whatever it is becomes the answer
            name = f"{type(error).__module__}.{type(error).__name__}"
            return {"error": {"data": {"name": name, "message": str(error)}}}

    # --- what is there ---

    @classmethod
    def our_models(cls):
        """The models that this addon makes and that have rows, by name: a later one cannot be forgotten."""
        names = [name for name, model in cls.env.registry.items() if model._original_module == ADDON]
        return sorted(name for name in names if not cls.env[name]._abstract)

    def our_methods(self):
        """[(model, method)] of all that can be called from outside and that this addon defines."""
        found = set()
        for name, model in self.env.registry.items():
            for definition in model.mro():
                if getattr(definition, "pool", None) is None and getattr(definition, "_module", None) == ADDON:
                    found |= {(name, method) for method in vars(definition) if self.is_public(name, method)}
        # Those of the ORM that are refined here are called by every reading and writing.
        return sorted(pair for pair in found if not hasattr(BaseModel, pair[1]))

    def is_public(self, model, method):
        try:
            get_public_method(self.env[model], method)
        except (AccessError, AttributeError):
            return False
        return True

    @classmethod
    def everybody(cls, model):
        """A model of both companies, whoever may see them."""
        return cls.env[model].with_context(allowed_company_ids=(cls.company | cls.second).ids)

    @classmethod
    def rows(cls, model, book):
        """The rows of a model of one company; those of the other one are the others."""
        Model = cls.everybody(model)
        if "company_id" in Model._fields:
            return Model.search([("company_id", "=", book.company.id)])
        return Model.search([("create_uid", "=", book.user.id)])

    def get_user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def content(self, *models):
        """All that is stored, to be compared."""
        self.env.flush_all()
        stored = [model for model in models or self.our_models() if self.env[model]._auto]
        return [self.env.execute_query(SQL(CONTENT, SQL.identifier(self.env[model]._table))) for model in stored]

    # --- what must not be seen ---

    def forbidden(self, login):
        """The texts that a persona never gets."""
        return CANARIES[INSIDERS[login]] if login in INSIDERS else CANARIES[OWN] + CANARIES[FOREIGN]

    def assert_blind(self, login, text, what):
        found = [canary for canary in self.forbidden(login) if canary in text]
        self.assertFalse(found, f"{login}: {what}")

    def assert_refused(self, found, what):
        self.assertIn("error", found, what)
        self.assert_known(found, what)

    def assert_known(self, found, what):
        """What is refused is refused for a reason that people understand: no failure of the program."""
        if error := found.get("error"):
            self.assertIn(error["data"]["name"].rpartition(".")[2], REFUSED, f"{what}: {error['data']['message']}")
