from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP, OTHER_CPF
from .debt_common import DebtCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 15:00:00")
class TestCreditBlock(DebtCommon):
    """Whose credit a step blocked contracts nothing more without a supervisor, until nothing is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"cobranca_activation_overdue": "none", "cobranca_activation_limit": "none"})
        cls.env["cobranca.payer.segment"].search([]).on_activation = "none"
        cls.Block = cls.env["cobranca.credit.block"]
        cls.line = cls.owe(300, "2026-01-12")
        cls.second = cls.owe(200, "2026-02-12")

    def block(self, partner=None):
        self.Block._start(self.company, partner or self.customer, "Step 30")
        return self.Block.search([("partner_id", "=", (partner or self.customer).id), ("ended_on", "=", False)])

    def test_new_contract_asks_for_a_supervisor(self):
        contract = self.make_contract(activate=False, date_start="2026-04-01")
        self.assertFalse(contract._find_credit_doubts())
        self.block()
        [doubt] = contract._find_credit_doubts()[contract]
        self.assertTrue(doubt.is_block)
        self.assertEqual(doubt.text, "Credit blocked since 03/16/2026: Step 30")
        action = contract.with_user(self.supervisor).action_activate()
        self.assertEqual((contract.state, action["res_model"]), ("draft", "cobranca.contract.credit.confirm"))
        clerk = new_test_user(self.env, "clerk", "account.group_account_invoice")
        with self.assertRaises(UserError):
            contract.with_user(clerk)._activate_despite("because")
        self.assertEqual(contract.state, "draft")
        other = self.make_contract(activate=False, partner_id=self.business.id, date_start="2026-04-01")
        self.assertFalse(other._find_credit_doubts())

    def test_shown_on_the_customer(self):
        self.block()
        self.assertIn("Credit blocked since", self.customer.with_user(self.collector).cobranca_credit_text)

    def test_ends_by_itself_when_nothing_is_late(self):
        block = self.block()
        self.pay(self.line, 300, "2026-03-15")
        self.assertFalse(block.ended_on, "another one is late")
        self.pay(self.second, 100, "2026-03-15")
        self.assertFalse(block.ended_on, "part of it is")
        self.owe(50, "2026-03-20")
        self.pay(self.second, 100, "2026-03-16")
        self.assertEqual((block.ended_on, block.end_reason), (date(2026, 3, 16), "paid"))

    def test_other_company_does_not_matter(self):
        block = self.block()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.Block._end_paid(elsewhere, self.customer)
        self.assertFalse(block.ended_on)
        stranger = new_test_user(
            self.env, "stranger", GROUP + "supervisor", company_id=elsewhere.id, company_ids=[elsewhere.id]
        )
        self.assertFalse(self.Block.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            block.with_user(stranger).action_lift()

    def test_nightly_run_is_a_backstop(self):
        block = self.block()
        (self.line + self.second).move_id.button_draft()
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_credit_block").method_direct_trigger()
        self.assertEqual(block.end_reason, "paid")

    def test_one_live_block(self):
        block = self.block()
        self.assertEqual(self.block(), block)
        own = {"company_id": self.company.id, "partner_id": self.customer.id}
        values = {**own, "date_from": "2026-03-01", "reason": "x"}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Block.create(values)
        block._end("manual")
        self.assertNotEqual(self.block(), block)

    def test_supervisor_releases(self):
        block = self.block()
        with self.assertRaises(AccessError):
            block.with_user(self.collector).action_lift()
        block.with_user(self.supervisor).action_lift()
        self.assertEqual((block.end_reason, block.ended_by_id), ("manual", self.supervisor))
        for user in (self.collector, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.Block.with_user(user).has_access(operation))
        with self.assertRaises(UserError):
            block.unlink()

    def test_merged_customers_keep_one_block(self):
        double = self.make_customer("Ana L.", OTHER_CPF)
        older = self.block(double)
        newer = self.block()
        self.env["base.partner.merge.automatic.wizard"]._merge((double + self.customer).ids, self.customer)
        self.assertEqual((older.partner_id, older.ended_on), (self.customer, False))
        self.assertEqual(newer.end_reason, "merged")
