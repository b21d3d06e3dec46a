from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.fields import Date

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .debt_common import DebtCommon

STEPS = (-3, 3, 7, 15, 30)

# What every short text has: the creditor and a way to answer.
SMS = "{{ object.creditor }} ({{ object.creditor_document }}): {{ object.pay_link }}"


class DunningCommon(DebtCommon):
    """A company that may send, with one ladder of e-mails, active since long ago; customers with addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.dunning.policy"].search([]).active = False
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.company.write({"email": "cobranca@example.com", "vat": "11.222.333/0001-81"})
        cls.company.write({"street": "Rua das Flores, 10", "city": "São Paulo", "zip": "01000-000"})
        cls.engine = cls.env["cobranca.dunning.engine"]
        cls.Message = cls.env["cobranca.message"]
        cls.Notice = cls.env["cobranca.dunning.notice"]
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Test",
                "model_id": cls.env["ir.model"]._get_id("cobranca.message"),
                "subject": "About your invoice",
                "body_html": "<p>Hello</p>",
            }
        )
        cls.sms_template = cls.env["sms.template"].create(
            {"name": "Test", "model_id": cls.env["ir.model"]._get_id("cobranca.message"), "body": SMS}
        )
        cls.customer.email = "ana@example.com"
        cls.business.email = "agulha@example.com"
        cls.ladder = cls.make_ladder()
        cls.startClassPatcher(
            patch.object(type(cls.env["cobranca.invoice.delivery"]), "_listens", lambda *_arguments: False)
        )

    @classmethod
    def make_ladder(cls, steps=STEPS, channels=("email",), **values):
        """An active ladder with a step for each of some days, or events."""
        start = values.pop("date_from", "2026-01-01")
        entry = {name: values.pop(name) for name in ("entry_rule",) if name in values}
        ladder = cls.env["cobranca.dunning.policy"].create(
            {
                "name": "Test",
                "level_ids": [Command.create(cls.prepare_level(step, channels)) for step in steps],
                **values,
            }
        )
        ladder.sudo().write({"state": "active", "date_from": start, **entry})
        return ladder

    @classmethod
    def prepare_level(cls, step, channels=("email",), **values):
        when = {"days": step} if isinstance(step, int) else {"trigger": step}
        return {
            "name": f"Step {step}",
            **when,
            "channel_ids": [
                Command.create({"channel": channel, "sequence": number, **cls.prepare_words(channel)})
                for number, channel in enumerate(channels)
            ],
            **values,
        }

    @classmethod
    def prepare_words(cls, channel):
        if channel in ("email", "letter"):
            return {"mail_template_id": cls.template.id}
        return {"sms_template_id": cls.sms_template.id} if channel in ("sms", "whatsapp") else {}

    @classmethod
    def level(cls, days, ladder=None):
        return (ladder or cls.ladder).level_ids.filtered(lambda level: level.days == days and not level.is_event)

    @classmethod
    def post_lines(cls, day, items, sign=1):
        """Odoo leaves general journals out of reminders: these lines are in."""
        lines = super().post_lines(day, items, sign)
        lines.no_followup = False
        return lines

    def select(self, day, partners=None):
        return self.engine._select(self.company, Date.to_date(day), partners)

    def plan_of(self, day, partners=None):
        """{name of the debtor: (days of the step, names of steps of the lines)} of a simulated day."""
        plan = self.select(day, partners)
        return {
            self.env["res.partner"].browse(item.debtor).name: (item.level.days, len(item.claims), len(item.lines))
            for item in plan.messages
        }

    def left_out(self, day):
        """{name of the debtor: reason}"""
        return {self.env["res.partner"].browse(item.debtor).name: item.reason for item in self.select(day).left_out}

    def run_day(self, day, hour="13:00"):
        """Claim and deliver a day at an hour of UTC (10:00 in São Paulo).

        :return: the messages that were made
        """
        with freeze_time(f"{day} {hour}:00"):
            made = self.engine._run(self.company, Date.to_date(day))
            self.deliver()
        return made

    def deliver(self):
        """Deliver what is due at the frozen moment, with a mail server that takes everything."""
        with self.mail_server():
            domain = self.engine._get_due_domain()
            self.engine._deliver(self.Message.search(domain))

    @contextmanager
    def mail_server(self, answer=None):
        """A mail server; its answer may be an exception.

        :return: list of the mails that it took
        """
        taken = []

        def send_email(_self, message, *_arguments, **_options):
            if answer:
                raise answer
            taken.append(message)
            return message["Message-Id"]

        with (
            patch.object(IrMail_Server, "_disable_send", lambda _self: False),
            patch.object(IrMail_Server, "_connect__", lambda *_arguments, **_options: None),
            patch.object(IrMail_Server, "send_email", send_email),
        ):
            yield taken
