import random
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .debt_common import OTHER_CNPJ, DebtCommon

FIRST_DAY = date(2026, 1, 5)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 15:00:00")
class TestChargePolicyChange(DebtCommon):
    """Giving another policy does not change what was quoted of invoices that are there already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Change = cls.env["cobranca.charge.policy.change"]
        cls.dear = cls.make_policy(fine_percent=10)
        cls.dearer = cls.make_policy(fine_percent=20)

    def policy(self, line):
        [version] = line.with_user(self.collector)._cobranca_get_policies().values()
        return version.policy_id

    def bill(self, contract, line, index=1):
        """Say that a line was billed by a contract."""
        period = self.env["cobranca.contract.period"].sudo()
        return period.create(
            {
                "contract_id": contract.id,
                "kind": "once",
                "line_group": f"{line.id}",
                "index": index,
                "move_id": line.move_id.id,
                **dict.fromkeys(("date_start", "date_end", "date_issue", "date_due"), line.date),
            }
        )

    def contract(self, policy=None, partner=None):
        values = {"charge_policy_id": policy.id} if policy else {}
        return self.make_contract(partner_id=(partner or self.business).id, **values)

    # === WHOSE === #

    def test_of_a_customer(self):
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.assertDebt(old, "2026-03-12", 100, fine=2, interest=1)
        self.give(self.business, self.dear)
        self.assertDebt(old, "2026-03-12", 100, fine=2, interest=1)
        new = self.owe(100, "2026-03-10", day="2026-03-10", partner=self.business)
        self.assertDebt(new, "2026-03-20", 100, fine=10, interest=0.33)
        self.give(self.business, False)
        self.assertEqual([self.policy(old), self.policy(new)], [self.default_policy, self.dear])

    def test_of_a_company(self):
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.company.cobranca_charge_policy_id = self.dear
        new = self.owe(100, "2026-03-20", day="2026-03-10", partner=self.business)
        self.assertEqual([self.policy(old), self.policy(new)], [self.default_policy, self.dear])
        self.company.cobranca_charge_policy_id = False
        self.assertEqual([self.policy(old), self.policy(new)], [self.default_policy, self.dear])
        with freeze_time("2026-03-12 15:00:00"):
            none = self.owe(100, "2026-03-20", day="2026-03-12", partner=self.business)
            self.assertFalse(self.policy(none))
            self.company.cobranca_charge_policy_id = self.dearer
        self.assertFalse(self.policy(none), "nothing was charged, and nothing is")

    def test_of_a_contract(self):
        contract = self.contract(self.dear)
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.bill(contract, old)
        contract.charge_policy_id = False
        self.assertEqual(self.policy(old), self.dear)
        new = self.owe(100, "2026-03-20", day="2026-03-10", partner=self.business)
        self.bill(contract, new, 2)
        self.assertEqual(self.policy(new), self.default_policy)
        contract.charge_policy_id = self.dearer
        self.assertEqual([self.policy(old), self.policy(new)], [self.dear, self.default_policy])

    def test_through_the_settings(self):
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        settings = self.env["cobranca.settings"].with_user(self.manager).create({})
        settings.cobranca_charge_policy_id = self.dear
        settings.action_save()
        self.assertEqual(self.policy(old), self.default_policy)

    def test_another_company_is_not_meant(self):
        second = self.env["res.company"].create({"name": "Second"})
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.business.with_company(second).cobranca_charge_policy_id = self.dear
        self.assertFalse(self.Change.search([("partner_id", "=", self.business.id)]), "no invoice there")
        self.assertEqual(self.policy(old), self.default_policy)

    # === FROM WHEN === #

    def test_an_invoice_of_today_is_issued_already(self):
        today = self.owe(100, "2026-03-20", day="2026-03-10", partner=self.business)
        self.give(self.business, self.dear)
        self.assertEqual(self.policy(today), self.default_policy)
        change = self.Change.search([("partner_id", "=", self.business.id)])
        self.assertEqual((change.valid_before, change.policy_id), (date(2026, 3, 11), self.Policy))
        tomorrow = self.owe(100, "2026-03-20", day="2026-03-11", partner=self.business)
        self.assertEqual(self.policy(tomorrow), self.dear)

    def test_given_and_taken_on_one_day(self):
        old = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        for policy in (self.dear, self.dearer, False, self.dear):
            self.give(self.business, policy)
        self.assertEqual(len(self.Change.search([("partner_id", "=", self.business.id)])), 1)
        self.assertEqual(self.policy(old), self.default_policy)

    def test_nothing_to_remember(self):
        contract = self.contract(self.dear)
        contract.charge_policy_id = self.dearer
        self.give(self.business, self.dear)
        self.give(self.business, self.dear)
        self.assertFalse(self.Change.search([]))
        self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.give(self.business, self.dear)
        self.assertFalse(self.Change.search([]), "the same again")

    def test_random_changes(self):
        """Whatever is given when: each invoice keeps what was in force when it was issued."""
        moments = random.Random(11)
        partners = [self.business, self.make_customer("Botão Ltda", OTHER_CNPJ)]
        policies = [self.default_policy, self.dear, self.dearer, self.Policy]
        contracts = [self.contract(moments.choice(policies), partner) for partner in partners for _number in range(2)]
        expected = {}
        for number in range(100):
            with freeze_time(f"{FIRST_DAY + timedelta(days=number)} 15:00:00"):
                what = moments.choice(["invoice", "invoice", "company", "customer", "contract"])
                policy = moments.choice(policies)
                if what == "company":
                    self.company.cobranca_charge_policy_id = policy
                elif what == "customer":
                    self.give(moments.choice(partners), policy)
                elif what == "contract":
                    moments.choice(contracts).charge_policy_id = policy
                else:
                    contract = moments.choice([*contracts, None])
                    partner = contract.partner_id if contract else moments.choice(partners)
                    day = self.company._cobranca_today()
                    line = self.owe(100, day, day=day, partner=partner)
                    if contract:
                        self.bill(contract, line, number)
                    own = partner.with_company(self.company).cobranca_charge_policy_id
                    of_contract = contract.charge_policy_id if contract else self.Policy
                    expected[line] = own or of_contract or self.company.cobranca_charge_policy_id
        lines = self.env["account.move.line"].union(*expected).with_user(self.collector)
        found = {line: version.policy_id for line, version in lines._cobranca_get_policies().items()}
        self.assertEqual(found, expected)
        self.assertGreater(len(self.Change.search([])), 10)
        self.assertGreater(len(set(expected.values())), 2)

    # === ONE INVOICE, SEVERAL CONTRACTS === #

    def test_contracts_that_agree(self):
        line = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        for contract in (self.contract(self.dear), self.contract(self.dear)):
            self.bill(contract, line)
        self.assertEqual(self.policy(line), self.dear)

    def test_contracts_that_differ(self):
        for others in ((self.dear, self.dearer), (self.dear, None)):
            line = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
            for policy in others:
                self.bill(self.contract(policy), line)
            self.assertEqual(self.policy(line), self.default_policy)
            shown = line.with_user(self.collector)._cobranca_explain_debts(date(2026, 3, 12))
            self.assertIn("contracts with different conditions", shown["lines"][0]["sentences"][-1])
        one = self.contract(self.dear)
        line = self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        for contract in (one, self.contract(self.dear)):
            self.bill(contract, line)
        one.charge_policy_id = self.dearer
        self.assertEqual(self.policy(line), self.dear, "they agreed on the day of the invoice")
        self.give(self.business, self.dearer)
        with freeze_time("2026-03-11 15:00:00"):
            both = self.owe(100, "2026-03-11", day="2026-03-11", partner=self.business)
            for contract in (one, self.contract(self.dear)):
                self.bill(contract, both, 2)
        self.assertEqual(self.policy(both), self.dearer, "the customer has his own")

    # === KEPT === #

    def test_terms_of_former_policies_do_not_change(self):
        self.give(self.business, self.dear)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.business.id,
                "invoice_date": "2026-03-05",
                "journal_id": self.company.cobranca_contract_journal_id.id,
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 100})],
            }
        )
        move.action_post()
        self.give(self.business, False)
        with self.assertRaisesRegex(UserError, "Change terms"):
            self.dear.version_ids.fine_percent = 1
        with self.assertRaisesRegex(UserError, "archive"):
            self.dear.unlink()
        self.assertEqual(self.dear.with_user(self.collector).change_ids.holder, self.business.display_name)

    def test_rights(self):
        self.owe(100, "2026-02-10", day="2026-02-01", partner=self.business)
        self.give(self.business, self.dear)
        change = self.Change.search([])
        for user in (self.collector, self.supervisor, self.manager):
            self.assertTrue(change.with_user(user).display_name)
            for attempt in (
                lambda own: own.write({"valid_before": "2026-01-01"}),
                lambda own: own.unlink(),
                lambda own: own.copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt(change.with_user(user))
        second = self.env["res.company"].create({"name": "Second"})
        self.collector.write({"company_ids": second.ids, "company_id": second.id})
        self.assertFalse(self.Change.with_user(self.collector).search([]))
