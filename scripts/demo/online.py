"""Payments online in the demo: Odoo's provider for tests, in test mode, and a customer who paid by it."""

from freezegun import freeze_time

PROVIDER = "payment.payment_provider_demo"


def set_up_provider(env):
    """Let the page of open payments offer a card; no money moves."""
    provider = env.ref(PROVIDER)
    provider.write({"state": "test", "is_published": True})
    provider.payment_method_ids.active = True
    provider.payment_method_ids.name = "Cartão de crédito"
    env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")


def pay_online(demo):
    """One late customer pays all that is open by card, a minute ago."""
    with freeze_time(f"{demo.today} 14:00:00"):
        company = demo.company
        lines = demo.env["account.move.line"]._cobranca_search_open_lines(company, demo.today)
        special = demo.contracts["portal"].partner_id | demo.story.desk.contracts.partner_id
        late = lines.filtered(
            lambda line: line.date_maturity < demo.today
            and line.partner_id == line.partner_id.commercial_partner_id
            and line.partner_id not in special
        )
        debtor = late.partner_id.sorted("id")[0]
        transaction = _make_transaction(demo, debtor, lines.filtered(lambda line: line.partner_id == debtor))
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": "done"})
        transaction._post_process()
    if transaction.cobranca_quote_id.state != "paid" or not transaction.payment_id:
        raise ValueError(f"the demo is wrong: {debtor.name} paid online, and it is not booked")


def _make_transaction(demo, debtor, lines):
    provider = demo.env.ref(PROVIDER)
    quote = demo.env["cobranca.payment.quote"]._make(demo.company, debtor, lines, source="online")
    transaction = demo.env["payment.transaction"].create(
        {
            "provider_id": provider.id,
            "payment_method_id": provider.payment_method_ids[0].id,
            "reference": quote.txid,
            "amount": quote.amount,
            "currency_id": quote.currency_id.id,
            "partner_id": debtor.id,
            "operation": "online_direct",
            **demo.env["cobranca.online.payment"]._prepare_transaction(quote),
        }
    )
    # Written by the database's clock, which knows no other day than today.
    demo.env.flush_all()
    demo.env.cr.execute(
        "UPDATE payment_transaction SET create_date = %s WHERE id = %s", (f"{demo.today} 14:00:00", transaction.id)
    )
    transaction.invalidate_recordset(["create_date"])
    return transaction
