"""What the tests of payments by providers add inside of a worker (see `Worker.inject`)."""

from datetime import timedelta


def add_to_transaction():
    """Give `payment.transaction` methods that a test can call from another process."""
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.cobranca_recorrente.models.payment_transaction import PaymentTransaction

    PaymentTransaction.make_paid_for_test = make_paid
    PaymentTransaction.process_for_test = process


def make_provider(env):
    """A provider whose money is booked."""
    if found := env["payment.provider"].search([("name", "=", "Processes")]):
        return found
    means = env["payment.method"].create({"name": "Card", "code": "card_of_test"})
    provider = env["payment.provider"].create(
        {"name": "Processes", "code": "none", "state": "enabled", "payment_method_ids": [(6, 0, means.ids)]}
    )
    inbound = env["account.payment.method"].search([("code", "=", "manual"), ("payment_type", "=", "inbound")], limit=1)
    env["account.payment.method.line"].create(
        {
            "name": "Processes",
            "payment_method_id": inbound.id,
            "journal_id": env["account.journal"].search([("type", "=", "bank")], limit=1).id,
            "payment_provider_id": provider.id,
            "payment_account_id": env["account.chart.template"].ref("account_journal_payment_debit_account_id").id,
        }
    )
    return provider


def make_paid(self, number, windows=1):
    """Customers with a late debt of 100.00 each, which a provider says is paid; nothing is booked yet.

    :param int windows: so many payments of the same debt
    :return: ids of the transactions
    """
    env = self.env
    provider, today = make_provider(env), env.company._cobranca_today()
    due = today - timedelta(days=45)
    partners = env["res.partner"].create([{"name": f"Cliente {place}"} for place in range(number)])
    items = [
        (
            0,
            0,
            {
                "account_id": partner.property_account_receivable_id.id,
                "partner_id": partner.id,
                "balance": 100.0,
                "date_maturity": due,
            },
        )
        for partner in partners
    ]
    other = (0, 0, {"account_id": env.company.cobranca_service_account_id.id, "balance": -100.0 * number})
    move = env["account.move"].create({"move_type": "entry", "date": due, "line_ids": [*items, other]})
    move.action_post()
    made = self.browse()
    for line in move.line_ids.filtered("partner_id"):
        quote = env["cobranca.payment.quote"]._make(env.company, line.partner_id, line, source="online")
        for window in range(windows):
            made += self.create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider.with_context(active_test=False).payment_method_ids.id,
                    "reference": f"{quote.txid}-{window}",
                    "amount": quote.amount,
                    "currency_id": quote.currency_id.id,
                    "partner_id": line.partner_id.id,
                    "operation": "online_redirect",
                    **env["cobranca.online.payment"]._prepare_transaction(quote),
                }
            )
    made._set_done()
    return made.ids


def process(self, ids):
    """As the customer's page does when it asks how his payment went."""
    for transaction in self.browse(ids):
        if not transaction.is_post_processed:
            transaction._post_process()


def add_link_to_page():
    """Give the page of open payments what a browser test begins with."""
    from odoo.addons.cobranca_recorrente.models.cobranca_debt_page import CobrancaDebtPage

    CobrancaDebtPage.make_link_for_test = make_link


def make_link(self):
    """A company that is late with two invoices, and takes its payments by the provider of the tests.

    :return: (path of its link, path of the payment of both, ids of the lines, amount)
    """
    env = self.env
    company, today = env.company, env.company._cobranca_today()
    demo = env.ref("payment.payment_provider_demo")
    demo.write({"state": "test", "is_published": True})
    demo.payment_method_ids.active = True
    customer = env["res.partner"].create(
        {"name": "Padaria Aurora Ltda", "vat": "11.444.777/0001-61", "is_company": True, "lang": "pt_BR"}
    )
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": today - timedelta(days=days + 10),
                "invoice_date_due": today - timedelta(days=days),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [(0, 0, {"name": "Mensalidade", "price_unit": price, "tax_ids": [(5, 0, 0)]})],
            }
            for days, price in ((40, 500.0), (10, 300.0))
        ]
    )
    invoices.action_post()
    lines = invoices._cobranca_get_debts_to_receive()
    [address] = env["cobranca.debt.link"]._make_links(
        [(company.id, customer.id, lines.ids, today + timedelta(days=14))]
    )
    quote = env["cobranca.payment.quote"]._make(company, customer, lines, source="page")
    path = f"/my/pagamentos/{address.rpartition('/')[2]}"
    return [path, f"{path}/online/{quote.txid}", lines.ids, quote.amount]
