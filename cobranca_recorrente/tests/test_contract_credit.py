from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestContractCredit(RecordCommon):
    """Before a contract starts somebody looks at how the customer pays and what he owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "cobranca_activation_overdue": "warn",
                "cobranca_activation_overdue_days": 30,
                "cobranca_activation_limit": "none",
                "account_use_credit_limit": False,
            }
        )
        cls.env["cobranca.payer.segment"].search([]).on_activation = "none"
        cls.env["cobranca.behavior"]._refresh(cls.company)
        cls.draft = cls.make_draft(cls.customer)
        cls.clean = cls.make_draft(cls.stranger)

    @classmethod
    def make_draft(cls, customer):
        return cls.make_contract(activate=False, partner_id=customer.id, date_start="2026-12-01")

    def activate(self, contracts, user=None):
        return contracts.with_user(user or self.supervisor).action_activate()

    def confirm(self, action, reason="Paid today.", **choice):
        wizard = self.env[action["res_model"]].with_user(self.supervisor).browse(action["res_id"])
        wizard.reason = reason
        for line in wizard.line_ids:
            line.is_chosen = choice.get("choose", line.is_chosen)
        return wizard.action_confirm()

    # --- overdue debts ---

    def test_overdue_needs_a_reason(self):
        """The oldest invoice is overdue for 37 days: its due date, a Saturday, moved to the Tuesday after a holiday."""
        action = self.activate(self.draft)
        self.assertEqual((self.draft.state, action["res_model"]), ("draft", "cobranca.contract.credit.confirm"))
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("800.00 overdue, the oldest for", wizard.line_ids.text)
        self.assertEqual((wizard.line_ids.is_block, wizard.line_ids.is_chosen), (False, True))
        for reason in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "reason"):
                self.confirm(action, reason)
        self.assertEqual(self.draft.state, "draft")
        self.confirm(action)
        self.assertEqual(self.draft.state, "active")
        self.assertIn("overdue, the oldest for", self.draft.message_ids[0].body)
        self.assertIn("Reason: Paid today.", self.draft.message_ids[0].body)
        self.assertEqual(self.draft.message_ids[0].author_id, self.supervisor.partner_id)

    def test_bounds_of_the_days(self):
        days = self.customer._cobranca_get_debt_summary(self.company._cobranca_today())["days_late"]
        for bound, is_told in ((days, False), (days - 1, True)):
            self.company.cobranca_activation_overdue_days = bound
            self.assertEqual(bool(self.draft._find_credit_doubts()), is_told)
        self.company.cobranca_activation_overdue = "none"
        self.assertIs(self.activate(self.draft), True)

    def test_shown_on_the_draft_before(self):
        self.assertIn("overdue, the oldest for", self.draft.warnings)
        self.assertNotIn("overdue", self.clean.warnings or "")

    # --- many at once ---

    def test_bulk_loses_nothing(self):
        action = self.activate(self.draft | self.clean)
        self.assertEqual((self.draft.state, self.clean.state), ("draft", "active"))
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.line_ids.contract_id, wizard.activated), (self.draft, 1))
        # Closed without a choice: it stays a draft, and can be tried again.
        self.assertEqual(self.activate(self.draft)["res_model"], "cobranca.contract.credit.confirm")
        with self.assertRaisesRegex(UserError, "Choose"):
            self.confirm(action, choose=False)

    def test_gaps_still_stop_all(self):
        self.draft.line_ids.price_unit = 0
        with self.assertRaisesRegex(UserError, "amount per period is zero"):
            self.activate(self.draft | self.clean)
        self.assertEqual((self.draft.state, self.clean.state), ("draft", "draft"))

    def test_cost_does_not_grow_with_the_contracts(self):
        many = self.draft
        for _number in range(5):
            many |= self.make_draft(self.customer)
        self.env.flush_all()

        def queries(contracts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._find_credit_doubts()
            return self.env.cr.sql_log_count - before

        queries(self.draft)
        self.assertLessEqual(queries(many), queries(self.draft) + 2)

    # --- blocks ---

    def test_block_is_overridden_one_by_one(self):
        self.company.cobranca_activation_overdue = "block"
        action = self.activate(self.draft)
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.has_block, wizard.line_ids.is_chosen), (True, False))
        with self.assertRaisesRegex(UserError, "Choose"):
            self.confirm(action)
        self.confirm(action, choose=True)
        self.assertEqual(self.draft.state, "active")
        self.assertIn("Credit block overridden", self.draft.message_ids[0].body)

    def test_block_needs_a_supervisor(self):
        """Somebody who may write contracts by other rights of the company does not lift a block."""
        seller = self.collector
        self.env["ir.model.access"].create(
            {
                "name": "seller",
                "model_id": self.env["ir.model"]._get_id("cobranca.contract"),
                "group_id": self.env.ref("cobranca_recorrente.cobranca_group_collector").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        self.company.cobranca_activation_overdue = "block"
        with self.assertRaisesRegex(UserError, "A supervisor of Cobrança activates"):
            self.activate(self.draft, seller)
        with self.assertRaisesRegex(AccessError, "only a supervisor"):
            self.draft.with_user(seller)._activate_despite("Trust me.")
        self.assertEqual(self.draft.state, "draft")
        self.company.cobranca_activation_overdue = "warn"
        self.draft.with_user(seller)._activate_despite("Paid today.")
        self.assertEqual(self.draft.state, "active")

    def test_collectors_activate_nothing(self):
        for call in (lambda c: c.action_activate(), lambda c: c._activate_despite("x")):
            with self.assertRaises(AccessError):
                call(self.draft.with_user(self.collector))

    # --- segment ---

    def test_rule_of_the_segment(self):
        self.company.cobranca_activation_overdue = "none"
        segment = self.env["cobranca.payer.segment"].create(
            {"name": "Chronic", "sequence": -1, "on_activation": "block"}
        )
        self.env["cobranca.behavior"]._refresh(self.company)
        doubts = self.draft._find_credit_doubts()[self.draft]
        self.assertEqual([doubt.is_block for doubt in doubts], [True])
        self.assertIn("Segment “Chronic”: 2 of 2 invoices late", doubts[0].text)
        segment.on_activation = "warn"
        self.assertEqual([d.is_block for d in self.draft._find_credit_doubts()[self.draft]], [False])
        self.assertFalse(self.clean._find_credit_doubts())

    # --- credit limit of Odoo ---

    def test_above_the_credit_limit(self):
        """800 are open; a contract of 350 lifts them to 1150."""
        self.company.write({"cobranca_activation_overdue": "none", "cobranca_activation_limit": "warn"})
        self.customer.credit_limit = 1149.99
        self.assertFalse(self.draft._find_credit_doubts(), "the company uses no limits")
        self.company.account_use_credit_limit = True
        self.assertIn("more than the credit limit", self.draft._find_credit_doubts()[self.draft][0].text)
        self.customer.credit_limit = 1150.0
        self.assertFalse(self.draft._find_credit_doubts())
        self.customer.credit_limit = 0.0
        self.assertFalse(self.draft._find_credit_doubts(), "no limit")

    # --- settings ---

    def test_settings_of_managers(self):
        with Form(self.env["cobranca.settings"].with_user(self.manager)) as form:
            form.cobranca_activation_limit = "block"
            form.cobranca_activation_overdue_days = 45
        form.record.action_save()
        self.assertEqual(self.company.cobranca_activation_limit, "block")
        self.assertEqual(self.company.cobranca_activation_overdue_days, 45)
        self.assertEqual(self.company.cobranca_activation_overdue, "warn")
