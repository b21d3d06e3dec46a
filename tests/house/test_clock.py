"""Today is `company._cobranca_today()`: no other clock decides on a business date."""

import ast
import re

import pytest

from .files import (
    Source,
    addon_files,
    assert_clean,
    docstrings,
    enclosing_functions,
    literal,
    name_of,
    python_files,
    reasoned,
)

# Attributes, not calls: `default=fields.Date.today` is a clock too.
CLOCKS = re.compile(
    r"(^|\.)(Date\.(today|context_today)|Datetime\.(now|today|context_timestamp)"
    r"|date\.today|datetime\.(now|utcnow|today)|time\.(time|localtime|gmtime))$"
)
SQL_CLOCKS = (
    r"(?i)\b(?:(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\s*\)"
    r"|(?:current_date|current_timestamp|current_time|localtimestamp)\b)"
)
# Odoo's domains read these words with the clock of the user or of the server.
WORD_CLOCK = re.compile(r"^(today|now)(\s+[=+-]\d*\w+)*$")
ALLOWED = "clocks.txt"


def place(source, node):
    """`path::function` of a node, as the list of allowed places names it."""
    functions = enclosing_functions(node)
    return f"{source.path}::{functions[0].name}" if functions else source.path


def in_domain(node):
    """Is a text the value of a domain's term? Elsewhere the bare word is only a name."""
    parent = getattr(node, "parent", None)
    if isinstance(parent, ast.Call):
        return name_of(parent.func).endswith("Domain")
    return isinstance(parent, ast.Tuple | ast.List) and len(parent.elts) == 3 and parent.elts[2] is node


def clock_of(node):
    """The clock that a node of the syntax tree names, or an empty text."""
    if isinstance(node, ast.Attribute):
        return name_of(node) if CLOCKS.search(name_of(node)) else ""
    text = literal(node) or ""
    if text in ("today", "now") and not in_domain(node):
        return ""
    return repr(text.strip()[:60]) if WORD_CLOCK.match(text) or re.search(SQL_CLOCKS, text) else ""


def clock_places(source):
    """{place: findings} of a Python file."""
    texts = docstrings(source)
    found = {}
    for node in source.nodes:
        if id(node) not in texts and (clock := clock_of(node)):
            found.setdefault(place(source, node), []).append(source.at(node, f"a clock: {clock}"))
    return found


def text_clock_violations(source):
    """SQL clocks in SQL and XML files, Python's clocks in XML."""
    found = source.matches(SQL_CLOCKS, "a clock")
    if source.suffix == ".xml":
        found += source.matches(
            r"\b(?:datetime\.now|date\.today|Date\.today|DateTime\.now|time\.strftime)\b", "a clock"
        )
    return found


@pytest.mark.parametrize(
    "text",
    [
        "due = fields.Date.today()",
        "due = fields.Date(default=fields.Date.context_today)",
        "x = datetime.now(tz)",
        "x = datetime.date.today()",
        "x = fields.Datetime.now()",
        'self.env.cr.execute("SELECT 1 WHERE due < CURRENT_DATE")',
        'SQL("due < now()")',
        'self.search([("due", "<", "today -30d")])',
    ],
)
def test_clock_is_found(text):
    assert clock_places(Source("cobranca_recorrente/models/a.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "today = company._cobranca_today()",
        'def f():\n    """today"""',
        "x = fields.Date.to_date(day)",
        '"today is another day"',
        'parameters["known"]',
    ],
)
def test_other_code_is_allowed(text):
    assert not clock_places(Source("cobranca_recorrente/models/a.py", text))


def test_clock_in_texts_is_found():
    assert text_clock_violations(Source("cobranca_recorrente/data/neutralize.sql", "UPDATE x SET y = now()"))
    assert text_clock_violations(Source("cobranca_recorrente/data/a.xml", '<f eval="datetime.now()"/>'))
    assert not text_clock_violations(Source("cobranca_recorrente/data/a.xml", "<!-- CURRENT_DATE -->"))


def test_no_clock_but_ours():
    allowed = reasoned(ALLOWED)
    found = {}
    for source in python_files(tests=True):
        found.update(clock_places(source))
    assert_clean(
        [finding for where, many in found.items() if where not in allowed for finding in many],
        f"ask company._cobranca_today(); a moment that is no business date may be listed in tests/house/{ALLOWED}",
    )
    assert not set(allowed) - set(found), f"remove from tests/house/{ALLOWED}: {set(allowed) - set(found)}"


def test_no_clock_in_texts():
    assert_clean([finding for source in addon_files(".xml", ".sql") for finding in text_clock_violations(source)])
