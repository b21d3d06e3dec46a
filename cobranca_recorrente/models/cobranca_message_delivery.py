import uuid
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL, formataddr

from ..tools import mail_failure
from ..tools.ladder import WEEK

# Namespace of the numbers under which the provider of an SMS knows it: a second try has the same one.
SMS_SPACE = uuid.UUID("5f3c9f7e-6d0a-4f0e-9a53-0d6a2b3e8c11")
# Odoo's own queue takes no mail before it is too old to be sent.
EXPIRY = timedelta(days=WEEK + 1)
SMS_OUT = ("process", "pending", "sent")
# The provider is to blame, not the number.
SMS_PASSING = ("sms_server", "sms_credit", "sms_acc", "unknown", "sms_rejected")
# Locks a message that may leave now and what it asks for, and counts what is still as it was written; what another
# run sends and who is paying at this moment is skipped. One statement, because it is asked for each mail.
AS_WRITTEN = """
    WITH mine AS MATERIALIZED (
        SELECT message.id
          FROM cobranca_message message LEFT JOIN cobranca_dunning_policy policy ON policy.id = message.policy_id
         WHERE message.id = %(message)s AND message.state = 'queued' AND message.send_at <= %(now)s
           AND (message.retry_at IS NULL OR message.retry_at <= %(now)s)
           AND (policy.id IS NULL OR policy.state = 'active')
           FOR NO KEY UPDATE OF message SKIP LOCKED
    ), asked AS MATERIALIZED (
        SELECT item.line_id, item.residual FROM cobranca_message_line item JOIN mine ON mine.id = item.message_id
    ), locked AS MATERIALIZED (
        SELECT id, amount_residual_currency AS residual FROM account_move_line
         WHERE id IN (SELECT line_id FROM asked) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT count(*) FILTER (WHERE locked.residual = asked.residual AND open.id IS NOT NULL), count(*)
      FROM asked
      LEFT JOIN locked ON locked.id = asked.line_id
      LEFT JOIN (%(open)s AND line.id IN (SELECT line_id FROM asked)) open ON open.id = locked.id
"""


class CobrancaMessageDelivery(models.AbstractModel):
    """How a message leaves by each channel, and what becomes of it. Addons add `_deliver_by_<channel>`."""

    _name = "cobranca.message.delivery"
    _description = "Delivery of a Message"
    _inherit = ["cobranca.message.preparation", "cobranca.message.fallback"]

    # === BUSINESS METHODS === #

    def _may_leave(self):
        """Lock a message and look at it for the last time: is everything as it was when it was written?

        Else it is written anew by the next batch. Its receivables are locked until the end of the transaction: nobody
        pays while it leaves.

        :return: bool; False also while another run has it
        """
        self.ensure_one()
        company = self.company_id
        date = company._cobranca_today()
        if self.amount_on != date:
            return False
        self.flush_model()
        self._flush_read()
        opened = SQL(
            "%s AND %s",
            self.env["account.move.line"]._cobranca_get_open_lines_query(company, date),
            self.env["cobranca.hold"]._get_hold_condition(date, "line"),
        )
        now = self.env["cobranca.dunning.people"]._get_now()
        [(standing, asked)] = self.env.execute_query(SQL(AS_WRITTEN, message=self.id, now=now, open=opened))
        return bool(asked) and standing == asked

    # --- e-mail ---

    def _make_mails(self):
        """Rows of Odoo's mail queue, which that queue leaves alone: each is looked at again before it leaves."""
        fresh = self.filtered(lambda message: message.mail_id.state not in ("outgoing", "exception"))
        # sudo: messages leave whoever runs the delivery
        mails = self.env["mail.mail"].sudo().create([message._prepare_mail() for message in fresh])
        for message, mail in zip(fresh, mails, strict=True):
            message.mail_id = mail
        for message in self - fresh:
            # One message in the history of the customer, however often it is tried.
            message.mail_id.write({**message._prepare_mail(), "state": "outgoing"})

    def _prepare_mail(self):
        """Values of mail.mail; what the customer answers lands on his page by the Message-Id."""
        self.ensure_one()
        company = self.company_id
        reply_to = company.alias_domain_id.catchall_email or company.email
        return {
            "cobranca_message_id": self.id,
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "message_id": self.email_message_id,
            "message_type": "email_outgoing",
            "subject": self.subject,
            "body": self.body,
            "body_html": self.body,
            "email_from": formataddr((company.name, company.email or company.alias_domain_id.default_from_email)),
            "reply_to": formataddr((company.name, reply_to)),
            "email_to": formataddr((self.recipient_id.name or "", self.address)),
            "author_id": company.partner_id.id,
            "record_company_id": company.id,
            "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}),
            "scheduled_date": datetime.combine(self.date + EXPIRY, time.min),
        }

    def _deliver_by_email(self):
        """Hand the mail over to the mail server; the answer is noted by `mail.mail`."""
        # sudo: messages leave whoever runs the delivery
        mail = self.mail_id.sudo().with_context(cobranca_checked=self.id)
        mail._cobranca_send_by(self.env.context.get("cobranca_mail_sessions"))

    def _note_mail(self, failure_type, reason):
        """What the mail server answered.

        :param failure_type: of mail.mail, None = it took the mail
        """
        self.ensure_one()
        if not failure_type:
            self._note_sent()
        elif failure_type in mail_failure.ADDRESS_FAILURES:
            self._fail("failed", reason)
        else:
            may_give_up = not mail_failure.is_server_down(failure_type)
            wait = mail_failure.wait_minutes(self.attempts, may_give_up)
            if wait is None or mail_failure.is_permanent(failure_type, reason or ""):
                self._fail("failed", reason)
            else:
                self._wait("no_server" if not may_give_up else "retry", reason, wait)

    @api.model
    def _note_bounces(self, message_ids, text):
        """E-mails came back.

        :param message_ids: list of Message-Id
        """
        # sudo: the mail gateway tells, whoever it runs as
        found = self.sudo().search([("email_message_id", "in", message_ids), ("state", "in", ("sent", "delivered"))])
        found.try_lock_for_update()._fail("bounced", text)

    # --- SMS ---

    def _deliver_by_sms(self):
        """Hand the text over to Odoo's SMS provider."""
        # sudo: messages leave whoever runs the delivery
        sms = (
            self.env["sms.sms"]
            .sudo()
            .create(  # sudo: messages leave whoever runs the delivery
                {
                    "number": self.address,
                    "body": self.text,
                    "partner_id": self.recipient_id.id,
                    "uuid": uuid.uuid5(SMS_SPACE, f"{self.env.cr.dbname}:{self.id}").hex,
                }
            )
        )
        # sudo: what the operator reports later finds the message by it
        Tracker = self.env["sms.tracker"].sudo()
        if not Tracker.search_count([("sms_uuid", "=", sms.uuid)], limit=1):
            Tracker.create({"sms_uuid": sms.uuid, "cobranca_message_id": self.id})
        sms.send(unlink_failed=False, unlink_sent=False, raise_exception=False)
        if sms.state in SMS_OUT:
            self._note_sent()
            return
        reason = dict(sms._fields["failure_type"]._description_selection(self.env)).get(sms.failure_type)
        wait = mail_failure.wait_minutes(self.attempts, True)
        if sms.failure_type in SMS_PASSING and wait is not None:
            self._wait("retry", reason, wait)
        else:
            self._fail("failed", reason)

    def _note_delivered(self):
        """The operator reports that SMS reached their phones."""
        messages = self.filtered(lambda message: message.state == "sent")
        messages._update_state("delivered", delivered_at=self.env["cobranca.dunning.people"]._get_now())

    def _note_not_arrived(self, failure_type, detail):
        """The operator reports that SMS which left never arrived.

        :param failure_type: of Odoo's SMS
        """
        messages = self.filtered(lambda message: message.state in ("sent", "delivered"))
        words = dict(self.env["mail.notification"]._fields["failure_type"]._description_selection(self.env))
        messages.try_lock_for_update()._fail("failed", detail or words.get(failure_type))

    # --- by a person ---

    def _deliver_by_call(self):
        """A person calls: a task with what to say; registering the contact is what sends it."""
        self._change_state("todo")
        playbook = self.level_id.playbook_id
        self.activity_id = self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("Call: %(step)s", step=self.level_id.name or ""),
            playbook.name or "",
            "cobranca_recorrente.mail_activity_callback",
        )

    def _deliver_by_whatsapp(self):
        """A person presses the button in WhatsApp: the words are ready on his screen."""
        self._change_state("todo")

    def _deliver_by_letter(self):
        """Printed and posted by a person, who confirms it: nothing counts as sent before."""
        self._change_state("todo")

    # --- states ---

    def _note_sent(self):
        """It left: the step counts, and the days until the next contact run."""
        now = self.env["cobranca.dunning.people"]._get_now()
        self._change_state("sent", sent_at=now, reason=False, detail=False, retry_at=False)

    def _wait(self, reason, detail, minutes=15):
        """It stays in the queue, with the reason, and is tried again."""
        retry_at = self.env["cobranca.dunning.people"]._in_minutes(minutes)
        for message in self:
            message.write({"reason": reason, "detail": detail, "retry_at": retry_at, "attempts": message.attempts + 1})
