"""Random ledgers of a company, written for the reports and remembered as plain rows for whoever checks them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ..tools.metrics import Item, Payment

CENT = Decimal("0.01")


@dataclass
class Agreed:
    """An agreement: when it was signed, its installments, and when it was paid or a later one took its place."""

    number: int
    signed: date
    titles: list
    ended_on: date | None = None


@dataclass
class RandomLedger:
    """Writes what happens to a company's customers day by day.

    :param random.Random random: of a seed
    :param LedgerWriter writer: of the company
    :param list partners: res.partner
    :param date start: first day
    :param date end: last day
    """

    random: object
    writer: object
    partners: list
    start: date
    end: date
    titles: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    sales: list = field(default_factory=list)
    agreements: list = field(default_factory=list)
    originals: dict = field(default_factory=dict)

    # --- writing ---

    def play(self, events):
        """Let so many things happen, one after the other; each depends on what was open before it."""
        span = (self.end - self.start).days
        for offset in sorted(self.random.randrange(span + 1) for _event in range(events)):
            day = self.start + timedelta(days=offset)
            acts = (
                [self.invoice] * 4 + [self.pay] * 4 + [self.credit, self.overpay, self.prepay, self.agree, self.agree]
            )
            self.random.choice(acts)(day)
        for agreed in self.agreements:
            self._finish(agreed)
        return self

    def invoice(self, day):
        partner = self.random.choice(self.partners)
        due = day + timedelta(days=self.random.choice((0, 0, 5, 10, 15, 30, 30, 45)))
        title = self.writer.invoice(partner, day, due, self._amount())
        self.titles.append(title)
        self.sales.append((day, title.amount))
        return title

    def pay(self, day):
        """Pay a title, in full or in part."""
        if title := self._choose(day):
            amount = self._part(self._left(title))
            self.writer.pay(title, day, amount)
            self._paid(title, day, amount)

    def credit(self, day):
        """A credit note, of which something is used for a title of the same customer."""
        if title := self._choose(day):
            amount = self._part(self._left(title))
            note = self.writer.invoice(self._partner(title), day, day, -(amount + self.random.choice((0, 0, 10))))
            self.titles.append(note)
            self.sales.append((day, note.amount))
            self.writer.match(title, note, amount)

    def overpay(self, day):
        """More money than what is open: the rest is a credit."""
        if title := self._choose(day):
            left = self._left(title)
            money = self.writer.payment(self._partner(title), day, left + self._amount())
            self.titles.append(money)
            self.writer.match(title, money, left)
            self._paid(title, day, left)

    def prepay(self, day):
        """Money first, the invoice some days later."""
        later = min(day + timedelta(days=self.random.randrange(1, 20)), self.end)
        title = self.invoice(later)
        amount = self._part(title.amount)
        money = self.writer.payment(self._partner(title), day, amount)
        self.titles.append(money)
        self.writer.match(title, money, amount)
        self._paid(title, later, amount)

    def agree(self, day):
        """An agreement over titles of a customer, of installments of earlier ones too."""
        first = self._choose(day)
        if not first:
            return
        parent = self._get_agreement(first)
        others = [title for title in self._open(day) if title.partner_id == first.partner_id and title is not first]
        # What is left of an agreement is renegotiated as a whole, perhaps with other debts.
        taken = [title for title in self._open(day) if title in parent.titles] if parent else [first]
        others = [title for title in others if not self._get_agreement(title)]
        taken += self.random.sample(others, self.random.randint(0, min(2, len(others))))
        parts = {id(title): self._left(title) for title in taken}
        number = self.random.randint(1, 3)
        total = sum(parts.values()) * self.random.choice((Decimal("0.8"), Decimal(1), Decimal("1.1")))
        each = max((total / number).quantize(CENT), CENT)
        dues = [day + timedelta(days=30 * position + self.random.randrange(5)) for position in range(number)]
        agreement, installments = self.writer.agree(taken, day, [(due, each) for due in dues])
        if parent:
            parent.ended_on = day
            self._update("UPDATE cobranca_agreement SET parent_id = %s WHERE id = %s", parent.number, agreement)
            self._update("UPDATE cobranca_agreement SET state = 'renegotiated' WHERE id = %s", parent.number)
        self._remember(taken, parts, installments)
        self.agreements.append(Agreed(agreement, day, installments))

    # --- what is remembered ---

    def _remember(self, taken, parts, installments):
        """Which first debts the installments stand in the place of, with what share."""
        whole, shares = sum(parts.values()), defaultdict(Fraction)
        for title in taken:
            for due, share in self.originals.get(title.line_id, ((title.due, Fraction(1)),)):
                shares[due] += Fraction(parts[id(title)]) / Fraction(whole) * share
        for title in installments:
            self.originals[title.line_id] = tuple(sorted(shares.items()))
        self.titles += installments

    def _finish(self, agreed):
        """An agreement without an open installment is paid since its last payment."""
        if agreed.ended_on or any(self._left(title) for title in agreed.titles):
            return
        agreed.ended_on = max(day for title in agreed.titles for day, _amount in title.parts)
        query = "UPDATE cobranca_agreement SET state = 'paid', paid_on = %s WHERE id = %s"
        self._update(query, agreed.ended_on, agreed.number)

    def _update(self, query, *values):
        self.writer.env.cr.execute(query, values)

    def _paid(self, title, day, amount):
        self.payments.append(Payment(amount, max(day, title.date), title.due))

    def items(self):
        """:return: list of tools.metrics.Item"""
        return [
            Item(
                title.line_id,
                title.partner_id,
                title.date,
                title.due,
                title.amount,
                tuple(title.parts),
                self.originals.get(title.line_id, ()),
            )
            for title in self.titles
        ]

    def agreements_on(self, day):
        """:return: list of Agreed, those in force at the end of a day"""
        return [
            agreed
            for agreed in self.agreements
            if agreed.signed <= day and (agreed.ended_on is None or agreed.ended_on > day)
        ]

    def sales_between(self, first, last):
        """Sales of the days from the first to the last one, both included."""
        return sum((amount for day, amount in self.sales if first <= day <= last), Decimal(0))

    def payments_between(self, first, last):
        """:return: list of tools.metrics.Payment"""
        return [payment for payment in self.payments if first <= payment.paid <= last]

    # --- choosing ---

    def _open(self, day):
        return [title for title in self.titles if title.amount > 0 and title.date <= day and self._left(title) > 0]

    def _choose(self, day):
        found = self._open(day)
        return self.random.choice(found) if found else None

    def _get_agreement(self, title):
        return next((agreed for agreed in self.agreements if title in agreed.titles), None)

    def _left(self, title):
        return title.amount - sum(amount for _day, amount in title.parts)

    def _partner(self, title):
        return self.writer.env["res.partner"].browse(title.partner_id)

    def _amount(self):
        return Decimal(self.random.choice((5, 100, 1000, self.random.randrange(1, 100000) / Decimal(100))))

    def _part(self, amount):
        """All of it, or some."""
        share = self.random.choice((1, 1, Decimal("0.5"), Decimal("0.3")))
        return max((amount * share).quantize(CENT), CENT)
