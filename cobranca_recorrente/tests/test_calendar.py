import doctest
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import calendar

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
START = date(2026, 1, 1)
DAYS = st.integers(0, 400).map(lambda number: START + timedelta(days=number))
HOLIDAYS = st.sets(DAYS, max_size=40)


def open_days(holidays):
    """Business days, one by one, without the code that is judged."""
    every = (START + timedelta(days=number) for number in range(500))
    return [day for day in every if day.strftime("%a") not in ("Sat", "Sun") and day not in holidays]


@tagged("post_install", "-at_install")
class TestCalendar(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(calendar).failed, 0)
        self.assertGreater(doctest.testmod(calendar).attempted, 8)

    def test_bank_holidays_of_years(self):
        self.assertEqual(
            [f"{day:%d/%m}" for day in calendar.bank_holidays(2026)],
            "01/01 16/02 17/02 03/04 21/04 01/05 04/06 07/09 12/10 02/11 15/11 20/11 25/12".split(),
        )
        self.assertEqual(
            [f"{day:%d/%m}" for day in calendar.bank_holidays(2023)],
            "01/01 20/02 21/02 07/04 21/04 01/05 08/06 07/09 12/10 02/11 15/11 25/12".split(),
        )

    def test_banks_open(self):
        for day in (date(2026, 2, 18), date(2026, 12, 24)):  # Ash Wednesday, Christmas Eve
            self.assertNotIn(day, calendar.bank_holidays(2026))

    @PINNED
    @given(DAYS, HOLIDAYS)
    def test_next_and_previous(self, day, holidays):
        opened = open_days(holidays)
        later = next(each for each in opened if each >= day)
        self.assertEqual(calendar.next_business_day(day, holidays), later)
        if earlier := [each for each in opened if each <= day]:
            self.assertEqual(calendar.previous_business_day(day, holidays), earlier[-1])

    @PINNED
    @given(DAYS, st.integers(0, 15), HOLIDAYS)
    def test_add(self, day, count, holidays):
        opened = open_days(holidays)
        after = [each for each in opened if each > day] if count else [each for each in opened if each >= day]
        self.assertEqual(calendar.add_business_days(day, count, holidays), after[max(count - 1, 0)])

    @PINNED
    @given(DAYS, st.integers(-10, 60), HOLIDAYS)
    def test_days_late(self, due, away, holidays):
        """Never late until the first business day; then from that day, or from the original one."""
        paid = due + timedelta(days=away)
        first = next(each for each in open_days(holidays) if each >= due)
        late = paid > first
        self.assertEqual(calendar.days_late(due, paid, holidays), (paid - first).days if late else 0)
        self.assertEqual(calendar.days_late(due, paid, holidays, "original"), (paid - due).days if late else 0)

    def test_bad_input_is_told(self):
        cases = [
            (calendar.counted_from, (date(2026, 1, 1), date(2026, 1, 2), (), "whatever"), "whatever"),
            (calendar.add_business_days, (date(2026, 1, 1), -1), "-1"),
            (calendar.bank_holidays, (1994,), "1994"),
            (calendar.next_business_day, (START, {START + timedelta(days=n) for n in range(60)}), "2026-01-01"),
        ]
        for function, arguments, told in cases:
            with self.assertRaisesRegex(ValueError, told):
                function(*arguments)
