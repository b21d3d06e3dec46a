import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import proration

AMOUNTS = st.decimals(Decimal("-1000000"), Decimal("1000000"), places=4)
PARTS = st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(sum)
DIGITS = st.integers(0, 4)
FIRST = date(2026, 1, 1)
PINNED = settings(max_examples=200, derandomize=True, deadline=None)


def half_up(exact, digits):
    """A fraction rounded to places, ties away from zero, without Decimal's own rounding."""
    shifted = floor(abs(exact) * 10**digits + Fraction(1, 2))
    return Fraction(shifted, 10**digits) * (-1 if exact < 0 else 1)


def days_in(span):
    """The days of a span, one by one."""
    first, last = span
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


@st.composite
def spans(draw):
    first = FIRST + timedelta(days=draw(st.integers(0, 60)))
    return first, first + timedelta(days=draw(st.integers(0, 40)))


@tagged("post_install", "-at_install")
class TestProration(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(proration)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    def test_known_shares(self):
        """Worked by hand: 100 / 31 = 3.2258…, 250 × 17 / 31 = 137.0967…, 0.01 × 1 / 2 is a tie."""
        for amount, days, of_days, share in (
            ("100.00", 1, 31, "3.23"),
            ("100.00", 31, 31, "100.00"),
            ("100.00", 0, 31, "0.00"),
            ("-100.00", 0, 31, "0.00"),
            ("250.00", 17, 31, "137.10"),
            ("0.01", 1, 2, "0.01"),
            ("-0.01", 1, 2, "-0.01"),
            ("0.01", 1, 3, "0.00"),
            ("-0.01", 1, 3, "0.00"),
            ("1200.00", 59, 365, "193.97"),
        ):
            # Compared as text: zero must not be written -0.00.
            self.assertEqual(str(proration.prorate(Decimal(amount), days, of_days)), share)

    def test_cents_left_over_go_to_the_largest_remainders_then_the_earliest(self):
        for amount, parts, of_days, shares in (
            ("100.00", [1, 1, 1], 3, ["33.34", "33.33", "33.33"]),
            ("-100.00", [1, 1, 1], 3, ["-33.34", "-33.33", "-33.33"]),
            ("0.05", [1, 3], 4, ["0.01", "0.04"]),  # 0.0125 and 0.0375: the cent goes to the second
            ("0.02", [10, 0, 10, 10], 30, ["0.01", "0.00", "0.01", "0.00"]),
            ("-0.02", [10, 0, 10, 10], 30, ["-0.01", "0.00", "-0.01", "0.00"]),
            ("100.00", [], 31, []),
        ):
            self.assertEqual(list(map(str, proration.split(Decimal(amount), parts, of_days))), shares)

    @PINNED
    @given(AMOUNTS, st.integers(0, 366), st.integers(0, 366), DIGITS)
    def test_a_share_is_rounded_once(self, amount, days, more, digits):
        of_days = days + more or 1
        share = proration.prorate(amount, days, of_days, digits)
        self.assertEqual(Fraction(share), half_up(Fraction(amount) * days / of_days, digits))
        self.assertEqual(share.as_tuple().exponent, -digits)
        self.assertEqual(proration.prorate(-amount, days, of_days, digits), -share)

    @PINNED
    @given(AMOUNTS, st.integers(1, 366), DIGITS)
    def test_more_days_never_cost_less(self, amount, of_days, digits):
        shares = [proration.prorate(abs(amount), days, of_days, digits) for days in range(of_days + 1)]
        self.assertEqual(shares, sorted(shares))
        self.assertEqual((shares[0], shares[-1]), (0, proration.prorate(abs(amount), 1, 1, digits)))

    @PINNED
    @given(AMOUNTS, PARTS, st.integers(0, 40), DIGITS)
    def test_parts_add_up(self, amount, parts, unpaid, digits):
        of_days = sum(parts) + unpaid
        shares = proration.split(amount, parts, of_days, digits)
        self.assertEqual(sum(shares), proration.prorate(amount, sum(parts), of_days, digits))
        for days, share in zip(parts, shares, strict=True):
            self.assertLess(abs(Fraction(share) - Fraction(amount) * days / of_days), Fraction(1, 10**digits))
            self.assertEqual(share.as_tuple().exponent, -digits)
            self.assertFalse(share and not days, "a part without days costs something")
            self.assertFalse(share.is_signed() and not share, "-0.00")
        self.assertEqual(proration.split(-amount, parts, of_days, digits), [-share for share in shares])

    @PINNED
    @given(AMOUNTS, PARTS, DIGITS)
    def test_parts_of_a_whole_period_add_up_to_its_price(self, amount, parts, digits):
        price = proration.prorate(amount, 1, 1, digits)
        self.assertEqual(sum(proration.split(price, parts, sum(parts), digits)), price)

    @PINNED
    @given(AMOUNTS, PARTS, DIGITS)
    def test_longer_parts_never_cost_less(self, amount, parts, digits):
        shares = proration.split(abs(amount), parts, sum(parts), digits)
        by_days = sorted(zip(parts, shares, strict=True))
        self.assertEqual([share for _days, share in by_days], sorted(shares))

    def test_bad_values_are_named(self):
        amount = Decimal("100.00")
        day, before = date(2026, 1, 2), date(2026, 1, 1)
        for function, arguments, named in (
            (proration.prorate, (amount, 32, 31), "32 of 31"),
            (proration.prorate, (amount, -1, 31), "-1 of 31"),
            (proration.prorate, (amount, 0, 0), "0 of 0"),
            (proration.prorate, (0.1, 1, 31), "amount to prorate: 0.1"),
            (proration.prorate, (Decimal("NaN"), 1, 31), "NaN"),
            (proration.split, (amount, [20, 20], 31), "40 of 31"),
            (proration.split, (amount, [20, -5], 31), "-5 of 31"),
            (proration.split, (1.5, [1], 31), "amount to prorate: 1.5"),
            (proration.days_of, ((day, before),), "2026-01-02 to 2026-01-01"),
            (proration.without, ((day, before), []), "2026-01-02 to 2026-01-01"),
            (proration.without, ((before, day), [(day, before)]), "2026-01-02 to 2026-01-01"),
        ):
            with self.subTest(named), self.assertRaisesRegex(ValueError, named):
                function(*arguments)

    @PINNED
    @given(spans(), st.lists(spans(), max_size=6), st.none() | spans())
    def test_days_left_are_those_that_no_gap_takes(self, span, gaps, endless):
        wanted = days_in(span).difference(*map(days_in, gaps))
        if endless:
            gaps = [*gaps, (endless[0], None)]
            wanted = {day for day in wanted if day < endless[0]}
        left = proration.without(span, gaps)
        self.assertEqual(sorted(day for piece in left for day in days_in(piece)), sorted(wanted))
        self.assertEqual(sum(map(proration.days_of, left)), len(wanted))
        self.assertEqual(proration.without(span, gaps[::-1]), left)
        for (_first, last), (following, _last) in zip(left, left[1:], strict=False):
            self.assertGreater(following, last + timedelta(days=1), "pieces that nothing parts")

    @PINNED
    @given(spans(), st.none() | st.integers(-5, 110), st.none() | st.integers(-5, 110))
    def test_overlap_is_the_days_in_both(self, span, first, last):
        first, last = (limit if limit is None else FIRST + timedelta(days=limit) for limit in (first, last))
        wanted = {d for d in days_in(span) if (first is None or d >= first) and (last is None or d <= last)}
        shared = proration.overlap(span, first, last)
        self.assertEqual(days_in(shared) if shared else set(), wanted)
