from odoo import api, models
from odoo.tools import SQL

# What the books say against what the ledger says, for each placed debt and each payment where they differ.
DIFFERENCES = """
WITH begun AS (
    SELECT item.id, item.line_id, placement.agency_id, placement.placed_on AS since,
           LEAST(placement.earns_until, CASE WHEN NOT item.is_live THEN item.ended_on END, 'infinity'::date) AS until
      FROM cobranca_placement_line item
      JOIN cobranca_placement placement ON placement.id = item.placement_id
     WHERE item.company_id = %(company)s AND placement.placed_on IS NOT NULL
),
-- Who has the debt next ends the tail of who had it before: no money earns twice.
held AS (
    SELECT id, line_id, agency_id, since,
           LEAST(until, LEAD(since) OVER (PARTITION BY line_id ORDER BY since, id)) AS until
      FROM begun
),
-- Fine, interest and correction are debits of their own, with the same money.
item AS (
    SELECT DISTINCT line_id, line_id AS item_id FROM held
     UNION
    SELECT line_id, item_id FROM cobranca_charge WHERE item_id IS NOT NULL AND line_id IN (SELECT line_id FROM held)
),
met AS (
    SELECT item.line_id, partial.credit_move_id AS credit_id, SUM(partial.amount) AS amount,
           COALESCE(SUM(partial.amount) FILTER (WHERE item.item_id = item.line_id), 0) AS own
      FROM item JOIN account_partial_reconcile partial ON partial.debit_move_id = item.item_id
     GROUP BY 1, 2
),
-- A bridge carries money from another receivable account; what counts is the money itself.
came AS (
    SELECT met.line_id, COALESCE(bridge.source_id, met.credit_id) AS credit_id, SUM(met.amount) AS amount,
           SUM(met.own) AS own
      FROM met
      JOIN account_move_line credit ON credit.id = met.credit_id
      JOIN account_move move ON move.id = credit.move_id
      LEFT JOIN LATERAL (
        SELECT partial.credit_move_id AS source_id
          FROM account_move_line other
          JOIN account_account account ON account.id = other.account_id AND account.account_type = 'asset_receivable'
          JOIN account_partial_reconcile partial ON partial.debit_move_id = other.id
         WHERE other.move_id = move.id AND move.journal_id = %(bridges)s AND move.cobranca_agreement_role IS NULL
         ORDER BY partial.id
         LIMIT 1
      ) bridge ON TRUE
     GROUP BY 1, 2
),
-- Cash alone: no credit notes, discounts, losses, and not what an agreement or its break moves.
cash AS (
    SELECT came.line_id, came.credit_id, came.amount, came.own, credit.date AS day,
           credit.move_name AS credit_name
      FROM came
      JOIN account_move_line credit ON credit.id = came.credit_id
      JOIN account_move move ON move.id = credit.move_id
      JOIN account_journal journal ON journal.id = move.journal_id
     WHERE credit.parent_state = 'posted' AND move.cobranca_agreement_role IS NULL
       AND (
        journal.type IN ('bank', 'cash', 'credit') OR move.origin_payment_id IS NOT NULL
        OR EXISTS (
            SELECT FROM account_move_line taken
             WHERE taken.move_id = move.id AND taken.account_id = %(held_money)s AND taken.debit > 0
        )
       )
),
-- What of each payment is the fee of the agency that made the agreement; a break gives all of it back.
fee AS (
    SELECT cash.line_id, cash.credit_id, placement.agency_id,
           ROUND(item.fee * LEAST(SUM(cash.own) OVER upto / item.amount, 1), 2)
             - ROUND(item.fee * LEAST((SUM(cash.own) OVER upto - cash.own) / item.amount, 1), 2) AS amount
      FROM cash
      JOIN cobranca_agreement_installment item ON item.line_id = cash.line_id AND item.fee > 0
      JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id AND agreement.ended_on IS NULL
      JOIN cobranca_placement placement ON placement.id = agreement.placement_id
    WINDOW upto AS (PARTITION BY cash.line_id ORDER BY cash.day, cash.credit_id)
),
-- The day on which a debt changes hands is still of who had it.
books AS (
    SELECT DISTINCT ON (cash.line_id, cash.credit_id)
           held.id AS placement_line_id, cash.credit_id AS credit_ref, cash.amount, cash.day, cash.credit_name,
           COALESCE(fee.amount, 0) AS fee
      FROM cash
      JOIN held ON held.line_id = cash.line_id AND cash.day BETWEEN held.since AND held.until
      LEFT JOIN fee ON fee.line_id = cash.line_id AND fee.credit_id = cash.credit_id
       AND fee.agency_id = held.agency_id
     ORDER BY cash.line_id, cash.credit_id, held.since, held.id
),
ledger AS (
    SELECT placement_line_id, credit_ref, MAX(credit_name) AS credit_name, SUM(amount) AS amount,
           SUM(fee) AS fee, SUM(commission) AS commission, COUNT(*) AS turn
      FROM cobranca_agency_receipt
     WHERE company_id = %(company)s
     GROUP BY 1, 2
)
SELECT placement_line_id, credit_ref, COALESCE(books.credit_name, ledger.credit_name), books.day,
       COALESCE(books.amount, 0)::text, COALESCE(books.fee, 0)::text, COALESCE(ledger.amount, 0)::text,
       COALESCE(ledger.fee, 0)::text, COALESCE(ledger.commission, 0)::text, COALESCE(ledger.turn, 0), item.percent::text
  FROM books
  FULL JOIN ledger USING (placement_line_id, credit_ref)
  JOIN cobranca_placement_line item ON item.id = placement_line_id
 WHERE COALESCE(books.amount, 0) <> COALESCE(ledger.amount, 0) OR COALESCE(books.fee, 0) <> COALESCE(ledger.fee, 0)
 ORDER BY books.day, placement_line_id, credit_ref
"""


class CobrancaAgencyReceiptQuery(models.AbstractModel):
    """Which money of the books earns whom, and what of it the ledger does not say yet."""

    _name = "cobranca.agency.receipt.query"
    _description = "Money of Placed Debts"

    # === BUSINESS METHODS === #

    @api.model
    def _get_differences_query(self, company, bridges, held_money):
        """What the ledger lacks.

        :param company: res.company
        :param bridges: account.journal, of entries that carry money to another receivable account
        :param held_money: account.account, of money that agencies hold for the company
        :return: SQL of rows (placement line, credit, its name, day or None, amount and fee of the books, amount, fee
            and commission of the ledger, number of its rows, percent)
        """
        return SQL(DIFFERENCES, company=company.id, bridges=bridges.id or 0, held_money=held_money.id or 0)
