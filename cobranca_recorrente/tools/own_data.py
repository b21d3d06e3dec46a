"""What a customer may correct of his own data, and what of it cannot be taken over: pure, for the portal."""

import unicodedata
from collections.abc import Collection

from .contact_data import Contact, gaps

LONGEST = 120
# Beside which field a gap is told, and the fields whose change makes it the customer's to mend.
FIELDS = {
    "document_missing": ("vat",),
    "document_wrong": ("vat",),
    "document_kind": ("vat",),
    "email_missing": ("email",),
    "email_wrong": ("email",),
    "phone_missing": ("phone",),
    "phone_wrong": ("phone",),
    "street_missing": ("street_name",),
    "number_missing": ("street_number", "street_name"),
    "city_missing": ("city",),
    "state_missing": ("state",),
    "zip_missing": ("zip",),
    "zip_wrong": ("zip",),
    "zip_elsewhere": ("zip", "state"),
}


def clean(text: str) -> str:
    """A line as people type it: no control characters, no needless spaces.

    >>> clean("  Rua\\0 do \\n Amparo "), clean("\\u200b")
    ('Rua do Amparo', '')
    """
    letters = (" " if unicodedata.category(letter).startswith("C") else letter for letter in text or "")
    return " ".join("".join(letters).split())


def blocking(before: Contact, after: Contact, changed: Collection[str]) -> dict[str, str]:
    """What is wrong with corrections. What was missing before and is left alone keeps nobody from correcting the rest.

    :param before: the data as they are
    :param after: the data as they would be
    :param changed: names of the fields that the customer changed
    :return: {field beside which it is told: code of the gap}

    >>> known = Contact(document="529.982.247-25", is_phone_valid=True)
    >>> blocking(known, Contact(document="529.982.247-25", is_phone_valid=False), {"phone"})
    {'phone': 'phone_wrong'}
    >>> blocking(known, known, set())
    {}
    """
    known, found = set(gaps(before)), {}
    for code in gaps(after):
        fields = FIELDS.get(code, ())
        if fields and (code not in known or set(fields) & set(changed)):
            found.setdefault(fields[0], code)
    return found


def masked_email(address: str) -> str:
    """So much of an e-mail address that its owner knows it.

    >>> masked_email("ana.lindoso@example.com"), masked_email("a@b.br"), masked_email("none")
    ('a***@example.com', 'a***@b.br', '')
    """
    name, at, domain = (address or "").strip().rpartition("@")
    return f"{name[:1]}***@{domain}" if at and name else ""
