from functools import cache

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools import calendar, recurrence

from ..tools.forecast import Part, Past, Title

# How far back titles tell how payers pay, and how far back forecasts are checked.
HISTORY_MONTHS, CHECK_MONTHS = 30, 8
# While such a pause is in force, nothing is expected: whether there will be money is for others to decide.
HELD = ("dispute", "procon", "court", "over_indebtedness", "deceased")
# The lines are those of the ledger of the reports. Money goes by the same rule as the figures of payers; what else
# reduced a title took it out of sight.
PASTS = """
    WITH lines AS MATERIALIZED (
        SELECT line.id, COALESCE(contact.commercial_partner_id, line.partner_id) AS partner_id, line.date,
               COALESCE(line.date_maturity, line.date) AS due, line.balance AS amount,
               item.line_id IS NOT NULL AS agreed
          FROM account_move_line line
          JOIN (%(days)s) day ON day.company_id = line.company_id
          LEFT JOIN res_partner contact ON contact.id = line.partner_id
          LEFT JOIN cobranca_agreement_installment item ON item.line_id = line.id
         WHERE line.parent_state = 'posted'
           AND line.date <= day.today
           AND line.account_id <> day.till_account_id
           AND line.account_id = ANY(ARRAY(
               SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE))
           AND line.balance > 0
           AND (COALESCE(line.date_maturity, line.date) >= %(since)s
                OR line.id IN (SELECT debit_move_id FROM account_partial_reconcile
                                WHERE company_id = %(company)s AND max_date >= %(checked)s))
    ),
    parts AS (
        SELECT paid.line_id, paid.day, paid.amount, TRUE AS is_money FROM (%(payments)s) paid (line_id, day, amount)
         UNION ALL
        SELECT lines.id, partial.max_date, partial.amount, FALSE
          FROM lines
          JOIN account_partial_reconcile partial ON partial.debit_move_id = lines.id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_journal journal ON journal.id = credit.journal_id
         WHERE journal.type NOT IN ('bank', 'cash', 'credit') AND credit.cobranca_paid_on IS NULL
    )
    SELECT lines.id, lines.partner_id, CASE WHEN lines.agreed THEN 'agreement' ELSE 'invoice' END, lines.date,
           lines.due, lines.amount::float8, known.days, known.amounts, known.are_money
      FROM lines
      LEFT JOIN (
        SELECT line_id, ARRAY_AGG(day ORDER BY day) AS days, ARRAY_AGG(amount::float8 ORDER BY day) AS amounts,
               ARRAY_AGG(is_money ORDER BY day) AS are_money
          FROM parts
         GROUP BY line_id
      ) known ON known.line_id = lines.id
     ORDER BY lines.id
"""
OPEN = """
    SELECT title.id, title.partner_id, title.agreement_id IS NOT NULL, title.due, title.open::float8
      FROM (%(titles)s) title
     ORDER BY title.due, title.id
"""
ENDED = """
    SELECT item.line_id
      FROM cobranca_agreement_installment item
      JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
     WHERE item.company_id = %(company)s AND agreement.ended_on IS NOT NULL AND item.line_id IS NOT NULL
"""
HOLDS = """
    SELECT hold.line_id, hold.partner_id
      FROM cobranca_hold hold
     WHERE hold.company_id = %(company)s
       AND hold.reason = ANY(%(reasons)s)
       AND hold.date_from <= %(day)s
       AND COALESCE(hold.date_to, %(day)s) >= %(day)s
       AND (hold.ended_on IS NULL OR hold.ended_on > %(day)s)
"""


class CobrancaCashSource(models.AbstractModel):
    """What the cash forecast is made of: how titles of the past were paid, and what is to come."""

    _name = "cobranca.cash.source"
    _description = "Sources of the Cash Forecast"

    # === BUSINESS METHODS === #

    @api.model
    def _get_pasts(self, company, today):
        """Titles of the last two and a half years, and older ones that were paid lately, with what was paid of them.

        :return: {id of the receivable line: tools.forecast.Past}; due dates as moved to business days
        """
        since = fields.Date.subtract(today, months=HISTORY_MONTHS)
        moved = self._get_mover(company, since, today)
        rows = self.env.execute_query(
            SQL(
                PASTS,
                days=self.env["cobranca.report.ledger"]._get_days_query(company, today),
                since=since,
                company=company.id,
                checked=fields.Date.subtract(today, months=CHECK_MONTHS),
                payments=self.env["cobranca.behavior.figures"]._get_payments_query(),
            )
        )
        return {
            line: Past(
                payer, kind, known_on, moved(due), amount, tuple(map(Part, days, amounts, are_money)) if days else ()
            )
            for line, payer, kind, known_on, due, amount, days, amounts, are_money in rows
        }

    @api.model
    def _get_titles(self, company, day):
        """What was open at the end of a day, and what customers had paid that nobody had matched yet.

        :return: (list of tools.forecast.Title, {partner id: amount above zero})
        """
        moved = self._get_mover(company, fields.Date.subtract(day, months=HISTORY_MONTHS), day)
        ledger = self.env["cobranca.report.ledger"]._get_titles_query(company, day)
        held, titles, credits = self._get_held(company, day), [], {}
        for line, payer, is_agreed, due, amount in self.env.execute_query(SQL(OPEN, titles=ledger)):
            if amount < 0:
                credits[payer] = credits.get(payer, 0.0) - amount
                continue
            kind, source = ("agreement", "agreement") if is_agreed else ("invoice", "open")
            is_held = (line, payer) in held or (None, payer) in held
            titles.append(Title(line, payer, kind, source, moved(due), amount, is_held))
        return titles, credits

    @api.model
    def _get_past_titles(self, company, pasts, day):
        """What was open at the end of a day of the past: what is not paid of it by then, without asking the ledger.

        In hindsight the debts of an agreement that ended were open all along, and its installments never were.

        :param dict pasts: see :meth:`_get_pasts`
        :return: list of tools.forecast.Title
        """
        held, ended, titles = self._get_held(company, day), self._get_ended(company), []
        for line, past in pasts.items():
            if line in ended:
                continue
            left = past.amount - sum(part.amount for part in past.parts if part.day <= day)
            if past.known_on <= day and left > 0.004:
                is_held = (line, past.payer) in held or (None, past.payer) in held
                source = "agreement" if past.kind == "agreement" else "open"
                titles.append(Title(line, past.payer, past.kind, source, past.due, left, is_held))
        return titles

    @api.model
    def _get_held(self, company, day):
        """{(id of the receivable line or None, partner id)} of the pauses during which nothing is expected."""
        self.env["cobranca.hold"].flush_model()
        return set(self.env.execute_query(SQL(HOLDS, company=company.id, reasons=list(HELD), day=day)))

    @api.model
    def _get_ended(self, company):
        """{id of the receivable line} of the installments of agreements that were broken or cancelled."""
        self.env["cobranca.agreement"].flush_model(["ended_on"])
        return {line for (line,) in self.env.execute_query(SQL(ENDED, company=company.id))}

    @api.model
    def _get_bills(self, company, today, months):
        """What active contracts will bill, with taxes, by due date.

        :param int months: how many, the month of today included
        :return: list of tools.forecast.Title
        """
        Forecast = self.env["cobranca.billing.forecast"]
        foreseen = [
            (contract.id, month, float(amounts["recurring"] + amounts["once"] + amounts["usage"]))
            for contract, month, amounts in Forecast._get_forecast(company, months)
        ]
        contracts = self.env["cobranca.contract"].browse({contract for contract, _month, _amount in foreseen})
        by_id = {contract.id: contract for contract in contracts}
        shares, rate = (
            self._get_tax_factors(contracts),
            cache(lambda currency: Forecast._get_rate(company, currency)[0]),
        )
        moved = self._get_mover(company, today, fields.Date.add(today, months=months))
        bills = []
        for contract_id, month, amount in foreseen:
            contract = by_id[contract_id]
            total = amount * shares.get(contract_id, 1.0) * rate(contract.currency_id)
            dues = self._get_dues(contract, month, today) if total > 0 else []
            payer = contract.commercial_partner_id.id
            bills += [
                Title((contract_id, due), payer, "invoice", "contract", moved(due), total / len(dues)) for due in dues
            ]
        return bills

    @api.model
    def _get_tax_factors(self, contracts):
        """{contract id: what an invoice comes to for each unit before added taxes}, by the recurring items."""
        sums = self.env["cobranca.contract.line"]._read_group(
            [("contract_id", "in", contracts.ids), ("recurrence", "=", "recurring")],
            ["contract_id"],
            ["price_total:sum", "price_subtotal:sum"],
        )
        return {contract.id: total / untaxed for contract, total, untaxed in sums if untaxed and total}

    @api.model
    def _get_dues(self, contract, month, today):
        """The days of a month on which a contract falls due, never before today.

        Periods of days or weeks have no due day: theirs are spread over what is left of the month, week by week.

        :param date month: its first day
        :return: list of dates
        """
        last = fields.Date.end_of(month, "month")
        known = contract.next_due_date
        if known and month <= known <= last and contract.interval_unit in recurrence.MONTHS:
            return [max(known, today)]
        if contract.interval_unit in recurrence.MONTHS:
            day = known.day if known and contract.due_mode == "term" else contract.due_day
            return [max(recurrence.day_of_month(month.year, month.month, day), today)]
        first = max(month, today)
        days = range(0, max((last - first).days, 0) + 1, 7)
        return [fields.Date.add(first, days=number) for number in days]

    @api.model
    def _get_mover(self, company, first, last):
        """A function that moves a due date to the day by which it must be paid: the next one on which banks open."""
        last = fields.Date.add(last, months=12)
        holidays = self.env["cobranca.holiday"]._get_holidays(company, first, last)
        return cache(lambda due: calendar.next_business_day(due, holidays))
