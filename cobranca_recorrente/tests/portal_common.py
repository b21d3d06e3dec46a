from odoo import Command, http
from odoo.fields import Date
from odoo.tests import HttpCase, freeze_time, new_test_user
from odoo.tools import SQL

from .common import OTHER_CPF, CobrancaCommon

TODAY = "2026-03-05 15:00:00"
# Written where only staff reads; none may ever be in a page or an answer to a customer.
INTERNAL = ("INTERNAL-NOTE", "INTERNAL-PARK", "INTERNAL-PAUSE", "INTERNAL-COLLECTOR")
# Facts of another customer.
FOREIGN = ("FOREIGN-REFERENCE", "FOREIGN-ITEM", "Caio Nogal")


class PortalCommon(CobrancaCommon, HttpCase):
    """Two customers with portal users, a colleague of the first, staff with and without rights; 5 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com")
        cls.customer.email = "ana@example.com"
        cls.colleague = cls.env["res.partner"].create({"name": "Colleague", "parent_id": cls.customer.id})
        cls.collector.name = "INTERNAL-COLLECTOR"
        cls.users = {
            "portal_ana": cls.make_portal_user("portal_ana", cls.customer),
            "portal_colleague": cls.make_portal_user("portal_colleague", cls.colleague),
            "portal_caio": cls.make_portal_user("portal_caio", cls.stranger),
            "internal": new_test_user(cls.env, "internal", "base.group_user", lang="en_US"),
            "collector": cls.collector,
        }
        cls.portal_user = cls.users["portal_ana"]
        with freeze_time("2026-01-05 15:00:00"):
            cls.contract = cls.make_contract(
                note="<p>INTERNAL-NOTE</p>",
                user_id=cls.supervisor.id,
                collector_id=cls.collector.id,
                minimum_months=12,
                termination_fee="percent",
                termination_fee_percent=10.0,
            )
            cls.foreign = cls.make_contract(
                partner_id=cls.stranger.id,
                reference="FOREIGN-REFERENCE",
                line_ids=[Command.create({"product_id": cls.product.id, "name": "FOREIGN-ITEM"})],
            )
            cls.draft = cls.make_contract(activate=False)
            deleted = cls.make_contract(activate=False)
            cls.deleted_id = deleted.id
            deleted.unlink()
        with freeze_time(TODAY):
            for contract in cls.contract | cls.foreign:
                contract._log_change("activate", contract.date_start, 0.0)
                for _month in range(3):
                    cls.env["cobranca.contract.billing"]._bill(contract)
            cls.contract._pause(Date.to_date("2026-05-01"), Date.to_date("2026-05-31"), "INTERNAL-PAUSE")
            cls.contract._park("INTERNAL-PARK")
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, "base.group_portal", lang="en_US")
        user.partner_id = partner
        return user

    def log_in(self, login):
        """Be this user in the requests that follow; None is nobody."""
        self.authenticate(login, login)

    def post(self, path, csrf=True, **values):
        """The answer to a form that a browser sends, redirects not followed."""
        token = {"csrf_token": http.Request.csrf_token(self)} if csrf else {}
        return self.url_open(path, data={**token, **values}, allow_redirects=False)

    def page_of(self, contract, suffix=""):
        response = self.url_open(f"/my/contratos/{contract.id}{suffix}")
        self.assertEqual(response.status_code, 200)
        return response.text

    def get(self, path):
        """The first answer to an address that is not only its form with the language in front."""
        response = self.url_open(path, allow_redirects=False)
        if response.headers.get("Location", "").endswith(f"/en{path}"):
            response = self.url_open(f"/en{path}", allow_redirects=False)
        return response

    def snapshot(self):
        """All rows that a page could change, as texts."""
        self.env.flush_all()
        tables = [f"cobranca_contract_{name}" for name in ("line", "period", "pause", "change")]
        rows = {}
        for table in ("cobranca_contract", *tables, "mail_activity", "mail_message", "account_move"):
            rows[table] = self.env.execute_query(SQL("SELECT to_jsonb(t) FROM %s t ORDER BY id", SQL.identifier(table)))
        return rows

    def assertHidden(self, text, hidden):
        for canary in (*hidden, "Traceback", "psycopg2", "odoo.exceptions", "SELECT "):
            self.assertNotIn(canary, text)
