import doctest
import json
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import amortization, money

VECTORS = json.loads((Path(__file__).parent / "negotiation_vectors.json").read_text())["installments"]
PINNED = settings(max_examples=400, derandomize=True, deadline=None)
AMOUNTS = st.integers(1, 50_000_000).map(lambda number: Decimal(number) / 100)
RATES = st.integers(0, 1500).map(lambda number: Decimal(number) / 10_000)
COUNTS = st.integers(1, 72)
METHODS = st.sampled_from(["none", "simple", "price", "sac"])


def half_up(exact):
    """A fraction in cents, ties away from zero, without Decimal's own rounding."""
    return Fraction(floor(exact * 100 + Fraction(1, 2)), 100)


@tagged("post_install", "-at_install")
class TestAmortizationKernel(BaseCase):
    def test_doctests(self):
        for module in (amortization, money):
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0)
            self.assertGreater(result.attempted, 2)

    # === PUBLISHED FIGURES === #

    def test_vectors(self):
        for vector in VECTORS:
            with self.subTest(vector["id"]):
                rows = self.table(vector)
                expected = vector["expected"]
                self.assertEqual(str(rows[0].amount), expected.get("payment", str(rows[0].amount)))
                self.assertEqual([str(row.amount) for row in rows], self.amounts(expected) or self.texts(rows, 0))
                for row, wanted in zip(rows, expected.get("rows", ()), strict=False):
                    names = ("payment", "interest", "amort", "balance")
                    self.assertEqual([str(part) for part in row], [wanted[name] for name in names])
                self.assertTrue(set(expected) & {"payment", "payments", "rows"})

    def table(self, vector):
        given, method = vector["input"], vector["method"]
        if method == "equal_no_interest":
            return amortization.equal(Decimal(given["total"]), given["n"])
        return amortization.METHODS[method](Decimal(given["principal"]), Decimal(given["rate_month"]), given["n"])

    def amounts(self, expected):
        return expected.get("payments") or [row["payment"] for row in expected.get("rows", ())]

    def texts(self, rows, part):
        return [str(row[part]) for row in rows]

    def test_every_vector_is_read(self):
        self.assertEqual({vector["id"] for vector in VECTORS} >= {"IN01", "IN03", "IN05", "IN06", "IN07", "IN09"}, True)

    def test_simple_interest_by_hand(self):
        # 1.000,00 at 1 % for 3 months: 30,00 of interest, 10,00 in each; 1.030,00 / 3 with the spare cent first.
        rows = amortization.simple(Decimal("1000.00"), Decimal("0.01"), 3)
        self.assertEqual(self.texts(rows, 0), ["343.34", "343.33", "343.33"])
        self.assertEqual(self.texts(rows, 1), ["10.00", "10.00", "10.00"])
        self.assertEqual(self.texts(rows, 3), ["666.66", "333.33", "0.00"])

    def test_price_of_the_worked_case(self):
        # The financing of 1.156,71 in five at 1 %, of which the accounting of agreements was worked out.
        rows = amortization.price(Decimal("1156.71"), Decimal("0.01"), 5)
        self.assertEqual(self.texts(rows, 1), ["11.57", "9.30", "7.01", "4.70", "2.36"])
        self.assertEqual(self.texts(rows, 0)[:4], ["238.33"] * 4)

    # === LAWS === #

    @PINNED
    @given(AMOUNTS, RATES, COUNTS, METHODS)
    def test_sums_are_exact(self, present, rate, count, method):
        rows = amortization.METHODS[method](present, rate, count)
        self.assertEqual(len(rows), count)
        self.assertEqual(sum(row.amortization for row in rows), present)
        balance = present
        for row in rows:
            self.assertEqual(row.amount, row.interest + row.amortization)
            balance -= row.amortization
            self.assertEqual(row.balance, balance)
            self.assertGreaterEqual(min(row), 0)
            self.assertEqual(row, tuple(part.quantize(Decimal("0.01")) for part in row))
        self.assertEqual(rows[-1].balance, 0)

    @PINNED
    @given(AMOUNTS, RATES, COUNTS)
    def test_price_pays_what_the_formula_says(self, present, rate, count):
        rows = amortization.price(present, rate, count)
        exact_rate = Fraction(rate)
        if exact_rate:
            grown = (1 + exact_rate) ** count
            payment = half_up(Fraction(present) * exact_rate * grown / (grown - 1))
        else:
            payment = None
        balance = Fraction(present)
        for number, row in enumerate(rows, 1):
            self.assertEqual(Fraction(row.interest), half_up(balance * exact_rate))
            if payment is not None and number < count and balance > payment:
                self.assertEqual(Fraction(row.amount), payment)
            balance = Fraction(row.balance)

    @PINNED
    @given(AMOUNTS, COUNTS)
    def test_equal_parts_differ_by_one_cent_and_fall(self, total, count):
        amounts = [row.amount for row in amortization.equal(total, count)]
        self.assertEqual(sum(amounts), total)
        self.assertLessEqual(amounts[0] - amounts[-1], Decimal("0.01"))
        self.assertEqual(amounts, sorted(amounts, reverse=True))

    @PINNED
    @given(AMOUNTS, RATES, COUNTS)
    def test_simple_interest_is_that_of_the_whole(self, present, rate, count):
        interest = sum(row.interest for row in amortization.simple(present, rate, count))
        self.assertEqual(Fraction(interest), half_up(Fraction(present) * Fraction(rate) * count))

    @PINNED
    @given(AMOUNTS, RATES, COUNTS, METHODS)
    def test_what_payments_can_pay_back(self, payment, rate, count, method):
        present = amortization.capacity(method, rate, count, payment)
        if present:
            table = amortization.METHODS[method](present, rate, count)
            self.assertLessEqual(max(row.amount for row in table), payment)
        # And not much more could be: a hundredth of it and a few cents above no longer fits.
        above = (present * Decimal("1.01")).quantize(Decimal("0.01")) + count * Decimal("0.02")
        table = amortization.METHODS[method](above, rate, count)
        self.assertGreater(max(row.amount for row in table), payment)

    @PINNED
    @given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=8))
    def test_shares_are_exact(self, amount, weights):
        shares = money.share_out(amount, weights)
        self.assertEqual(sum(shares), amount)
        for share, weight in zip(shares, weights, strict=True):
            exact = Fraction(amount) * Fraction(weight) / Fraction(sum(weights))
            self.assertLess(abs(Fraction(share) - exact), Fraction(1, 100))
            if amount <= sum(weights):
                self.assertLessEqual(share, weight)

    # === WHAT CANNOT BE === #

    def test_refusals(self):
        one, cent = Decimal(1), Decimal("0.01")
        for code, arguments in [
            ("count", (one, cent, 0)),
            ("count", (one, cent, -1)),
            ("count", (one, cent, 10**9)),
            ("count", (one, cent, 1.5)),
            ("count", (one, cent, True)),
            ("rate", (one, Decimal(-1), 2)),
            ("rate", (one, Decimal(1), 2)),
            ("rate", (one, Decimal("NaN"), 2)),
            ("rate", (one, 0.01, 2)),
            ("present", (Decimal(0), cent, 2)),
            ("present", (Decimal(-5), cent, 2)),
            ("present", (Decimal("1.005"), cent, 2)),
            ("present", (Decimal("NaN"), cent, 2)),
            ("present", (Decimal("Infinity"), cent, 2)),
            ("present", (Decimal("1e15"), cent, 2)),
        ]:
            for method in ("simple", "price", "sac"):
                with self.subTest(code, arguments=arguments, method=method), self.assertRaises(ValueError) as caught:
                    amortization.METHODS[method](*arguments)
                self.assertEqual(caught.exception.args[0], code)

    def test_nothing_to_share_by(self):
        with self.assertRaises(ValueError):
            money.share_out(Decimal(1), [Decimal(0)])
        self.assertEqual(money.share_out(Decimal(0), [Decimal(0), Decimal(0)]), (0, 0))
