import doctest
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import calendar, correction, late_charges

VECTORS = json.loads((Path(__file__).parent / "late_charges_vectors.json").read_text())
PINNED = settings(max_examples=400, derandomize=True, deadline=None)
DUE = date(2026, 1, 5)  # a Monday
CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
PERCENTS = st.integers(0, 1000).map(lambda number: Decimal(number) / 100)
EVENTS = st.lists(st.tuples(st.integers(-20, 200), CENTS), max_size=5)


def half_up(exact):
    """A fraction of cents, ties away from zero, without Decimal's own rounding."""
    return Fraction(floor(exact * 100 + Fraction(1, 2)), 100)


def by_hand(principal, events, days, fine_percent, interest_percent, tolerance, charges_first):
    """The debt of a plain date, day by day counted in fractions: what the kernel is judged by."""
    principal, fine, interest = Fraction(principal), Fraction(0), Fraction(0)
    fined, since = False, 0
    for number, paid in [*sorted(events, key=lambda event: event[0]), (days, None)]:
        if number > days:
            continue
        if number > tolerance and number > 0:
            if not fined:
                fine += half_up(principal * Fraction(fine_percent) / 100)
            interest += half_up(principal * Fraction(interest_percent) / 100 * (number - since) / 30)
            fined, since = True, number
        left = Fraction(paid or 0)
        parts = [interest, fine, principal] if charges_first else [principal, interest, fine]
        for place, part in enumerate(parts):
            parts[place] -= min(left, part)
            left -= min(left, part)
        interest, fine, principal = parts if charges_first else (parts[1], parts[2], parts[0])
    return principal, fine, interest


@tagged("post_install", "-at_install")
class TestLateCharges(BaseCase):
    def test_doctests(self):
        for module in (late_charges, correction):
            self.assertEqual(doctest.testmod(module).failed, 0)
            self.assertGreater(doctest.testmod(module).attempted, 4)

    # === PUBLISHED FIGURES === #

    def test_vectors(self):
        for vector in VECTORS["late_charges"]:
            given_, expected = vector["input"], vector["expected"]
            found = late_charges.late_charges(
                Decimal(given_["principal"]),
                given_["days_late"],
                Decimal(given_["fine_pct"]),
                Decimal(given_["interest_pct_month"]),
                Decimal(given_["correction_factor"]),
            )
            for name, amount in expected.items():
                self.assertEqual(getattr(found, name), Decimal(amount), (vector["id"], name))
            if vector["kind"] == "published_wrong":
                wrong = {name: Decimal(amount) for name, amount in vector["published"].items()}
                self.assertNotEqual(wrong, {name: getattr(found, name) for name in wrong}, vector["id"])

    def test_vector_days(self):
        dated = [vector for vector in VECTORS["late_charges"] if vector["input"]["due_date"]]
        self.assertGreater(len(dated), 4)
        for vector in dated:
            due, paid = (date.fromisoformat(vector["input"][name]) for name in ("due_date", "payment_date"))
            self.assertEqual(max((paid - due).days, 0), vector["input"]["days_late"], vector["id"])

    def test_vector_of_a_partial_payment(self):
        [vector] = VECTORS["partial_payment"]
        given_, expected = vector["input"], {name: Decimal(text) for name, text in vector["expected"].items()}
        terms = self.terms(given_["fine_pct"], given_["interest_pct_month"])
        first = DUE + timedelta(days=given_["days_to_payment"])
        principal, payment = Decimal(given_["principal"]), Decimal(given_["payment"])
        before, _left = late_charges.debt_at(principal, [], first, terms)
        self.assertEqual((before.fine, before.interest), (expected["fine"], expected["interest_1"]))
        events = [late_charges.Event(first, payment)]
        after, _left = late_charges.debt_at(principal, events, first, terms)
        self.assertEqual((after.principal, after.charges), (expected["balance_principal"], 0))
        last = first + timedelta(days=given_["more_days"])
        end, _left = late_charges.debt_at(principal, events, last, terms)
        self.assertEqual((end.interest, end.total), (expected["interest_2"], expected["payoff_after_more_days"]))
        self.assertEqual(end.fine, 0, "the fine is charged once")

    def test_vector_of_a_saturday(self):
        [vector] = [each for each in VECTORS["due_date_roll"] if each["id"] == "BD01"]
        due, paid = (date.fromisoformat(vector["input"][name]) for name in ("due_date", "payment_date"))
        expected = vector["expected"]
        self.assertEqual(calendar.days_late(due, paid, rule="original"), expected["days_late_law_stj"])
        self.assertEqual(calendar.days_late(due, paid), expected["days_late_if_counted_from_next_business_day"])

    def test_vector_of_a_holiday(self):
        [vector] = [each for each in VECTORS["due_date_roll"] if each["id"] == "BD05"]
        due, paid = (date.fromisoformat(vector["input"][name]) for name in ("due_date", "payment_date"))
        self.assertEqual(calendar.days_late(due, paid, calendar.bank_holidays(2026)), vector["expected"]["days_late"])
        self.assertGreater(calendar.days_late(due, paid), 0, "without the holiday he is late")

    def test_vector_of_an_index(self):
        [vector] = VECTORS["index_correction"]
        values = self.by_month(vector["input"]["months"])
        factor = correction.correction_factor(values, min(values), max(values))
        self.assertEqual(round(factor, 8), Decimal(vector["expected"]["factor"]))
        corrected = late_charges.late_charges(Decimal(vector["input"]["amount"]), 1, Decimal(0), Decimal(0), factor)
        self.assertEqual(corrected.corrected, Decimal(vector["published"]["amount"]))

    def test_vector_of_the_legal_rate(self):
        [vector] = VECTORS["taxa_legal"]
        rates = self.by_month(vector["input"]["rates_pct"])
        start, end = (date.fromisoformat(vector["input"][name]) for name in ("from", "to"))
        percent = correction.taxa_legal(rates, start, end)
        self.assertEqual(round(percent, 6), Decimal(vector["expected"]["pct"]))
        terms = late_charges.Terms(Decimal(0), late_charges.legal(rates), partial(calendar.counted_from, start))
        debt, _left = late_charges.debt_at(Decimal(vector["input"]["base"]), [], end, terms)
        self.assertEqual(debt.interest, Decimal(vector["expected"]["interest"]))

    def by_month(self, texts):
        return {date.fromisoformat(f"{month}-01"): Decimal(text) for month, text in texts.items()}

    # === HISTORIES === #

    def terms(self, fine, interest, **values):
        count = partial(calendar.counted_from, values.pop("due", DUE))
        return late_charges.Terms(Decimal(fine), late_charges.contracted(Decimal(interest)), count, **values)

    @PINNED
    @given(CENTS, EVENTS, st.integers(-10, 220), PERCENTS, PERCENTS, st.integers(0, 10), st.booleans())
    def test_any_history(self, principal, events, days, fine, interest, tolerance, charges_first):
        order = "charges" if charges_first else "principal"
        terms = self.terms(fine, interest, tolerance_days=tolerance, order=order)
        dated = [late_charges.Event(DUE + timedelta(days=number), amount) for number, amount in events]
        debt, left = late_charges.debt_at(principal, dated, DUE + timedelta(days=days), terms)
        expected = by_hand(principal, events, days, fine, interest, tolerance, charges_first)
        self.assertEqual((debt.principal, debt.fine, debt.interest), expected)
        self.assertEqual(debt.correction, 0)
        paid = sum((amount for number, amount in events if number <= days), Decimal(0))
        self.assertLessEqual(left, paid)
        self.assertTrue(all(part >= 0 for part in (debt.principal, debt.fine, debt.interest, left)))

    @PINNED
    @given(CENTS, st.integers(-5, 400), PERCENTS, PERCENTS)
    def test_unpaid_is_the_plain_formula(self, principal, days, fine, interest):
        debt, left = late_charges.debt_at(principal, [], DUE + timedelta(days=days), self.terms(fine, interest))
        self.assertEqual(debt, late_charges.late_charges(principal, days, fine, interest))
        self.assertEqual(left, 0)

    @PINNED
    @given(CENTS, st.lists(st.integers(1, 300), min_size=1, max_size=4), st.booleans())
    def test_correction_is_counted_once(self, principal, days, is_daily):
        """Looked at as often as one likes, with nothing paid: the months count once."""
        months = [date(2026, month, 1) for month in range(1, 13)]
        values = {month: Decimal(place % 5 - 1) / 2 for place, month in enumerate(months)}
        method = correction.daily_correction if is_daily else correction.monthly_correction
        terms = self.terms(2, 1, factor=method(values))
        looks = [late_charges.Event(DUE + timedelta(days=number), Decimal(0)) for number in days]
        last = DUE + timedelta(days=max(days))
        debt, _left = late_charges.debt_at(principal, looks, last, terms)
        alone, _left = late_charges.debt_at(principal, [], last, terms)
        self.assertLessEqual(abs(debt.correction - alone.correction), Decimal("0.01") * len(days))
        self.assertGreaterEqual(debt.correction, 0, "a fall of prices makes no debt smaller")

    def test_paid_on_the_first_business_day(self):
        """Due on a Saturday, a part paid on Monday: only the rest is late."""
        terms = self.terms(2, 1, due=date(2026, 1, 3))
        events = [late_charges.Event(date(2026, 1, 5), Decimal("60.00"))]
        debt, _left = late_charges.debt_at(Decimal("100.00"), events, date(2026, 1, 15), terms)
        self.assertEqual((debt.principal, debt.fine, debt.interest), (40, Decimal("0.80"), Decimal("0.13")))

    def test_original_due_date_counts_for_the_rest(self):
        terms = late_charges.Terms(
            Decimal(2),
            late_charges.contracted(Decimal(1)),
            partial(calendar.counted_from, date(2026, 1, 3), rule="original"),
        )
        events = [late_charges.Event(date(2026, 1, 5), Decimal("60.00"))]
        debt, _left = late_charges.debt_at(Decimal("100.00"), events, date(2026, 1, 15), terms)
        self.assertEqual(debt.interest, Decimal("0.16"))  # 40.00 for 12 days

    def test_tolerance_forgives_nothing_afterwards(self):
        terms = self.terms(2, 1, tolerance_days=3)
        for days, total in ((3, "100.00"), (4, "102.13")):
            debt, _left = late_charges.debt_at(Decimal("100.00"), [], DUE + timedelta(days=days), terms)
            self.assertEqual(debt.total, Decimal(total))

    def test_half_a_cent_after_a_division(self):
        """3.5 % of 337.65 for 200 days are 78.785 sharp, though 3.5 x 200 / 30 does not come out even."""
        debt, _left = late_charges.debt_at(Decimal("337.65"), [], DUE + timedelta(days=200), self.terms(0, "3.5"))
        self.assertEqual(debt.interest, Decimal("78.79"))

    def test_what_settles_one_part(self):
        """100 due, 4.00 waived of a fine of 2: the fine is gone, the rest is left over."""
        day = DUE + timedelta(days=30)
        events = [late_charges.Event(day, Decimal("4.00"), "fine"), late_charges.Event(day, Decimal(60), "principal")]
        debt, left = late_charges.debt_at(Decimal("100.00"), events, day, self.terms(2, 1))
        self.assertEqual((debt.principal, debt.fine, debt.interest, left), (40, 0, 1, 2))

    def test_more_than_the_debt(self):
        events = [late_charges.Event(DUE, Decimal("150.00"))]
        debt, left = late_charges.debt_at(Decimal("100.00"), events, DUE + timedelta(days=90), self.terms(2, 1))
        self.assertEqual((debt.total, left), (0, 50))

    def test_bad_input_is_told(self):
        good = (Decimal(100), 5, Decimal(2), Decimal(1), Decimal(1))
        for place, bad in (
            (0, Decimal(-1)),
            (0, Decimal("NaN")),
            (0, 100.0),
            (2, Decimal(-2)),
            (3, 1),
            (4, Decimal(0)),
        ):
            arguments = list(good)
            arguments[place] = bad
            with self.assertRaisesRegex(ValueError, "principal|fine|interest|factor"):
                late_charges.late_charges(*arguments)
        with self.assertRaisesRegex(ValueError, "02/2026"):
            correction.correction_factor({date(2026, 1, 1): Decimal(1)}, date(2026, 1, 1), date(2026, 2, 1))
        with self.assertRaisesRegex(ValueError, "whatever"):
            late_charges.impute(Decimal(1), late_charges.Charges(*[Decimal(1)] * 4), "whatever")
        with self.assertRaisesRegex(ValueError, "whatever"):
            event = late_charges.Event(DUE, Decimal(1), "whatever")
            late_charges.debt_at(Decimal(100), [event], DUE, self.terms(2, 1))
        with self.assertRaisesRegex(ValueError, "published"):
            correction.with_last_repeated({}, date(2026, 1, 1))
        with self.assertRaisesRegex(ValueError, "101"):
            late_charges.discount_on(Decimal(1), DUE, [(DUE, Decimal(101))])
