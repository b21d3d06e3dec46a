import doctest
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import price_index, sgs

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
PERCENTS = st.decimals(Decimal(-10), Decimal(20), places=6)
MONTHS = st.dates(date(1995, 1, 1), date(2060, 12, 31)).map(lambda day: day.replace(day=1))
DAYS = st.dates(date(1996, 1, 1), date(2060, 12, 31))
# Monthly variations as IBGE (IPCA, INPC) and FGV (IGP-M) published them, with the variation of the
# twelve months that the same institutes published. IBGE's own year is told from index numbers of 13
# decimals: it may differ from the product of rounded months by a hundredth (2022: 5.79).
PUBLISHED = {
    ("IPCA", 2019): ("0.32 0.43 0.75 0.57 0.13 0.01 0.19 0.11 -0.04 0.10 0.51 1.15", "4.31"),
    ("IPCA", 2020): ("0.21 0.25 0.07 -0.31 -0.38 0.26 0.36 0.24 0.64 0.86 0.89 1.35", "4.52"),
    ("IPCA", 2021): ("0.25 0.86 0.93 0.31 0.83 0.53 0.96 0.87 1.16 1.25 0.95 0.73", "10.06"),
    ("IPCA", 2022): ("0.54 1.01 1.62 1.06 0.47 0.67 -0.68 -0.36 -0.29 0.59 0.41 0.62", "5.79"),
    ("IPCA", 2023): ("0.53 0.84 0.71 0.61 0.23 -0.08 0.12 0.23 0.26 0.24 0.28 0.56", "4.62"),
    ("IPCA", 2024): ("0.42 0.83 0.16 0.38 0.46 0.21 0.38 -0.02 0.44 0.56 0.39 0.52", "4.83"),
    ("INPC", 2019): ("0.36 0.54 0.77 0.60 0.15 0.01 0.10 0.12 -0.05 0.04 0.54 1.22", "4.48"),
    ("INPC", 2020): ("0.19 0.17 0.18 -0.23 -0.25 0.30 0.44 0.36 0.87 0.89 0.95 1.46", "5.45"),
    ("INPC", 2021): ("0.27 0.82 0.86 0.38 0.96 0.60 1.02 0.88 1.20 1.16 0.84 0.73", "10.16"),
    ("IGP-M", 2020): ("0.48 -0.04 1.24 0.80 0.28 1.56 2.23 2.74 4.34 3.23 3.28 0.96", "23.14"),
}


def year_of(name, year):
    figures, _total = PUBLISHED[name, year]
    return {date(year, number, 1): Decimal(text) for number, text in enumerate(figures.split(), 1)}


def half_up(value, digits=2):
    """Round a Fraction half away from zero, by whole numbers alone."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


@tagged("post_install", "-at_install")
class TestPriceIndex(BaseCase):
    def test_doctests(self):
        for module in (price_index, sgs):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 3)
            self.assertEqual(result.failed, 0)

    # === ACCUMULATED === #

    def test_published_years(self):
        for (name, year), (_figures, total) in PUBLISHED.items():
            factor = price_index.accumulated(year_of(name, year), date(year, 12, 1))
            difference = abs(price_index.percent_of(factor) - Decimal(total))
            self.assertLessEqual(difference, Decimal("0.01"), f"{name} {year}: {factor}")

    def test_ipca_of_2019_to_the_last_decimal(self):
        """IBGE's calculator: 1,500.00 over the months of 2019 become 1,564.59."""
        factor = price_index.accumulated(year_of("IPCA", 2019), date(2019, 12, 1))
        self.assertEqual(round(factor, 8), Decimal("1.04306040"))
        self.assertEqual(price_index.readjusted(Decimal("1500.00"), factor), Decimal("1564.59"))

    def test_igpm_that_readjusts_200_to_241_84(self):
        """November 2019 to October 2020: 20.92 %."""
        months = {date(2019, 11, 1): Decimal("0.30"), date(2019, 12, 1): Decimal("2.09"), **year_of("IGP-M", 2020)}
        factor = price_index.accumulated(months, date(2020, 10, 1))
        self.assertEqual(price_index.percent_of(factor), Decimal("20.92"))
        self.assertEqual(price_index.readjusted(Decimal("200.00"), Decimal("1.2092")), Decimal("241.84"))

    @PINNED
    @given(MONTHS, st.lists(PERCENTS, min_size=1, max_size=30))
    def test_accumulated_is_the_product(self, last, percents):
        year, number = last.year, last.month
        values, expected = {}, Fraction(1)
        for percent in percents:
            values[date(year, number, 1)] = percent
            expected *= 1 + Fraction(percent) / 100
            year, number = (year, number - 1) if number > 1 else (year - 1, 12)
        values[date(year, number, 1)] = Decimal(19)  # a month outside of the window plays no part
        factor = price_index.accumulated(values, last, len(percents))
        self.assertLess(abs(Fraction(factor) - expected), Fraction(1, 10**100))

    @PINNED
    @given(MONTHS, st.sets(st.integers(0, 11), min_size=1))
    def test_the_oldest_missing_month_is_named(self, last, missing):
        months = price_index.window(last)
        values = {month: Decimal(1) for number, month in enumerate(months) if number not in missing}
        with self.assertRaises(price_index.MissingMonth) as refused:
            price_index.accumulated(values, last)
        self.assertEqual(refused.exception.month, months[min(missing)])
        self.assertIn(f"{months[min(missing)]:%m/%Y}", str(refused.exception))

    def test_what_is_no_figure_is_refused(self):
        month = date(2026, 1, 1)
        for figure in (Decimal("NaN"), Decimal("Infinity"), 0.42, "0.42", None):
            with self.assertRaisesRegex(ValueError, "percent"):
                price_index.accumulated({month: figure}, month, 1)
        with self.assertRaisesRegex(ValueError, "0"):
            price_index.accumulated({month: Decimal(1)}, month, 0)

    # === TEXTS OF FILES === #

    def test_texts_that_are_no_month(self):
        for text in (
            "",
            "2019",
            "13/2019",
            "00/2019",
            "15/11/2019",
            "11/01/2019",
            "2019-11-15",
            "nov/2019",
            "11/19",
            "١١/٢٠١٩",
        ):
            with self.assertRaises(ValueError):
                price_index.parse_month(text)

    def test_texts_that_are_no_percentage(self):
        for text in ("", "-", "0,", ",42", "1.234,5", "1,2,3", "1234", "0,1234567", "0,42%%", "1e1", "NaN", "٠,٤٢"):
            with self.assertRaises(ValueError):
                price_index.parse_percent(text)

    @PINNED
    @given(PERCENTS, st.sampled_from(",."))
    def test_every_figure_can_be_written(self, percent, separator):
        self.assertEqual(price_index.parse_percent(f"{percent:f}".replace(".", separator)), percent)

    # === READJUSTED === #

    @PINNED
    @given(
        st.decimals(Decimal("-99999.99"), Decimal("999999.99"), places=2),
        st.decimals(Decimal("0.5"), Decimal(3), places=8),
        st.none() | st.decimals(Decimal(0), Decimal(40), places=2),
        st.none() | st.decimals(Decimal(-5), Decimal(10), places=2),
        st.booleans(),
        st.integers(0, 4),
    )
    def test_readjusted(self, price, factor, cap, floor, allow_negative, digits):
        least = [Fraction(limit) for limit in ([] if floor is None else [floor]) + ([] if allow_negative else [0])]
        assume(cap is None or all(limit <= Fraction(cap) for limit in least))
        percent = max([(Fraction(factor) - 1) * 100, *least])
        if cap is not None:
            percent = min(percent, Fraction(cap))
        expected = half_up(Fraction(price) * (1 + percent / 100), digits)
        result = price_index.readjusted(price, factor, cap, floor, allow_negative, digits)
        self.assertEqual(Fraction(result), expected)
        self.assertEqual(-result.as_tuple().exponent, digits)

    def test_limits(self):
        price, factor = Decimal("100.00"), Decimal("1.08")
        for limits, expected in (
            ({}, "108.00"),
            ({"cap_percent": Decimal(6)}, "106.00"),
            ({"cap_percent": Decimal(9)}, "108.00"),
            ({"floor_percent": Decimal(10)}, "110.00"),
            ({"floor_percent": Decimal(3)}, "108.00"),
        ):
            self.assertEqual(price_index.readjusted(price, factor, **limits), Decimal(expected), limits)

    def test_a_negative_index_lowers_no_price_unless_agreed(self):
        price, factor = Decimal("100.00"), Decimal("0.95")
        self.assertEqual(price_index.readjusted(price, factor), Decimal("100.00"))
        self.assertEqual(price_index.readjusted(price, factor, floor_percent=Decimal(-2)), Decimal("100.00"))
        self.assertEqual(price_index.readjusted(price, factor, allow_negative=True), Decimal("95.00"))
        floored = price_index.readjusted(price, factor, floor_percent=Decimal(-2), allow_negative=True)
        self.assertEqual(floored, Decimal("98.00"))

    def test_half_a_cent_goes_up(self):
        self.assertEqual(price_index.readjusted(Decimal("10.10"), Decimal("1.05")), Decimal("10.61"))
        self.assertEqual(price_index.readjusted(Decimal("-10.10"), Decimal("1.05")), Decimal("-10.61"))

    def test_contradictions_are_named(self):
        price, factor = Decimal(100), Decimal("1.1")
        for arguments, named in (
            ({"cap_percent": Decimal(2), "floor_percent": Decimal(3)}, "cap of 2 % below the least of 3 %"),
            ({"cap_percent": Decimal(-1)}, "cap of -1 % below the least of 0 %"),
            ({"floor_percent": Decimal("NaN")}, "floor: .*NaN"),
        ):
            with self.assertRaisesRegex(ValueError, named):
                price_index.readjusted(price, factor, **arguments)
        for bad in (Decimal(0), Decimal("-0.1"), Decimal("NaN")):
            with self.assertRaisesRegex(ValueError, "factor"):
                price_index.readjusted(price, bad)
        with self.assertRaisesRegex(ValueError, "price"):
            price_index.readjusted(100.0, factor)

    # === WINDOW === #

    def test_window_ends_with_the_last_published_month(self):
        published = price_index.window(date(2026, 2, 1), 26)
        for anniversary, last in (
            (date(2026, 3, 31), date(2026, 2, 1)),
            (date(2026, 4, 1), date(2026, 2, 1)),
            (date(2026, 5, 31), date(2026, 2, 1)),
            (date(2026, 2, 28), date(2026, 1, 1)),  # its own month never counts, even when published
            (date(2025, 6, 15), date(2025, 5, 1)),  # nor does what came out later
        ):
            first, found = price_index.last_published_window(published, anniversary)
            self.assertEqual(found, last, anniversary)
            self.assertEqual(price_index.window(found)[0], first)

    def test_an_index_that_is_not_kept_up_readjusts_nothing(self):
        published = price_index.window(date(2026, 2, 1), 26)
        with self.assertRaisesRegex(ValueError, "03/2026"):
            price_index.last_published_window(published, date(2026, 6, 1))
        self.assertTrue(price_index.last_published_window(published, date(2026, 6, 1), max_lag=4))

    def test_fixed_lag_gives_the_same_window_whenever_it_is_asked(self):
        known = price_index.window(date(2026, 2, 1), 14)
        later = price_index.window(date(2026, 4, 1), 16)
        for published in (known, later):
            window = price_index.last_published_window(published, date(2026, 4, 10), lag=2)
            self.assertEqual(window, (date(2025, 3, 1), date(2026, 2, 1)))
        with self.assertRaisesRegex(ValueError, "03/2026"):
            price_index.last_published_window(known, date(2026, 4, 10), lag=1)
        for lag in (0, -1):
            with self.assertRaisesRegex(ValueError, "lag"):
                price_index.last_published_window(known, date(2026, 4, 10), lag=lag)

    def test_a_gap_in_the_window_is_named(self):
        published = set(price_index.window(date(2026, 2, 1), 14)) - {date(2025, 7, 1)}
        with self.assertRaisesRegex(ValueError, "07/2025"):
            price_index.last_published_window(published, date(2026, 3, 10))

    # === ANNIVERSARY === #

    @PINNED
    @given(DAYS, st.none() | st.integers(-400, 4000), st.integers(-500, 5000))
    def test_next_anniversary(self, start, readjusted_after, days):
        """Told by walking over the calendar day by day."""
        last = None if readjusted_after is None else start + timedelta(days=readjusted_after)
        today = start + timedelta(days=days)
        base = start if last is None or is_anniversary(start, last) else last
        earliest = full_years_after(last or start, 1)
        following = earliest
        while not is_anniversary(base, following):
            following += timedelta(days=1)
        expected = following
        day = following
        while day <= today:
            if is_anniversary(base, day):
                expected = day
            day += timedelta(days=1)
        self.assertEqual(price_index.next_anniversary(start, last, today), expected)

    @PINNED
    @given(DAYS, DAYS)
    def test_never_within_twelve_months(self, start, last):
        due = price_index.next_anniversary(start, last, date(2061, 1, 1))
        self.assertGreaterEqual(due, full_years_after(last, 1))

    def test_29_february(self):
        """Twelve months of 29 February are over on 1 March (Código Civil, art. 132 § 3º)."""
        start, dues = date(2024, 2, 29), []
        last = None
        for _year in range(4):
            last = price_index.next_anniversary(start, last, start)
            dues.append(last.isoformat())
        self.assertEqual(dues, ["2025-03-01", "2026-03-01", "2027-03-01", "2028-02-29"])


def full_years_after(day, years):
    """The first day on which so many years are over, told by the day's own number."""
    year = day.year + years
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and not isleap(year) else day.replace(year=year)


def is_anniversary(base, day):
    return day.year > base.year and full_years_after(base, day.year - base.year) == day
