"""Texts of messages: their words without HTML, signs of an SMS, names as people are greeted."""

import re
import unicodedata
from html.parser import HTMLParser

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p".split()
)
BLOCKS |= frozenset("section table tbody td tfoot th thead title tr ul".split())
READ_ATTRIBUTES = ("alt", "title", "aria-label")
UNREAD = frozenset(("script", "style"))
# What stands for a placeholder when the words around it are looked at.
SAMPLES = (("amount", "R$ 1,00"), ("day", "01/01/2026"), ("link", "https://…"))
PLACEHOLDER = re.compile(r"\{\{(.*?)(?:\|\|\|(.*?))?\}\}", re.DOTALL)
# GSM 03.38: what an SMS of 160 signs may hold; the second line counts twice.
GSM = frozenset("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡")
GSM |= frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
GSM_TWICE = frozenset("^{}\\[~]|€")
ONE_SMS, PART_OF_SMS = 160, 153
TITLES = frozenset(("dr", "dra", "sr", "sra", "srta", "prof", "profa", "eng", "me", "ms", "mr", "mrs", "st", "sta"))
REPLACED = str.maketrans({"–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "•": "-", "·": "-"})


class _Words(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.unread = [], 0

    def handle_starttag(self, tag, attrs):
        self.unread += tag in UNREAD
        if tag in BLOCKS:
            self.parts.append("\n")
        values = dict(attrs)
        expression = values.get("t-out") or values.get("t-esc") or ""
        if amount := next((sample for word, sample in SAMPLES if word in expression), ""):
            self.parts.append(f"{amount} ")
        self.parts += [f" {values[name]} " for name in READ_ATTRIBUTES if values.get(name)]

    def handle_endtag(self, tag):
        self.unread -= tag in UNREAD
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if self.unread <= 0:
            self.parts.append(data)


def plain(html: str) -> str:
    """The words of a piece of HTML, also those that are only read aloud; what stands inside of a word splits none.

    >>> plain("<p>Ol&aacute;, <t t-out='object.x'>Ana</t></p><p>sua d<b>ív</b>ida<style>p {}</style></p>")
    'Olá, Ana\\nsua dívida'
    """
    words = _Words()
    words.feed(html or "")
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).splitlines())
    return "\n".join(filter(None, lines))


def with_samples(text: str) -> str:
    """A text in which each placeholder is replaced by something like what it stands for.

    >>> with_samples("{{ object.topic }}, {{ object.amount_text }} {{ object.x ||| Ana }}")
    '(), R$ 1,00 Ana'
    """

    def sample(match):
        return next((sample for word, sample in SAMPLES if word in match[1]), (match[2] or "").strip() or "()")

    return PLACEHOLDER.sub(sample, text or "")


def expressions(text: str) -> set[str]:
    """The placeholders of a text.

    >>> sorted(expressions("{{ object.link }} {{object.creditor}}"))
    ['object.creditor', 'object.link']
    """
    return {match[1].strip() for match in PLACEHOLDER.finditer(text or "")}


def as_sms(text: str) -> str:
    """The same words with the signs that an SMS has: others would more than halve its length.

    >>> as_sms("Olá, você: ação à parte – ok 😀")
    'Ola, voce: acao à parte - ok'
    """
    signs = []
    for sign in (text or "").translate(REPLACED):
        if sign in GSM or sign in GSM_TWICE:
            signs.append(sign)
        else:
            signs += [letter for letter in unicodedata.normalize("NFKD", sign) if letter in GSM]
    return " ".join("".join(signs).split())


def sms_parts(text: str) -> int:
    """How many messages an SMS is charged as.

    >>> sms_parts("a" * 160), sms_parts("a" * 161), sms_parts("")
    (1, 2, 1)
    """
    length = sum(2 if sign in GSM_TWICE else 1 for sign in text)
    return 1 if length <= ONE_SMS else -(-length // PART_OF_SMS)


def first_name(name: str) -> str:
    """How a person is greeted; empty when the name is none that one would say.

    >>> first_name("EDIVÂNIA dos Santos"), first_name("Dr. Caio Nogal"), first_name("https://evil.example x")
    ('Edivânia', 'Caio', '')
    """
    words = [word for word in (name or "").split() if word.rstrip(".").lower() not in TITLES]
    first = words[0] if words else ""
    if not 2 <= len(first) <= 30 or not all(letter.isalpha() or letter in "-'’" for letter in first):
        return ""
    return first.capitalize() if first.isupper() or first.islower() else first


def one_line(text: str) -> str:
    """Without line ends, which have no place in a subject.

    >>> one_line(" Ana\\r\\nBcc: x@example.com ")
    'Ana Bcc: x@example.com'
    """
    return " ".join((text or "").split())
