from datetime import date

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .card_common import CardCommon

ENGINE_LOG = "odoo.addons.cobranca_recorrente.models.cobranca_card_engine"


@tagged("post_install", "-at_install")
class TestCardCharge(CardCommon):
    """A card is charged on the due date, once; what becomes of each answer."""

    def test_charged_on_the_due_date_and_booked(self):
        [sent] = self.run_cron()
        charge = self.charges()
        self.assertEqual((charge.state, charge.amount, charge.date), ("done", 100.0, date(2026, 11, 10)))
        self.assertEqual((sent.amount, sent.operation, sent.token_id), (100.0, "offline", self.token))
        self.assertEqual(sent.cobranca_quote_id.source, "card")
        self.assertTrue(self.line.reconciled)
        self.assertTrue(sent.is_post_processed)
        self.assertEqual(charge.quote_id.state, "paid")
        self.assertFalse(self.run_cron())

    def test_not_before_its_day_nor_its_hour(self):
        with self.on("2026-11-09"):
            self.assertFalse(self.run_cron())
        with self.on("2026-11-10", 10):  # 7 h in São Paulo
            self.assertFalse(self.run_cron())
        with self.on("2026-11-10", 11):
            self.assertEqual(len(self.run_cron()), 1)

    def test_due_on_a_day_without_banks(self):
        """20 November 2026 is a Friday and a holiday: the card is charged on Monday, without charges."""
        line = self.owe(50.0, "2026-11-20")
        self.run_cron()
        with self.on("2026-11-22"):
            self.assertFalse(self.run_cron())
        with self.on("2026-11-23"):
            [sent] = self.run_cron()
        self.assertEqual(sent.amount, 50.0)
        self.assertTrue(line.reconciled)

    def test_all_that_falls_due_is_one_charge(self):
        second = self.owe(40.0, "2026-11-10")
        foreign = self.owe(70.0, "2026-11-10", partner=self.other)
        [sent] = self.run_cron()
        self.assertEqual(sent.amount, 140.0)
        self.assertEqual(self.charges(), self.charges(second))
        self.assertTrue(second.reconciled)
        self.assertFalse(foreign.reconciled)

    def test_what_fell_due_before_the_authorisation_is_not_charged(self):
        old = self.owe(33.0, "2026-09-30")
        missed = self.owe(44.0, "2026-11-03")  # the system stood still: up to five days later only
        late = self.owe(55.0, "2026-11-05")
        [sent] = self.run_cron()
        self.assertEqual(self.charges().charge_line_ids.line_id, self.line | late)
        self.assertGreater(sent.amount, 155.0)
        self.assertFalse((old | missed).filtered("reconciled"))

    def test_pending_answer_blocks_and_settles_later(self):
        self.run_cron("pending")
        self.assertEqual(self.charges().state, "pending")
        self.assertTrue(self.charges().charge_line_ids.is_live)
        self.assertFalse(self.run_cron())
        with self.on("2026-11-20"):
            self.assertFalse(self.run_cron())
        transaction = self.charges().transaction_id
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.charges().state, "done")
        self.assertTrue(self.line.reconciled)

    def test_invoice_is_paid_with_its_charges(self):
        """On a retry day the amount of that day is charged, and fine and interest become income."""
        move = self.invoice(200.0, "2026-11-10")
        self.run_cron("soft")
        self.assertEqual(move.amount_residual, 200.0)
        with self.on("2026-11-12"):
            [sent] = self.run_cron()
        # 300.00: fine 2 % = 6.00, interest of two days 0.20
        self.assertAlmostEqual(sent.amount, 306.20)
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertFalse(move.amount_residual)
        self.assertEqual(sent.invoice_ids, move)

    # --- lost answers ---

    @mute_logger(ENGINE_LOG)
    def test_lost_answer_is_no_refusal(self):
        for answer in (self.lost(), self.refused_by_call(502), ZeroDivisionError("poison"), None):
            with self.subTest(answer=repr(answer)), self.env.cr.savepoint() as savepoint:
                self.assertEqual(len(self.run_cron(answer)), 1)
                charge = self.charges()
                self.assertEqual((charge.state, charge.transaction_id.state), ("unknown", "pending"))
                self.assertTrue(charge.charge_line_ids.is_live)
                for day in ("2026-11-10", "2026-11-12", "2026-11-15", "2026-12-20"):
                    with self.on(day):
                        self.assertFalse(self.run_cron(), day)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_refused_call_is_a_refusal(self):
        self.run_cron(self.refused_by_call(402))
        self.assertEqual(self.charges().state, "refused")

    def test_other_amount_is_no_refusal(self):
        """The provider says it charged something else: nothing is charged again before somebody has looked."""

        def charge_other(transaction):
            transaction._process("none", {"reference": transaction.reference, "amount": 99.0})

        data = {"amount": 99.0, "currency_code": self.company.currency_id.name}
        Transaction = type(self.env["payment.transaction"])
        self.patch(Transaction, "_extract_amount_data", lambda *_arguments: data)
        self.run_cron(charge_other)
        self.assertEqual(self.charges().state, "unknown")
        with self.on("2026-11-12"):
            self.assertFalse(self.run_cron())

    def test_lost_and_was_charged(self):
        self.run_cron(self.lost())
        self.run_cron()
        charge = self.charges()
        tasks = [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        tasks += [("activity_type_id", "=", self.env.ref("cobranca_recorrente.mail_activity_card").id)]
        self.assertEqual(self.env["mail.activity"].search_count(tasks), 1)
        charge.with_user(self.collector).action_was_charged()
        self.assertEqual((charge.state, charge.decided_by_id), ("done", self.collector))
        self.assertFalse(self.env["mail.activity"].search_count(tasks))
        self.assertTrue(self.line.reconciled)
        with self.assertRaises(UserError):
            charge.with_user(self.collector).action_was_not_charged()

    def test_lost_and_was_not_charged(self):
        self.run_cron(self.lost())
        self.charges().with_user(self.collector).action_was_not_charged()
        self.assertEqual(self.charges().state, "cancelled")
        self.assertEqual(self.charges().transaction_id.state, "cancel")
        [sent] = self.run_cron()
        self.assertEqual(self.charges().mapped("state"), ["cancelled", "done"])
        self.assertEqual(sent.amount, 100.0)
        self.assertEqual(self.charges()[1].charge_line_ids.attempt, 1)

    def test_ask_the_provider(self):
        self.run_cron(self.lost())
        charge = self.charges()
        with self.assertRaisesRegex(UserError, charge.reference):
            charge.with_user(self.collector).action_ask()
        Transaction = type(self.env["payment.transaction"])
        self.patch(Transaction, "_cobranca_ask_provider", lambda transaction: bool(transaction._set_done()))
        charge.with_user(self.collector).action_ask()
        self.assertEqual(charge.state, "done")

    def test_late_answer_after_it_was_given_up(self):
        """Somebody said it was not charged, and it was: the money is booked, and what is too much stays his credit."""
        self.run_cron(self.lost())
        first = self.charges()
        first.action_was_not_charged()
        self.run_cron()
        first.transaction_id._update_state(("cancel",), "done", None)
        first.transaction_id._post_process()
        self.assertEqual(first.state, "done")
        credit = first.transaction_id.payment_id.move_id._cobranca_get_credits()
        self.assertEqual(credit.amount_residual, -100.0)

    def test_process_that_died(self):
        """A claim that nobody works on any more is a lost answer after a quarter of an hour, never a free debt."""
        charge = self.Engine._claim(self.company, date(2026, 11, 10), self.mandate.id)
        self.assertEqual(charge.state, "claimed")
        self.assertFalse(self.run_cron())
        self.assertEqual(charge.state, "claimed")
        charge.claimed_at = "2026-11-10 14:40:00"
        self.assertFalse(self.run_cron())
        self.assertEqual(charge.state, "unknown")

    # --- guards ---

    def test_no_debt_is_claimed_twice(self):
        charge = self.Engine._claim(self.company, date(2026, 11, 10), self.mandate.id)
        self.assertFalse(self.Engine._claim(self.company, date(2026, 11, 10), self.mandate.id))
        values = {"charge_id": charge.id, "line_id": self.line.id, "first_on": "2026-11-10", "amount": 100.0}
        for attempt in (1, 2):
            with (
                self.subTest(attempt=attempt),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self.env["cobranca.card.charge.line"].create({**values, "attempt": attempt}).flush_recordset()

    def test_guards_are_in_the_database(self):
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('cobranca_card_charge_line', 'cobranca_card_mandate')"
            " AND indexdef LIKE 'CREATE UNIQUE%%WHERE%%'"
        )
        self.assertEqual(len(self.env.cr.fetchall()), 3)

    def look_again(self):
        charge = self.Engine._claim(self.company, date(2026, 11, 10), self.mandate.id)
        self.env.flush_all()
        return charge

    def test_looked_at_again_before_the_call(self):
        """Between claim and call: paid, paused, disputed, told as paid, taken back. Nothing is sent then."""

        def hold():
            self.env["cobranca.hold"]._start(
                self.company, self.customer, "other", date(2026, 11, 10), date(2026, 11, 11), lines=self.line
            )

        def tell():
            self.env["cobranca.payment.claim"]._record(self.line, date(2026, 11, 10), "pix")

        happenings = {
            "paid": lambda: self.pay(self.line, 100.0, "2026-11-10"),
            "partly paid": lambda: self.pay(self.line, 40.0, "2026-11-10"),
            "credit that fits": lambda: self.post_lines(date(2026, 11, 10), [(self.customer, 100.0, None)], sign=-1),
            "paused": hold,
            "told": tell,
            "taken back": lambda: self.mandate._end("customer"),
            "card removed": lambda: self.token.write({"active": False}),
            "provider off": lambda: self.provider.write({"state": "disabled"}),
            "no reminders": lambda: self.line.write({"no_followup": True}),
        }
        for name, happen in happenings.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint, self.provider_that([]) as sent:
                charge = self.look_again()
                happen()
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertFalse(self.Engine._look_again(charge))
                self.assertEqual((charge.state, charge.transaction_id.state), ("cancelled", "cancel"))
                self.assertTrue(charge.message)
                self.assertFalse(sent)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_nothing_happened_before_the_call(self):
        self.assertTrue(self.Engine._look_again(self.look_again()))

    def test_what_may_be_paid_is_not_claimed(self):
        happenings = {
            "credit": lambda: self.post_lines(date(2026, 11, 9), [(self.customer, 100.0, None)], sign=-1),
            "online": lambda: self.pay_online("pending"),
            "online, not booked": lambda: self.pay_online("done"),
        }
        for name, happen in happenings.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                happen()
                self.env.flush_all()
                self.assertFalse(self.Engine._claim(self.company, date(2026, 11, 10), self.mandate.id))
                savepoint.rollback()
                self.env.invalidate_all()

    def pay_online(self, state):
        quote = self.env["cobranca.payment.quote"]._make(self.company, self.customer, self.line, source="online")
        self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": "ONLINE",
                "amount": 100.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "state": state,
                "cobranca_quote_id": quote.id,
            }
        )

    def test_one_that_fails_keeps_nobody_else(self):
        with self.on("2026-10-02"):
            self.authorise(self.make_token(self.other, "1111"), self.other)
        foreign = self.owe(70.0, "2026-11-10", partner=self.other)
        with mute_logger(ENGINE_LOG):
            self.assertEqual(len(self.run_cron(ZeroDivisionError("poison"))), 2)
        self.assertEqual(self.charges().state, "unknown")
        self.assertTrue(foreign.reconciled)

    def test_register_stays(self):
        self.run_cron()
        with self.assertRaises(UserError):
            self.charges().unlink()
        with self.assertRaises(UserError):
            self.mandate.unlink()
