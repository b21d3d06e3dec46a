"""Files that customers send as a proof of payment: judged by what is in them, never by their names."""

import unicodedata

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 3
LONGEST_NAME = 60
# (first bytes, what comes eight bytes later, ending, type)
KINDS = (
    (b"%PDF-", b"", "pdf", "application/pdf"),
    (b"\xff\xd8\xff", b"", "jpg", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", b"", "png", "image/png"),
    (b"RIFF", b"WEBP", "webp", "image/webp"),
)


def kind(content: bytes) -> tuple[str, str] | None:
    """Ending and type of a file, by its first bytes; None unless it is a PDF or a picture.

    >>> kind(b"%PDF-1.7 ..."), kind(b"RIFF....WEBPVP8 "), kind(b"<html>"), kind(b"GIF89a"), kind(b"")
    (('pdf', 'application/pdf'), ('webp', 'image/webp'), None, None, None)
    """
    for head, later, ending, mimetype in KINDS:
        if content.startswith(head) and content[8:].startswith(later):
            return ending, mimetype
    return None


def clean_name(name: str, ending: str) -> str:
    """A name that is safe to show and to save, with the ending that the content has.

    >>> clean_name("../../etc/Recibo de março.PDF.exe", "pdf"), clean_name("\\u202egpj.exe", "jpg")
    ('Recibo de março.PDF.pdf', 'gpj.jpg')
    >>> clean_name("", "png")
    'comprovante.png'
    """
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    letters = (
        letter
        for letter in unicodedata.normalize("NFC", stem)
        if letter in " -_.()" or unicodedata.category(letter)[0] in "LN"
    )
    stem = " ".join("".join(letters).split())[:LONGEST_NAME].strip(" .-_")
    return f"{stem or 'comprovante'}.{ending}"
