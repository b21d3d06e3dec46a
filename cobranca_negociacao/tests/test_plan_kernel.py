import calendar
import doctest
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import plan
from odoo.addons.cobranca_negociacao.tools.plan import Parts, Terms, make_plan

(NG01,) = json.loads((Path(__file__).parent / "negotiation_vectors.json").read_text())["negotiation"]
PINNED = settings(max_examples=300, derandomize=True, deadline=None)
NAMES = ("principal", "correction", "fine", "interest")
DAY = date(2026, 11, 24)
CENTS = st.integers(0, 1_000_000).map(lambda number: Decimal(number) / 100)
PERCENTS = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
DEBTS = st.lists(
    st.builds(Parts, st.integers(500, 1_000_000).map(lambda number: Decimal(number) / 100), CENTS, CENTS, CENTS),
    min_size=1,
    max_size=6,
)
DAYS = st.integers(0, 4000).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


def half_up(exact):
    return Fraction(floor(exact * 100 + Fraction(1, 2)), 100)


def one_debt(principal="1000.00", **others):
    return Parts(Decimal(principal), **{name: Decimal(amount) for name, amount in others.items()})


def terms(percents=None, down=None, count=0, method="none", rate="0", first=DAY, **others):
    percents = {name: Decimal(percent) for name, percent in (percents or {}).items()}
    return Terms(percents, down and Decimal(down), count, method, Decimal(rate), first, **others)


# The customer of the screen: three invoices of 1.290,00, each with 2 % once and 1 % a month by day.
BAKERY = [
    one_debt("1290.00", fine="25.80", interest="27.95"),
    one_debt("1290.00", fine="25.80", interest="15.05"),
    one_debt("1290.00", fine="25.80", interest="1.29"),
]


@tagged("post_install", "-at_install")
class TestPlanKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(plan)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 6)

    def amounts(self, made):
        return [str(each.amount) for each in made.installments]

    # === WORKED CASES === #

    def test_vector_of_negotiation(self):
        given, expected = NG01["input"], NG01["expected"]
        debt = one_debt(given["principal"], fine=expected["fine"], interest=expected["interest"])
        self.assertEqual(str(debt.total), expected["debt"])
        percents = {"fine": given["discount_fine_pct"], "interest": given["discount_interest_pct"]}
        down = str(half_up(Fraction(expected["agreement_total"]) * Fraction(given["down_pct"]) / 100))
        self.assertEqual(Fraction(down), Fraction(expected["down_payment"]))
        made = make_plan([debt], terms(percents, expected["down_payment"], given["n"]))
        self.assertEqual(str(made.agreed), expected["agreement_total"])
        self.assertEqual(str(made.total), expected["agreement_total"])
        self.assertEqual(str(sum(made.given.values())), expected["discount_total"])
        self.assertEqual(str(made.given["interest"]), expected["interest_after"])
        self.assertEqual(self.amounts(made), [expected["down_payment"], *expected["installments"]])

    def test_four_proposals_side_by_side(self):
        cash = make_plan(BAKERY, terms({"fine": 100, "interest": 50}))
        self.assertEqual(
            [str(cash.before), str(cash.given["fine"]), str(cash.given["interest"])], ["3991.69", "77.40", "22.15"]
        )
        self.assertEqual(self.amounts(cash), ["3892.14"])
        short = make_plan(BAKERY, terms({"fine": 100}, "1174.29", 3))
        self.assertEqual(self.amounts(short), ["1174.29", "913.34", "913.33", "913.33"])
        self.assertEqual(short.installments[-1].due, date(2027, 2, 24))
        # The last one takes the cents: five of 657,96 would be 3 cents more than the interest that is owed.
        long = make_plan(BAKERY, terms({}, "798.34", 5, "price", "1"))
        self.assertEqual(self.amounts(long), ["798.34", *["657.96"] * 4, "657.93"])
        self.assertEqual([str(long.financing), str(long.total)], ["96.42", "4088.11"])
        pocket = make_plan(BAKERY, terms({}, "600.00", 6, "price", "1"))
        self.assertEqual(self.amounts(pocket)[:6], ["600.00", *["585.23"] * 5])
        self.assertEqual(pocket.total - pocket.agreed, pocket.financing)
        self.assertEqual(pocket.installments[-1].due, date(2027, 5, 24))
        worth = [plan.present_value(made.installments, Decimal("1.2"), DAY) for made in (cash, short)]
        self.assertEqual([str(amount) for amount in worth], ["3892.14", "3849.82"])

    def test_discount_is_shared_out_among_the_debts(self):
        made = make_plan(BAKERY, terms({"fine": 100, "interest": 50}))
        self.assertEqual([str(each["interest"]) for each in made.given_each], ["13.98", "7.53", "0.64"])
        self.assertEqual([str(each["fine"]) for each in made.given_each], ["25.80"] * 3)

    def test_agreement_of_the_accounting(self):
        debts = [one_debt("1000.00", fine="20.00", interest="30.00"), one_debt("585.00", fine="11.70", interest="8.78")]
        percents = {"fine": 100, "interest": 50, "principal": 10}
        made = make_plan(debts, terms(percents, "289.18", 5, "price", "1"))
        self.assertEqual([str(made.agreed), str(made.financing), str(made.total)], ["1445.89", "34.94", "1480.83"])
        self.assertEqual(
            [str(each.interest) for each in made.installments], ["0.00", "11.57", "9.30", "7.01", "4.70", "2.36"]
        )

    def test_days(self):
        last = date(2026, 1, 31)
        days = [each.due for each in make_plan(BAKERY, terms(count=4, first=last)).installments]
        self.assertEqual(days, [last, date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)])
        down = make_plan(BAKERY, terms(down="100", count=2, first=last))
        self.assertEqual([each.due for each in down.installments], days[:3])
        later = make_plan(BAKERY, terms(down="100", count=2, first=last, next=date(2026, 3, 15)))
        self.assertEqual([each.due for each in later.installments], [last, date(2026, 3, 15), date(2026, 4, 15)])
        self.assertEqual(plan.due_dates(date(2028, 1, 31), None, 2)[1], date(2028, 2, 29))

    # === LAWS === #

    @PINNED
    @given(
        DEBTS,
        st.tuples(*[PERCENTS] * 4),
        st.integers(0, 100),
        st.integers(1, 24),
        st.sampled_from(["none", "simple", "price", "sac"]),
        PERCENTS,
        DAYS,
    )
    def test_money_adds_up(self, debts, percents, down_share, count, method, rate, first):
        percents = dict(zip(NAMES, (percent * Decimal("0.99") for percent in percents), strict=True))
        expected = self.given_by_hand(debts, percents)
        agreed = sum(debt.total for debt in debts) - sum(expected.values())
        down = (agreed * down_share / 101).quantize(Decimal("0.01"))
        wanted = terms(percents, str(down) if down else None, count, method, str(rate / 5), first)
        try:
            made = make_plan(debts, wanted)
        except ValueError as error:
            # Only where there are fewer cents than installments, or rounding eats the last ones.
            self.assertEqual(error.args[0], "amount")
            self.assertLess(agreed, count * count)
            return
        self.assertEqual({name: made.given[name] for name in NAMES}, expected)
        self.assertEqual(made.agreed, agreed)
        self.assertEqual(made.total, made.agreed + made.financing)
        self.assertEqual(sum(each.amount for each in made.installments), made.total)
        self.assertEqual(sum(each.interest for each in made.installments), made.financing)
        self.assertEqual(sum(each.amortization for each in made.installments), made.agreed)
        self.assertGreater(min(each.amount for each in made.installments), 0)
        for name in NAMES:
            self.assertEqual(sum(each[name] for each in made.given_each), made.given[name])
            for debt, each in zip(debts, made.given_each, strict=True):
                self.assertLessEqual(0, each[name])
                self.assertLessEqual(each[name], getattr(debt, name))
        days = [each.due for each in made.installments]
        self.assertEqual(days, [self.month_later(first, number) for number in range(len(days))])
        self.assertEqual([each.number for each in made.installments], list(range(0 if down else 1, count + 1)))

    def given_by_hand(self, debts, percents):
        exact = {
            name: sum(Fraction(getattr(debt, name)) for debt in debts) * Fraction(percents[name]) for name in NAMES
        }
        return {name: Decimal(int(half_up(amount / 100) * 100)) / 100 for name, amount in exact.items()}

    def month_later(self, first, months):
        """By the calendar module alone."""
        number = first.month - 1 + months
        year, month = first.year + number // 12, number % 12 + 1
        return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))

    @PINNED
    @given(DEBTS, PERCENTS, PERCENTS)
    def test_more_discount_is_never_dearer(self, debts, one, other):
        less, more = sorted((one * Decimal("0.99"), other * Decimal("0.99")))
        for name in NAMES:
            dear, cheap = (make_plan(debts, terms({name: percent})) for percent in (less, more))
            self.assertGreaterEqual(dear.agreed, cheap.agreed)

    @PINNED
    @given(DEBTS, st.integers(1, 24), PERCENTS, st.integers(0, 60))
    def test_later_money_is_worth_less(self, debts, count, rate, wait):
        made = make_plan(debts, terms(count=count))
        today = DAY - timedelta(days=wait)
        worth = plan.present_value(made.installments, rate / 10, today)
        self.assertLessEqual(worth, made.total)
        self.assertEqual(plan.present_value(made.installments, Decimal(0), today), made.total)
        self.assertLessEqual(worth, plan.present_value(made.installments, rate / 10, DAY))
        self.assertEqual(plan.present_value(made.installments, rate / 10, date(2040, 1, 1)), made.total)

    # === WHAT CANNOT BE === #

    def test_refusals(self):
        nan = Decimal("NaN")
        for code, debts, wanted in [
            ("debts", [], terms()),
            ("debts", [one_debt("0")], terms()),
            ("principal", [one_debt("-1")], terms()),
            ("fine", [one_debt(fine="0.001")], terms()),
            ("interest", [one_debt(interest="NaN")], terms()),
            ("principal", [Parts(100.0)], terms()),
            ("percent:fine", BAKERY, terms({"fine": "100.01"})),
            ("percent:principal", BAKERY, terms({"principal": "-1"})),
            ("percent:interest", BAKERY, terms({"interest": "NaN"})),
            ("percent", BAKERY, terms({"anything": "1"})),
            ("agreed", BAKERY, terms(dict.fromkeys(NAMES, "100"))),
            ("down", BAKERY, terms(down="3991.69", count=1)),
            ("down", BAKERY, terms(down="4000", count=1)),
            ("down", BAKERY, terms(down="-1", count=1)),
            ("down", BAKERY, terms(down="0.001", count=1)),
            ("down", BAKERY, terms(down="10")),
            ("down", BAKERY, Terms({}, nan, 2, "none", Decimal(0), DAY)),
            ("down", BAKERY, Terms({}, Decimal(0), 2, "none", Decimal(0), DAY)),
            ("count", BAKERY, terms(count=-1)),
            ("count", BAKERY, terms(count=10**9)),
            ("count", BAKERY, terms(count=True)),
            ("count", BAKERY, terms(count="3")),
            ("method", BAKERY, terms(count=1, method="usury")),
            ("rate", BAKERY, terms(count=1, rate="-1")),
            ("rate", BAKERY, terms(count=1, rate="NaN")),
            ("rate", BAKERY, terms(count=1, method="price", rate="100")),
            ("next", BAKERY, terms(down="10", count=1, next=DAY)),
            ("next", BAKERY, terms(count=1, next=date(2027, 1, 1))),
            ("amount", [one_debt("0.02")], terms(count=3)),
        ]:
            with self.subTest(code, wanted=wanted), self.assertRaises(ValueError) as caught:
                make_plan(debts, wanted)
            self.assertEqual(caught.exception.args[0], code)

    def test_all_at_once_may_be_named(self):
        self.assertEqual(self.amounts(make_plan(BAKERY, terms(down="3991.69"))), ["3991.69"])

    def test_rate_of_present_value(self):
        for rate in ("-1", "100", "NaN"):
            with self.subTest(rate), self.assertRaises(ValueError):
                plan.present_value([], Decimal(rate), DAY)
