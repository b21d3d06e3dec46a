from datetime import date

from odoo import Command
from odoo.tests import tagged

from .billing_common import BillingCommon
from .common import OTHER_CPF


@tagged("post_install", "-at_install")
class TestBillingGroups(BillingCommon):
    """Contracts of a customer who wants one invoice for all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.cobranca_group_invoices = True

    def test_one_invoice_for_what_is_due_together(self):
        pupils = self.env["res.partner"].create([{"name": name} for name in ("Bia", "Caio")])
        both = self.env["cobranca.contract"].union(
            *(self.contract(self.line(pupil.name, 100.0), beneficiary_id=pupil.id) for pupil in pupils)
        )
        move = self.bill(both)
        self.assertEqual(self.amounts(move), [[100.0, 100.0]])
        sections = move.invoice_line_ids.filtered(lambda line: line.display_type == "line_section").mapped("name")
        self.assertEqual(sections, [f"{c.name} · {c.beneficiary_id.name}" for c in both])
        self.assertEqual(both.period_ids.mapped("amount"), [100.0, 100.0])
        self.assertEqual(move.invoice_origin, ", ".join(both.mapped("name")))

    def test_customer_who_did_not_ask_gets_one_each(self):
        self.customer.cobranca_group_invoices = False
        both = self.contract() | self.contract()
        self.assertEqual(len(self.bill(both)), 2)

    def test_different_due_dates_journals_and_addresses_stay_apart(self):
        other = self.env["res.partner"].create({"name": "Delivery", "parent_id": self.customer.id})
        journal = self.env["account.journal"].create({"name": "Other", "code": "OTH", "type": "sale"})
        contracts = self.contract() | self.contract(due_day=20) | self.contract(partner_shipping_id=other.id)
        contracts |= self.contract(journal_id=journal.id) | self.contract(partner_id=other.id)
        self.assertEqual(len(self.bill(contracts)), 5)

    def test_issued_on_different_days_stays_apart_also_when_billed_late(self):
        contracts = self.contract() | self.contract(issue_lead_days=3)
        planned = {contract: contract._get_preview(1)[0] for contract in contracts}
        self.bill(contracts, "2026-01-20")
        for contract in contracts:
            move = contract.period_ids.move_id
            self.assertEqual(move.invoice_date, contract.period_ids.date_issue)
            self.assertEqual(
                (move.invoice_date, move.invoice_date_due), (planned[contract]["issue"], planned[contract]["due"])
            )

    def test_each_recipient_has_his_own_invoice(self):
        """What the mother's invoice says of one child is not for the father, who pays for the other."""
        parents = self.env["res.partner"].create([{"name": "Mother"}, {"name": "Father"}])
        contracts = self.contract() | self.contract(responsible_id=parents[0].id)
        contracts |= self.contract(responsible_id=parents[1].id) | self.contract(responsible_id=self.customer.id)
        moves = self.bill(contracts)
        self.assertEqual(len(moves), 3)
        for contract in contracts:
            self.assertEqual(
                contract.period_ids.move_id.cobranca_recipient_id, contract.responsible_id or self.customer
            )

    def test_parked_member_does_not_keep_the_others_back(self):
        good, bad, other = self.contract(), self.contract(), self.contract()
        bad.line_ids.account_id = False
        with self.on("2026-01-05"):
            self.run_cron()
        self.assertEqual((len(good.period_ids.move_id | other.period_ids.move_id), len(bad.period_ids)), (1, 0))
        self.assertIn("no income account", bad.park_reason)
        bad.line_ids.account_id = good.line_ids.account_id
        with self.on("2026-01-05"):
            self.run_cron("maintenance")
            self.run_cron()
        self.assertEqual(len((good | bad | other).period_ids.move_id), 2)

    def test_batch_takes_them_all_or_none(self):
        stranger = self.make_customer("Caio Nogal", OTHER_CPF)
        contracts = self.contract(partner_id=stranger.id)
        contracts |= self.env["cobranca.contract"].union(*(self.contract() for _number in range(4)))
        with self.on("2026-01-05"):
            self.assertEqual(self.billing._bill_next_batch(2), 5)
        self.assertEqual(len(contracts.period_ids.move_id), 2)

    def test_credits_of_one_do_not_eat_the_other_s_charge(self):
        good = self.contract()
        bad = self.contract(
            self.line(price=10.0), self.line("Grant", -50.0, recurrence="once", date_start="2026-01-01")
        )
        with self.on("2026-01-05"):
            self.run_cron()
        self.assertEqual(self.amounts(good.period_ids.move_id), [[310.0]])
        self.assertIn("exceed its charges", bad.park_reason)

    def test_member_that_comes_to_nothing_is_left_out(self):
        good, free = self.contract(), self.contract(self.line(price=0.0))
        move = self.bill(good | free)
        self.assertEqual(self.amounts(move), [[310.0]])
        self.assertEqual((free.period_ids.state, free.period_ids.move_id.ids), ("skipped", []))

    def test_reopening_one_of_them_bills_only_that_one(self):
        one, two = self.contract(), self.contract()
        move = self.bill(one | two)
        self.cancel(move)
        one.period_ids.action_reopen()
        self.assertEqual(one.next_due_date, date(2026, 1, 10))
        self.assertEqual(two.next_due_date, date(2026, 2, 10))
        self.assertEqual(self.amounts(self.bill(one)), [[310.0]])

    def test_terms_with_parts_are_shared(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        both = self.contract(due_mode="term", payment_term_id=term.id)
        both |= self.contract(due_mode="term", payment_term_id=term.id)
        move = self.bill(both)
        self.assertEqual((len(move), move.amount_total, move.invoice_date_due), (1, 620.0, both[0].period_ids.date_due))
