from dataclasses import dataclass
from decimal import Decimal

import psycopg2

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools import conference
from .cobranca_contract_period import LIVE_STATES


@dataclass(frozen=True)
class Finding:
    """What is conspicuous about a charge."""

    key: str
    amount: Decimal
    reference: Decimal
    percent: Decimal | None
    reason: str


class CobrancaContractBillingConference(models.AbstractModel):
    """What billing asks the conference: is the month released, does an amount wait for someone to look?"""

    _name = "cobranca.contract.billing.conference"
    _description = "Billing Check in a Run"

    # === SELECT === #

    @api.model
    def _get_conference_domain(self, companies):
        """Which contracts the conference lets pass: none that is held and, where months are released by hand,
        only those of released months.

        :return: Domain on cobranca.contract
        """
        passes = Domain("hold_reason", "=", False)
        manual = companies.filtered(lambda company: company.cobranca_conference_mode == "manual")
        if not manual:
            return passes
        released = self.env["cobranca.billing.conference"].search(
            [("company_id", "in", manual.ids), ("state", "=", "released")]
        )
        by_month = Domain.OR(
            Domain("company_id", "=", month.company_id.id)
            & Domain("next_due_date", ">=", month.month)
            & Domain("next_due_date", "<=", Date.end_of(month.month, "month"))
            for month in released
        )
        return passes & (Domain("company_id", "not in", manual.ids) | by_month)

    # === PREPARE === #

    @api.model
    def _without_held(self, charges):
        """Hold the charges whose amount is conspicuous.

        :param list charges: of ContractCharge, their contracts locked
        :return: list of those that may be billed
        """
        references = self._get_references(charges)
        free, has_held = [], False
        for charge in charges:
            try:
                finding = self._find_outlier(charge, references.get(charge.contract.id, {}))
            except psycopg2.Error:
                raise
            except Exception as error:  # noqa: BLE001 - what is odd about one contract is its own
                charge.contract._park(*self._get_reason(error))
                continue
            if finding:
                charge.contract._hold(finding)
                has_held = True
            else:
                free.append(charge)
        if has_held:
            # sudo: only starts the run that tells the supervisors, once for all
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_billing_conference").sudo()._trigger()
        return free

    @api.model
    def _find_outlier(self, charge, references):
        """What is conspicuous about a charge, unless someone released it as it is.

        :param charge: ContractCharge
        :param dict references: {group: tools.conference.Part} of what was billed before
        :return: Finding or None
        """
        contract = charge.contract
        parts = contract._get_comparable_parts(charge)
        if not parts:
            return None
        amount, reference, compared, first = self._compare(contract, parts, references)
        finding = self._judge(contract, parts, amount, reference, compared, first)
        released = (contract.hold_released_keys or "").split("\n")
        return finding if finding and finding.key not in released else None

    @api.model
    def _compare(self, contract, parts, references):
        """(Amount, reference) as compared, (what has something to be compared with, what comes first)."""
        amount = sum((part.comparable for part in parts), Decimal(0))
        reference = compared = first = Decimal(0)
        for part in parts:
            previous = references.get(part.group)
            if previous is None:
                first += part.comparable
                continue
            explained = part.full != previous.full and contract._is_explained(part, previous.full)
            reference += previous.comparable + (part.full - previous.full if explained else 0)
            compared += part.comparable
        if not reference:
            # Nothing but zero before, as of a meter that stood still: as good as a first charge.
            first, compared = first + compared, Decimal(0)
        return amount, reference, compared, first

    @api.model
    def _judge(self, contract, parts, amount, reference, compared, first):
        company, currency = contract.company_id, contract.currency_id
        percent, limit = company.cobranca_outlier_percent, company.cobranca_first_charge_limit
        key = contract._get_hold_key(parts, amount)
        if percent and conference.is_beyond(reference, compared, Decimal(repr(percent))):
            share = conference.deviation(reference, compared)
            reason = self.env._(
                "%(amount)s instead of %(reference)s (%(percent)s %%), and no registered change explains it.",
                amount=currency.format(float(compared)),
                reference=currency.format(float(reference)),
                percent=("+" if share > 0 else "") + formatLang(self.env, float(share), digits=1),
            )
            return Finding(key, amount, reference, share, reason)
        # Without a rate there is no such limit in the contract's currency: billing sets the contract aside anyway.
        today = company._cobranca_today()
        has_limit = limit and not self._explain_missing_rate(company, currency, today)
        if has_limit and first > Decimal(repr(company.currency_id._convert(limit, currency, company, today))):
            reason = self.env._(
                "%(amount)s for the first time, above the %(limit)s from which first charges are checked.",
                amount=currency.format(float(first)),
                limit=company.currency_id.format(limit),
            )
            return Finding(key, amount, reference, None, reason)
        return None

    @api.model
    def _get_references(self, charges):
        """{contract id: {group: tools.conference.Part}} of what was billed last before each period of charges."""
        wanted = [(c.contract.id, part.group, part.index) for c in charges for part in c.parts]
        if not wanted:
            return {}
        contracts, groups, indexes = map(list, zip(*wanted, strict=True))
        self.env["cobranca.contract.period"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (period.contract_id, period.line_group) %s
                  FROM unnest(%s::int[], %s::varchar[], %s::int[]) AS wanted (contract_id, line_group, index)
                  JOIN cobranca_contract_period period
                    ON period.contract_id = wanted.contract_id
                   AND period.line_group = wanted.line_group
                   AND period.index < wanted.index
                 WHERE period.kind = 'recurring' AND period.state IN %s
                 ORDER BY period.contract_id, period.line_group, period.index DESC
                """,
                self._get_part_columns(),
                contracts,
                groups,
                indexes,
                LIVE_STATES,
            )
        )
        references = {}
        for contract_id, *values in rows:
            part = self._make_part(values)
            references.setdefault(contract_id, {})[part.group] = part
        return references

    @api.model
    def _make_part(self, values):
        """The tools.conference.Part of a row: amounts come as text, to be exact."""
        *dates, full, charged, usage = values
        return conference.Part(*dates, Decimal(full), Decimal(charged), Decimal(usage))

    @api.model
    def _get_part_columns(self):
        """The contract and the values of a tools.conference.Part from a row of the ledger."""
        return SQL(
            """
            period.contract_id, period.line_group, period.index, period.date_due, period.date_start, period.date_end,
            COALESCE(period.of_days, period.date_end - period.date_start + 1),
            COALESCE((period.details ->> 'full')::numeric, period.amount - %(usage)s)::text,
            (period.amount - %(usage)s)::text, (%(usage)s)::text
            """,
            usage=SQL("COALESCE((SELECT sum(value::numeric) FROM jsonb_each_text(period.details -> 'usage')), 0)"),
        )
