import doctest
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import limits as kernel
from odoo.addons.cobranca_negociacao.tools.limits import Excess, Limits, excesses, meet
from odoo.addons.cobranca_negociacao.tools.plan import COMPONENTS, Parts, Terms, make_plan

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
TODAY = date(2026, 11, 19)
FIRST = date(2026, 11, 24)
ZERO = Decimal(0)
PERCENTS = st.integers(0, 100).map(Decimal)
METHODS = st.frozensets(st.sampled_from(["none", "simple", "price", "sac"]))
LIMITS = st.builds(
    Limits,
    percents=st.dictionaries(st.sampled_from(COMPONENTS), PERCENTS),
    min_down_percent=PERCENTS,
    max_count=st.integers(0, 60),
    min_installment=st.integers(0, 100_000).map(lambda number: Decimal(number) / 100),
    methods=METHODS,
    min_rate=st.integers(0, 50).map(lambda number: Decimal(number) / 10),
    free_count=st.integers(0, 60),
    max_first_days=st.integers(0, 60),
    validity_days=st.integers(0, 60),
)
DEBTS = [Parts(Decimal("900.00"), Decimal("10.00"), Decimal("20.00"), Decimal("70.00"))]
PLANS = st.builds(
    Terms,
    percents=st.fixed_dictionaries({name: st.integers(0, 90).map(Decimal) for name in COMPONENTS}),
    down=st.none() | st.integers(1, 90).map(Decimal),
    count=st.integers(1, 60),
    method=st.sampled_from(["none", "simple", "price", "sac"]),
    rate=st.integers(0, 50).map(lambda number: Decimal(number) / 10),
    first=st.integers(-5, 70).map(lambda days: TODAY + timedelta(days=days)),
).map(lambda terms: make_plan(DEBTS, terms))


def limits(**values):
    percents = {"fine": Decimal(100), "interest": Decimal(50)}
    usual = Limits(percents, Decimal(20), 5, Decimal("50.00"), frozenset({"price"}), Decimal(1), 3, 10, 5)
    return replace(usual, **values)


def plan(percents=None, down="250.00", count=3, method="none", rate="0", first=FIRST, **others):
    percents = {name: Decimal(percent) for name, percent in (percents or {}).items()}
    return make_plan(DEBTS, Terms(percents, down and Decimal(down), count, method, Decimal(rate), first, **others))


# (kind, limits, a plan at the limit, one beyond it, what it wants, what is allowed)
BOUNDARIES = [
    ("percent:fine", limits(percents={"fine": Decimal(50)}), plan({"fine": 50}), plan({"fine": 51}), 51, 50),
    (
        "percent:principal",
        limits(percents={"principal": Decimal(1)}),
        plan({"principal": 1}),
        plan({"principal": 2}),
        2,
        1,
    ),
    ("percent:correction", limits(), plan(), plan({"correction": 10}), 10, 0),
    ("percent:interest", limits(), plan({"interest": 50}), plan({"interest": 60}), 60, 50),
    ("down", limits(), plan(down="200.00"), plan(down="199.99"), Decimal("199.99"), Decimal("200.00")),
    ("down", limits(min_down_percent=Decimal("0.01")), plan(down="0.10"), plan(down=None), 0, Decimal("0.10")),
    ("count", limits(), plan(count=5, method="price", rate="1"), plan(count=6, method="price", rate="1"), 6, 5),
    ("installment", limits(), plan(down="850.00"), plan(down="850.03"), Decimal("49.99"), Decimal("50.00")),
    ("method", limits(), plan(method="price", rate="1"), plan(method="sac", rate="1"), "sac", ("price",)),
    ("rate", limits(), plan(count=4, method="price", rate="1"), plan(count=4), 0, 1),
    (
        "rate",
        limits(),
        plan(count=4, method="price", rate="1"),
        plan(count=4, method="price", rate="0.99"),
        Decimal("0.99"),
        1,
    ),
    (
        "first",
        limits(),
        plan(first=date(2026, 11, 29)),
        plan(first=date(2026, 11, 30)),
        date(2026, 11, 30),
        date(2026, 11, 29),
    ),
    ("first", limits(), plan(first=TODAY), plan(first=date(2026, 11, 18)), date(2026, 11, 18), TODAY),
    (
        "next",
        limits(),
        plan(next=date(2026, 12, 29)),
        plan(next=date(2026, 12, 30)),
        date(2026, 12, 30),
        date(2026, 12, 29),
    ),
]


@tagged("post_install", "-at_install")
class TestLimitsKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(kernel)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 6)

    # === WHERE A PLAN GOES BEYOND === #

    def test_each_limit_is_allowed_and_a_little_more_is_not(self):
        for kind, limit, fine, beyond, wanted, allowed in BOUNDARIES:
            with self.subTest(kind, wanted=wanted):
                self.assertEqual(excesses(fine, limit, TODAY), ())
                self.assertEqual(excesses(beyond, limit, TODAY), (Excess(kind, wanted, allowed),))

    def test_free_installments_bear_no_interest(self):
        self.assertEqual(excesses(plan(count=3), limits(), TODAY), ())
        # Interest of nothing is none, whatever the method is called.
        self.assertEqual(excesses(plan(count=3, method="sac"), limits(), TODAY), ())
        (excess,) = excesses(plan(count=4, method="sac"), limits(), TODAY)
        self.assertEqual(excess.kind, "rate")

    def test_all_at_once_needs_no_down_payment(self):
        cash = make_plan(DEBTS, Terms({"fine": Decimal(100)}, None, 0, "none", ZERO, FIRST))
        self.assertEqual(excesses(cash, limits(max_count=0), TODAY), ())

    def test_a_discount_on_nothing_is_none(self):
        bare = make_plan([Parts(Decimal("100.00"))], Terms({"fine": Decimal(100)}, None, 0, "none", ZERO, FIRST))
        self.assertEqual(excesses(bare, kernel.NOTHING, FIRST), ())

    def test_nothing_is_conceded_where_nothing_was_decided(self):
        kinds = [excess.kind for excess in excesses(plan({"fine": 1, "principal": 1}), kernel.NOTHING, TODAY)]
        self.assertEqual(kinds, ["percent:fine", "percent:principal", "count", "first"])

    def test_rounding_of_the_limit_itself(self):
        # 50 % of 44,29 is 22,15 when rounded: who types the amount stays within.
        debt = Parts(Decimal("100.00"), interest=Decimal("44.29"))
        half = {"interest": Decimal("50.0112")}
        made = make_plan([debt], Terms(half, None, 0, "none", ZERO, FIRST))
        self.assertEqual(str(made.given["interest"]), "22.15")
        self.assertEqual(excesses(made, limits(), TODAY), ())

    # === WHAT TWO CONCEDE TOGETHER === #

    def test_the_strictest_of_each(self):
        one = limits(max_count=12, min_rate=Decimal(2), percents={"fine": Decimal(100), "principal": Decimal(5)})
        other = limits(min_down_percent=Decimal(30), max_first_days=3, methods=frozenset({"simple", "price"}))
        self.assertEqual(
            meet(one, other),
            limits(
                percents={"fine": Decimal(100), "interest": ZERO, "correction": ZERO, "principal": ZERO},
                min_down_percent=Decimal(30),
                min_rate=Decimal(2),
                max_first_days=3,
            ),
        )
        with self.assertRaises(ValueError):
            meet()

    @PINNED
    @given(LIMITS, LIMITS, LIMITS)
    def test_order_and_repetition_do_not_matter(self, one, other, third):
        self.assertEqual(meet(one, other), meet(other, one))
        self.assertEqual(meet(meet(one, other), third), meet(one, meet(other, third)))
        self.assertEqual(meet(one, other, third), meet(third, meet(other, one)))
        alone = meet(one)
        self.assertEqual(meet(alone, alone), alone)
        self.assertEqual(meet(alone, one), alone)

    @PINNED
    @given(PLANS, LIMITS, LIMITS)
    def test_together_they_allow_what_both_allow(self, made, one, other):
        both = {excess.kind for excess in excesses(made, meet(one, other), TODAY)}
        each = [{excess.kind for excess in excesses(made, limit, TODAY)} for limit in (one, other)]
        self.assertGreaterEqual(both, each[0] | each[1])
        if not each[0] | each[1] and one.free_count == other.free_count:
            self.assertEqual(both, set())
