"""Can this customer be found and written to? What of his data is missing or cannot be right.

Pure: the caller looks up what needs a library or a table (is the phone possible, to which state
does the CEP belong) and hands over the answers.
"""

from dataclasses import dataclass

from . import identification

# Points that a gap costs of 100: what finds a person first, what only completes his address last.
COSTS = {
    "document_missing": 30,
    "document_wrong": 30,
    "document_kind": 15,
    "email_missing": 20,
    "email_wrong": 20,
    "email_bounced": 15,
    "phone_missing": 20,
    "phone_wrong": 20,
    "street_missing": 8,
    "number_missing": 2,
    "city_missing": 4,
    "state_missing": 2,
    "zip_missing": 6,
    "zip_wrong": 6,
    "zip_elsewhere": 6,
    "never_verified": 10,
}
CEP_LENGTH = 8


@dataclass(frozen=True)
class Contact:
    """What is known of one customer; None where nothing is given."""

    document: str = ""
    is_company: bool = False
    is_brazilian: bool = True
    is_email_valid: bool | None = None
    has_bounced: bool = False
    is_phone_valid: bool | None = None
    street: str = ""
    number: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    zip_state: str | None = None  # the state that the CEP belongs to; None when no table knows it
    is_verified: bool = False


def gaps(contact: Contact) -> list[str]:
    """What is missing or wrong, the most expensive first.

    :return: codes, keys of `COSTS`

    >>> gaps(Contact(document="529.982.247-25", is_email_valid=True, is_phone_valid=True, street="Rua A", number="1",
    ...              city="Olinda", state="PE", zip="53020-140", zip_state="PE"))
    ['never_verified']
    >>> gaps(Contact(document="11.222.333/0001-81"))[:3]
    ['email_missing', 'phone_missing', 'document_kind']
    """
    found = [*_of_document(contact), *_of_channels(contact), *_of_address(contact)]
    if not contact.is_verified:
        found.append("never_verified")
    return sorted(found, key=lambda code: -COSTS[code])


def score(codes: list[str]) -> int:
    """100 for data without a gap, less what each gap costs.

    :raise KeyError: for a code that there is not

    >>> score([]), score(["email_missing", "never_verified"])
    (100, 70)
    """
    return max(100 - sum(COSTS[code] for code in codes), 0)


def cep(text: str) -> str:
    """A CEP as it is written, 00000-000; empty for what is none.

    >>> cep("53020140"), cep(" 53.020-140 "), cep("5302")
    ('53020-140', '53020-140', '')
    """
    digits = "".join(character for character in text or "" if character in "0123456789")
    rest = (text or "").strip().translate(str.maketrans("", "", "0123456789 .-"))
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == CEP_LENGTH and not rest else ""


def _of_document(contact):
    if not contact.document:
        return ["document_missing"]
    if not contact.is_brazilian:
        return []
    if not identification.is_valid(contact.document):
        return ["document_wrong"]
    wanted = "cnpj" if contact.is_company else "cpf"
    return [] if identification.kind(contact.document) == wanted else ["document_kind"]


def _of_channels(contact):
    for name, is_valid in (("email", contact.is_email_valid), ("phone", contact.is_phone_valid)):
        if is_valid is None:
            yield f"{name}_missing"
        elif not is_valid:
            yield f"{name}_wrong"
    if contact.is_email_valid and contact.has_bounced:
        yield "email_bounced"


def _of_address(contact):
    for name in ("street", "city"):
        if not getattr(contact, name):
            yield f"{name}_missing"
    if not contact.is_brazilian:
        return
    if contact.street and not contact.number:
        yield "number_missing"
    if not contact.state:
        yield "state_missing"
    if not contact.zip:
        yield "zip_missing"
    elif not cep(contact.zip):
        yield "zip_wrong"
    elif contact.zip_state and contact.state and contact.zip_state != contact.state:
        yield "zip_elsewhere"
