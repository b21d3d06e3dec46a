from datetime import date, datetime, timedelta
from decimal import Decimal
from doctest import testmod

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import contact_hours, desk

NOON = datetime(2026, 11, 19, 12)  # a Thursday; the Friday after it is a national holiday
TODAY = NOON.date()
HOLIDAYS = {date(2026, 11, 20)}
OUTCOMES = [*desk.REST, "something_else"]
moments = st.integers(-40 * 24 * 60, 0).map(lambda minutes: NOON + timedelta(minutes=minutes))
days = st.integers(-40, 40).map(lambda number: TODAY + timedelta(days=number))
contacts = st.builds(
    desk.Contact,
    moments,
    st.sampled_from(OUTCOMES),
    st.none() | st.integers(-9000, 9000).map(lambda minutes: NOON + timedelta(minutes=minutes)),
)
facts = st.builds(
    desk.Facts,
    amount=st.integers(1, 10**8).map(lambda cents: Decimal(cents) / 100),
    days_late=st.integers(1, 900),
    high_amount=st.sampled_from([Decimal(0), Decimal(5000)]),
    contact=st.none() | contacts,
    replied_at=st.none() | moments,
    broken_at=st.none() | moments,
    promise_day=st.none() | days,
    promise_limit=st.none(),
    is_paused=st.booleans(),
    paused_to=st.none() | days.filter(lambda day: day >= TODAY),
    is_prescribed=st.booleans(),
    weight=st.sampled_from([0, 50, 100, 200]),
)


def facts_of(**values):
    return desk.Facts(**{"amount": Decimal(100), "days_late": 20, **values})


def spoken(outcome, day, hour=9, next_at=None):
    return desk.Contact(datetime(2026, 11, day, hour), outcome, next_at)


@tagged("-at_install", "post_install")
class TestDeskKernel(BaseCase):
    def turn(self, **values):
        found = desk.turn(facts_of(**values), NOON, HOLIDAYS)
        return found.why, found.day, found.rank

    def test_doctests(self):
        for module in (desk, contact_hours):
            self.assertEqual(testmod(module).failed, 0)

    def test_who_was_never_spoken_with_has_his_turn_today(self):
        self.assertEqual(self.turn(), ("first", TODAY, desk.ROUTINE))
        self.assertEqual(self.turn(amount=Decimal(9000), high_amount=Decimal(5000)), ("high", TODAY, desk.ROUTINE))
        self.assertEqual(
            self.turn(amount=Decimal(9000), high_amount=Decimal(5000), days_late=14), ("first", TODAY, desk.ROUTINE)
        )

    def test_rest_after_a_contact_is_counted_in_business_days(self):
        self.assertEqual(self.turn(contact=spoken("no_answer", 19)), ("retry", date(2026, 11, 23), desk.ROUTINE))
        self.assertEqual(self.turn(contact=spoken("says_paid", 18)), ("says_paid", date(2026, 11, 23), desk.ROUTINE))
        self.assertEqual(self.turn(contact=spoken("refused", 9)), ("follow", TODAY, desk.ROUTINE))

    def test_callback_comes_first_when_its_hour_has_come(self):
        def at(hour):
            return self.turn(contact=spoken("call_later", 18, next_at=datetime(2026, 11, 19, hour)))

        self.assertEqual(at(10), ("callback", TODAY, desk.NOW))
        self.assertEqual(at(14), ("callback", TODAY, desk.LATER_TODAY))
        tomorrow = spoken("call_later", 18, next_at=datetime(2026, 11, 23, 9))
        self.assertEqual(self.turn(contact=tomorrow), ("callback", date(2026, 11, 23), desk.NOW))

    def test_promise_is_waited_for(self):
        def promised(day, **values):
            return self.turn(promise_day=date(2026, 11, day), promise_limit=date(2026, 11, day + 2), **values)[:2]

        self.assertEqual(promised(25, is_paused=True), ("promise_due", date(2026, 11, 25)))
        self.assertEqual(promised(19, is_paused=True), ("promise_due", TODAY))
        # Spoken with today already: the money is awaited.
        self.assertEqual(promised(19, contact=spoken("promised", 19)), ("promise_due", date(2026, 11, 22)))
        self.assertEqual(promised(18), ("promise_due", date(2026, 11, 21)))
        # A promise of a part only: the rest is worked.
        self.assertEqual(promised(25), ("first", TODAY))

    def test_broken_promise_and_answer_until_somebody_spoke(self):
        broken = datetime(2026, 11, 19, 3)
        self.assertEqual(self.turn(broken_at=broken), ("promise_broken", TODAY, desk.AGREED))
        self.assertEqual(self.turn(broken_at=broken, contact=spoken("no_answer", 19))[0], "retry")
        self.assertEqual(self.turn(replied_at=broken, is_paused=True), ("replied", TODAY, desk.ANSWER))
        self.assertEqual(self.turn(replied_at=broken, contact=spoken("informed", 19))[0], "follow")

    def test_nobody_is_called_in_a_pause_after_prescription_or_by_his_segment(self):
        self.assertEqual(self.turn(is_paused=True, paused_to=date(2026, 11, 30)), ("paused", date(2026, 12, 1), 50))
        self.assertEqual(self.turn(is_paused=True), ("paused", None, desk.ROUTINE))
        self.assertEqual(self.turn(is_prescribed=True), ("prescribed", None, desk.ROUTINE))
        self.assertEqual(self.turn(weight=0), ("paused", None, desk.ROUTINE))

    @settings(derandomize=True, max_examples=400, deadline=None)
    @given(facts)
    def test_what_holds_for_everybody(self, given_facts):
        found = desk.turn(given_facts, NOON, HOLIDAYS)
        # Nobody's turn lies in the past, except a callback that was missed.
        if found.day and found.why != desk.CALLBACK:
            self.assertGreaterEqual(found.day, TODAY)
        asked_by_us = found.why in (desk.PROMISE_BROKEN, desk.FIRST, desk.HIGH, desk.RETRY, desk.FOLLOW, desk.SAYS_PAID)
        if given_facts.is_paused or given_facts.is_prescribed or not given_facts.weight:
            self.assertFalse(asked_by_us, "Nobody is called in a pause, unless he asked for it himself.")
        # Who was spoken with today is not called again today, unless he agreed to it or wrote since.
        contact = given_facts.contact
        if contact and contact.moment.date() == TODAY and found.day == TODAY:
            since = [at for at in (given_facts.replied_at, given_facts.broken_at) if at and at >= contact.moment]
            self.assertTrue(since or contact.next_at, found)
        self.assertGreaterEqual(found.score, 0)
