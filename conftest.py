"""What every run of the tests needs, also a run of one addon's tests alone."""

import gc

import freezegun
import freezegun.api
import pytest

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
