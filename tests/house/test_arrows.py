"""Arrows only to the right: no addon knows one that comes after it."""

import ast
import re

import pytest

from .files import ADDONS, Source, addon_files, assert_clean, findings, literal, name_of, python_files

TEXT_SUFFIXES = (".py", ".xml", ".js", ".csv", ".scss", ".sql")
# Subjects of later addons, known before those addons have all their models.
LATER_WORDS = {
    "cobranca_negociacao": r"\bcobranca[._](?:group_)?(?:offer|proposal|agreement|agency|placement)\w*",
    "cobranca_relatorios": r"\bcobranca(?:[._]portfolio\w*|\.[a-z_.]+\.report\b)",
}


def later_addons(addon):
    return ADDONS[ADDONS.index(addon) + 1 :]


def depends_violations(source):
    """Manifests depend to the left only."""
    manifest = ast.literal_eval(source.text)
    return [
        source.at(1, f"depends on {name}, which comes after it")
        for name in manifest["depends"]
        if name in later_addons(source.addon)
    ]


def name_violations(source):
    """The technical name of a later addon: imports, xmlids, paths of assets."""
    later = "|".join(later_addons(source.addon))
    return source.matches(rf"\b({later})\b", "names a later addon") if later else []


def subject_violations(source):
    """Models, groups and fields of a later addon's subject."""
    found = []
    for addon in later_addons(source.addon):
        found += source.matches(LATER_WORDS[addon], f"names a subject of {addon}")
        if addon == "cobranca_negociacao":
            found += source.matches(r"\b(?:agreement|placement|agency|proposal)_ids?\b", f"names a field of {addon}")
    return found


def probe_violations(source):
    """Asking the registry whether something of ours is there instead of offering a hook."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Call) and name_of(node.func).endswith("env.get") and is_ours(node.args):
            found.append(source.at(node, "env.get on one of our models: depend on it or offer a hook"))
        if asks_registry(node):
            found.append(source.at(node, "asks whether one of our models is there"))
    return found


def asks_registry(node):
    """`"cobranca.x" in self.env`"""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return False
    return name_of(node.comparators[0]).split(".")[-1] in ("env", "registry", "pool") and is_ours([node.left])


def is_ours(arguments):
    return bool(arguments) and (literal(arguments[0]) or "").startswith("cobranca.")


def defined_names(source):
    """Fields and methods that the classes of a file define."""
    names = set()
    for node in source.nodes:
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    names.add(item.name)
                if isinstance(item, ast.Assign) and name_of(item.value).startswith("fields."):
                    names |= {target.id for target in item.targets if isinstance(target, ast.Name)}
    return names


def attribute_probes(source):
    """(node, name) of each hasattr, getattr with a default, and `"name" in x._fields`."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and name_of(node.func) in ("hasattr", "getattr") and len(node.args) > 1:
            yield node, literal(node.args[1])
        if isinstance(node, ast.Compare) and name_of(node.comparators[0]).endswith("._fields"):
            yield node, literal(node.left)


def later_names(sources):
    """{addon: names that only later addons define}."""
    defined = {addon: set() for addon in ADDONS}
    for source in sources:
        defined[source.addon] |= defined_names(source)
    names = {}
    for addon in ADDONS:
        later = set().union(*(defined[name] for name in later_addons(addon)))
        known = set().union(*(defined[name] for name in ADDONS[: ADDONS.index(addon) + 1]))
        names[addon] = later - known
    return names


def hasattr_violations(sources):
    """Asking for an attribute that only a later addon gives."""
    later = later_names(sources)
    return [
        source.at(node, f"asks for {name!r}, which only a later addon defines")
        for source in sources
        for node, name in attribute_probes(source)
        if name in later[source.addon]
    ]


def foreign_test_violations(source):
    """Tests of one addon may use another's `tests/common.py` only."""
    pattern = r"odoo\.addons\.(cobranca_\w+)\.tests(?:\.(?!common\b)(\w+)|\s+import\s+(?!common\b)(\w+))"
    return [
        source.at(source.text.count("\n", 0, match.start()) + 1, f"imports tests of {match[1]}")
        for match in re.finditer(pattern, source.text)
        if match[1] != source.addon
    ]


# What the reports keep for themselves; the separator is that of a table or of a model.
OWN_OF_REPORTS = r"(?:portfolio|report|cash{0}forecast|kpi|insight)"


def reports_write_violations(source):
    """The reports read the other addons' tables and write none of them."""
    if source.addon != "cobranca_relatorios" or source.is_test:
        return []
    own = OWN_OF_REPORTS.format("_")
    table = rf"(?:cobranca_(?!{own}|\w+_report\b)|account_|res_)\w+"
    verbs = r"(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|ALTER\s+TABLE|TRUNCATE)"
    found = source.matches(rf"\b{verbs}\s+\"?{table}", "writes a table of another addon")
    if source.suffix == ".py":
        found += [
            source.at(node, f"{node.func.attr} on {model}")
            for node in source.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if node.func.attr in ("create", "write", "unlink")
            for model in [item_of_env(node.func.value)]
            if model and re.match(rf"(account|res)\.|cobranca\.(?!{OWN_OF_REPORTS.format('[.]')}|.*\.report$)", model)
        ]
    return found


def item_of_env(node):
    """`x` of a chain that starts from env["x"]."""
    for item in ast.walk(node):
        if isinstance(item, ast.Subscript) and name_of(item.value).endswith("env"):
            return literal(item.slice)
    return None


BAD = [
    (depends_violations, "cobranca_recorrente/__manifest__.py", "{'depends': ['account', 'cobranca_negociacao']}"),
    (depends_violations, "cobranca_negociacao/__manifest__.py", "{'depends': ['cobranca_relatorios']}"),
    (name_violations, "cobranca_recorrente/models/a.py", "from odoo.addons.cobranca_negociacao.models import x"),
    (name_violations, "cobranca_negociacao/views/a.xml", "<a ref='cobranca_relatorios.menu'/>"),
    (name_violations, "cobranca_recorrente/static/src/a.js", "import { x } from '@cobranca_relatorios/x';"),
    (subject_violations, "cobranca_recorrente/models/a.py", 'self.env["cobranca.agreement"]'),
    (subject_violations, "cobranca_recorrente/security/a.xml", '<a ref="cobranca_group_agency"/>'),
    (subject_violations, "cobranca_recorrente/models/a.py", "line.agreement_id"),
    (subject_violations, "cobranca_negociacao/models/a.py", 'self.env["cobranca.aging.report"]'),
    (probe_violations, "cobranca_recorrente/models/a.py", 'self.env.get("cobranca.case")'),
    (probe_violations, "cobranca_recorrente/models/a.py", 'if "cobranca.case" in self.env: pass'),
    (
        foreign_test_violations,
        "cobranca_negociacao/tests/test_a.py",
        "import odoo.addons.cobranca_recorrente.tests.test_b",
    ),
    (reports_write_violations, "cobranca_relatorios/report/a.py", 'SQL("UPDATE account_move SET x = 1")'),
    (reports_write_violations, "cobranca_relatorios/report/a.py", 'self.env["cobranca.case"].sudo().write({})'),
]
GOOD = [
    (depends_violations, "cobranca_negociacao/__manifest__.py", "{'depends': ['cobranca_recorrente']}"),
    (name_violations, "cobranca_negociacao/models/a.py", "from odoo.addons.cobranca_recorrente.tools import x"),
    (subject_violations, "cobranca_negociacao/models/a.py", 'self.env["cobranca.agreement"]'),
    (probe_violations, "cobranca_recorrente/models/a.py", 'self.env.get("sale.order")'),
    (
        foreign_test_violations,
        "cobranca_negociacao/tests/test_a.py",
        "from odoo.addons.cobranca_recorrente.tests.common import A",
    ),
    (reports_write_violations, "cobranca_relatorios/models/a.py", 'self.env["cobranca.portfolio.snapshot"].create([])'),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_rule_finds(rule, path, text):
    assert rule(Source(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_rule_allows(rule, path, text):
    assert not rule(Source(path, text))


def test_hasattr_rule_finds():
    later = Source(
        "cobranca_negociacao/models/a.py", "class A:\n    agreed = fields.Date()\n    def _agree(self): pass"
    )
    asking = Source(
        "cobranca_recorrente/models/a.py", 'hasattr(a, "_agree")\n"agreed" in self._fields\ngetattr(a, "id")'
    )
    assert len(hasattr_violations([later, asking])) == 2


def test_manifests():
    assert_clean(findings(depends_violations, [s for s in python_files() if s.parts[1] == "__manifest__.py"]))


@pytest.mark.parametrize("rule", [name_violations, subject_violations, reports_write_violations])
def test_texts(rule):
    assert_clean(findings(rule, addon_files(*TEXT_SUFFIXES, tests=True)))


def test_probes():
    assert_clean(findings(probe_violations, python_files()))
    assert_clean(hasattr_violations(python_files()))


def test_tests_stay_at_home():
    assert_clean(findings(foreign_test_violations, python_files(tests=True)))
