import ast
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from odoo.tests import BaseCase, tagged

from . import ladder_calendar as cal
from .ladder_delivery import Delivery
from .ladder_facts import Debtor, Facts, Level, Line, Policy

THURSDAY = date(2026, 11, 19)
NINE = datetime(2026, 11, 19, 12)  # of THURSDAY in São Paulo, in UTC
CHANNELS = ("email", "sms", "call")


def ladder(*days, **terms):
    """A ladder of steps; each has its days as id."""
    levels = [Level(100 + number, number, channels=CHANNELS) for number in days]
    return Policy(1, [*levels, *terms.pop("events", [])], **terms)


@tagged("post_install", "-at_install")
class TestLadderOracle(BaseCase):
    """Small histories worked out by hand: the oracle itself is right."""

    def world(self, *policies):
        self.oracle = Delivery(Facts(list(policies) or [ladder(-3, 3, 7, 15)]))
        self.facts = self.oracle.facts
        self.facts.debtors[1] = Debtor(1, key=1, phone="11987654321", street="Rua A")
        return self.oracle

    def owe(self, number, due, cents=10000, debtor=1, **values):
        due = date.fromisoformat(due)
        self.facts.add_line(Line(number, debtor, due, cents, **values))
        return self.facts.lines[number]

    def run_on(self, day):
        """What a day makes: {line: level - 100} of the message of debtor 1, or the reason for none."""
        day = date.fromisoformat(day)
        planned, left_out, _control = self.oracle.run(day, cal.utc("SP", day, 6))
        if not planned:
            return left_out[1, 1]
        [message] = planned
        return {line: level and level - 100 for line, level in message.lines.items()}

    def send(self, day, hour=9.0):
        self.oracle.deliver(cal.utc("SP", date.fromisoformat(day), hour))

    def live(self, first, last):
        """Run and deliver day by day: {day: what was claimed}."""
        day, found = date.fromisoformat(first), {}
        while day <= date.fromisoformat(last):
            if isinstance(claimed := self.run_on(day.isoformat()), dict):
                found[day.isoformat()[5:]] = claimed
            self.send(day.isoformat())
            day += timedelta(days=1)
        return found

    def test_it_imports_nothing_of_what_it_judges(self):
        names = {"calendar", "facts", "oracle", "delivery", "happenings", "script", "trace", "mutations"}
        for name in names:
            tree = ast.parse((Path(__file__).parent / f"ladder_{name}.py").read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                for alias in node.names if isinstance(node, ast.Import) else ():
                    self.assertIn(alias.name.split(".")[0], sys.stdlib_module_names)
                if isinstance(node, ast.ImportFrom) and node.level:
                    modules = [node.module] if node.module else [alias.name for alias in node.names]
                    self.assertLessEqual(set(modules), {f"ladder_{known}" for known in names})
                elif isinstance(node, ast.ImportFrom):
                    self.assertIn(node.module.split(".")[0], sys.stdlib_module_names)

    def test_calendar(self):
        """A Sunday, Consciência Negra on a Friday, a Saturday in three states."""
        self.assertEqual(cal.following(date(2026, 11, 20), cal.NATIONAL), date(2026, 11, 23))
        self.assertEqual(cal.preceding(date(2026, 11, 22), cal.NATIONAL), date(2026, 11, 19))
        self.assertEqual(cal.sending_moment("SP", THURSDAY, 9.0, cal.NATIONAL), NINE)
        self.assertEqual(cal.sending_moment("AC", THURSDAY, 9.0, cal.NATIONAL), datetime(2026, 11, 19, 14))
        self.assertEqual(cal.sending_moment("RJ", THURSDAY, 8.0, cal.NATIONAL), NINE)
        self.assertIsNone(cal.sending_moment("RJ", THURSDAY, 19.0, cal.NATIONAL))
        saturday = date(2026, 11, 21)
        self.assertIsNone(cal.sending_moment("RJ", saturday, 9.0, cal.NATIONAL))
        self.assertIsNone(cal.sending_moment("SP", saturday, 14.0, cal.NATIONAL))
        self.assertEqual(cal.first_lawful("RJ", datetime(2026, 11, 19, 22), cal.NATIONAL), datetime(2026, 11, 23, 12))

    def test_steps_of_one_line(self):
        """Due on Friday the 6th: -3 is Tuesday; 3 falls on Monday, 7 on Friday 13th, 15 on Saturday 21st → Monday."""
        self.world()
        self.owe(1, "2026-11-06")
        self.assertEqual(
            self.live("2026-11-01", "2026-12-01"),
            {"11-03": {1: -3}, "11-09": {1: 3}, "11-13": {1: 7}, "11-23": {1: 15}},
        )

    def test_business_day_rules(self):
        """Due Thursday 12th: 3 falls on Sunday the 15th."""
        for rule, day in (("next", "11-16"), ("previous", "11-13"), ("same", "11-15")):
            self.world(ladder(3, business=rule))
            self.owe(1, "2026-11-12")
            claimed = {}
            for number in range(10, 20):
                if isinstance(found := self.run_on(f"2026-11-{number}"), dict):
                    claimed[f"11-{number}"] = found
            # On a Sunday nobody may be written to, wherever the step falls; and then it comes back on Monday.
            self.assertEqual(claimed, {"11-16" if rule == "same" else day: {1: 3}}, rule)

    def test_nobody_is_late_on_the_first_business_day(self):
        """Due on Saturday the 21st: paid on Monday is in time; on Monday the step before the due date still holds."""
        self.world(ladder(0, 1, business="same"))
        self.owe(1, "2026-11-21")
        self.assertEqual(self.run_on("2026-11-21"), {1: 0})
        self.world(ladder(0, 1, business="next"))
        self.owe(1, "2026-11-21")
        self.assertEqual(self.run_on("2026-11-23"), {1: 0})
        self.send("2026-11-23")
        self.assertEqual(self.run_on("2026-11-24"), "too_soon")
        self.assertEqual(self.run_on("2026-11-26"), {1: 1})

    def test_entry(self):
        """A debt of 40 days when the ladder starts."""
        for terms, entered in (
            ({"entry": "current"}, {1: 15}),
            ({"entry": "first"}, {1: 3}),
            ({"entry": "chosen", "entry_level": 107}, {1: 7}),
            ({"entry": "none", "date_from": THURSDAY}, "no_step"),
        ):
            self.world(ladder(-3, 3, 7, 15, **terms))
            self.owe(1, "2026-10-10")
            self.assertEqual(self.run_on("2026-11-19"), entered, terms)

    def test_no_step_is_skipped(self):
        """Entered at the first one: 3, three days later 7, then 15."""
        self.world(ladder(3, 7, 15, entry="first"))
        self.owe(1, "2026-10-10")
        self.assertEqual(self.live("2026-11-09", "2026-11-30"), {"11-09": {1: 3}, "11-12": {1: 7}, "11-16": {1: 15}})

    def test_one_message_with_all_that_is_late(self):
        """Line 1 has had its step, line 2 gets one, line 3 is not due: it is not named."""
        self.world(ladder(3, 15, max_week=5))
        self.owe(1, "2026-11-03")
        self.assertEqual(self.run_on("2026-11-09"), {1: 3})
        self.send("2026-11-09")
        self.owe(2, "2026-11-09")
        self.owe(3, "2026-11-30")
        self.assertEqual(self.run_on("2026-11-12"), {1: None, 2: 3})

    def test_too_many_in_a_week(self):
        self.world(ladder(1, 3, 5, 7, min_days=1, entry="first", max_week=2))
        self.owe(1, "2026-11-01")
        # Monday the 2nd is a holiday: late since the 4th.
        self.assertEqual(
            self.live("2026-11-03", "2026-11-20"),
            {"11-04": {1: 1}, "11-05": {1: 3}, "11-11": {1: 5}, "11-12": {1: 7}},
        )

    def test_a_call_counts(self):
        self.world()
        self.owe(1, "2026-11-06")
        self.facts.contact(1, date(2026, 11, 8))
        self.assertEqual(self.run_on("2026-11-10"), "too_soon")
        self.assertEqual(self.run_on("2026-11-11"), {1: 3})

    def test_held_until_its_last_day(self):
        self.world()
        self.owe(1, "2026-11-06")
        self.facts.hold(1, None, date(2026, 11, 9), date(2026, 11, 10), "vacation")
        self.assertEqual(self.run_on("2026-11-10"), "held")
        self.assertEqual(self.run_on("2026-11-11"), {1: 3})

    def test_broken_promise(self):
        """Promised for Saturday: Monday the 23rd would do; broken since Tuesday."""
        event = Level(200, None, channels=CHANNELS, trigger="broken_promise")
        self.world(ladder(3, 15, events=[event]))
        self.owe(1, "2026-11-03")
        self.facts.promise(9, [1], 10000, date(2026, 11, 21), THURSDAY)
        self.facts.decide(date(2026, 11, 23))
        self.assertEqual(self.run_on("2026-11-23"), "held")
        self.facts.decide(date(2026, 11, 24))
        self.assertEqual((self.facts.promises[9].state, self.facts.promises[9].decided), ("broken", date(2026, 11, 24)))
        self.assertEqual(self.run_on("2026-11-24"), {1: 100})
        self.assertIn((1, 200, 9), self.oracle.notices)
        self.send("2026-11-24")
        self.assertEqual(self.run_on("2026-11-26"), "too_soon")
        self.assertEqual(self.run_on("2026-11-27"), {1: 15}, "the step of the days is not lost")

    def test_kept_promise(self):
        self.world()
        self.owe(1, "2026-11-03")
        self.facts.promise(9, [1], 5000, date(2026, 11, 23), THURSDAY)
        self.facts.pay(1, 4997, date(2026, 11, 19))
        self.assertEqual(self.facts.promises[9].state, "open")
        self.facts.pay(1, 1, date(2026, 11, 19))
        self.assertEqual(self.facts.promises[9].state, "kept")
        self.assertEqual(self.run_on("2026-11-19"), {1: 15}, "what is left is asked for")

    def test_paid_and_held_before_delivery(self):
        for act, reason, is_noticed in (
            (lambda: self.facts.pay(1, 10000, THURSDAY), "paid", True),
            (lambda: self.facts.hold(1, 1, THURSDAY, None, "court"), "held", False),
        ):
            self.world()
            self.owe(1, "2026-11-12")
            self.assertEqual(self.run_on("2026-11-19"), {1: 7})
            act()
            self.send("2026-11-19")
            [message] = self.oracle.messages
            self.assertEqual((message.state, message.reason), ("cancelled", reason))
            self.assertEqual((1, 107, 0) in self.oracle.notices, is_noticed)
            self.assertFalse(self.oracle.outbox)

    def test_partly_paid_before_delivery(self):
        self.world()
        self.owe(1, "2026-11-12")
        self.owe(2, "2026-11-12")
        self.run_on("2026-11-19")
        self.facts.pay(1, 10000, THURSDAY)
        self.facts.pay(2, 1, THURSDAY)
        self.send("2026-11-19", 8.9)
        self.assertFalse(self.oracle.outbox, "before its hour")
        self.send("2026-11-19")
        [(_moment, message)] = self.oracle.outbox
        self.assertEqual(message.asked, {2: 9999})

    def test_channels(self):
        for values, found in (
            ({}, "email"),
            ({"email": None}, "sms"),
            ({"refused": {"email", "sms"}}, "call"),
            ({"refused": {"email", "sms", "call"}}, None),
            ({"email": None, "phone": None}, None),
        ):
            oracle = self.world()
            debtor = Debtor(1, **{"phone": "11987654321", **values})
            self.assertEqual(oracle.channel_of(debtor, CHANNELS), found, values)

    def test_specific_policy(self):
        self.world(
            Policy(1, [Level(1, 3)]),
            Policy(2, [Level(2, 3)], tags=frozenset({7})),
            Policy(3, [Level(3, 3)], min_amount=5000),
            Policy(4, [Level(4, 3)], tags=frozenset({7}), max_amount=9999),
        )
        line = self.owe(1, "2026-11-12")
        self.assertEqual(self.oracle.policy_of(line, THURSDAY).id, 3)
        self.facts.debtors[1].tags = frozenset({7})
        self.assertEqual(self.oracle.policy_of(line, THURSDAY).id, 2)
        line.residual = 4000
        self.assertEqual(self.oracle.policy_of(line, THURSDAY).id, 4)

    def test_control_group(self):
        """md5("s:103:1") begins with 6665e1e9, which is 1717952001: 1 of 100."""
        for percent, is_drawn in ((1, False), (2, True)):
            policy = ladder(3)
            policy.levels[0].control_seed, policy.levels[0].control_percent, policy.levels[0].key = "s", percent, 103
            self.world(policy)
            self.owe(1, "2026-11-16")
            found = self.run_on("2026-11-19")
            self.assertEqual(found, "control" if is_drawn else {1: 3})
            self.assertEqual(self.oracle.notices[1, 103, 0], (THURSDAY, is_drawn))

    def test_bounce_goes_to_the_next_channel(self):
        self.world()
        self.owe(1, "2026-11-12")
        self.run_on("2026-11-19")
        self.send("2026-11-19")
        self.oracle.bounce(1, NINE + timedelta(hours=13))  # at 22:00
        first, second = self.oracle.messages
        self.assertEqual((first.state, second.channel, second.state), ("undelivered", "sms", "queued"))
        # The day after is a holiday, then comes a Saturday.
        self.assertEqual(second.send_at, datetime(2026, 11, 21, 12))

    def test_expired(self):
        self.world()
        self.owe(1, "2026-11-12")
        self.run_on("2026-11-19")
        self.owe(2, "2026-11-23")
        self.assertEqual(self.run_on("2026-11-25"), "no_step")
        self.owe(3, "2026-11-27")
        self.assertEqual(self.run_on("2026-11-25"), "in_progress")
        self.assertEqual(self.run_on("2026-11-26"), {1: 7, 2: 3, 3: -3})
        self.assertEqual(self.oracle.messages[0].reason, "expired")
