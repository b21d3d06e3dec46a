"""The oracle of the ladder with one rule broken at a time: each of these must be told from the right one.

A comparison that some broken rule passes would prove nothing of that rule.
"""

import hashlib
from datetime import timedelta

from . import ladder_calendar as cal
from .ladder_delivery import Delivery


class ShorterInterval(Delivery):
    def is_too_soon(self, days, policy, day):
        return any((day - when).days < policy.min_days - 1 for when in days)


class LongerInterval(Delivery):
    def is_too_soon(self, days, policy, day):
        return any((day - when).days <= policy.min_days for when in days)


class OneMoreInAWeek(Delivery):
    def is_too_many(self, days, policy, day):
        return len([when for when in days if (day - when).days < 7]) > policy.max_week


class WeekOfEightDays(Delivery):
    def is_too_many(self, days, policy, day):
        return len([when for when in days if (day - when).days <= 7]) >= policy.max_week


class CallsDoNotCount(Delivery):
    def contact_days(self, debtor, day):
        return [m.sent_on for m in self.messages_of[debtor.id] if m.sent_on]


class OneCallCountsTwice(Delivery):
    def contact_days(self, debtor, day):
        again = [m.sent_on for m in self.messages_of[debtor.id] if m.is_registered]
        return super().contact_days(debtor, day) + again


class StepsAreSkipped(Delivery):
    def step_after(self, reached, days):
        return reached[-1] if reached and reached[-1].days > days else None


class StepTwice(Delivery):
    def step_after(self, reached, days):
        return next((level for level in reached if level.days >= days), None)


class LateOnTheFirstBusinessDay(Delivery):
    def is_late(self, line, day):
        return day > line.due


class HoldEndsADayEarly(Delivery):
    def is_in_force(self, hold, day):
        return super().is_in_force(hold, day) and day != hold.last


class EndedHoldLastsItsDay(Delivery):
    def is_in_force(self, hold, day):
        begun = hold.first <= day and (hold.last is None or day <= hold.last)
        return begun and (hold.ended is None or day <= hold.ended)


class HoldOfALineIsTheDebtors(Delivery):
    def is_held(self, line, day):
        return any(self.is_in_force(hold, day) for hold in self.facts.holds_of[line.debtor])


class EntryIsAlwaysCurrent(Delivery):
    def entry_step(self, line, policy, reached):
        return reached[-1]


class EntryIsAlwaysFirst(Delivery):
    def entry_step(self, line, policy, reached):
        return reached[0]


class OldDebtsEnter(Delivery):
    def entry_step(self, line, policy, reached):
        return reached[-1] if policy.entry == "none" else super().entry_step(line, policy, reached)


class OtherDraw(Delivery):
    def is_drawn(self, level, debtor):
        digest = hashlib.md5(f"{level.control_seed}:{level.key}:{debtor.key}".encode()).hexdigest()  # noqa: S324
        return not level.is_event and level.days >= 1 and int(digest[-8:], 16) % 100 < level.control_percent


class ControlBeforeDue(Delivery):
    def is_drawn(self, level, debtor):
        digest = hashlib.md5(f"{level.control_seed}:{level.key}:{debtor.key}".encode()).hexdigest()  # noqa: S324
        return int(digest[:8], 16) % 100 < level.control_percent


class ReminderAfterDue(Delivery):
    def next_step(self, line, policy, day):
        level, source = super().next_step(line, policy, day)
        return level or self.pre_step(line, policy, day), source


class EarlierReminderAfterALaterOne(Delivery):
    def pre_step(self, line, policy, day):
        had = self.noticed_days(line, is_post=False)
        reached = [level for level in self.reached(line, policy, day, is_post=False) if level.days not in had]
        return reached[-1] if reached else None


class ShiftTheOtherWay(Delivery):
    def shift(self, day, rule):
        return super().shift(day, {"next": "previous", "previous": "next"}.get(rule, rule))


class NextIsSame(Delivery):
    def shift(self, day, rule):
        return day


class EveryDayIsASelectionDay(Delivery):
    def is_selection_day(self, policy, day):
        return True


class BrokenPromiseIsForgotten(Delivery):
    def broken_promise(self, line, level, day):
        return None


class BrokenPromiseForever(Delivery):
    def broken_promise(self, line, level, day):
        told = {source for _line, _level, source in self.noticed[line.id]}
        broken = [p.id for p in self.facts.promises_of[line.id] if p.state == "broken" and p.id not in told]
        return broken[-1] if broken else None


class PrescribedIsAsked(Delivery):
    def is_prescribed(self, line, day):
        return False


class MinimumOfTheLine(Delivery):
    def add_minimum(self, judged):
        for one in judged:
            if one.level and one.level.min_amount > one.line.residual:
                one.reasons.add("below_minimum")


class ObservingSends(Delivery):
    def reasons_of(self, line, policy, day):
        return super().reasons_of(line, policy, day) - {"observing"}


class SecondMessageInProgress(Delivery):
    def is_in_progress(self, debtor, day):
        return False


class HarsherStepAfterABounce(Delivery):
    def is_unreachable(self, debtor):
        return False


class RefusalIsIgnored(Delivery):
    def is_possible(self, debtor, channel):
        return super().is_possible(debtor, channel) or (channel == "email" and bool(debtor.email))


class ClockOfSaoPaulo(Delivery):
    def moment_of(self, debtor, policy, day):
        found = super().moment_of(debtor, policy, day)
        return found and found - timedelta(hours=cal.BEHIND.get(debtor.uf, 3) - 3)


class HolidaysOfTheStateAreForgotten(Delivery):
    def moment_of(self, debtor, policy, day):
        return cal.sending_moment(debtor.uf, day, policy.hour, cal.NATIONAL)


class MostGeneralPolicy(Delivery):
    def policy_of(self, line, day):
        return self.facts.policies[0]


class OnlyClaimedLinesAreNamed(Delivery):
    def is_named(self, judged):
        return False


class ExpiredADayEarly(Delivery):
    def is_too_old(self, message, day):
        return super().is_too_old(message, day + timedelta(days=1))


class ExpiredADayLate(Delivery):
    def is_too_old(self, message, day):
        return super().is_too_old(message, day - timedelta(days=1))


class StandingLadderSends(Delivery):
    def deliver(self, moment):
        states = [policy.state for policy in self.facts.policies]
        for policy in self.facts.policies:
            policy.state = "active"
        super().deliver(moment)
        for policy, state in zip(self.facts.policies, states, strict=True):
            policy.state = state


class PaidAfterTheClaimIsAsked(Delivery):
    def standing(self, message, day):
        _kept, held = super().standing(message, day)
        return set(message.lines) - held, held


class HeldAfterTheClaimIsAsked(Delivery):
    def standing(self, message, day):
        kept, held = super().standing(message, day)
        return kept | held, set()


class HeldStepIsLost(Delivery):
    def release(self, message, claims):
        pass


class PaidStepComesBack(Delivery):
    def cancel(self, message, reason):
        super().cancel(message, "expired" if reason == "paid" else reason)
        message.reason = reason


def all_mutations():
    return sorted(Delivery.__subclasses__(), key=lambda one: one.__name__)
