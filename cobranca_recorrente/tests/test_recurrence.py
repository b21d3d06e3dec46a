import doctest
from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import identification, recurrence

STARTS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
UNITS = st.sampled_from(recurrence.UNITS)
EVERY = st.integers(1, 12)
DAYS = st.none() | st.sampled_from([1, 28, 29, 30, 31]) | st.integers(1, 31)
INDEXES = st.integers(0, 60)
PINNED = settings(max_examples=200, derandomize=True, deadline=None)


def anchored(start, unit, day):
    """An anchor that lies on a day of the month, and that day; neither for days and weeks."""
    if day and unit in recurrence.MONTHS:
        return recurrence.anchor_on(start, day), day
    return start, None


def has_number(when, day):
    """Is this the day of its month with a number, or the last one of a month that is too short?"""
    return when.day == min(day, monthrange(when.year, when.month)[1])


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

    def test_2100_is_no_leap_year(self):
        first, last = recurrence.period(date(2096, 2, 29), "year", 4, 1)
        self.assertEqual((first, last), (date(2100, 2, 28), date(2104, 2, 28)))

    @PINNED
    @given(STARTS, UNITS, EVERY, INDEXES, DAYS)
    def test_periods_join_without_gap_or_overlap(self, start, unit, every, index, day):
        anchor, day = anchored(start, unit, day)
        self.assertEqual(recurrence.period(anchor, unit, every, 0, day)[0], anchor)
        first, last = recurrence.period(anchor, unit, every, index, day)
        following, _last = recurrence.period(anchor, unit, every, index + 1, day)
        self.assertEqual(following, last + timedelta(days=1))
        self.assertLessEqual(first, last)

    @PINNED
    @given(STARTS, st.sampled_from(list(recurrence.MONTHS)), EVERY, INDEXES, DAYS)
    def test_months_keep_the_day_or_take_the_last(self, start, unit, every, index, day):
        anchor, day = anchored(start, unit, day)
        first, _last = recurrence.period(anchor, unit, every, index, day)
        length = {"month": 1, "quarter": 3, "semester": 6, "year": 12}[unit]
        year, month = divmod(anchor.year * 12 + anchor.month - 1 + every * length * index, 12)
        self.assertEqual((first.year, first.month), (year, month + 1))
        self.assertTrue(has_number(first, day or start.day))

    @PINNED
    @given(STARTS, UNITS, EVERY, INDEXES, DAYS)
    def test_long_periods_begin_with_short_ones(self, start, unit, every, index, day):
        """No drift: however long the steps, one comes to the same days."""
        anchor, day = anchored(start, unit, day)
        step, small = {
            "day": (1, "day"),
            "week": (7, "day"),
            "month": (1, "month"),
            "quarter": (3, "month"),
            "semester": (6, "month"),
            "year": (12, "month"),
        }[unit]
        first, last = recurrence.period(anchor, unit, every, index, day)
        self.assertEqual(first, recurrence.period(anchor, small, 1, step * every * index, day)[0])
        self.assertEqual(last, recurrence.period(anchor, small, 1, step * every * (index + 1) - 1, day)[1])

    @PINNED
    @given(STARTS, UNITS, EVERY, INDEXES, DAYS, st.data())
    def test_index_of_finds_the_period_of_each_of_its_days(self, start, unit, every, index, day, data):
        anchor, day = anchored(start, unit, day)
        first, last = recurrence.period(anchor, unit, every, index, day)
        within = data.draw(st.sampled_from([first, last]) | st.dates(first, last))
        self.assertEqual(recurrence.index_of(anchor, unit, every, within, day), index)

    @PINNED
    @given(STARTS, st.integers(1, 31))
    def test_anchor_is_the_last_such_day(self, start, day):
        earlier = (start - timedelta(days=number) for number in range(63))
        self.assertEqual(recurrence.anchor_on(start, day), next(d for d in earlier if has_number(d, day)))

    @PINNED
    @given(STARTS, st.integers(1, 31))
    def test_due_day_is_the_next_one(self, first, day):
        due = recurrence.due_on_or_after(first, day)
        later = (first + timedelta(days=number) for number in range(63))
        self.assertEqual(due, next(d for d in later if has_number(d, day)))

    @PINNED
    @given(STARTS, st.integers(1, 31), st.integers(1, 31))
    def test_due_days_come_once_a_month(self, start, day, due_day):
        """As many months after its begin in a short month as in a long one."""
        anchor = recurrence.anchor_on(start, day)
        begins = [recurrence.period(anchor, "month", 1, index, day)[0] for index in range(12)]
        dues = [recurrence.due_on_or_after(begin, due_day, day) for begin in begins]
        self.assertEqual(
            [
                (due.year * 12 + due.month) - (begin.year * 12 + begin.month)
                for begin, due in zip(begins, dues, strict=False)
            ],
            [0 if due_day >= day else 1] * 12,
        )
        self.assertTrue(all(has_number(due, due_day) for due in dues))
        self.assertTrue(all(begin <= due for begin, due in zip(begins, dues, strict=False)))

    def test_bad_values_are_named(self):
        first = date(2026, 1, 1)
        for function, arguments, named in (
            (recurrence.period, (first, "fortnight", 1, 0), "fortnight"),
            (recurrence.period, (first, "month", 0, 0), "length of a period: 0"),
            (recurrence.period, (first, "week", -2, 0), "length of a period: -2"),
            (recurrence.period, (first, "month", 1, -1), "index of a period: -1"),
            (recurrence.period, (first, "month", 1, 0, 32), "day of a month: 32"),
            (recurrence.period, (first, "month", 1, 0, -1), "day of a month: -1"),
            (recurrence.period, (date(2026, 3, 15), "month", 1, 0, 20), "not on day 20: 2026-03-15"),
            (recurrence.period, (first, "year", 366, 30), "year 13372"),
            (recurrence.period, (first, "week", 366, 5000), "index of a period after the year 9999: 5001"),
            (recurrence.index_of, (first, "fortnight", 1, first), "fortnight"),
            (recurrence.index_of, (first, "day", 0, first), "length of a period: 0"),
            (recurrence.index_of, (first, "month", 0, first), "length of a period: 0"),
            (recurrence.index_of, (first, "month", 1, date(2025, 12, 31)), "2025-12-31"),
            (recurrence.index_of, (date(2026, 3, 15), "month", 1, date(2026, 3, 16), 20), "not on day 20"),
            (recurrence.due_on_or_after, (first, 32), "day of a month: 32"),
            (recurrence.due_on_or_after, (first, 0), "day of a month: 0"),
            (recurrence.anchor_on, (first, 0), "day of a month: 0"),
        ):
            with self.subTest(named), self.assertRaisesRegex(ValueError, named):
                function(*arguments)
