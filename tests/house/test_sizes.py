"""Small files and functions, and each thing in the file where one would look for it."""

import ast
import re
from pathlib import PurePosixPath

import pytest
from lxml import etree

from .files import Source, addon_files, assert_clean, findings, literal, name_of, project_files, python_files, reasoned

FILE_LINES = 300
FUNCTION_LINES = 40
SIZED_SUFFIXES = {".py", ".xml", ".js", ".scss"}
MODEL_FOLDERS = {"models", "wizards", "report"}
VIEW_FOLDERS = {"views", "wizards", "report"}
MODEL_BASES = {"models.Model", "models.TransientModel", "models.AbstractModel"}
EXCEPTIONS = "sizes.txt"


def long_files(source):
    """{path: lines} of a file that is too long."""
    lines = source.text.count("\n")
    return {source.path: lines} if lines > FILE_LINES else {}


def code_lines(function):
    """Lines of a function without its docstring and decorators."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and literal(first.value) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def long_functions(source):
    """{path::function: lines} of functions that are too long."""
    return {
        f"{source.path}::{node.name}": code_lines(node)
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node) > FUNCTION_LINES
    }


def model_classes(source):
    """(class, model name) of each Odoo model class; the name is None when it cannot be read."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and {name_of(base) for base in node.bases} & MODEL_BASES:
            values = {
                name_of(item.targets[0]): literal(item.value) for item in node.body if isinstance(item, ast.Assign)
            }
            yield node, values.get("_name") or values.get("_inherit")


def model_file_violations(source):
    """One model a file, named after it; classes of models nowhere else."""
    found = []
    classes = list(model_classes(source))
    if len(classes) > 1:
        found.append(source.at(classes[1][0], "a second model in one file"))
    for node, model in classes:
        if source.parts[1] not in MODEL_FOLDERS:
            found.append(source.at(node, "a model outside of models/, wizards/ and report/"))
        elif not model:
            found.append(source.at(node, "_inherit must be a string: a list without _name makes a new model"))
        elif PurePosixPath(source.path).stem != model.replace(".", "_"):
            found.append(source.at(node, f"model {model} belongs into {model.replace('.', '_')}.py"))
    return found


def view_file_violations(source):
    """Views in <model>_views.xml, pages in *_templates.xml, menus in *_menus.xml."""
    if source.parts[1] not in VIEW_FOLDERS:
        return []
    name = source.parts[-1]
    found = []
    for element in etree.fromstring(source.text.encode()).iter("record", "template", "menuitem"):
        wanted = wanted_file(element)
        if wanted and not re.fullmatch(wanted, name):
            found.append(source.at(element.sourceline, f"{element.get('id')} belongs into {wanted}"))
    return found


def wanted_file(element):
    """The name that a file with this element must have (a pattern), or None."""
    if element.tag == "template":
        return r"\w+_templates\.xml"
    if element.tag == "menuitem":
        return r"\w+_menus\.xml"
    model = element.xpath("string(field[@name='model'])")
    if element.get("model") == "ir.ui.view" and model:
        # A model with many views may have several files, one for each subject: <model>_<subject>_views.xml.
        return rf"{model.replace('.', '_')}(_\w+)?_views\.xml"
    return None


def dead_file_violations(sources):
    """Python files that nothing imports, XML and CSV that no manifest lists."""
    texts = {source.path: source.text for source in sources}
    found = []
    for source in sources:
        path = PurePosixPath(source.path)
        if source.suffix == ".py" and path.stem not in ("__init__", "__manifest__", "common"):
            # A kernel is imported where it is used, all else by its package.
            users = (
                sources if "tools" in source.parts else [s for s in sources if s.path == f"{path.parent}/__init__.py"]
            )
            if not any(imports(user, path.stem) for user in users):
                found.append(f"{path}: imported by nothing")
        if source.suffix in (".xml", ".csv") and source.parts[1] not in ("static", "tests", "examples"):
            manifest = texts[f"{source.addon}/__manifest__.py"]
            if f'"{path.relative_to(source.addon)}"' not in manifest:
                found.append(f"{path}: not in the manifest")
    return found


def imports(source, name):
    return source.suffix == ".py" and any(
        alias.name.split(".")[-1] == name or (getattr(node, "module", None) or "").split(".")[-1] == name
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def over_the_limit():
    """{entry: lines} of all that is too long in the project."""
    found = {}
    for source in project_files():
        if source.suffix in SIZED_SUFFIXES:
            found.update(long_files(source))
        if source.suffix == ".py":
            found.update(long_functions(source))
    return found


def test_long_file_is_found():
    assert long_files(Source("a.py", "x = 1\n" * 301))
    assert not long_files(Source("a.py", "x = 1\n" * 300))


def test_long_function_is_found():
    body = "    x = 1\n"
    assert long_functions(Source("a.py", "def f():\n" + body * 40)) == {"a.py::f": 41}
    assert not long_functions(Source("a.py", 'def f():\n    """One\n    two."""\n' + body * 39))


MODEL = "class A(models.Model):\n    {}\n"
BAD = [
    (model_file_violations, "cobranca_recorrente/models/case.py", MODEL.format('_name = "cobranca.case"')),
    (model_file_violations, "cobranca_recorrente/models/res_partner.py", MODEL.format('_inherit = ["res.partner"]')),
    (model_file_violations, "cobranca_recorrente/tools/cobranca_case.py", MODEL.format('_name = "cobranca.case"')),
    (model_file_violations, "cobranca_recorrente/models/a.py", MODEL.format('_name = "a"') * 2),
    (
        view_file_violations,
        "cobranca_recorrente/views/case.xml",
        '<odoo><record id="v" model="ir.ui.view"><field name="model">cobranca.case</field></record></odoo>',
    ),
    (
        view_file_violations,
        "cobranca_recorrente/views/cobranca_hold_views.xml",
        '<odoo><record id="v" model="ir.ui.view"><field name="model">cobranca.case</field></record></odoo>',
    ),
    (view_file_violations, "cobranca_recorrente/views/cobranca_case_views.xml", '<odoo><template id="t"/></odoo>'),
    (view_file_violations, "cobranca_recorrente/views/cobranca_case_views.xml", '<odoo><menuitem id="m"/></odoo>'),
]
GOOD = [
    (model_file_violations, "cobranca_recorrente/models/cobranca_case.py", MODEL.format('_name = "cobranca.case"')),
    (model_file_violations, "cobranca_recorrente/models/res_partner.py", MODEL.format('_inherit = "res.partner"')),
    (
        view_file_violations,
        "cobranca_recorrente/wizards/cobranca_case_views.xml",
        '<odoo><record id="v" model="ir.ui.view"><field name="model">cobranca.case</field></record></odoo>',
    ),
    (
        view_file_violations,
        "cobranca_recorrente/views/cobranca_case_hold_views.xml",
        '<odoo><record id="v" model="ir.ui.view"><field name="model">cobranca.case</field>'
        '<field name="inherit_id" ref="w"/></record></odoo>',
    ),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_rule_finds(rule, path, text):
    assert rule(Source(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_rule_allows(rule, path, text):
    assert not rule(Source(path, text))


def test_dead_file_is_found():
    manifest = Source("cobranca_recorrente/__manifest__.py", '{"data": ["views/b_views.xml"]}')
    package = Source("cobranca_recorrente/models/__init__.py", "from . import b")
    alive = [Source("cobranca_recorrente/models/b.py", ""), Source("cobranca_recorrente/views/b_views.xml", "")]
    dead = [Source("cobranca_recorrente/models/c.py", ""), Source("cobranca_recorrente/views/c_views.xml", "")]
    assert not dead_file_violations([manifest, package, *alive])
    assert len(dead_file_violations([manifest, package, *alive, *dead])) == 2


def test_sizes():
    allowed = reasoned(EXCEPTIONS)
    found = over_the_limit()
    assert_clean(
        [f"{entry}: {lines} lines" for entry, lines in found.items() if entry not in allowed],
        f"split it (at most {FILE_LINES} a file, {FUNCTION_LINES} a function), or list it with a reason in "
        f"tests/house/{EXCEPTIONS}",
    )
    assert not set(allowed) - set(found), f"remove from tests/house/{EXCEPTIONS}: {set(allowed) - set(found)}"


def test_models_are_where_one_looks():
    assert_clean(findings(model_file_violations, [s for s in python_files() if len(s.parts) > 2]))


def test_views_are_where_one_looks():
    assert_clean(findings(view_file_violations, [s for s in addon_files(".xml") if len(s.parts) > 2]))


def test_nothing_is_dead():
    assert_clean(dead_file_violations(addon_files(".py", ".xml", ".csv", tests=True)))
