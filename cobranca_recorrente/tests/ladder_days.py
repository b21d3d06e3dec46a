"""The days of a script in Odoo: the engine runs and delivers, and what it did is written down."""

from unittest.mock import patch

from odoo.tools import email_normalize

from odoo.addons.sms.tools.sms_api import SmsApi

from . import ladder_calendar as cal
from .dunning_common import DunningCommon
from .ladder_happenings import BETWEEN, EARLY, EVENING, touched
from .ladder_script import BOUNCE_HOUR, DELIVERIES, RUN_HOUR
from .ladder_trace import Trace, numbered, since
from .ladder_world import LadderWorld

EARLY_HOUR, BETWEEN_HOUR, EVENING_HOUR = 5.5, 7, 20
SENT = ("sent", "delivered", "read")


class LadderDays(LadderWorld):
    """Lives through a script.

    `trace` tells what the ladder did; `outbox` what left at each moment: [(debtor, channel, address, {line: cents})].
    """

    def __init__(self, case, script, clock):
        super().__init__(case, script, clock)
        self.trace, self.outbox = Trace(), {}
        self.facts = script.facts()
        self.addresses = script.addresses()
        self.engine = self.env["cobranca.dunning.engine"]
        self.Message = self.env["cobranca.message"]
        self.number_of = {
            name: {record.id: number for number, record in getattr(self, name).items()}
            for name in ("levels", "debtors", "lines", "currencies")
        }

    def live(self):
        for day in self.script.each_day():
            self.live_day(day)
        return self

    def live_day(self, day):
        self.env.invalidate_all()
        self.set_clock(day, EARLY_HOUR)
        Promise = self.env["cobranca.promise"].sudo()
        Promise.search(Promise._get_to_decide_domain(self.company))._decide()
        self.happen_all(day, EARLY)
        self.set_clock(day, RUN_HOUR)
        self.run(day)
        self.set_clock(day, BETWEEN_HOUR)
        self.happen_all(day, BETWEEN)
        for hour in () if day in self.script.asleep else DELIVERIES:
            self.set_clock(day, hour)
            self.deliver(day, hour)
        self.set_clock(day, EVENING_HOUR)
        for event in self.script.events[day, EVENING]:
            self.happen(event, day)
        self.set_clock(day, BOUNCE_HOUR)
        self.bounce()

    def happen_all(self, day, phase):
        events = self.script.events[day, phase]
        self.pay_all([event for event in events if event[0] == "pay"], day)
        for event in events:
            if event[0] != "pay":
                self.happen(event, day)
        if debtors := touched(self.facts, events):
            # What the desk's job does right after; its cases have tests of their own.
            partners = self.env["res.partner"].union(*(self.debtors[number] for number in debtors))
            self.Message._follow_debts(self.company, partners)

    # --- the ladder ---

    def run(self, day):
        """What is simulated and what is done must be the same; old messages are looked after before."""
        self.engine._look_after(self.company, day)
        plan = self.engine._select(self.company, day)
        made = self.engine._run(self.company, day)
        simulated = {self.key_of(item): (item.channel, self.lines_of(item.lines)) for item in plan.messages}
        done = {self.key_of_message(m): (m.channel, self.lines_of_message(m)) for m in made}
        assert done == simulated, (day, done, simulated)
        left_out = {self.key_of(item): item.reason for item in plan.left_out}
        left_out |= {self.key_of(item): "control" for item in plan.control}
        self.note_run(day, made, left_out)

    def note_run(self, day, made, left_out):
        planned = {
            self.key_of_message(m): (self.number("levels", m.level_id), m.channel, m.send_at, self.lines_of_message(m))
            for m in made
        }
        self.trace.note(day, "run", {"planned": planned, "left_out": left_out, "notices": self.notices_of(since(day))})

    def key_of(self, item):
        return self.number_of["debtors"][item.debtor], self.number_of["currencies"][item.currency]

    def key_of_message(self, message):
        return self.number("debtors", message.partner_id), self.number("currencies", message.currency_id)

    def number(self, name, record):
        return self.number_of[name][record.id] if record else None

    def lines_of(self, lines):
        levels = self.number_of["levels"]
        return tuple(sorted((self.number_of["lines"][one.key], one.level and levels[one.level.key]) for one in lines))

    def lines_of_message(self, message):
        return tuple(
            sorted((self.number("lines", one.line_id), self.number("levels", one.level_id)) for one in message.line_ids)
        )

    def notices_of(self, first):
        promises = {record.id: number for number, record in self.promises.items()}
        return {
            (
                self.number("lines", notice.line_id),
                self.number("levels", notice.level_id),
                promises[notice.source] if notice.level_id.is_event else 0,
            ): (notice.date, notice.is_control)
            for notice in self.env["cobranca.dunning.notice"].search([("date", ">=", first)])
        }

    def deliver(self, day, hour):
        answer = ConnectionRefusedError("down") if day in self.script.down else None
        with DunningCommon.mail_server(self.case, answer) as taken, patch.object(SmsApi, "_send_sms_batch", take_sms):
            self.engine._deliver(self.Message.search(self.engine._get_due_domain()))
        self.note_outbox(taken, cal.utc("SP", day, hour))
        self.note_messages(day, hour)

    def note_outbox(self, taken, moment):
        """What the messages say that left must be what the mail server took; tasks of colleagues are mailed too."""
        sent = self.Message.search([("sent_at", "=", moment), ("channel", "in", ("email", "sms"))])
        mailed = [email for mail in taken if (email := email_normalize(mail["To"])) in self.addresses]
        assert sorted(mailed) == sorted(m.address for m in sent if m.channel == "email"), (moment, mailed)
        self.outbox[moment] = [
            (self.number("debtors", m.partner_id), m.channel, m.address, dict(self.asked_of(m))) for m in sent
        ]

    def note_messages(self, day, when):
        rows = [
            (
                (*self.key_of_message(m), m.date, m.channel),
                (
                    self.number("levels", m.level_id),
                    m.state,
                    m.reason if m.state in ("cancelled", "undelivered") else None,
                    m.sent_at and cal.clock("SP", m.sent_at).date() if m.state in SENT else None,
                    self.asked_of(m) if m.state in SENT else (),
                ),
            )
            for m in self.Message.search([("date", ">=", since(day))], order="id")
        ]
        self.trace.note(day, when, {"messages": numbered(rows)})

    def asked_of(self, message):
        return tuple(sorted((self.number("lines", one.line_id), round(one.residual * 100)) for one in message.line_ids))

    def bounce(self):
        """What was sent to dead addresses comes back."""
        sent = self.Message.search(
            [("state", "in", ("sent", "delivered")), ("channel", "=", "email"), ("address", "=like", "dead%")],
            order="id",
        )
        for message in sent:
            self.Message._note_bounces([message.email_message_id], "550 no such mailbox")


def take_sms(_api, messages, **_options):
    return [{"uuid": number["uuid"], "state": "success"} for message in messages for number in message["numbers"]]
