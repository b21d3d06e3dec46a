"""What is dangerous in a system that handles other people's money is not there at all."""

import ast
import re

import pytest

from .files import Source, addon_files, assert_clean, enclosing_functions, findings, name_of, python_files, reasoned

EVALUATORS = {"safe_eval", "eval", "exec", "compile", "unsafe_eval", "test_python_expr"}
LOADERS = {"pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "os.system", "os.popen", "subprocess.run"}
COMMITS = {"commit", "_commit_progress"}
SECRET = re.compile(r"(^|_)(token|secret|signature|hash|hmac|digest|password)s?($|_)")
TEST_SWITCHES = ("test_enable", "current_test", "testing", "test_mode")
CSRF_LIST = "csrf_free.txt"


def evaluator_violations(source):
    """Code made from text."""
    return [
        source.at(node, f"{name_of(node.func)}()")
        for node in source.nodes
        if isinstance(node, ast.Call)
        if name_of(node.func).split(".")[-1] in EVALUATORS - {"compile"} or name_of(node.func) in LOADERS | {"compile"}
    ]


def commit_violations(source):
    """Commits only in the batches of scheduled actions."""
    return [
        source.at(node, f"{node.func.attr}() outside of a _cron_* method")
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COMMITS
        if not any(function.name.startswith("_cron_") for function in enclosing_functions(node))
    ]


def swallow_violations(source):
    """Errors caught without saying which, or dropped; in controllers any broad catch."""
    found = []
    for node in source.nodes:
        if not isinstance(node, ast.ExceptHandler):
            continue
        broad = node.type is None or name_of(node.type) in ("Exception", "BaseException")
        silent = all(isinstance(item, ast.Pass) for item in node.body)
        if node.type is None or (broad and silent):
            found.append(source.at(node, "an error is dropped"))
        elif broad and "controllers" in source.parts:
            # Odoo repeats a request after a serialization failure; a controller that catches it hides it.
            found.append(source.at(node, "a controller must let errors through"))
    return found


def comparison_violations(source):
    """Secrets are compared in constant time."""
    found = []
    for node in source.nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            names = [name_of(side).split(".")[-1] for side in (node.left, *node.comparators)]
            empty = any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
            if any(map(SECRET.search, names)) and not empty:
                found.append(source.at(node, "compares a secret with == or !=: consteq()"))
    return found


def switch_violations(source):
    """Production code does not ask whether it is under test."""
    found = []
    for node in source.nodes:
        value = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", None)
        if value in TEST_SWITCHES:
            found.append(source.at(node, f"asks for {value}"))
    return found


def exposure_violations(source):
    """HTML that is not cleaned, files for everybody, TLS unchecked."""
    risky = {("sanitize", False), ("public", True), ("verify", False), ("sanitize_attributes", False)}
    found = []
    for node in source.nodes:
        pairs = []
        if isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        if isinstance(node, ast.Dict):
            pairs = [(getattr(key, "value", None), value) for key, value in zip(node.keys, node.values, strict=True)]
        found += [
            source.at(value, f"{name}={value.value}")
            for name, value in pairs
            if isinstance(value, ast.Constant) and (name, value.value) in risky
        ]
    return found


def csrf_free_routes(source):
    """{`path::function`: finding} of routes without protection against forged requests."""
    return {
        f"{source.path}::{node.name}": source.at(node, "csrf=False")
        for node in source.nodes
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
        if keyword.arg == "csrf" and getattr(keyword.value, "value", None) is not True
    }


RULES = (
    evaluator_violations,
    commit_violations,
    swallow_violations,
    comparison_violations,
    switch_violations,
    exposure_violations,
)
BAD = [
    (evaluator_violations, "models", "safe_eval(rule.code)"),
    (evaluator_violations, "models", "tools.safe_eval.safe_eval(code, {})"),
    (evaluator_violations, "models", "eval(text)"),
    (evaluator_violations, "models", "exec(text)"),
    (evaluator_violations, "models", "pickle.loads(data)"),
    (commit_violations, "models", "class A:\n    def action_bill(self):\n        self.env.cr.commit()"),
    (commit_violations, "models", "def bill(self):\n    self.env['ir.cron']._commit_progress(1)"),
    (swallow_violations, "models", "try:\n    a()\nexcept:\n    b()"),
    (swallow_violations, "models", "try:\n    a()\nexcept Exception:\n    pass"),
    (swallow_violations, "controllers", "try:\n    a()\nexcept Exception as error:\n    b(error)"),
    (comparison_violations, "models", "if access_token == record.access_token: pass"),
    (comparison_violations, "models", "if signature != expected: pass"),
    (switch_violations, "models", "if config['test_enable']: pass"),
    (switch_violations, "models", "if threading.current_thread().testing: pass"),
    (exposure_violations, "models", "a = fields.Html(sanitize=False)"),
    (exposure_violations, "models", 'values = {"public": True}'),
]
GOOD = [
    (evaluator_violations, "models", "re.compile('a')\nself.evaluate(1)"),
    (commit_violations, "models", "class A:\n    def _cron_bill(self):\n        self.env.cr.commit()"),
    (swallow_violations, "models", "try:\n    a()\nexcept ValueError:\n    pass"),
    (swallow_violations, "models", "try:\n    a()\nexcept Exception as error:\n    self._park(error)"),
    (comparison_violations, "models", "if consteq(token, expected) and token != '': pass"),
    (exposure_violations, "models", "a = fields.Html(sanitize=True)"),
]


@pytest.mark.parametrize(("rule", "folder", "text"), BAD)
def test_rule_finds(rule, folder, text):
    assert rule(Source(f"cobranca_recorrente/{folder}/a.py", text))


@pytest.mark.parametrize(("rule", "folder", "text"), GOOD)
def test_rule_allows(rule, folder, text):
    assert not rule(Source(f"cobranca_recorrente/{folder}/a.py", text))


def test_csrf_free_route_is_found():
    route = '@http.route("/a", auth="public", csrf=False)\ndef webhook(self): pass'
    assert list(csrf_free_routes(Source("a.py", route))) == ["a.py::webhook"]
    assert not csrf_free_routes(Source("a.py", route.replace("False", "True")))


@pytest.mark.parametrize("rule", RULES)
def test_addons(rule):
    assert_clean(findings(rule, python_files()))


def test_csrf_free_routes_are_listed():
    allowed = reasoned(CSRF_LIST)
    found = {}
    for source in python_files():
        found.update(csrf_free_routes(source))
    assert_clean([text for place, text in found.items() if place not in allowed], f"list it in tests/house/{CSRF_LIST}")
    assert not set(allowed) - set(found), f"remove from tests/house/{CSRF_LIST}: {set(allowed) - set(found)}"


MORE_THAN_A_CALL = (
    r"<field name=\"state\">code</field>\s*<field name=\"code\">(?!(action = )?(records?|model)\.[a-z_]+\(\)</field>)"
)


def test_no_code_in_data():
    """Code in data is the call of one method of a model, no more: what it does is in the model, tested."""
    found = [finding for source in addon_files(".xml") for finding in source.matches(MORE_THAN_A_CALL, "code in data")]
    assert_clean(found)
