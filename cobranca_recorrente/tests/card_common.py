from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time

from .common import OTHER_CPF
from .debt_common import DebtCommon

NOW = datetime(2026, 11, 10, 15)  # a Tuesday, noon in São Paulo


class CardCommon(DebtCommon):
    """A company that charges cards, a customer with a saved card and a debt of 100 that falls due on 10 November."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(NOW)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.env["cobranca.card.mandate"].search([])._end("staff")
        cls.company.write(
            {
                "cobranca_card_enabled": True,
                "cobranca_card_hour": 8,
                "cobranca_card_retry_days": "2, 5",
                "cobranca_card_month_limit": 8,
                "cobranca_statement_guard": "never",
                "email": "cobranca@example.org",
                "phone": "+55 11 3333-4444",
                "vat": "11.222.333/0001-81",
                "street": "Rua A, 1",
                "city": "São Paulo",
            }
        )
        cls.charge_by(cls.make_policy("all", fine_percent=2.0, interest_percent=1.0))
        cls.customer.email = "ana@example.com"
        cls.other = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com")
        bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1)
        cls.method = cls.env["payment.method"].create({"name": "Cartão", "code": "test_card"})
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test", "company_id": cls.company.id}
        )
        cls.make_way_to_book(bank)
        cls.token = cls.make_token(cls.customer)
        cls.Engine = cls.env["cobranca.card.engine"]
        cls.Charge = cls.env["cobranca.card.charge"]
        cls.Mandate = cls.env["cobranca.card.mandate"]
        with freeze_time("2026-10-01 15:00:00"):
            cls.mandate = cls.authorise()
        cls.line = cls.owe(100.0, "2026-11-10")
        cls.env.flush_all()

    @classmethod
    def owe(cls, *arguments, **values):
        """Odoo does not follow up what is on no invoice unless somebody says so."""
        line = super().owe(*arguments, **values)
        line.no_followup = False
        return line

    @classmethod
    def make_way_to_book(cls, bank):
        """Payments of this provider get an entry, as those of a provider that is set up."""
        cls.provider.journal_id = bank
        account = cls.env["account.account"].create(
            {"name": "Cartões a receber", "code": "199991", "account_type": "asset_current", "reconcile": True}
        )
        way = bank.inbound_payment_method_line_ids.filtered(
            lambda item: item.payment_provider_id == cls.provider
        ) or bank.inbound_payment_method_line_ids[:1].copy({"journal_id": bank.id})
        way.write({"payment_provider_id": cls.provider.id, "payment_account_id": account.id, "name": "Test"})

    @classmethod
    def make_token(cls, partner, details="4242"):
        return cls.env["payment.token"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.method.id,
                "partner_id": partner.id,
                "payment_details": details,
                "provider_ref": f"card-{details}",
            }
        )

    @classmethod
    def authorise(cls, token=None, customer=None, user=None, **values):
        Mandate = cls.env["cobranca.card.mandate"]
        page = Mandate._get_card_page(cls.company, customer or cls.customer)
        return Mandate.with_user(user or cls.env.user)._accept(
            cls.company, customer or cls.customer, token or cls.token, page["text_hash"], **values
        )

    def on(self, day, hour=15):
        return freeze_time(f"{day} {hour:02}:00:00")

    @contextmanager
    def provider_that(self, answers):
        """A provider that answers each call in turn: a state, an exception, or a function of the transaction.

        :return: list of the transactions that it was sent
        """
        sent, left = [], list(answers)

        def send(transaction):
            sent.append(transaction)
            answer = left.pop(0) if left else "done"
            if callable(answer):
                answer(transaction)
            elif isinstance(answer, BaseException):
                raise answer
            elif answer == "done":
                transaction._set_done()
            elif answer == "pending":
                transaction._set_pending()
            elif answer:
                transaction.cobranca_decline_reason = reasons.get(answer, answer)
                transaction._set_error(reasons.get(answer, answer))

        reasons = {"hard": "stolen_card", "soft": "insufficient_funds"}

        def classify(transaction):
            found = {reason: kind for kind, reason in reasons.items()}
            return found.get(transaction.cobranca_decline_reason or "", "unknown")

        registry = type(self.env["payment.transaction"])
        with (
            patch.object(registry, "_send_payment_request", send),
            patch.object(registry, "_cobranca_get_decline_class", classify),
        ):
            yield sent

    def run_cron(self, *answers):
        """One run of the scheduler.

        :return: the transactions that were sent
        """
        with self.provider_that(answers) as sent, self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_card").method_direct_trigger()
        self.env.invalidate_all()
        return [self.env["payment.transaction"].browse(transaction.id) for transaction in sent]

    def charges(self, line=None):
        items = self.env["cobranca.card.charge.line"].search([("line_id", "=", (line or self.line).id)])
        return items.charge_id.sorted("id")

    @staticmethod
    def lost():
        """What Odoo makes of a call without an answer."""
        error = ValidationError("Could not establish the connection to the payment provider.")
        error.__context__ = requests.exceptions.ReadTimeout("timed out")
        return error

    @staticmethod
    def refused_by_call(status=402):
        error = ValidationError("The payment provider rejected the request.")
        response = requests.Response()
        response.status_code = status
        error.__context__ = requests.exceptions.HTTPError(response=response)
        return error

    def invoice(self, amount, due, customer=None):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or self.customer).id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": amount, "tax_ids": [Command.clear()]})
                ],
            }
        )
        move.action_post()
        return move
