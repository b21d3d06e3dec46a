from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from odoo import api, models
from odoo.fields import Date
from odoo.tools import SQL, split_every

from ..tools import conference
from .cobranca_contract_period import LIVE_STATES

BATCH_SIZE = 500
ZERO = Decimal(0)


@dataclass
class Figures:
    """What is known of one contract around a month."""

    parts: dict = field(default_factory=lambda: defaultdict(list))  # of each group, by due date
    once: dict = field(default_factory=lambda: defaultdict(Decimal))  # {first day of the month: amount}
    total: dict = field(default_factory=lambda: defaultdict(Decimal))  # the same, whatever it is made of
    billed: Decimal = ZERO  # of the month
    later: set = field(default_factory=set)  # groups with something due after the month
    findings: list = field(default_factory=list)


class CobrancaBillingConferenceFigures(models.AbstractModel):
    """The equation of a month, from the ledger of what is billed and the plan of what is not.

    Nothing here writes: it runs in a transaction that is READ ONLY.
    """

    _name = "cobranca.billing.conference.figures"
    _description = "Figures of the Billing Check"

    # === BUSINESS METHODS === #

    @api.model
    def _get_figures(self, company, month):
        """What a month bills, contract by contract, and why it is not what the month before billed.

        What counts is the month of the due date. Amounts are those before taxes that are added, in
        the contract's currency.

        :param company: res.company
        :param date month: its first day
        :return: list of dict(contract, previous, current, billed, one amount for each of
            tools.conference.CAUSES, difference (zero, unless the equation does not hold), deviation in
            per cent, findings: list of what is held or will be)
        """
        previous = Date.subtract(month, months=1)
        months = (previous, month)
        known = defaultdict(Figures)
        self._read_ledger(company, months, known)
        for contracts in self._get_contracts(company, known):
            self._read_plan(contracts, months, known)
        found = self.env["cobranca.contract"].browse(known)
        rows = [self._get_row(contract, known[contract.id], months) for contract in found]
        return [row for row in rows if row["is_shown"]]

    @api.model
    def _get_contracts(self, company, known):
        """Batches of the contracts whose plan counts."""
        active = self.env["cobranca.contract"].search(
            [("company_id", "=", company.id), ("state", "=", "active")], order="id"
        )
        # Read together, whatever each of them needs.
        everything = active | active.browse(known)
        for ids in split_every(BATCH_SIZE, active.ids):
            yield everything.browse(ids)

    # --- the ledger ---

    @api.model
    def _read_ledger(self, company, months, known):
        first, last = months[0], Date.end_of(months[1], "month")
        Billing = self.env["cobranca.contract.billing"]
        self.env["cobranca.contract.period"].flush_model()
        for contract_id, *values in self._select_periods(company, first, last):
            part = Billing._make_part(values)
            known[contract_id].parts[part.group].append(part)
        for contract_id, due, amount in self._select_once(company, first, last):
            known[contract_id].once[Date.start_of(due, "month")] += Decimal(amount)
        for contract_id, due, amount in self._select_totals(company, first, last):
            known[contract_id].total[due] += Decimal(amount)
            known[contract_id].billed += Decimal(amount) if due == months[1] else ZERO
        after = self.env["cobranca.contract.period"]._read_group(
            [("company_id", "=", company.id), ("date_due", ">", last), ("state", "in", LIVE_STATES)],
            ["contract_id", "line_group"],
        )
        for contract, group in after:
            known[contract.id].later.add(group)

    @api.model
    def _select_periods(self, company, first, last):
        """The periods due in the two months, and the last of each group before them."""
        columns = self.env["cobranca.contract.billing"]._get_part_columns()
        return self.env.execute_query(
            SQL(
                """
                SELECT %s FROM cobranca_contract_period period
                 WHERE period.company_id = %s AND period.kind = 'recurring' AND period.state IN %s
                   AND period.date_due BETWEEN %s AND %s
                UNION ALL
                SELECT * FROM (
                    SELECT DISTINCT ON (period.contract_id, period.line_group) %s FROM cobranca_contract_period period
                     WHERE period.company_id = %s AND period.kind = 'recurring' AND period.state IN %s
                       AND period.date_due < %s
                     ORDER BY period.contract_id, period.line_group, period.date_due DESC, period.index DESC
                ) before
                """,
                columns,
                company.id,
                LIVE_STATES,
                first,
                last,
                columns,
                company.id,
                LIVE_STATES,
                first,
            )
        )

    @api.model
    def _select_once(self, company, first, last):
        return self.env.execute_query(
            SQL(
                """
                SELECT contract_id, date_due, amount::text FROM cobranca_contract_period
                 WHERE company_id = %s AND kind = 'once' AND state IN %s AND date_due BETWEEN %s AND %s
                """,
                company.id,
                LIVE_STATES,
                first,
                last,
            )
        )

    @api.model
    def _select_totals(self, company, first, last):
        """What the ledger says was billed, without looking at what it is: the equation is proved against it."""
        return self.env.execute_query(
            SQL(
                """
                SELECT contract_id, date_trunc('month', date_due)::date, sum(amount)::text FROM cobranca_contract_period
                 WHERE company_id = %s AND state IN %s AND date_due BETWEEN %s AND %s
                 GROUP BY 1, 2
                """,
                company.id,
                LIVE_STATES,
                first,
                last,
            )
        )

    # --- the plan ---

    @api.model
    def _read_plan(self, contracts, months, known):
        taken, usage = contracts._get_taken(), contracts._get_open_usage()
        last = Date.end_of(months[1], "month")
        for contract in contracts:
            charges = contract._iter_charges(taken[contract.id], usage[contract.id])
            for charge in charges:
                if charge.due > last:
                    break
                self._add_charge(known[contract.id], charge, months)
            if contract.id in known:
                self._look_beyond(contract, known[contract.id], taken[contract.id], last)

    @api.model
    def _add_charge(self, figures, charge, months):
        Billing = self.env["cobranca.contract.billing"]
        month = Date.start_of(charge.due, "month")
        if month == months[1]:
            references = self._get_last_parts(figures, charge.parts)
            if finding := Billing._find_outlier(charge, references):
                figures.findings.append(finding)
        for part in charge.contract._get_comparable_parts(charge):
            figures.parts[part.group].append(part)
        once = sum((item.amount for item in charge.items if item.line in charge.once), ZERO)
        figures.once[month] += once
        figures.total[month] += charge.amount

    @staticmethod
    def _get_last_parts(figures, parts):
        """{group: the part before the one of a charge}, as billing will find it in the ledger."""
        return {
            part.group: max(before, key=lambda other: other.index)
            for part in parts
            if (before := [other for other in figures.parts[part.group] if other.index < part.index])
        }

    @api.model
    def _look_beyond(self, contract, figures, taken, last):
        """Which groups go on after the month: asked for those alone that stopped."""
        month = Date.start_of(last, "month")
        stopped = {group for group, parts in figures.parts.items() if not any(part.due >= month for part in parts)}
        if not stopped:
            return
        beyond = (charge for charge in contract._iter_dates(taken) if charge.due > last)
        for charge in islice(beyond, 3):
            figures.later |= {part.group for part in charge.parts}

    # --- the equation ---

    @api.model
    def _get_row(self, contract, figures, months):
        previous, month = months
        causes = dict.fromkeys(conference.CAUSES, ZERO)
        deviations = []
        for group, parts in figures.parts.items():
            parts.sort(key=lambda part: (part.due, part.index))
            for cause, amount in self._explain_group(contract, group, parts, figures, months).items():
                causes[cause] += amount
            deviations += self._get_deviations(parts, month)
        causes["once"] = figures.once[month] - figures.once[previous]
        before, now = figures.total[previous], figures.total[month]
        return {
            "contract": contract,
            "previous": before,
            "current": now,
            "billed": figures.billed,
            **causes,
            "difference": now - before - sum(causes.values()),
            "deviation": max(deviations, key=abs, default=ZERO),
            "findings": figures.findings,
            "is_shown": bool(before or now or any(causes.values()) or figures.findings),
        }

    @api.model
    def _explain_group(self, contract, group, parts, figures, months):
        previous, month = months
        now = [part for part in parts if part.due >= month and Date.start_of(part.due, "month") == month]
        before = [part for part in parts if Date.start_of(part.due, "month") == previous]
        earlier = [part for part in parts if part.due < month]
        last_full = earlier[-1].full if earlier else None
        causes = conference.explain(
            conference.add_up(before), conference.add_up(now), last_full, group in figures.later
        )
        if price := causes.get("price"):
            steps = contract._get_readjusted(now[-1], last_full)
            causes["price"], causes["readjusted"] = conference.split_readjusted(price, *steps)
        return causes

    @staticmethod
    def _get_deviations(parts, month):
        pairs = [
            conference.deviation(part.comparable, following.comparable)
            for part, following in zip(parts, parts[1:], strict=False)
            if Date.start_of(following.due, "month") == month
        ]
        return [pair for pair in pairs if pair is not None]
