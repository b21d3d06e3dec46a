from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .receipt_common import ESTIMATE, LOSS, RECEIVABLE, RECOVERY, ReceiptCommon

TODAY = date(2026, 7, 6)


@tagged("post_install", "-at_install")
@freeze_time("2026-07-06 15:00:00")
class TestLoss(ReceiptCommon):
    """Losses by Lei 9.430, art. 9 to 12, with their entries and what is recovered afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.losses = cls.env["cobranca.loss"].with_user(cls.supervisor)

    def balance(self, code):
        items = self.env["account.move.line"].search([("account_id.code", "=", code), ("parent_state", "=", "posted")])
        return self.company.currency_id.round(sum(items.mapped("balance")))

    def test_small_debt_is_closed(self):
        line = self.invoice(100.0)
        loss = self.losses._write_off(line, TODAY)
        self.assertEqual(self.items(loss.entry_id), {("PERDA", LOSS): 100.0, ("PERDA", RECEIVABLE): -100.0})
        self.assertEqual((line.amount_residual, line.move_id.payment_state, self.ledger()), (0.0, "paid", 0.0))
        self.assertEqual((loss.case, loss.state, loss.amount, loss.is_direct), ("small", "closed", 100.0, True))
        with self.assertRaisesRegex(UserError, "not open, or written off already"):
            self.losses._write_off(line, TODAY)

    def test_recovery_after_write_off(self):
        line = self.invoice(100.0)
        loss = self.losses._write_off(line, TODAY)
        credit = self.money(60.0, TODAY)
        moves = self.receive(credit, line, TODAY, charges=None)
        self.assertEqual(self.items(moves), {("ENCAR", RECEIVABLE): 60.0, ("ENCAR", RECOVERY): -60.0})
        self.assertEqual((credit.amount_residual, self.ledger()), (0.0, 0.0))
        loss.invalidate_recordset(["recovered"])
        self.assertEqual(loss.recovered, 60.0)
        # No more than what was lost.
        rest = self.money(50.0, TODAY)
        self.receive(rest, line, TODAY, charges=None)
        self.assertEqual(rest.amount_residual, -10.0)

    def test_larger_debt_stays_collectable(self):
        line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        with self.assertRaisesRegex(UserError, "needs a proof"):
            self.losses._write_off(line, TODAY)
        loss = self.losses._write_off(line, TODAY, "Letters and calls since August 2025")
        self.assertEqual(self.items_of(loss), {("PERDA", LOSS): 20000.0, ("PERDA", ESTIMATE): -20000.0})
        self.assertEqual((line.amount_residual, line.move_id.payment_state), (20000.0, "not_paid"))
        self.assertEqual((loss.case, loss.state), ("medium", "open"))
        # Paid in part: that is income again.
        credit = self.money(5000.0, TODAY)
        moves = self.receive(credit, line, TODAY)
        self.assertEqual(self.items_of_moves(moves), {("PERDA", ESTIMATE): 5000.0, ("PERDA", RECOVERY): -5000.0})
        self.assertEqual((line.amount_residual, self.balance(ESTIMATE)), (15000.0, -15000.0))
        # Nobody collects it any more.
        loss.action_close()
        self.assertEqual((line.amount_residual, loss.state, self.balance(ESTIMATE)), (0.0, "closed", 0.0))
        self.assertEqual(self.balance(LOSS), 20000.0)
        late = self.money(1000.0, TODAY)
        moves = self.receive(late, line, TODAY, charges=None)
        self.assertEqual(self.items(moves), {("ENCAR", RECEIVABLE): 1000.0, ("ENCAR", RECOVERY): -1000.0})
        loss.invalidate_recordset(["recovered"])
        self.assertEqual(loss.recovered, 6000.0)

    def items_of(self, loss):
        return self.items_of_moves(loss.entry_id)

    def items_of_moves(self, moves):
        return {(item.journal_id.code, item.account_id.code): item.balance for item in moves.line_ids.sorted("balance")}

    def test_payment_of_a_lost_debt_is_taken_back(self):
        line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        loss = self.losses._write_off(line, TODAY, "Lawsuit 1")
        payment = self.payment(20000.0, TODAY)
        self.receive(payment.move_id._cobranca_get_credits(), line, TODAY)
        self.assertEqual((loss.state, self.balance(ESTIMATE)), ("closed", 0.0))
        payment.action_cancel()
        self.assertEqual((loss.state, self.balance(ESTIMATE)), ("open", -20000.0))
        self.assertEqual((line.amount_residual, self.balance(RECOVERY)), (20000.0, 0.0))

    def test_too_early(self):
        line = self.invoice(100.0, "2026-01-06")
        with self.assertRaisesRegex(UserError, "more than 6 months of delay"):
            self.losses._write_off(line, TODAY)
        self.assertEqual(line.amount_residual, 100.0)

    def test_proposal(self):
        old, recent = self.invoice(100.0), self.invoice(100.0, "2026-02-10")
        large = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        middle = self.invoice(20000.0)  # more than 15,000: a year is not over
        paid = self.invoice(50.0)
        self.receive(self.money(50.0), paid)
        ours = old | recent | large | middle | paid
        found = self.losses._get_candidates(self.company, TODAY)
        self.assertEqual(
            {line: rule.case for line, (rule, _amount) in found.items() if line in ours},
            {old: "small", large: "medium"},
        )
        wizard = self.env["cobranca.loss.propose"].with_user(self.supervisor).create({})
        with self.assertRaisesRegex(UserError, "Choose the debts"):
            wizard.action_write_off()
        wizard.line_ids.filtered(lambda row: row.line_id == old).is_chosen = True
        self.assertEqual(wizard.amount, 100.0)
        action = wizard.action_write_off()
        self.assertEqual(self.env["cobranca.loss"].search(action["domain"]).line_id, old)
        again = self.env["cobranca.loss.propose"].with_user(self.supervisor).create({})
        self.assertNotIn(old, again.line_ids.line_id)

    def test_proposal_on_screen(self):
        self.invoice(100.0)
        with Form(self.env["cobranca.loss.propose"].with_user(self.supervisor)) as form:
            self.assertGreaterEqual(form.count, 1)
            form.date = date(2026, 7, 5)
            self.assertEqual(form.count, 0)

    def test_instalments_are_one_operation(self):
        """10,000 and 10,000 of one invoice: the band is that of 20,000."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 0}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        lines = self.invoice(20000.0, "2025-12-01", invoice_date="2025-12-01", invoice_payment_term_id=term.id)
        self.assertEqual(len(lines), 2)
        found = self.losses._get_candidates(self.company, TODAY)
        self.assertFalse(set(lines) & set(found))

    def test_rights(self):
        line = self.invoice(100.0)
        with self.assertRaisesRegex(AccessError, "Only a supervisor"):
            self.env["cobranca.loss"].with_user(self.collector)._write_off(line, TODAY)
        with self.assertRaises(AccessError):
            self.env["cobranca.loss.propose"].with_user(self.collector).create({})
        loss = self.losses._write_off(line, TODAY)
        for user in (self.collector, self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                loss.with_user(user).write({"amount": 1.0})
        with self.assertRaises(AccessError):
            loss.with_user(self.collector).read(["amount"])
        with self.assertRaisesRegex(UserError, "stay as they are"):
            loss.sudo().unlink()
