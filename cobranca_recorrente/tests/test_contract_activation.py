from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import CobrancaCommon

TODAY = "2026-01-05"


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 15:00:00")
class TestContractActivation(CobrancaCommon):
    """What a supervisor is told before a contract starts."""

    def draft(self, **values):
        return self.make_contract(activate=False, **values).with_user(self.supervisor)

    def item(self, **values):
        return Command.create({"product_id": self.product.id, "name": "Fee", **values})

    def assertGap(self, contract, text):
        with self.assertRaisesRegex(UserError, text):
            contract.action_activate()

    def test_all_gaps_of_all_contracts_in_one_message(self):
        first = self.draft(termination_fee="fixed", minimum_months=3)
        second = self.draft(line_ids=[self.item(date_start="2025-12-31"), self.item(name="Use", recurrence="usage")])
        second.line_ids[1].price_unit = 0.0
        with self.assertRaises(UserError) as caught:
            (first | second).action_activate()
        told = str(caught.exception).split("\n")
        self.assertEqual(len(told), 3, told)
        self.assertIn("The termination fee is zero", told[0])
        self.assertIn("Fee: its dates lie outside the contract", told[1])
        self.assertIn("Use: what is used has no price", told[2])
        self.assertEqual((first | second).mapped("state"), ["draft", "draft"])

    def test_line_outside_the_contract(self):
        self.assertGap(self.draft(date_end="2026-06-30", line_ids=[self.item(date_end="2026-07-01")]), "outside")
        inside = self.draft(date_end="2026-06-30", line_ids=[self.item(date_end="2026-06-30")])
        self.assertTrue(inside.action_activate())

    def test_one_off_item_before_the_start(self):
        once = self.item(recurrence="once", date_start="2025-12-31")
        self.assertGap(self.draft(line_ids=[self.item(), once]), "outside the contract")

    def test_one_off_item_that_was_billed_elsewhere(self):
        once = self.item(name="Enrolment", recurrence="once", date_start="2025-11-01")
        contract = self.draft(date_start="2025-11-01", billed_until="2025-12-31", line_ids=[self.item(), once])
        self.assertGap(contract, "Enrolment: it is dated in the time that was billed elsewhere")
        contract.line_ids[1].date_start = "2026-01-01"
        self.assertTrue(contract.action_activate())

    def test_braces_that_mean_nothing(self):
        self.assertGap(self.draft(line_ids=[self.item(name="Fee {mes de referencia}")]), "braces that mean nothing")
        self.assertGap(self.draft(line_ids=[self.item(name="Fee {mes")]), "braces that mean nothing")
        self.assertTrue(self.draft(line_ids=[self.item(name="Fee {mes} {Beneficiário}")]).action_activate())

    def test_two_usage_items_of_one_product(self):
        use = {"recurrence": "usage", "price_unit": 2.0}
        contract = self.draft(line_ids=[self.item(), self.item(**use), self.item(**use)])
        self.assertGap(contract, "two usage items")
        contract.line_ids[1].date_end, contract.line_ids[2].date_start = "2026-01-31", "2026-02-01"
        self.assertTrue(contract.action_activate())

    def test_billed_until_far_ahead(self):
        """A year typed wrong: the contract would bill nothing for years, and nobody would be told."""
        self.assertGap(self.draft(billed_until="2036-12-31"), "more than 13 months ahead")
        for terms in (
            {"billed_until": "2027-01-31"},
            {"billed_until": "2027-12-31", "interval_unit": "year", "interval_count": 2},
            {"billed_until": "2029-01-31", "date_start": "2029-01-01"},
        ):
            self.assertTrue(self.draft(billing_day=1, **terms).action_activate())

    def test_past_dates_of_the_first_invoices_are_told(self):
        """Each period is billed with its own dates: who starts a contract late is told which."""
        contract = self.draft(date_start="2025-12-20", billing_day=1, due_day=15, issue_lead_days=15)
        told = "past dates are issued at once \\(2\\): 12/05/2025 \\(due 12/20/2025\\), 12/31/2025 \\(due 01/15/2026\\)"
        self.assertRegex(contract.warnings, told)
        self.assertRegex(contract.action_activate()["params"]["message"], f"{contract.name}: .*{told}")
        self.env["cobranca.contract.billing"]._bill(contract.sudo(False).with_user(self.env.user))
        self.assertEqual(contract.period_ids.move_id.mapped("invoice_date"), [date(2025, 12, 5)])
        contract.invalidate_recordset(["warnings"])
        self.assertNotIn("past dates", contract.warnings or "")
        # Today's date is as it should be.
        self.assertIs(self.draft(date_start="2026-01-15", due_day=15).action_activate(), True)

    def test_invalid_document_of_the_customer(self):
        contract = self.draft()
        self.env.cr.execute("UPDATE res_partner SET vat = '111.111.111-11' WHERE id = %s", [self.customer.id])
        self.customer.invalidate_recordset()
        self.assertGap(contract, "111.111.111-11 is not a valid CPF or CNPJ")
        self.env.cr.execute(
            "UPDATE res_partner SET country_id = %s WHERE id = %s", [self.env.ref("base.pt").id, self.customer.id]
        )
        self.customer.invalidate_recordset()
        self.assertTrue(contract.action_activate(), "another country has other numbers")

    def test_archived_payment_term(self):
        term = self.env["account.payment.term"].create({"name": "Ten"})
        contract = self.draft(due_mode="term", payment_term_id=term.id)
        term.active = False
        self.assertGap(contract, "payment term is archived")

    def test_trial_as_long_as_the_contract(self):
        self.assertGap(self.draft(date_end="2026-01-31", trial_days=31), "nothing would ever be billed")

    def test_signed_in_the_future(self):
        self.assertGap(self.draft(date_signed="2026-01-06"), "day of signing lies in the future")

    # --- collection conditions explained ---

    def test_tick_is_asked_for_when_the_company_wants_it(self):
        contract = self.draft()
        self.assertTrue(contract._get_gaps_before_activation() == [], "as shipped nobody is stopped")
        self.company.cobranca_require_policy = True
        self.assertGap(contract, "Explain due dates, late charges")
        with Form(contract) as form:
            form.policy_explained = True
            self.assertEqual(str(form.policy_explained_date), TODAY)
        self.assertTrue(contract.action_activate())

    def test_tick_in_the_future_is_refused(self):
        contract = self.draft(policy_explained=True, policy_explained_date="2026-01-06")
        self.assertGap(contract, "conditions were explained lies in the future")

    def test_imported_contracts_are_not_asked(self):
        self.company.cobranca_require_policy = True
        self.assertTrue(self.draft(date_start="2025-01-01", billed_until="2025-12-31").action_activate())

    def test_many_are_ticked_at_once_and_days_given_stay(self):
        new, told = self.draft(), self.draft(policy_explained=True, policy_explained_date="2026-01-02")
        (new | told).action_tick_policy()
        self.assertEqual([str(day) for day in (new | told).mapped("policy_explained_date")], [TODAY, "2026-01-02"])
        told.policy_explained = False
        self.assertFalse(told.policy_explained_date)

    # --- doubts ---

    def test_doubts(self):
        contract = self.draft(minimum_months=12, date_end="2026-11-30")
        told = "\n".join(contract._get_doubts_of_conditions())
        self.assertIn("address is not complete for a fiscal document. Missing: Street, Zip, City, State.", told)
        self.assertIn("The minimum term goes to 12/31/2026", told)
        self.assertIn("Nobody has ticked", told)
        state = self.env.ref("base.state_br_sp").id
        self.customer.write({"street": "Rua A", "zip": "01310-100", "city": "São Paulo", "state_id": state})
        contract.write({"date_end": "2026-12-31", "policy_explained": True})
        self.assertEqual(contract._get_doubts_of_conditions(), [])
