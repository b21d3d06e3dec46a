"""CPF and CNPJ: what they are, whether they can be right, how they are shown."""

import re

from stdnum.br import cnpj, cpf

CPF_LENGTH, CNPJ_LENGTH = 11, 14


def compact(document: str) -> str:
    """Letters and digits only, in capitals; a CNPJ may hold letters since 2026.

    >>> compact(" 12.abc.345/01de-35 ")
    '12ABC34501DE35'
    """
    return re.sub(r"[^0-9A-Z]", "", (document or "").upper())


def kind(document: str) -> str | None:
    """Tell a CPF from a CNPJ by its length; None for anything else.

    >>> kind("529.982.247-25"), kind("12.ABC.345/01DE-35"), kind("hello")
    ('cpf', 'cnpj', None)
    """
    text = compact(document)
    if len(text) == CPF_LENGTH and text.isdigit():
        return "cpf"
    return "cnpj" if len(text) == CNPJ_LENGTH else None


def is_consumer(document: str | None, is_company: bool | None) -> bool:
    """Is a customer a natural person, whom the consumer's law protects? Without a document: unless marked as a company.

    >>> is_consumer("529.982.247-25", True), is_consumer("12.ABC.345/01DE-35", False), is_consumer(None, False)
    (True, False, True)
    """
    document_kind = kind(document or "")
    return document_kind == "cpf" or (document_kind is None and not is_company)


def is_valid_cpf(document: str) -> bool:
    """Check digits of a CPF; one digit repeated eleven times passes them but is no CPF.

    >>> is_valid_cpf("529.982.247-25"), is_valid_cpf("111.111.111-11"), is_valid_cpf("52998224724")
    (True, False, False)
    """
    text = compact(document)
    return len(set(text)) > 1 and cpf.is_valid(text)


def is_valid_cnpj(document: str) -> bool:
    """Check digits of a CNPJ, numeric or with letters.

    >>> is_valid_cnpj("12.ABC.345/01DE-35"), is_valid_cnpj("12.ABC.345/01DE-36"), is_valid_cnpj("0" * 14)
    (True, False, False)
    """
    text = compact(document)
    return len(set(text)) > 1 and cnpj.is_valid(text)


def is_valid(document: str) -> bool:
    """Is this a CPF or a CNPJ with right check digits?"""
    return is_valid_cpf(document) or is_valid_cnpj(document)


def formatted(document: str) -> str:
    """With the usual points; what is neither CPF nor CNPJ comes back as it is.

    >>> formatted("52998224725"), formatted("12ABC34501DE35")
    ('529.982.247-25', '12.ABC.345/01DE-35')
    """
    text = compact(document)
    if kind(text) == "cpf":
        return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"
    if kind(text) == "cnpj":
        return f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"
    return document
