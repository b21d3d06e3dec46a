"""When an unpaid receivable may be deducted as a loss: Lei 9.430/1996, art. 9 and 10 (Lei 13.097/2015).

For delays that began on 2014-10-08 or later; an accountant decides, this proposes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

IN_FORCE = date(2014, 10, 8)
SMALL, MEDIUM = Decimal(15_000), Decimal(100_000)
SMALL_SECURED = Decimal(50_000)


# "Mantida a sua cobrança administrativa" (art. 9, § 1º, II, b) has no number in the law: so many contacts
# since the due date, and none of the last months without one.
LEAST_CONTACTS, LONGEST_SILENCE = 3, 6


@dataclass(frozen=True)
class LossRule:
    """What the law wants of a receivable before it is a loss.

    :param str case: `small`, `medium`, `large` (without security), `secured`, `secured_large`
    :param int months: that the delay must exceed
    :param str proof: what must have been done: `none`, `collection` (kept up) or `lawsuit`
    """

    case: str
    months: int
    proof: str

    @property
    def is_direct(self) -> bool:
        """Is the receivable itself credited (art. 10, I)? If not, a contra account is (art. 10, II)."""
        return self.case == "small"


SMALL_RULE = LossRule("small", 6, "none")
MEDIUM_RULE = LossRule("medium", 12, "collection")
LARGE_RULE = LossRule("large", 12, "lawsuit")
SECURED_RULE = LossRule("secured", 24, "none")
SECURED_LARGE_RULE = LossRule("secured_large", 24, "lawsuit")


def rule_of(amount: Decimal, secured: bool = False) -> LossRule:
    """The rule for an operation (art. 9, § 7º, II and III).

    :param amount: that is open of the whole operation, above 0
    :param secured: has it a real security?
    :raise ValueError: with an amount that is none

    >>> rule_of(Decimal("15000.00")).case, rule_of(Decimal("15000.01")).case, rule_of(Decimal("100000.01")).case
    ('small', 'medium', 'large')
    """
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0:
        raise ValueError(f"amount: {amount!r}")
    if secured:
        return SECURED_RULE if amount <= SMALL_SECURED else SECURED_LARGE_RULE
    if amount <= SMALL:
        return SMALL_RULE
    return MEDIUM_RULE if amount <= MEDIUM else LARGE_RULE


def is_kept_up(contacts: int, last: date | None, day: date) -> bool:
    """Was the collection of a debt kept up, by the contacts that were registered since it fell due?

    >>> is_kept_up(3, date(2026, 2, 10), date(2026, 7, 10)), is_kept_up(2, date(2026, 7, 1), date(2026, 7, 10))
    (True, False)
    >>> is_kept_up(9, date(2026, 1, 9), date(2026, 7, 10))
    False
    """
    return bool(last) and contacts >= LEAST_CONTACTS and last + relativedelta(months=LONGEST_SILENCE) >= day


def is_loss_on(due: date, day: date, rule: LossRule) -> bool:
    """Has the delay lasted longer than the rule wants? False for what fell due under the older bands.

    >>> is_loss_on(date(2026, 1, 10), date(2026, 7, 10), SMALL_RULE)
    False
    >>> is_loss_on(date(2026, 1, 10), date(2026, 7, 11), SMALL_RULE)
    True
    """
    return due >= IN_FORCE and day > due + relativedelta(months=rule.months)
