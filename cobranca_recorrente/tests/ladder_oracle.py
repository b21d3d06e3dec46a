"""The rules of the dunning ladder in plain Python: the oracle of test_ladder_random. Nothing of the addon is imported.

One method a rule, so that a test can break one at a time. Days are days of the company's clock, moments are UTC.
"""

import hashlib
from collections import defaultdict
from datetime import timedelta

from . import ladder_calendar as cal
from .ladder_facts import Judged, Message

# The earliest of these among the lines that have a step tells why their debtor hears nothing.
POLICY_REASONS = ("observing", "paused", "not_business_day")
LINE_REASONS = (*POLICY_REASONS, "blocked", "prescribed", "held", "below_minimum")
LIVE = ("review", "queued", "todo")
SENT = ("sent", "delivered", "read")
EVENT_DAYS = 5
WEEK = 7


class Ladder:
    """What the ladder must do in a world of :class:`ladder_facts.Facts`."""

    def __init__(self, facts):
        self.facts = facts
        self.notices = {}  # {(line, level id, source): (date, is_control)}
        self.noticed = defaultdict(list)  # {line: keys of its notices}
        self.messages = []
        self.messages_of = defaultdict(list)  # {debtor: messages}

    # --- days ---

    def shift(self, day, rule):
        """When a step of a day takes place."""
        if rule == "same":
            return day
        move = cal.following if rule == "next" else cal.preceding
        return move(day, self.facts.bank_holidays)

    def is_reached(self, line, level, policy, day):
        """On a day without banks nothing is sent: what would be its steps only tells why."""
        step = line.due + timedelta(days=level.days)
        return self.shift(step, policy.business) <= day or (policy.business == "next" and step <= day)

    def is_late(self, line, day):
        """Who pays on the first business day after a due date that is none is not late."""
        return day > cal.following(line.due, self.facts.bank_holidays)

    def is_selection_day(self, policy, day):
        return policy.business == "same" or cal.is_business_day(day, self.facts.bank_holidays)

    def is_prescribed(self, line, day):
        return day > line.due.replace(year=line.due.year + 5)

    # --- lines ---

    def is_in_force(self, hold, day):
        begun = hold.first <= day and (hold.last is None or day <= hold.last)
        return begun and (hold.ended is None or day < hold.ended)

    def is_held(self, line, day):
        holds = self.facts.holds_of[line.debtor]
        return any(hold.line in (None, line.id) and self.is_in_force(hold, day) for hold in holds)

    def policy_of(self, line, day):
        """The most specific one whose criteria all fit."""
        debtor = self.facts.debtors[line.debtor]
        total = self.facts.total(line.debtor, day)
        fitting = [
            policy
            for policy in self.facts.policies
            if (not policy.tags or policy.tags & debtor.tags)
            and total >= policy.min_amount
            and (not policy.max_amount or total <= policy.max_amount)
        ]
        return min(fitting, key=lambda p: (-p.specificity, p.sequence, p.id), default=None)

    def noticed_days(self, line, is_post):
        """Days of the steps that a line had, before its due date or after it."""
        levels = [self.facts.levels[level] for _line, level, _source in self.noticed[line.id]]
        return [level.days for level in levels if not level.is_event and (level.days >= 1) == is_post]

    def next_step(self, line, policy, day):
        """(level, source), or (None, 0)."""
        if self.is_late(line, day):
            for level in policy.levels:
                if level.trigger == "broken_promise" and (source := self.broken_promise(line, level, day)):
                    return level, source
            return self.post_step(line, policy, day), 0
        return self.pre_step(line, policy, day), 0

    def broken_promise(self, line, level, day):
        """The latest one of these days that the debtor was not told of, on whatever ladder he was then."""
        told = {source for _line, _level, source in self.noticed[line.id]}
        for promise in reversed(self.facts.promises_of[line.id]):
            is_recent = promise.state == "broken" and 0 <= (day - promise.decided).days <= EVENT_DAYS
            if is_recent and promise.id not in told:
                return promise.id
        return None

    def reached(self, line, policy, day, is_post):
        levels = [level for level in policy.levels if not level.is_event and (level.days >= 1) == is_post]
        return sorted(
            (level for level in levels if self.is_reached(line, level, policy, day)), key=lambda level: level.days
        )

    def pre_step(self, line, policy, day):
        had = self.noticed_days(line, is_post=False)
        reached = [level for level in self.reached(line, policy, day, is_post=False) if level.days not in had]
        if not reached or any(days >= reached[-1].days for days in had):
            return None
        return reached[-1]

    def post_step(self, line, policy, day):
        reached = self.reached(line, policy, day, is_post=True)
        had = self.noticed_days(line, is_post=True)
        if had:
            return self.step_after(reached, max(had))
        return self.entry_step(line, policy, reached) if reached else None

    def step_after(self, reached, days):
        """No step is skipped, however long the ladder stood still."""
        return next((level for level in reached if level.days > days), None)

    def entry_step(self, line, policy, reached):
        if policy.entry == "first":
            lowest = min((level for level in policy.levels if (level.days or 0) >= 1), key=lambda level: level.days)
            return lowest if lowest in reached else None
        if policy.entry == "chosen":
            return next((level for level in reached if level.id == policy.entry_level), reached[-1])
        if policy.entry == "none" and line.due < policy.date_from:
            return None
        return reached[-1]

    def judge(self, line, day):
        policy = self.policy_of(line, day)
        level, source = self.next_step(line, policy, day) if policy else (None, 0)
        return Judged(line, policy, level, source, self.is_late(line, day), self.reasons_of(line, policy, day))

    def reasons_of(self, line, policy, day):
        reasons = self.why_not(line, day)
        if policy and policy.state != "active":
            reasons.add(policy.state)
        if policy and not self.is_selection_day(policy, day):
            reasons.add("not_business_day")
        return reasons

    def why_not(self, line, day):
        """What speaks against asking for a line, whatever ladder it is on."""
        found = {
            "blocked": line.blocked,
            "held": self.is_held(line, day),
            "prescribed": self.is_prescribed(line, day),
        }
        return {reason for reason, is_so in found.items() if is_so}

    def add_minimum(self, judged):
        """A step is not worth its message while all that this would list is less than the step's minimum."""
        listed = [one for one in judged if not one.reasons and (one.is_late or one.level)]
        total = sum(one.line.residual for one in listed)
        for one in listed:
            if one.level and one.level.min_amount > total:
                one.reasons.add("below_minimum")

    # --- debtors ---

    def why_wait(self, debtor, level, policy, day):
        """The first reason of a debtor for which he hears nothing today, with the channel and moment if there is none.

        :return: (reason, channel, moment)
        """
        if self.is_in_progress(debtor, day):
            return "in_progress", None, None
        if self.is_unreachable(debtor):
            return "undelivered", None, None
        days = self.contact_days(debtor, day)
        if self.is_too_soon(days, policy, day):
            return "too_soon", None, None
        if self.is_too_many(days, policy, day):
            return "too_many", None, None
        if self.is_drawn(level, debtor):
            return "control", None, None
        channel = self.channel_of(debtor, level.channels)
        moment = self.moment_of(debtor, policy, day)
        reason = None if channel and moment else "hours" if channel else "no_channel"
        return reason, channel, moment

    def is_in_progress(self, debtor, day):
        return any(m.state in LIVE and (day - m.day).days < WEEK for m in self.messages_of[debtor.id])

    def is_unreachable(self, debtor):
        """What was tried last did not arrive, and nothing could follow it."""
        return bool(self.failed_last(debtor.id))

    def failed_last(self, debtor):
        last = [message for message in self.messages_of[debtor] if message.state != "cancelled"][-1:]
        return last[0] if last and last[0].state == "undelivered" and not last[0].is_followed else None

    def contact_days(self, debtor, day):
        sent = [m for m in self.messages_of[debtor.id] if m.state in SENT and not m.is_registered]
        written = [message.sent_on for message in sent]
        return [when for when in written + self.facts.contacts[debtor.id] if when <= day]

    def is_too_soon(self, days, policy, day):
        return any((day - when).days < policy.min_days for when in days)

    def is_too_many(self, days, policy, day):
        return len([when for when in days if day - when < timedelta(days=WEEK)]) >= policy.max_week

    def channel_of(self, debtor, channels):
        return next((channel for channel in channels if self.is_possible(debtor, channel)), None)

    def is_possible(self, debtor, channel):
        if channel in debtor.refused:
            return False
        if channel == "email":
            return bool(debtor.email) and debtor.email not in self.facts.bounced
        return bool(debtor.street if channel == "letter" else debtor.phone)

    def moment_of(self, debtor, policy, day):
        return cal.sending_moment(debtor.uf, day, policy.hour, self.facts.holidays_of(debtor.uf))

    def is_drawn(self, level, debtor):
        if level.is_event or level.days < 1:
            return False
        digest = hashlib.md5(f"{level.control_seed}:{level.key}:{debtor.key}".encode()).hexdigest()  # noqa: S324
        return int(digest[:8], 16) % 100 < level.control_percent

    # --- a day ---

    def select(self, day):
        """What day D would send, and why each other debtor hears nothing.

        :return: ([Message], {(debtor, currency): reason}, [(judged lines) held out])
        """
        owing = defaultdict(list)
        for line in self.facts.asked_lines(day):
            owing[line.debtor, line.currency].append(self.judge(line, day))
        planned, left_out, control = [], {}, []
        for (number, currency), judged in sorted(owing.items()):
            self.add_minimum(judged)
            claims = [one for one in judged if one.is_claimed]
            if not claims:
                left_out[number, currency] = self.why_nothing(judged)
                continue
            top = max(claims, key=lambda one: one.level.rank)
            debtor = self.facts.debtors[number]
            reason, channel, moment = self.why_wait(debtor, top.level, top.policy, day)
            if reason:
                left_out[number, currency] = reason
                control += claims if reason == "control" else []
                continue
            named = [one for one in judged if one.is_claimed or self.is_named(one)]
            lines = {one.line.id: one.level.id if one.is_claimed else None for one in named}
            sources = {one.line.id: one.source for one in claims}
            planned.append(Message(number, currency, day, top.level, top.policy, channel, lines, sources, moment))
        return planned, left_out, control

    def why_nothing(self, judged):
        reasons = [reason for one in judged if one.level for reason in one.reasons]
        return min(reasons, key=LINE_REASONS.index, default="no_step")

    def is_named(self, judged):
        """What is late is listed too, though it has no step today."""
        return judged.is_late and judged.reasons <= {"below_minimum"}

    def run(self, day):
        """Claim and make the messages of a day."""
        planned, left_out, control = self.select(day)
        for one in control:
            self.claim(one.line.id, one.level.id, one.source, day, True)
        for message in planned:
            message.state = "review" if message.level.reviewed else "queued"
            self.add_message(message)
            message.claims = {(line, message.lines[line], source) for line, source in message.sources.items()}
            for claim in message.claims:
                self.claim(*claim, day, False)
        return planned, left_out, control

    def claim(self, line, level, source, day, is_control):
        self.notices[line, level, source] = (day, is_control)
        self.noticed[line].append((line, level, source))

    def unclaim(self, line, level, source):
        if self.notices.pop((line, level, source), None):
            self.noticed[line].remove((line, level, source))

    def add_message(self, message):
        self.messages.append(message)
        self.messages_of[message.debtor].append(message)
