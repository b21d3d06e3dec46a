-- Give numbers and ids to what will be inserted, and compute what is left open of each title and receipt.
DROP TABLE IF EXISTS ledger_base, ledger_receipt_booked, ledger_title_booked, ledger_invoice_booked;

-- The table itself, not its sequence, tells the next id: the sequences are moved at the end.
CREATE TEMP TABLE ledger_base AS
SELECT (SELECT COALESCE(max(id), 0) FROM account_move) AS move_id,
       (SELECT COALESCE(max(id), 0) FROM account_move_line) AS line_id,
       (SELECT COALESCE(max(id), 0) FROM account_payment) AS payment_id,
       (SELECT COALESCE(max(id), 0) FROM account_partial_reconcile) AS partial_id,
       (SELECT COALESCE(max(id), 0) FROM account_full_reconcile) AS full_id,
       (SELECT count(*) FROM ledger_invoice) AS invoices,
       (SELECT COALESCE(max(move.sequence_number), 0)
          FROM account_move move
          JOIN ledger_fact fact ON move.journal_id = fact.sale_journal_id AND move.sequence_prefix = fact.invoice_prefix
       ) AS invoice_number;

-- Receipts are posted by date; their numbers start anew each year.
CREATE TEMP TABLE ledger_receipt_booked AS
WITH ordered AS (
    SELECT receipt.*,
           title.due,
           row_number() OVER all_by_date AS r,
           row_number() OVER year_by_date AS number_in_year,
           fact.receipt_prefix || to_char(receipt.date, 'YYYY') || '/' AS prefix,
           COALESCE(sum(receipt.amount) OVER earlier, 0) AS paid_before,
           title.amount AS title_amount
      FROM ledger_receipt receipt
      JOIN ledger_title title USING (n, instalment)
     CROSS JOIN ledger_fact fact
    WINDOW all_by_date AS (ORDER BY receipt.date, n, instalment, k),
           year_by_date AS (PARTITION BY to_char(receipt.date, 'YYYY') ORDER BY receipt.date, n, instalment, k),
           earlier AS (PARTITION BY n, instalment ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), used AS (
    SELECT prefix, max(move.sequence_number) AS number
      FROM (SELECT DISTINCT prefix FROM ordered) prefixes
      JOIN account_move move ON move.sequence_prefix = prefix
      JOIN ledger_fact fact ON move.journal_id = fact.bank_journal_id
     GROUP BY prefix
)
SELECT ordered.*,
       number_in_year + COALESCE(used.number, 0) AS number,
       LEAST(amount, title_amount - paid_before) AS matched,
       base.move_id + base.invoices + r AS move_id,
       base.line_id + 4 * base.invoices + 2 * r - 1 AS liquidity_line_id,
       base.line_id + 4 * base.invoices + 2 * r AS receivable_line_id,
       base.payment_id + r AS payment_id,
       base.partial_id + r AS partial_id
  FROM ordered
 CROSS JOIN ledger_base base
  LEFT JOIN used USING (prefix);

-- A title and its receipts get a full reconciliation when nothing of either is left.
CREATE TEMP TABLE ledger_title_booked AS
WITH received AS (
    SELECT n, instalment, sum(matched) AS matched, sum(amount) AS paid, min(partial_id) AS first_partial_id,
           max(r) AS last_r
      FROM ledger_receipt_booked
     GROUP BY n, instalment
)
SELECT title.*,
       title.amount - COALESCE(matched, 0) AS residual,
       first_partial_id,
       CASE WHEN paid = title.amount
            THEN base.full_id + row_number() OVER (PARTITION BY paid = title.amount ORDER BY last_r) END AS full_id,
       base.line_id + 4 * (n - 1) + 2 + instalment AS line_id
  FROM ledger_title title
 CROSS JOIN ledger_base base
  LEFT JOIN received USING (n, instalment);

CREATE TEMP TABLE ledger_invoice_booked AS
SELECT invoice.*,
       partner_id,
       customer.name AS partner_name,
       base.move_id + n AS move_id,
       base.line_id + 4 * (n - 1) AS line_id,
       base.invoice_number + n AS number,
       fact.invoice_prefix || lpad((base.invoice_number + n)::text, GREATEST(8, length((base.invoice_number + n)::text)), '0')
           AS move_name,
       round(quantity * price_unit, 2) AS untaxed,
       total.amount - round(quantity * price_unit, 2) AS tax,
       total.amount AS total,
       total.residual,
       total.last_due,
       total.touched,
       CASE WHEN total.residual = 0 THEN 'paid' WHEN total.touched THEN 'partial' ELSE 'not_paid' END AS payment_state
  FROM ledger_invoice invoice
  JOIN ledger_customer customer USING (customer)
  JOIN (
        SELECT n, sum(amount) AS amount, sum(residual) AS residual, max(due) AS last_due,
               bool_or(first_partial_id IS NOT NULL) AS touched
          FROM ledger_title_booked
         GROUP BY n
       ) total USING (n)
 CROSS JOIN ledger_fact fact
 CROSS JOIN ledger_base base;

CREATE UNIQUE INDEX ON ledger_invoice_booked (n);
CREATE UNIQUE INDEX ON ledger_title_booked (n, instalment);
ANALYZE ledger_receipt_booked, ledger_title_booked, ledger_invoice_booked;
