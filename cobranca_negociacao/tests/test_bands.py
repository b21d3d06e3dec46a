import doctest
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import bands
from odoo.addons.cobranca_negociacao.tools.bands import Band, Situation

PINNED = settings(max_examples=400, derandomize=True, deadline=None)
# A small world, in which every negotiation there can be is tried.
DAYS, AMOUNTS, SEGMENTS, KINDS = range(8), range(8), (None, "a", "b"), (True, False)
WORLD = [Situation(*each) for each in product(DAYS, map(Decimal, AMOUNTS), SEGMENTS, KINDS)]


@st.composite
def some_band(draw, key="band"):
    delay, amount = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    return Band(
        key=key,
        delay_from=delay,
        delay_to=draw(st.none() | st.integers(delay, 7)),
        amount_from=Decimal(amount),
        amount_below=draw(st.none() | st.integers(amount + 1, 8).map(Decimal)),
        segment=draw(st.sampled_from(SEGMENTS)),
        audience=draw(st.sampled_from(["all", "consumer", "business"])),
    )


def holds(band, situation):
    """Said as a person would, one condition after the other."""
    if situation.delay not in range(band.delay_from, 10 if band.delay_to is None else band.delay_to + 1):
        return False
    if int(situation.amount) not in range(int(band.amount_from), int(band.amount_below or 100)):
        return False
    if band.segment and band.segment != situation.segment:
        return False
    wanted = {"all": (True, False), "consumer": (True,), "business": (False,)}[band.audience]
    return situation.is_consumer in wanted


@tagged("post_install", "-at_install")
class TestBands(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(bands).failed)

    @PINNED
    @given(some_band(), st.sampled_from(WORLD))
    def test_when_a_band_holds(self, band, situation):
        self.assertEqual(bands.fits(band, situation), holds(band, situation))

    @PINNED
    @given(some_band("one"), some_band("other"))
    def test_overlap_is_a_negotiation_of_both(self, one, other):
        same_people = (one.segment, one.audience) == (other.segment, other.audience)
        both = any(holds(one, each) and holds(other, each) for each in WORLD)
        self.assertEqual(bands.intersect(one, other), same_people and both)
        self.assertEqual(bands.intersect(one, other), bands.intersect(other, one))

    @PINNED
    @given(st.lists(some_band(), max_size=6), st.sampled_from(WORLD))
    def test_without_overlaps_one_rule_counts(self, chosen, situation):
        chosen = [band._replace(key=number) for number, band in enumerate(chosen)]
        found = bands.fitting(chosen, situation)
        self.assertEqual({band.key for band in found}, {band.key for band in chosen if holds(band, situation)})
        if not bands.overlaps(chosen):
            ranks = [bands.specificity(band) for band in found]
            self.assertEqual(len(set(ranks)), len(ranks))
            self.assertEqual(found[:1], sorted(found, key=lambda band: (not band.segment, band.audience == "all"))[:1])

    def test_cents_between_two_bands(self):
        below, above = Band("a", amount_below=Decimal(1000)), Band("b", amount_from=Decimal(1000))
        for amount, keys in (("999.99", ["a"]), ("1000.00", ["b"])):
            found = bands.fitting([below, above], Situation(0, Decimal(amount)))
            self.assertEqual([band.key for band in found], keys)

    def test_bad_input_is_told(self):
        for situation, told in ((Situation(-1, Decimal(1)), "delay"), (Situation(1, Decimal("-0.01")), "amount")):
            with self.assertRaisesRegex(ValueError, told):
                bands.fits(Band("a"), situation)
