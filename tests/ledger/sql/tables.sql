-- Temporary tables that hold the cases, before and while they become accounting.
DROP TABLE IF EXISTS ledger_customer, ledger_invoice, ledger_title, ledger_receipt, ledger_booked;

CREATE TEMP TABLE ledger_customer (
    customer int PRIMARY KEY, name text, email text, phone text, tax_number text, partner_id int
);
CREATE TEMP TABLE ledger_invoice (
    n int PRIMARY KEY, customer int, invoice_date date, due_date date, instalments int,
    quantity numeric, price_unit numeric, taxed boolean
);
-- A title is one receivable line of an invoice.
CREATE TEMP TABLE ledger_title (
    n int, instalment int, due date, amount numeric(16, 2), PRIMARY KEY (n, instalment)
);
CREATE TEMP TABLE ledger_receipt (
    n int, instalment int, k int, date date, amount numeric(16, 2), PRIMARY KEY (n, instalment, k)
);
