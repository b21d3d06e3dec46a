from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import OTHER_CPF
from .debt_common import DebtCommon


@freeze_time("2026-03-10 15:00:00")
@tagged("post_install", "-at_install")
class TestChargePolicy(DebtCommon):
    def policies(self, *lines):
        lines = lines[0].union(*lines[1:])
        return [version.policy_id for version in lines.with_user(self.collector)._cobranca_get_policies().values()]

    def invoice(self, day="2026-03-05", partner=None):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_date": day,
                "invoice_date_due": day,
                "journal_id": self.company.cobranca_contract_journal_id.id,
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 100})],
            }
        )
        move.action_post()
        return move

    def terms_of(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    # === SHIPPED === #

    def test_shipped_terms(self):
        version = self.default_policy.current_version_id
        self.assertEqual(self.company.cobranca_charge_policy_id, self.default_policy)
        self.assertEqual(
            (version.fine_percent, version.interest_percent, version.due_rule, version.imputation_order),
            (2.0, 1.0, "moved", "charges"),
        )
        self.assertFalse(version.correction_index_id)
        self.assertFalse(self.default_policy.warning)
        self.assertEqual(
            self.default_policy.with_user(self.collector).terms_text,
            "After the due date a fine of 2 % and interest of 1 % a month are charged.",
        )
        self.assertEqual(self.env["res.company"].create({"name": "New"}).cobranca_charge_policy_id, self.default_policy)

    def test_in_words(self):
        index = self.env.ref("cobranca_recorrente.cobranca_price_index_ipca")
        policy = self.make_policy(
            interest_regime="legal",
            fine_percent=0.5,
            correction_index_id=index.id,
            tolerance_days=3,
            discount_ids=[Command.create({"days_before": days, "percent": 5 + days}) for days in (0, 5)],
        )
        self.assertEqual(
            policy.terms_text,
            "After the due date a fine of 0.5 % and interest at the legal rate are charged. The amount is corrected by "
            "IPCA. Up to 3 days after the due date nothing is charged. Paid up to 5 days before the due date: "
            "10 % off. Paid by the due date: 5 % off.",
        )
        nothing = self.make_policy(fine_percent=0, interest_percent=0)
        self.assertEqual(nothing.terms_text, "A late payment costs no fine and no interest.")

    # === WHOSE === #

    def test_customer_then_contract_then_company(self):
        of_contract, of_customer = self.make_policy(), self.make_policy()
        with freeze_time("2026-01-05 15:00:00"):
            contract = self.make_contract(partner_id=self.business.id, charge_policy_id=of_contract.id)
            move = self.env["cobranca.contract.billing"]._bill(contract)
        line, other = self.terms_of(move), self.owe(100, "2026-01-20", partner=self.business)
        self.assertEqual(self.policies(line, other), [of_contract, self.default_policy])
        self.give(self.business, of_customer)
        self.assertEqual(self.policies(line, other), [of_contract, self.default_policy], "issued before")
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": self.business.id})
        own, of_contact = (self.owe(100, "2026-03-20", "2026-03-10", who) for who in (self.business, contact))
        self.assertEqual(self.policies(own, of_contact), [of_customer, of_customer])
        self.company.cobranca_charge_policy_id = False
        self.assertEqual(self.policies(self.owe(100, "2026-03-20", "2026-03-11")), [self.Policy])

    def test_a_template_hands_it_to_its_contracts(self):
        policy = self.make_policy()
        template = self.env["cobranca.contract.template"].create({"name": "Rent", "charge_policy_id": policy.id})
        values = template._prepare_contract_values(date(2026, 3, 10), "en_US")
        self.assertEqual(values["charge_policy_id"], policy.id)

    def test_the_contract_says_it_in_words(self):
        contract = self.make_contract(partner_id=self.business.id)
        self.assertIn("a fine of 2 %", contract.with_user(self.collector).charge_policy_text)
        contract.charge_policy_id = self.make_policy(fine_percent=10)
        self.assertIn("a fine of 10 %", contract.charge_policy_text)
        texts = {condition["label"]: condition["text"] for condition in contract._get_portal_page()["conditions"]}
        self.assertIn("a fine of 10 %", texts["Late and early payment"])

    # === VERSIONS === #

    def test_what_was_used_does_not_change(self):
        version = self.default_policy.version_ids.with_user(self.manager)
        self.invoice("2026-03-05")
        for change in ({"fine_percent": 1}, {"discount_ids": [Command.create({"percent": 5})]}, {"date_from": False}):
            with self.assertRaisesRegex(UserError, "Change terms"):
                version.write(change)
        with self.assertRaisesRegex(UserError, "Change terms"):
            self.env["cobranca.charge.policy.discount"].create({"version_id": version.id, "percent": 5})
        with self.assertRaisesRegex(UserError, "Change terms"):
            version.unlink()
        self.assertTrue(version.is_locked)

    def test_new_terms_for_later_invoices(self):
        before = self.terms_of(self.invoice("2026-03-05"))
        action = self.default_policy.with_user(self.manager).action_change_terms()
        form = Form(self.Version.with_user(self.manager).with_context(**action["context"]))
        self.assertEqual((form.date_from, form.fine_percent), (date(2026, 3, 11), 2.0))
        form.fine_percent = 1
        new = form.save()
        self.assertFalse(new.is_locked)
        new.interest_percent = 0.5
        with freeze_time("2026-03-12 15:00:00"):
            after = self.terms_of(self.invoice("2026-03-12"))
            self.assertEqual(self.default_policy.current_version_id, new)
            new.invalidate_recordset()
            self.assertTrue(new.is_locked)
        found = (before | after).with_user(self.collector)._cobranca_get_policies()
        self.assertEqual([found[before], found[after]], [self.default_policy.version_ids - new, new])
        self.assertIn("a fine of 1 %", self.default_policy.message_ids[0].body)

    def test_new_terms_do_not_reach_back(self):
        self.invoice("2026-03-05")
        for day in ("2026-03-05", "2026-01-01"):
            with self.assertRaisesRegex(UserError, "choose a later day"):
                self.Version.create({"policy_id": self.default_policy.id, "date_from": day, "fine_percent": 1})
        new = self.Version.create({"policy_id": self.default_policy.id, "date_from": "2026-03-06", "fine_percent": 1})
        with self.assertRaisesRegex(UserError, "choose a later day"):
            new.date_from = "2026-03-01"

    def test_terms_without_invoices_may_change(self):
        policy = self.make_policy()
        policy.version_ids.with_user(self.manager).fine_percent = 5
        self.invoice("2026-03-05")
        policy.version_ids.fine_percent = 6
        self.assertFalse(policy.is_in_use)

    # === THE LAW === #

    def test_consumers(self):
        for terms, article in (
            ({"fine_percent": 2.01}, "CDC, art. 52, § 1º"),
            ({"interest_percent": 1.01}, "22.626"),
        ):
            for audience in ("all", "consumers"):
                with self.assertRaisesRegex(ValidationError, article):
                    self.make_policy(audience, **terms)
        self.make_policy("all", interest_regime="legal", interest_percent=3)
        high = self.make_policy("companies", fine_percent=10, interest_percent=2)
        self.assertFalse(high.warning)
        self.give(self.business, high)
        for refused in (
            lambda: self.give(self.customer, high),
            lambda: self.make_contract(charge_policy_id=high.id),
            lambda: setattr(high, "audience", "all"),
        ):
            with self.assertRaisesRegex(ValidationError, "art. 52"), self.env.cr.savepoint():
                refused()
            self.env.invalidate_all()

    def test_a_consumer_who_gets_it_by_the_company_pays_no_more(self):
        self.company.cobranca_charge_policy_id = self.make_policy("companies", fine_percent=10, interest_percent=2)
        line = self.owe(100, "2026-01-05")
        self.assertDebt(line, "2026-01-15", 100, fine=2, interest=0.33)
        [debt] = line._cobranca_read_debts(date(2026, 1, 15)).values()
        self.assertEqual(debt.remarks, (("capped", ""),))
        self.assertDebt(self.owe(100, "2026-01-05", partner=self.business), "2026-01-15", 100, fine=10, interest=0.67)

    def test_a_customer_that_becomes_a_consumer(self):
        self.give(self.business, self.make_policy("companies", fine_percent=10))
        cpf = self.env.ref("l10n_br.cpf")
        with self.assertRaisesRegex(ValidationError, "art. 52"):
            self.business.write({"is_company": False, "vat": OTHER_CPF, "l10n_latam_identification_type_id": cpf.id})

    def test_high_fines_are_warned_about(self):
        self.assertIn("413", self.make_policy("companies", fine_percent=10.01).warning)
        with self.assertRaisesRegex(ValidationError, "three"):
            self.make_policy(discount_ids=[Command.create({"days_before": n, "percent": 5}) for n in range(4)])

    def test_terms_that_lower_taxes_are_warned_about(self):
        term = self.env["account.payment.term"].create(
            {"name": "2 days", "early_discount": True, "early_pay_discount_computation": "included"}
        )
        self.assertTrue(term.with_user(self.collector).cobranca_tax_warning)
        self.assertFalse(self.default_policy.with_user(self.collector).warning, "nobody uses it")
        self.customer.property_payment_term_id = term
        self.default_policy.invalidate_recordset()
        self.assertIn("2 days", self.default_policy.with_user(self.collector).warning)
        term.early_pay_discount_computation = "excluded"
        self.assertFalse(term.cobranca_tax_warning)
        self.default_policy.invalidate_recordset()
        self.assertNotIn("2 days", self.default_policy.warning or "")

    # === WHO === #

    def test_rights_and_companies(self):
        for user in (self.collector, self.supervisor):
            self.assertTrue(self.default_policy.with_user(user).terms_text)
            with self.assertRaises(AccessError):
                self.default_policy.with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                self.default_policy.version_ids.with_user(user).fine_percent = 1
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.Policy.create({"name": "Foreign", "company_id": other.id})
        self.assertNotIn(foreign, self.Policy.with_user(self.manager).search([]))
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.company.cobranca_charge_policy_id = foreign

    def test_what_is_assigned_is_not_deleted(self):
        policy = self.make_policy()
        self.give(self.business, policy)
        with self.assertRaisesRegex(UserError, "archive"):
            policy.unlink()
        self.give(self.business, False)
        policy.unlink()

    def test_settings_of_managers(self):
        policy = self.make_policy("all")
        Settings = self.env["cobranca.settings"].with_user(self.manager)
        settings = Settings.create({})
        self.assertEqual(settings.cobranca_charge_policy_id, self.default_policy)
        settings.cobranca_charge_policy_id = policy
        settings.action_save()
        self.assertEqual(self.company.cobranca_charge_policy_id, policy)
