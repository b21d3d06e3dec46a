-- Payments as the "Register payment" wizard makes them, and their reconciliation with the titles.
INSERT INTO account_payment (
    id, move_id, name, journal_id, company_id, payment_method_line_id, payment_method_id, currency_id, partner_id,
    outstanding_account_id, destination_account_id, state, payment_type, partner_type, memo, date,
    amount, amount_company_currency_signed, is_reconciled, is_matched, create_uid, write_uid, create_date, write_date
)
SELECT receipt.payment_id, receipt.move_id, receipt.prefix || lpad(receipt.number::text, GREATEST(5, length(receipt.number::text)), '0'),
       bank_journal_id, company_id, method_line_id, payment_method_id, currency_id, invoice.partner_id,
       outstanding_account_id, receivable_account_id,
       CASE WHEN invoice.residual = 0 THEN 'paid' ELSE 'in_process' END, 'inbound', 'customer', invoice.move_name,
       receipt.date, receipt.amount, receipt.amount, receipt.amount = receipt.matched, FALSE, user_id, user_id, stamp, stamp
  FROM ledger_receipt_booked receipt
  JOIN ledger_invoice_booked invoice USING (n)
 CROSS JOIN ledger_fact;

INSERT INTO account_move (
    id, origin_payment_id, name, sequence_prefix, sequence_number, ref, journal_id, company_id, currency_id, move_type,
    state, auto_post, partner_id, commercial_partner_id, invoice_partner_display_name, fiscal_position_id,
    date, invoice_date_due,
    invoice_currency_rate, amount_untaxed, amount_untaxed_signed, amount_untaxed_in_currency_signed,
    amount_tax, amount_tax_signed, amount_total, amount_total_signed, amount_total_in_currency_signed,
    amount_residual, amount_residual_signed, payment_state, always_tax_exigible, checked, posted_before,
    made_sequence_gap, is_manually_modified, create_uid, write_uid, create_date, write_date
)
SELECT payment.move_id, payment.id, payment.name, receipt.prefix, receipt.number, payment.memo,
       bank_journal_id, payment.company_id, payment.currency_id, 'entry',
       -- An entry has no due date of its own: Odoo writes the day on which it was made.
       'posted', 'no', payment.partner_id, payment.partner_id, partner.name, fiscal_position_id,
       payment.date, today,
       0, 0, 0, 0,
       0, 0, payment.amount, payment.amount, payment.amount,
       0, 0, 'not_paid', TRUE, TRUE, TRUE,
       FALSE, FALSE, fact.user_id, fact.user_id, stamp, stamp
  FROM ledger_receipt_booked receipt
  JOIN account_payment payment ON payment.id = receipt.payment_id
  JOIN res_partner partner ON partner.id = payment.partner_id
 CROSS JOIN ledger_fact fact;

INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)
SELECT full_id, user_id, user_id, stamp, stamp
  FROM ledger_title_booked CROSS JOIN ledger_fact
 WHERE full_id IS NOT NULL;

INSERT INTO account_move_line (
    id, move_id, move_name, ref, journal_id, company_id, company_currency_id, currency_id, parent_state, partner_id,
    payment_id, date, date_maturity, sequence, display_type, account_id, name, quantity, price_unit,
    price_subtotal, price_total, discount, debit, credit, balance, amount_currency,
    amount_residual, amount_residual_currency, full_reconcile_id, matching_number, reconciled,
    is_storno, no_followup, deductible_amount, create_uid, write_uid, create_date, write_date
)
SELECT line.id, payment.move_id, payment.name, payment.memo, bank_journal_id, payment.company_id, currency, currency,
       'posted', payment.partner_id, payment.id, payment.date, payment.date, 100, 'product', line.account_id,
       method_name || ': ' || payment.memo, 1, 0,
       line.balance, line.balance, 0, GREATEST(line.balance, 0), GREATEST(-line.balance, 0), line.balance, line.balance,
       line.residual, line.residual, line.full_id, line.matching_number, line.reconciled,
       FALSE, FALSE, 100, user_id, user_id, stamp, stamp
  FROM ledger_receipt_booked receipt
  JOIN ledger_title_booked title USING (n, instalment)
  JOIN account_payment payment ON payment.id = receipt.payment_id
 CROSS JOIN (SELECT *, currency_id AS currency FROM ledger_fact) fact
 CROSS JOIN LATERAL (
        VALUES (liquidity_line_id, payment.outstanding_account_id, payment.amount, payment.amount,
                NULL::bigint, NULL::text, FALSE),
               (receivable_line_id, payment.destination_account_id, -payment.amount, matched - payment.amount,
                title.full_id, COALESCE(title.full_id::text, 'P' || title.first_partial_id), matched = payment.amount)
       ) line (id, account_id, balance, residual, full_id, matching_number, reconciled);

INSERT INTO account_partial_reconcile (
    id, debit_move_id, credit_move_id, full_reconcile_id, debit_currency_id, credit_currency_id, company_id,
    amount, debit_amount_currency, credit_amount_currency, max_date, create_uid, write_uid, create_date, write_date
)
SELECT receipt.partial_id, title.line_id, receipt.receivable_line_id, title.full_id, currency_id, currency_id, company_id,
       matched, matched, matched, GREATEST(receipt.date, invoice.invoice_date), user_id, user_id, stamp, stamp
  FROM ledger_receipt_booked receipt
  JOIN ledger_title_booked title USING (n, instalment)
  JOIN ledger_invoice invoice USING (n)
 CROSS JOIN ledger_fact;

INSERT INTO account_move__account_payment (invoice_id, payment_id)
SELECT invoice.move_id, receipt.payment_id
  FROM ledger_receipt_booked receipt
  JOIN ledger_invoice_booked invoice USING (n);
