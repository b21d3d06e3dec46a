import pytest

from odoo.tests import tagged

from .life_common import LifeCommon
from .life_scenarios import SAMPLE, SCENARIOS


def add_tests(names):
    """A test for each scenario, with the name of what happens in it."""

    def decorate(cls):
        for name in names:
            cls.add_test(name)
        return cls

    return decorate


class ScenariosCommon(LifeCommon):
    @classmethod
    def add_test(cls, name):
        def play(self):
            self.play(name)

        play.__name__ = f"test_{name.replace(',', '').replace(' ', '_')}"
        play.__qualname__ = f"{cls.__qualname__}.{play.__name__}"
        setattr(cls, play.__name__, play)

    def play(self, name):
        self.begin()
        self.live(SCENARIOS[name])
        self.assertTrue(self.oracle.agreements)


@tagged("post_install", "-at_install")
@add_tests(SAMPLE)
class TestAgreementScenarios(ScenariosCommon):
    """Whatever becomes of an agreement, a second set of books says the same."""


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
@add_tests(SCENARIOS)
class TestAgreementAllScenarios(ScenariosCommon):
    """All of the table."""

    def test_there_are_many(self):
        self.assertGreaterEqual(len(SCENARIOS), 40)
        self.assertLessEqual(set(SAMPLE), set(SCENARIOS))
