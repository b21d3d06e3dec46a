"""No idiom that Odoo 19 ignores, warns about or has removed; texts are translatable."""

import ast
import re

import pytest

from .files import Source, addon_files, assert_clean, findings, literal, name_of, python_files

OLD_DEFINITIONS = {
    "_sql_constraints": "models.Constraint / models.UniqueIndex (this is never created)",
    "name_get": "_compute_display_name (this is never called)",
    "_constraints": "@api.constrains",
    "_defaults": "default=",
    "_columns": "fields",
}
OLD_CALLS = {
    "read_group": "_read_group",
    "name_get": "display_name",
    "toggle_active": "action_archive / action_unarchive",
    "flush": "flush_recordset, flush_model or env.flush_all",
    "invalidate_cache": "invalidate_recordset or invalidate_model",
    "user_has_groups": "env.user.has_group",
    "check_access_rights": "check_access or has_access",
    "check_access_rule": "check_access or has_access",
    "message_post_with_view": "message_post_with_source",
    "_notify_progress": "_commit_progress",
    "get_module_resource": "tools.file_path",
}
OLD_ATTRIBUTES = {"_cr": "env.cr", "_uid": "env.uid", "_context": "env.context", "groups_id": "group_ids"}
OLD_KEYWORDS = {
    "group_operator": "aggregator",
    "states": "readonly in the view",
    "numbercall": "nothing: it is gone",
    "track_visibility": "tracking",
    "auto_join": "bypass_search_access",
}
OLD_MODULES = ("odoo.osv", "openerp")
OLD_XML = {
    r"\battrs\s*=": "invisible=, readonly=, required= with an expression",
    r"<tree\b": "<list>",
    r"\bt-(?:esc|raw)\s*=": "t-out",
    r"name=\"(?:groups_id|numbercall|doall)\"": "group_ids, or nothing",
    r"name=\"view_mode\">[^<]*\btree\b": "list",
    r"\bt-name=\"kanban-box\"": 't-name="card"',
    r"\boe_chatter\b": "<chatter/>",
    r"<data\b": '<odoo noupdate="1">',
    r"\bstates\s*=\s*\"": "invisible= with an expression",
    r"<field [^>]*\bactive_id\b": "a field of the record",
}


def old_name_violations(source):
    """Definitions, calls, attributes and arguments of earlier versions."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.name in {*OLD_DEFINITIONS, "read_group"}:
            found.append(source.at(node, f"{node.name}: {OLD_DEFINITIONS.get(node.name, '_read_group')}"))
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) in OLD_DEFINITIONS:
            found.append(source.at(node, f"{node.targets[0].id}: {OLD_DEFINITIONS[node.targets[0].id]}"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OLD_CALLS:
            found.append(source.at(node, f"{node.func.attr}(): {OLD_CALLS[node.func.attr]}"))
        if isinstance(node, ast.Attribute) and node.attr in OLD_ATTRIBUTES:
            found.append(source.at(node, f"{node.attr}: {OLD_ATTRIBUTES[node.attr]}"))
        if isinstance(node, ast.keyword) and node.arg in OLD_KEYWORDS:
            found.append(source.at(node.value, f"{node.arg}=: {OLD_KEYWORDS[node.arg]}"))
        if isinstance(node, ast.Constant) and node.value in ("groups_id", "numbercall"):
            found.append(source.at(node, f"{node.value!r} is gone"))
    return found


def old_route_violations(source):
    return [
        source.at(node, "type='json': type='jsonrpc'")
        for node in source.nodes
        if isinstance(node, ast.Call) and name_of(node.func).split(".")[-1] == "route"
        for keyword in node.keywords
        if keyword.arg == "type" and literal(keyword.value) == "json"
    ]


def old_import_violations(source):
    return [
        source.at(node, f"{node.module} is of earlier versions")
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OLD_MODULES)
    ]


def create_violations(source):
    """`create` overridden for one record gets a list in Odoo 19."""
    return [
        source.at(node, "create(self, vals_list) with @api.model_create_multi")
        for node in source.nodes
        if isinstance(node, ast.FunctionDef) and node.name == "create" and isinstance(node.parent, ast.ClassDef)
        if "api.model_create_multi" not in map(name_of, node.decorator_list)
    ]


def translation_violations(source):
    """Texts go through `self.env._` as one literal with named values."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and {"_", "_lt"} & {alias.name for alias in node.names}:
            found.append(source.at(node, "imports _: use self.env._"))
        if not isinstance(node, ast.Call) or name_of(node.func).split(".")[-1] not in ("_", "_lt"):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "_":
            found.append(source.at(node, "_(): use self.env._()"))
        if not node.args or literal(node.args[0]) is None:
            found.append(source.at(node, "the text to translate must be literal"))
        elif len(node.args) > 1 or re.search(r"%(?:\d|\.|s|d|r|f)|%\(\w+\)r", literal(node.args[0])):
            found.append(source.at(node, "values of a translated text must be named: %(name)s"))
        if isinstance(node.parent, ast.BinOp) and node.parent.left is node:
            found.append(source.at(node, "pass the values to _ instead of formatting its result"))
        if isinstance(node.parent, ast.Attribute) and node.parent.attr == "format":
            found.append(source.at(node, "pass the values to _ instead of formatting its result"))
    return found


def markup_violations(source):
    """Markup of a literal only; values are escaped by `Markup("…%s…") % value`."""
    return [
        source.at(node, "Markup() of something that is not literal escapes nothing")
        for node in source.nodes
        if isinstance(node, ast.Call) and name_of(node.func).split(".")[-1] == "Markup"
        if node.args and literal(node.args[0]) is None
    ]


def xml_violations(source):
    return [
        finding for pattern, now in OLD_XML.items() for finding in source.matches(pattern, f"in Odoo 19: {now}; found")
    ]


PYTHON_RULES = (
    old_name_violations,
    old_route_violations,
    old_import_violations,
    create_violations,
    translation_violations,
    markup_violations,
)
BAD = [
    (old_name_violations, 'class A:\n    _sql_constraints = [("a", "unique(a)", "b")]'),
    (old_name_violations, "class A:\n    def name_get(self): pass"),
    (old_name_violations, 'self.read_group([], ["a"], ["b"])'),
    (old_name_violations, "self.toggle_active()"),
    (old_name_violations, "self.flush()"),
    (old_name_violations, "self._cr.execute('SELECT 1')"),
    (old_name_violations, "if self._uid: pass"),
    (old_name_violations, "user.groups_id"),
    (old_name_violations, 'user.write({"groups_id": []})'),
    (old_name_violations, 'a = fields.Float(group_operator="avg")'),
    (old_route_violations, '@http.route("/a", type="json", auth="user")\ndef a(self): pass'),
    (old_import_violations, "from odoo.osv import expression"),
    (create_violations, "class A:\n    @api.model\n    def create(self, vals): pass"),
    (translation_violations, "from odoo import _, api"),
    (translation_violations, "from odoo.tools.translate import _"),
    (translation_violations, '_("Text")'),
    (translation_violations, "self.env._(text)"),
    (translation_violations, 'self.env._(f"Text {a}")'),
    (translation_violations, 'self.env._("Text %s", a)'),
    (translation_violations, 'self.env._("Text %(a)s") % {"a": a}'),
    (translation_violations, 'self.env._("Text {}").format(a)'),
    (markup_violations, 'Markup(f"<b>{name}</b>")'),
    (markup_violations, "Markup(body)"),
]
GOOD = [
    (old_name_violations, 'self._read_group([], ["a"], ["__count"])'),
    (old_name_violations, "self.env.cr.execute('SELECT 1')\nself.flush_recordset()"),
    (create_violations, "class A:\n    @api.model_create_multi\n    def create(self, vals_list): pass"),
    (translation_violations, 'self.env._("%(percent)s %% of %(name)s", percent=1, name=a)'),
    (translation_violations, '_lt = LazyTranslate(__name__)\nX = _lt("Text")'),
    (translation_violations, "for _ in range(3): pass"),
    (markup_violations, 'Markup("<b>%s</b>") % name'),
]
BAD_XML = [
    '<field name="a" attrs="{\'invisible\': 1}"/>',
    "<tree/>",
    '<t t-esc="a"/>',
    '<t t-raw="a"/>',
    '<field name="groups_id" eval="[]"/>',
    '<field name="numbercall">-1</field>',
    '<field name="view_mode">tree,form</field>',
    '<t t-name="kanban-box"/>',
    '<div class="oe_chatter"/>',
    '<data noupdate="1"/>',
]


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_rule_finds(rule, text):
    assert rule(Source("cobranca_recorrente/models/a.py", text))


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_rule_allows(rule, text):
    assert not rule(Source("cobranca_recorrente/models/a.py", text))


@pytest.mark.parametrize("text", BAD_XML)
def test_old_xml_is_found(text):
    assert xml_violations(Source("cobranca_recorrente/views/a.xml", text))


def test_new_xml_is_allowed():
    text = '<odoo><!-- <tree> --><list/><t t-out="a"/><field name="view_mode">list,form</field><chatter/></odoo>'
    assert not xml_violations(Source("cobranca_recorrente/views/a.xml", text))


@pytest.mark.parametrize("rule", PYTHON_RULES)
def test_python(rule):
    assert_clean(findings(rule, python_files(tests=True)))


def test_xml():
    assert_clean(findings(xml_violations, addon_files(".xml", tests=True)))
