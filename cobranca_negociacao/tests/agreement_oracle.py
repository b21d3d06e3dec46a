"""Agreements in the second set of books: a break is as if there had been none, and restoring as if no break.

Like `books_oracle`, it knows nothing of Odoo or of the addon.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from .books_oracle import KINDS, ZERO, Books, Debt, Event, Money, cents

COMPONENTS = ("fine", "interest", "correction", "principal")


@dataclass(eq=False)
class Agreed:
    """:param origins: {debt: its events by this agreement}
    :param items: installments, as Debt
    :param order: what money of a broken one pays first
    """

    day: date
    origins: dict
    items: list
    financing: Decimal
    order: str
    parent: object = None
    state: str = "active"
    broken: object = None
    schedule: list = field(default_factory=list)

    def is_settled(self):
        return not any(item.open for item in self.items)


@dataclass(eq=False)
class Broken:
    """What a break did, so that it can be taken back. :param memos: {installment: its memos}"""

    day: date
    memos: dict
    moneys: list = field(default_factory=list)


@dataclass(eq=False)
class AgreementBooks(Books):
    pay_offs: dict = field(default_factory=dict)

    # --- signing ---

    def sign(self, debts, day, given_each, installments, order):
        """:param given_each: {component: amount} forgiven of each debt
        :param installments: [(number, due, amount, interest)]
        """
        parent = next((debt.agreement for debt in debts if debt.agreement), None)
        financing = sum((interest for _number, _due, _amount, interest in installments), ZERO)
        agreed = Agreed(day, {}, [], financing, order, parent)
        amounts = defaultdict(Decimal)
        for debt, given in zip(debts, given_each, strict=True):
            self._take_over(agreed, debt, given, amounts)
        for number, due, amount, interest in installments:
            agreed.items.append(Debt(amount, due, self.account, agreed, number, interest))
            agreed.schedule.append((number, due, interest))
            amounts[self.account] += amount
        amounts["unearned", agreed] -= financing
        self.post(day, (agreed,), amounts)
        self.agreements.append(agreed)
        self.debts += agreed.items
        if parent:
            parent.state = "renegotiated"
        return agreed

    def _take_over(self, agreed, debt, given, amounts):
        owed = debt.owes(agreed.day)
        agreed.origins[debt] = [Event(agreed.day, part, amount, agreed) for part, amount in owed.items() if amount]
        debt.events += agreed.origins[debt]
        amounts[debt.account] -= owed["principal"]
        forgiven = given["principal"]
        if debt.agreement:
            # Interest of months to come that is forgiven was never earned.
            back = min(forgiven, debt.interest - self._earned_of(debt, agreed.day))
            amounts["unearned", debt.agreement] += back
            forgiven -= back
        amounts["discount"] += forgiven
        for kind in ("fine", "interest", "correction"):
            amounts[kind] -= owed[kind] - given[kind]

    # --- interest of the installments ---

    def _earned_of(self, item, until):
        """By days from the due day before it, or from a month before, to its own (CDC, art. 52, § 2º)."""
        schedule = sorted(item.agreement.schedule, key=lambda row: row[1])
        place = next(place for place, row in enumerate(schedule) if row[0] == item.number)
        due = schedule[place][1]
        start = schedule[place - 1][1] if place else due - relativedelta(months=1)
        share = Decimal((min(max(until, start), due) - start).days) / (due - start).days
        return cents(item.interest * share)

    def unearned(self, agreed, but_own=False):
        return -sum(
            (
                entry.amounts.get(("unearned", agreed), ZERO)
                for entry in self.entries
                if not (but_own and agreed in entry.owners)
            ),
            ZERO,
        )

    def earn(self, agreed, until):
        """Interest that was earned by the end of a month becomes income."""
        left = self.unearned(agreed)
        if agreed.state == "paid" and self.paid_on(agreed) <= until:
            amount = left
        else:
            # What a later agreement forgave of it never becomes income.
            booked = agreed.financing - left + self.unearned(agreed, but_own=True)
            earned = sum((self._earned_of(item, until) for item in agreed.items), ZERO)
            amount = min(left, max(earned - booked, ZERO)) if agreed.day <= until else ZERO
        if amount:
            self.post(until, (agreed,), {("unearned", agreed): amount, "financing": -amount})

    def rebates(self, agreed, day):
        """:return: {installment: interest that who pays all on a day does not owe}"""
        return {item: min(item.open, item.interest - self._earned_of(item, day)) for item in agreed.items if item.open}

    def pay_off(self, agreed, day):
        """:return: Money that pays all that is left"""
        rebates, items = self.rebates(agreed, day), sorted(agreed.items, key=lambda item: item.due)
        items = [item for item in items if item.open]
        charges = {item: {kind: item.owes(day)[kind] for kind in ("interest", "fine")} for item in items}
        total = sum((sum(item.owes(day).values()) - rebates[item] for item in items), ZERO)
        money, left = self.take(total, day), self.unearned(agreed)
        self.pay_offs[money] = agreed
        for item, amount in rebates.items():
            if amount:
                item.events.append(Event(day, "principal", amount, agreed))
        given = sum(rebates.values())
        amounts = {items[0].account: -given, ("unearned", agreed): left, "financing": given - left}
        self.post(day, (agreed,), amounts)
        self.receive(money, [item for item in items if item.open], day, charges=charges)
        return money

    def _take_rebate_back(self, money, day):
        """Interest of months to come is owed again; what was earned until the pay-off stays income."""
        agreed = self.pay_offs.pop(money)
        back = ZERO
        for item in agreed.items:
            back += sum(event.amount for event in item.events if event.cause is agreed)
            item.events = [event for event in item.events if event.cause is not agreed]
        self.post(day, (agreed,), {agreed.items[0].account: back, ("unearned", agreed): -back})

    # --- end and return ---

    def break_(self, agreed, day):
        """The debts are open again; what was paid pays them as of the days on which it came."""
        broken = agreed.broken = Broken(day, {item: item.memos for item in agreed.items})
        groups = defaultdict(Decimal)
        for item in agreed.items:
            for event in item.events:
                if isinstance(event.cause, Money) and event.part != "conceded":
                    groups[event.day, item.account] += event.amount
        self.reverse(agreed, day, (broken,))
        for debt, events in agreed.origins.items():
            debt.events = [event for event in debt.events if event not in events]
        for item in agreed.items:
            item.memos = {}
            if item.open:
                item.events.append(Event(day, "principal", item.open, broken))
        agreed.state = "broken"
        if agreed.parent:
            agreed.parent.state = "active"
        origins = sorted(agreed.origins, key=lambda debt: debt.due)
        for (paid_on, account), amount in sorted(groups.items()):
            money = Money(amount, paid_on, account, broken)
            broken.moneys.append(money)
            self.moneys.append(money)
            running = [debt for debt in origins if debt.open]
            charges = {debt: {} for debt in running}
            self.receive(money, running, day, agreed.order, (broken,), charges)

    def restore(self, agreed, day):
        """As if it had not been broken."""
        broken, agreed.broken = agreed.broken, None
        self.reverse(broken, day)
        gone = {broken, *broken.moneys}
        for debt in (*agreed.origins, *agreed.items):
            debt.events = [event for event in debt.events if event.cause not in gone]
        for money in broken.moneys:
            self.moneys.remove(money)
        for debt, events in agreed.origins.items():
            debt.memos = {}
            debt.events += events
        for item, memos in broken.memos.items():
            item.memos = memos
        agreed.state = "active"
        if agreed.parent:
            agreed.parent.state = "renegotiated"

    def can_restore(self, agreed):
        """Are the debts of a broken agreement as they were, but for what its money paid?"""
        moneys = agreed.broken.moneys
        for debt, events in agreed.origins.items():
            paid = sum(event.amount for event in debt.events if event.part not in KINDS and event.cause in moneys)
            if debt.open + paid != sum(event.amount for event in events if event.part == "principal"):
                return False
        return True

    def bounce(self, money, day):
        """Money goes back: what was broken breaks anew without it, what was paid is in force again."""
        broken = self.broken_of(money)
        for agreed in broken:
            self.restore(agreed, day)
        self.take_back(money, day)
        if money in self.pay_offs:
            self._take_rebate_back(money, day)
        for agreed in broken:
            self.break_(agreed, day)
        self.follow()

    def broken_of(self, money):
        """The broken agreements for which some money was paid."""
        return [
            agreed
            for agreed in self.agreements
            if agreed.broken and any(event.cause is money for item in agreed.items for event in item.events)
        ]

    def follow(self):
        """What is paid is done with; what is open again is in force again."""
        for agreed in self.agreements:
            if agreed.state in ("active", "paid"):
                agreed.state = "paid" if agreed.is_settled() else "active"

    def paid_on(self, agreed):
        return max(event.day for item in agreed.items for event in item.events)
