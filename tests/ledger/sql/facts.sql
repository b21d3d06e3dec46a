-- One row with what the ledger refers to: records that Odoo's own modules and its Brazilian chart loaded.
DROP TABLE IF EXISTS ledger_fact;

CREATE TEMP TABLE ledger_fact AS
WITH known AS (
    SELECT module || '.' || name AS xmlid, res_id FROM ir_model_data
), own AS (
    SELECT company.*, party.state_id, 'account.' || company.id || '_' AS prefix
      FROM res_company company
      JOIN res_partner party ON party.id = company.partner_id
     WHERE company.id = COALESCE(%(company)s, (SELECT res_id FROM known WHERE xmlid = 'base.main_company'))
)
SELECT own.id AS company_id,
       own.currency_id,
       %(today)s::date AS today,
       %(stamp)s::timestamp AS stamp,
       (SELECT res_id FROM known WHERE xmlid = 'base.user_admin') AS user_id,
       (SELECT res_id FROM known WHERE xmlid = 'base.br') AS country_id,
       -- Customers live in the company's state, so that Odoo gives them the position "internal".
       own.state_id,
       (SELECT id FROM account_fiscal_position
         WHERE company_id = own.id AND l10n_br_fp_type = 'internal' AND active
         ORDER BY sequence, id LIMIT 1) AS fiscal_position_id,
       (SELECT id FROM res_partner_bank
         WHERE partner_id = own.partner_id AND active AND COALESCE(company_id, own.id) = own.id
         ORDER BY COALESCE(currency_id, own.currency_id) <> own.currency_id, allow_out_payment IS NOT TRUE, sequence, id
         LIMIT 1) AS partner_bank_id,
       (SELECT res_id FROM known WHERE xmlid = 'l10n_br.cpf') AS identification_type_id,
       (SELECT res_id FROM known WHERE xmlid = 'uom.product_uom_unit') AS uom_id,
       (SELECT res_id FROM known WHERE xmlid = 'account.account_payment_term_advance_60days') AS term_id,
       (SELECT res_id FROM known WHERE xmlid = prefix || 'account_template_30101010106') AS income_account_id,
       (SELECT res_id FROM known
         WHERE xmlid = prefix || 'account_journal_payment_debit_account_id') AS outstanding_account_id,
       (SELECT json_value::int FROM ir_default
          JOIN ir_model_fields field ON field.id = ir_default.field_id
         WHERE field.model = 'res.partner' AND field.name = 'property_account_receivable_id'
           AND ir_default.company_id = own.id) AS receivable_account_id,
       sale.id AS sale_journal_id,
       document.id AS document_type_id,
       document.doc_code_prefix || ' ' AS invoice_prefix,
       bank.id AS bank_journal_id,
       CASE WHEN bank.payment_sequence THEN 'P' ELSE '' END || bank.code || '/' AS receipt_prefix,
       method.id AS method_line_id,
       method.payment_method_id,
       method.name AS method_name,
       tax.id AS tax_id,
       tax.tax_group_id,
       tax.amount AS tax_percent,
       COALESCE(tax.name->>'pt_BR', tax.name->>'en_US') AS tax_name,
       base_part.id AS base_repartition_id,
       tax_part.id AS tax_repartition_id,
       tax_part.account_id AS tax_account_id
  FROM own
  LEFT JOIN account_tax tax ON tax.id = (SELECT res_id FROM known WHERE xmlid = prefix || 'tax_template_out_issqn2')
  LEFT JOIN account_tax_repartition_line base_part
         ON base_part.tax_id = tax.id AND base_part.document_type = 'invoice' AND base_part.repartition_type = 'base'
  LEFT JOIN account_tax_repartition_line tax_part
         ON tax_part.tax_id = tax.id AND tax_part.document_type = 'invoice' AND tax_part.repartition_type = 'tax'
  LEFT JOIN l10n_latam_document_type document ON document.id = (SELECT res_id FROM known WHERE xmlid = 'l10n_br.dt_55')
  LEFT JOIN account_journal sale ON sale.id = (SELECT res_id FROM known WHERE xmlid = prefix || 'sale')
  LEFT JOIN account_journal bank ON bank.id = (SELECT res_id FROM known WHERE xmlid = prefix || 'bank')
  LEFT JOIN LATERAL (
        SELECT line.id, line.payment_method_id, line.name
          FROM account_payment_method_line line
          JOIN account_payment_method method ON method.id = line.payment_method_id
         WHERE line.journal_id = bank.id AND method.payment_type = 'inbound' AND method.code = 'manual'
         ORDER BY line.sequence, line.id
         LIMIT 1
       ) method ON TRUE;
