"""Is a text to a customer lawful and kind? Reads words, not intentions: a person still reads the rest.

Sources: Código de Defesa do Consumidor, art. 42 and 71 (no threat, no ridicule, nothing to third persons), art. 42-A
(name, address and CPF or CNPJ of the creditor), art. 43, § 2º (prior notice before any listing).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from . import tone_words as words

ERROR, WARNING = "error", "warning"
REMINDER, NOTICE, NOTIFICATION = "reminder", "notice", "notification"
THREAT, SHAME, BUREAU, DEBT = "threat", "shame", "bureau_without_notice", "debt_in_subject"
CREDITOR, CONTACT, URGENCY, PEOPLE = "missing_creditor", "missing_contact", "false_urgency", "third_party"
# What the caller adds to the text by itself, see `review`.
HAS_CREDITOR, HAS_CONTACT, HAS_PREVIEW = "creditor", "contact", "preview"
# So much of a text is read on a locked screen or in a list of messages.
SEEN = {"email": 110, "letter": 0, "sms": 160, "whatsapp": 160}
NEARBY = 150
ABBREVIATIONS = ("CPF", "CNPJ", "PIX", "LTDA", "NFSE", "BRL")
# A link or a word; what stands beside a digit is part of a code.
SPOKEN = re.compile(r"\S*://\S*|(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
EXCLAMATIONS = re.compile(r"!(?:\s*!)+")


class Finding(NamedTuple):
    """What is wrong with a text.

    :param code: one of the constants above
    :param excerpt: the words as they were written; empty where something is missing
    :param severity: ERROR or WARNING
    """

    code: str
    excerpt: str
    severity: str


class Folded(NamedTuple):
    """Small letters without accents and invisible signs, single spaces, and where each letter stood.

    :param places: index in the original of each letter
    """

    text: str
    places: tuple[int, ...]
    original: str

    def quote(self, start: int, end: int) -> str:
        """The original words of a part."""
        if start >= end:
            return ""
        return " ".join(self.original[self.places[start] : self.places[end - 1] + 1].split())


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Make a text comparable.

    >>> fold("  Sua DÍVIDA\\u00ad de  junho ").text
    ' sua divida de junho '
    """
    letters, places = [], []
    for place, written in enumerate(text):
        for letter in unicodedata.normalize("NFKD", written).casefold():
            kind = unicodedata.category(letter)
            if kind in ("Mn", "Cf"):
                continue
            if letter.isspace() and letters and letters[-1] == " ":
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(place)
    return Folded("".join(letters), tuple(places), text)


@lru_cache(maxsize=64)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns).replace(" ?", r"[\s-]*").replace(" ", r"[\s-]+")
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def found(folded: Folded, patterns: tuple[str, ...], end: int | None = None) -> list[tuple[int, int]]:
    """Where one of the patterns stands as whole words."""
    last = len(folded.text) if end is None else end
    return [match.span() for match in _pattern(patterns).finditer(folded.text, 0, last)]


def review(
    subject: str, text: str, channel: str = "email", kind: str = NOTICE, flags: Collection[str] = ()
) -> list[Finding]:
    """What speaks against sending a text.

    :param subject: of an e-mail or letter
    :param text: its words, no HTML
    :param channel: email, letter, sms or whatsapp
    :param kind: REMINDER before the due date, NOTICE after it, NOTIFICATION: a formal legal notice
    :param flags: what is there without being read in the text: HAS_CREDITOR (name and CPF or CNPJ), HAS_CONTACT,
        HAS_PREVIEW (the list of messages shows something else than how the text begins)
    :return: findings, in the order of the text

    >>> review("Sua fatura de outubro", "Pague ou tomaremos medidas.", flags=("creditor", "contact"))
    [Finding(code='threat', excerpt='tomaremos medidas', severity='error')]
    >>> [finding.code for finding in review("", "Olá! Veja: https://exemplo.br", "sms", flags=("contact",))]
    ['missing_creditor']
    """
    parts = [fold(subject), fold(text)]
    findings = _review_preview(*parts, channel, flags)
    for part in parts:
        findings += _review_words(part, kind)
        findings += _review_voice(part.original)
    wanted = ((CREDITOR, HAS_CREDITOR), (CONTACT, HAS_CONTACT))
    findings += [Finding(code, "", ERROR) for code, flag in wanted if flag not in flags]
    return list(dict.fromkeys(findings))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Is there anything that must not be sent?

    >>> has_errors([Finding(URGENCY, "!!!", WARNING)])
    False
    """
    return any(finding.severity == ERROR for finding in findings)


def _review_preview(subject: Folded, text: Folded, channel: str, flags: Collection[str]) -> list[Finding]:
    """The debt is nobody else's business: neither the subject nor what is read at a glance tells of it."""
    seen = 0 if channel == "email" and HAS_PREVIEW in flags else SEEN.get(channel, 0)
    findings = []
    for part, end in ((subject, None), (text, seen)):
        for severity, patterns in ((ERROR, words.DEBT), (WARNING, words.DEBT_MILD)):
            findings += [Finding(DEBT, part.quote(*span), severity) for span in found(part, patterns, end)]
    return findings


def _review_words(part: Folded, kind: str) -> list[Finding]:
    rules = (
        (THREAT, ERROR, words.PERSECUTION),
        (THREAT, WARNING, words.THREATS_MILD),
        (SHAME, ERROR, words.SHAME),
        (SHAME, WARNING, words.SHAME_MILD),
        (URGENCY, ERROR, words.URGENCY),
        (URGENCY, WARNING, words.URGENCY_MILD),
        (PEOPLE, ERROR, words.TOLD),
        (PEOPLE, WARNING, words.PEOPLE),
    )
    spans = [(*span, code, severity) for code, severity, patterns in rules for span in found(part, patterns)]
    is_legal = kind == NOTIFICATION
    has_period = bool(found(part, words.PERIOD))
    for code, patterns, may_be in (
        (THREAT, words.LEGAL_STEPS, is_legal),
        (BUREAU, words.BUREAU, is_legal and has_period),
    ):
        bad = [span for span in found(part, patterns) if not (may_be and _is_neutral(part, *span))]
        spans += [(*span, code, ERROR) for span in bad]
    return [Finding(code, part.quote(start, end), severity) for start, end, code, severity in sorted(spans)]


def _is_neutral(part: Folded, start: int, end: int) -> bool:
    """Is a right stated, instead of announced what will be done to somebody?"""
    near = part.text[max(0, start - NEARBY) : end + NEARBY]
    return bool(_pattern(words.NEUTRAL).search(near))


def _review_voice(text: str) -> list[Finding]:
    """Shouting. Codes and links are not spoken: they come with the letters they have.

    >>> [finding.excerpt for finding in _review_voice("PAGUE SUA FATURA de CNPJ 1, ok!!!")]
    ['PAGUE SUA FATURA', '!!!']
    """
    loud, run = [], []
    for match in [*SPOKEN.finditer(text), None]:
        word = match.group() if match else ""
        if word.isupper() and "://" not in word and word not in ABBREVIATIONS:
            run.append(match)
        else:
            if len(run) > 1 or any(len(word.group()) > 6 for word in run):
                loud.append(" ".join(text[run[0].start() : run[-1].end()].split()))
            run = []
    loud += [match.group() for match in EXCLAMATIONS.finditer(text)]
    return [Finding(URGENCY, excerpt, WARNING) for excerpt in loud]
