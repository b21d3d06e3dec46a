from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OTHER_CPF, CobrancaCommon


@tagged("post_install", "-at_install")
class TestPortal(CobrancaCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF)
        with freeze_time("2026-01-05 15:00:00"):
            cls.contract = cls.make_contract(note="<p>INTERNAL-NOTE</p>")
            cls.foreign = cls.make_contract(partner_id=cls.stranger.id, reference="FOREIGN-CANARY")
            cls.draft = cls.make_contract(activate=False)
            cls.env["cobranca.contract.billing"]._bill(cls.contract | cls.foreign)
        cls.portal_user = cls.make_portal_user("portal_ana", cls.customer)

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, "base.group_portal")
        user.partner_id = partner
        return user

    def test_list_shows_own_active_contracts(self):
        self.authenticate("portal_ana", "portal_ana")
        page = self.url_open("/my/contratos").text
        self.assertIn(self.contract.name, page)
        self.assertNotIn(self.draft.name, page)
        self.assertNotIn(self.foreign.name, page)

    def test_page(self):
        self.authenticate("portal_ana", "portal_ana")
        response = self.url_open(f"/my/contratos/{self.contract.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Monthly fee", response.text)
        self.assertIn("350", response.text)
        self.assertIn(f"/my/invoices/{self.contract.period_ids.move_id.id}", response.text)
        self.assertNotIn("INTERNAL-NOTE", response.text)

    @mute_logger("odoo.http")
    def test_others_do_not_exist(self):
        self.authenticate("portal_ana", "portal_ana")
        ids = [self.foreign.id, self.draft.id, 0, 2**31, 2**62, self.contract.id + 10**6]
        for path in [*ids, "abc", "-1"]:
            with self.subTest(path=path):
                response = self.url_open(f"/my/contratos/{path}")
                self.assertEqual(response.status_code, 404)
                self.assertNotIn("FOREIGN-CANARY", response.text)
                self.assertNotIn("Traceback", response.text)

    def test_anonymous_must_log_in(self):
        self.authenticate(None, None)
        response = self.url_open(f"/my/contratos/{self.contract.id}")
        self.assertIn("/web/login", response.url)
        self.assertNotIn("Monthly fee", response.text)

    def test_odd_page_numbers(self):
        self.authenticate("portal_ana", "portal_ana")
        for page in ("/my/contratos/page/99", "/my/contratos?sortby=x&page=-5"):
            self.assertEqual(self.url_open(page).status_code, 200)

    def test_link_of_a_mail_leads_to_the_page(self):
        self.authenticate("portal_ana", "portal_ana")
        response = self.url_open(f"/mail/view?model=cobranca.contract&res_id={self.contract.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"/my/contratos/{self.contract.id}", response.url)

    def test_home_counts(self):
        self.authenticate("portal_ana", "portal_ana")
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["cobranca_contract_count"]})
        self.assertEqual(counters["cobranca_contract_count"], 1)

    def test_rpc_reads_only_own_and_never_internal_fields(self):
        Contract = self.env["cobranca.contract"].with_user(self.portal_user)
        self.assertEqual(Contract.search([]), self.contract)
        for field in ("note", "park_reason", "journal_id", "access_token", "customer_document", "billed_until"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.contract.with_user(self.portal_user).read([field])
            with self.subTest(ordered=field), self.assertRaises(AccessError):
                Contract.search([], order=field)
        for model in ("cobranca.contract", "cobranca.contract.line", "cobranca.contract.period"):
            records = self.env[model].with_user(self.portal_user).search([])
            self.assertTrue(records)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(records.has_access(operation))

    def test_employee_of_the_customer_sees_its_contract(self):
        employee = self.env["res.partner"].create({"name": "Employee", "parent_id": self.customer.id})
        user = self.make_portal_user("portal_employee", employee)
        self.assertEqual(self.env["cobranca.contract"].with_user(user).search([]), self.contract)

    def test_closed_contract_stays_visible(self):
        self.contract.action_close()
        self.contract.line_ids = [Command.create({"product_id": self.product.id, "name": "Extra"})]
        self.authenticate("portal_ana", "portal_ana")
        page = self.url_open(f"/my/contratos/{self.contract.id}").text
        self.assertIn("Extra", page)
