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
    # --- signing ---

    def sign(self, debts, day, given_each, installments, order):
        """:param given_each: {component: amount} forgiven of each debt
        :param installments: [(number, due, amount, interest)]
        """
        parent = next((debt.agreement for debt in debts if debt.agreement), None)
        financing = sum((interest for _number, _due, _amount, interest in installments), ZERO)
        agreed = Agreed(day, {}, [], financing, order, parent)
        amounts = defaultdict(Decimal)
        own = self.to_come(parent, day) if parent else {}
        to_come = sum((amount for item, amount in own.items() if item in debts), ZERO)
        for debt, given in zip(debts, given_each, strict=True):
            self._take_over(agreed, debt, given, amounts, to_come)
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

    def _take_over(self, agreed, debt, given, amounts, to_come):
        owed = debt.owes(agreed.day)
        agreed.origins[debt] = [Event(agreed.day, part, amount, agreed) for part, amount in owed.items() if amount]
        debt.events += agreed.origins[debt]
        amounts[debt.account] -= owed["principal"]
        forgiven = given["principal"]
        if debt.agreement:
            # Interest of months to come that is forgiven was never earned, in whichever installment.
            back = min(forgiven, to_come - amounts["unearned", debt.agreement])
            amounts["unearned", debt.agreement] += back
            forgiven -= back
        amounts["discount"] += forgiven
        for kind in ("fine", "interest", "correction"):
            amounts[kind] -= owed[kind] - given[kind]

    # --- interest of the installments ---

    def _earned_of(self, item, until):
        """By days from the due day before it, or from a month before, to its own (CDC, art. 52, § 2º)."""
        start, due = self._span_of(item)
        share = Decimal((min(max(until, start), due) - start).days) / (due - start).days
        return cents(item.interest * share)

    def _span_of(self, item):
        schedule = sorted(item.agreement.schedule, key=lambda row: row[1])
        place = next(place for place, row in enumerate(schedule) if row[0] == item.number)
        due = schedule[place][1]
        return schedule[place - 1][1] if place else due - relativedelta(months=1), due

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
            # What is owed for days to come stays; what a later agreement forgave of it never becomes income.
            to_come = sum(
                max(amount - self.let_off(item), ZERO) for item, amount in self.to_come(agreed, until).items()
            )
            stays = to_come + self.unearned(agreed, but_own=True)
            amount = min(left, max(left - stays, ZERO)) if agreed.day <= until else ZERO
        if amount:
            self.post(until, (agreed,), {("unearned", agreed): amount, "financing": -amount})

    def to_come(self, agreed, day):
        """All interest that is not earned, in each installment by its discount at one simple rate.

        :return: {installment: interest of days after this one}
        """
        items = sorted((item for item in agreed.items if item.interest), key=lambda item: self._span_of(item)[1])
        left = sum((item.interest - self._earned_of(item, day) for item in items), ZERO)
        if not left:
            return {}
        begin = max(day, self._span_of(items[0])[0])
        days = {item: (self._span_of(item)[1] - begin).days for item in items}
        items = [item for item in items if days[item] > 0]
        # The days in which simple interest makes as much of an amount as it is: found by halving.
        least, most = Decimal("1e-9"), Decimal("1e12")
        for _half in range(160):
            double = (least + most) / 2
            if sum(item.amount * days[item] / (double + days[item]) for item in items) > left:
                least = double
            else:
                most = double
        found, total, before = {}, ZERO, ZERO
        for item in items:
            total += item.amount * days[item] / (double + days[item])
            found[item], before = cents(total) - before, cents(total)
        return found

    def let_off(self, item):
        return sum((event.amount for event in item.events if event.cause is item.agreement), ZERO)

    def rebates(self, agreed, day):
        """:return: {installment: interest that who pays it on a day does not owe}"""
        to_come = self.to_come(agreed, day)
        return {item: min(item.open, to_come.get(item, ZERO)) for item in agreed.items if item.open}

    def concede(self, money, found, day):
        """Who pays exactly what installments cost early, or not so much more that it is all of them, owes no more."""
        less = {}
        for debt in found:
            if debt.agreement and debt.agreement.state == "active" and debt.open:
                less[debt] = self.rebates(debt.agreement, money.day)[debt]
        debts = [debt for debt, parts in found.items() if sum(parts.values())]
        for count in range(len(debts), 0, -1):
            total = sum((sum(found[debt].values()) for debt in debts[:count]), ZERO)
            given = sum((less.get(debt, ZERO) for debt in debts[:count]), ZERO)
            if total - given <= money.left < total:
                break
        else:
            return
        for debt in debts[:count]:
            if amount := less.get(debt):
                found[debt]["principal"] -= amount
                self._let_off(debt, amount, money.day)

    def _let_off(self, item, amount, day):
        agreed = item.agreement
        back = min(amount, self.unearned(agreed))
        item.events.append(Event(day, "principal", amount, agreed))
        amounts = {item.account: -amount, ("unearned", agreed): back, "financing": amount - back}
        self.post(day, (agreed,), amounts)

    def pay_off(self, agreed, day):
        """:return: Money that pays all that is left"""
        rebates, items = self.rebates(agreed, day), sorted(agreed.items, key=lambda item: item.due)
        items = [item for item in items if item.open]
        charges = {item: {kind: item.owes(day)[kind] for kind in ("interest", "fine")} for item in items}
        total = sum((sum(item.owes(day).values()) - rebates[item] for item in items), ZERO)
        money, left = self.take(total, day), self.unearned(agreed)
        for item, amount in rebates.items():
            if amount:
                item.events.append(Event(day, "principal", amount, agreed))
        given = sum(rebates.values())
        amounts = {items[0].account: -given, ("unearned", agreed): left, "financing": given - left}
        self.post(day, (agreed,), amounts)
        self.receive(money, [item for item in items if item.open], day, charges=charges)
        return money

    def _take_rebates_back(self, day):
        """Interest of days to come is owed again where the money is gone; what was earned until then stays income."""
        for agreed in self.agreements:
            back = ZERO
            for item in agreed.items if agreed.state == "active" else ():
                if item.open:
                    back += self.let_off(item)
                    item.events = [event for event in item.events if event.cause is not agreed]
            if back:
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
        self.follow()
        self._take_rebates_back(day)
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
