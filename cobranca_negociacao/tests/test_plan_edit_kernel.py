import doctest
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import plan_edit
from odoo.addons.cobranca_negociacao.tools.plan import COMPONENTS, Parts, Terms, make_plan

PINNED = settings(max_examples=200, derandomize=True, deadline=None)
DAY = date(2026, 11, 24)
CENT = Decimal("0.01")
ZERO = Decimal(0)
BAKERY = [
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("27.95")),
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("15.05")),
    Parts(Decimal("1290.00"), fine=Decimal("25.80"), interest=Decimal("1.29")),
]
CENTS = st.integers(0, 100_000).map(lambda number: Decimal(number) / 100)
DEBTS = st.lists(
    st.builds(Parts, st.integers(5_000, 1_000_000).map(lambda number: Decimal(number) / 100), CENTS, CENTS, CENTS),
    min_size=1,
    max_size=4,
)
PERCENTS = st.integers(0, 100).map(Decimal)


@st.composite
def plans(draw):
    debts = draw(DEBTS)
    percents = {name: draw(PERCENTS) for name in COMPONENTS[:3]}
    count = draw(st.integers(0, 12))
    method = draw(st.sampled_from(["none", "simple", "price", "sac"]))
    rate = Decimal(draw(st.integers(0, 50))) / 10
    made = make_plan(debts, Terms(percents, None, count, method, rate, DAY))
    share = draw(st.integers(0, 90))
    if count and share:
        down = (made.agreed * share / 100).quantize(CENT)
        made = make_plan(debts, Terms(percents, down, count, method, rate, DAY))
    return made


@tagged("post_install", "-at_install")
class TestPlanEditKernel(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = make_plan(BAKERY, Terms({"fine": Decimal(100), "interest": Decimal(50)}, None, 0, "none", ZERO, DAY))
        cls.short = make_plan(BAKERY, Terms({"fine": Decimal(100)}, Decimal("1174.29"), 3, "none", ZERO, DAY))
        cls.long = make_plan(BAKERY, Terms({}, Decimal("798.34"), 5, "price", Decimal(1), DAY))

    def test_doctests(self):
        result = doctest.testmod(plan_edit)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 12)

    def amounts(self, plan, terms):
        return [str(each.amount) for each in make_plan(plan.debts, terms).installments]

    # === ONE FIGURE, THE OTHERS FOLLOW === #

    def test_total_of_cash(self):
        terms = plan_edit.with_total(self.cash, Decimal("3850.00"))
        made = make_plan(BAKERY, terms)
        self.assertEqual(str(made.total), "3850.00")
        # 141,69 less: all of the fine and of the interest, the rest of the principal.
        given = {name: str(amount) for name, amount in made.given.items()}
        self.assertEqual(given, {"fine": "77.40", "interest": "44.29", "correction": "0.00", "principal": "20.00"})

    def test_total_gives_charges_before_principal(self):
        terms = plan_edit.with_total(self.cash, Decimal("3900.00"))
        self.assertEqual(terms.percents["fine"], 100)
        self.assertEqual(str(make_plan(BAKERY, terms).given["interest"]), "14.29")
        self.assertEqual(terms.percents["principal"], 0)

    def test_total_without_a_discount(self):
        terms = plan_edit.with_total(self.cash, Decimal("3991.69"))
        self.assertEqual(set(terms.percents.values()), {ZERO})
        for total in ("3991.70", "0.00"):
            with self.subTest(total), self.assertRaises(ValueError) as caught:
                plan_edit.with_total(self.cash, Decimal(total))
            self.assertEqual(caught.exception.args, ("total", Decimal(total)))

    def test_total_with_interest_of_the_installments(self):
        made = make_plan(BAKERY, plan_edit.with_total(self.long, Decimal("4000.00")))
        self.assertLessEqual(made.total, Decimal("4000.00"))
        self.assertGreater(made.total, Decimal("3999.95"))
        self.assertGreater(made.financing, 90)

    def test_down_payment_keeps_its_share_of_the_total(self):
        made = make_plan(BAKERY, plan_edit.with_total(self.short, Decimal("3900.00")))
        self.assertEqual(str(made.installments[0].amount), "1170.00")

    def test_down_payment(self):
        self.assertEqual(
            self.amounts(self.short, plan_edit.with_down(self.short, Decimal("914.29"))),
            ["914.29", "1000.00", "1000.00", "1000.00"],
        )
        none = plan_edit.with_down(self.short, None)
        self.assertEqual(self.amounts(self.short, none), ["1304.77", "1304.76", "1304.76"])
        self.assertEqual(plan_edit.with_down(self.short, ZERO), none)
        self.assertEqual(self.amounts(self.short, plan_edit.with_down(self.short, self.short.agreed)), ["3914.29"])
        with self.assertRaises(ValueError):
            plan_edit.with_down(self.short, Decimal("3914.30"))

    def test_count(self):
        self.assertEqual(
            self.amounts(self.short, plan_edit.with_count(self.short, 2)), ["1174.29", "1370.00", "1370.00"]
        )
        self.assertEqual(self.amounts(self.short, plan_edit.with_count(self.short, 0)), ["3914.29"])
        self.assertEqual(self.amounts(self.cash, plan_edit.with_count(self.cash, 2)), ["1946.07", "1946.07"])
        for count in (-1, 10**9, "3", None):
            with self.subTest(count), self.assertRaises(ValueError) as caught:
                plan_edit.with_count(self.short, count)
            self.assertEqual(caught.exception.args[0], "count")

    def test_amount(self):
        self.assertEqual(plan_edit.with_amount(self.short, Decimal("700.00")).count, 4)
        self.assertEqual(plan_edit.with_amount(self.short, Decimal("685.00")).count, 4)
        self.assertEqual(plan_edit.with_amount(self.short, Decimal("684.99")).count, 5)
        with self.assertRaises(ValueError):
            plan_edit.with_amount(self.long, Decimal("1.00"))

    def test_discount(self):
        terms = plan_edit.with_discount(self.short, "principal", Decimal("100.00"))
        made = make_plan(BAKERY, terms)
        self.assertEqual(str(made.given["principal"]), "100.00")
        self.assertEqual(str(made.given["fine"]), "77.40")
        # 1.174,29 of 3.914,29 are as much of it as 1.144,29 of 3.814,29.
        self.assertEqual(str(made.installments[0].amount), "1144.29")
        for component, amount in [("fine", "77.41"), ("correction", "0.01"), ("fine", "-1"), ("anything", "1")]:
            with self.subTest(component), self.assertRaises(ValueError):
                plan_edit.with_discount(self.short, component, Decimal(amount))

    def test_all_cannot_be_given_away(self):
        bare = make_plan([Parts(Decimal("10.00"))], Terms({}, None, 0, "none", ZERO, DAY))
        with self.assertRaises(ValueError):
            plan_edit.with_discount(bare, "principal", Decimal("10.00"))

    # === LAWS === #

    @PINNED
    @given(plans(), st.data())
    def test_discount_is_what_was_asked_for(self, plan, data):
        name = data.draw(st.sampled_from(COMPONENTS))
        whole = sum(getattr(debt, name) for debt in plan.debts)
        amount = Decimal(data.draw(st.integers(0, int(whole * 100)))) / 100
        assume(plan.agreed + plan.given[name] - amount > 1)
        made = make_plan(plan.debts, plan_edit.with_discount(plan, name, amount))
        self.assertEqual(made.given[name], amount)
        self.assertEqual({**made.given, name: 0}, {**plan.given, name: 0})
        self.assertEqual(made.terms.count, plan.terms.count)

    @PINNED
    @given(plans(), st.integers(5, 100))
    def test_total_is_never_above_what_was_asked_for(self, plan, share):
        dearest = make_plan(
            plan.debts, Terms({}, plan.terms.down, plan.terms.count, plan.terms.method, plan.terms.rate, DAY)
        )
        total = (min(dearest.total, plan.total) * share / 100).quantize(CENT)
        try:
            made = make_plan(plan.debts, plan_edit.with_total(plan, total))
        except ValueError as error:
            self.assertIn(error.args[0], ("amount", "total"))
            self.assertLess(total, plan.total / 2)
            return
        self.assertLessEqual(made.total, total)
        self.assertGreaterEqual(made.total, total - (CENT * 2 * max(plan.terms.count, 1) if plan.financing else 0))
        if plan.terms.down:
            before, after = plan.terms.down / plan.agreed, made.terms.down / made.agreed
            self.assertLess(abs(before - after) * made.agreed, CENT)

    @PINNED
    @given(plans(), st.integers(1, 400_000))
    def test_installments_are_never_above_what_was_asked_for(self, plan, number):
        monthly = Decimal(number) / 100
        try:
            terms = plan_edit.with_amount(plan, monthly)
        except ValueError as error:
            self.assertEqual(error.args, ("amount", monthly))
            return
        made = make_plan(plan.debts, terms)
        self.assertLessEqual(max(each.amount for each in made.installments if each.number), monthly)
        self.assertEqual(made.terms.down, plan.terms.down)
        if terms.count > 1:
            fewer = make_plan(plan.debts, plan_edit.with_count(made, terms.count - 1))
            self.assertGreater(max(each.amount for each in fewer.installments if each.number), monthly)

    @PINNED
    @given(plans(), st.data())
    def test_down_payment_is_what_was_asked_for(self, plan, data):
        down = Decimal(data.draw(st.integers(0, int(plan.agreed * 100)))) / 100
        try:
            made = make_plan(plan.debts, plan_edit.with_down(plan, down))
        except ValueError as error:
            self.assertEqual(error.args[0], "amount")
            return
        first = made.installments[0]
        if down and down < made.agreed:
            self.assertEqual((first.number, first.amount), (0, down))
        self.assertEqual(made.agreed, plan.agreed)
