"""The registry of the tested database, for the house rules that need one."""

import pytest


@pytest.fixture(scope="module")
def env():
    import odoo.tests.common

    from . import access_facts

    with access_facts.superuser_environment(odoo.tests.common.get_db_name()) as environment:
        yield environment


@pytest.fixture
def changed(env):
    """The same environment for a test that breaks something: all is as before afterwards."""
    with env.cr.savepoint() as savepoint:
        yield env
        env.invalidate_all(flush=False)
        savepoint.rollback()
        env.registry.clear_all_caches()
