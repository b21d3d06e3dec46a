"""Methods for the process tests of cards on file, added inside the worker processes."""


def add_to_engine(url):
    """Give the engine what the tests prepare customers with, and Odoo a payment provider that is called by HTTP.

    :param str url: address of the provider
    """
    # Not at the top: only a process with Odoo has it.
    from odoo.addons.cobranca_recorrente.models.cobranca_card_consent import CobrancaCardConsent
    from odoo.addons.cobranca_recorrente.models.cobranca_card_engine import CobrancaCardEngine
    from odoo.addons.cobranca_recorrente.models.cobranca_card_transaction import CobrancaCardTransaction
    from odoo.addons.payment.models.payment_provider import PaymentProvider
    from odoo.addons.payment.models.payment_transaction import PaymentTransaction

    CobrancaCardEngine.make_world_for_test = make_world_for_test
    CobrancaCardEngine.pay_for_test = pay_for_test
    CobrancaCardEngine._claim_for_test = claim_for_test
    CobrancaCardEngine.go_on_for_test = go_on_for_test
    CobrancaCardConsent.accept_for_test = accept_for_test
    PaymentProvider._build_request_url = lambda _provider, endpoint, **_options: f"{url}{endpoint}"
    PaymentProvider._parse_response_error = lambda _provider, response: response.text
    PaymentProvider._parse_response_content = lambda _provider, response, **_options: response.json()
    PaymentTransaction._send_payment_request = send
    PaymentTransaction._extract_amount_data = lambda _transaction, data: {
        "amount": data["amount"],
        "currency_code": data["currency"],
    }
    PaymentTransaction._apply_updates = apply_updates
    CobrancaCardTransaction._cobranca_ask_provider = ask


def send(self):
    answer = self._send_api_request(
        "POST",
        "/charges",
        json={
            "reference": self.reference,
            "amount": self.amount,
            "currency": self.currency_id.name,
            "card": self.token_id.provider_ref,
        },
    )
    self._process(self.provider_code, answer)


def ask(self):
    answer = self._send_api_request("GET", f"/charges/{self.reference}")
    self._process(self.provider_code, answer)
    return True


def apply_updates(self, data):
    self.provider_reference = data["reference"]
    {"paid": self._set_done, "processing": self._set_pending}.get(data["status"], lambda: self._set_error("refused"))()


def make_world_for_test(self, number):
    """A company that charges cards, and so many customers with a saved card and a debt of 100 that falls due today.

    :return: ids of the customers
    """
    env = self.env
    company = env.company
    company.write({"cobranca_card_enabled": True, "cobranca_card_hour": 0, "cobranca_statement_guard": "never"})
    provider = env["payment.provider"].search([("name", "=", "HTTP test")]) or make_provider(env)
    method = env["payment.method"].search([("code", "=", "test_card")])
    run = env["res.partner"].search_count([("name", "like", "Cartão %")])
    partners = env["res.partner"].create([{"name": f"Cartão {run}-{place}"} for place in range(number)])
    Mandate = env["cobranca.card.mandate"]
    for partner in partners:
        token = env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "partner_id": partner.id,
                "payment_details": "4242",
                "provider_ref": f"card-{partner.id}",
            }
        )
        Mandate._accept(company, partner, token, Mandate._get_card_page(company, partner)["text_hash"])
    make_debts(env, partners)
    return partners.ids


def make_provider(env):
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    env["payment.method"].create({"name": "Cartão", "code": "test_card"})
    provider = env["payment.provider"].create(
        {"name": "HTTP test", "code": "none", "state": "test", "company_id": env.company.id}
    )
    provider.journal_id = bank
    account = env["account.account"].create(
        {"name": "Cartões a receber", "code": "199991", "account_type": "asset_current", "reconcile": True}
    )
    way = bank.inbound_payment_method_line_ids.filtered(lambda item: item.payment_provider_id == provider)
    way = way or bank.inbound_payment_method_line_ids[:1].copy({"journal_id": bank.id})
    way.write({"payment_provider_id": provider.id, "payment_account_id": account.id, "name": "HTTP test"})
    return provider


def make_debts(env, partners):
    from datetime import timedelta

    today = env.company._cobranca_today()
    items = [
        {
            "account_id": partner.property_account_receivable_id.id,
            "partner_id": partner.id,
            "balance": 100.0,
            "date_maturity": today,
        }
        for partner in partners
    ]
    income = {"account_id": env.company.cobranca_service_account_id.id, "balance": -100.0 * len(partners)}
    move = env["account.move"].create(
        {
            "move_type": "entry",
            "date": today - timedelta(days=10),
            "line_ids": [(0, 0, values) for values in (*items, income)],
        }
    )
    move.action_post()
    move.line_ids.no_followup = False


def pay_for_test(self, partner_ids):
    """All that these customers owe is paid in another way."""
    from billing.dunning import pay_for_test as pay

    pay(self, partner_ids)


def claim_for_test(self, partner_id):
    """Claim a charge and leave it, as a process that is stopped would."""
    mandate = self.env["cobranca.card.mandate"].search([("partner_id", "=", partner_id), ("state", "=", "active")])
    return self._claim(self.env.company, self.env.company._cobranca_today(), mandate.id).ids


def go_on_for_test(self, charge_id):
    """What a run does with what it has claimed and committed.

    :return: bool, was it done?
    """
    from unittest.mock import patch

    charge = self.env["cobranca.card.charge"].browse(charge_id)
    with patch.object(type(self), "_claim", lambda *_arguments: charge):
        return self._cron_charge_one(charge.company_id, charge.date, charge.mandate_id.id)


def accept_for_test(self, partner_id):
    """A customer authorises his saved card."""
    company, partner = self.env.company, self.env["res.partner"].browse(partner_id)
    token = self._get_tokens(company, partner)
    return self._accept(company, partner, token, self._get_card_page(company, partner)["text_hash"]).id


def die_around_call(when):
    """Let this process kill itself with SIGKILL at its first call of the provider.

    :param str when: `before` it, or `after` the answer came
    """
    import os
    import signal

    from odoo.addons.payment.models.payment_provider import PaymentProvider

    original = PaymentProvider._send_api_request

    def call(self, *arguments, **options):
        if when == "after":
            original(self, *arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    PaymentProvider._send_api_request = call
