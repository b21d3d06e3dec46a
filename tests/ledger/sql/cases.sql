-- What happened, case by case: customers, invoices and receipts drawn from the seed, in temporary tables.
-- Seven of ten customers pay on time, two pay late, one pays badly.

CREATE OR REPLACE FUNCTION pg_temp.ledger_random(salt text, n bigint) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT ('x' || substr(md5(salt || ':' || n), 1, 8))::bit(32)::bigint / 4294967296.0::float8 $$;

-- Nine digits with the two check digits of a CPF.
CREATE OR REPLACE FUNCTION pg_temp.ledger_cpf(digits text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT substr(digits, 1, 3) || '.' || substr(digits, 4, 3) || '.' || substr(digits, 7, 3)
           || '-' || first || mod(mod(second + 9 * first, 11), 10)
      FROM (
            SELECT mod(mod(sum(place * digit), 11), 10) AS first, sum((place - 1) * digit) AS second
              FROM (SELECT place, substr(digits, place, 1)::int AS digit FROM generate_series(1, 9) AS place) each
           ) sums
    $$;

-- Twelve receivable lines = ten invoices due at once and one in two instalments.
CREATE TEMP TABLE ledger_draft AS
WITH position AS (
    SELECT line, mod(line, 12) AS place FROM generate_series(0, %(lines)s - 1) AS line
), counted AS (
    SELECT row_number() OVER (ORDER BY line) AS number,
           CASE WHEN place = 10 AND line < %(lines)s - 1 THEN 2 ELSE 1 END AS instalments
      FROM position
     WHERE place < 11
)
SELECT number,
       instalments,
       1 + mod(number - 1, %(customers)s)::int AS customer,
       -- One invoice a month and customer: the newest falls due within the next 30 days.
       %(today)s::date + 30 - 60 * ((number - 1) / %(customers)s)::int
           - floor(60 * pg_temp.ledger_random(%(seed)s || 'due', number))::int AS due
  FROM counted;

INSERT INTO ledger_customer (customer, name, email, phone, tax_number)
SELECT customer,
       'Cliente ' || lpad(customer::text, 6, '0'),
       'cliente' || customer || '@example.com',
       '+55 11 9' || substr(digits, 1, 4) || '-' || substr(digits, 5, 4),
       pg_temp.ledger_cpf('0' || digits)
  FROM (
        SELECT customer, lpad(customer::text, 8, '0') AS digits FROM generate_series(1, %(customers)s) AS customer
       ) numbered;

INSERT INTO ledger_invoice (n, customer, invoice_date, due_date, instalments, quantity, price_unit, taxed)
SELECT row_number() OVER (ORDER BY CASE WHEN instalments = 2 THEN due ELSE due - 10 END, number),
       customer,
       CASE WHEN instalments = 2 THEN due ELSE due - 10 END,
       due,
       instalments,
       1 + floor(1.2 * pg_temp.ledger_random(%(seed)s || 'quantity', number))::int,
       (50 + 1950 * power(pg_temp.ledger_random(%(seed)s || 'price', number), 3))::numeric(12, 2),
       pg_temp.ledger_random(%(seed)s || 'taxed', number) < 0.4
  FROM ledger_draft;

DROP TABLE ledger_draft;
