-- The next record made by Odoo gets the next id.
SELECT setval('account_move_id_seq', (SELECT max(id) FROM account_move)),
       setval('account_move_line_id_seq', (SELECT max(id) FROM account_move_line)),
       setval('account_payment_id_seq', (SELECT GREATEST(max(id), 1) FROM account_payment)),
       setval('account_partial_reconcile_id_seq', (SELECT GREATEST(max(id), 1) FROM account_partial_reconcile)),
       setval('account_full_reconcile_id_seq', (SELECT GREATEST(max(id), 1) FROM account_full_reconcile));
