from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import psycopg2.errors

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

from ..models.cobranca_company_policy import FIRST, ON

GROUP = "cobranca_recorrente.cobranca_group_"
CPF = "529.982.247-25"
OTHER_CPF = "111.444.777-35"
CRON = "cobranca_recorrente.ir_cron_cobranca_invoice_delivery"
FOLLOW = "cobranca_recorrente.ir_cron_cobranca_delivery_follow"


@contextmanager
def lost_races(model, method, count=1):
    """The first calls of a method lose a race, as when somebody pays at that moment.

    :param model: class
    :return: list of the arguments of its calls
    """
    original, calls = getattr(model, method), []

    def lose(*arguments, **options):
        calls.append(arguments)
        if len(calls) <= count:
            raise psycopg2.errors.SerializationFailure
        return original(*arguments, **options)

    with patch.object(model, method, lose):
        yield calls


class CobrancaCommon(TransactionCase):
    """A Brazilian company, its people, a customer and a product; no demo data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company = cls.env.company
        cls.company.partner_id.lang = "en_US"
        cls.company.write(
            # Tests of other subjects bill old periods, and whatever amount, at will.
            {
                "cobranca_tz": "America/Sao_Paulo",
                "cobranca_issue_lead_days": 10,
                "cobranca_max_catch_up": 120,
                "cobranca_outlier_percent": 0,
            }
        )
        cls.collector = new_test_user(cls.env, "collector", GROUP + "collector", lang="en_US")
        cls.supervisor = new_test_user(cls.env, "supervisor", GROUP + "supervisor", lang="en_US")
        cls.manager = new_test_user(cls.env, "manager", GROUP + "manager", lang="en_US")
        cls.customer = cls.make_customer("Ana Lindoso", CPF)
        cls.product = cls.make_product("Monthly fee", 350.0)

    @classmethod
    def charge_by(cls, policy):
        """The terms of the company, as if they had been there before the first invoice."""
        cls.company.with_context(**{FIRST: ON}).cobranca_charge_policy_id = policy

    @classmethod
    def make_customer(cls, name, document, **values):
        return cls.env["res.partner"]._cobranca_find_or_create(document, {"name": name, "lang": "en_US", **values})

    @classmethod
    def make_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "service", "list_price": price, "taxes_id": [Command.clear()], **values}
        )

    @classmethod
    def make_contract(cls, activate=True, **values):
        """A monthly contract of one line, due on the 10th, from 2026-01-01."""
        contract = cls.env["cobranca.contract"].create(
            {
                "partner_id": cls.customer.id,
                "date_start": "2026-01-01",
                "due_day": 10,
                "line_ids": [Command.create({"product_id": cls.product.id})],
                **values,
            }
        )
        if activate:
            contract._update_state(("draft",), "active")
        return contract


class MoneyCommon(CobrancaCommon):
    """Posted invoices and the money that pays them, on the days of a class."""

    issued = first_due = date(2026, 1, 5)
    paid_on = date(2026, 2, 19)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receipt = cls.env["cobranca.receipt"]
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.other = cls.make_customer("Bruno Sá", OTHER_CPF)

    def invoice(self, amount, due=None, partner=None, **values):
        """The receivable line of a posted invoice, without `due` of the first due date."""
        due = fields.Date.to_date(due or self.first_due)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "journal_id": self.company.cobranca_contract_journal_id.id,
                "invoice_date": min(due, self.issued),
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Fee",
                            "price_unit": amount,
                            "account_id": self.company.cobranca_service_account_id.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def payment(self, amount, day=None, partner=None, **values):
        """A posted payment of a customer."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.customer).id,
                "amount": amount,
                "date": day or self.paid_on,
                "journal_id": self.bank.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def money(self, amount, day=None, partner=None, **values):
        """The credit that a payment of a customer leaves on his account."""
        return self.payment(amount, day, partner, **values).move_id._cobranca_get_credits()


class DeliveryCommon(CobrancaCommon):
    """A company that can send: with a mail server and an address; the customer has one too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.env["ir.mail_server"].search([]).active = False
        cls.server = cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.company.email = "cobranca@example.com"
        cls.company.write({"cobranca_nfse_required": False, "cobranca_send_with_nfse": False})
        cls.customer.email = "ana@example.com"
        # No queue of another database's leftovers: only the invoices of a test wait.
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE account_move SET cobranca_delivery_state = NULL")
        cls.env.invalidate_all()
        Report = type(cls.env["ir.actions.report"])
        cls.startClassPatcher(patch.object(Report, "get_wkhtmltopdf_state", lambda *_arguments: "ok"))
        # Whether something listens on this machine must not decide a test.
        cls.startClassPatcher(
            patch.object(type(cls.env["cobranca.invoice.delivery"]), "_listens", lambda *_arguments: False)
        )

    def bill(self, **values):
        """The posted invoice of a new contract, queued by the billing run."""
        contract = self.make_contract(**{"send_invoices": True, **values})
        return self.env["cobranca.contract.billing"]._bill(contract)

    def run_cron(self, xmlid=CRON):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def mails_of(self, move):
        """The rows of the mail queue that carry an invoice."""
        return self.env["mail.mail"].search([("model", "=", "account.move"), ("res_id", "in", move.ids)])

    def assert_delivery(self, move, state, reason=False):
        self.assertEqual((move.cobranca_delivery_state, move.cobranca_delivery_reason), (state, reason))
