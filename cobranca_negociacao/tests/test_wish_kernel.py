import doctest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import wish
from odoo.addons.cobranca_negociacao.tools.limits import NOTHING, excesses
from odoo.addons.cobranca_negociacao.tools.offer import offers
from odoo.addons.cobranca_negociacao.tools.plan import make_plan

from .test_offer_kernel import BAKERY, DEBTS, FIRST, LIMITS, PINNED, TODAY, USUAL


@tagged("post_install", "-at_install")
class TestWishKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(wish)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 5)

    @PINNED
    @given(DEBTS, LIMITS, st.integers(1, 1500).map(Decimal))
    def test_within_the_limits_whatever_is_wished(self, debts, limits, monthly):
        """Never beyond what may be conceded; as wished means no payment above it; never dearer than a ready offer."""
        terms, is_wished = wish.nearest(debts, limits, monthly, FIRST, TODAY)
        plan = make_plan(debts, terms)
        self.assertFalse(excesses(plan, limits, TODAY))
        most = max(each.amount for each in plan.installments)
        ready = [make_plan(debts, each) for _name, each in offers(debts, limits, FIRST, TODAY)]
        fitting = [each for each in ready if max(item.amount for item in each.installments) <= monthly]
        if is_wished:
            self.assertLessEqual(most, monthly)
            self.assertLessEqual(plan.total, min((each.total for each in fitting), default=plan.total))
        else:
            self.assertGreater(most, monthly)
            self.assertFalse(fitting)

    def test_where_nothing_is_conceded(self):
        """All at once and in full, whatever is wished."""
        for monthly in (Decimal(1), Decimal(10000)):
            terms, _is_wished = wish.nearest(BAKERY, NOTHING, monthly, TODAY, TODAY)
            self.assertEqual(make_plan(BAKERY, terms).agreed, sum(debt.total for debt in BAKERY))

    def test_no_wish(self):
        for monthly in (Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("0.001"), Decimal("1e13")):
            with self.assertRaises(ValueError) as caught:
                wish.nearest(BAKERY, USUAL, monthly, FIRST, TODAY)
            self.assertEqual(caught.exception.args[0], "monthly")
