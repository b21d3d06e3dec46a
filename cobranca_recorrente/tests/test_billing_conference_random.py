from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..tools.conference import CAUSES
from .conference_common import ConferenceCommon

MONTHS = [date(2026, month, 1) for month in range(1, 6)]
CENTS = st.sampled_from([1, 3337, 10000]) | st.integers(1, 99999)
DAYS = st.integers(0, 150).map(lambda number: date(2026, 1, 1) + timedelta(days=number))
PLANS = st.fixed_dictionaries(
    {
        "start": st.integers(0, 45).map(lambda number: date(2026, 1, 1) + timedelta(days=number)),
        "unit": st.sampled_from(["month", "month", "month", "quarter", "week"]),
        "billing_day": st.sampled_from([0, 1, 15, 31]),
        "timing": st.sampled_from(["advance", "arrears"]),
        "prices": st.lists(CENTS, min_size=1, max_size=2),
        "length": st.none() | st.integers(0, 120),
        "metered": st.booleans(),
    }
)
PORTFOLIOS = st.lists(PLANS, min_size=1, max_size=3)
EVENTS = st.one_of(
    st.tuples(st.just("price"), DAYS, CENTS, st.sampled_from(["price", "readjust"])),
    st.tuples(st.just("add"), DAYS, CENTS),
    st.tuples(st.just("pause"), DAYS, st.none() | st.integers(0, 40)),
    st.tuples(st.just("end"), DAYS),
    st.tuples(st.just("once"), DAYS, CENTS),
    st.tuples(st.just("use"), DAYS, st.integers(1, 500)),
    st.tuples(st.just("postpone"), st.integers(1, 25)),
    st.tuples(st.just("reopen"), st.integers(0, 5)),
)
HAPPENING = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), EVENTS), max_size=8)
PINNED = settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
# What is on an invoice, month by month of its due date: nothing of the ledger or the plan is asked.
INVOICED = """
    SELECT date_trunc('month', move.invoice_date_due)::date, line.product_id, line.name LIKE 'Adjustment:%%',
           sum(CASE move.move_type WHEN 'out_refund' THEN -line.price_subtotal ELSE line.price_subtotal END)
      FROM account_move_line line JOIN account_move move ON move.id = line.move_id
     WHERE line.display_type = 'product' AND move.state = 'posted' AND move.invoice_origin = %s
     GROUP BY 1, 2, 3
"""


class RandomMonths(ConferenceCommon):
    """The equation of random portfolios, against what stands on their invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metered = cls.make_product("Messages", 0.0)
        cls.extra = cls.make_product("Extra", 0.0)

    def play(self, plans, happening):
        savepoint = self.env.cr.savepoint()
        try:
            with freeze_time("2026-01-01 15:00:00"):
                contracts = [self.make_planned(plan) for plan in plans]
            self.live(contracts, happening)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def make_planned(self, plan):
        lines = [
            {"product_id": self.product.id, "price_unit": cents / 100, "billing_timing": plan["timing"]}
            for cents in plan["prices"]
        ]
        if plan["metered"]:
            lines.append({"product_id": self.metered.id, "price_unit": 0.37, "recurrence": "usage"})
        is_week = plan["unit"] == "week"
        end = plan["length"] is not None and plan["start"] + timedelta(days=plan["length"])
        return self.make_contract(
            date_start=plan["start"],
            interval_unit=plan["unit"],
            billing_day=0 if is_week else plan["billing_day"],
            date_end=end,
            renewal="none",
            line_ids=[Command.create(line) for line in lines],
        )

    def live(self, contracts, happening):
        """Plan, change, bill: month after month."""
        before = {}
        for number, month in enumerate(MONTHS):
            last = MONTHS[number + 1] - timedelta(days=1) if number + 1 < len(MONTHS) else date(2026, 5, 31)
            with freeze_time(f"{month} 15:00:00"):
                for when, which, (event, *arguments) in happening:
                    if when == number:
                        getattr(self, f"do_{event}")(contracts[which % len(contracts)], *arguments)
            with freeze_time(f"{last} 15:00:00"):
                planned = self.rows(month)
                self.bill_everything()
                billed = self.rows(month)
                self.assertEqual(planned, billed, "the plan is what is billed")
                self.assert_invoices(contracts, month, billed, before)
                before = billed

    def rows(self, month):
        """{contract: its figures}, proved to add up."""
        rows = {}
        for row in self.Conference._get_figures(self.company, month):
            self.assertEqual(row["difference"], 0)
            self.assertEqual(row["current"], row["previous"] + sum(row[cause] for cause in CAUSES))
            figures = {name: row[name] for name in ("previous", *CAUSES, "current")}
            if any(figures.values()):
                rows[row["contract"]] = figures
        return rows

    def bill_everything(self):
        domain = self.billing._get_contracts_to_bill_domain()
        while contracts := self.env["cobranca.contract"].search(domain):
            self.billing._bill(contracts, allow_credit=True)
        parked = self.env["cobranca.contract"].search([("state", "=", "active"), ("park_reason", "!=", False)])
        self.assertFalse(parked.mapped("park_reason"))

    def assert_invoices(self, contracts, month, rows, before):
        """Sums, usage and one-off items of a month and the month before it are those of the invoices."""
        previous = (month - timedelta(days=1)).replace(day=1)
        for contract in contracts:
            row = rows.get(contract, defaultdict(int))
            now, then = self.invoiced(contract, month), self.invoiced(contract, previous)
            where = (contract.name, month, now, then, dict(row))
            self.assertEqual(float(row["current"]), now["total"], where)
            self.assertEqual(float(row["previous"]), then["total"], where)
            self.assertEqual(float(row["usage"]), round(now["usage"] - then["usage"], 2), where)
            self.assertEqual(float(row["once"]), round(now["once"] - then["once"], 2), where)
            if row["new"]:
                self.assertEqual(then["recurring"], 0, where)
            if row["ended"]:
                self.assertEqual(now["recurring"], 0, where)

    def invoiced(self, contract, month):
        self.env.flush_all()
        self.env.cr.execute(INVOICED, [contract.name])
        sums = defaultdict(float)
        for due, product, is_adjustment, amount in self.env.cr.fetchall():
            if due == month:
                kind = "usage" if product == self.metered.id else "recurring"
                kind = "once" if is_adjustment or product == self.extra.id else kind
                sums[kind] += float(amount)
                sums["total"] += float(amount)
        return defaultdict(float, {kind: round(amount, 2) for kind, amount in sums.items()})

    # --- what happens ---

    def do_price(self, contract, day, cents, kind):
        line = contract._get_lines_on(day)[:1] if contract.state == "active" else None
        if line and self.is_inside(contract, day):
            contract._change_items(day, [(line, {"price_unit": cents / 100})], kind=kind)

    def do_add(self, contract, day, cents):
        if self.is_inside(contract, day):
            timing = contract.line_ids[:1].billing_timing
            item = {"product_id": self.product.id, "price_unit": cents / 100, "billing_timing": timing}
            contract._change_items(day, [(None, item)])

    def do_pause(self, contract, day, length):
        last = day + timedelta(days=length) if length is not None else None
        spans = [(pause.date_start, pause.date_end or date.max) for pause in contract.pause_ids]
        free = all((last or date.max) < first or other < day for first, other in spans)
        if self.is_inside(contract, day) and free:
            contract._pause(day, last, "trip")

    def do_end(self, contract, day):
        if self.is_inside(contract, day):
            contract._end(day, self.reason)

    def do_once(self, contract, day, cents):
        if self.is_inside(contract, day):
            once = {"product_id": self.extra.id, "recurrence": "once", "date_start": day, "price_unit": cents / 100}
            contract.line_ids = [Command.create(once)]

    def do_use(self, contract, day, quantity):
        metered = contract.line_ids.filtered(lambda line: line.recurrence == "usage")
        if metered and contract.state == "active":
            read = {"contract_id": contract.id, "product_id": self.metered.id, "date": day, "quantity": quantity}
            # What no invoice would ever bill is refused.
            with suppress(ValidationError), self.env.cr.savepoint():
                self.env["cobranca.contract.usage"].create({**read, "external_key": f"{day}/{quantity}"})

    def do_postpone(self, contract, days):
        if contract.state == "active" and contract.next_due_date:
            # The next due date is as far as it goes.
            with suppress(UserError):
                contract._postpone_next(contract.next_due_date + timedelta(days=days))

    def do_reopen(self, contract, pick):
        moves = contract.period_ids.filtered(lambda period: period.state == "billed").move_id.sorted("id")
        if moves and contract.state == "active":
            move = moves[pick % len(moves)]
            periods = move.cobranca_period_ids
            move.button_draft()
            move.button_cancel()
            periods.action_reopen()

    def is_inside(self, contract, day):
        end = contract.date_end or date.max
        return contract.state == "active" and contract.date_start <= day <= end


@tagged("post_install", "-at_install")
class TestBillingConferenceRandom(RandomMonths):
    @PINNED
    @given(PORTFOLIOS, HAPPENING)
    def test_month_after_month(self, plans, happening):
        self.play(plans, happening)


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
class TestBillingConferenceAtLength(RandomMonths):
    """The same with portfolios of their own, seven times as many."""

    @settings(PINNED, max_examples=210)
    @given(PORTFOLIOS, HAPPENING)
    def test_many_months_after_months(self, plans, happening):
        self.play(plans, happening)
