import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import fee as kernel
from ..tools.fee import fee_of, with_fee, without_fee
from ..tools.plan import Parts, Terms, make_plan

CENT = Decimal("0.01")
amounts = st.integers(1, 10_000_000).map(lambda number: number * CENT)
percents = st.integers(0, 2000).map(lambda number: number * CENT)


@tagged("post_install", "-at_install")
class TestFeeKernel(BaseCase):
    """A fee on top of each payment, to the cent."""

    def test_examples(self):
        result = doctest.testmod(kernel)
        self.assertTrue(result.attempted and not result.failed)

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(
        amounts.filter(lambda amount: amount >= 10), percents, st.integers(0, 12), st.sampled_from(["none", "price"])
    )
    def test_on_top_of_a_plan(self, amount, percent, count, method):
        rate = Decimal(1) if method == "price" and count else Decimal(0)
        plan = make_plan([Parts(amount)], Terms({}, None, count, method if rate else "none", rate, date(2026, 11, 24)))
        made = with_fee(plan, percent)
        self.assertEqual((made.agreed, made.financing, made.given), (plan.agreed, plan.financing, plan.given))
        self.assertEqual(made.total, made.agreed + made.financing + made.fee)
        self.assertEqual(sum(each.amount for each in made.installments), made.total)
        for each, before in zip(made.installments, plan.installments, strict=True):
            self.assertEqual(each.amount, each.interest + each.amortization + each.fee)
            self.assertLessEqual(abs(each.fee - before.amount * percent / 100), CENT / 2)

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(amounts, percents)
    def test_pocket(self, most, percent):
        """With its fee a payment is no more than the pocket holds, and a cent more would be."""
        net = without_fee(most, percent)
        if net:
            [paid] = with_fee(
                make_plan([Parts(net)], Terms({}, None, 0, "none", Decimal(0), date(2026, 1, 1))), percent
            ).installments
            self.assertLessEqual(paid.amount, most)
        self.assertGreater((net + CENT) * (100 + percent) / 100, most)

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(amounts, percents, st.lists(st.integers(1, 100), min_size=1, max_size=6))
    def test_in_parts(self, net, percent, weights):
        """However a payment is paid, together all of its fee came, and never more than that."""
        fee = (net * percent / 100).quantize(CENT)
        amount, known = net + fee, Decimal(0)
        for number in range(1, len(weights) + 1):
            paid = (amount * sum(weights[:number]) / sum(weights)).quantize(CENT)
            now = fee_of(paid, amount, fee)
            self.assertLessEqual(known, now)
            self.assertLessEqual(now, min(fee, paid))
            known = now
        self.assertEqual(known, fee)
