from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Date
from odoo.tools import SQL, split_every

from .cobranca_contract_period import LIVE_STATES

MONTHS = 12
BATCH_SIZE = 500
KINDS = ("recurring", "once", "usage", "billed")


class CobrancaBillingForecast(models.Model):
    """What the active contracts of a company bill in the next months, as known at one moment; each user has his own."""

    _name = "cobranca.billing.forecast"
    _description = "Billing Forecast"
    _order = "id desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    computed_at = fields.Datetime(string="Computed on", required=True)
    line_ids = fields.One2many(comodel_name="cobranca.billing.forecast.line", inverse_name="forecast_id")

    # === BUSINESS METHODS === #

    @api.model
    def _make(self, company):
        """Compute a forecast and write its rows down, in place of the user's last one of the company.

        :return: cobranca.billing.forecast
        """
        self.search([("company_id", "=", company.id), ("create_uid", "=", self.env.uid)]).unlink()
        forecast = self.create({"company_id": company.id, "computed_at": fields.Datetime.now()})
        now, rates = forecast.create_date, {}
        rows = []
        for contract, month, amounts in self._get_forecast(company):
            currency = contract.currency_id
            if currency not in rates:
                rates[currency] = self._get_rate(company, currency)
            rate, gap = rates[currency]
            values = [company.currency_id.round(float(amounts[kind]) * rate) for kind in KINDS]
            ids = (forecast.id, contract.id, contract.partner_id.id, company.id)
            values += [sum(values), gap or None]
            rows.append((*ids, month, *values, self.env.uid, now, self.env.uid, now))
        # Tens of thousands of rows that nobody edits: one statement, without the rest of the ORM.
        self.env.cr.execute_values(
            """
            INSERT INTO cobranca_billing_forecast_line
                (forecast_id, contract_id, partner_id, company_id, month, recurring, once, usage, billed, amount,
                 remark, create_uid, create_date, write_uid, write_date)
            VALUES %s
            """,
            rows,
        )
        forecast.invalidate_recordset(["line_ids"])
        return forecast

    @api.model
    def _get_rate(self, company, currency):
        """(What an amount is multiplied with today, why it cannot be converted): zero, as billing never takes 1:1."""
        today = company._cobranca_today()
        if gap := self.env["cobranca.contract.billing"]._explain_missing_rate(company, currency, today):
            return 0.0, gap
        return currency._get_conversion_rate(currency, company.currency_id, company, today), ""

    @api.model
    def _get_forecast(self, company, months=MONTHS):
        """What the active contracts of a company bill from this month on, and what they should have billed before.

        Amounts are those before taxes that are added, in the contract's currency; usage is what is
        registered already. A contract counts until its end: a renewal to come is not foreseen. Reads
        only: it runs in a transaction that is READ ONLY.

        :param company: res.company
        :param int months: how many, the month of today included
        :return: list of (contract, first day of the month in which it falls due, {kind: Decimal})
        """
        today = company._cobranca_today()
        first = Date.start_of(today, "month")
        last = Date.end_of(Date.add(first, months=months - 1), "month")
        contracts = self.env["cobranca.contract"].search(
            [("company_id", "=", company.id), ("state", "=", "active")], order="id"
        )
        found = defaultdict(lambda: dict.fromkeys(KINDS, Decimal(0)))
        for contract_id, month, amount in self._select_billed(company, first, last):
            found[contract_id, month]["billed"] += Decimal(amount)
        for ids in split_every(BATCH_SIZE, contracts.ids):
            self._plan(contracts.browse(ids), last, found)
        return [
            (self.env["cobranca.contract"].browse(contract_id), month, amounts)
            for (contract_id, month), amounts in found.items()
            if any(amounts.values())
        ]

    @api.model
    def _select_billed(self, company, first, last):
        self.env["cobranca.contract.period"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT contract_id, date_trunc('month', date_due)::date, sum(amount)::text FROM cobranca_contract_period
                 WHERE company_id = %s AND state IN %s AND date_due BETWEEN %s AND %s GROUP BY 1, 2
                """,
                company.id,
                LIVE_STATES,
                first,
                last,
            )
        )

    @api.model
    def _plan(self, contracts, last, found):
        taken, usage = contracts._get_taken(), contracts._get_open_usage()
        for contract in contracts:
            for charge in contract._iter_charges(taken[contract.id], usage[contract.id]):
                if charge.due > last:
                    break
                amounts = found[contract.id, Date.start_of(charge.due, "month")]
                for item in charge.items:
                    if not item.line.display_type:
                        amounts[item.line.recurrence] += item.amount
