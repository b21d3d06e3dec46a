"""What the demo shows to customers looks like a company's own, and its late customers owe what they should."""

from datetime import date
from decimal import Decimal

from demo.checks import by_hand
from demo.contracts import INDEX
from demo.days import BusinessDays
from demo.debtors import CHOSEN_DAYS, DEBTORS
from demo.desk import DESK_DAYS, Desk


def test_only_the_name_of_the_index_tells_that_its_values_are_invented():
    """Customers read its code in letters and on their page; the administrator reads its name too."""
    assert "demo" not in INDEX["code"].lower()
    assert "demonstração" in INDEX["name"]


def test_the_figures_are_checked_by_an_arithmetic_of_its_own():
    """2 % once and 1 % a month by days, from the business day on which it had to be paid."""
    holidays = {date(2026, 11, 20)}
    assert by_hand(Decimal("1234.56"), date(2026, 10, 5), date(2026, 11, 21), holidays) == Decimal("1278.59")
    # Friday's holiday moves it to Monday: nothing on that day, one day on the next.
    assert by_hand(Decimal("100.00"), date(2026, 11, 20), date(2026, 11, 23), holidays) == Decimal("100.00")
    assert by_hand(Decimal("100.00"), date(2026, 11, 20), date(2026, 11, 24), holidays) == Decimal("102.03")


def test_business_days_go_both_ways():
    days = BusinessDays({date(2026, 11, 20)})
    assert days.add(date(2026, 11, 19), 1) == date(2026, 11, 23)
    assert days.add(date(2026, 11, 23), -2) == date(2026, 11, 18)
    assert days.previous(date(2026, 11, 22)) == date(2026, 11, 19)


def test_the_acts_of_each_debtor_can_be_played():
    """In the order of their days, on a day on which something of his is late, whatever the weekday of today."""
    for debtor in DEBTORS:
        days = [act.day for act in debtor.acts]
        assert days == sorted(days, reverse=True)
        assert debtor.unpaid_for < CHOSEN_DAYS - 7
        # An invoice a month, some days of weekend, and a holiday or two.
        assert not days or debtor.unpaid_for >= 31 + days[0] * 7 / 5, debtor
        assert not days or days[0] * 7 / 5 + 5 < DESK_DAYS
        assert all(hasattr(Desk, f"_{act.what}") for act in debtor.acts)
