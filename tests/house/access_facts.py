"""Who may reach what, read from a loaded registry: each function makes the lines of one committed list.

All take an Environment of the superuser; what they create in it the caller rolls back.
"""

import contextlib
import inspect
import threading

from odoo import api, http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import get_public_method

from .files import ADDONS

RECURRING = "cobranca_recorrente.cobranca_group_"
# In the order of the columns. An optional group belongs to an addon that is still to come.
PERSONAS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "agency": "cobranca_negociacao.cobranca_group_agency",
    "internal": "base.group_user",
    "invoicing": "account.group_account_invoice",
    "collector": f"{RECURRING}collector",
    "supervisor": f"{RECURRING}supervisor",
    "manager": f"{RECURRING}manager",
    "system": "base.group_system",
}
OPTIONAL = {"agency"}
OUTSIDE = ("public", "portal", "agency")
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}


@contextlib.contextmanager
def superuser_environment(database):
    """An Environment whose changes are rolled back, in the database and in the caches."""
    registry = Registry(database)
    with registry.cursor() as cursor:
        try:
            yield api.Environment(cursor, api.SUPERUSER_ID, {"no_reset_password": True, "tracking_disable": True})
        finally:
            cursor.rollback()
            registry.reset_changes()
            registry.clear_all_caches()


def personas(env):
    """{name: user} with exactly the rights of the persona's group.

    :raise ValueError: when a group that is not optional is missing
    """
    users = {}
    for name, xmlid in PERSONAS.items():
        group = env.ref(xmlid, raise_if_not_found=name not in OPTIONAL)
        if group:
            login = f"house.{name}@example.com"
            values = {"name": name, "login": login, "group_ids": [Command.set(group.ids)]}
            users[name] = env["res.users"].search([("login", "=", login)]) or env["res.users"].create(values)
    return users


def our_models(env):
    """The models that our addons make, by name."""
    return sorted(name for name, model in env.registry.items() if model._original_module in ADDONS)


def access_matrix(env):
    """`model,kind,persona…`: the letters of what each persona may do by access rights alone."""
    users = personas(env)
    lines = [",".join(["model", "kind", *users])]
    for name in our_models(env):
        cells = [allowed(env[name].with_user(user)) for user in users.values()]
        lines.append(",".join([name, kind(env[name]), *cells]))
    return lines


def kind(model):
    if model._abstract:
        return "abstract"
    if model._transient:
        return "transient"
    return "stored" if model._auto else "view"


def allowed(model):
    """`r-c-` for read and create; empty of rights is `----`."""
    return "".join(
        letter if not model._abstract and model.has_access(operation) else "-"
        for operation, letter in OPERATIONS.items()
    )


def public_methods(env):
    """`model.method(arguments)` of all that can be called from outside and that our code defines."""
    found = set()
    for name, model_class in env.registry.items():
        for definition in model_class.mro():
            if getattr(definition, "pool", None) is not None or getattr(definition, "_module", None) not in ADDONS:
                continue
            for method in vars(definition):
                if is_public(env[name], method):
                    found.add(f"{name}.{method}({arguments(vars(definition)[method])})")
    return sorted(found)


def is_public(model, method):
    try:
        get_public_method(model, method)
    except (AccessError, AttributeError):
        return False
    return True


def arguments(method):
    function = getattr(method, "__func__", method)
    names = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        optional = "" if parameter.default is parameter.empty else "?"
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        names.append(f"{star}{parameter.name}{optional}")
    return ", ".join(names)


def routes(env):
    """`path auth=… csrf=… methods=… type=…` of the routes that our controllers define or extend."""
    # Odoo reads the database's name from the thread while it makes the routing map.
    thread = threading.current_thread()
    before = getattr(thread, "dbname", None)
    thread.dbname = env.cr.dbname
    try:
        rules = env["ir.http"].routing_map().iter_rules()
        return sorted({route_line(rule) for rule in rules if is_our_route(rule.endpoint)})
    finally:
        thread.dbname = before


def is_our_route(endpoint):
    controller, name = type(endpoint.func.__self__), endpoint.func.__name__
    return any(name in vars(parent) and http_addon(parent) in ADDONS for parent in controller.mro())


def http_addon(controller):
    parts = controller.__module__.split(".")
    return parts[2] if parts[:2] == ["odoo", "addons"] and issubclass(controller, http.Controller) else None


def route_line(rule):
    routing = rule.endpoint.routing
    methods = "+".join(sorted(set(routing.get("methods") or ["ALL"]) - {"OPTIONS"}))
    csrf = routing.get("csrf", routing["type"] == "http")
    return f"{rule.rule} auth={routing['auth']} csrf={'yes' if csrf else 'no'} methods={methods} type={routing['type']}"


def portal_fields(env):
    """`persona model.field`: what people outside see of our models, and of our fields on Odoo's models."""
    users = personas(env)
    found = []
    for persona in OUTSIDE:
        if persona not in users:
            continue
        for name in sorted(env.registry):
            model = env[name].with_user(users[persona])
            if model._abstract or not model.has_access("read"):
                continue
            whole = model._original_module in ADDONS
            found += [
                f"{persona} {name}.{field}"
                for field in sorted(model.fields_get(attributes=["type"]))
                if whole or set(model._fields[field]._modules) & set(ADDONS)
            ]
    return found


FACTS = {
    "access_matrix.csv": access_matrix,
    "public_methods.txt": public_methods,
    "routes.txt": routes,
    "portal_fields.txt": portal_fields,
}
