"""What every run of the tests needs, also a run of one addon's tests alone."""

import functools
import gc

import freezegun
import freezegun.api
import pytest

from odoo.tests import common

# Otherwise pytest measures with the clock that a test stopped: a set-up that stops it took
# fifty years, and each test after it no time at all.
freezegun.configure(extend_ignore_list=["_pytest.timing"])


def quick_hash(module):
    """Tells whether a module has got other names since a clock was last stopped.

    Freezegun sorts out all names of all modules for that, each time: with Odoo that is most of its work.
    """
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


freezegun.api._get_module_attributes_hash = quick_hash


@pytest.fixture(scope="session", autouse=True)
def light_memory(load_registry):
    """What was imported stays: to look through it for garbage again and again takes time and finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


# Odoo's own limits (seconds) are those of a machine that does nothing else; a browser that needs longer to start is no
# reason to leave a test out.
common.CHECK_BROWSER_ITERATIONS, common.BROWSER_WAIT = 600, 60.0
common.BaseCase.test_cursor_lock_timeout = 120
common.ChromeBrowser._websocket_request.__kwdefaults__["timeout"] = 60.0
common.HttpCase.url_open = functools.partialmethod(common.HttpCase.url_open, timeout=60)
common.HttpCase.start_tour = functools.partialmethod(common.HttpCase.start_tour, timeout=240)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """A test that is left out has not been seen to pass: it fails, with the reason."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"left out: {report.longrepr}"
    return report
