from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from odoo.tests import tagged

from .life_common import LifeCommon

RUNS, STEPS = 200, 12
AMOUNT = st.integers(5_000, 200_000).map(lambda cents: Decimal(cents) / 100)
PERCENTS = st.fixed_dictionaries(
    {
        "fine": st.sampled_from([0, 25, 100]),
        "interest": st.sampled_from([0, 50, 100]),
        "principal": st.sampled_from([0, 0, 3, 12]),
    }
)
TERMS = st.tuples(st.integers(1, 6), st.sampled_from([("none", "0"), ("simple", "1.5"), ("price", "2"), ("sac", "1")]))
ORDER = st.sampled_from(["charges", "principal"])
# When less than this is owed, no down payment is asked for: it might be more than is agreed.
LEAST = 50
PLACE = st.integers(0, 20)


class Life(RuleBasedStateMachine):
    """Anything that may happen to a customer's debts, in any order and on any day."""

    def __init__(self, test):
        super().__init__()
        self.test, self.day = test, -120
        self.savepoint = test.env.cr.savepoint()
        test.begin()
        self.books = test.oracle

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.test.env.invalidate_all()

    def do(self, verb, *arguments):
        self.test.seen[verb] += 1
        self.test.live([(verb, self.day, *arguments)])

    @initialize(amounts=st.lists(AMOUNT, min_size=1, max_size=3), late=st.integers(0, 100), tax=st.booleans())
    def begin(self, amounts, late, tax):
        for amount in amounts:
            self.do("owe", amount, tax)
            self.day += 9
        self.day += late

    @rule(days=st.integers(1, 45))
    def wait(self, days):
        self.day += days

    @rule(amount=AMOUNT)
    def owe(self, amount):
        self.do("owe", amount)

    @precondition(lambda self: self.books.account == "customers" and self.books.agreements)
    @rule()
    def change_account(self):
        self.do("account")

    # --- money ---

    @precondition(lambda self: self.test.open_debts())
    @rule(percent=st.sampled_from([2, 20, 50, 80, 100, 100, 110]))
    def pay(self, percent):
        self.test.at(self.day)
        total = sum(sum(debt.wants(self.test.day).values()) for debt in self.test.open_debts(with_memos=True))
        self.do("pay", max((total * percent / 100).quantize(Decimal("0.01")), Decimal("0.01")))

    @precondition(lambda self: self.active() and not self.active().is_settled())
    @rule(place=PLACE, principal_only=st.booleans())
    def pay_installment(self, place, principal_only):
        items = [item for item in self.active().items if item.open]
        item = items[place % len(items)]
        self.do("pay", item.open if principal_only else "all", item.number)

    @precondition(lambda self: self.active() and not self.active().is_settled())
    @rule(place=PLACE)
    def pay_early(self, place):
        items = [item for item in self.active().items if item.open]
        self.do("pay_early", items[place % len(items)].number)

    @precondition(lambda self: self.can_bounce())
    @rule(place=PLACE)
    def bounce(self, place):
        places = self.can_bounce()
        self.do("bounce", places[place % len(places)])

    # --- agreements ---

    @precondition(lambda self: self.can_sign())
    @rule(
        percents=PERCENTS,
        terms=TERMS,
        down=st.sampled_from([None, "20"]),
        order=st.sampled_from(["charges", "principal"]),
    )
    def sign(self, percents, terms, down, order):
        count, (method, rate) = terms
        if sum(debt.open for debt in self.test.open_debts()) < LEAST:
            down = None
        self.do("sign", percents, down, count, method, rate, order)

    @precondition(lambda self: self.active() and not self.active().is_settled())
    @rule()
    def pay_off(self):
        self.do("pay_off")

    @precondition(lambda self: self.active() and not self.active().is_settled())
    @rule(place=PLACE, days=st.integers(1, 20))
    def postpone(self, place, days):
        self.test.at(self.day)
        items = [item for item in self.active().items if item.open]
        item = items[place % len(items)]
        due = item.due + timedelta(days=days)
        if due >= self.test.day and due not in [other.due for other in self.active().items]:
            self.do("postpone", item.number, days)

    @precondition(lambda self: self.active())
    @rule()
    def break_it(self):
        self.do("break")

    @precondition(lambda self: self.can_restore())
    @rule()
    def restore(self):
        self.do("restore")

    @precondition(lambda self: self.books.agreements)
    @rule()
    def earn(self):
        self.do("earn")

    # --- what is possible ---

    def active(self):
        return next((agreed for agreed in self.books.agreements if agreed.state == "active"), None)

    def taken(self):
        """Debts that an agreement in force has."""
        live = [agreed for agreed in self.books.agreements if agreed.state != "broken"]
        return {debt for agreed in live for debt in agreed.origins}

    def can_sign(self):
        """All that is open is free, or what is open of one agreement in force; no money is left to be matched first."""
        debts = self.test.open_debts()
        left = [
            ("partner_id", "=", self.test.customer.id),
            ("parent_state", "=", "posted"),
            ("amount_residual", "<", 0),
        ]
        if self.test.env["account.move.line"].search_count(left, limit=1):
            return False
        owners = {debt.agreement for debt in debts} - {None}
        return debts and not self.taken() & set(debts) and owners <= {self.active()}

    def can_restore(self):
        broken = [agreed for agreed in self.books.agreements if agreed.state == "broken"]
        if not broken:
            return False
        limit = broken[-1].broken.day + timedelta(days=10)
        self.test.at(self.day)
        return self.test.day <= limit and self.is_restorable(broken[-1])

    def is_restorable(self, agreed):
        return self.books.can_restore(agreed) and not self.taken() & set(agreed.origins)

    def can_bounce(self):
        """Places of money that goes back without a break that cannot be taken back any more."""
        return [
            place
            for place, money in enumerate(self.test.credits)
            if all(self.is_restorable(agreed) for agreed in self.books.broken_of(money))
        ]


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
class TestAgreementMachine(LifeCommon):
    """Whatever happens, and in which order: both sets of books say the same."""

    def test_any_life(self):
        self.seen = Counter()
        run_state_machine_as_test(
            lambda: Life(self),
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                # A step that fails is told at once: each life takes seconds.
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
        # Each step was taken often enough to have met the others.
        steps = {name[3:] for name in dir(self) if name.startswith("do_")} - {"lock", "discount"}
        self.assertEqual({verb for verb in steps if self.seen[verb] < RUNS / 40}, set(), self.seen)
