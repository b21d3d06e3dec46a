import pytest

from odoo.tests import freeze_time, tagged

from . import ladder_calendar as cal
from .dunning_common import DunningCommon
from .ladder_days import LadderDays
from .ladder_delivery import Delivery
from .ladder_mutations import all_mutations
from .ladder_script import Author, play
from .ladder_trace import Trace, difference


class LadderCommon(DunningCommon):
    """Random worlds, lived through by the engine and by an oracle that knows nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.dunning.policy"].search([]).active = False
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.company.write(
            {
                # What is asked is what is open: fine and interest have tests of their own.
                "cobranca_charge_policy_id": False,
                "cobranca_promise_tolerance_days": 0,
                "cobranca_promise_tolerance_percent": 0,
                "cobranca_promise_max_days": 0,
            }
        )

    @classmethod
    def live(cls, script):
        """A script lived through by the engine; what it did to the database is taken back.

        :return: LadderDays
        """
        savepoint = cls.env.cr.savepoint()
        clock = freeze_time(cal.utc("SP", script.first, 0))
        try:
            return LadderDays(cls, script, clock.start()).live()
        finally:
            clock.stop()
            savepoint.close(rollback=True)
            cls.env.invalidate_all()
            cls.env.registry.clear_cache()

    @staticmethod
    def foretell(script, oracle_class=Delivery):
        """What an oracle says of it."""
        trace = Trace()
        play(script, oracle_class, trace.watch)
        return trace

    def assert_equal(self, world):
        self.assertIsNone(difference(world.trace, self.foretell(world.script)), "engine / oracle")

    def assert_lawful(self, world):
        """Of the world's facts alone, at the moment at which each message left."""
        checked = []

        def check(oracle, day, when, _outcome):
            for sent in world.outbox.get(cal.utc("SP", day, when), ()) if when != "run" else ():
                self.assert_may_leave(oracle, day, when, *sent)
                checked.append(sent)

        play(world.script, Delivery, check)
        self.assertEqual(len(checked), sum(map(len, world.outbox.values())))
        self.assertGreater(len(checked), world.script.days / 2)

    def assert_may_leave(self, oracle, day, hour, number, channel, address, asked):
        """He owes all of it, nothing of it is paused or left out, he did not refuse, and the hour is lawful there."""
        facts, where = oracle.facts, (day, hour, number, channel)
        debtor = facts.debtors[number]
        self.assertTrue(asked, where)
        for line, cents in asked.items():
            self.assertEqual(facts.lines[line].residual, cents, where)
            self.assertEqual(facts.lines[line].debtor, number, where)
            self.assertFalse(oracle.is_held(facts.lines[line], day) or facts.lines[line].blocked, where)
        self.assertNotIn(channel, debtor.refused, where)
        self.assertEqual(address, debtor.email if channel == "email" else f"+55{debtor.phone}", where)
        self.assertNotIn(address, facts.bounced, where)
        self.assertTrue(cal.is_lawful(debtor.uf, cal.utc("SP", day, hour), facts.holidays_of(debtor.uf)), where)


@tagged("post_install", "-at_install")
class TestLadderRandom(LadderCommon):
    """The short form: two worlds of a month; and no rule of the oracle is idle in them."""

    def test_two_worlds(self):
        worlds = [self.live(Author(seed, debtors=25, days=30).compose()) for seed in (5, 9)]
        for world in worlds:
            with self.subTest(seed=world.script.seed):
                self.assert_equal(world)
                self.assert_lawful(world)
        scripts = [self.with_fixed_keys(world.script) for world in worlds]
        known = [(script, self.foretell(script)) for script in scripts]
        for mutation in all_mutations():
            with self.subTest(broken=mutation.__name__):
                found = [difference(trace, self.foretell(script, mutation)) for script, trace in known]
                self.assertTrue(any(found), "no world knows this rule from the right one")

    @staticmethod
    def with_fixed_keys(script):
        """The same script with keys that are the same in each run: the draw of control groups depends on them."""
        levels = (level for policy in script.policies for level in policy.levels)
        for things in (script.debtors, levels):
            for key, thing in enumerate(things, 1):
                thing.key = key
        return script


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
class TestLadderAtLength(LadderCommon):
    """A quarter of 500 customers."""

    def test_a_quarter(self):
        world = self.live(Author(11, debtors=500, days=90, pace=0.25).compose())
        self.assert_equal(world)
        self.assert_lawful(world)
