import doctest
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import settlement
from odoo.addons.cobranca_negociacao.tools.plan import Installment, Parts, Terms, make_plan

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
FIRST = date(2026, 11, 21)
ZERO = Decimal(0)


def worked_case(first=FIRST):
    """1.445,89 with 289,18 down and five by Price at 1 %: 34,94 of interest."""
    return make_plan(
        [Parts(Decimal("1445.89"))], Terms({}, Decimal("289.18"), 5, "price", Decimal(1), first)
    ).installments


@st.composite
def plans(draw):
    terms = Terms(
        {},
        draw(st.none() | st.integers(1, 400).map(Decimal)),
        draw(st.integers(1, 24)),
        draw(st.sampled_from(["none", "simple", "price", "sac"])),
        Decimal(draw(st.integers(0, 50))) / 10,
        FIRST + timedelta(days=draw(st.integers(0, 500))),
    )
    return make_plan([Parts(Decimal(draw(st.integers(50_000, 1_000_000))) / 100)], terms).installments


@tagged("post_install", "-at_install")
class TestSettlementKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(settlement)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 3)

    def test_paid_off_on_the_day_of_the_second(self):
        plan = worked_case()
        self.assertEqual(str(settlement.rebate(plan, {0, 1, 2}, plan[2].due)), "14.07")
        left = sum(each.amount for each in plan if each.number > 2) - Decimal("14.07")
        self.assertEqual(str(left), "700.92")

    def test_paid_off_in_the_middle_of_a_month(self):
        plan = worked_case()
        # 21/01 to 21/02 has 31 days, of which 10 are over: 7,01 × 21 / 31 = 4,75; and 4,70 + 2,36.
        self.assertEqual(str(settlement.rebate(plan, {0, 1, 2}, date(2027, 1, 31))), "11.81")

    def test_time_runs_from_the_payment_before(self):
        first, later = date(2026, 11, 20), date(2027, 1, 9)
        terms = Terms({}, Decimal(100), 2, "simple", Decimal(5), first, later)
        plan = make_plan([Parts(Decimal("1100.00"))], terms).installments
        # 50,00 in each; 50 days to the first of them, of which 10 are over.
        self.assertEqual(str(settlement.earned(plan, date(2026, 11, 30))), "10.00")
        self.assertEqual(str(settlement.rebate(plan, {0}, date(2026, 11, 30))), "90.00")

    def test_nothing_back_for_what_is_due_or_paid(self):
        plan = worked_case()
        self.assertEqual(settlement.rebate(plan, (), plan[-1].due), 0)
        self.assertEqual(settlement.rebate(plan, {0, 3, 4, 5}, plan[2].due), 0)
        self.assertEqual(str(settlement.rebate(plan, {0, 5}, FIRST)), "23.47")
        self.assertEqual(settlement.rebates(plan, plan[-1].due), {})

    def test_earned_by_months(self):
        plan = worked_case()
        months = [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]
        # 9/30 of 11,57; then all of it and 10/31 of 9,30; then both and 10/31 of 7,01.
        self.assertEqual([str(settlement.earned(plan, day)) for day in months], ["3.47", "14.57", "23.13"])
        self.assertEqual([str(settlement.earned(plan, each.due)) for each in plan[:3]], ["0.00", "11.57", "20.87"])

    def test_two_that_fall_due_on_one_day(self):
        day = date(2027, 1, 10)
        plan = [Installment(number, day, Decimal(10), Decimal(number), Decimal(10 - number)) for number in (1, 2)]
        self.assertEqual(settlement.earned(plan, day), 3)
        self.assertEqual(settlement.earned(plan, date(2026, 12, 10)), 0)

    # === LAWS === #

    @PINNED
    @given(plans(), st.integers(-60, 1300), st.sets(st.integers(0, 24)))
    def test_given_back_or_earned(self, plan, days, paid):
        day = FIRST + timedelta(days=days)
        all_interest = sum(each.interest for each in plan)
        self.assertEqual(settlement.rebate(plan, (), day) + settlement.earned(plan, day), all_interest)
        self.assertEqual(settlement.rebate(plan, (), day), self.by_hand(plan, day))
        each_back = settlement.rebates(plan, day)
        for each in plan:
            back = each_back.get(each.number, ZERO)
            self.assertTrue(0 <= back < each.amount or not back, each)
            self.assertTrue(not back or (each.due > day and each.interest), each)
        left = sum(amount for number, amount in each_back.items() if number not in paid)
        self.assertEqual(settlement.rebate(plan, paid, day), left)

    def test_each_is_worth_its_discount(self):
        """Within cents, as months have 28 to 31 days, what 1 % a month takes off in 1, 2 … 5 months."""
        plan = worked_case()
        for number, back in settlement.rebates(plan, FIRST).items():
            worth = 238.33 - 238.33 / 1.01**number
            self.assertAlmostEqual(float(back), worth, delta=0.15)

    def test_one_early_payment_after_the_other_keeps_the_interest_of_the_rest(self):
        """Who pays each installment a month before its time saves that month of each, not all interest."""
        plan = worked_case()
        saved = [settlement.rebates(plan, plan[number - 1].due)[number] for number in range(1, 6)]
        self.assertEqual([str(amount) for amount in saved], ["2.37", "2.43", "2.45", "2.29", "2.36"])

    def test_what_was_given_is_never_earned(self):
        plan, day = worked_case(), date(2027, 1, 31)
        given = {4: Decimal("9.30"), 5: Decimal("11.54")}
        kept = settlement.earned(plan, plan[-1].due, given)
        self.assertEqual(kept, Decimal("34.94") - sum(given.values()))
        # The discount of the third one is all that is still to come.
        self.assertEqual(settlement.earned(plan, day, given), kept - settlement.rebates(plan, day)[3])

    def by_hand(self, plan, day):
        back, start = Decimal(0), None
        for each in plan:
            begin = start or self.month_before(each.due)
            start = each.due
            length = (each.due - begin).days
            over = sorted((0, (day - begin).days, length))[1]
            part = Fraction(floor(Fraction(each.interest) * over / length * 100 + Fraction(1, 2)), 100)
            back += each.interest - Decimal(int(part * 100)) / 100
        return back

    def month_before(self, day):
        end = day.replace(day=1) - timedelta(days=1)
        return end.replace(day=min(day.day, end.day))

    @PINNED
    @given(plans(), st.integers(0, 1200), st.integers(0, 60))
    def test_earned_grows(self, plan, days, more):
        day = FIRST + timedelta(days=days)
        self.assertLessEqual(settlement.earned(plan, day), settlement.earned(plan, day + timedelta(days=more)))
        self.assertEqual(settlement.earned(plan, date(2040, 1, 1)), sum(each.interest for each in plan))
        self.assertEqual(settlement.earned(plan, date(2020, 1, 1)), 0)
