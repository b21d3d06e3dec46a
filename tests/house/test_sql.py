"""SQL text is literal; values go in as parameters and names by SQL.identifier."""

import ast

import pytest

from .files import Source, assert_clean, enclosing_functions, findings, name_of, python_files

SQL_CALLS = {"execute", "executemany", "execute_values", "execute_query", "execute_query_dict", "mogrify", "SQL"}


def string_built(node):
    """Does an expression make a string from parts that are not literal?"""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not (is_text(node.left) and is_text(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("format", "format_map", "replace") or (
            node.func.attr == "join" and is_text(node.func.value)
        )
    if isinstance(node, ast.IfExp):
        return string_built(node.body) or string_built(node.orelse)
    return False


def is_text(node):
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.BinOp) and is_text(node.left) and is_text(node.right)
    )


def values_of(source, name, call):
    """What a local or module-level name may hold where a call uses it."""
    scopes = [*enclosing_functions(call)[:1], source.tree]
    for scope in scopes:
        values = [
            node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign | ast.AugAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if name_of(target) == name
        ]
        if values:
            return values
    return []


def sql_violations(source):
    """Calls that run or build SQL from a string made of parts."""
    found = []
    for node in source.nodes:
        if not isinstance(node, ast.Call) or name_of(node.func).split(".")[-1] not in SQL_CALLS or not node.args:
            continue
        query = node.args[0]
        candidates = values_of(source, query.id, node) if isinstance(query, ast.Name) else [query]
        if any(map(string_built, candidates)):
            found.append(source.at(node, "SQL made of strings"))
        elif name_of(node.func).split(".")[-1] == "SQL" and not literal_first(query, candidates):
            found.append(source.at(node, "the first argument of SQL() must be literal text"))
    return found


def literal_first(query, candidates):
    """A literal, or a name that only holds literals (SQL() called with another SQL is odd)."""
    if isinstance(query, ast.Starred):
        return False
    return bool(candidates) and all(map(is_text, candidates))


@pytest.mark.parametrize(
    "text",
    [
        'cr.execute(f"SELECT {column} FROM x")',
        'cr.execute("SELECT %s" % column)',
        'cr.execute("SELECT {}".format(column))',
        'cr.execute("SELECT " + column)',
        'self.env.execute_query(SQL(f"SELECT {column}"))',
        'def f(self, column):\n    query = f"SELECT {column}"\n    self.env.cr.execute(query, [1])',
        'def f(self, column):\n    query = "SELECT 1 "\n    query += f"WHERE {column}"\n    self.env.cr.execute(query)',
        "SQL(column)",
        "SQL(self._table)",
        'SQL(", ".join(columns))',
        'SQL("a" if x else f"{b}")',
    ],
)
def test_string_built_sql_is_found(text):
    assert sql_violations(Source("cobranca_recorrente/models/a.py", text))


@pytest.mark.parametrize(
    "text",
    [
        'cr.execute("SELECT %s", [value])',
        'SQL("SELECT %s FROM %s", value, SQL.identifier(table))',
        'SQL("SELECT 1 " "FROM x")',
        'QUERY = "SELECT 1"\ndef f(self):\n    return SQL(QUERY)',
        'SQL(", ").join(parts)',
        "def f(self, query):\n    self.env.cr.execute(query)",
    ],
)
def test_literal_sql_is_allowed(text):
    assert not sql_violations(Source("cobranca_recorrente/models/a.py", text))


def test_no_sql_made_of_strings():
    assert_clean(findings(sql_violations, python_files(tests=True)))
