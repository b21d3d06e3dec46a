import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import hold, promise

PINNED = settings(max_examples=400, derandomize=True, deadline=None)
START = date(2026, 11, 1)
CENTS = st.integers(1, 200_000)
RECEIPTS = st.lists(st.tuples(st.integers(-5, 25), CENTS, st.booleans()), max_size=6)
DAYS = st.integers(-10, 40)


def day(number):
    return START + timedelta(days=number)


def money(cents):
    return Decimal(cents) / 100


def by_hand(amount, limit, owed, before, receipts, today, percent, settled):
    """What a person with a pocket calculator would say, in cents and day numbers.

    :return: (state, day number on which it was kept)
    """
    missing_allowed = max(2, int(Fraction(amount * percent, 100) + Fraction(1, 2)))
    credits = sum(cents for _day, cents, credit in receipts if credit)
    due = min(amount, max(amount, owed) - credits)
    paid_in_time = -before
    reached = None
    for number in range(-5, limit + 1):
        for when, cents, credit in receipts:
            if when == number and not credit:
                paid_in_time += cents
        if reached is None and paid_in_time >= max(due - missing_allowed, 1):
            reached = number
    all_in_time = settled and receipts and max(when for when, _cents, _credit in receipts) <= limit
    if due <= 2 or (paid_in_time <= 0 and (all_in_time or due <= missing_allowed)):
        return "void", None
    if paid_in_time >= due - missing_allowed:
        return "kept", reached
    if all_in_time:
        return "kept", None
    return ("broken", limit + 1) if today > limit else ("open", None)


@tagged("post_install", "-at_install")
class TestPromiseKernel(BaseCase):
    def test_doctests(self):
        for module in (promise, hold):
            self.assertEqual(doctest.testmod(module).failed, 0)

    @PINNED
    @given(CENTS, st.integers(0, 20), CENTS, st.integers(0, 3), RECEIPTS, DAYS, st.integers(0, 20), st.booleans())
    def test_verdict_is_that_of_a_pocket_calculator(self, amount, limit, owed, old, receipts, today, percent, settled):
        # What was paid before is part of the payments.
        payments = [cents for when, cents, credit in receipts if not credit and when <= limit]
        before = sum(payments[:old])
        terms = promise.Promise(
            money(amount), day(limit), owed=money(owed), paid_before=money(before), percent=Decimal(percent)
        )
        rows = [promise.Receipt(day(when), money(cents), credit) for when, cents, credit in receipts]
        found = promise.verdict(terms, rows, day(today), settled)
        state, when = by_hand(amount, limit, owed, before, receipts, today, percent, settled)
        self.assertEqual(found.state, state)
        if when is not None:
            self.assertEqual(found.day, day(when))
        # The order in which payments are read decides nothing.
        self.assertEqual(promise.verdict(terms, rows[::-1], day(today), settled), found)

    @PINNED
    @given(CENTS, st.integers(0, 20), RECEIPTS, DAYS, CENTS)
    def test_more_money_in_time_never_harms(self, amount, limit, receipts, today, more):
        terms = promise.Promise(money(amount), day(limit), owed=money(amount))
        rows = [promise.Receipt(day(when), money(cents), credit) for when, cents, credit in receipts]
        order = {"broken": 0, "open": 1, "kept": 2, "void": 3}
        before = promise.verdict(terms, rows, day(today)).state
        after = promise.verdict(terms, [*rows, promise.Receipt(day(limit), money(more))], day(today)).state
        self.assertGreaterEqual(order[after], order[before])

    @PINNED
    @given(DAYS, st.integers(0, 15))
    def test_last_day_is_a_business_day_after_the_promised_one(self, number, tolerance):
        holidays = {date(2026, 11, 2), date(2026, 11, 20)}
        found = promise.last_day(day(number), tolerance, holidays)
        between = [day(number) + timedelta(days=away) for away in range((found - day(number)).days + 1)]
        open_days = [d for d in between if d.weekday() < 5 and d not in holidays]
        self.assertEqual(len(open_days), tolerance + 1)
        self.assertEqual(open_days[-1], found)

    def test_tolerance_of_two_cents(self):
        terms = promise.Promise(Decimal("100.00"), day(3), owed=Decimal("100.00"))
        for paid, state in (("99.98", "kept"), ("99.97", "broken"), ("150.00", "kept")):
            rows = [promise.Receipt(day(3), Decimal(paid))]
            self.assertEqual(promise.verdict(terms, rows, day(4)).state, state)

    def test_charges_paid_beside_the_lines_do_not_break_a_promise(self):
        """110.00 with charges were promised; the line takes 100.00, the charges have an entry of their own."""
        terms = promise.Promise(Decimal("110.00"), day(3), owed=Decimal("100.00"))
        rows = [promise.Receipt(day(2), Decimal("100.00"))]
        self.assertEqual(promise.verdict(terms, rows, day(9), is_settled=True).state, "kept")

    @PINNED
    @given(DAYS, st.integers(0, 20), st.one_of(st.none(), DAYS), DAYS)
    def test_hold_covers_the_days_of_a_set(self, first, length, ended, looked_at):
        covered = {number for number in range(first, first + length + 1) if ended is None or number < ended}
        found = hold.state(day(looked_at), day(first), day(first + length), None if ended is None else day(ended))
        self.assertEqual(found == hold.ACTIVE, looked_at in covered)
        if found == hold.PLANNED:
            self.assertLess(looked_at, first)

    def test_hold_without_end(self):
        self.assertEqual(hold.state(day(400), day(0)), "active")
        self.assertEqual(hold.state(day(400), day(0), ended_on=day(399)), "ended")
