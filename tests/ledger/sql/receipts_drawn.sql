-- How each title was paid, drawn from the seed and the customer's habit. Nothing happens after today.
INSERT INTO ledger_receipt (n, instalment, k, date, amount)
WITH drawn AS (
    SELECT title.*,
           mod(invoice.customer, 10) AS habit,
           pg_temp.ledger_random(%(seed)s || 'way', title.n * 2 + instalment) AS way,
           pg_temp.ledger_random(%(seed)s || 'days', title.n * 2 + instalment) AS days,
           pg_temp.ledger_random(%(seed)s || 'part', title.n * 2 + instalment) AS part
      FROM ledger_title title
      JOIN ledger_invoice invoice USING (n)
), decided AS (
    SELECT *,
           CASE WHEN due > %(today)s THEN CASE WHEN way < 0.10 THEN 'early' ELSE 'open' END
                WHEN habit < 7 THEN CASE WHEN way < 0.96 THEN 'early' WHEN way < 0.98 THEN 'over' ELSE 'open' END
                WHEN habit < 9 THEN CASE WHEN way < 0.75 THEN 'late' WHEN way < 0.87 THEN 'twice'
                                         WHEN way < 0.94 THEN 'part' ELSE 'open' END
                ELSE CASE WHEN way < 0.35 THEN 'late' WHEN way < 0.50 THEN 'part' ELSE 'open' END
           END AS outcome
      FROM drawn
), first AS (
    SELECT n, instalment, 1 AS k,
           CASE WHEN outcome IN ('early', 'over') THEN LEAST(due, %(today)s::date) - floor(6 * days)::int
                ELSE due + 1 + floor(90 * days * days)::int END AS date,
           CASE WHEN outcome IN ('part', 'twice') THEN round(amount * (0.2 + 0.6 * part)::numeric, 2)
                WHEN outcome = 'over' THEN amount + round(5 + 20 * part::numeric, 2)
                ELSE amount END AS paid
      FROM decided
     WHERE outcome <> 'open'
), second (n, instalment, k, date, paid) AS (
    SELECT first.n, first.instalment, 2, first.date + 1 + floor(20 * part)::int, decided.amount - first.paid
      FROM first
      JOIN decided USING (n, instalment)
     WHERE outcome = 'twice'
)
SELECT * FROM first WHERE date <= %(today)s
UNION ALL
SELECT * FROM second WHERE date <= %(today)s;
