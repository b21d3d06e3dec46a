from datetime import date, timedelta
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import recurrence, schedule

ONE_DAY = timedelta(days=1)
DAYS_OF_MONTH = st.none() | st.sampled_from([1, 28, 29, 30, 31]) | st.integers(1, 31)
GROUPS = st.sampled_from([("advance",), ("arrears",), ("arrears", "advance")])
PINNED = settings(max_examples=200, derandomize=True, deadline=None)
LOOK_AHEAD = 16
# So many that arrears come up, however many days before them an advance is issued.
FAR_AHEAD = 70


def net_30(issue):
    return issue + timedelta(days=30)


def end_of_month(issue):
    return recurrence.due_on_or_after(issue, 31)


ENDED, TERMS = st.booleans(), st.sampled_from([None, net_30, end_of_month])


@st.composite
def schedules(draw, ended=ENDED, terms=TERMS):
    start = draw(st.dates(date(1990, 1, 1), date(2150, 12, 31)))
    end = start + timedelta(days=draw(st.integers(0, 500))) if draw(ended) else None
    return schedule.Schedule(
        start,
        end,
        draw(st.sampled_from(recurrence.UNITS)),
        draw(st.integers(1, 4)),
        draw(DAYS_OF_MONTH),
        draw(DAYS_OF_MONTH),
        draw(st.integers(0, 60)),
        draw(terms),
    )


def plan(terms, groups, taken=None, count=LOOK_AHEAD):
    return list(islice(terms.charges(groups, taken or {}), count))


def parts_of(charges, group=None):
    return [part for charge in charges for part in charge.parts if group in (None, part.group)]


@tagged("post_install", "-at_install")
class TestScheduleCharges(BaseCase):
    @PINNED
    @given(schedules(), GROUPS)
    def test_each_day_is_in_one_part_of_each_group(self, terms, groups):
        charges = plan(terms, groups, count=None if terms.end else FAR_AHEAD)
        for group in groups:
            spans = [part.span for part in parts_of(charges, group)]
            self.assertEqual(spans[0][0], terms.start)
            for (_first, last), (following, _last) in zip(spans, spans[1:], strict=False):
                self.assertEqual(following, last + ONE_DAY)
            for part in parts_of(charges, group):
                self.assertLessEqual(part.span[0], part.span[1])
                self.assertLessEqual((part.span[1] - part.span[0]).days + 1, part.of_days)
            if terms.end:
                self.assertEqual(spans[-1][1], terms.end)

    @PINNED
    @given(schedules(terms=st.none()), GROUPS)
    def test_due_dates_rise(self, terms, groups):
        charges = plan(terms, groups)
        for charge, following in zip(charges, charges[1:], strict=False):
            self.assertLess(charge.due, following.due)

    @PINNED
    @given(schedules(), GROUPS)
    def test_a_charge_is_one_invoice(self, terms, groups):
        """At most one part of a group, advance first, all due with it and none issued before its time."""
        charges = plan(terms, groups)
        for charge in charges:
            self.assertEqual([part.group for part in charge.parts], sorted({part.group for part in charge.parts}))
            self.assertEqual({part.due for part in charge.parts}, {charge.due})
            self.assertEqual(max(part.issue for part in charge.parts), charge.issue)
            self.assertLessEqual(charge.issue, charge.due)
        self.assertEqual([charge.due for charge in charges], sorted(charge.due for charge in charges))

    @PINNED
    @given(schedules(), st.integers(0, LOOK_AHEAD))
    def test_arrears_are_issued_after_their_days_and_advance_by_its_lead(self, terms, index):
        after, before = terms.part("arrears", index), terms.part("advance", index)
        if before is None:
            self.assertTrue(terms.end and terms.period(index)[0] > terms.end)
            self.assertIsNone(after)
            return
        self.assertGreater(after.issue, after.span[1])
        self.assertEqual(before.issue, terms.due_of_begin(index) - timedelta(days=terms.lead_days))
        self.assertEqual(after.span, before.span)

    @PINNED
    @given(schedules(), st.integers(0, LOOK_AHEAD))
    def test_due_from_the_begin_on(self, terms, index):
        due, begin = terms.due_of_begin(index), terms.period(index)[0]
        self.assertGreaterEqual(due, max(begin, terms.start))
        self.assertLessEqual(due, max(begin + timedelta(days=31), terms.start))
        if terms.due_day and terms.unit in recurrence.MONTHS and due > terms.start:
            # The due day of its month, or the last of one that is too short.
            self.assertTrue(due.day == terms.due_day or ((due + ONE_DAY).day == 1 and due.day < terms.due_day))

    @PINNED
    @given(schedules(), GROUPS, st.data())
    def test_what_is_taken_never_comes_back_and_nothing_else_changes(self, terms, groups, data):
        """Parts taken one by one in any order: the rest stays as it was planned, date by date."""
        left = parts_of(plan(terms, groups, count=6))
        taken = {group: [] for group in groups}
        horizon = {group: max((part.index for part in left if part.group == group), default=-1) for group in groups}
        while left:
            part = left.pop(data.draw(st.integers(0, len(left) - 1)))
            taken[part.group].append(part.index)
            charges = plan(terms, groups, taken, count=12)
            now = [p for p in parts_of(charges) if p.index <= horizon[p.group]]
            self.assertCountEqual(now, left)
            reordered = {group: tuple(reversed(indexes)) for group, indexes in taken.items()}
            self.assertEqual(plan(terms, tuple(reversed(groups)), reordered, count=12), charges)

    @PINNED
    @given(schedules(), GROUPS, st.integers(-40, 2000))
    def test_cut_over(self, terms, groups, days):
        """After a day billed elsewhere come exactly the periods that begin later."""
        billed_until = terms.start + timedelta(days=days)
        index = terms.first_index_after(billed_until)
        if index:
            self.assertLessEqual(terms.period(index - 1)[0], billed_until)
        if days >= 0:
            self.assertGreater(terms.period(index)[0], billed_until)
        if days >= 0 and not terms.end:
            gapless = terms.period(index)[0] == billed_until + ONE_DAY
            self.assertEqual(terms.is_last_day_of_period(billed_until), gapless)
        everything = parts_of(plan(terms, groups, count=index + 3))
        later = parts_of(islice(terms.charges(groups, {}, first=index), 3))
        wanted = [part for part in everything if part.index >= index]
        shared = [part for part in later if part in wanted]
        self.assertEqual(shared, wanted[: len(shared)])
        self.assertTrue(all(part.index >= index for part in later))
        self.assertEqual(bool(later), terms.part(groups[0], index) is not None)

    def test_nothing_is_planned_for_a_contract_that_ends_before_it_starts(self):
        terms = schedule.Schedule(date(2026, 3, 15), end=date(2026, 3, 14), billing_day=1)
        self.assertEqual(plan(terms, schedule.GROUPS), [])

    def test_a_fee_in_advance_and_usage_in_arrears_meet_on_one_invoice(self):
        terms = schedule.Schedule(date(2026, 3, 15), billing_day=1, due_day=10, lead_days=15)
        found = [
            (str(c.issue), str(c.due), [(p.group, p.index) for p in c.parts]) for c in plan(terms, schedule.GROUPS)
        ]
        self.assertEqual(
            found[:3],
            [
                ("2026-02-28", "2026-03-15", [("advance", 0)]),
                # Fifteen days before 10 April March is not over: the usage keeps the invoice back.
                ("2026-04-01", "2026-04-10", [("advance", 1), ("arrears", 0)]),
                ("2026-05-01", "2026-05-10", [("advance", 2), ("arrears", 1)]),
            ],
        )

    def test_long_history_is_skipped_without_being_computed(self):
        """600 periods billed: no more dates are computed than for a new contract."""
        terms = schedule.Schedule(date(1990, 1, 31), billing_day=31, due_day=30)
        asked = []
        part = schedule.Schedule.part
        self.patch(
            schedule.Schedule, "part", lambda self, group, index: asked.append(index) or part(self, group, index)
        )
        taken = {"advance": list(range(600)), "arrears": list(range(600))}
        found = plan(terms, schedule.GROUPS, taken, count=12)
        self.assertEqual([p.index for p in parts_of(found, "advance")], list(range(600, 612)))
        self.assertLess(len(asked), 30)
        self.assertEqual(min(asked), 600)
