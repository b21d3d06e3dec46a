import logging

from odoo import api, fields, models
from odoo.tools.misc import format_date

_logger = logging.getLogger(__name__)

# Not written yet: shown is what it would say now.
UNWRITTEN = ("review", "queued")


class CobrancaMessageScreen(models.AbstractModel):
    """What a person sees of a message: in words, with all attempts, and the text as it was sent."""

    _name = "cobranca.message.screen"
    _description = "Screen of a Message"

    attempt_ids = fields.Many2many(
        comodel_name="cobranca.message", string="Attempts", compute="_compute_attempt_ids", compute_sudo=False
    )
    attempt_count = fields.Integer(compute="_compute_attempt_ids", compute_sudo=False)
    situation = fields.Char(compute="_compute_situation")
    is_preview = fields.Boolean(compute="_compute_shown")
    shown_subject = fields.Char(string="Subject", compute="_compute_shown")
    # Shown in a frame of its own, as it is: a field that cleans HTML would show something else.
    shown_body = fields.Text(string="Text of the letter", compute="_compute_shown")
    shown_text = fields.Text(string="Text", compute="_compute_shown")

    # === COMPUTE METHODS === #

    @api.depends("previous_id")
    def _compute_attempt_ids(self):
        """All attempts to deliver the same steps, the first one first."""
        for message in self:
            attempts = first = message._origin
            while first.previous_id:
                first = first.previous_id
                attempts |= first
            last = message._origin
            while last and (last := self.search([("previous_id", "=", last.id)], limit=1)):
                attempts |= last
            message.attempt_ids = attempts.sorted("id")
            message.attempt_count = len(attempts)

    @api.depends("state", "reason", "detail", "send_at", "sent_at", "retry_at", "channel")
    def _compute_situation(self):
        for message in self:
            message.situation = message._get_situation()

    def _get_situation(self):
        """Where it stands and why, in a sentence."""
        self.ensure_one()
        reason = dict(self._fields["reason"]._description_selection(self.env)).get(self.reason)
        tail = ": ".join(filter(None, [reason, self.detail]))
        moments = {"queued": self.retry_at or self.send_at, "sent": self.sent_at}
        moments |= {"delivered": self.delivered_at or self.sent_at, "read": self.read_at or self.sent_at}
        when = self._tell_moment(moments.get(self.state))
        words = {
            "review": self.env._("Waits until a supervisor has looked at it; then it leaves at its hour."),
            "queued": self.env._("Will be sent on %(when)s, by then with the amounts of that day.", when=when),
            "todo": self._get_task(),
            "sent": self.env._("Sent on %(when)s.", when=when),
            "delivered": self.env._("Delivered on %(when)s.", when=when),
            "read": self.env._("Read on %(when)s.", when=when),
            "undelivered": self.env._("Did not arrive: it does not count as a reminder."),
            "cancelled": self.env._("Was not sent."),
        }
        return " ".join(filter(None, [words.get(self.state), tail and f"{tail.rstrip('.')}."]))

    def _get_task(self):
        """What a person has to do."""
        return {
            "call": self.env._("Call the customer, and register how it ended."),
            "whatsapp": self.env._("Open WhatsApp, send the words that are ready there, and confirm it here."),
            "letter": self.env._("Print the letter, post it, and confirm it here: only then it counts as sent."),
        }.get(self.channel, "")

    def _tell_moment(self, moment):
        if not moment:
            return ""
        local = (self.company_id or self.env.company)._cobranca_local(moment)
        return f"{format_date(self.env, local.date(), date_format='dd/MM/yyyy')} {local.strftime('%H:%M')}"

    @api.depends_context("uid")
    @api.depends("body", "text", "subject", "state")
    def _compute_shown(self):
        for message in self:
            texts, is_preview = message._origin._get_shown() if message._origin else ({}, False)
            message.is_preview = is_preview
            message.shown_subject = texts.get("subject") or False
            message.shown_body = texts.get("body") or False
            message.shown_text = texts.get("text") or False

    def _get_shown(self):
        """The texts as they were written; before that, as they would be written now.

        :return: (dict(subject, body, text), whether they are only a preview)
        """
        self.ensure_one()
        written = {"subject": self.subject, "body": self.body, "text": self.text}
        if self.state not in UNWRITTEN or self.channel == "call":
            return written, False
        try:
            with self.env.cr.savepoint():
                # sudo: rendered as the delivery does it; who may read the message may read what it will say
                message = self.sudo()
                return message._render_texts()[message], True
        except Exception as error:  # noqa: BLE001 - a broken template is said to its reader, it breaks no screen
            _logger.warning("Message %s cannot be shown.", self.id, exc_info=True)
            self.env.invalidate_all()
            return {"text": self.env._("This text cannot be made: %(error)s", error=str(error))}, True

    # === BUSINESS METHODS === #

    def _get_outcome_text(self):
        """One line for other screens: `D+7 · Second notice, by e-mail on 12/11: delivered`."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env)) for name in ("kind", "channel", "state")
        }
        moment = self.sent_at or self.send_at
        day = self.company_id._cobranca_local(moment).date() if moment else self.date
        return self.env._(
            "%(step)s, by %(channel)s on %(day)s: %(state)s",
            step=self.level_id.display_name or labels["kind"][self.kind],
            channel=labels["channel"][self.channel],
            day=format_date(self.env, day, date_format="dd/MM"),
            state=labels["state"][self.state].lower(),
        )
