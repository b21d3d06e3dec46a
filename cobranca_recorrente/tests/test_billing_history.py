from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from . import history_oracle as oracle
from .billing_common import days_between
from .history_events import USAGE_PRICE, HistoryEvents

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 150).map(lambda number: FIRST + timedelta(days=number))
CENTS = st.sampled_from([1, 7, 10000, 31000]) | st.integers(1, 99999)
PICK = st.integers(0, 5)
MORE = st.sampled_from([{}, {}, {}, {"quantity": 3}, {"discount": 10}, {"quantity": 2, "discount": 50}])
CREDIT = st.sampled_from([True, True, False])
EVENTS = st.one_of(
    st.tuples(st.just("bill"), st.integers(1, 2)),
    st.tuples(st.just("bill"), st.integers(1, 2)),
    st.tuples(st.just("change"), DAYS, PICK, CENTS, MORE, CREDIT),
    st.tuples(st.just("change"), DAYS, PICK, CENTS, MORE, CREDIT),
    st.tuples(st.just("change_next"), PICK, CENTS),
    st.tuples(st.just("add"), DAYS, st.sampled_from(["advance", "arrears"]), CENTS),
    st.tuples(st.just("end_line"), DAYS, PICK, CREDIT),
    st.tuples(st.just("once"), DAYS, CENTS, st.booleans()),
    st.tuples(st.just("use"), DAYS, st.integers(1, 50)),
    st.tuples(st.just("use"), DAYS, st.integers(1, 50)),
    st.tuples(st.just("pause"), DAYS, st.none() | st.integers(1, 50)),
    st.tuples(st.just("resume"), DAYS),
    st.tuples(st.just("reopen"), PICK),
    st.tuples(st.just("settle")),
    st.tuples(st.just("postpone"), st.integers(1, 20)),
    st.tuples(st.just("due_day"), st.integers(1, 31)),
    st.tuples(st.just("renew")),
    st.tuples(st.just("end"), DAYS, CREDIT, st.sampled_from([0, 5000])),
    st.tuples(st.just("reactivate")),
    st.tuples(st.just("new_end"), st.none() | DAYS),
)
SEQUENCES = st.lists(EVENTS, min_size=3, max_size=9)
PINNED = settings(
    max_examples=70,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TERMS = [
    ({"billing_day": 1}, {"begin_day": 1}),
    ({"date_start": "2026-01-15", "billing_day": 1, "date_end": "2026-03-20"}, {"begin_day": 1}),
    ({"date_start": "2026-01-05", "billing_day": 28, "trial_days": 4, "due_day": 5}, {"begin_day": 28}),
    ({"billing_day": 1, "interval_unit": "quarter", "date_end": "2026-05-10"}, {"begin_day": 1, "months": 3}),
    ({"date_start": "2026-01-07", "interval_unit": "week", "interval_count": 2}, {"weeks": 2}),
]


class RandomHistory(HistoryEvents):
    """Any sequence of changes and bills: each day is charged once, at the price of that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [
            cls.line(cls, "Fee", 100.0),
            cls.line(cls, "Support", 33.33, billing_timing="arrears"),
            cls.line(cls, "Use", USAGE_PRICE, product=cls.usage_product, recurrence="usage"),
        ]
        cls.contracts = [cls.make_contract(line_ids=lines, renewal_months=1, **terms).id for terms, _facts in TERMS]
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-01")

    def play_undone(self, number, events):
        savepoint = self.env.cr.savepoint()
        try:
            self.play(self.env["cobranca.contract"].browse(self.contracts[number]), TERMS[number][1], events)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def play(self, contract, terms, events):
        start = contract.trial_end + timedelta(days=1) if contract.trial_end else contract.date_start
        facts = oracle.Contract(start, end=contract.date_end or None, **terms)
        fee, support, _use = contract.line_ids
        facts.add(fee.id, "advance", 10000, start)
        facts.add(support.id, "arrears", 3333, start)
        for name, *arguments in events:
            getattr(self, f"do_{name}")(contract, facts, *arguments)
        self.assert_money(contract, facts)
        self.assert_days(contract, facts)
        if facts.end and contract.next_issue_date:
            self.bill_to_the_end(contract)
            self.assert_money(contract, facts)
            self.assert_days(contract, facts)
            self.assert_usage(contract, facts)

    def bill_to_the_end(self, contract):
        while contract.next_issue_date:
            periods = contract.period_ids
            self.do_bill(contract, None, 1)
            self.assertGreater(contract.period_ids, periods, "billing goes on without an end")

    # --- what must hold ---

    def get_live(self, contract):
        live = contract.period_ids.filtered(lambda p: p.state in ("billed", "skipped"))
        return live, live.filtered(lambda p: p.kind == "recurring")

    def get_paid_by_item(self, facts, period):
        """{item: cents} that the ledger says were charged for a period."""
        paid = Counter()
        for line_id, amount in period.details["lines"].items():
            paid[facts.versions[int(line_id)].item] += Fraction(amount) * 100
        for item, amount in period.details.get("kept", {}).items():
            paid[int(item)] += Fraction(amount) * 100
        return paid

    @contextmanager
    def watch_paid(self, contract, facts, credit):
        """What was paid pays for what is owed; what is owed less is given back, or kept when nobody asks for it."""
        periods = self.get_live(contract)[1].filtered(lambda p: p._is_settled_here())

        def look():
            spans = {period: facts.period_of(period.date_start) for period in periods}
            return {
                period: (facts.owed_by_item(period.line_group, *spans[period]), self.get_paid_by_item(facts, period))
                for period in periods
            }

        before = look()
        yield
        for period, (owed, paid) in look().items():
            owed_before, paid_before = before[period]
            for item, cents in owed.items():
                less = max(owed_before.get(item, 0) - cents, 0) if credit else 0
                expected = max(cents, paid_before[item] - less)
                self.assertLessEqual(abs(paid[item] - expected), len(facts.versions), period.display_name)

    def assert_money(self, contract, facts):
        """Invoices and open items together are the price of the billed periods, to the cent."""
        live, recurring = self.get_live(contract)
        expected_total, tolerance = Fraction(facts.once + facts.fee), Fraction(0)
        for period in recurring:
            first, last = facts.period_of(period.date_start)
            expected_total += Fraction(sum(period._get_kept().values())) * 100
            for line_id, version in facts.versions.items():
                exact, is_whole = facts.exact_cents(line_id, first, last)
                if version.group == period.line_group:
                    charged = Fraction(period.details["lines"].get(str(line_id), "0")) * 100
                    # Versions at one price share its cents, so that they add up to it.
                    alone = self.count_at_price(facts, version) == 1
                    most = Fraction(1, 2) if alone else Fraction(99, 100)
                    self.assertLessEqual(abs(charged - exact), most, (period.display_name, version))
                    if is_whole:
                        self.assertEqual(charged, version.cents)
                    expected_total += exact
                    tolerance += 0 if is_whole else most
        expected_total += sum(quantity for _day, quantity, row in facts.readings if row.period_id) * USAGE_PRICE * 100
        moves = contract.period_ids.move_id.filtered(lambda move: move.state == "posted")
        billed_items = live.filtered(lambda p: p.kind == "once").mapped("line_group")
        open_items = contract.line_ids.filtered(
            lambda line: line.recurrence == "once" and f"line-{line.id}" not in billed_items
        )
        total = sum(moves.mapped("amount_untaxed_signed")) + sum(open_items.mapped("price_subtotal"))
        skipped = live.filtered(lambda p: p.state == "skipped")
        self.assertEqual(round(sum(skipped.mapped("amount")), 2), 0.0)
        self.assertLessEqual(abs(round(total * 100) - expected_total), tolerance + Fraction(1, 1000))

    def count_at_price(self, facts, version):
        return sum((v.item, v.cents) == (version.item, version.cents) for v in facts.versions.values())

    def assert_usage(self, contract, facts):
        """When all is billed, each reading was that no later end left behind; none of days without charge."""
        for day, _quantity, row in facts.readings:
            if not facts.is_served(day):
                self.assertFalse(row.period_id and day < facts.start, day)
            elif row not in facts.left_behind and not contract._renews_itself():
                self.assertTrue(row.period_id, day)

    def assert_days(self, contract, facts):
        """What is billed and what is planned follow each other without gap or overlap, in each group."""
        _live, recurring = self.get_live(contract)
        dates = contract._iter_dates(contract._get_taken()[contract.id])
        parts = [part for charge in islice(dates, 30) for part in charge.parts]
        for group in {version.group for version in facts.versions.values()}:
            begin = min(v.first for v in facts.versions.values() if v.group == group)
            rows = [(p.date_start, p.date_end) for p in recurring if p.line_group == group]
            planned = [part.span for part in parts if part.group == group]
            days = Counter(day for span in rows + planned for day in days_between(*span))
            self.assertFalse([day for day, count in days.items() if count > 1], "a day is billed twice")
            last = min(facts.end or date.max, max(days, default=date.min))
            wanted = [day for day in days_between(max(begin, facts.start), last) if last > date.min]
            self.assertFalse([day for day in wanted if day not in days], "a day is left out")
            if facts.end:
                planned_past = [span for span in planned if span[1] > facts.end]
                self.assertFalse(planned_past, "days after the end are planned")
                if facts.end >= facts.start:
                    self.assertIn(facts.end, days, "the last day is never billed")


@tagged("post_install", "-at_install")
class TestBillingHistory(RandomHistory):
    @PINNED
    @given(st.integers(0, len(TERMS) - 1), SEQUENCES)
    def test_every_day_once(self, number, events):
        self.play_undone(number, events)


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
class TestBillingHistoryAtLength(RandomHistory):
    """The same sequences, and many more."""

    @settings(PINNED, max_examples=400)
    @given(st.integers(0, len(TERMS) - 1), SEQUENCES)
    def test_every_day_once_at_length(self, number, events):
        self.play_undone(number, events)
