"""Words in braces in a line's description, replaced by what they mean in the customer's language."""

import re

# What people type → what it means. Portuguese first: those who write descriptions are Brazilian.
MEANINGS = {
    "inicio": "start",
    "início": "start",
    "start": "start",
    "fim": "end",
    "end": "end",
    "mes": "month",
    "mês": "month",
    "month": "month",
    "ano": "year",
    "year": "year",
    "vencimento": "due",
    "due": "due",
    "contrato": "contract",
    "contract": "contract",
    "beneficiario": "beneficiary",
    "beneficiário": "beneficiary",
    "beneficiary": "beneficiary",
}
WORD = re.compile(r"\{\s*([^{}\s]+)\s*\}")


def used(text: str) -> set[str]:
    """Meanings of the words in braces of a text.

    >>> sorted(used("Mensalidade de {mês}/{ano}"))
    ['month', 'year']
    """
    return {MEANINGS[word.lower()] for word in WORD.findall(text) if word.lower() in MEANINGS}


def unknown(text: str) -> list[str]:
    """Words in braces that mean nothing, as they were typed.

    >>> unknown("Mensalidade {mes} {quinzena}")
    ['{quinzena}']
    """
    return [f"{{{word}}}" for word in WORD.findall(text) if word.lower() not in MEANINGS]


def fill(text: str, values: dict[str, str]) -> str:
    """Replace the words in braces.

    :param values: {meaning: text}; a word whose meaning is not given stays

    >>> fill("Mensalidade de {mês}/{ano}", {"month": "março", "year": "2026"})
    'Mensalidade de março/2026'
    """

    def meaning_of(match):
        meaning = MEANINGS.get(match.group(1).lower())
        return values.get(meaning, match.group(0))

    return WORD.sub(meaning_of, text)
