import doctest
import json
from datetime import date, timedelta
from itertools import islice

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import schedule

from . import golden_schedule


def day_or_none(text):
    return date.fromisoformat(text) if text else None


def term_of(name):
    """A payment term of the golden table as a function."""
    if name == "eom":
        return lambda issue: (issue.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return (lambda issue: issue + timedelta(days=int(name))) if name else None


def schedule_of(terms):
    """The kernel's schedule for the terms of a case of the golden table."""
    return schedule.Schedule(
        date.fromisoformat(terms["start"]),
        day_or_none(terms["end"]),
        terms["unit"],
        terms["every"],
        terms["billing_day"],
        terms["due_day"],
        terms["lead_days"],
        term_of(terms["term"]),
    )


def line_of(part):
    return f"{part.span[0]} {part.span[1]} {part.of_days} {part.issue} {part.due}"


def lines(group, count, **terms):
    """The first parts of a group as lines of the golden table."""
    parts = (charge.parts[0] for charge in schedule.Schedule(**terms).charges([group], {}))
    return [line_of(part) for part in islice(parts, count)]


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(schedule)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    # === GOLDEN TABLE === #

    def test_golden_table_is_what_the_oracle_writes(self):
        """Nobody mends the table by hand; golden_schedule.py says how it is written anew."""
        self.assertEqual(golden_schedule.TABLE.read_text(encoding="utf-8"), golden_schedule.table())

    def test_golden_table(self):
        cases = json.loads(golden_schedule.TABLE.read_text(encoding="utf-8"))["cases"]
        self.assertGreaterEqual(sum(len(case["periods"]) == golden_schedule.PERIODS for case in cases), 60)
        for case in cases:
            terms, group = case["terms"], case["terms"]["timing"]
            with self.subTest(**terms):
                planned = schedule_of(terms)
                by_index = [planned.part(group, index) for index in range(golden_schedule.PERIODS)]
                self.assertEqual([line_of(part) for part in by_index if part], case["periods"])
                charges = islice(planned.charges([group], {}), golden_schedule.PERIODS)
                self.assertEqual([part for charge in charges for part in charge.parts], list(filter(None, by_index)))

    # === ROWS CHECKED BY HAND ON A PAPER CALENDAR === #

    def test_31_january(self):
        # February has no 31st, so it begins on its last day; March is back on the 31st.
        self.assertEqual(
            lines("advance", 3, start=date(2026, 1, 31)),
            [
                "2026-01-31 2026-02-27 28 2026-01-31 2026-01-31",
                "2026-02-28 2026-03-30 31 2026-02-28 2026-02-28",
                "2026-03-31 2026-04-29 30 2026-03-31 2026-03-31",
            ],
        )

    def test_29_february_yearly(self):
        # 2024 and 2028 are leap years: the days between are the 28th, and years have 365 days but for
        # that from 28 February 2027 to 28 February 2028, which has 366 and holds no 29 February of its begin.
        self.assertEqual(
            lines("advance", 5, start=date(2024, 2, 29), unit="year"),
            [
                "2024-02-29 2025-02-27 365 2024-02-29 2024-02-29",
                "2025-02-28 2026-02-27 365 2025-02-28 2025-02-28",
                "2026-02-28 2027-02-27 365 2026-02-28 2026-02-28",
                "2027-02-28 2028-02-28 366 2027-02-28 2027-02-28",
                "2028-02-29 2029-02-27 365 2028-02-29 2028-02-29",
            ],
        )

    def test_31_august_semester(self):
        # Six months later is the last of February, six more the 31st of August again.
        self.assertEqual(
            lines("advance", 3, start=date(2025, 8, 31), unit="semester"),
            [
                "2025-08-31 2026-02-27 181 2025-08-31 2025-08-31",
                "2026-02-28 2026-08-30 184 2026-02-28 2026-02-28",
                "2026-08-31 2027-02-27 181 2026-08-31 2026-08-31",
            ],
        )

    def test_quarter_of_30_november(self):
        # 28 February, then 30 May: never 28 May. In arrears, due on the first day after the quarter.
        self.assertEqual(
            lines("arrears", 3, start=date(2025, 11, 30), unit="quarter"),
            [
                "2025-11-30 2026-02-27 90 2026-02-28 2026-02-28",
                "2026-02-28 2026-05-29 91 2026-05-30 2026-05-30",
                "2026-05-30 2026-08-29 92 2026-08-30 2026-08-30",
            ],
        )

    def test_billing_day_31(self):
        # A start of 10 February lies in the period that began on 31 January: 28 days, of which
        # 10 to 27 February are served. All following periods begin on the last day of a month.
        self.assertEqual(
            lines("advance", 3, start=date(2026, 2, 10), billing_day=31, due_day=31),
            [
                "2026-02-10 2026-02-27 28 2026-02-10 2026-02-10",
                "2026-02-28 2026-03-30 31 2026-02-28 2026-02-28",
                "2026-03-31 2026-04-29 30 2026-03-31 2026-03-31",
            ],
        )

    def test_due_day_30_of_a_start_on_31_january(self):
        # 30 January is before the start; then each month once: 28 February, 30 March, 30 April.
        self.assertEqual(
            lines("advance", 3, start=date(2026, 1, 31), due_day=30, lead_days=5),
            [
                "2026-01-31 2026-02-27 28 2026-02-23 2026-02-28",
                "2026-02-28 2026-03-30 31 2026-03-25 2026-03-30",
                "2026-03-31 2026-04-29 30 2026-04-25 2026-04-30",
            ],
        )

    def test_due_day_28_of_periods_that_begin_on_the_last_day(self):
        # The 28th is past on 31 March, so that period is due on 28 April; and so is February's a
        # month later, on 28 March, though it began on a 28th. The first is cut to 30 March and due then...
        self.assertEqual(
            lines("advance", 3, start=date(2026, 3, 30), billing_day=31, due_day=28),
            [
                "2026-03-30 2026-03-30 31 2026-03-30 2026-03-30",
                "2026-03-31 2026-04-29 30 2026-04-28 2026-04-28",
                "2026-04-30 2026-05-30 31 2026-05-28 2026-05-28",
            ],
        )
        # ... as it is due on 28 March when the contract starts before that.
        first = lines("advance", 1, start=date(2026, 3, 1), billing_day=31, due_day=28)
        self.assertEqual(first, ["2026-03-01 2026-03-30 31 2026-03-28 2026-03-28"])

    def test_start_15_march_of_billing_day_1(self):
        # 17 of the 31 days of March; the 10th is past on the 15th, so March is due at once.
        self.assertEqual(
            lines("advance", 2, start=date(2026, 3, 15), billing_day=1, due_day=10, lead_days=5),
            [
                "2026-03-15 2026-03-31 31 2026-03-10 2026-03-15",
                "2026-04-01 2026-04-30 30 2026-04-05 2026-04-10",
            ],
        )
        # In arrears March is due on 10 April; issued 20 days before would be before its end: 1 April.
        self.assertEqual(
            lines("arrears", 2, start=date(2026, 3, 15), billing_day=1, due_day=10, lead_days=20),
            [
                "2026-03-15 2026-03-31 31 2026-04-01 2026-04-10",
                "2026-04-01 2026-04-30 30 2026-05-01 2026-05-10",
            ],
        )

    def test_end_inside_a_period(self):
        # 20 of the 30 days of April, issued on the day after the contract's last, due as ever.
        self.assertEqual(
            lines("arrears", 9, start=date(2026, 3, 1), end=date(2026, 4, 20), due_day=10, lead_days=30),
            [
                "2026-03-01 2026-03-31 31 2026-04-01 2026-04-10",
                "2026-04-01 2026-04-20 30 2026-04-21 2026-05-10",
            ],
        )

    def test_weeks_know_no_day_of_the_month(self):
        # Thursdays, issued on the Tuesdays before and due when the week begins.
        terms = {"start": date(2026, 2, 26), "unit": "week", "lead_days": 2}
        expected = [
            "2026-02-26 2026-03-04 7 2026-02-24 2026-02-26",
            "2026-03-05 2026-03-11 7 2026-03-03 2026-03-05",
        ]
        self.assertEqual(lines("advance", 2, **terms), expected)
        self.assertEqual(lines("advance", 2, **terms, billing_day=1, due_day=10), expected)

    def test_payment_term_counts_from_the_issue(self):
        terms = {"start": date(2026, 1, 1), "lead_days": 5, "due_after_issue": lambda day: day + timedelta(days=30)}
        self.assertEqual(lines("advance", 1, **terms), ["2026-01-01 2026-01-31 31 2025-12-27 2026-01-26"])
        self.assertEqual(lines("arrears", 1, **terms), ["2026-01-01 2026-01-31 31 2026-02-01 2026-03-03"])
        # A due day goes before the term, except where there is none: in weeks.
        self.assertEqual(lines("advance", 1, **terms, due_day=10), ["2026-01-01 2026-01-31 31 2026-01-05 2026-01-10"])
        self.assertEqual(
            lines("advance", 1, **terms, due_day=10, unit="week"), ["2026-01-01 2026-01-07 7 2025-12-27 2026-01-26"]
        )

    def test_term_never_ends_before_the_issue(self):
        terms = {"start": date(2026, 1, 10), "due_after_issue": lambda day: day - timedelta(days=3)}
        self.assertEqual(lines("advance", 1, **terms), ["2026-01-10 2026-02-09 31 2026-01-10 2026-01-10"])

    # === CUT-OVER AND BAD VALUES === #

    def test_billed_until(self):
        terms = schedule.Schedule(date(2026, 3, 15), end=date(2026, 6, 10), billing_day=1)
        for day, index, ends in (
            (None, 0, None),
            (date(2026, 3, 14), 0, True),
            (date(2026, 3, 15), 1, False),
            (date(2026, 3, 31), 1, True),
            (date(2026, 4, 1), 2, False),
            (date(2026, 6, 9), 4, False),
            (date(2026, 6, 10), 4, True),
            (date(2026, 7, 5), 5, True),
        ):
            self.assertEqual(terms.first_index_after(day), index, day)
            if day:
                self.assertEqual(terms.is_last_day_of_period(day), ends, day)

    def test_index_of(self):
        terms = schedule.Schedule(date(2026, 3, 15), billing_day=31)
        for day, index in ((date(1990, 1, 1), 0), (date(2026, 3, 30), 0), (date(2026, 3, 31), 1)):
            self.assertEqual(terms.index_of(day), index)

    def test_empty_numbers_are_no_days(self):
        """Odoo's empty integer is 0."""
        self.assertEqual(
            lines("advance", 2, start=date(2026, 1, 31), billing_day=0, due_day=0),
            lines("advance", 2, start=date(2026, 1, 31)),
        )

    def test_bad_values_are_named(self):
        start = date(2026, 1, 31)
        for terms, named in (
            ({"unit": "fortnight"}, "fortnight"),
            ({"every": 0}, "length of a period: 0"),
            ({"billing_day": 32}, "day of a month: 32"),
            ({"due_day": 32}, "day of a month: 32"),
            ({"due_day": -1}, "day of a month: -1"),
            ({"lead_days": -1}, "issued before: -1"),
        ):
            with self.subTest(named), self.assertRaisesRegex(ValueError, named):
                schedule.Schedule(start, **terms)
        planned = schedule.Schedule(start, due_day=10)
        for call, named in (
            (lambda: planned.period(-1), "index of a period: -1"),
            (lambda: planned.due_of_begin(-1), "index of a period: -1"),
            (lambda: planned.part("later", 0), "group of lines: 'later'"),
            (lambda: next(planned.charges(["later"], {})), "group of lines: 'later'"),
            (lambda: next(planned.charges(["advance"], {}, first=-1)), "index of a period: -1"),
        ):
            with self.subTest(named), self.assertRaisesRegex(ValueError, named):
                call()
