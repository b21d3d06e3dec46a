from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import lost_races
from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestPromise(RecordCommon):
    def decide(self):
        """The nightly run."""
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_promise").method_direct_trigger()
        self.env.invalidate_all()

    def test_promise_pauses_its_line_until_it_must_be_kept(self):
        promise = self.promise()
        # Tuesday, and a business day for the bank to tell of it.
        self.assertEqual((promise.state, promise.date_limit), ("open", date(2026, 11, 25)))
        [hold] = self.holds(promise)
        self.assertEqual((hold.line_id, hold.reason), (self.line, "promise"))
        self.assertEqual((hold.date_from, hold.date_to, hold.state), (date(2026, 11, 19), date(2026, 11, 25), "active"))

    def test_holiday_and_weekend_are_waited_for(self):
        promise = self.promise(day="2026-11-20")
        self.assertEqual(promise.date_limit, date(2026, 11, 24))

    def test_payment_keeps_it_at_once(self):
        promise = self.promise()
        with self.on("2026-11-24"):
            self.pay(self.invoice, 500.0, "2026-11-24")
            self.assertEqual((promise.state, promise.decided_on), ("kept", date(2026, 11, 24)))
            self.assertEqual(promise.amount_paid, 500.0)
            self.assertEqual(self.holds(promise).state, "ended")
            talk = self.customer.cobranca_interaction_ids
            self.assertEqual((talk.outcome, talk.channel), ("kept", "system"))
            self.assertFalse(self.activities(self.customer, "promise"))

    def test_a_payment_of_several_parts_keeps_it_when_the_last_comes(self):
        promise = self.promise(amount=400.0)
        self.pay(self.invoice, 150.0, "2026-11-19")
        self.assertEqual((promise.state, promise.amount_paid), ("open", 150.0))
        with self.on("2026-11-23"):
            self.pay(self.invoice, 249.98, "2026-11-23")
            self.assertEqual((promise.state, promise.decided_on), ("kept", date(2026, 11, 23)))

    def test_what_was_paid_before_does_not_count(self):
        self.pay(self.invoice, 200.0, "2026-11-19")
        promise = self.promise(amount=200.0)
        self.assertEqual(promise.state, "open")
        with self.on("2026-11-26"):
            self.decide()
            self.assertEqual((promise.state, promise.amount_paid), ("broken", 0.0))

    def test_a_lost_race_costs_no_batch_its_day(self):
        promise = self.promise()
        with self.on("2026-11-26"), lost_races(type(promise), "_decide_one_by_one_if_needed") as calls:
            self.decide()
        self.assertEqual([batch.ids for (batch,) in calls], [promise.ids] * 2)
        self.assertEqual(promise.state, "broken")

    def test_broken_when_its_day_is_over(self):
        promise = self.promise()
        with self.on("2026-11-25"):
            self.decide()
            self.assertEqual(promise.state, "open")
        with self.on("2026-11-26"):
            self.decide()
            self.assertEqual((promise.state, promise.decided_on), ("broken", date(2026, 11, 26)))
            self.assertEqual(self.holds(promise).state, "ended")
            [activity] = self.activities(self.customer, "promise")
            self.assertEqual(activity.user_id, self.collector)
            self.assertIn("500.00", activity.summary)
            self.assertEqual(self.customer.cobranca_interaction_ids.mapped("outcome"), ["broken"])
            self.decide()
            self.assertEqual(len(self.customer.cobranca_interaction_ids), 1)

    def test_too_little_breaks_it(self):
        promise = self.promise()
        with self.on("2026-11-24"):
            self.pay(self.invoice, 499.97, "2026-11-24")
        with self.on("2026-11-26"):
            self.decide()
            self.assertEqual((promise.state, promise.amount_paid), ("broken", 499.97))

    def test_tolerance_of_the_company(self):
        self.company.cobranca_promise_tolerance_percent = 10
        promise = self.promise()
        with self.on("2026-11-24"):
            self.pay(self.invoice, 450.0, "2026-11-24")
            self.assertEqual(promise.state, "kept")

    def test_late_money_does_not_keep_it(self):
        promise = self.promise()
        with self.on("2026-11-27"):
            self.pay(self.invoice, 500.0, "2026-11-27")
            self.assertEqual(promise.state, "broken")

    def test_statement_imported_late_makes_it_kept_after_all(self):
        promise = self.promise()
        with self.on("2026-11-27"):
            self.decide()
            self.assertEqual(promise.state, "broken")
            self.pay(self.invoice, 500.0, "2026-11-24")
            self.assertEqual(promise.state, "kept")

    def test_returned_payment_opens_it_again_or_breaks_it(self):
        promise = self.promise()
        payment = self.pay(self.invoice, 500.0, "2026-11-19")
        self.assertEqual(promise.state, "kept")
        payment.line_ids.remove_move_reconcile()
        self.assertEqual((promise.state, promise.decided_on), ("open", False))
        self.assertEqual(self.holds(promise).mapped("state"), ["active", "ended"])
        (payment.line_ids.filtered("credit") + self.line).reconcile()
        with self.on("2026-11-30"):
            payment.line_ids.remove_move_reconcile()
            self.assertEqual(promise.state, "broken")

    def test_credit_note_makes_it_void_not_kept(self):
        promise = self.promise()
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"journal_id": self.invoice.journal_id.id, "date": "2026-11-19"})
        )
        reversal.refund_moves()
        refund = self.invoice.reversal_move_ids
        if refund.state == "draft":
            refund.action_post()
        if not self.line.reconciled:
            (self.receivable(refund) + self.line).reconcile()
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(self.holds(promise).state, "ended")

    def test_promise_of_two_invoices(self):
        promise = self.promise(lines=self.line + self.later_line)
        self.assertEqual(promise.amount, 800.0)
        self.assertEqual(self.holds(promise).line_id, self.line + self.later_line)
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.assertEqual((promise.state, promise.amount_paid), ("open", 500.0))
        self.pay(self.later, 300.0, "2026-11-19")
        self.assertEqual(promise.state, "kept")

    def test_one_open_promise_of_a_line(self):
        promise = self.promise()
        with self.assertRaisesRegex(UserError, "already"):
            self.promise(day="2026-11-30")
        promise.with_user(self.collector).action_cancel()
        self.assertEqual((promise.state, self.holds(promise).state), ("cancelled", "ended"))
        self.assertEqual(self.promise(day="2026-11-30").state, "open")

    def test_index_refuses_a_second_open_promise(self):
        """Two collectors at the same moment: the check of neither sees the other's promise."""
        promise = self.promise()
        again = promise.copy({"promise_line_ids": []})
        values = {"promise_id": again.id, "line_id": self.line.id}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["cobranca.promise.line"].create(values)
        promise.action_cancel()
        self.env.flush_all()
        self.assertTrue(self.env["cobranca.promise.line"].create(values))

    def test_what_cannot_be_promised(self):
        foreign = self.receivable(self.make_invoice(100.0, "2026-11-10", self.stranger))
        draft = self.receivable(self.make_invoice(100.0, "2026-11-10", post=False))
        for lines, day, amount, told in (
            (self.line, "2026-11-18", 500.0, "from today on"),
            (self.line, "2027-03-01", 500.0, "30 days"),
            (self.line, "2026-11-24", 500.01, "more than"),
            (self.line, "2026-11-24", 0.0, "how much"),
            (self.line, "2026-11-24", -5.0, "how much"),
            (self.line + foreign, "2026-11-24", 600.0, "one customer"),
            (draft, "2026-11-24", 100.0, "open invoices"),
            (self.line.browse(), "2026-11-24", 100.0, "open invoices"),
        ):
            with self.subTest(told=told), self.assertRaisesRegex(UserError, told), self.env.cr.savepoint():
                self.promise(lines, day, amount)

    def test_changed_invoice_ends_the_promise(self):
        promise = self.promise()
        self.redraw(self.line)
        with self.on("2026-11-20"):
            self.decide()
            self.assertEqual(promise.state, "cancelled")

    def test_one_that_fails_does_not_keep_the_others(self):
        bad, good = self.promise(), self.promise(lines=self.later_line)
        tell = type(self.Promise)._tell

        def fail(record, state):
            if record == bad:
                raise ValueError("no")
            return tell(record, state)

        self.patch(type(self.Promise), "_tell", fail)
        with self.on("2026-11-30"), mute_logger("odoo.addons.cobranca_recorrente.models.cobranca_promise_decision"):
            self.decide()
            self.assertEqual((bad.state, good.state), ("open", "broken"))

    def test_amount_with_fine_and_interest_of_the_promised_day(self):
        version = self.env["cobranca.charge.policy.version"]
        self.charge_by(version.search([], limit=1).policy_id)
        day = date(2026, 11, 24)
        [charges] = self.line._cobranca_get_debts(day).values()
        self.assertGreater(charges.charges, 0)
        total = float(charges.total)
        wizard = (
            self.env["cobranca.promise.register"].with_user(self.collector).create({"partner_id": self.customer.id})
        )
        wizard.line_ids = self.line
        wizard.date = day
        self.assertEqual(wizard.amount, total)
        wizard.action_register()
        promise = self.customer.cobranca_promise_ids
        with self.assertRaisesRegex(UserError, "more than"):
            self.promise(lines=self.later_line, amount=400.0)
        # The line takes its 500.00; the charges have an entry of their own.
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.assertEqual(promise.state, "kept")

    def test_wizard_is_filled(self):
        wizard = (
            self.env["cobranca.promise.register"].with_user(self.collector).create({"partner_id": self.customer.id})
        )
        self.assertEqual(wizard.line_ids, self.line + self.later_line)
        # Three business days from Thursday: Friday is a holiday.
        self.assertEqual((wizard.date, wizard.amount), (date(2026, 11, 25), 800.0))
        wizard.line_ids -= self.later_line
        self.assertEqual(wizard.amount, 500.0)
        wizard.action_register()
        promise = self.customer.cobranca_promise_ids
        self.assertEqual((promise.amount, promise.user_id), (500.0, self.collector))
        self.assertEqual(self.customer.cobranca_interaction_ids.outcome, "promised")

    def test_nothing_is_removed(self):
        promise = self.promise()
        with self.assertRaises(UserError):
            promise.unlink()

    def test_settings_have_bounds(self):
        for field, value in (("tolerance_days", -1), ("tolerance_percent", 51), ("max_days", -1)):
            refused = self.assertRaises(IntegrityError)
            with self.subTest(field=field), mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
                self.company[f"cobranca_promise_{field}"] = value
