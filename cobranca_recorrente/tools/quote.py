"""What somebody is about to pay: how a total is chosen, and the reference by which its payment is found again."""

import hashlib
import secrets
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

# What a reference may be made of; capitals only, because banks write them either way. BCB, Manual do BR Code: at
# most 25 of [A-Za-z0-9].
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TXID_LENGTH = 25


class Item(NamedTuple):
    """What one debt costs on the day of a quote.

    :param line: id of the open amount
    :param discount: for paying on that day
    """

    line: int
    principal: Decimal
    charges: Decimal
    discount: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """
        >>> Item(1, Decimal("100.00"), Decimal("7.90"), Decimal("5.00")).amount
        Decimal('102.90')
        """
        return self.principal + self.charges - self.discount


def new_txid() -> str:
    """A reference that nobody can guess and that tells nothing.

    >>> len(new_txid()), set(new_txid()) <= set(LETTERS)
    (25, True)
    """
    return "".join(secrets.choice(LETTERS) for _place in range(TXID_LENGTH))


def normalized(txid: str) -> str:
    """A reference as a bank returns it, as it was given out; empty for what cannot be one.

    >>> normalized(" abcdefghijklmnopqrstuvwx1 ")
    'ABCDEFGHIJKLMNOPQRSTUVWX1'
    >>> normalized("***")
    ''
    """
    text = (txid or "").strip().upper()
    return text if len(text) == TXID_LENGTH and set(text) <= set(LETTERS) else ""


def chosen(total: Decimal, wanted: Decimal | None) -> Decimal:
    """The amount to be paid of a total.

    :param wanted: a part of it; None = all
    :raise ValueError: for nothing, less than nothing or more than the total
    >>> chosen(Decimal("107.90"), None), chosen(Decimal("107.90"), Decimal("50"))
    (Decimal('107.90'), Decimal('50'))
    >>> chosen(Decimal("107.90"), Decimal("107.91"))
    Traceback (most recent call last):
    ValueError: 107.91 of 107.90
    """
    amount = total if wanted is None else wanted
    if not Decimal(0) < amount <= total:
        raise ValueError(f"{amount} of {total}")
    return amount


def fingerprint(owner: tuple, items: Iterable[Item], amount: Decimal) -> str:
    """The same for the same choice on the same day, whoever asks again.

    :param owner: company, debtor, day and way of the quote
    >>> one = Item(7, Decimal("100.00"), Decimal("7.90"))
    >>> fingerprint((1, 2), [one], one.amount) == fingerprint((1, 2), [one], one.amount)
    True
    >>> fingerprint((1, 2), [one], one.amount) == fingerprint((1, 3), [one], one.amount)
    False
    """
    parts = [repr(owner), f"{amount:f}"]
    parts += [f"{item.line}:{item.principal:f}:{item.charges:f}:{item.discount:f}" for item in items]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
