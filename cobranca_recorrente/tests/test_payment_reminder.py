from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .link_common import ODD, LinkCommon
from .record_common import TODAY

DAY = TODAY + timedelta(days=5)


@tagged("post_install", "-at_install")
class TestPaymentReminder(LinkCommon):
    """A customer chooses the day of his reminder: until then none, on that day one, and not again and again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.company.write({"street": "Rua A, 1", "city": "Recife", "cobranca_reminder_days": 10})
        cls.Reminder = cls.env["cobranca.payment.reminder"]

    def choose(self, lines=None, day=DAY):
        return self.Reminder._record(self.company, self.customer, self.line if lines is None else lines, day)

    def reminders(self):
        return self.Reminder.search([("partner_id", "in", (self.customer | self.stranger).ids)])

    def remind(self, day=DAY, hour=15):
        with self.on(day, hour):
            self.Reminder.search(self.Reminder._get_due_domain(self.company))._remind()

    def send(self, path, lines=None, day=f"{DAY}"):
        lines = self.line if lines is None else lines
        return self.post(f"{path}/outro-dia", pagamento=[f"{line}" for line in lines.ids], quando=day)

    # --- on the page ---

    def test_chosen_through_a_link(self):
        path = self.path(self.line | self.later_line)
        self.assertIn("outro-dia", self.enter(path))
        self.assertIn('max="2026-11-29"', self.get(f"{path}/outro-dia").text)
        answer = self.send(path)
        self.assertTrue(answer.headers["Location"].endswith(f"{path}?aviso=lembrete"))
        reminder = self.reminders()
        self.assertEqual((reminder.line_ids, reminder.date, reminder.state), (self.line, DAY, "open"))
        hold = self.holds(reminder)
        self.assertEqual((hold.reason, hold.line_id, hold.date_to), ("callback", self.line, DAY - timedelta(days=1)))
        said = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((said.channel, said.direction, said.outcome), ("portal", "in", "call_later"))
        self.assertEqual(said.line_ids, self.line)
        self.assertFalse(said.user_id)
        page = self.get(f"{path}?aviso=lembrete").text
        self.assertIn("You chose 24/11", page)
        self.assertNotIn(f"{path}/outro-dia", page)

    def test_only_his_own_lines(self):
        path = self.path()
        self.enter(path)
        for lines in (self.foreign_line, self.later_line, self.line.browse(2**31)):
            self.assertIn("day_error", self.send(path, lines).text)
        self.assertFalse(self.reminders())

    def test_odd_days(self):
        path = self.path()
        self.enter(path)
        for day in ("2026-11-19", "2026-11-30", "2025-01-01", "2026-02-30", "9999-12-31", *ODD):
            answer = self.send(path, day=day)
            self.assertIn("day_error", answer.text, day)
            self.assertHidden(answer.text)
        self.assertFalse(self.reminders())

    def test_not_offered(self):
        self.company.cobranca_reminder_days = 0
        path = self.path()
        self.assertNotIn("outro-dia", self.enter(path))
        self.assertEqual(self.get(f"{path}/outro-dia").status_code, 303)
        self.assertEqual(self.send(path).status_code, 303)
        self.assertFalse(self.reminders())

    # --- what may be chosen ---

    def test_never_further_than_promises(self):
        self.company.write({"cobranca_reminder_days": 30, "cobranca_promise_max_days": 3})
        with self.assertRaises(UserError):
            self.choose()
        self.assertTrue(self.choose(day=TODAY + timedelta(days=3)))

    def test_one_day_at_a_time_and_not_again_and_again(self):
        self.choose()
        with self.assertRaises(UserError):
            self.choose(self.later_line)
        self.reminders().state = "sent"
        self.choose(self.later_line)
        self.reminders().write({"state": "sent"})
        with self.assertRaises(UserError):
            self.choose()
        with self.on(TODAY + timedelta(days=61)):
            self.assertTrue(self.choose(day=TODAY + timedelta(days=66)))

    def test_nothing_else_is_agreed(self):
        self.promise()
        self.Dispute._record(self.later_line.with_user(self.collector), 300.0, "amount")
        for line in (self.line, self.later_line):
            with self.assertRaises(UserError):
                self.choose(line)
        self.assertFalse(self.Reminder._get_eligible(self.line | self.later_line))

    def test_chosen_twice_at_once_counts_once(self):
        first = self.choose()
        with patch.object(type(self.Reminder), "_check_choice", lambda *_arguments: None), mute_logger("odoo.sql_db"):
            second = self.choose(self.later_line)
        self.assertEqual(second, first)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            first.copy({"state": "open"})
            self.env.flush_all()

    # --- the day itself ---

    def test_reminded_on_that_day_with_its_amount(self):
        self.choose()
        self.remind(DAY - timedelta(days=1))
        self.assertEqual(self.reminders().state, "open")
        self.remind()
        reminder = self.reminders()
        message = reminder.message_id
        self.assertEqual(reminder.state, "sent")
        self.assertEqual((message.state, message.channel, message.kind), ("queued", "email", "reminder"))
        self.assertEqual((message.line_ids.line_id, message.amount, message.date), (self.line, 500.0, DAY))
        self.assertFalse(message.level_id)
        with self.on(DAY):
            ready = message._prepare_delivery()
            self.assertEqual(ready, message)
            self.assertTrue(message._may_leave())
        self.assertIn("as you asked", message.subject)
        self.assertIn("/my/pagamentos/", message.body)
        self.assertNotIn("R$", message.subject)
        self.remind()
        self.assertEqual(len(self.env["cobranca.message"].search([("partner_id", "=", self.customer.id)])), 1)

    def test_who_has_paid_is_not_reminded(self):
        self.choose()
        self.pay(self.invoice, 500.0, TODAY)
        self.remind()
        self.assertEqual((self.reminders().state, self.reminders().message_id.ids), ("cancelled", []))

    def test_paid_after_it_was_made(self):
        self.choose()
        self.remind()
        message = self.reminders().message_id
        self.pay(self.invoice, 500.0, DAY)
        with self.on(DAY):
            self.assertFalse(message._prepare_delivery())
        self.assertEqual((message.state, message.reason), ("cancelled", "paid"))

    def test_paused_meanwhile(self):
        self.choose()
        with self.on(DAY):
            self.Hold._start(self.company, self.customer, "court", DAY, None)
        self.remind()
        self.assertEqual(self.reminders().state, "cancelled")

    def test_too_late_is_not_sent(self):
        self.choose()
        self.remind(DAY + timedelta(days=4))
        self.assertEqual(self.reminders().state, "cancelled")

    def test_without_an_email_a_person_calls(self):
        self.choose()
        self.customer.email = False
        self.remind()
        self.assertEqual(self.reminders().state, "sent")
        self.assertFalse(self.reminders().message_id)
        self.assertTrue(self.activities(self.customer, "callback"))

    def test_by_the_cron(self):
        self.choose()
        with self.on(DAY), self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_payment_reminder").method_direct_trigger()
        self.assertEqual(self.reminders().state, "sent")

    def test_never_removed(self):
        reminder = self.choose()
        with self.assertRaises(UserError):
            reminder.unlink()
        self.assertTrue(reminder.with_user(self.collector).display_name)
