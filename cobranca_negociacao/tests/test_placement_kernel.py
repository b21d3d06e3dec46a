import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import placement

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
AMOUNTS = st.decimals(Decimal("0.01"), Decimal(10**7), places=2)
PERCENTS = st.decimals(Decimal(0), Decimal(100), places=2)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@tagged("post_install", "-at_install")
class TestPlacementKernel(BaseCase):
    """Commission and term of a placement whose debts are in agreements."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(placement).failed)

    @PINNED
    @given(st.lists(st.tuples(AMOUNTS, PERCENTS), min_size=1, max_size=8))
    def test_within_the_debts_own_and_worth_the_same(self, parts):
        percent = placement.weigh(parts)
        own = [percent for _amount, percent in parts]
        self.assertLessEqual(min(own), percent)
        self.assertLessEqual(percent, max(own))
        # Half of a hundredth of a percent of all is what rounding may cost.
        total = sum(amount for amount, _percent in parts)
        apart = sum(amount * own / 100 for amount, own in parts)
        self.assertLessEqual(abs(total * percent / 100 - apart), total * Decimal("0.00005"))

    @PINNED
    @given(DAYS, st.lists(DAYS, max_size=5), st.integers(0, 365))
    def test_never_shorter_and_after_each_installment(self, base, dues, days):
        last = placement.last_day(base, dues, days)
        self.assertGreaterEqual(last, base)
        for due in dues:
            self.assertGreaterEqual(last, due + timedelta(days=days))
        self.assertIn(last, [base, *(due + timedelta(days=days) for due in dues)])

    def test_refused(self):
        for call in (
            lambda: placement.weigh([(Decimal(1), Decimal("100.01"))]),
            lambda: placement.weigh([(Decimal(1), Decimal(-1))]),
            lambda: placement.last_day(date(2026, 1, 1), [], -1),
        ):
            with self.assertRaises(ValueError):
                call()
