"""Which script fits a conversation: pure, so that it can be tried on every combination."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What is known before a conversation.

    :param company: key of who is owed
    :param situation: why this customer now; None or "" = nothing special
    :param is_consumer: a natural person?
    :param days_late: of the oldest open invoice
    :param segment: key of the kind of payer; None or 0 = not known
    """

    company: int
    situation: str | None = None
    is_consumer: bool = False
    days_late: int = 0
    segment: int | None = None


@dataclass(frozen=True)
class Rule:
    """When a script is for a conversation; what is left empty asks nothing.

    :param key: of the script
    :param is_consumer: True for persons, False for companies, None for both
    :param min_days: late, at least; 0 asks nothing, as in `max_days`
    """

    key: int
    company: int | None = None
    situation: str | None = None
    is_consumer: bool | None = None
    min_days: int = 0
    max_days: int = 0
    segments: frozenset[int] = frozenset()

    def weight(self) -> int:
        """How many things it asks; both bounds of the days are one."""
        asked = (
            self.company,
            self.situation,
            self.is_consumer is not None,
            self.min_days or self.max_days,
            self.segments,
        )
        return sum(bool(what) for what in asked)

    def fits(self, facts: Facts) -> bool:
        """Is all that it asks so?

        >>> Rule(1, situation="first", max_days=5).fits(Facts(7, "first", days_late=5))
        True
        >>> Rule(1, situation="first", max_days=5).fits(Facts(7, "first", days_late=6))
        False
        """
        return (
            (not self.company or self.company == facts.company)
            and (not self.situation or self.situation == facts.situation)
            and (self.is_consumer is None or self.is_consumer == facts.is_consumer)
            and facts.days_late >= self.min_days
            and (not self.max_days or facts.days_late <= self.max_days)
            and (not self.segments or facts.segment in self.segments)
        )


def choose(rules: Iterable[Rule], facts: Facts) -> int | None:
    """The key of the rule that asks most of those that fit; of equals the first; None when none fits.

    >>> rules = [Rule(1), Rule(2, situation="first"), Rule(3, situation="first", is_consumer=False), Rule(4)]
    >>> choose(rules, Facts(7, "first", is_consumer=True)), choose(rules, Facts(7, "first"))
    (2, 3)
    >>> choose(rules, Facts(7, "other")), choose(rules[1:3], Facts(7))
    (1, None)
    """
    best = max((rule for rule in rules if rule.fits(facts)), key=Rule.weight, default=None)
    return best and best.key
