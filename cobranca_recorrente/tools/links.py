"""Addresses of pages that are shown as links to people."""

from urllib.parse import urlsplit

LONGEST = 2048


def https_link(text: str) -> str:
    """The address of a page, when it is one that may be shown as a link.

    :return: the address without spaces around it
    :raise ValueError: with the text that is no full https address

    >>> https_link(" https://nfse.prefeitura.sp.gov.br/nfe.aspx?nf=12&cod=AB12 ")
    'https://nfse.prefeitura.sp.gov.br/nfe.aspx?nf=12&cod=AB12'
    >>> https_link("javascript:alert(1)")
    Traceback (most recent call last):
    ...
    ValueError: javascript:alert(1)
    >>> https_link("https://good.example@evil.example/")
    Traceback (most recent call last):
    ...
    ValueError: https://good.example@evil.example/
    """
    link = (text or "").strip()
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        raise ValueError(text) from None
    strange = any(not letter.isprintable() or letter.isspace() or letter in "\"'<>\\" for letter in link)
    if parts.scheme != "https" or not host or "." not in host or parts.username or strange or len(link) > LONGEST:
        raise ValueError(text)
    return link
