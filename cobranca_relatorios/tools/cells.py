"""What a cell of a workbook may hold, and how its columns are described."""

import re
from dataclasses import dataclass

# What a cell holds, in units of UTF-16, as spreadsheets count.
LONGEST_CELL = 32767
LONGEST_TITLE = 31
# XML 1.0 has no way to write these, not even escaped; halves of surrogate pairs cannot be encoded.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    :param str head: how it is called
    :param str kind: text, money, date, integer, days or percent (of 100)
    :param str definition: what it says, for the sheet of definitions; empty where the head says it all
    :param str source: where its figures come from
    :param bool total: is its sum shown below it?
    :param int width: in characters; 0: by its kind
    """

    head: str
    kind: str = "text"
    definition: str = ""
    source: str = ""
    total: bool = False
    width: int = 0


@dataclass(frozen=True)
class Cell:
    """A value of another kind than that of its column."""

    kind: str
    value: object


def text(value: object) -> str:
    """Any value as text that a cell can hold: what cannot be written is left out, and so is what is too long.

    >>> text("a\\x00b\\x1fc\\td"), text(None), text(False), text(12), text("\\ud83d"), text("a\\r\\nb\\rc")
    ('abc\\td', '', '', '12', '', 'a\\nb\\nc')
    >>> len(text("x" * 40000)), len(text("\\U0001f600" * 20000))
    (32767, 16383)
    """
    if value is None or value is False:
        return ""
    clean = UNWRITABLE.sub("", str(value)[:LONGEST_CELL]).replace("\r\n", "\n").replace("\r", "\n")
    if len(clean) * 2 > LONGEST_CELL:
        clean = clean.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
    return clean


def title(name: str, taken: set[str]) -> str:
    """A name for a sheet that no other one has, whatever is written in it; `taken` learns it.

    >>> taken = set()
    >>> title("A/B: [1]", taken), title("a b  1", taken), title("'", taken), title("x" * 40, taken)
    ('A B 1', 'a b 1 2', '-', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
    """
    wanted = " ".join(FORBIDDEN_IN_TITLES.sub(" ", text(name)).split())[:LONGEST_TITLE].strip("' ") or "-"
    found, number = wanted, 1
    while found.lower() in taken:
        number += 1
        found = f"{wanted[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
    taken.add(found.lower())
    return found


def file_name(name: str, extension: str) -> str:
    """A name for a file, without what file systems refuse.

    >>> file_name("Aging: A/B\\t- 30/06", "xlsx")
    'Aging A B - 30 06.xlsx'
    """
    clean = " ".join(re.sub(r'[\x00-\x1f<>:"/\\|?*]', " ", text(name)).split())
    return f"{clean[:120].strip('. ') or 'report'}.{extension}"
