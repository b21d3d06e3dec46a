-- Totals as account.tax gives them (one line, one tax) and the split of the term "30 % now, balance 60 days".
INSERT INTO ledger_title (n, instalment, due, amount)
WITH untaxed AS (
    SELECT invoice.*, round(quantity * price_unit, 2) AS base FROM ledger_invoice invoice
), total AS (
    SELECT untaxed.*, base + CASE WHEN taxed THEN round(base * fact.tax_percent / 100, 2) ELSE 0 END AS amount
      FROM untaxed CROSS JOIN ledger_fact fact
)
SELECT n, 1, due_date, CASE WHEN instalments = 2 THEN round(amount * 0.30, 2) ELSE amount END FROM total
UNION ALL
SELECT n, 2, invoice_date + 60, amount - round(amount * 0.30, 2) FROM total WHERE instalments = 2;

ANALYZE ledger_invoice, ledger_title;
