from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import OTHER_CPF, CobrancaCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-05 15:00:00")
class TestContractAdoption(CobrancaCommon):
    """Open invoices of the system used before, linked to the periods they bill."""

    def old_invoice(self, due, amount, partner=None):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "journal_id": self.company.cobranca_contract_journal_id.id,
                "invoice_date": "2025-12-20",
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Old",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "account_id": self.company.cobranca_service_account_id.id,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def wizard(self, contracts=None):
        contracts = self.env["cobranca.contract"] if contracts is None else contracts
        action = contracts.with_user(self.supervisor).action_adopt_invoices()
        return self.env["cobranca.contract.adopt.invoices"].with_user(self.supervisor).browse(action["res_id"])

    def due_dates(self, contract):
        return [str(charge["due"]) for charge in contract._get_preview(2)]

    def test_linked_periods_are_never_billed_again(self):
        contract = self.make_contract()
        moves = self.old_invoice("2026-01-10", 350.0) | self.old_invoice("2026-02-12", 350.0)
        wizard = self.wizard(contract)
        self.assertEqual([str(line.date_start) for line in wizard.line_ids], ["2026-01-01", "2026-02-01"])
        self.assertEqual(wizard.line_ids.mapped("is_chosen"), [True, True])
        wizard.action_confirm()
        self.assertEqual(contract.period_ids.sorted("date_start").move_id.ids, moves.ids)
        self.assertEqual(set(contract.period_ids.mapped("state")), {"billed"})
        self.assertEqual(self.due_dates(contract), ["2026-03-10", "2026-04-10"])
        self.assertEqual(str(contract.next_due_date), "2026-03-10")
        made = self.env["cobranca.contract.billing"]._bill(contract)
        self.assertEqual(made.mapped("invoice_date_due")[0].isoformat(), "2026-03-10")
        self.assertNotIn(made, moves)

    def test_ledger_row(self):
        contract = self.make_contract()
        move = self.old_invoice("2026-01-12", 349.0)
        contract._adopt_invoices([contract._get_invoices_to_adopt()[0][0].key])
        row = contract.period_ids
        self.assertEqual((row.kind, row.line_group, row.index, row.of_days), ("recurring", "advance", 0, 31))
        self.assertEqual((str(row.date_issue), str(row.date_due)), ("2025-12-20", "2026-01-12"))
        self.assertEqual((row.amount, row.amount_total, row.move_id), (349.0, 349.0, move))
        self.assertEqual(row.details["lines"], {f"{contract.line_ids.id}": "350.00"})
        self.assertFalse(contract._settle(), "the difference of the other system is not charged here")
        self.assertIn("01/01/2026", contract.message_ids[:1].body.replace("1/1/2026", "01/01/2026"))

    def test_done_twice_is_done_once(self):
        contract = self.make_contract()
        self.old_invoice("2026-01-10", 350.0)
        wizard, again = self.wizard(contract), self.wizard(contract)
        wizard.action_confirm()
        again.action_confirm()
        self.assertEqual(len(contract.period_ids), 1)
        self.assertFalse(self.wizard(contract).line_ids)

    def test_a_period_billed_meanwhile_is_refused(self):
        contract = self.make_contract()
        self.old_invoice("2026-01-10", 350.0)
        wizard = self.wizard(contract)
        self.env["cobranca.contract.billing"]._bill(contract)
        with self.assertRaisesRegex(UserError, "can no longer be linked"):
            wizard.action_confirm()
        self.assertEqual(len(contract.period_ids), 1)

    def test_one_invoice_for_two_periods_is_refused(self):
        contracts = self.make_contract() | self.make_contract()
        self.old_invoice("2026-01-10", 350.0)
        keys = [match.key for match in contracts._get_matches(False)[0]]
        self.assertEqual(len(keys), 2)
        with self.assertRaisesRegex(UserError, "can no longer be linked"):
            contracts._adopt_invoices(keys)

    def test_best_match_of_several_contracts(self):
        basic = self.make_contract()
        dear = self.make_contract(line_ids=[Command.create({"product_id": self.product.id, "price_unit": 360.0})])
        invoices = {350.0: self.old_invoice("2026-01-11", 350.0), 360.0: self.old_invoice("2026-01-10", 360.0)}
        matches, unmatched = (basic | dear)._get_invoices_to_adopt()
        found = {match.contract: match.move for match in matches}
        self.assertEqual(found, {basic: invoices[350.0], dear: invoices[360.0]})
        self.assertFalse(unmatched)

    def test_what_does_not_fit_is_shown_and_left(self):
        contract = self.make_contract()
        stranger = self.make_customer("Rui", OTHER_CPF)
        wrong = self.old_invoice("2026-01-10", 500.0) | self.old_invoice("2026-01-21", 350.0)
        self.old_invoice("2026-01-10", 350.0, partner=stranger)
        close = self.old_invoice("2026-02-10", 340.0)
        wizard = self.wizard(contract)
        self.assertEqual(wizard.unmatched_ids, wrong)
        self.assertEqual((wizard.line_ids.move_id, wizard.line_ids.is_chosen), (close, False))
        self.assertEqual(wizard.line_ids.difference, -10.0)
        with self.assertRaisesRegex(UserError, "Choose the invoices"):
            wizard.action_confirm()

    def test_paid_ones_when_asked(self):
        contract = self.make_contract()
        move = self.old_invoice("2026-01-10", 350.0)
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids).create(
            {}
        ).action_create_payments()
        wizard = self.wizard(contract)
        self.assertFalse(wizard.line_ids)
        wizard.with_paid = True
        wizard.action_search()
        self.assertEqual(wizard.line_ids.move_id, move)
        wizard.action_confirm()
        self.assertEqual(contract.period_ids.move_id, move)

    def test_one_off_items_on_the_invoice_of_a_period(self):
        once = {"product_id": self.product.id, "name": "Enrolment", "recurrence": "once", "price_unit": 90.0}
        lines = [
            Command.create({"product_id": self.product.id}),
            Command.create({**once, "date_start": "2026-01-01"}),
        ]
        contract = self.make_contract(line_ids=lines)
        self.old_invoice("2026-01-10", 440.0)
        self.wizard(contract).action_confirm()
        self.assertEqual(sorted(contract.period_ids.mapped("kind")), ["once", "recurring"])
        self.assertEqual(contract._get_preview(1)[0]["total"], 350.0)

    def test_periods_that_were_billed_elsewhere_get_their_invoice_too(self):
        contract = self.make_contract(billed_until="2026-02-28")
        move = self.old_invoice("2026-02-10", 350.0)
        self.wizard(contract).action_confirm()
        self.assertEqual((contract.period_ids.move_id, contract.period_ids.index), (move, 1))
        self.assertEqual(self.due_dates(contract)[0], "2026-03-10")

    def test_what_lies_before_a_linked_invoice_is_not_billed_again(self):
        """January was paid and stayed in the old system, February is open and linked."""
        contract = self.make_contract(activate=False)
        self.old_invoice("2026-02-10", 350.0)
        self.wizard(contract).action_confirm()
        with self.assertRaisesRegex(UserError, "comes before one whose invoice is linked"):
            contract.action_activate()
        contract.billed_until = "2026-01-31"
        contract.action_activate()
        self.assertEqual(self.due_dates(contract), ["2026-03-10", "2026-04-10"])

    def test_what_comes_after_a_linked_invoice_is_billed(self):
        contract = self.make_contract(activate=False, due_day=3)
        self.old_invoice("2026-01-03", 350.0)
        self.old_invoice("2026-02-03", 350.0)
        self.wizard(contract).action_confirm()
        contract.action_activate()
        self.assertEqual(self.due_dates(contract), ["2026-03-03", "2026-04-03"])

    def test_an_invoice_like_the_first_charge_is_told(self):
        contract = self.make_contract(activate=False, date_start="2026-03-01")
        self.assertNotIn("looks like the first charge", contract.warnings)
        move = self.old_invoice("2026-03-12", 350.0)
        self.env.invalidate_all()
        self.assertIn(f"{move.name} looks like the first charge", contract.with_user(self.supervisor).warnings)
        self.wizard(contract).action_confirm()
        self.env.invalidate_all()
        self.assertNotIn("looks like the first charge", contract.warnings)

    def test_taxes_booked_or_not(self):
        tax = self.env["account.tax"].create({"name": "10 %", "amount": 10.0, "price_include_override": "tax_excluded"})
        line = {"product_id": self.product.id, "tax_ids": [Command.set(tax.ids)]}
        contract = self.make_contract(line_ids=[Command.create(line)])
        self.old_invoice("2026-01-10", 385.0)
        self.old_invoice("2026-02-10", 350.0)
        matches, _unmatched = contract._get_invoices_to_adopt()
        self.assertEqual([match.difference for match in matches], [0, 0])

    def test_only_supervisors(self):
        contract = self.make_contract()
        self.old_invoice("2026-01-10", 350.0)
        with self.assertRaises(AccessError):
            contract.with_user(self.collector).action_adopt_invoices()
        key = contract._get_invoices_to_adopt()[0][0].key
        with self.assertRaises(AccessError):
            contract.with_user(self.collector)._adopt_invoices([key])
