import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import credit

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
AMOUNTS = st.decimals(min_value=-1000, max_value=1_000_000, places=2)
FACTORS = st.decimals(min_value=0, max_value=60, places=2)
DELAYS = st.decimals(min_value=0, max_value=900, places=1)
MONTHS = st.integers(min_value=1, max_value=12)


@tagged("post_install", "-at_install")
class TestCreditKernel(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(credit).failed, 0)

    @PINNED
    @given(AMOUNTS, MONTHS, FACTORS, DELAYS)
    def test_against_fractions(self, billed, months, factor, delay):
        """The formula in exact fractions: never more than half a hundred away, and a whole hundred."""
        found = credit.suggested_limit(billed, months, factor, delay)
        if billed <= 0 or not factor:
            self.assertIsNone(found)
            return
        exact = Fraction(billed) / months * Fraction(factor) * 30 / (30 + Fraction(delay))
        self.assertEqual(found % 100, 0)
        self.assertGreaterEqual(found, 100)
        if exact >= 100:
            self.assertLessEqual(abs(Fraction(found) - exact), 50)

    @PINNED
    @given(AMOUNTS, MONTHS, FACTORS, DELAYS, DELAYS)
    def test_who_pays_later_never_gets_more(self, billed, months, factor, sooner, later):
        sooner, later = sorted((sooner, later))
        more = credit.suggested_limit(billed, months, factor, sooner) or 0
        self.assertGreaterEqual(more, credit.suggested_limit(billed, months, factor, later) or 0)

    @PINNED
    @given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 2000))
    def test_months(self, first, days):
        today = first + timedelta(days)
        months = credit.months_of_history(first, today)
        self.assertTrue(1 <= months <= 12)
        self.assertEqual(months, len({(day.year, day.month) for day in self.days(first, today)}) if days < 330 else 12)

    def days(self, first, last):
        return [first + timedelta(number) for number in range((last - first).days + 1)]

    def test_nonsense_is_refused(self):
        for values in ((1, 0, 1, 0), (1, 1, -1, 0), (1, 1, 1, -1)):
            with self.assertRaises(ValueError):
                credit.suggested_limit(Decimal(values[0]), values[1], Decimal(values[2]), Decimal(values[3]))
