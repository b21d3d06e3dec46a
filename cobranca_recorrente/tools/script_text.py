"""Texts that a person says or sends, with a few words in braces that stand for facts of the moment.

Other than the words of an item's description (`placeholders`), these are a fixed list: a text with anything else in
braces is refused when it is saved, so that no customer ever reads one.
"""

import re
from collections.abc import Collection, Mapping

# In braces: who is spoken to, who speaks and for whom, what is owed today, since when and for how many days.
NAMES = ("contact", "me", "company", "total", "oldest_due", "days")
# Somebody else may read a message over the customer's shoulder: it tells neither how much nor for how long.
PRIVATE = ("total", "days")
UNKNOWN = "…"
PART = re.compile(r"\{([^{}]*)\}|[{}]")


def mistakes(text: str, allowed: Collection[str] = NAMES) -> list[str]:
    """What stands in braces and means nothing here, or a brace without its other half, as they were typed.

    >>> mistakes("Hello {contact}, this is {me}.")
    []
    >>> mistakes("Hello {nome}, {} {contact you owe {total}", allowed=("contact",))
    ['{nome}', '{}', '{', '{total}']
    >>> mistakes("contact} {{me}}")
    ['}', '{', '}']
    """
    return [part.group() for part in PART.finditer(text) if part.group(1) not in allowed]


def used(text: str) -> set[str]:
    """Names in braces of a text, whatever they are.

    >>> sorted(used("{me} of {company}"))
    ['company', 'me']
    """
    return {part.group(1) for part in PART.finditer(text) if part.group(1)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the facts in; a fact that is not known is shown as `…`, anything else in braces stays as it is.

    >>> fill("{me} of {company}: {oldest_due}, {other}", {"me": "Nara", "company": "Brumalva {me}", "oldest_due": ""})
    'Nara of Brumalva {me}: …, {other}'
    """

    def meaning(part):
        name = part.group(1)
        return str(values.get(name) or UNKNOWN) if name in NAMES else part.group()

    return PART.sub(meaning, text)


def lines(text: str) -> list[str]:
    """The lines of a text that say something.

    >>> lines("  Listen first. \\n\\n Note the reason.")
    ['Listen first.', 'Note the reason.']
    """
    return [line.strip() for line in text.splitlines() if line.strip()]
