import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import arms, commission

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
AMOUNTS = st.integers(0, 100_000_000).map(lambda number: Decimal(number) / 100)
PERCENTS = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
FEES = st.integers(0, 2000).map(lambda number: Decimal(number) / 100)
ARM = st.integers(30, 3000).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count)))


@tagged("post_install", "-at_install")
class TestAgencyKernels(BaseCase):
    """Commissions to the cent, and intervals that say no more than is known."""

    def test_examples(self):
        for module in (arms, commission):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted and not result.failed, module.__name__)

    @PINNED
    @given(st.lists(AMOUNTS, min_size=1, max_size=8), PERCENTS, FEES)
    def test_steps_end_where_the_books_are(self, amounts, percent, fees):
        """Whatever way a payment takes, all steps together are its amount, its fee and the commission on the rest."""
        amount = fee = earned = Decimal(0)
        for now in amounts:
            now_fee = (now * fees / 100).quantize(Decimal("0.01"))
            added = commission.step(now, now_fee, amount, fee, earned, percent)
            amount, fee, earned = amount + added.amount, fee + added.fee, earned + added.commission
            self.assertGreaterEqual(added.amount * added.commission, 0)
        self.assertEqual((amount, fee), (amounts[-1], now_fee))
        self.assertEqual(earned, commission.commission(amounts[-1] - now_fee, percent))
        none = Decimal(0)
        self.assertEqual(sum(commission.step(none, none, amount, fee, earned, percent)), -amount - fee - earned)

    @PINNED
    @given(AMOUNTS, PERCENTS)
    def test_nobody_earns_more_than_came_in(self, amount, percent):
        earned = commission.commission(amount, percent)
        self.assertLessEqual(abs(earned - amount * percent / 100), Decimal("0.005"))
        self.assertLessEqual(earned, amount)
        self.assertEqual(commission.transfer(amount, earned, True) + earned, amount)

    def test_what_is_no_amount(self):
        for amount in (Decimal("-0.01"), Decimal("NaN"), 1.0, None):
            with self.assertRaises(ValueError):
                commission.commission(amount, Decimal(10))
        for percent in (Decimal("100.01"), Decimal(-1), Decimal("Infinity")):
            with self.assertRaises(ValueError):
                commission.commission(Decimal(1), percent)

    @PINNED
    @given(ARM, ARM)
    def test_intervals(self, champion, challenger):
        """The difference is inside, the other way round is the mirror, and more of the same says more."""
        found = arms.compare(champion, challenger)
        self.assertTrue(-1 <= found.low <= found.difference <= found.high <= 1)
        turned = arms.compare(challenger, champion)
        self.assertAlmostEqual(found.low, -turned.high)
        more = arms.compare(*(tuple(4 * number for number in arm) for arm in (champion, challenger)))
        self.assertLess(more.high - more.low, found.high - found.low)
        self.assertEqual(found.is_clear, not found.low <= 0 <= found.high)

    def test_published_intervals(self):
        """Newcombe 1998, table II, method 10: (56/70, 48/80), (9/10, 3/10), (10/10, 0/10), (10/10, 0/20)."""
        for new, old, low, high in (
            ((56, 70), (48, 80), "0.0524", "0.3339"),
            ((9, 10), (3, 10), "0.1705", "0.8090"),
            ((6, 7), (2, 7), "0.0582", "0.8062"),
            ((10, 10), (0, 20), "0.6791", "1.0000"),
        ):
            found = arms.compare(old, new, least=1)
            self.assertEqual((f"{found.low:.4f}", f"{found.high:.4f}"), (low, high), (new, old))

    def test_too_few_say_nothing(self):
        self.assertIsNone(arms.compare((0, 0), (0, 0), least=0))
        self.assertIsNone(arms.compare((20, 29), (10, 300)))
        self.assertIsNotNone(arms.compare((20, 30), (10, 30)))
        for wrong in ((31, 30), (-1, 30), (True, 30), (1.0, 30)):
            with self.assertRaises(ValueError):
                arms.compare(wrong, (10, 30))
