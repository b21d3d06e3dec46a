from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP, CobrancaCommon

WIZARDS = (
    "cobranca.contract.amend",
    "cobranca.contract.suspend",
    "cobranca.contract.terminate",
    "cobranca.contract.reschedule",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-01-16 15:00:00")
class TestContractWizards(CobrancaCommon):
    """The dialogs by the lowest rights; January (310.00, ten a day) is billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.lst_price = 310.0
        with freeze_time("2026-01-05 15:00:00"):
            cls.contract = cls.make_contract(minimum_months=12, termination_fee="percent")
            cls.env["cobranca.contract.billing"]._bill(cls.contract)
        cls.reason = cls.env.ref("cobranca_recorrente.cobranca_close_reason_price")
        cls.ours = cls.env.ref("cobranca_recorrente.cobranca_close_reason_unpaid")

    def open(self, model, user=None, **values):
        """The form of a wizard on the contract, as its button opens it."""
        context = {f"default_{name}": value for name, value in values.items()}
        env = self.env(user=user or self.supervisor)
        return Form(env[model].with_context(default_contract_id=self.contract.id, **context))

    def review(self, form):
        wizard = form.save()
        wizard.action_review()
        return wizard

    # --- rights ---

    def test_collector_opens_no_wizard(self):
        for model in WIZARDS:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.collector).create({"contract_id": self.contract.id})

    def test_supervisor_of_another_company_changes_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "stranger", f"{GROUP}supervisor", company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        wizard = self.env["cobranca.contract.suspend"].with_user(stranger)
        with self.assertRaises(AccessError):
            wizard.create({"contract_id": self.contract.id, "reason": "x"}).action_review()

    def test_wizard_of_another_user_is_out_of_reach(self):
        wizard = self.open("cobranca.contract.suspend", reason="x").save()
        other = new_test_user(self.env, "supervisor2", f"{GROUP}supervisor")
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_review()

    # --- what is shown ---

    def test_effect_is_shown_and_leaves_nothing_behind(self):
        wizard = self.review(self.open("cobranca.contract.suspend", reason="Trip", date_end="2026-01-31"))
        self.assertEqual([item["amount"] for item in wizard.effect["items"]], [-160.0])
        self.assertIn("160.00", wizard.effect_html)
        self.assertFalse(self.contract.pause_ids)
        self.assertEqual(len(self.contract.line_ids), 1)

    def test_what_was_shown_is_what_happens(self):
        form = self.open("cobranca.contract.suspend", reason="Trip", date_end="2026-01-31")
        wizard = self.review(form)
        wizard.action_confirm()
        self.assertEqual(self.contract.line_ids[1:].mapped("price_unit"), [-160.0])
        self.assertEqual(self.contract.pause_ids.reason, "Trip")

    def test_nothing_is_done_that_was_not_shown(self):
        wizard = self.review(self.open("cobranca.contract.suspend", reason="Trip", date_end="2026-01-31"))
        wizard.date_end = "2026-01-20"
        with self.assertRaisesRegex(UserError, "no longer as it was shown"):
            wizard.action_confirm()
        unseen = self.open("cobranca.contract.suspend", reason="Trip").save()
        with self.assertRaisesRegex(UserError, "no longer as it was shown"):
            unseen.action_confirm()
        self.assertFalse(self.contract.pause_ids)

    def test_back_forgets_the_effect(self):
        wizard = self.review(self.open("cobranca.contract.suspend", reason="Trip"))
        wizard.action_back()
        self.assertEqual((wizard.step, wizard.effect), ("ask", False))

    # --- amend ---

    def test_dearer_from_today_charges_the_rest_of_the_month(self):
        form = self.open("cobranca.contract.amend")
        form.moment = "today"
        with form.line_ids.edit(0) as line:
            line.price_unit = 620.0
        wizard = self.review(form)
        self.assertEqual(wizard.effect["monthly"], {"before": 310.0, "after": 620.0})
        wizard.action_confirm()
        old, new = self.contract.line_ids.filtered(lambda line: line.recurrence == "recurring").sorted("id")
        self.assertEqual((old.date_end, new.date_start, new.price_unit), (date(2026, 1, 15), date(2026, 1, 16), 620.0))
        adjustments = self.contract.line_ids.filtered("adjusted_period_id")
        self.assertEqual(sum(adjustments.mapped("price_unit")), 160.0)

    def test_from_the_next_period_settles_nothing(self):
        form = self.open("cobranca.contract.amend")
        self.assertEqual(str(form.date), "2026-02-01")
        with form.line_ids.edit(0) as line:
            line.quantity = 2
        wizard = self.review(form)
        self.assertEqual(wizard.effect["items"], [])
        self.assertEqual([charge["after"] for charge in wizard.effect["charges"]], [620.0] * 4)

    def test_cheaper_may_keep_what_was_charged(self):
        form = self.open("cobranca.contract.amend")
        form.moment = "today"
        form.credit = False
        with form.line_ids.edit(0) as line:
            line.price_unit = 155.0
        self.assertEqual(self.review(form).effect["items"], [])

    def test_dearer_without_giving_back_charges_the_difference_only(self):
        form = self.open("cobranca.contract.amend")
        form.moment = "today"
        form.credit = False
        with form.line_ids.edit(0) as line:
            line.price_unit = 620.0
        self.assertEqual([item["amount"] for item in self.review(form).effect["items"]], [160.0])

    def test_add_and_end_items(self):
        meal = self.make_product("Meal", 100.0)
        form = self.open("cobranca.contract.amend")
        with form.line_ids.edit(0) as line:
            line.is_ended = True
        with form.line_ids.new() as line:
            line.product_id = meal
        wizard = self.review(form)
        wizard.action_confirm()
        names = self.contract.line_ids.sorted("id").mapped(lambda line: (line.name, line.date_start, line.date_end))
        self.assertEqual(names[0], ("Monthly fee", False, date(2026, 1, 31)))
        self.assertEqual(names[1], ("Meal", date(2026, 2, 1), False))

    def test_another_product_brings_its_account_and_taxes(self):
        account = self.contract.line_ids.account_id.copy({"code": "3.99.01", "name": "Other income"})
        tax = self.env["account.tax"].create({"name": "ISS test", "amount": 5.0, "type_tax_use": "sale"})
        plan = self.make_product("Plan", 500.0, property_account_income_id=account.id, taxes_id=[Command.set(tax.ids)])
        form = self.open("cobranca.contract.amend")
        with form.line_ids.edit(0) as line:
            line.product_id = plan
        self.review(form).action_confirm()
        new = self.contract.line_ids.sorted("id")[-1]
        self.assertEqual((new.name, new.price_unit, new.account_id, new.tax_ids), ("Plan", 500.0, account, tax))

    def test_no_change_is_told(self):
        with self.assertRaisesRegex(UserError, "Nothing is changed"):
            self.review(self.open("cobranca.contract.amend"))

    # --- suspend ---

    def test_resume(self):
        self.contract._pause(date(2026, 1, 10), None, "Trip")
        wizard = self.review(self.open("cobranca.contract.suspend", mode="resume"))
        wizard.action_confirm()
        self.assertEqual(self.contract.pause_ids.date_end, date(2026, 1, 15))

    # --- terminate ---

    def terminate(self, reason=None, **values):
        form = self.open("cobranca.contract.terminate")
        form.reason_id = reason or self.reason
        form.date = "2026-01-31"
        for name, value in values.items():
            form[name] = value
        return self.review(form)

    def test_end_with_the_fee_of_the_contract(self):
        wizard = self.terminate()
        self.assertEqual(wizard.fee_proposed, 341.0)  # 10 % of eleven months
        wizard.action_confirm()
        fee = self.contract.line_ids.filtered(lambda line: line.recurrence == "once")
        self.assertEqual((fee.product_id, fee.price_unit), (self.company.cobranca_fee_product_id, 341.0))
        self.assertFalse(fee.tax_ids)
        self.assertEqual((self.contract.date_end, self.contract.close_reason_id), (date(2026, 1, 31), self.reason))

    def test_fee_is_waived_only_with_a_reason_that_is_kept(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.contract.with_user(self.supervisor)._terminate(date(2026, 1, 31), self.reason, waived=" ")
        self.terminate(is_waived=True, waive_note="Old friend").action_confirm()
        self.assertFalse(self.contract.line_ids.filtered(lambda line: line.recurrence == "once"))
        self.assertIn("Old friend", "".join(self.contract.message_ids.mapped("body")))

    def test_no_fee_when_we_end_it(self):
        self.assertEqual(self.terminate(self.ours).fee_proposed, 0.0)

    def test_all_that_remains_is_never_charged_to_a_consumer(self):
        self.contract.termination_fee = "remaining"
        wizard = self.terminate()
        self.assertEqual(wizard.fee_proposed, 0.0)
        self.assertIn("art. 51", wizard.fee_explanation)

    def test_fee_without_a_product_says_where_to_set_it(self):
        self.company.cobranca_fee_product_id = False
        with self.assertRaisesRegex(UserError, "settings of Cobrança"):
            self.terminate()

    def test_unused_days_are_kept_when_asked(self):
        form = self.open("cobranca.contract.terminate")
        form.reason_id = self.ours
        self.assertEqual(self.review(form).effect["total"], -150.0)
        form.credit = False
        self.assertEqual(self.review(form).effect["items"], [])

    # --- reschedule ---

    def test_due_day_for_good(self):
        form = self.open("cobranca.contract.reschedule")
        form.due_day = 20
        self.review(form).action_confirm()
        self.assertEqual(self.contract.next_due_date, date(2026, 2, 20))

    def test_next_due_date_this_time_only(self):
        form = self.open("cobranca.contract.reschedule", mode="next")
        form.due_date = "2026-02-18"
        self.review(form).action_confirm()
        charges = self.contract._get_preview(2)
        self.assertEqual([charge["due"] for charge in charges], [date(2026, 2, 18), date(2026, 3, 10)])

    def test_wrong_due_day_is_refused(self):
        form = self.open("cobranca.contract.reschedule")
        form.due_day = 32
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(CheckViolation, "due_day"):
            self.review(form)
