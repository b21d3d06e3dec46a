"""A bundle of files that proves what it holds: names that any system takes, and the SHA-256 of each."""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

SUMS = "SHA256SUMS.txt"
LONGEST = 80
# The signed part of a link opens the payments of a customer: it is in no file that leaves.
LINKS = re.compile(r"(/my/pagamentos/)[A-Za-z0-9_\-]{16,}")


class File(NamedTuple):
    """A file of the bundle."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """
        >>> File("a.txt", b"").sha256[:16]
        'e3b0c44298fc1c14'
        """
        return hashlib.sha256(self.content).hexdigest()


def file_name(text: str) -> str:
    """A name for a file, of letters and digits that every system knows.

    >>> file_name("FATC/2026/00001"), file_name("  Ação: São João?.. "), file_name("../../etc"), file_name("///")
    ('FATC-2026-00001', 'Acao-Sao-Joao', 'etc', 'arquivo')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or "arquivo"


def bare_name(name: str) -> str:
    """The name of a paper without its extension, of which nothing is believed.

    >>> bare_name("Contrato v1.2.PDF"), bare_name("Contrato v1.2"), bare_name("x.pdf/../../y.JPEG"), bare_name("")
    ('Contrato v1.2', 'Contrato v1.2', 'x.pdf/../../y', '')
    """
    return re.sub(r"\.(pdf|jpe?g|png)$", "", name, flags=re.IGNORECASE)


def add(files: list[File], folder: str, name: str, kind: str, content: bytes) -> File:
    """Add a file under a name that no other one has; its kind is letters and digits, whoever told it.

    >>> files = []
    >>> [add(files, "faturas", "FATC/1", "pdf", b"x").path for _ in range(3)]
    ['faturas/FATC-1.pdf', 'faturas/FATC-1-2.pdf', 'faturas/FATC-1-3.pdf']
    >>> add(files, "x", "a", "/../../etc/cron.d/b", b"").path
    'x/a.etccrondb'
    """
    kind = re.sub(r"[^a-z0-9]", "", kind.lower())
    taken, base = {file.path for file in files}, f"{folder}/{file_name(name)}"
    number, path = 1, f"{base}.{kind}"
    while path in taken:
        number += 1
        path = f"{base}-{number}.{kind}"
    files.append(File(path, content))
    return files[-1]


def without_links(text: str) -> str:
    """A message as it was sent, but for the key in its link.

    >>> without_links('see <a href="https://x.example/my/pagamentos/AbC_1234567890-xyz/ja-paguei">here</a>')
    'see <a href="https://x.example/my/pagamentos/…/ja-paguei">here</a>'
    """
    return LINKS.sub(r"\1…", text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table that spreadsheets open with its accents, and of which they run nothing.

    >>> table(["a", "b"], [["=1+1", "-5,00"], ["é;", "@x"]]).decode("utf-8-sig").splitlines()
    ['a;b', "'=1+1;-5,00", '"é;";\\'@x']
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value):
    text = str(value)
    is_number = re.fullmatch(r"-?[\d.]+,\d+", text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else text


def sums(files: Iterable[File]) -> bytes:
    """The list by which `sha256sum -c` verifies all files.

    >>> sums([File("a.txt", b"")]).decode()
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\\n'
    """
    return "".join(f"{file.sha256}  {file.path}\n" for file in files).encode()


def bundle(files: Sequence[File], moment: datetime) -> bytes:
    """All files and the list of their sums as one ZIP; the same files at the same moment are the same bytes.

    >>> made = bundle([File("a.txt", b"x")], datetime(2026, 11, 27, 8, 30))
    >>> zipfile.ZipFile(io.BytesIO(made)).namelist()
    ['a.txt', 'SHA256SUMS.txt']
    >>> bundle([File("a.txt", b"x")], datetime(2026, 11, 27, 8, 30)) == made
    True
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (*files, File(SUMS, sums(files))):
            info = zipfile.ZipInfo(file.path, moment.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, file.content)
    return content.getvalue()
