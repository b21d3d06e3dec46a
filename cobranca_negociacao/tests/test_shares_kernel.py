import doctest
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import placing, shares
from odoo.addons.cobranca_negociacao.tools.placing import Customer, Item, Room, Rule, judge

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
DAY = date(2026, 11, 19)
KEYS = st.lists(st.integers(1, 10**9), unique=True, max_size=120)


@st.composite
def percents(draw):
    """Up to six shares of hundredths of a percent, together 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=5)))
    return [Decimal(high - low) / 100 for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@tagged("post_install", "-at_install")
class TestSharesKernel(BaseCase):
    """Lots and quotas against exact fractions, rules against plain loops."""

    def test_doctests(self):
        for kernel, least in ((shares, 5), (placing, 6)):
            result = doctest.testmod(kernel)
            self.assertEqual(result.failed, 0)
            self.assertGreaterEqual(result.attempted, least)

    @PINNED
    @given(st.integers(0, 100_000), percents(), st.fractions(0, 1).filter(lambda begin: begin < 1))
    def test_quotas_are_whole_and_next_to_exact(self, count, parts, begin):
        found = shares.quotas(count, parts, begin)
        self.assertEqual(sum(found), count)
        exact = [Fraction(count) * Fraction(part) / 100 for part in parts]
        self.assertTrue(all(abs(number - wanted) < 1 for number, wanted in zip(found, exact, strict=True)))

    def test_few_at_a_time_add_up_to_the_shares(self):
        parts = [Decimal(80), Decimal(15), Decimal(5)]
        counts = Counter(shares.assign(f"night {number}", [number], parts)[0][1] for number in range(10_000))
        # Five deviations of chance.
        for place, wanted, most in ((0, 8_000, 200), (1, 1_500, 180), (2, 500, 110)):
            self.assertLess(abs(counts[place] - wanted), most)

    @PINNED
    @given(st.text(max_size=8), KEYS, percents(), st.randoms(use_true_random=False))
    def test_everybody_is_drawn_once_whatever_the_order(self, seed, keys, parts, random):
        found = shares.assign(seed, keys, parts)
        self.assertEqual(sorted(key for key, _place in found), sorted(keys))
        counts = Counter(place for _key, place in found)
        self.assertEqual(
            [counts[place] for place in range(len(parts))], shares.quotas(len(keys), parts, shares.start(seed))
        )
        random.shuffle(keys)
        self.assertEqual(shares.assign(seed, keys, parts), found)

    def test_lots_do_not_follow_numbers(self):
        halves = [Decimal(50), Decimal(50)]
        firsts = [key for key, place in shares.assign("batch", range(10_000), halves) if place == 0]
        # A half of the old and of the even numbers, as far as chance goes (five deviations).
        self.assertLess(abs(sum(key < 5_000 for key in firsts) - 2_500), 250)
        self.assertLess(abs(sum(key % 2 for key in firsts) - 2_500), 250)
        again = {key for key, place in shares.assign("other", range(10_000), halves) if place == 0}
        self.assertLess(abs(len(again & set(firsts)) - 2_500), 250)

    def test_what_cannot_be_is_refused(self):
        for call in (
            lambda: shares.quotas(-1, [Decimal(100)]),
            lambda: shares.quotas(3, [Decimal("99.99")]),
            lambda: shares.quotas(3, [Decimal(-1), Decimal(101)]),
            lambda: shares.quotas(3, [Decimal(100)], Fraction(1)),
            lambda: shares.assign("seed", [1, 1], [Decimal(100)]),
        ):
            self.assertRaises(ValueError, call)

    @PINNED
    @given(st.data())
    def test_nothing_is_lost_and_nothing_with_a_reason_is_placed(self, data):
        items = tuple(
            Item(number, DAY - timedelta(days=days), Decimal(amount), reason)
            for number, (days, amount, reason) in enumerate(
                data.draw(
                    st.lists(
                        st.tuples(st.integers(1, 200), st.integers(1, 500), st.sampled_from(["", "", "dispute"])),
                        min_size=1,
                        max_size=5,
                    )
                )
            )
        )
        rules = [
            Rule(number, *data.draw(st.tuples(st.integers(0, 150), st.sampled_from([0, 90, 180]))), Decimal(low))
            for number, low in enumerate(data.draw(st.lists(st.integers(0, 600), max_size=3)))
        ]
        barrier = data.draw(st.sampled_from(["", "", "document"]))
        verdict = judge(Customer(1, items, barrier=barrier), rules, DAY)
        # Once more in the plainest words.
        late, total = max((DAY - item.due).days for item in items), sum(item.amount for item in items)
        wanted = [
            rule
            for rule in rules
            if late >= rule.days_from and (not rule.days_to or late <= rule.days_to) and total >= rule.amount_from
        ]
        self.assertEqual(verdict.rule, wanted[0] if wanted else None)
        told = [*verdict.items, *(item for item, _reason in verdict.left)]
        self.assertEqual(sorted(told), sorted(items) if wanted else [])
        self.assertFalse([item for item in verdict.items if item.reason or barrier])
        self.assertTrue(all(reason for _item, reason in verdict.left))
        if verdict.items:
            rest = sum(item.amount for item in verdict.items)
            self.assertGreaterEqual(rest, verdict.rule.amount_from)

    def test_criteria(self):
        item = Item(1, DAY - timedelta(days=90), Decimal(200), levels=frozenset([5]))
        customer = Customer(1, (item,), is_consumer=False, segment=3, state=8)

        def fits(**asked):
            return Rule(1, **asked).fits(customer, (item,), DAY)

        for asked, other in (
            ({"days_from": 90}, {"days_from": 91}),
            ({"days_to": 90}, {"days_to": 89}),
            ({"amount_from": Decimal(200)}, {"amount_from": Decimal("200.01")}),
            ({"amount_to": Decimal(200)}, {"amount_to": Decimal("199.99")}),
            ({"segments": frozenset([3])}, {"segments": frozenset([4])}),
            ({"regions": frozenset([8])}, {"regions": frozenset([9])}),
            ({"audience": "company"}, {"audience": "consumer"}),
            ({"level": 5}, {"level": 6}),
        ):
            self.assertEqual((fits(**asked), fits(**other)), (True, False), asked)

    def test_room_without_limits(self):
        room = Room()
        self.assertTrue(all(room.take(Decimal(10**9)) for _number in range(3)))
