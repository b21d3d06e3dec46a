from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bureau

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
HOLIDAYS = st.sets(DAYS, max_size=40)


@tagged("post_install", "-at_install")
class TestBureauKernel(BaseCase):
    """Days of a listing, against counting them one by one."""

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(DAYS, st.integers(10, 90))
    def test_whole_days_pass_between_notice_and_listing(self, notified, days):
        first = bureau.first_listing_day(notified, days)
        between = [notified + timedelta(days=n) for n in range(1, 400) if notified + timedelta(days=n) < first]
        self.assertEqual(len(between), days)

    def test_shorter_notices_are_refused(self):
        for days in (9, 0, -1):
            with self.assertRaises(ValueError):
                bureau.first_listing_day(date(2026, 1, 1), days)

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(DAYS, HOLIDAYS)
    def test_removal_has_five_business_days(self, day, holidays):
        deadline = bureau.removal_deadline(day, holidays)
        counted, open_days = day, 0
        while open_days < 5:
            counted += timedelta(days=1)
            open_days += counted.weekday() < 5 and counted not in holidays
        self.assertEqual(deadline, counted)

    @settings(max_examples=300, derandomize=True, deadline=None)
    @given(DAYS, st.integers(0, 2200))
    def test_term_ends_after_five_years(self, due, after):
        end = bureau.term_end(due)
        # The same day five years later is the last one; of 29 February, 28 is.
        last = date(due.year + 5, due.month, 28 if (due.month, due.day) == (2, 29) else due.day)
        self.assertEqual(end - timedelta(days=1), last)
        today = due + timedelta(days=after)
        self.assertEqual(bureau.is_term_near(due, today), (end - today).days <= 7)
