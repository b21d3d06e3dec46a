"""What becomes of a message after it was claimed, in plain Python: the second half of the ladder's oracle."""

from datetime import timedelta

from . import ladder_calendar as cal
from .ladder_facts import Message
from .ladder_oracle import LIVE, SENT, WEEK, Ladder

RETRY_MINUTES = (15, 60, 240)
BY_HAND = ("call", "letter", "whatsapp")
COMPANY = "SP"


class Delivery(Ladder):
    """The ladder with its messages on their way."""

    def __init__(self, facts):
        super().__init__(facts)
        self.outbox = []  # (moment, message): what left the house
        self.is_server_up = True

    def run(self, day, moment):
        """Let go what is too old, reach whom can be reached again, then claim the steps of a day."""
        self.expire(day)
        for debtor in self.facts.debtors:
            if message := self.failed_last(debtor):
                self.follow(message, moment)
        return super().run(day)

    def expire(self, day):
        for message in self.messages:
            if message.state in ("review", "queued") and self.is_too_old(message, day):
                self.cancel(message, "expired")

    def is_too_old(self, message, day):
        return (day - message.day).days >= WEEK

    def cancel(self, message, reason):
        message.state, message.reason = "cancelled", reason
        if reason in ("held", "expired"):
            self.release(message, message.claims)

    def release(self, message, claims):
        """These steps come back on a later day."""
        for claim in list(claims):
            self.unclaim(*claim)
            message.claims.remove(claim)

    # --- sending ---

    def deliver(self, moment):
        """Send what is due at a moment; what is on a ladder that stands still waits."""
        day = cal.clock(COMPANY, moment).date()
        for message in list(self.messages):
            is_due = max(message.send_at, message.retry_at or message.send_at) <= moment
            if message.state == "queued" and is_due and message.policy.state == "active":
                self.deliver_one(message, moment, day)

    def deliver_one(self, message, moment, day):
        debtor = self.facts.debtors[message.debtor]
        if self.is_too_old(message, day):
            self.cancel(message, "expired")
        elif not self.read_again(message, day):
            return
        elif not self.is_lawful(debtor, moment):
            message.send_at = self.next_moment(message, debtor, moment)
        elif not self.is_possible(debtor, message.channel):
            self.fail(message, "no_channel", moment)
        elif message.channel in BY_HAND:
            message.state = "todo"
        elif message.channel == "email" and not self.is_server_up:
            self.retry(message, moment)
        else:
            self.send(message, moment, day)

    def next_moment(self, message, debtor, moment):
        return cal.next_sending_moment(debtor.uf, moment, message.policy.hour, self.facts.holidays_of(debtor.uf))

    def is_lawful(self, debtor, moment):
        return cal.is_lawful(debtor.uf, moment, self.facts.holidays_of(debtor.uf))

    def standing(self, message, day):
        """The lines that may still be asked for, and those that are paused meanwhile."""
        lines = [self.facts.lines[line] for line in message.lines]
        held = {line.id for line in lines if line.residual and self.why_not(line, day)}
        return {line.id for line in lines if line.residual} - held, held

    def look_again(self, debtors, day):
        """Something happened with these: what is on its way to them stops when none of its steps stands."""
        for message in [message for debtor in debtors for message in self.messages_of[debtor]]:
            if message.state in LIVE:
                self.stop_settled(message, *self.standing(message, day))

    def stop_settled(self, message, kept, held):
        if not kept & message.sources.keys():
            self.cancel(message, "held" if held & message.sources.keys() else "paid")

    def read_again(self, message, day):
        """Paid and paused lines drop out; without a claimed one the message is not sent."""
        kept, held = self.standing(message, day)
        self.stop_settled(message, kept, held)
        if message.state == "cancelled":
            return False
        self.release(message, {claim for claim in message.claims if claim[0] in held})
        message.lines = {line: level for line, level in message.lines.items() if line in kept}
        message.sources = {line: source for line, source in message.sources.items() if line in kept}
        message.asked = {line: self.facts.lines[line].residual for line in kept}
        return True

    def retry(self, message, moment):
        wait = RETRY_MINUTES[min(message.attempts, len(RETRY_MINUTES) - 1)]
        message.attempts += 1
        message.retry_at = moment + timedelta(minutes=wait)

    def send(self, message, moment, day):
        message.state, message.reason, message.sent_on = "sent", None, day
        message.address = self.facts.debtors[message.debtor].email
        self.outbox.append((moment, message))

    # --- what does not arrive ---

    def bounce(self, debtor, moment):
        """What was sent to a dead address comes back."""
        address = self.facts.debtors[debtor].email
        for message in list(self.messages_of[debtor]):
            is_his = message.channel == "email" and message.state in SENT
            if is_his and message.address == address:
                self.facts.bounced.add(address)
                self.fail(message, "bounced", moment)

    def fail(self, message, reason, moment):
        message.state, message.reason, message.sent_on = "undelivered", reason, None
        self.follow(message, moment)

    def follow(self, message, moment):
        """The same steps by the first channel that is open now; without one, nothing more until his data change."""
        debtor = self.facts.debtors[message.debtor]
        channel = self.channel_of(debtor, message.level.channels)
        if not channel:
            return
        day = cal.clock(COMPANY, moment).date()
        send_at = self.next_moment(message, debtor, moment)
        terms = (message.debtor, message.currency, day, message.level, message.policy, channel)
        self.add_message(Message(*terms, dict(message.lines), dict(message.sources), send_at, set(message.claims)))
        message.is_followed = True

    # --- people ---

    def approve(self, debtor):
        for message in self.messages_of[debtor]:
            if message.state == "review":
                message.state = "queued"

    def done(self, debtor, day):
        """A person did what was to be done."""
        for message in self.messages_of[debtor]:
            if message.state == "todo":
                message.state, message.sent_on = "sent", day

    def registered(self, debtor, day):
        """A call was registered: the calls that were to be made are made, and count once."""
        for message in self.messages_of[debtor]:
            if self.is_call(message):
                message.state, message.sent_on, message.is_registered = "sent", day, True

    def is_to_be_called(self, debtor):
        return any(self.is_call(message) for message in self.messages_of[debtor])

    def is_call(self, message):
        return message.state == "todo" and message.channel == "call"
