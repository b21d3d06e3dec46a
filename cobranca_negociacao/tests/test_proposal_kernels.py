import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import history, renewal, terms, typed
from ..tools.plan import COMPONENTS, Parts, Terms, make_plan

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
CENTS = st.integers(0, 10**9).map(lambda number: Decimal(number) / 100)
DAYS = st.dates(date(2020, 1, 1), date(2100, 1, 1))
PERCENTS = st.decimals(0, 100, places=12, allow_nan=False, allow_infinity=False)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def some_terms(draw):
    first = draw(DAYS)
    return Terms(
        percents={name: draw(PERCENTS) for name in COMPONENTS},
        down=draw(st.none() | CENTS),
        count=draw(st.integers(0, 120)),
        method=draw(st.sampled_from(("none", "simple", "price", "sac"))),
        rate=draw(st.decimals(0, 20, places=4)),
        first=first,
        next=draw(st.none() | st.just(first + timedelta(days=30))),
    )


@st.composite
def some_debts(draw):
    amounts = st.integers(1, 10**7).map(lambda number: Decimal(number) / 100)
    charges = st.integers(0, 10**5).map(lambda number: Decimal(number) / 100)
    return [Parts(draw(amounts), draw(charges), draw(charges), draw(charges)) for _ in range(draw(st.integers(1, 5)))]


@tagged("post_install", "-at_install")
class TestProposalKernels(BaseCase):
    def test_doctests(self):
        for kernel in (history, renewal, terms, typed):
            self.assertEqual(doctest.testmod(kernel).failed, 0, kernel.__name__)

    # --- terms ---

    @PINNED
    @given(some_terms())
    def test_terms_come_back_as_they_were(self, wanted):
        self.assertEqual(terms.unpack(terms.pack(wanted)), wanted)

    @PINNED
    @given(some_terms(), st.sampled_from(("percents", "down", "count", "method", "rate", "first", "next")), JUNK)
    def test_terms_of_junk_are_refused_or_are_terms(self, wanted, name, junk):
        data = {**terms.pack(wanted), name: junk}
        try:
            found = terms.unpack(data)
        except ValueError as error:
            self.assertEqual(len(error.args), 2)
            return
        self.assertTrue(found.down is None or (found.down.is_finite() and found.down >= 0))
        self.assertTrue(0 <= found.rate <= 20 and 0 <= found.count <= 360)
        self.assertTrue(all(0 <= percent <= 100 for percent in found.percents.values()))

    @PINNED
    @given(JUNK)
    def test_junk_is_no_terms(self, junk):
        with self.assertRaises(ValueError):
            terms.unpack(junk)

    # --- typed ---

    @PINNED
    @given(CENTS)
    def test_amounts_as_people_write_them(self, amount):
        english = f"{amount:,.2f}"
        portuguese = english.replace(",", " ").replace(".", ",").replace(" ", ".")
        for text in (english, portuguese, f"{amount:.2f}", f"R$ {portuguese}", f" R$\xa0{portuguese} "):
            self.assertEqual(typed.amount(text), amount, text)

    @PINNED
    @given(st.text(max_size=40) | JUNK)
    def test_other_texts_are_refused_or_are_figures(self, text):
        for read, low, high in ((typed.amount, 0, 10**11), (typed.percent, 0, 100), (typed.whole, 0, 9999)):
            try:
                found = read(text)
            except ValueError:
                continue
            self.assertTrue(low <= found <= high)

    def test_what_is_no_amount(self):
        for text in (
            *(
                "",
                " ",
                "NaN",
                "inf",
                "-1",
                "1e9",
                "1,2,3",
                "1.2.3",
                "1,234,5",
                "1.23.456,00",
                "12345678901234",
                "٣",
                "0x1",
            ),
            *("1,2345", "10 00", None, True, 1.5, [], "R$", "1;2", "５"),
        ):
            with self.assertRaises(ValueError, msg=repr(text)):
                typed.amount(text)

    def test_what_is_no_day(self):
        for text in ("", "31/02/2026", "2026-13-01", "1/1/26", "tomorrow", "20261124", None, 20261124):
            with self.assertRaises(ValueError, msg=repr(text)):
                typed.day(text)

    # --- renewal ---

    @PINNED
    @given(some_debts(), st.integers(0, 100), st.integers(0, 100), st.data())
    def test_renewal_asks_for_what_was_offered(self, debts, fine, interest, data):
        percents = {"fine": Decimal(fine), "interest": Decimal(interest)}
        plan = make_plan(debts, Terms(percents, None, 0, "none", Decimal(0), date(2026, 11, 24)))
        grown = st.integers(0, 10**4).map(lambda number: Decimal(number) / 100)
        now = [
            debt._replace(interest=debt.interest + data.draw(grown), correction=debt.correction + data.draw(grown))
            for debt in debts
        ]
        renewed = renewal.renew(plan, now)
        self.assertEqual(
            (renewed.agreed, renewed.total, renewed.installments), (plan.agreed, plan.total, plan.installments)
        )
        self.assertEqual(renewed.before, sum(debt.total for debt in now))
        self.assertEqual(renewed.before - sum(renewed.given.values()), renewed.agreed)
        for debt, given_, offered, before in zip(now, renewed.given_each, plan.given_each, debts, strict=True):
            for name in COMPONENTS:
                self.assertTrue(0 <= given_[name] <= getattr(debt, name))
                self.assertEqual(getattr(debt, name) - given_[name], getattr(before, name) - offered[name])
        self.assertEqual(renewal.renew(renewed, debts), plan)

    @PINNED
    @given(some_debts(), st.integers(0, 4), st.integers(1, 100))
    def test_renewal_of_other_debts_is_refused(self, debts, place, cents):
        plan = make_plan(debts, Terms({}, None, 0, "none", Decimal(0), date(2026, 11, 24)))
        place, less = place % len(debts), Decimal(cents) / 100
        assume(debts[place].principal > less)
        paid = [*debts]
        paid[place] = debts[place]._replace(principal=debts[place].principal - less)
        waived = [*debts]
        waived[place] = debts[place]._replace(interest=debts[place].interest - less)
        for now, code in ((paid, "principal"), (waived, "less"), (debts[1:], "debts")):
            with self.assertRaises(ValueError) as refused:
                renewal.renew(plan, now)
            self.assertEqual(refused.exception.args[0], code)
