"""Who may reach what is written down, and the database guards what the models promise."""

import difflib

import pytest

from odoo.tools import SQL

from . import access_facts
from .files import ADDONS, HOUSE, assert_clean

COMMAND = "make access-files"


def difference(name, actual, committed):
    """A readable difference of two lists of lines; empty when they are equal."""
    lines = difflib.unified_diff(committed, actual, f"tests/house/{name} (committed)", "the code", lineterm="", n=0)
    return [line for line in lines if not line.startswith("@@")]


def unguarded_company_models(env):
    """Stored models with a company that no global rule confines to the user's companies."""
    found = []
    for name in stored_models(env):
        field = env[name]._fields.get("company_id")
        rules = env["ir.rule"].search([("model_id.model", "=", name), ("groups", "=", False)])
        # A transient record is its creator's alone, by the ORM itself.
        is_shared = field and field.store and not env[name]._transient
        if is_shared and not any("company_id" in (rule.domain_force or "") for rule in rules):
            found.append(f"{name} has a company_id and no global ir.rule on it")
    return found


def unconfined_models(env):
    """Models that people outside may read without a rule for their group."""
    found = []
    users = access_facts.personas(env)
    for name in stored_models(env):
        for persona in filter(users.get, access_facts.OUTSIDE):
            groups = users[persona].all_group_ids
            rules = env["ir.rule"].search([("model_id.model", "=", name), ("groups", "in", groups.ids)])
            if env[name].with_user(users[persona]).has_access("read") and not rules:
                found.append(f"{persona} may read every {name}: no ir.rule for that group")
    return found


def stored_models(env):
    return [name for name in access_facts.our_models(env) if env[name]._auto and not env[name]._abstract]


def missing_table_objects(env):
    """Constraints and indexes that our models declare and the database does not have, or not valid."""
    env.cr.execute("SELECT conname FROM pg_constraint WHERE convalidated")
    present = {name for (name,) in env.cr.fetchall()}
    env.cr.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid AND i.indisready"
    )
    present |= {name for (name,) in env.cr.fetchall()}
    return [
        f"{name}: {table_object.full_name(model)} is not in the database"
        for name, model in env.items()
        if model._auto and not model._abstract
        for table_object in model._table_objects.values()
        if table_object._module in ADDONS and table_object.full_name(model) not in present
    ]


def unindexed_inverses(env):
    """Many2one fields of ours, behind a One2many, that are searched without an index."""
    found = set()
    for name, model in env.items():
        for field in model._fields.values():
            if field.type != "one2many" or not field.inverse_name or not set(field._modules) & set(ADDONS):
                continue
            comodel = env[field.comodel_name]
            inverse = comodel._fields[field.inverse_name]
            if comodel._auto and not comodel._transient and inverse.store and not inverse.index:
                found.add(f"{inverse} has no index, and {name}.{field.name} needs one")
    return sorted(found)


@pytest.mark.parametrize("name", access_facts.FACTS)
def test_list_is_true(env, name):
    path = HOUSE / name
    committed = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = difference(name, access_facts.FACTS[name](env), committed)
    assert not found, "\n" + "\n".join(found) + f"\nReview each line; if it is meant: {COMMAND}"


def test_difference_is_readable():
    found = difference("a.txt", ["x", "y"], ["x", "z"])
    assert "-z" in found and "+y" in found
    assert not difference("a.txt", ["x"], ["x"])


def test_new_right_is_seen(changed):
    before = access_facts.access_matrix(changed)
    changed["ir.model.access"].create(
        {
            "name": "too much",
            "model_id": changed["ir.model"]._get_id("cobranca.contract"),
            "group_id": changed.ref("base.group_public").id,
            "perm_read": True,
            "perm_unlink": True,
        }
    )
    found = difference("access_matrix.csv", access_facts.access_matrix(changed), before)
    assert any(line.startswith("+cobranca.contract,stored,r--u") for line in found)


def test_new_public_method_is_seen(env, monkeypatch):
    definitions = [parent for parent in type(env["res.partner"]).mro() if vars(parent).get("_module") in ADDONS]
    for name in ("bill_all", "_bill_all"):
        monkeypatch.setattr(definitions[0], name, lambda self, date, *, force=False: True, raising=False)
    assert "res.partner.bill_all(date, force?)" in access_facts.public_methods(env)
    assert not any("_bill_all" in line for line in access_facts.public_methods(env))


def test_new_field_outside_is_seen(env, monkeypatch):
    monkeypatch.setattr(env["res.partner"]._fields["cobranca_contract_ids"], "groups", None)
    assert "portal res.partner.cobranca_contract_ids" in access_facts.portal_fields(env)


def test_routes_of_others_are_left_out(env):
    lines = access_facts.routes(env)
    assert lines and not any(line.startswith("/web/login") for line in lines)


def test_companies_are_kept_apart(env):
    assert_clean(unguarded_company_models(env))


def test_missing_company_rule_is_found(changed):
    changed["ir.rule"].search([("model_id.model", "=", "cobranca.contract"), ("groups", "=", False)]).unlink()
    assert any("cobranca.contract " in found for found in unguarded_company_models(changed))


def test_missing_portal_rule_is_found(changed):
    portal = changed.ref("base.group_portal")
    changed["ir.rule"].search([("model_id.model", "=", "cobranca.contract"), ("groups", "in", portal.ids)]).unlink()
    assert any("cobranca.contract:" in found for found in unconfined_models(changed))


def test_people_outside_read_their_own_only(env):
    assert_clean(unconfined_models(env))


def test_database_has_all_constraints(env):
    assert_clean(missing_table_objects(env))


def test_missing_index_is_found(changed):
    period = changed["cobranca.contract.period"]
    unique = [found for found in period._table_objects.values() if type(found).__name__ == "UniqueIndex"]
    name = unique[0].full_name(period)
    changed.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    assert any(name in found for found in missing_table_objects(changed))


def test_inverses_are_indexed(env):
    assert_clean(unindexed_inverses(env))
