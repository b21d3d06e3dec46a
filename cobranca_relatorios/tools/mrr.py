"""Movements of monthly recurring revenue (MRR) between month ends, and the rates that follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
PERCENT = Decimal(100)


@dataclass(frozen=True)
class Movement:
    """What became of the MRR of one customer, or of all, from one month end to the next; what is lost is below zero."""

    opening: Decimal = ZERO
    new: Decimal = ZERO
    reactivation: Decimal = ZERO
    expansion: Decimal = ZERO
    contraction: Decimal = ZERO
    churn: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        return self.opening + self.new + self.reactivation + self.expansion + self.contraction + self.churn


@dataclass(frozen=True)
class Rates:
    """Rates of a month in percent of the MRR, or of the customers, with which it began; None without any."""

    churn: Decimal | None
    net_churn: Decimal | None
    nrr: Decimal | None
    grr: Decimal | None
    logo_churn: Decimal | None


def movement(opening: Decimal, closing: Decimal, is_known: bool) -> Movement:
    """What became of one customer.

    :param is_known: did he have MRR at any month end before? Then he comes back instead of being new

    >>> movement(Decimal(100), Decimal(150), True).expansion
    Decimal('50')
    >>> movement(ZERO, Decimal(60), True).reactivation, movement(Decimal(50), ZERO, True).churn
    (Decimal('60'), Decimal('-50'))
    """
    if not opening:
        return Movement(reactivation=closing) if is_known else Movement(new=closing)
    if not closing:
        return Movement(opening, churn=-opening)
    change = closing - opening
    return Movement(opening, expansion=max(change, ZERO), contraction=min(change, ZERO))


def movements(months: Sequence[Mapping[object, Decimal]]) -> list[dict[object, Movement]]:
    """What became of each customer in each month.

    :param months: {customer: MRR} at each month end, in order; before the first one there was none
    :return: {customer: Movement} of each month, of those who had MRR at its begin or its end

    >>> ends = [{"f": 60}, {"a": 100, "b": 200, "c": 50, "d": 150}, {"a": 150, "b": 120, "d": 150, "e": 80, "f": 60}]
    >>> may = total(movements([{who: Decimal(m) for who, m in end.items()} for end in ends])[-1].values())
    >>> [str(part) for part in vars(may).values()]
    ['500', '80', '60', '50', '-80', '-50']
    >>> may.closing
    Decimal('560')
    """
    found, known, before = [], set(), {}
    for end in months:
        now = {customer: amount for customer, amount in end.items() if amount}
        everybody = before.keys() | now.keys()
        found.append({who: movement(before.get(who, ZERO), now.get(who, ZERO), who in known) for who in everybody})
        known |= now.keys()
        before = now
    return found


def total(parts: Iterable[Movement]) -> Movement:
    """The sum of the movements of several customers in one month."""
    parts = list(parts)
    names = ("opening", "new", "reactivation", "expansion", "contraction", "churn")
    return Movement(*(sum((getattr(part, name) for part in parts), ZERO) for name in names))


def rates(month: Movement, customers: int, lost: int) -> Rates:
    """The rates of a month, in percent.

    :param month: total of the customers
    :param customers: with MRR when it began
    :param lost: of them, without any when it ended

    >>> month = Movement(*map(Decimal, (500, 80, 60, 50, -80, -50)))
    >>> [f"{rate:.0f}" for rate in vars(rates(month, 4, 1)).values()]
    ['26', '16', '84', '74', '25']
    """
    if not month.opening or not customers:
        return Rates(None, None, None, None, None)
    gone = month.contraction + month.churn
    kept = month.opening + gone
    return Rates(
        churn=-gone / month.opening * PERCENT,
        net_churn=-(gone + month.expansion) / month.opening * PERCENT,
        nrr=(kept + month.expansion) / month.opening * PERCENT,
        grr=kept / month.opening * PERCENT,
        logo_churn=Decimal(lost) / customers * PERCENT,
    )
