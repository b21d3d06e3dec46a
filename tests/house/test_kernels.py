"""Kernels in `tools/` are pure Python with tests; models know no wizard, controller or report."""

import ast
import os
import subprocess
import sys

import pytest

from .files import ROOT, Source, assert_clean, findings, python_files

# Small libraries without state that Odoo requires anyway.
PURE_LIBRARIES = {"dateutil", "ofxparse", "stdnum", "num2words"}
OUTER_FOLDERS = {"wizards", "controllers", "report"}
# Runs the doctests of kernels with Odoo out of reach and no package of the addon loaded.
DOCTESTS = """
import doctest, importlib, sys, types
sys.modules["odoo"] = sys.modules["psycopg2"] = None
attempted = failed = 0
for root, addon, names in %r:
    for name in (addon, addon + ".tools"):
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = [root + "/" + name.replace(".", "/")]
    for name in names:
        result = doctest.testmod(importlib.import_module(addon + ".tools." + name))
        print(addon + "/tools/" + name + ".py", result.attempted)
        failed += result.failed
sys.exit(bool(failed))
"""


def imported(source):
    """(node, dotted name) of everything a file imports; relative ones begin with dots."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node, f"{base}.{alias.name}" if node.module else base + alias.name) for alias in node.names)


def is_kernel(source):
    return len(source.parts) > 2 and source.parts[1] == "tools"


def impure_violations(source):
    """A kernel imports the standard library, other kernels and the few pure libraries."""
    found = []
    for node, name in imported(source):
        inside = name.startswith(".") and not name.startswith("..")
        if not inside and name.split(".")[0] not in sys.stdlib_module_names | PURE_LIBRARIES:
            found.append(source.at(node, f"a kernel imports {name}"))
    return found


def outer_violations(source):
    """Models and kernels import nothing of wizards, controllers and reports."""
    if len(source.parts) < 3 or source.parts[1] not in ("models", "tools"):
        return []
    return [
        source.at(node, f"{source.parts[1]} import {name}")
        for node, name in imported(source)
        if (name.startswith(".") or ".addons.cobranca_" in name) and OUTER_FOLDERS & set(name.split("."))
    ]


def untested_violations(source, tests):
    """A kernel with public functions has doctests or a test file that names it.

    :param tests: {path: text} of test files
    """
    name = source.parts[-1].removesuffix(".py")
    public = [n for n in source.nodes if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    if not public or ">>>" in source.text or any(f"test_{name}" in path for path in tests):
        return []
    return [source.at(1, f"a kernel without doctests and without tests/test_{name}.py")]


BAD = [
    (impure_violations, "cobranca_recorrente/tools/a.py", "from odoo import fields"),
    (impure_violations, "cobranca_recorrente/tools/a.py", "def f():\n    import odoo.tools.float_utils"),
    (impure_violations, "cobranca_recorrente/tools/a.py", "from ..models import cobranca_contract"),
    (impure_violations, "cobranca_recorrente/tools/a.py", "import psycopg2"),
    (outer_violations, "cobranca_recorrente/models/a.py", "from ..wizards import cobranca_promise_register"),
    (outer_violations, "cobranca_recorrente/models/a.py", "from .. import controllers"),
    (outer_violations, "cobranca_negociacao/models/a.py", "from odoo.addons.cobranca_recorrente.report import x"),
]
GOOD = [
    (
        impure_violations,
        "cobranca_recorrente/tools/a.py",
        "import decimal\nfrom . import recurrence\nfrom .recurrence import x",
    ),
    (outer_violations, "cobranca_recorrente/models/a.py", "from ..tools import recurrence\nfrom . import res_partner"),
    (outer_violations, "cobranca_recorrente/wizards/a.py", "from ..report import x"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_rule_finds(rule, path, text):
    assert rule(Source(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_rule_allows(rule, path, text):
    assert not rule(Source(path, text))


def test_untested_kernel_is_found():
    kernel = Source("cobranca_recorrente/tools/boleto.py", "def barcode(): ...")
    assert untested_violations(kernel, {})
    assert not untested_violations(kernel, {"cobranca_recorrente/tests/test_boleto.py": ""})


def test_kernels_are_pure():
    assert_clean(findings(impure_violations, filter(is_kernel, python_files())))


def test_models_know_no_outer_layer():
    assert_clean(findings(outer_violations, python_files()))


def test_kernels_are_tested():
    tests = {source.path: source.text for source in python_files(tests=True) if source.is_test}
    assert_clean(findings(lambda source: untested_violations(source, tests), filter(is_kernel, python_files())))


def test_doctests_run_without_odoo():
    kernels = {}
    for source in filter(is_kernel, python_files()):
        if source.parts[-1] != "__init__.py":
            kernels.setdefault(source.addon, []).append(source.parts[-1].removesuffix(".py"))
    assert kernels
    plan = [(str(ROOT), addon, names) for addon, names in kernels.items()]
    done = subprocess.run(
        [sys.executable, "-c", DOCTESTS % (plan,)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert not done.returncode, done.stdout + done.stderr
    assert sum(int(line.split()[-1]) for line in done.stdout.splitlines()) > 0
