"""Work whose cost is known, so that the measuring itself can be tested; run by child.py inside Odoo."""

from odoo.modules.registry import Registry


def seven_queries(env, number):
    """Exactly seven queries: five here and two on another cursor."""
    for _time in range(5):
        env.cr.execute("SELECT %s", [number])
    with Registry(env.cr.dbname).cursor() as other:
        other.execute("SELECT 1")
        other.execute("SELECT 2")


def work_in_postgresql(env, number):
    """One query that keeps the backend busy and Python idle."""
    env.cr.execute("SELECT count(*) FROM generate_series(1, %s) AS n WHERE md5(n::text) LIKE 'a%%'", [number * 1000])


def count_right(env, number):
    """As many units as wanted."""
    return number


def count_one_less(env, number):
    """A subject that left out one unit."""
    return number - 1


def fail(env, number):
    """Work that cannot be done."""
    raise ValueError(f"cannot do {number}")
