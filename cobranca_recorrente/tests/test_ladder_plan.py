from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.ladder import Ladder, Level
from ..tools.ladder_plan import Contact, LeftOut, Line, Planned, decide

DAY = date(2026, 3, 13)
THIRD = Level(3, days=3, channels=(("email", 31), ("sms", 32)))
SEVENTH = Level(7, days=7, min_amount=Decimal(500), channels=(("email", 71),))
LADDER = Ladder(1, levels=(THIRD, SEVENTH))


def line(key, level=None, reason=None, home=100):
    return Line(key, date(2026, 3, 10), Decimal(home), Decimal(home), True, level, LADDER, reason=reason)


def reached(*channels, **facts):
    return Contact(recipient=9, is_possible=lambda channel: channel in channels, **facts)


@tagged("post_install", "-at_install")
class TestLadderPlan(BaseCase):
    """What happens to one debtor, from facts alone."""

    def test_highest_step_and_first_open_channel(self):
        planned = decide(DAY, 5, 1, [line(1, THIRD), line(2, SEVENTH, home=900), line(3)], reached("sms", "email"))
        self.assertIsInstance(planned, Planned)
        self.assertEqual((planned.level, planned.channel, planned.channel_row), (SEVENTH, "email", 71))
        self.assertEqual([one.key for one in planned.claims], [1, 2])
        self.assertEqual([one.key for one in planned.lines], [1, 2, 3])

    def test_next_channel(self):
        planned = decide(DAY, 5, 1, [line(1, THIRD)], reached("sms"))
        self.assertEqual((planned.channel, planned.channel_row), ("sms", 32))

    def test_small_step_is_dropped_and_the_other_stays(self):
        planned = decide(DAY, 5, 1, [line(1, THIRD), line(2, SEVENTH)], reached("email"))
        self.assertEqual(planned.level, THIRD)
        self.assertEqual([one.key for one in planned.claims], [1])

    def test_small_reminder_is_not_listed(self):
        """What is not late yet, and too small to be reminded of, is not asked for with what is late either."""
        small = Level(2, days=-5, min_amount=Decimal(500), channels=(("email", 21),))
        ladder = Ladder(1, levels=(small, THIRD))
        early = Line(2, date(2026, 3, 16), Decimal(100), Decimal(100), False, small, ladder)
        planned = decide(DAY, 5, 1, [line(1, THIRD), early, line(3, SEVENTH)], reached("email"))
        self.assertEqual([one.key for one in planned.lines], [1, 3])

    def test_nothing_to_claim(self):
        self.assertIsNone(decide(DAY, 5, 1, [line(1), line(2)], reached("email")))

    def test_reasons(self):
        cases = (
            ([line(1, THIRD, "held")], reached("email"), "held"),
            ([line(1, THIRD, "held"), line(2, THIRD, "blocked")], reached("email"), "blocked"),
            ([line(1, SEVENTH)], reached("email"), "below_minimum"),
            ([line(1, THIRD)], reached("email", is_in_progress=True, is_undelivered=True), "in_progress"),
            ([line(1, THIRD)], reached("email", is_undelivered=True), "undelivered"),
            ([line(1, THIRD)], reached("email", last_contact=date(2026, 3, 11)), "too_soon"),
            ([line(1, THIRD)], reached("email", last_contact=date(2026, 3, 10), week=2), "too_many"),
            ([line(1, THIRD)], reached("letter"), "no_channel"),
            ([line(1, THIRD)], reached("email", opening=None), "hours"),
            ([line(1, THIRD)], reached("email", opening=(5.0, 8.0)), "hours"),
        )
        for lines, contact, reason in cases:
            left_out = decide(DAY, 5, 1, lines, contact)
            self.assertIsInstance(left_out, LeftOut)
            self.assertEqual(left_out.reason, reason)

    def test_days_between_are_counted_from_the_last_contact(self):
        planned = decide(DAY, 5, 1, [line(1, THIRD)], reached("email", last_contact=date(2026, 3, 10), week=1))
        self.assertEqual(planned.hour, 9.0)
