-- Posted customer invoices: one product line, a tax line for some, one or two receivable lines.
INSERT INTO account_move (
    id, name, sequence_prefix, sequence_number, journal_id, company_id, currency_id, move_type, state, auto_post,
    partner_id, commercial_partner_id, partner_shipping_id, invoice_partner_display_name, invoice_user_id,
    fiscal_position_id, partner_bank_id, date, invoice_date, invoice_date_due, invoice_payment_term_id, l10n_latam_document_type_id, payment_reference,
    invoice_currency_rate, amount_untaxed, amount_untaxed_signed, amount_untaxed_in_currency_signed,
    amount_tax, amount_tax_signed, amount_total, amount_total_signed, amount_total_in_currency_signed,
    amount_residual, amount_residual_signed, payment_state, always_tax_exigible, checked, posted_before,
    made_sequence_gap, is_manually_modified, create_uid, write_uid, create_date, write_date
)
SELECT move_id, move_name, invoice_prefix, number, sale_journal_id, company_id, currency_id, 'out_invoice', 'posted', 'no',
       partner_id, partner_id, partner_id, partner_name, user_id,
       fiscal_position_id, partner_bank_id, invoice_date, invoice_date, last_due, CASE WHEN instalments = 2 THEN term_id END, document_type_id, move_name,
       1, untaxed, untaxed, untaxed,
       tax, tax, total, total, total,
       residual, residual, payment_state, FALSE, TRUE, TRUE,
       -- Registering a payment writes on the invoice; Odoo takes this for a change made by hand.
       FALSE, touched, user_id, user_id, stamp, stamp
  FROM ledger_invoice_booked CROSS JOIN ledger_fact;

INSERT INTO account_move_line (
    id, move_id, move_name, journal_id, company_id, company_currency_id, currency_id, parent_state, partner_id,
    date, invoice_date, l10n_latam_document_type_id, sequence, display_type, account_id, name,
    product_id, product_uom_id, quantity, price_unit, price_subtotal, price_total, discount,
    debit, credit, balance, amount_currency, amount_residual, amount_residual_currency, date_maturity,
    discount_amount_currency, discount_balance, tax_line_id, tax_group_id, tax_repartition_line_id, tax_base_amount,
    full_reconcile_id, matching_number, reconciled, is_storno, no_followup, deductible_amount,
    create_uid, write_uid, create_date, write_date
)
SELECT line.id, move_id, move_name, sale_journal_id, company_id, currency_id, currency_id, 'posted', partner_id,
       invoice_date, invoice_date, document_type_id, line.sequence, line.display_type, line.account_id, line.name,
       line.product_id, line.uom_id, line.quantity, line.price_unit, line.price_subtotal, line.price_total, 0,
       GREATEST(line.balance, 0), GREATEST(-line.balance, 0), line.balance, line.balance, line.residual, line.residual, line.due,
       line.discount, line.discount, line.tax_id, line.tax_group_id, line.tax_repartition_id, line.tax_base,
       line.full_id, line.matching_number, line.reconciled, FALSE, FALSE, 100,
       user_id, user_id, stamp, stamp
  FROM ledger_invoice_booked
 CROSS JOIN ledger_fact
 CROSS JOIN LATERAL (
        SELECT line_id + 1, 100, 'product', income_account_id, 'Mensalidade',
               product_id, uom_id, quantity, price_unit, untaxed, total,
               -untaxed, 0, NULL::date, NULL::int, NULL::int, NULL::int, NULL::int, NULL::numeric,
               NULL::int, NULL, FALSE
        UNION ALL
        SELECT line_id + 2, 10000, 'tax', tax_account_id, tax_name,
               NULL, NULL, 0, 0, 0, 0,
               -tax, 0, NULL, NULL, ledger_fact.tax_id, tax_group_id, tax_repartition_id, -untaxed,
               NULL, NULL, FALSE
         WHERE taxed
        UNION ALL
        SELECT title.line_id, 12000, 'payment_term', receivable_account_id,
               CASE WHEN instalments = 2 THEN move_name || ' parcela Nº ' || instalment ELSE move_name END,
               NULL, NULL, 0, 0, 0, 0,
               title.amount, title.residual, due, 0, NULL, NULL, NULL, NULL,
               full_id, COALESCE(full_id::text, 'P' || first_partial_id), title.residual = 0
          FROM ledger_title_booked title
         WHERE title.n = ledger_invoice_booked.n
       ) line (id, sequence, display_type, account_id, name,
               product_id, uom_id, quantity, price_unit, price_subtotal, price_total,
               balance, residual, due, discount, tax_id, tax_group_id, tax_repartition_id, tax_base,
               full_id, matching_number, reconciled);

INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
SELECT line_id + 1, tax_id FROM ledger_invoice_booked CROSS JOIN ledger_fact WHERE taxed;

INSERT INTO account_account_tag_account_move_line_rel (account_move_line_id, account_account_tag_id)
SELECT line_id + tagged.offset, tag.account_account_tag_id
  FROM ledger_invoice_booked
 CROSS JOIN ledger_fact
 CROSS JOIN LATERAL (VALUES (1, base_repartition_id), (2, tax_repartition_id)) AS tagged ("offset", repartition_id)
  JOIN account_account_tag_account_tax_repartition_line_rel tag
    ON tag.account_tax_repartition_line_id = tagged.repartition_id
 WHERE taxed;
