from datetime import date

from odoo import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .receipt_common import PAID, ReceiptCommon

# Due on Monday 5 January, 2 % of fine and 1 % of interest a month.
AFTER_45_DAYS = 103.50


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestPaymentDialog(ReceiptCommon):
    """“Pay” proposes what customers' invoices amount to on the day of the payment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of the accounting, without a part in Cobrança.
        cls.biller = new_test_user(cls.env, "biller", "account.group_account_invoice", lang="en_US")

    def dialog(self, lines, user=None):
        model = self.env["account.payment.register"].with_user(user or self.biller)
        form = Form(model.with_context(active_model="account.move.line", active_ids=lines.ids))
        form.journal_id = self.bank
        form.payment_date = PAID
        return form

    def pay(self, form):
        return form.save()._create_payments()

    def text(self, form):
        return " ".join(form.cobranca_parts_html.striptags().split())

    # === ONE INVOICE === #

    def test_with_charges(self):
        line = self.invoice(100.0)
        form = self.dialog(line)
        self.assertEqual((form.amount, form.cobranca_choice), (AFTER_45_DAYS, "charges"))
        self.assertRegex(self.text(form), r"Open amount R\$ ?100\.00 Fine R\$ ?2\.00 Interest R\$ ?1\.50 On 02/19/2026")
        self.assertEqual(form.payment_difference, 0.0)
        self.pay(form)
        self.assertEqual((line.move_id.payment_state, self.ledger()), ("paid", 0.0))
        self.assertEqual((self.memos(line, "paid"), self.memos(line, "open")), ({"fine": 2.0, "interest": 1.5}, {}))

    def test_principal_only(self):
        line = self.invoice(100.0)
        form = self.dialog(line)
        form.cobranca_choice = "principal"
        self.assertEqual((form.amount, form.payment_difference), (100.0, 0.0))
        self.assertRegex(self.text(form), r"3\.50 stays open\.")
        form.cobranca_choice = "charges"
        self.assertEqual(form.amount, AFTER_45_DAYS)
        form.cobranca_choice = "principal"
        self.pay(form)
        self.assertEqual(line.move_id.payment_state, "paid")
        self.assertEqual(self.memos(line, "open"), {"fine": 2.0, "interest": 1.5})

    def test_the_day_of_the_payment(self):
        form = self.dialog(self.invoice(100.0))
        for day, amount in (("2026-01-05", 100.0), ("2026-01-06", 102.03), ("2026-03-06", 104.0)):
            form.payment_date = date.fromisoformat(day)
            self.assertEqual(form.amount, amount, day)
        form.payment_date = date(2026, 1, 5)
        self.assertFalse(form.cobranca_parts_html, "nothing to choose on the due date")

    def test_amount_by_hand(self):
        line = self.invoice(100.0)
        form = self.dialog(line)
        form.amount = 50.0
        form.payment_date = date(2026, 3, 6)
        self.assertEqual((form.amount, form.payment_difference), (50.0, 54.0))
        form.payment_date = PAID
        form.cobranca_choice = "principal"
        self.assertEqual(form.amount, 100.0, "chosen again")
        form.amount = 50.0
        self.pay(form)
        self.assertEqual(line.amount_residual, 53.50)

    def test_amount_by_who_opens_the_dialog(self):
        line = self.invoice(100.0)
        model = self.env["account.payment.register"].with_context(active_model="account.move.line", active_ids=line.ids)
        form = Form(model.with_context(default_amount=30.0))
        self.assertEqual(form.amount, 30.0)
        form.cobranca_choice = "principal"
        self.assertEqual(form.amount, 100.0)

    def test_the_company_decides_what_is_proposed(self):
        settings = self.env["cobranca.settings"].with_user(self.manager).create({})
        self.assertEqual(settings.cobranca_payment_choice, "charges")
        settings.cobranca_payment_choice = "principal"
        settings.action_save()
        form = self.dialog(self.invoice(100.0))
        self.assertEqual((form.amount, form.cobranca_choice), (100.0, "principal"))

    def test_discount(self):
        self.env["cobranca.charge.policy"].search([]).version_ids.discount_ids.unlink()
        policy = self.env["cobranca.charge.policy"].create(
            {
                "name": "Early",
                "version_ids": [Command.create({"discount_ids": [Command.create({"days_before": 0, "percent": 10})]})],
            }
        )
        self.customer.cobranca_charge_policy_id = policy
        line = self.invoice(100.0)
        form = self.dialog(line)
        form.payment_date = date(2026, 1, 5)
        self.assertEqual(form.amount, 90.0)
        self.assertIn("Punctuality discount", self.text(form))
        self.pay(form)
        self.assertEqual((line.move_id.payment_state, self.memos(line, "paid")), ("paid", {"discount": 10.0}))

    def test_charges_that_were_paid_or_waived_are_not_proposed(self):
        line = self.invoice(100.0)
        with freeze_time(f"{PAID} 15:00:00"):
            self.env["cobranca.charge"].with_user(self.supervisor)._waive_accrued(line, PAID, "Agreed", ("fine",))
        self.assertEqual(self.dialog(line).amount, 101.50)

    # === SEVERAL === #

    def test_grouped(self):
        lines = self.invoice(100.0) | self.invoice(200.0) | self.invoice(300.0, "2026-05-05")
        form = self.dialog(lines)
        form.group_payment = True
        self.assertEqual(form.amount, 610.50)
        self.pay(form)
        self.assertEqual(set(lines.move_id.mapped("payment_state")), {"paid"})
        self.assertEqual(self.ledger(), 0.0)

    def test_each_its_payment(self):
        lines = self.invoice(100.0) | self.invoice(200.0)
        form = self.dialog(lines)
        form.group_payment = False
        payments = self.pay(form)
        self.assertEqual(sorted(payments.mapped("amount")), [AFTER_45_DAYS, 207.0])
        self.assertEqual((set(lines.move_id.mapped("payment_state")), self.ledger()), ({"paid"}, 0.0))

    def test_several_customers(self):
        lines = self.invoice(100.0) | self.invoice(200.0, partner=self.other) | self.invoice(50.0, partner=self.other)
        form = self.dialog(lines)
        self.assertEqual(form.amount, 362.25)
        form.group_payment = True
        payments = self.pay(form)
        self.assertEqual(
            {payment.partner_id: payment.amount for payment in payments}, {self.customer: 103.5, self.other: 258.75}
        )
        self.assertEqual((self.ledger(), self.ledger(self.other)), (0.0, 0.0))
        form = self.dialog(self.invoice(100.0) | self.invoice(200.0, partner=self.other))
        form.cobranca_choice = "principal"
        self.assertEqual(form.amount, 300.0)
        self.assertEqual(sorted(self.pay(form).mapped("amount")), [100.0, 200.0])

    def test_instalments(self):
        """What is overdue is proposed with its charges; the whole is one click away, as Odoo has it."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half",
                "line_ids": [Command.create({"value": "percent", "value_amount": 50, "nb_days": d}) for d in (0, 120)],
            }
        )
        lines = self.invoice(200.0, invoice_date="2026-01-05", invoice_payment_term_id=term.id)
        form = self.dialog(lines)
        self.assertEqual((form.installments_mode, form.amount), ("overdue", AFTER_45_DAYS))
        self.assertEqual(form.installments_switch_amount, 203.50)
        form.amount = 203.50
        self.assertEqual((form.installments_mode, form.payment_difference), ("full", 0.0))
        self.pay(form)
        self.assertEqual((lines.move_id.payment_state, self.ledger()), ("paid", 0.0))

    # === AS ODOO HAS IT === #

    def test_other_documents(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        vendor = {"move_type": "in_invoice", "invoice_date": "2026-01-05"}
        bill = self.env["account.move"].create(
            {
                **vendor,
                "partner_id": self.other.id,
                "l10n_latam_document_number": "1",
                "invoice_date_due": "2026-01-05",
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": 100.0, "tax_ids": [Command.clear()]})
                ],
            }
        )
        bill.action_post()
        payable = bill.line_ids.filtered(lambda line: line.account_id.account_type == "liability_payable")
        foreign = self.invoice(100.0, currency_id=dollar.id)
        for line in (payable, foreign, self.invoice(100.0, move_type="out_refund")):
            form = self.dialog(line)
            self.assertEqual(form.amount, abs(line.amount_residual_currency))
            self.assertFalse(form.cobranca_parts_html)

    def test_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.2})
        self.biller.group_ids |= self.env.ref("base.group_multi_currency")
        form = self.dialog(self.invoice(100.0))
        form.currency_id = dollar
        self.assertEqual(form.amount, 20.0)
        self.assertFalse(form.cobranca_parts_html)
        form.currency_id = self.company.currency_id
        self.assertEqual(form.amount, AFTER_45_DAYS)
