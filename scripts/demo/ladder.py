"""The dunning ladder of the demo: started some weeks ago, run day by day as its scheduled actions do."""

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest import mock

from freezegun import freeze_time

from odoo.addons.base.models.ir_mail_server import IrMail_Server

# Since so many days reminders go out.
LADDER_DAYS = 60
# Mails to every so-manieth customer come back.
BOUNCED = 17
# The supervisor looks at what waits for him every few days; the last ones are left.
REVIEWED_AFTER = 4


class Ladder:
    """Starts the ladders, and lets each day's reminders out by a mail server that takes everything."""

    def __init__(self, demo, desk):
        self.demo, self.env, self.company, self.desk = demo, demo.env, demo.company, desk
        self.engine = demo.env["cobranca.dunning.engine"]
        self.first_day = demo.today - timedelta(days=LADDER_DAYS)
        self.is_started = False

    def play(self, day):
        """The reminders of a day, from the morning on."""
        if day < self.first_day:
            return
        with freeze_time(self.desk._to_utc(day, 8, 10)):
            self._start(day)
            self._approve(day)
            self.engine._run(self.company, day)
        with freeze_time(self.desk._to_utc(day, 10, 20)), self.outside():
            self._deliver()
        with freeze_time(self.desk._to_utc(day, 10, 40)), self.outside():
            self._bounce(day)
            self._deliver()

    def _start(self, day):
        if not self.is_started:
            self.is_started = True
            self.env["cobranca.dunning.policy"].search([])._start(day, "current")

    def _approve(self, day):
        """Letters and notifications are looked at by the supervisor."""
        old = [("state", "=", "review"), ("date", "<=", day - timedelta(days=REVIEWED_AFTER))]
        waiting = self.env["cobranca.message"].search(old)
        if waiting:
            waiting.with_user(self.desk.users["otavio"]).action_approve()

    def _deliver(self):
        waiting = self.env["cobranca.message"].search(self.engine._get_due_domain())
        if waiting:
            self.engine._deliver(waiting)

    def _bounce(self, day):
        """Some mailboxes do not exist any more."""
        sent = self.env["cobranca.message"].search(
            [("date", "=", day), ("channel", "=", "email"), ("state", "=", "sent")]
        )
        lost = sent.filtered(lambda message: message.recipient_id.id % BOUNCED == 0)
        if lost:
            self.env["cobranca.message"]._note_bounces(
                lost.mapped("email_message_id"), "550 5.1.1 caixa postal inexistente"
            )

    @contextmanager
    def outside(self):
        """Mail server and SMS provider, which the building of a demo has no need of: everything is taken."""
        Delivery, Sms = type(self.env["cobranca.invoice.delivery"]), type(self.env["sms.sms"])
        with ExitStack() as stack:
            for owner, name, answer in (
                (IrMail_Server, "_disable_send", lambda _self: False),
                (IrMail_Server, "_connect__", lambda *_arguments, **_options: None),
                (IrMail_Server, "send_email", lambda _self, message, *_a, **_o: message["Message-Id"]),
                (Delivery, "_has_mail_server", lambda _self: True),
                (Sms, "send", lambda sms, **_options: sms.write({"state": "sent"})),
            ):
                stack.enter_context(mock.patch.object(owner, name, answer))
            yield
