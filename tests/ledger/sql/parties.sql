-- Customers, and the product of all invoices, as res.partner.create and product.product.create write them.
WITH new_template AS (
    INSERT INTO product_template (
        name, type, service_tracking, uom_id, sequence, list_price, volume, weight, sale_ok, purchase_ok, active,
        can_image_1024_be_zoomed, has_configurable_attributes, create_uid, write_uid, create_date, write_date
    )
    SELECT jsonb_build_object('en_US', 'Mensalidade', 'pt_BR', 'Mensalidade'), 'service', 'no', uom_id, 1, 100, 0, 0,
           TRUE, TRUE, TRUE, FALSE, FALSE, user_id, user_id, stamp, stamp
      FROM ledger_fact
     WHERE NOT EXISTS (SELECT FROM product_template WHERE name->>'en_US' = 'Mensalidade' AND type = 'service')
    RETURNING id, create_uid, create_date
)
INSERT INTO product_product (
    product_tmpl_id, combination_indices, active, can_image_variant_1024_be_zoomed, is_favorite,
    create_uid, write_uid, create_date, write_date
)
SELECT id, '', TRUE, FALSE, FALSE, create_uid, create_uid, create_date, create_date FROM new_template;

ALTER TABLE ledger_fact ADD COLUMN product_id int;
UPDATE ledger_fact
   SET product_id = (
        SELECT min(product.id)
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
         WHERE template.name->>'en_US' = 'Mensalidade' AND template.type = 'service'
       );

UPDATE ledger_customer SET partner_id = nextval('res_partner_id_seq');

-- One more in the rank for each invoice and each receipt that is posted.
INSERT INTO res_partner (
    id, commercial_partner_id, name, complete_name, email, email_normalized, phone, phone_sanitized, vat, country_id, state_id,
    l10n_latam_identification_type_id, lang, type, color, active, is_company, partner_share, message_bounce,
    street_name, street_number, street_number2, supplier_rank, customer_rank, autopost_bills, vies_valid,
    create_uid, write_uid, create_date, write_date
)
SELECT partner_id, partner_id, name, name, email, email, phone, translate(phone, ' -', ''), tax_number,
       fact.country_id, fact.state_id,
       fact.identification_type_id, 'pt_BR', 'contact', 0, TRUE, FALSE, TRUE, 0,
       '', '', '', 0, COALESCE(rank.posted, 0), 'ask', FALSE,
       fact.user_id, fact.user_id, fact.stamp, fact.stamp
  FROM ledger_customer
 CROSS JOIN ledger_fact fact
  LEFT JOIN (
        SELECT customer, sum(1 + receipts) AS posted
          FROM ledger_invoice
         CROSS JOIN LATERAL (SELECT count(*) AS receipts FROM ledger_receipt receipt WHERE receipt.n = ledger_invoice.n) own
         GROUP BY customer
       ) rank USING (customer);
