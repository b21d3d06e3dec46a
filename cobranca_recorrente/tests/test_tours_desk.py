from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestToursDesk(CobrancaCommon, HttpCase):
    """The collector's day in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.case"].search([]).state = "closed"
        cls.today = cls.company._cobranca_today()
        cls.first = cls.make_late_customer("Amélia Teste", "390.533.447-05", 900.0)
        cls.second = cls.make_late_customer("Bento Teste", "168.995.350-09", 400.0)
        cls.env["cobranca.case"]._refresh(cls.company, cls.first | cls.second)

    @classmethod
    def make_late_customer(cls, name, document, amount):
        """A customer whose invoice of this amount is 40 days late."""
        customer = cls.make_customer(name, document)
        due = cls.today - timedelta(days=40)
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": amount, "tax_ids": [Command.clear()]})
                ],
            }
        )
        invoice.action_post()
        return customer

    def promise_of(self, customer):
        return self.env["cobranca.promise"].search([("partner_id", "=", customer.id)])

    def pay(self, customer):
        lines = customer._cobranca_get_debts()
        amount = float(sum(charges.total for charges in lines._cobranca_get_debts(self.today).values()))
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": customer.id,
                "amount": amount,
                "date": self.today,
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1)
                .id,
            }
        )
        payment.action_post()
        (payment.move_id.line_ids.filtered(lambda line: line.account_id == lines.account_id) + lines).reconcile()

    def let_the_days_pass(self, promise):
        """The promised day is over, and nobody paid."""
        self.env.flush_all()
        past = self.today - timedelta(days=5)
        self.env.execute_query(
            SQL(
                "UPDATE cobranca_promise SET date = %s, date_limit = %s WHERE id = %s RETURNING id",
                past,
                past,
                promise.id,
            )
        )
        self.env.execute_query(
            SQL("UPDATE cobranca_hold SET date_to = date_from WHERE res_id = %s RETURNING id", promise.id)
        )
        self.env.invalidate_all()
        promise._decide()

    def test_from_the_queue_to_a_kept_and_a_broken_promise(self):
        """Both are promised in the browser; one pays, the other does not."""
        self.start_tour("/odoo/fila", "cobranca_desk_two_promises", login="collector")
        self.env.invalidate_all()
        kept, broken = self.promise_of(self.first), self.promise_of(self.second)
        self.assertEqual((kept.state, kept.user_id), ("open", self.collector))
        self.assertEqual((broken.state, broken.amount), ("open", 100.0))
        self.assertEqual(self.first.cobranca_interaction_ids.note, "Recebe na sexta")

        self.pay(self.first)
        self.assertEqual(kept.state, "kept")
        self.let_the_days_pass(broken)
        self.assertEqual(broken.state, "broken")
        cases = self.env["cobranca.case"]._refresh(self.company, self.first | self.second)
        self.assertEqual(cases.mapped(lambda case: (case.partner_id, case.why)), [(self.second, "promise_broken")])

    def test_who_broke_his_promise_comes_first(self):
        """Who has paid is not in the queue; what was registered by a key can be taken back."""
        Promise = self.env["cobranca.promise"].with_user(self.collector)
        lines = self.second._cobranca_get_debts()
        broken = Promise._record(lines, self.today + timedelta(days=2), 100.0).sudo()
        self.pay(self.first)
        self.let_the_days_pass(broken)
        self.env["cobranca.case"]._refresh(self.company, self.first | self.second)
        self.start_tour("/odoo/fila", "cobranca_desk_broken_promise", login="collector")
        self.env.invalidate_all()
        last = self.env["cobranca.interaction"].search([("partner_id", "=", self.second.id)], limit=1)
        self.assertEqual(last.outcome, "no_answer")
        self.assertTrue(last.retracted_on)

    def test_onboarding(self):
        self.start_tour("/odoo", "cobranca_desk_tour", login="collector")
        self.assertFalse(self.env["cobranca.interaction"].search([("user_id", "=", self.collector.id)]))
