"""Amounts in Portuguese words, as contracts and receipts have them."""

from decimal import Decimal

from num2words import num2words

from .money import require

SCALES = ((10**9, "bilhão", "bilhões"), (10**6, "milhão", "milhões"), (10**3, "mil", "mil"), (1, "", ""))
MILLION = 10**6


def amount_in_words(amount: Decimal) -> str:
    """An amount of reais in words.

    num2words knows numbers below a thousand; how they are joined, where "de" is needed and what is
    less than one real are said here.

    :param amount: 0 or more, in cents
    :raise ValueError: ("amount", amount)

    >>> amount_in_words(Decimal("0.50"))
    'cinquenta centavos'
    >>> amount_in_words(Decimal("1000001.01"))
    'um milhão e um reais e um centavo'
    >>> amount_in_words(Decimal("2000000"))
    'dois milhões de reais'
    """
    reais, fraction = divmod(int(require("amount", amount) * 100), 100)
    words = []
    if reais or not fraction:
        link = " de " if reais and reais % MILLION == 0 else " "
        words.append(_number(reais) + link + ("real" if reais == 1 else "reais"))
    if fraction:
        words.append(_number(fraction) + (" centavo" if fraction == 1 else " centavos"))
    return " e ".join(words)


def _number(number):
    if not number:
        return num2words(0, lang="pt_BR")
    groups = []
    for size, one, many in SCALES:
        value, number = divmod(number, size)
        if value:
            groups.append((value, _group(value, one, many)))
    if len(groups) == 1:
        return groups[0][1]
    value, last = groups[-1]
    # "mil e duzentos" but "mil, duzentos e um".
    link = " e " if value <= 100 or value % 100 == 0 else ", "
    return ", ".join(text for _value, text in groups[:-1]) + link + last


def _group(value, one, many):
    if one == "mil" and value == 1:
        return one
    return f"{num2words(value, lang='pt_BR')} {one if value == 1 else many}".rstrip()
