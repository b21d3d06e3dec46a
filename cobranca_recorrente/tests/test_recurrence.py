import doctest
from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import identification, recurrence

STARTS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
UNITS = st.sampled_from(recurrence.UNITS)
PINNED = settings(max_examples=300, derandomize=True, deadline=None)


@tagged("post_install", "-at_install")
class TestRecurrence(BaseCase):
    def test_doctests(self):
        for module in (recurrence, identification):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 3)
            self.assertEqual(result.failed, 0)

    def test_month_end_is_never_stuck(self):
        starts = [recurrence.period(date(2026, 1, 31), "month", 1, index)[0] for index in range(14)]
        self.assertEqual([start.day for start in starts], [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28])

    def test_leap_day_returns(self):
        days = [recurrence.period(date(2024, 2, 29), "year", 1, index)[0].day for index in range(5)]
        self.assertEqual(days, [29, 28, 28, 28, 29])

    @PINNED
    @given(STARTS, UNITS, st.integers(1, 12), st.integers(0, 60))
    def test_periods_join_without_gap_or_overlap(self, start, unit, every, index):
        first, last = recurrence.period(start, unit, every, index)
        following, _last = recurrence.period(start, unit, every, index + 1)
        self.assertEqual(following, last + timedelta(days=1))
        self.assertLessEqual(first, last)

    @PINNED
    @given(STARTS, st.integers(1, 12), st.integers(0, 60))
    def test_months_keep_the_day_or_take_the_last(self, start, every, index):
        """Told by counting months on a calendar, not by the library the kernel uses."""
        first, _last = recurrence.period(start, "month", every, index)
        months = start.year * 12 + start.month - 1 + every * index
        year, month = divmod(months, 12)
        self.assertEqual((first.year, first.month), (year, month + 1))
        self.assertEqual(first.day, min(start.day, monthrange(first.year, first.month)[1]))

    @PINNED
    @given(STARTS, UNITS, st.integers(1, 6), st.integers(-40, 3000))
    def test_first_index_after(self, start, unit, every, days):
        billed_until = start + timedelta(days=days)
        index = recurrence.first_index_after(start, unit, every, billed_until)
        self.assertGreater(recurrence.period(start, unit, every, index)[0], billed_until - timedelta(days=0))
        if index:
            self.assertLessEqual(recurrence.period(start, unit, every, index - 1)[0], billed_until)

    @PINNED
    @given(STARTS, st.integers(1, 31))
    def test_due_day_is_the_next_one(self, first, day):
        due = recurrence.due_on_or_after(first, day)
        candidates = (first + timedelta(days=number) for number in range(63))
        expected = next(c for c in candidates if c.day == min(day, monthrange(c.year, c.month)[1]))
        self.assertEqual(due, expected)

    @PINNED
    @given(STARTS, st.sampled_from(["month", "year"]), st.integers(1, 12), st.integers(1, 31), st.integers(0, 60))
    def test_due_dates_rise_and_are_never_before_their_period(self, start, unit, every, day, index):
        due, following = (recurrence.due_date(start, unit, every, number, day) for number in (index, index + 1))
        self.assertLess(due, following)
        first, _last = recurrence.period(start, unit, every, index)
        self.assertGreaterEqual(due, first)
        self.assertLess((due - first).days, 62)
        self.assertEqual(due.day, min(day, monthrange(due.year, due.month)[1]))

    def test_bad_values_are_named(self):
        for arguments, named in (
            ((date(2026, 1, 1), "fortnight", 1, 0), "fortnight"),
            ((date(2026, 1, 1), "month", 0, 0), "0"),
            ((date(2026, 1, 1), "month", 1, -1), "-1"),
        ):
            with self.assertRaisesRegex(ValueError, named):
                recurrence.period(*arguments)
        with self.assertRaisesRegex(ValueError, "32"):
            recurrence.due_on_or_after(date(2026, 1, 1), 32)
