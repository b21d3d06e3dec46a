from odoo import http
from odoo.tests import HttpCase, freeze_time, new_test_user
from odoo.tools import SQL

from .common import OTHER_CPF, CobrancaCommon

TODAY = "2026-11-19 15:00:00"
PATH = "/my/dados"
ADDRESS = {
    "zip": "53020-140",
    "street_name": "Rua do Amparo",
    "street_number": "12",
    "city": "Olinda",
}
# Written where only staff reads.
INTERNAL = ("INTERNAL-NOTE", "INTERNAL-COLLECTOR", "INTERNAL-SEGMENT", "Caio Nogal", "caio@example.com")


class OwnDataCommon(CobrancaCommon, HttpCase):
    """Two customers with portal users, a colleague and a beneficiary of the first, staff; 19 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(TODAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.email, cls.company.phone = "cobranca@example.com", "+55 11 3333-4444"
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com")
        cls.pernambuco = cls.env.ref("base.state_br_pe")
        known = {"email": "ana@example.com", "phone": "+55 81 98765-4321", "comment": "<p>INTERNAL-NOTE</p>"}
        cls.customer.write({**ADDRESS, **known, "state_id": cls.pernambuco.id})
        cls.collector.name = "INTERNAL-COLLECTOR"
        Partner = cls.env["res.partner"]
        cls.colleague = Partner.create({"name": "Colleague", "parent_id": cls.customer.id})
        cls.student = Partner.create({"name": "Student", "parent_id": cls.customer.id, "type": "other"})
        cls.contract = cls.make_contract(collector_id=cls.collector.id, beneficiary_id=cls.student.id)
        cls.foreign = cls.make_contract(partner_id=cls.stranger.id)
        cls.visitor = Partner.create({"name": "Visitor", "email": "visitor@example.com"})
        cls.users = {
            "portal_ana": cls.make_portal_user("portal_ana", cls.customer),
            "portal_colleague": cls.make_portal_user("portal_colleague", cls.colleague),
            "portal_student": cls.make_portal_user("portal_student", cls.student),
            "portal_caio": cls.make_portal_user("portal_caio", cls.stranger),
            "portal_visitor": cls.make_portal_user("portal_visitor", cls.visitor),
            "internal": new_test_user(cls.env, "internal", "base.group_user", lang="en_US"),
            "collector": cls.collector,
        }
        cls.ana = cls.users["portal_ana"]
        cls.Change = cls.env["cobranca.partner.change"]
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, "base.group_portal", lang="en_US")
        user.partner_id = partner
        return user

    def log_in(self, login):
        self.authenticate(login, login)

    def post(self, path=PATH, csrf=True, **values):
        """The answer to a form that a browser sends, redirects not followed."""
        token = {"csrf_token": http.Request.csrf_token(self)} if csrf else {}
        return self.url_open(path, data={**token, **values}, allow_redirects=False)

    def save(self, user=None, partner=None, **typed):
        """(errors, asked) of a save by a portal user."""
        user = user or self.ana
        return (partner or self.customer).with_user(user)._cobranca_save_own(typed)

    def ask(self, **typed):
        """The change that waits after the customer asked for one."""
        errors, asked = self.save(**typed)
        self.assertEqual((errors, asked), ({}, set(typed)))
        return self.Change.search([("state", "=", "pending")], order="id desc", limit=1)

    def mails(self):
        """What customers are written; people who decide are told in other mails."""
        return self.env["mail.mail"].search([("model", "=", "cobranca.partner.change"), ("email_to", "!=", False)])

    def snapshot(self):
        """All rows that the page could change, as texts."""
        self.env.flush_all()
        tables = ("res_partner", "cobranca_partner_change", "cobranca_opt_out", "mail_activity", "mail_message")
        return {
            table: self.env.execute_query(SQL("SELECT to_jsonb(t) FROM %s t ORDER BY id", SQL.identifier(table)))
            for table in tables
        }
