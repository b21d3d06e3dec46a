from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import history_oracle as oracle
from .billing_common import BillingCommon, days_between

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 150).map(lambda number: FIRST + timedelta(days=number))
CENTS = st.sampled_from([1, 7, 10000, 31000]) | st.integers(1, 99999)
PICK = st.integers(0, 5)
EVENTS = st.one_of(
    st.tuples(st.just("bill"), st.integers(1, 2)),
    st.tuples(st.just("bill"), st.integers(1, 2)),
    st.tuples(st.just("price"), DAYS, PICK, CENTS),
    st.tuples(st.just("price"), DAYS, PICK, CENTS),
    st.tuples(st.just("price_next"), PICK, CENTS),
    st.tuples(st.just("add"), DAYS, st.sampled_from(["advance", "arrears"]), CENTS),
    st.tuples(st.just("end_line"), DAYS, PICK),
    st.tuples(st.just("pause"), DAYS, st.none() | st.integers(1, 50)),
    st.tuples(st.just("resume"), DAYS),
    st.tuples(st.just("reopen"), PICK),
    st.tuples(st.just("postpone"), st.integers(1, 20)),
    st.tuples(st.just("renew")),
    st.tuples(st.just("end"), DAYS),
    st.tuples(st.just("new_end"), st.none() | DAYS),
)
SEQUENCES = st.lists(EVENTS, min_size=2, max_size=7)
PINNED = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@tagged("post_install", "-at_install")
class TestBillingHistory(BillingCommon):
    """Any sequence of changes and bills: each day is charged once, at the price of that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        terms = [
            {"date_start": "2026-01-01", "billing_day": 1, "renewal_months": 1},
            {"date_start": "2026-01-15", "billing_day": 1, "date_end": "2026-03-20", "renewal_months": 1},
            {"date_start": "2026-01-05", "billing_day": 28, "trial_days": 4, "due_day": 5, "renewal_months": 1},
        ]
        lines = [cls.line(cls, "Fee", 100.0), cls.line(cls, "Support", 33.33, billing_timing="arrears")]
        cls.contracts = [cls.make_contract(line_ids=lines, **values).id for values in terms]
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        clock = self.on("2026-01-01")
        clock.start()
        self.addCleanup(clock.stop)

    @PINNED
    @given(st.integers(0, 2), SEQUENCES)
    def test_every_day_once(self, number, events):
        savepoint = self.env.cr.savepoint()
        try:
            self.play(self.env["cobranca.contract"].browse(self.contracts[number]), events)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def play(self, contract, events):
        start = contract.trial_end + timedelta(days=1) if contract.trial_end else contract.date_start
        facts = oracle.Contract(start, contract.billing_day, contract.date_end or None)
        fee, support = contract.line_ids
        facts.versions[fee.id] = oracle.Version("advance", 10000, start)
        facts.versions[support.id] = oracle.Version("arrears", 3333, start)
        for name, *arguments in events:
            getattr(self, f"do_{name}")(contract, facts, *arguments)
        self.assert_money(contract, facts)
        self.assert_days(contract, facts)

    # --- what happens ---

    def do_bill(self, contract, facts, times):
        for _time in range(times):
            self.billing._bill(contract, allow_credit=True)
            self.assertFalse(contract.park_reason)

    def do_price(self, contract, facts, day, pick, cents):
        if line := self.pick_line(contract, facts, day, pick):
            known = line.next_line_ids
            contract._change_items(day, [(line, {"price_unit": cents / 100})])
            facts.replace(line.id, day, max((line.next_line_ids - known).ids, default=line.id), cents)

    def do_price_next(self, contract, facts, pick, cents):
        self.do_price(contract, facts, contract._get_next_effective_date(), pick, cents)

    def do_add(self, contract, facts, day, group, cents):
        if self.is_inside(contract, facts, day):
            values = {"product_id": self.product.id, "name": "More", "price_unit": cents / 100, "billing_timing": group}
            before = contract.line_ids
            contract._change_items(day, [(None, values)])
            line = (contract.line_ids - before).filtered(lambda line: line.recurrence == "recurring")
            facts.versions[line.id] = oracle.Version(group, cents, day)

    def do_end_line(self, contract, facts, day, pick):
        if line := self.pick_line(contract, facts, day, pick):
            contract._change_items(day, [(line, None)])
            facts.replace(line.id, day, None, None)

    def do_pause(self, contract, facts, first, length):
        last = first + timedelta(days=length) if length else None
        if self.is_inside(contract, facts, first) and facts.can_pause(first, last):
            contract._pause(first, last, "trip")
            facts.pauses.append([first, last])

    def do_resume(self, contract, facts, day):
        if facts.is_paused(day):
            contract._resume(day)
            facts.resume(day)

    def do_reopen(self, contract, facts, pick):
        """The invoice of some period is cancelled and everything on it is billed anew."""
        moves = contract.period_ids.filtered(lambda p: p.state == "billed").move_id.sorted("id")
        if moves:
            move = moves[pick % len(moves)]
            rows = move.cobranca_period_ids
            self.cancel(move)
            rows.action_reopen()

    def do_postpone(self, contract, facts, days):
        if contract.next_due_date:
            # The next period's due date is as far as it goes.
            with suppress(UserError):
                contract._postpone_next(contract.next_due_date + timedelta(days=days))

    def do_renew(self, contract, facts):
        if facts.end:
            contract._renew()
            # One month, its last day by the day after the old end.
            following = facts.end + timedelta(days=1)
            self.assertGreater(contract.date_end, facts.end + timedelta(days=26))
            self.assertLess(contract.date_end, following + timedelta(days=31))
            facts.end = contract.date_end

    def do_end(self, contract, facts, day):
        if day >= contract.date_start:
            contract._end(day, self.reason)
            facts.end = day

    def do_new_end(self, contract, facts, day):
        if day is None or day >= contract.date_start:
            contract.with_user(self.supervisor).date_end = day
            facts.end = day

    def is_inside(self, contract, facts, day):
        return contract.date_start <= day and (not facts.end or day <= facts.end)

    def pick_line(self, contract, facts, day, pick):
        if not self.is_inside(contract, facts, day):
            return None
        lines = [line_id for line_id in facts.versions if facts.can_change(line_id, day)]
        return self.env["cobranca.contract.line"].browse(lines[pick % len(lines)]) if lines else None

    # --- what must hold ---

    def get_live(self, contract):
        live = contract.period_ids.filtered(lambda p: p.state in ("billed", "skipped"))
        return live, live.filtered(lambda p: p.kind == "recurring")

    def assert_money(self, contract, facts):
        """Invoices and open items together are the price of the billed periods, to the cent."""
        live, recurring = self.get_live(contract)
        expected_total, tolerance = Fraction(0), Fraction(0)
        for period in recurring:
            first, last = facts.period_of(period.date_start)
            for line_id, version in facts.versions.items():
                exact, is_whole = facts.exact_cents(line_id, first, last)
                if version.group == period.line_group:
                    charged = Fraction(period.details["lines"].get(str(line_id), "0")) * 100
                    self.assertLessEqual(abs(charged - exact), Fraction(1, 2), (period.display_name, version))
                    if is_whole:
                        self.assertEqual(charged, version.cents)
                    expected_total += exact
                    tolerance += 0 if is_whole else Fraction(1, 2)
        moves = contract.period_ids.move_id.filtered(lambda move: move.state == "posted")
        billed_items = live.filtered(lambda p: p.kind == "once").mapped("line_group")
        open_items = contract.line_ids.filtered(
            lambda line: line.recurrence == "once" and f"line-{line.id}" not in billed_items
        )
        total = sum(moves.mapped("amount_untaxed_signed")) + sum(open_items.mapped("price_subtotal"))
        skipped = live.filtered(lambda p: p.state == "skipped")
        self.assertEqual(round(sum(skipped.mapped("amount")), 2), 0.0)
        self.assertLessEqual(abs(round(total * 100) - expected_total), tolerance + Fraction(1, 1000))

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
