from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, takewhile, tee

from odoo import models

from ..tools.schedule import ARREARS, Part
from .cobranca_contract_period import LIVE_STATES


@dataclass
class Item:
    """What one line of a contract adds to a charge."""

    line: models.BaseModel
    amount: Decimal
    quantity: float
    price_unit: float
    part: Part | None = None
    days: int = 0
    usage: models.BaseModel = None


@dataclass
class ContractCharge:
    """What a contract bills at once: some parts of its schedule, some one-off items, one due date."""

    contract: models.BaseModel
    issue: date
    due: date
    parts: tuple = ()
    once: models.BaseModel = None
    items: list = field(default_factory=list)
    backlog: int = 0  # charges that wait to be issued, this one included
    restored: models.BaseModel = None  # reopened rows of the ledger whose invoice is good again
    periods: models.BaseModel = None  # their rows of the ledger, once claimed

    @property
    def amount(self):
        """Decimal, before taxes that are added."""
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def keys(self):
        """What tells this charge from the others of its contract, whatever its dates."""
        once = [line._get_once_group() for line in self.once or ()]
        return [f"{part.group}-{part.index}" for part in self.parts] + once

    def bills(self, period):
        """Does this charge bill what a row of the ledger stands for?"""
        if period.kind == "recurring":
            return any((part.group, part.index) == (period.line_group, period.index) for part in self.parts)
        return any(line._get_once_group() == period.line_group for line in self.once)


class CobrancaContractCharge(models.AbstractModel):
    """What a contract charges next and after that: the same computation for preview and billing.

    Nothing here writes.
    """

    _name = "cobranca.contract.charge"
    _description = "Charges of a Billing Contract"

    # === BUSINESS METHODS === #

    def _get_next_charges(self):
        """What tells the next charge of each of these contracts.

        :return: function of a contract, which gives its ContractCharge or None
        """
        taken, usage, restored = self._get_taken(), self._get_open_usage(), self._get_restored()

        def get_next(contract):
            # The same dates for both: they are counted on from the first.
            dates, waiting = tee(contract._iter_dates(taken[contract._origin.id]))
            charge = next(contract._iter_charges_on(dates, usage[contract._origin.id]), None)
            if charge:
                charge.backlog = contract._count_backlog(waiting)
                charge.restored = restored.filtered(lambda row: row.contract_id == contract and charge.bills(row))
            return charge

        return get_next

    def _is_out_of_date(self, charge):
        """Was this contract found due by a date that its plan does not have?

        :param charge: its next ContractCharge, or None
        """
        self.ensure_one()
        today = self.company_id._cobranca_today()
        return bool(self.next_issue_date) and (not charge or (self.next_issue_date <= today < charge.issue))

    def _recompute_next_dates(self):
        """Take contracts out of the queue that have nothing to bill yet: the run would find them again and again."""
        for name in ("next_issue_date", "next_due_date"):
            self.env.add_to_compute(self._fields[name], self)

    def _count_backlog(self, dates):
        """How many charges wait to be issued, counted no further than one tells a person.

        :param dates: as of `_iter_dates`
        """
        today = self.company_id._cobranca_today()
        most = self.company_id.cobranca_max_catch_up + 100
        waiting = takewhile(lambda charge: charge.issue <= today, dates)
        return sum(1 for _charge in islice(waiting, most))

    def _get_taken(self):
        """{contract id: {(kind, group): set of indexes}} of what is billed, read in one query."""
        rows = self.env["cobranca.contract.period"]._read_group(
            [("contract_id", "in", self._origin.ids), ("state", "in", LIVE_STATES)],
            ["contract_id", "kind", "line_group"],
            ["index:array_agg"],
        )
        taken = defaultdict(lambda: defaultdict(set))
        for contract, kind, group, indexes in rows:
            taken[contract.id][kind, group] = set(indexes)
        return taken

    def _get_restored(self):
        """The reopened periods whose invoice became good again, for example because its credit note was cancelled."""
        reopened = [("contract_id", "in", self._origin.ids), ("state", "=", "reopened"), ("move_id", "!=", False)]
        return self.env["cobranca.contract.period"].search(reopened).filtered(lambda row: row._has_valid_invoice())

    def _get_open_usage(self):
        """{contract id: usage that is not billed yet}, read only for contracts that bill usage."""
        Usage = self.env["cobranca.contract.usage"]
        metered = self.filtered(lambda c: any(line.recurrence == "usage" for line in c.line_ids))
        usage = defaultdict(lambda: Usage)
        if metered:
            open_usage = Usage.search([("contract_id", "in", metered._origin.ids), ("period_id", "=", False)])
            usage.update({contract.id: rows for contract, rows in open_usage.grouped("contract_id").items()})
        return usage

    def _get_last_usage_day(self):
        """Last day whose usage an invoice is still to bill; None without an end, date.min when all is billed."""
        self.ensure_one()
        if not self.date_end or self._renews_itself():
            return None
        dates = self._iter_dates(self._get_taken()[self.id])
        ends = [part.span[1] for charge in dates for part in charge.parts if part.group == ARREARS]
        return max(ends, default=date.min)

    def _iter_charges(self, taken, usage=None):
        """What is still to be billed, in order of the due dates.

        :param dict taken: {(kind, group): set of indexes} that is billed
        :param usage: usage not billed yet
        :return: iterator of ContractCharge, endless for a contract without end
        """
        self.ensure_one()
        usage = self.env["cobranca.contract.usage"] if usage is None else usage
        return self._iter_charges_on(self._iter_dates(taken), usage)

    def _iter_charges_on(self, dates, usage):
        for charge in self._iter_postponed(dates):
            charge.items = self._get_items(charge, usage)
            for item in charge.items:
                usage -= item.usage or usage.browse()
            yield charge

    def _get_charge_now(self, once, day):
        """A charge of one-off items that is issued on a day, whatever they wait for."""
        due = max(self._get_schedule().due_after(day), day)
        charge = ContractCharge(self, day, due, (), once, backlog=1)
        charge.items = self._get_items(charge, self.env["cobranca.contract.usage"])
        return charge

    def _iter_postponed_dates(self, taken):
        """As `_iter_dates`, with the due date that was postponed once."""
        return self._iter_postponed(self._iter_dates(taken))

    def _iter_postponed(self, dates):
        for charge in dates:
            yield self._postponed(charge, self.postponed_due_date) if self._is_postponed(charge) else charge

    def _is_postponed(self, charge):
        return bool(self.postponed_due_date) and self.postponed_part in charge.keys

    def _postponed(self, charge, due):
        has_term = self.due_mode == "term" and self.payment_term_id
        issue = charge.issue if has_term else max(charge.issue, self._get_schedule().issue_of(due))
        return replace(charge, due=max(due, issue), issue=issue)

    def _iter_dates(self, taken):
        """The parts of the schedule joined with the one-off items, without what they come to."""
        schedule = self._get_schedule()
        if not schedule:
            return
        waiting, apart = self._get_once_lines(taken)
        days = self._get_first_days(schedule)
        begins = {group: schedule.first_index_after(self._get_billed_until(group)) for group in days}
        first = min(begins.values(), default=0)
        indexes = {
            # A group whose first line came later has no periods before; nor has one that was billed longer elsewhere.
            group: {
                *taken.get(("recurring", group), ()),
                *range(schedule.index_of(day)),
                *range(first, begins[group]),
            }
            for group, day in days.items()
        }
        for dates in schedule.charges(indexes, indexes, first):
            while apart and self._due_of(apart[0], schedule) <= dates.due:
                yield self._charge_of(apart[0], schedule)
                apart = apart[1:]
            once = waiting.filtered(lambda line, due=dates.due: line.date_start <= due)
            waiting -= once
            yield ContractCharge(self, dates.issue, dates.due, dates.parts, once)
        # No period is left: what remains is billed on its own, together where it is due together.
        for line in apart:
            yield self._charge_of(line, schedule)
        for once in waiting.grouped(lambda line: self._due_of(line, schedule)).values():
            yield self._charge_of(once, schedule)

    def _get_periodic_lines(self):
        return self.line_ids.filtered(lambda line: line.recurrence != "once" and not line.display_type)

    def _get_first_days(self, schedule):
        """{group: first day on which one of its lines holds}."""
        groups = self._get_periodic_lines().grouped(lambda line: line._get_group())
        return {group: min(line.date_start or schedule.start for line in groups[group]) for group in sorted(groups)}

    def _get_once_lines(self, taken):
        """One-off items that are not billed yet: those for the next invoice, those with their own."""
        lines = self.line_ids.filtered(
            lambda line: line.recurrence == "once"
            and not line.display_type
            and line.date_start
            and not taken.get(("once", line._get_once_group()))
        ).sorted("date_start")
        apart = lines.filtered("invoice_apart")
        return lines - apart, apart

    def _due_of(self, line, schedule):
        return schedule.due_after(line.date_start)

    def _charge_of(self, once, schedule):
        issue = once[-1:].date_start
        return ContractCharge(self, issue, max(schedule.due_after(issue), issue), (), once)

    # --- what a charge comes to ---

    def _get_items(self, charge, usage):
        """What each line adds to a charge, in the order of the lines.

        :param usage: usage not billed yet
        :return: list of Item; lines that add nothing are left out
        """
        parts = {part.group: part for part in charge.parts}
        items = []
        for line in self.line_ids.sorted(lambda line: (line.sequence, line._origin.id)):
            if line in charge.once:
                items.append(self._get_once_item(line))
            elif line.display_type:
                items += [Item(line, Decimal(0), 0.0, 0.0)] if charge.parts else []
            elif line.recurrence != "once" and (part := parts.get(line._get_group())):
                get_item = self._get_usage_item if line.recurrence == "usage" else self._get_recurring_item
                if item := get_item(line, part, usage):
                    items.append(item)
                    usage -= item.usage or usage.browse()
        return items if any(not item.line.display_type for item in items) else []

    def _get_once_item(self, line):
        return Item(line, line._get_full_amount(), line.quantity, line.price_unit)

    def _get_recurring_item(self, line, part, _usage):
        amount, days = line._get_part_amount(part)
        if not days:
            return None
        is_whole = days == part.of_days
        price = line.price_unit if is_whole else line._get_unit_price(amount)
        return Item(line, amount, line.quantity, price, part, days)

    def _get_usage_item(self, line, part, usage):
        # What was used on trial, or billed elsewhere, stays free.
        elsewhere = self._get_billed_until(part.group) or date.min
        first = max(self._get_billing_start(), elsewhere + timedelta(days=1))
        used = usage.filtered(lambda row: first <= row.date <= part.span[1] and row._belongs_to(line))
        if not used:
            return None
        quantity, amount = line._get_usage_amount(used)
        return Item(line, amount, quantity, line.price_unit, part, 0, used)
