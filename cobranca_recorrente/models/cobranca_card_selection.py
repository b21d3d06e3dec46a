from odoo import api, models
from odoo.tools import SQL

from ..tools import calendar, card

# For each open amount that was charged before: how often, when first, and when the last refusal lets it be again.
TRIES = """
SELECT DISTINCT ON (item.line_id) item.line_id, item.attempt, item.first_on, item.next_on
  FROM cobranca_card_charge_line item
 WHERE item.line_id = ANY(%s) AND item.is_counted AND item.charge_id <> %s
 ORDER BY item.line_id, item.attempt DESC
"""
# What is being charged, said to be paid, fits money that came in, or is being paid online at this moment.
BARRED = """
SELECT item.line_id FROM cobranca_card_charge_line item
 WHERE item.line_id = ANY(%(lines)s) AND item.is_live AND item.charge_id <> %(charge)s
 UNION
SELECT told.line_id FROM cobranca_payment_claim_line told WHERE told.line_id = ANY(%(lines)s) AND told.is_open
 UNION
SELECT fit.line_id FROM (%(fits)s) fit WHERE fit.line_id = ANY(%(lines)s)
 UNION
SELECT line.id FROM account_move_line line
 WHERE line.id = ANY(%(lines)s)
   AND line.move_id IN (SELECT invoice_id FROM (%(paying)s) paying WHERE transaction_id <> %(transaction)s)
 UNION
SELECT item.line_id FROM cobranca_payment_quote_line item
  JOIN payment_transaction tx ON tx.cobranca_quote_id = item.quote_id
 WHERE item.line_id = ANY(%(lines)s) AND tx.id <> %(transaction)s
   AND (tx.state IN ('pending', 'authorized') OR tx.state = 'done' AND tx.is_post_processed IS NOT TRUE)
"""
FLUSHED = ("payment.transaction", "cobranca.card.charge.line", "cobranca.payment.claim.line")
FLUSHED += ("cobranca.payment.quote.line",)


class CobrancaCardSelection(models.AbstractModel):
    """Which debts are charged to a card on a day: what fell due, what is tried again, nothing that may be paid."""

    _name = "cobranca.card.selection"
    _description = "Debts to Charge to Cards"

    # === BUSINESS METHODS === #

    @api.model
    def _find_due(self, company, date):
        """The active authorisations with something to charge on a day.

        :return: cobranca.card.mandate
        """
        # sudo: run by the cron
        Mandate = self.env["cobranca.card.mandate"].sudo()
        active = Mandate.search([("company_id", "=", company.id), ("state", "=", "active")], order="id")
        found = self._select(company, date, active)
        return active.filtered(lambda mandate: found.get(mandate))

    @api.model
    def _select(self, company, date, mandates, charge=None):
        """What is charged of the debts of some customers on a day. It changes nothing.

        :param charge: cobranca.card.charge whose own claim does not count, when it is looked at again
        :return: {cobranca.card.mandate: account.move.line, the oldest first}
        """
        by_debtor = {mandate.partner_id.id: mandate for mandate in mandates}
        lines = self._search_open(company, date, sorted(by_debtor)) if by_debtor else None
        if not lines:
            return {}
        barred = self._find_barred(company, date, lines, charge)
        lines = lines.filtered(lambda line: line.id not in barred)
        holidays = self._get_holidays(company, date)
        tries = self._read_tries(lines, charge)
        found = {}
        for line in lines:
            mandate = by_debtor[line.partner_id.commercial_partner_id.id]
            due = line.date_maturity or line.date
            if mandate._covers(line) and self._is_day(mandate, due, date, tries.get(line.id), holidays):
                found[mandate] = found.get(mandate, lines.browse()) | line
        return found

    @api.model
    def _search_open(self, company, date, debtors):
        """Open debts in the company's currency that fell due and nothing pauses.

        :return: account.move.line
        """
        # sudo: run by the cron
        Line = self.env["account.move.line"].sudo()
        return Line._cobranca_search_open_lines(
            company,
            date,
            SQL("partner.id = ANY(%s)", debtors),
            SQL("line.currency_id = %s", company.currency_id.id),
            SQL("line.no_followup IS NOT TRUE"),
            SQL("COALESCE(line.date_maturity, line.date) <= %s", date),
            self.env["cobranca.hold"]._get_hold_condition(date, "line"),
        )

    @api.model
    def _find_barred(self, company, date, lines, charge=None):
        """:return: set of ids of the lines that may not be charged now"""
        guard = self.env["cobranca.paid.guard"]
        guard._flush_credits()
        for name in FLUSHED:
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(
                BARRED,
                lines=list(lines.ids),
                charge=charge.id if charge else 0,
                transaction=charge.transaction_id.id if charge else 0,
                fits=guard._get_fits_query(company, date, lines.partner_id.commercial_partner_id),
                paying=guard._get_paying_query(),
            )
        )
        return {line for (line,) in rows} | self._find_stale(company, date, lines)

    @api.model
    def _find_stale(self, company, date, lines):
        """Late lines of which no bank statement tells yet whether they were paid."""
        guard = self.env["cobranca.paid.guard"]
        covered, late = guard._get_newest_covered_due(company, date), guard._get_newest_late_due(company, date)
        if covered is None:
            return set()
        return {line.id for line in lines if covered < (line.date_maturity or line.date) <= late}

    @api.model
    def _read_tries(self, lines, charge=None):
        """:return: {id of the line: (tries, first day, next day or None)} of what was charged before"""
        rows = self.env.execute_query(SQL(TRIES, list(lines.ids), charge.id if charge else 0))
        return {line: (tries, first, following) for line, tries, first, following in rows}

    @api.model
    def _is_day(self, mandate, due, date, tried, holidays):
        """Is this the day of the first charge of a debt, or of one that is tried again?

        What was refused for good by another card is not tried again by itself.
        """
        if tried:
            return bool(tried[2]) and tried[2] <= date
        return card.is_first_day(due, date, mandate.date_from, holidays)

    @api.model
    def _get_holidays(self, company, date):
        first = date - 3 * calendar.LONGEST_CLOSURE * calendar.ONE_DAY
        last = date + calendar.LONGEST_CLOSURE * calendar.ONE_DAY
        return self.env["cobranca.holiday"]._get_holidays(company, first, last)
