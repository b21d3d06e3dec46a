"""Rights are set aside only for a reason that is written beside it, and the places are counted."""

import ast

import pytest

from .files import Source, addon_files, assert_clean, committed, findings, name_of, python_files
from .lists import SUDO_LIST, escalations, sudo_lines

REASON_LETTERS = 10


def reason_near(source, node):
    """The text of a `# sudo:` comment on the lines of the statement or the line above."""
    statement = node
    while not isinstance(statement, ast.stmt):
        statement = statement.parent
    for line in range(statement.lineno - 1, node.end_lineno + 1):
        comment = source.comments.get(line, "")
        if comment.startswith("# sudo:"):
            return comment.removeprefix("# sudo:").strip()
    return ""


def unexplained_violations(source):
    return [
        source.at(node, f"{name_of(node.func)} without a comment `# sudo: reason`")
        for node in escalations(source)
        if len(reason_near(source, node)) < REASON_LETTERS
    ]


def template_violations(source):
    """Pages and server actions do not set rights aside at all."""
    return source.matches(r"\.sudo\(|SUPERUSER", "rights set aside in XML")


@pytest.mark.parametrize(
    "text",
    [
        "self.sudo().write({})",
        "# sudo: x\nself.sudo().write({})",
        "self.env['x'].with_user(SUPERUSER_ID).search([])",
        "self.with_user(1)",
        "api.Environment(cr, SUPERUSER_ID, {})",
        "self.env(su=True)",
        "self.env(user=SUPERUSER_ID)",
        "request.update_env(su=True)",
        "'# sudo: not a comment, a text'\n\nself.sudo()",
    ],
)
def test_unexplained_sudo_is_found(text):
    assert unexplained_violations(Source("cobranca_recorrente/models/a.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "# sudo: the customer may not read the journal\nself.sudo().write({})",
        "self.sudo().write({})  # sudo: the customer may not read the journal",
        "x = (\n    # sudo: the customer may not read the journal\n    self.sudo()\n)",
        "self.sudo(False).write({})",
        "self.with_user(user)",
    ],
)
def test_explained_sudo_is_allowed(text):
    assert not unexplained_violations(Source("cobranca_recorrente/models/a.py", text))


def test_sudo_in_a_page_is_found():
    assert template_violations(Source("cobranca_recorrente/views/a_templates.xml", '<t t-out="o.sudo().x"/>'))


def test_every_sudo_has_a_reason():
    assert_clean(findings(unexplained_violations, python_files()), "add `# sudo: why this is safe` above the statement")


def test_no_sudo_in_xml():
    assert_clean(findings(template_violations, addon_files(".xml", ".js")))


def test_sudo_count():
    found, listed = sudo_lines(python_files()), committed(SUDO_LIST)
    assert_clean(
        [f"+ {line} (in the code)" for line in found if line not in listed]
        + [f"- {line} (in the list)" for line in listed if line not in found],
        f"review the new places, then change tests/house/{SUDO_LIST}",
    )
