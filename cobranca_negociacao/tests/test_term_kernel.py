import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import brazilian, plan, term

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
TODAY = date(2026, 11, 24)
CENTS = st.integers(0, 500_000).map(lambda number: Decimal(number) / 100)
SOME = st.integers(10_000, 5_000_000).map(lambda number: Decimal(number) / 100)
PERCENTS = st.integers(0, 100).map(Decimal)


@st.composite
def plans(draw):
    """What the kernel of plans makes of random debts and terms."""
    debts = draw(st.lists(st.builds(plan.Parts, SOME, CENTS, CENTS, CENTS), min_size=1, max_size=4))
    percents = {name: draw(PERCENTS) for name in ("fine", "interest", "correction")}
    percents["principal"] = Decimal(draw(st.integers(0, 90)))
    method = draw(st.sampled_from(["none", "simple", "price", "sac"]))
    rate = Decimal(draw(st.integers(1, 300))) / 100 if method != "none" else Decimal(0)
    terms = plan.Terms(percents, None, draw(st.integers(1, 24)), method, rate, TODAY + timedelta(days=5), None)
    return plan.make_plan(debts, terms)


def as_terms(made):
    """A plan as the paper takes it."""
    return {
        "debts": [
            {**{name: getattr(parts, name) for name in term.COMPONENTS}, "given": gift}
            for parts, gift in zip(made.debts, made.given_each, strict=True)
        ],
        "agreed": made.agreed,
        "financing": made.financing,
        "total": made.total,
        "installments": [row._asdict() for row in made.installments],
    }


@tagged("post_install", "-at_install")
class TestTermKernel(BaseCase):
    def test_doctests(self):
        for module in (term, brazilian):
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0)
            self.assertGreater(result.attempted, 6)

    # === SUMS === #

    @PINNED
    @given(plans())
    def test_every_plan_fits(self, made):
        term.check(as_terms(made))

    @PINNED
    @given(plans(), st.sampled_from(["agreed", "financing", "total"]), st.integers(1, 10_000))
    def test_a_changed_sum_is_found(self, made, name, cents):
        terms = as_terms(made)
        terms[name] += Decimal(cents) / 100
        with self.assertRaises(ValueError):
            term.check(terms)

    @PINNED
    @given(plans(), st.integers(1, 10_000), st.integers(0, 30))
    def test_a_changed_installment_is_found(self, made, cents, place):
        terms = as_terms(made)
        row = terms["installments"][place % len(terms["installments"])]
        row["amount"] += Decimal(cents) / 100
        with self.assertRaises(ValueError):
            term.check(terms)

    def refused(self, **changes):
        terms = {
            "debts": [{"principal": 100, "fine": 2, "given": {"fine": 2}}],
            "agreed": 100,
            "financing": 0,
            "total": 100,
            "installments": [{"number": 1, "due": TODAY, "amount": 100}],
        }
        term.check(terms)
        with self.assertRaises(ValueError) as caught:
            term.check({**terms, **changes})
        return caught.exception.args[0]

    def test_what_is_no_agreement(self):
        self.assertEqual(self.refused(debts=[]), "debts")
        self.assertEqual(self.refused(installments=[]), "installments")
        self.assertEqual(self.refused(debts=[{"principal": 100, "given": {"principal": 101}}]), "principal")
        self.assertEqual(self.refused(debts=[{"principal": -100}]), "principal")
        days = (date(2027, 1, 1), TODAY)
        backwards = [{"number": number, "due": day, "amount": 50} for number, day in enumerate(days, start=1)]
        self.assertEqual(self.refused(installments=backwards), "due")
        free = [{"number": 1, "due": TODAY, "amount": 0}, {"number": 2, "due": date(2027, 1, 1), "amount": 100}]
        self.assertEqual(self.refused(installments=free), "installments")

    # === EFFECTIVE RATE === #

    @PINNED
    @given(plans())
    def test_rate_makes_payments_worth_what_is_financed(self, made):
        payments = [(row.due, row.amount) for row in made.installments]
        found = float(term.yearly_rate(made.agreed, TODAY, payments)) / 100

        def worth(rate):
            return sum(float(amount) / (1 + rate) ** ((due - TODAY).days / 365) for due, amount in payments)

        if not made.financing:
            self.assertEqual(found, 0)
            return
        # Two places of a percent: what is financed lies between the neighbours.
        self.assertLessEqual(worth(found + 0.0001), float(made.agreed) + 0.01)
        self.assertGreaterEqual(worth(found - 0.0001), float(made.agreed) - 0.01)

    def test_months_of_one_percent(self):
        """1 % a month compounds to 12.68 % a year."""
        days = [TODAY + timedelta(days=round(365 * month / 12)) for month in range(1, 13)]
        payment = Decimal("88.85")  # Price of 1,000 at 1 % in 12
        found = term.yearly_rate(Decimal(1000), TODAY, [(day, payment) for day in days])
        self.assertAlmostEqual(float(found), 12.68, delta=0.05)
