"""What money that came in settles: which charges, which principal, of which debt; nothing gets lost.

All amounts are `Decimal` in cents; a debt is a mapping of its parts, `principal` and kinds of charges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .late_charges import CHARGES_FIRST, ORDERS, PRINCIPAL_FIRST, ZERO

PRINCIPAL = "principal"
# What a customer still pays of a debt that was written off comes after all else.
RECOVERY = "recovery"
# Banks truncate where we round half up: so much of a difference is nobody's debt.
TOLERANCE = Decimal("0.02")


@dataclass(frozen=True)
class Share:
    """A part of one credit that settles a part of one debt; both by their place in the lists."""

    credit: int
    debt: int
    part: str
    amount: Decimal


def payment_steps(orders: Sequence[str]) -> list[tuple[int, str]]:
    """In which order parts of debts are paid: the oldest debt first (Código Civil, art. 355).

    Where charges come first (art. 354), a debt is settled before the next one begins. Where principal
    comes first, charges wait until the principal of all debts is paid.

    :param orders: `charges` or `principal`, one for each debt
    :raise ValueError: with the order that cannot be

    >>> payment_steps(["principal", "principal"])[:3]
    [(0, 'principal'), (1, 'principal'), (0, 'correction')]
    """
    if unknown := [order for order in orders if order not in ORDERS]:
        raise ValueError(f"order of payment: {unknown[0]!r}")
    first, later = [], []
    for debt, order in enumerate(orders):
        charges = [(debt, part) for part in (*ORDERS[order], RECOVERY) if part != PRINCIPAL]
        if order == PRINCIPAL_FIRST:
            first.append((debt, PRINCIPAL))
            later += charges
        else:
            first += [*charges, (debt, PRINCIPAL)]
    return first + later


def allocate(credits: Sequence[Decimal], debts: Sequence[dict[str, Decimal]], orders: Sequence[str]) -> list[Share]:
    """Share credits out among debts, both in the order given.

    :param credits: what is left of each, 0 or more
    :param debts: the parts of each that are due, 0 or more
    :param orders: `charges` or `principal`, one for each debt
    :return: list of Share, in the order in which they are paid
    :raise ValueError: with the amount or the order that cannot be

    >>> debt = {"interest": Decimal("5.90"), "fine": Decimal("2.00"), "principal": Decimal("100.00")}
    >>> [(share.part, str(share.amount)) for share in allocate([Decimal("50.00")], [debt], ["charges"])]
    [('interest', '5.90'), ('fine', '2.00'), ('principal', '42.10')]
    """
    left = [_positive("credit", amount) for amount in credits]
    shares = []
    for debt, part in payment_steps(orders):
        due = _positive(part, debts[debt].get(part, ZERO))
        for credit, available in enumerate(left):
            if amount := min(available, due):
                shares.append(Share(credit, debt, part, amount))
                left[credit] -= amount
                due -= amount
    return shares


def absorb(paid: Decimal, debts: Sequence[dict[str, Decimal]]) -> tuple[list[dict[str, Decimal]], Decimal]:
    """Let a difference of one or two cents between what was paid and all that is due disappear.

    What is missing is taken from the charges, last debt first; what came in excess is interest.

    :return: (the debts as they are settled, what is missing of the principal of the last one)

    >>> absorb(Decimal("107.89"), [{"interest": Decimal("7.90"), "principal": Decimal("100.00")}])
    ([{'interest': Decimal('7.89'), 'principal': Decimal('100.00')}], Decimal('0.00'))
    >>> absorb(Decimal("99.99"), [{"principal": Decimal("100.00")}])
    ([{'principal': Decimal('99.99')}], Decimal('0.01'))
    >>> absorb(Decimal("100.02"), [{"principal": Decimal("100.00")}])
    ([{'principal': Decimal('100.00'), 'interest': Decimal('0.02')}], Decimal('0'))
    """
    debts = [dict(debt) for debt in debts]
    total = sum((sum(debt.values(), ZERO) for debt in debts), ZERO)
    missing = total - paid
    largest = max((debt.get(PRINCIPAL, ZERO) for debt in debts), default=ZERO)
    if not missing or abs(missing) > TOLERANCE or min(paid, largest) <= TOLERANCE:
        return debts, ZERO
    if missing < 0:
        debts[-1]["interest"] = debts[-1].get("interest", ZERO) - missing
        return debts, ZERO
    for debt in reversed(debts):
        for part in ORDERS[CHARGES_FIRST]:
            if part != PRINCIPAL and missing:
                taken = min(missing, debt.get(part, ZERO))
                if taken:
                    debt[part] -= taken
                    missing -= taken
    if missing:
        # So little is missing that the last debt with any principal has it.
        last = max(place for place, debt in enumerate(debts) if debt.get(PRINCIPAL, ZERO) >= missing)
        debts[last][PRINCIPAL] -= missing
    return debts, missing


def count_earned(paid: Decimal, debts: Sequence[tuple[Decimal, Decimal]]) -> int:
    """How many of the first debts keep their discounts: the most that the money settles with them, not without.

    Who pays more than that has not claimed them: what is too much stays his.

    :param debts: (all that is due, the discount for paying now) of each, in the order in which they are paid

    >>> debts = [(Decimal(100), Decimal(5)), (Decimal(50), Decimal(0)), (Decimal(200), Decimal(10))]
    >>> [count_earned(Decimal(paid), debts) for paid in (94, 95, 99, 100, 145, 149, 150, 335, 349, 350)]
    [0, 1, 1, 0, 2, 2, 0, 3, 3, 0]
    """
    for count in range(len(debts), 0, -1):
        total = sum((due for due, _discount in debts[:count]), ZERO)
        discount = sum((discount for _due, discount in debts[:count]), ZERO)
        if discount and total - discount <= paid < total:
            return count
    return 0


def _positive(name, amount):
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
        raise ValueError(f"{name}: {amount!r}")
    return amount
