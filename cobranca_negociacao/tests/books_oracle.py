"""A second set of books, in plain Python: what customers owe, what they paid, and what all accounts must say.

It knows the rules by their sources and nothing of Odoo or of the addons. All amounts are Decimal in cents.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO, CENT, NEARLY = Decimal(0), Decimal("0.01"), Decimal("0.02")
KINDS = ("interest", "fine", "correction")
# Who pays pays charges first (Código Civil, art. 354), one debt after the other; or first what he owed.
CHARGES_FIRST = ("interest", "fine", "correction", "principal")
LATER = ("correction", "interest", "fine")
# National holidays from the end of 2025 to 2027 that are no Saturday or Sunday.
HOLIDAYS = {
    *(date(2025, *day) for day in ((11, 20), (12, 25))),
    *(date(2026, *day) for day in ((1, 1), (2, 16), (2, 17), (4, 3), (4, 21), (5, 1), (6, 4), (9, 7), (10, 12))),
    *(date(2026, *day) for day in ((11, 2), (11, 20), (12, 25))),
    *(
        date(2027, *day)
        for day in ((1, 1), (2, 8), (2, 9), (3, 26), (4, 21), (5, 27), (9, 7), (10, 12), (11, 2), (11, 15))
    ),
}


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def business_day(day):
    """The day itself when banks are open, else the next one on which they are."""
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


class Event(NamedTuple):
    """A part of a debt that was settled on a day, and what by: money, an agreement or a break.

    The part `conceded` is principal that was given up.
    """

    day: date
    part: str
    amount: Decimal
    cause: object


@dataclass(eq=False)
class Debt:
    """An amount due on a day: 2 % of fine once and 1 % of interest a month, from the first day banks are open.

    :param agreement: whose installment it is
    :param interest: of the installment
    :param memos: {kind: amount} of charges that stayed when the principal was paid
    """

    amount: Decimal
    due: date
    account: str = "customers"
    agreement: object = None
    number: int = 0
    interest: Decimal = ZERO
    events: list = field(default_factory=list)
    memos: dict = field(default_factory=dict)

    @property
    def open(self):
        return self.amount - self.settled("principal")

    def settled(self, part, until=date.max):
        parts = ("principal", "conceded") if part == "principal" else (part,)
        return sum((event.amount for event in self.events if event.part in parts and event.day <= until), ZERO)

    def owes(self, day):
        """:return: {part: amount} on a day, principal and charges"""
        principal = self.amount - self.settled("principal", day)
        start = business_day(self.due)
        if day <= start:
            return {"principal": principal, **dict.fromkeys(KINDS, ZERO)}
        left = self.amount - self.settled("principal", start)
        fine, interest, since = cents(left * 2 / 100), ZERO, start
        days = sorted({event.day for event in self.events if start < event.day < day})
        for until in (*days, day):
            base = self.amount - self.settled("principal", until - timedelta(days=1))
            interest += cents(base * (until - since).days / 3000)
            since = until
        return {
            "principal": principal,
            "fine": fine - self.settled("fine", day),
            "interest": interest - self.settled("interest", day),
            "correction": ZERO,
        }

    def wants(self, day):
        """What money is for: all of an open debt, what is left of the charges of one that is paid."""
        return self.owes(day) if self.open else {"principal": ZERO, **dict.fromkeys(KINDS, ZERO), **self.memos}


@dataclass(eq=False)
class Money:
    """What a customer paid; what nothing was paid with yet stays his credit.

    :param broken: the break that made it out of what was paid for an agreement
    """

    amount: Decimal
    day: date
    account: str = "customers"
    broken: object = None
    left: Decimal = None

    def __post_init__(self):
        self.left = self.amount


class Entry(NamedTuple):
    """:param owners: what it goes with, when that is undone"""

    day: date
    owners: frozenset
    amounts: dict


@dataclass(eq=False)
class Books:
    debts: list = field(default_factory=list)
    moneys: list = field(default_factory=list)
    agreements: list = field(default_factory=list)
    entries: list = field(default_factory=list)
    account: str = "customers"

    # --- entries ---

    def post(self, day, owners, amounts):
        assert not sum(amounts.values()), f"does not balance: {amounts}"
        self.entries.append(Entry(day, frozenset(owners), amounts))

    def reverse(self, owner, day, owners=()):
        """Book the opposite of all that goes with something."""
        for entry in [entry for entry in self.entries if owner in entry.owners]:
            amounts = {account: -amount for account, amount in entry.amounts.items()}
            self.post(day, (entry.owners - {owner}) | set(owners), amounts)

    def totals(self):
        """:return: {account: balance}, without those at zero; what is not earned is one account for all"""
        found = defaultdict(Decimal)
        for entry in self.entries:
            for account, amount in entry.amounts.items():
                found[account if isinstance(account, str) else account[0]] += amount
        return {account: amount for account, amount in found.items() if amount}

    # --- debts and money ---

    def owe(self, amount, due, tax=ZERO):
        """An invoice; the tax is part of the amount."""
        debt = Debt(amount, due, self.account)
        self.debts.append(debt)
        self.post(due, (), {debt.account: amount, "revenue": tax - amount, "tax": -tax})
        return debt

    def pay(self, amount, day, debts, order=None):
        """Money that comes in for debts, the oldest first."""
        money = self.take(amount, day)
        self.receive(money, debts, day, order)
        return money

    def take(self, amount, day):
        money = Money(amount, day, self.account)
        self.moneys.append(money)
        self.post(day, (), {"bank": amount, money.account: -amount})
        return money

    def receive(self, money, debts, day, order=None, owners=(), charges=None):
        """Settle debts; which charges come as income of a day, and what owns their entries.

        :param day: of the entries; charges are those of the day of the money
        :param order: `charges` or `principal`; None: as it is meant
        :param charges: {debt: {kind: amount}} where they are known already
        """
        found = {debt: {**debt.wants(money.day), "principal": debt.open} for debt in debts}
        for debt, kinds in (charges or {}).items():
            found[debt].update(kinds)
        was_open = [debt for debt in debts if debt.open]
        if charges is None:
            self.concede(money, found, day)
        principal = sum((parts["principal"] for parts in found.values()), ZERO)
        if order is None:
            order = "principal" if charges is None and principal == money.left > 0 else "charges"
        self._round_off(money, found, day)
        for debt, part in steps(list(found), order):
            if amount := min(found[debt][part], money.left):
                money.left -= amount
                found[debt][part] -= amount
                self._settle(money, debt, part, amount, day, owners)
        for debt in was_open:
            if not debt.open:
                debt.memos = {kind: found[debt][kind] for kind in KINDS if found[debt][kind]}

    def concede(self, money, found, day):
        """What need not be paid by who pays so much."""

    def _settle(self, money, debt, part, amount, day, owners):
        debt.events.append(Event(money.day, part, amount, money))
        owners = {money, debt.agreement, *owners} - {None}
        if part != "principal":
            self.post(day, owners, {debt.account: amount, part: -amount})
            if part in debt.memos:
                debt.memos[part] -= amount
                debt.memos = {kind: left for kind, left in debt.memos.items() if left}
        if debt.account != money.account:
            self.post(day, owners - {debt.agreement}, {money.account: amount, debt.account: -amount})

    def _round_off(self, money, found, day):
        """A cent or two more or less than all that is due is nobody's debt."""
        total = sum((sum(parts.values()) for parts in found.values()), ZERO)
        missing = total - money.left
        largest = max((parts["principal"] for parts in found.values()), default=ZERO)
        if not missing or abs(missing) > NEARLY or min(money.left, largest) <= NEARLY:
            return
        if missing < 0:
            found[list(found)[-1]]["interest"] -= missing
            return
        for parts in reversed(list(found.values())):
            for kind in KINDS:
                taken = min(missing, parts[kind])
                parts[kind] -= taken
                missing -= taken
        if missing:
            # Only principal is due: the cent is conceded.
            debt = [debt for debt, parts in found.items() if parts["principal"] >= missing][-1]
            found[debt]["principal"] -= missing
            debt.events.append(Event(money.day, "conceded", missing, money))
            owners = {money, debt.agreement} - {None}
            self.post(day, owners, {debt.account: -missing, "discount": missing})

    def take_back(self, money, day):
        """The bank takes money back: what it paid is owed again, and its income is none."""
        self.reverse(money, day)
        self.post(day, (), {"bank": -money.amount, money.account: money.amount})
        self.moneys.remove(money)
        for debt in self.debts:
            mine = [event for event in debt.events if event.cause is money]
            debt.events = [event for event in debt.events if event.cause is not money]
            if debt.open:
                debt.memos = {}
                continue
            for event in mine:
                if event.part == "conceded":
                    continue
                debt.memos[event.part] = debt.memos.get(event.part, ZERO) + event.amount

    # --- what must be seen ---

    def open_items(self):
        """:return: sorted [(account, due, what is open)] of debts and of credits"""
        debts = [(debt.account, debt.due, debt.open) for debt in self.debts if debt.open]
        return sorted(debts + [(money.account, money.day, -money.left) for money in self.moneys if money.left])


def steps(debts, order):
    """:return: [(debt, part)] in the order in which they are paid"""
    if order == "charges":
        return [(debt, part) for debt in debts for part in CHARGES_FIRST]
    return [(debt, "principal") for debt in debts] + [(debt, part) for debt in debts for part in LATER]
