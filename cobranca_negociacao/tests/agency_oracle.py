"""Second books of what agencies earn, in plain Python: it knows the rules of the contract, and nothing of Odoo.

- Money earns when it is cash for a debt that the agency has on the day of the payment, with its late charges.
- After a recall, the end of the term or full payment it earns for some days more, unless another agency has the debt by
  then; what was given back, disputed and the like earns nothing more.
- The day on which a debt changes hands is of who had it.
- What goes back is taken off on the day on which it was seen.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
WITH_TAIL = ("recalled", "term", "paid")


@dataclass
class Stay:
    """A debt with an agency, from one day to another."""

    agency: str
    debt: object
    percent: Decimal
    since: date
    until: date | None = None
    tail_days: int = 0


@dataclass
class Row:
    """Money that earned: below zero where it went back."""

    agency: str
    debt: object
    payment: object
    day: date
    amount: Decimal
    commission: Decimal
    is_stated: bool = False


@dataclass
class AgencyOracle:
    """What is told to it by day and amount, and what each agency must get."""

    stays: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    # --- what happens ---

    def place(self, agency, debts, percent, day):
        self.stays += [Stay(agency, debt, Decimal(percent), day) for debt in debts]

    def end(self, agency, debts, day, reason, tail_days=15):
        for stay in self.stays:
            if stay.agency == agency and stay.debt in debts and stay.until is None:
                stay.until = day
                stay.tail_days = tail_days if reason in WITH_TAIL else 0

    def pay(self, payment, debt, amount, day):
        if stay := self._find(debt, day):
            amount = Decimal(amount)
            earned = (amount * stay.percent / 100).quantize(CENT, ROUND_HALF_UP)
            self.rows.append(Row(stay.agency, debt, payment, day, amount, earned))

    def take_back(self, payment, seen_on):
        for row in [row for row in self.rows if row.payment == payment]:
            self.rows.append(Row(row.agency, row.debt, payment, seen_on, -row.amount, -row.commission))

    # --- what must be ---

    def get_ledger(self):
        """{(agency, debt): (received, commission)}; what is zero is left out"""
        sums = {}
        for row in self.rows:
            amount, earned = sums.get((row.agency, row.debt), (Decimal(0), Decimal(0)))
            sums[row.agency, row.debt] = amount + row.amount, earned + row.commission
        return {key: value for key, value in sums.items() if any(value)}

    def state(self, agency, until):
        """(rows, received, commission) of a statement until a day, of what was on none before"""
        own = [row for row in self.rows if row.agency == agency and not row.is_stated and row.day <= until]
        for row in own:
            row.is_stated = True
        return len(own), sum(row.amount for row in own), sum(row.commission for row in own)

    # --- parts ---

    def _find(self, debt, day):
        """Who earns on money of a day: the first who had the debt then, or still has a claim."""
        stays = sorted((stay for stay in self.stays if stay.debt == debt), key=lambda stay: stay.since)
        for place, stay in enumerate(stays):
            last = date.max if stay.until is None else stay.until + timedelta(days=stay.tail_days)
            if place + 1 < len(stays):
                last = min(last, stays[place + 1].since)
            if stay.since <= day <= last:
                return stay
        return None
