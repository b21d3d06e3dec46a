-- A copy of the database calls nobody.
UPDATE cobranca_webhook_endpoint SET active = false;
