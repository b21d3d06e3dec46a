import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import offer
from odoo.addons.cobranca_negociacao.tools.limits import Limits, excesses
from odoo.addons.cobranca_negociacao.tools.plan import COMPONENTS, Parts, Terms, make_plan

PINNED = settings(max_examples=200, derandomize=True, deadline=None)
TODAY = date(2026, 11, 19)
FIRST = date(2026, 11, 24)
ZERO = Decimal(0)
BAKERY = [
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("27.95")),
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("15.05")),
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("1.29")),
]
USUAL = Limits(
    {"fine": Decimal(100), "interest": Decimal(50)}, Decimal(15), 5, ZERO, frozenset({"price"}), Decimal(1), 3, 10, 5
)
WHOLE = st.integers(0, 60).map(Decimal)
DEBTS = st.lists(st.builds(Parts, st.integers(20, 400).map(Decimal), WHOLE, WHOLE, WHOLE), min_size=1, max_size=3)
LIMITS = st.builds(
    Limits,
    percents=st.fixed_dictionaries(
        {name: st.sampled_from([ZERO, Decimal(30), Decimal(100)]) for name in COMPONENTS[:3]}
    ),
    min_down_percent=st.sampled_from([ZERO, Decimal(10), Decimal(30)]),
    max_count=st.integers(0, 6),
    min_installment=st.sampled_from([ZERO, Decimal(20), Decimal(50)]),
    methods=st.sampled_from([frozenset({"simple"}), frozenset({"price"})]),
    min_rate=st.sampled_from([ZERO, Decimal(1), Decimal(3)]),
    free_count=st.integers(0, 6),
    max_first_days=st.just(10),
    validity_days=st.just(5),
)


@tagged("post_install", "-at_install")
class TestOfferKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(offer)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 6)

    def fit(self, monthly, limits=USUAL, first=FIRST):
        terms, over = offer.fit(BAKERY, limits, Decimal(monthly), first, TODAY)
        plan = make_plan(BAKERY, terms)
        self.assertLessEqual(max(each.amount for each in plan.installments), Decimal(monthly))
        return plan, over

    # === WHAT FITS === #

    def test_pocket_beyond_the_authority(self):
        plan, over = self.fit("600.00")
        self.assertEqual([str(each.amount) for each in plan.installments[:2]], ["600.00", "585.23"])
        self.assertEqual([(each.kind, each.wanted, each.allowed) for each in over], [("count", 6, 5)])
        self.assertEqual(set(plan.given.values()), {ZERO})

    def test_no_more_installments_than_needed(self):
        plan, over = self.fit("1000.00")
        self.assertEqual((plan.terms.count, plan.terms.method, over), (3, "none", ()))
        self.assertEqual([str(each.amount) for each in plan.installments], ["1000.00", "997.23", "997.23", "997.23"])

    def test_no_more_discount_than_needed(self):
        # 4 × 980,00 are 71,69 less than all: a part of the fine, and nothing else.
        limits = replace(USUAL, max_count=3)
        plan, over = self.fit("980.00", limits)
        self.assertEqual((over, plan.terms.count), ((), 3))
        self.assertEqual({name: str(amount) for name, amount in plan.given.items() if amount}, {"fine": "71.69"})
        # Five with interest take none of it away.
        self.assertEqual(set(self.fit("980.00")[0].given.values()), {ZERO})

    def test_at_once(self):
        plan, over = self.fit("4000.00")
        self.assertEqual((plan.terms.count, plan.total, over), (0, Decimal("3991.69"), ()))
        plan, over = self.fit("3900.00", replace(USUAL, max_count=0))
        self.assertEqual((plan.terms.count, plan.total, over), (0, Decimal("3900.00"), ()))

    def test_smaller_at_first_where_installments_would_be_too_small(self):
        plan, over = self.fit("3990.00", replace(USUAL, percents={}, max_count=1, min_installment=Decimal("100.00")))
        self.assertEqual([str(each.amount) for each in plan.installments], ["3891.69", "100.00"])
        self.assertEqual(over, ())

    def test_no_more_discount_than_the_down_payment_needs(self):
        # 1.950,00 are half of 3.900,00: 91,69 less than all, whatever the number of installments.
        limits = replace(USUAL, min_down_percent=Decimal(50))
        plan, over = self.fit("1950.00", limits)
        self.assertEqual((str(plan.agreed), plan.terms.count, over), ("3900.00", 1, ()))
        self.assertEqual([str(each.amount) for each in plan.installments], ["1950.00", "1950.00"])
        # 1.950,00 are sixty percent of 3.250,00.
        percents = {"fine": Decimal(100), "interest": Decimal(100), "principal": Decimal(20)}
        plan, over = self.fit("1950.00", replace(USUAL, min_down_percent=Decimal(60), percents=percents))
        self.assertEqual((str(plan.agreed), over), ("3250.00", ()))

    def test_a_day_that_is_too_late(self):
        plan, over = self.fit("1000.00", first=date(2026, 12, 24))
        self.assertEqual((plan.terms.count, [each.kind for each in over]), (3, ["first"]))

    def test_too_little(self):
        for monthly in ("0.00", "1.00", "-1", "NaN", "0.001"):
            with self.subTest(monthly), self.assertRaises(ValueError) as caught:
                offer.fit(BAKERY, USUAL, Decimal(monthly), FIRST, TODAY)
            self.assertEqual(caught.exception.args[0], "monthly")

    def test_where_nothing_is_conceded(self):
        terms, over = offer.fit(BAKERY, replace(USUAL, percents={}, max_count=0), Decimal("2000.00"), FIRST, TODAY)
        self.assertEqual((terms.count, [each.kind for each in over]), (1, ["count"]))

    @PINNED
    @given(DEBTS, LIMITS, st.integers(10, 500).map(Decimal))
    def test_nothing_within_the_limits_gives_less_away(self, debts, limits, monthly):
        """Against all plans of whole reais, each tried one by one."""
        try:
            terms, over = offer.fit(debts, limits, monthly, FIRST, TODAY)
        except ValueError as error:
            self.assertEqual(error.args, ("monthly", monthly))
            return
        plan = make_plan(debts, terms)
        self.assertLessEqual(max(each.amount for each in plan.installments), monthly)
        self.assertEqual(over, excesses(plan, limits, TODAY))
        agreed = plan.agreed if not over else ZERO
        better = self.better(debts, limits, monthly, agreed)
        if over:
            self.assertIsNone(better, "a plan without excesses was there")
        elif better:
            # What is between whole reais and what rounding leaves: less than one real.
            self.assertLess(better.agreed - plan.agreed, 1)

    def better(self, debts, limits, monthly, agreed):
        """A plan within the limits that gives less away than one of that amount does."""
        for less in range(int(sum(debt.total for debt in debts) - agreed) + 1):
            percents = self.percents(debts, limits, Decimal(less))
            if percents is None:
                return None
            for count in range(limits.max_count + 1):
                for down in (
                    [None]
                    if not count
                    else [monthly, *map(Decimal, range(1, int(monthly)))][:: max(int(monthly) // 12, 1)]
                ):
                    method, rate = offer.interest_of(limits, count)
                    try:
                        plan = make_plan(debts, Terms(percents, down, count, method, rate, FIRST))
                    except ValueError:
                        continue
                    if max(each.amount for each in plan.installments) <= monthly and not excesses(plan, limits, TODAY):
                        return plan
        return None

    def percents(self, debts, limits, given):
        found = {}
        for name in COMPONENTS:
            whole = sum(getattr(debt, name) for debt in debts)
            most = whole * limits.percents.get(name, ZERO) / 100
            taken = min(given, most)
            found[name] = taken * 100 / whole if whole else ZERO
            given -= taken
        return None if given else found

    # === WHAT IS READY === #

    def test_offers_of_the_screen(self):
        ready = dict(offer.offers(BAKERY, replace(USUAL, min_down_percent=ZERO), FIRST, TODAY))
        plans = {name: make_plan(BAKERY, terms) for name, terms in ready.items()}
        self.assertEqual(
            {name: str(plan.agreed) for name, plan in plans.items()},
            {"cash": "3892.14", "short": "3914.29", "long": "3991.69"},
        )
        self.assertEqual(str(plans["short"].installments[0].amount), "1174.29")
        self.assertEqual(str(plans["long"].installments[0].amount), "798.34")
        self.assertEqual((ready["long"].method, ready["long"].rate, ready["long"].count), ("price", 1, 5))

    def test_offers_that_there_are_not(self):
        at_once = offer.offers(BAKERY, replace(USUAL, max_count=0), FIRST, TODAY)
        self.assertEqual([name for name, _terms in at_once], ["cash"])
        # No more than the short one has: not offered twice.
        few = offer.offers(BAKERY, replace(USUAL, max_count=3), FIRST, TODAY)
        self.assertEqual([(name, terms.count) for name, terms in few], [("cash", 0), ("short", 3)])
        small = offer.offers([Parts(Decimal("120.00"))], replace(USUAL, min_installment=Decimal("40.00")), FIRST, TODAY)
        self.assertEqual([(name, terms.count) for name, terms in small], [("cash", 0), ("short", 2)])
        everything = {name: Decimal(100) for name in COMPONENTS}
        free = offer.offers(BAKERY, replace(USUAL, percents=everything, max_count=0), FIRST, TODAY)
        self.assertEqual(free, ())

    @PINNED
    @given(DEBTS, LIMITS)
    def test_offers_are_within_the_limits(self, debts, limits):
        ready = offer.offers(debts, limits, FIRST, TODAY)
        for _name, terms in ready:
            self.assertEqual(excesses(make_plan(debts, terms), limits, TODAY), ())
        names = [name for name, _terms in ready]
        self.assertEqual(names, [name for name in ("cash", "short", "long") if name in names])
        self.assertIn("cash", names)
