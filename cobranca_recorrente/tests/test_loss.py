from datetime import date, datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

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
        with self.assertRaisesRegex(UserError, "No contact is registered since the due date. Register the contacts"):
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

    # === KEPT-UP COLLECTION === #

    def contact(self, day, line=None, partner=None, **values):
        return self.env["cobranca.interaction"]._record(
            self.company,
            partner or self.customer,
            values.pop("channel", "call"),
            values.pop("outcome", "no_answer"),
            date=datetime.fromisoformat(f"{day} 15:00:00"),
            lines=line,
            **values,
        )

    def test_collection_is_proved_by_the_register(self):
        line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        other = self.invoice(20000.0, "2025-07-02", invoice_date="2025-06-01")
        self.contact("2025-07-01")  # not late yet
        self.contact("2025-08-01", channel="system")
        self.contact("2025-08-01", outcome="replied", direction="in")
        self.contact("2025-08-01", partner=self.other)
        self.contact("2025-08-01", other)
        self.contact("2025-09-01")
        self.contact("2025-12-01", line)
        struck_out = self.contact("2025-12-05", line)
        struck_out._write_own({"retracted_on": struck_out.date})
        found = self.losses._get_contacts(line | other, TODAY)
        self.assertEqual((found[line].count, found[line].last), (2, date(2025, 12, 1)))
        self.assertEqual((found[other].count, found[other].last), (2, date(2025, 9, 1)))
        with self.assertRaisesRegex(UserError, "since the due date: 2 of 3"):
            self.losses._write_off(line, TODAY)
        self.contact("2025-12-20", line)
        with self.assertRaisesRegex(UserError, "more than 6 months: the last was on 12/20/2025"):
            self.losses._write_off(line, TODAY)
        self.contact("2026-01-06", line)
        loss = self.losses._write_off(line, TODAY)
        words = "Contacts registered since the due date: 4, the last on 01/06/2026."
        self.assertEqual(loss.proof, words)
        kept_elsewhere = self.losses._write_off(other, TODAY, "Protest of 2025-10-01")
        self.assertEqual(kept_elsewhere.proof, "Protest of 2025-10-01")

    def test_a_lawsuit_is_not_replaced_by_contacts(self):
        line = self.invoice(200000.0, "2025-07-01", invoice_date="2025-06-01")
        for day in ("2026-01-05", "2026-02-05", "2026-03-05"):
            self.contact(day)
        with self.assertRaisesRegex(UserError, "number of the lawsuit"):
            self.losses._write_off(line, TODAY)

    def test_proposal_tells_what_is_proved(self):
        line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        self.contact("2026-02-05")
        wizard = self.env["cobranca.loss.propose"].with_user(self.supervisor).create({})
        row = wizard.line_ids.filtered(lambda row: row.line_id == line)
        self.assertEqual((row.contact_count, row.last_contact), (1, date(2026, 2, 5)))
        self.assertEqual((row.register_text, row.is_proved), ("Contacts registered since the due date: 1 of 3.", False))
        for day in ("2026-03-05", "2026-04-05"):
            self.contact(day)
        wizard = self.env["cobranca.loss.propose"].with_user(self.supervisor).create({})
        row = wizard.line_ids.filtered(lambda row: row.line_id == line)
        self.assertEqual((row.contact_count, row.is_proved), (3, True))
        row.is_chosen = True
        wizard.action_write_off()
        loss = self.losses.search([("line_id", "=", line.id)])
        self.assertEqual(loss.proof, row.register_text)
        again = self.env["cobranca.loss.propose"].with_user(self.supervisor).create({})
        self.assertNotIn(line, again.line_ids.line_id, "it is open beside the contra account")

    # === UNDONE === #

    def undo(self, loss, reason="By mistake"):
        action = loss.with_user(self.supervisor).action_undo()
        wizard = self.env[action["res_model"]].with_user(self.supervisor).with_context(**action["context"])
        return wizard.create({"reason": reason}).action_undo()

    def test_small_loss_is_undone(self):
        lines = self.invoice(100.0) | self.invoice(50.0)
        losses = self.losses._write_off(lines, TODAY)
        loss = losses.filtered(lambda loss: loss.line_id == lines[0])
        self.undo(loss)
        self.assertEqual(self.items(loss.undo_entry_id), {("PERDA", RECEIVABLE): 100.0, ("PERDA", LOSS): -100.0})
        self.assertEqual((lines[0].amount_residual, lines[0].move_id.payment_state), (100.0, "not_paid"))
        self.assertEqual((lines[1].amount_residual, self.balance(LOSS), self.ledger()), (0.0, 50.0, 100.0))
        self.assertEqual((loss.state, loss.undone_on, loss.undone_by_id), ("undone", TODAY, self.supervisor))
        self.assertEqual((losses - loss).state, "closed")
        self.assertIn("undone on 07/06/2026: By mistake", lines[0].move_id.message_ids[0].body)
        self.assertFalse(
            (loss.undo_entry_id.line_ids + loss.entry_id.line_ids).filtered(
                lambda item: item.account_id == self.receivable and not item.reconciled
            )
        )
        # Paid as if nothing had been, or written off once more.
        with self.assertRaisesRegex(UserError, "undone already"):
            loss._undo(TODAY, "Again")
        self.assertIn(lines[0], self.losses._get_candidates(self.company, TODAY))
        again = self.losses._write_off(lines[0], TODAY)
        self.assertEqual((again.state, lines[0].amount_residual, self.balance(LOSS)), ("closed", 0.0, 150.0))

    def test_paid_after_the_undoing_is_no_recovery(self):
        line = self.invoice(100.0)
        self.undo(self.losses._write_off(line, TODAY))
        credit = self.money(100.0, TODAY)
        moves = self.receive(credit, line, TODAY)
        self.assertFalse(moves)
        self.assertEqual((line.amount_residual, self.ledger(), self.balance(RECOVERY)), (0.0, 0.0, 0.0))

    def test_larger_loss_is_undone(self):
        for is_closed in (False, True):
            line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
            loss = self.losses._write_off(line, TODAY, "Letters")
            if is_closed:
                loss.action_close()
                self.assertEqual(line.amount_residual, 0.0)
            self.undo(loss)
            self.assertEqual((line.amount_residual, line.move_id.payment_state), (20000.0, "not_paid"))
            self.assertEqual((self.balance(LOSS), self.balance(ESTIMATE)), (0.0, 0.0))

    def test_undone_before_a_recovery_only(self):
        line = self.invoice(20000.0, "2025-07-01", invoice_date="2025-06-01")
        loss = self.losses._write_off(line, TODAY, "Letters")
        payment = self.payment(5000.0, TODAY)
        self.receive(payment.move_id._cobranca_get_credits(), line, TODAY)
        with self.assertRaisesRegex(UserError, "Take back the payment first"):
            self.undo(loss)
        payment.action_cancel()
        with self.assertRaisesRegex(UserError, "Write why"):
            loss._undo(TODAY, " ")
        self.undo(loss)
        self.assertEqual((self.balance(LOSS), self.balance(ESTIMATE)), (0.0, 0.0))
        with self.assertRaisesRegex(AccessError, "Only a supervisor"):
            loss.with_user(self.collector)._undo(TODAY, "Mine")

    def test_one_write_off_of_a_debt_at_a_time(self):
        loss = self.losses._write_off(self.invoice(100.0), TODAY)
        values = {"line_id": loss.line_id.id, "date": TODAY, "amount": 1.0, "case": "small", "state": "closed"}
        twin = {**values, "entry_id": loss.entry_id.id}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["cobranca.loss"].create(twin)
        self.undo(loss)
        self.env.flush_all()
        self.assertTrue(self.env["cobranca.loss"].create(twin))

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
