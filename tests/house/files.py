"""The project's files as the house rules read them: each once, parsed when asked for."""

import ast
import functools
import io
import os
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = Path(__file__).resolve().parent
# In the order of the arrows: each may know those before it, never those after it.
ADDONS = ("cobranca_recorrente", "cobranca_negociacao", "cobranca_relatorios")
UNTRACKED = {"node_modules", "__pycache__"}
BINARY = {".png", ".jpg", ".gif", ".ico", ".webp", ".woff", ".woff2", ".pdf", ".xlsx", ".zip", ".gz", ".mo"}
COMMENT_SYNTAX = {".xml": r"<!--.*?-->", ".js": r"/\*.*?\*/|(?<!:)//[^\n]*", ".scss": r"/\*.*?\*/|(?<!:)//[^\n]*"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the project's root with slashes, and its text."""

    path: str
    text: str

    @property
    def addon(self):
        """The addon that holds the file, or None."""
        first = self.path.split("/")[0]
        return first if first in ADDONS else None

    @property
    def parts(self):
        return self.path.split("/")

    @property
    def suffix(self):
        return Path(self.path).suffix

    @property
    def is_test(self):
        return "tests" in self.parts

    @functools.cached_property
    def tree(self):
        return ast.parse(self.text, filename=self.path)

    @functools.cached_property
    def nodes(self):
        """All nodes of the syntax tree, each with a `parent`."""
        found = list(ast.walk(self.tree))
        for node in found:
            for child in ast.iter_child_nodes(node):
                child.parent = node
        return found

    @functools.cached_property
    def comments(self):
        """{line number: comment} of a Python file."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    @functools.cached_property
    def code(self):
        """The text with the comments of XML, JavaScript and SCSS blanked, lines kept."""
        pattern = COMMENT_SYNTAX.get(self.suffix)
        if not pattern:
            return self.text
        return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), self.text, flags=re.DOTALL)

    def at(self, node, message):
        """A finding at a node of the tree, or at a line number."""
        line = node if isinstance(node, int) else node.lineno
        return f"{self.path}:{line}: {message}"

    def matches(self, pattern, message):
        """A finding for each match of a regular expression outside comments."""
        return [
            self.at(self.code.count("\n", 0, match.start()) + 1, f"{message}: {match[0].strip()!r}")
            for match in re.finditer(pattern, self.code)
        ]


@functools.cache
def project_files():
    """Every text file of the project; hidden folders hold what `make` installed."""
    paths = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if is_ours(name) or name == ".ci"]
        paths += [Path(folder, name) for name in names if is_ours(name)]
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(paths)
        if path.suffix not in BINARY
    )


def is_ours(name):
    return not name.startswith(".") and name not in UNTRACKED


def addon_files(*suffixes, tests=False):
    """Files of the three addons with one of the suffixes.

    :param bool tests: with those below `tests/` folders
    """
    return [
        source
        for source in project_files()
        if source.addon and source.suffix in suffixes and (tests or not source.is_test)
    ]


def python_files(tests=False):
    return addon_files(".py", tests=tests)


def findings(rule, sources):
    """All that a rule finds in many files."""
    return [finding for source in sources for finding in rule(source)]


def assert_clean(found, remedy=""):
    assert not found, "\n" + "\n".join(found) + (f"\nRemedy: {remedy}" if remedy else "")


def committed(name):
    """Lines of a list of this folder, without comments and empty lines."""
    path = HOUSE / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line.strip() and not line.startswith("#")]


def reasoned(name):
    """{entry: reason} of a list whose lines are `entry # reason`.

    :raise AssertionError: for an entry without a reason
    """
    entries = {}
    for line in committed(name):
        entry, _, reason = line.partition(" # ")
        assert len(reason.strip()) >= 10, f"tests/house/{name}: {entry!r} has no reason"
        entries[entry.strip()] = reason.strip()
    return entries


def name_of(node):
    """`a.b.c` of a chain of names and attributes; calls and items inside it count as empty.

    >>> name_of(ast.parse("self.env['x'].sudo().search").body[0].value)
    'self.env.sudo.search'
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}".lstrip(".")
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Subscript):
        return name_of(node.value)
    return ""


def literal(node):
    """The value of a string constant, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def enclosing_functions(node):
    """The functions around a node that Source.nodes gave, the nearest first."""
    found = []
    while node := getattr(node, "parent", None):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(node)
    return found


def docstrings(source):
    """Identities of the nodes that are docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in source.nodes
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
