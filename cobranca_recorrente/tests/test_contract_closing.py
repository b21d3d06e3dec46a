from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestContractClosing(CobrancaCommon):
    """Withdrawal within seven days, the end that is taken back, due dates of open invoices."""

    def bill(self, contracts):
        return self.env["cobranca.contract.billing"]._bill(contracts)

    def make_distance_sale(self, **values):
        contract = self.make_contract(is_distance_sale=True, date_signed="2026-01-03", **values)
        self.bill(contract)
        return contract

    def withdraw(self, contract):
        context = {"default_contract_id": contract.id}
        form = Form(self.env["cobranca.contract.terminate"].with_user(self.supervisor).with_context(**context))
        self.assertTrue(form.is_withdrawal)
        wizard = form.save()
        wizard.action_review()
        wizard.action_confirm()

    # --- withdrawal ---

    def test_everything_is_credited_and_nothing_billed_again(self):
        contract = self.make_distance_sale(minimum_months=12, termination_fee="percent")
        invoice = contract.period_ids.move_id
        self.withdraw(contract)
        self.assertEqual((contract.state, invoice.payment_state), ("cancelled", "reversed"))
        self.assertEqual(invoice.reversal_move_ids.amount_total, invoice.amount_total)
        self.assertEqual(contract.period_ids.mapped("state"), ["billed"])
        self.assertFalse(contract.line_ids.filtered(lambda line: line.recurrence == "once"), "no fee")
        with self.assertRaises(UserError):
            contract.with_user(self.supervisor).action_bill()

    def test_withdrawn_contract_cannot_start_again(self):
        contract = self.make_distance_sale()
        self.withdraw(contract)
        with self.assertRaisesRegex(UserError, "was billed"):
            contract.action_draft()

    def test_payment_becomes_a_credit_of_the_customer(self):
        contract = self.make_distance_sale()
        invoice = contract.period_ids.move_id
        payment = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        payment.create({})._create_payments()
        self.withdraw(contract)
        receivable = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(sum(receivable.mapped("amount_residual")), -350.0)

    def test_of_a_shared_invoice_only_its_own_part_is_credited(self):
        self.customer.cobranca_group_invoices = True
        other = self.make_contract()
        sale = self.make_contract(
            is_distance_sale=True,
            date_signed="2026-01-03",
            line_ids=[Command.create({"product_id": self.product.id, "price_unit": 80.0})],
        )
        shared = self.bill(other | sale)
        self.assertEqual((len(shared), shared.amount_total), (1, 430.0))
        self.withdraw(sale)
        credit = sale.period_ids.move_id - shared
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 80.0))
        self.assertEqual(shared.payment_state, "not_paid")
        self.assertEqual(other.state, "active")

    def test_part_credited_invoice_is_told(self):
        contract = self.make_distance_sale()
        invoice = contract.period_ids.move_id
        credit = invoice._reverse_moves([{"invoice_date": date(2026, 1, 5)}])
        credit.invoice_line_ids.price_unit = 50.0
        credit.action_post()
        with self.assertRaisesRegex(UserError, "credited in part"):
            contract._withdraw(self.env.ref("cobranca_recorrente.cobranca_close_reason_withdrawal"))

    def test_only_in_seven_days_and_only_consumers(self):
        contract = self.make_distance_sale()
        with freeze_time("2026-01-10 15:00:00"):
            self.assertTrue(contract._can_withdraw())
        with freeze_time("2026-01-11 15:00:00"):
            self.assertFalse(contract._can_withdraw())
            with self.assertRaisesRegex(UserError, "seven days"):
                contract._withdraw(self.env["cobranca.close.reason"])
        self.customer.is_company = True
        self.assertFalse(contract._can_withdraw())

    # --- the way back ---

    def test_end_is_taken_back_and_charged_again(self):
        contract = self.make_contract()
        self.bill(contract)
        contract._end(date(2026, 1, 10), self.env.ref("cobranca_recorrente.cobranca_close_reason_price"))
        self.assertEqual(contract.state, "active")
        contract.with_user(self.supervisor).action_reopen()
        adjustments = contract.line_ids.filtered("adjusted_period_id")
        self.assertEqual((contract.date_end, contract.close_reason_id.id), (False, False))
        self.assertAlmostEqual(sum(adjustments.mapped("price_unit")), 0.0)
        with self.assertRaisesRegex(UserError, "not ended"):
            contract.action_reopen()

    def end(self, contract, day="2026-01-31"):
        contract._end(date.fromisoformat(day), self.env.ref("cobranca_recorrente.cobranca_close_reason_price"))

    def test_end_agreed_before_comes_back(self):
        contract = self.make_contract(date_end="2026-12-31", renewal="notice")
        self.end(contract)
        self.end(contract, "2026-02-28")
        contract.with_user(self.supervisor).action_reopen()
        self.assertEqual((contract.date_end, contract.renewal), (date(2026, 12, 31), "notice"))
        self.assertFalse(contract.close_reason_id)
        contract.action_close()
        contract.with_user(self.supervisor).action_reopen()
        self.assertEqual((contract.state, contract.date_end), ("active", date(2026, 12, 31)), "closed by its button")

    def test_end_agreed_before_and_past_by_now(self):
        renewed, ended = self.make_contract(date_end="2026-02-28"), self.make_contract(date_end="2026-02-28")
        renewed.renewal_months = 2
        ended.renewal = "none"
        for contract in renewed | ended:
            self.bill(contract)
            self.end(contract)
        with freeze_time("2026-05-05 15:00:00"):
            (renewed | ended)._close_finished()
            self.assertEqual(set((renewed | ended).mapped("state")), {"closed"})
            (renewed | ended).with_user(self.supervisor).action_reopen()
            (renewed | ended)._close_finished()
        self.assertEqual((renewed.state, renewed.date_end), ("active", date(2026, 6, 30)), "as if never ended")
        self.assertEqual((ended.state, ended.date_end, ended.renewal), ("active", False, "none"))

    def test_reason_and_fee_go_with_an_end_taken_away_by_hand(self):
        contract = self.make_contract(
            date_end="2026-12-31", minimum_months=12, termination_fee="percent", termination_fee_percent=10.0
        )
        self.bill(contract)
        contract._terminate(date(2026, 1, 31), self.env.ref("cobranca_recorrente.cobranca_close_reason_price"))
        self.assertTrue(contract.line_ids.filtered("is_termination_fee"))
        contract.with_user(self.supervisor).date_end = "2026-02-28"
        self.assertTrue(contract.close_reason_id, "another day is an end too")
        contract.with_user(self.supervisor).date_end = False
        self.assertEqual((contract.close_reason_id.id, contract.renewal, contract.date_end), (False, "auto", False))
        self.assertFalse(contract.line_ids.filtered("is_termination_fee"))

    def test_renewal_is_stopped(self):
        contract = self.make_contract(date_end="2026-12-31")
        contract.with_user(self.supervisor).action_do_not_renew()
        self.assertEqual(contract.renewal, "none")
        with self.assertRaisesRegex(UserError, "has no end"):
            self.make_contract().action_do_not_renew()

    def test_renewal_by_hand(self):
        contract = self.make_contract(date_end="2026-12-31")
        contract.with_user(self.supervisor).action_renew()
        self.assertEqual(contract.date_end, date(2027, 12, 31))

    # --- due date of an invoice ---

    def postpone(self, invoice, due, user):
        context = invoice.action_cobranca_postpone()["context"]
        form = Form(self.env["cobranca.contract.reschedule"].with_user(user).with_context(**context))
        form.due_date = due
        form.reason = "Asked by phone"
        form.save().action_confirm()

    def test_open_invoice_gets_a_later_due_date(self):
        contract = self.make_contract()
        invoice = self.bill(contract)
        before = invoice.line_ids.mapped(lambda line: (line.id, line.balance))
        self.postpone(invoice, "2026-01-25", self.supervisor)
        term = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual((invoice.invoice_date_due, term.date_maturity), (date(2026, 1, 25),) * 2)
        self.assertEqual(contract.period_ids.date_due, date(2026, 1, 25))
        self.assertEqual(invoice.line_ids.mapped(lambda line: (line.id, line.balance)), before)
        self.assertIn("Asked by phone", "".join(invoice.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "later one"):
            self.postpone(invoice, "2026-01-20", self.supervisor)

    def test_due_date_is_no_matter_for_a_collector(self):
        invoice = self.bill(self.make_contract())
        with self.assertRaises(AccessError):
            self.postpone(invoice, "2026-01-25", self.collector)
        with self.assertRaisesRegex(AccessError, "Only a supervisor"):
            invoice.with_user(self.collector)._cobranca_postpone(date(2026, 1, 25), "x")

    def test_paid_invoice_keeps_its_due_date(self):
        invoice = self.bill(self.make_contract())
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({})._create_payments()
        with self.assertRaisesRegex(UserError, "open customer invoice"):
            self.postpone(invoice, "2026-01-25", self.supervisor)
