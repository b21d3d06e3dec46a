from ast import literal_eval
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .receipt_common import ReceiptCommon

TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestPaymentAfter(ReceiptCommon):
    """What people see after a payment: the register, money that is too much, money that went back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Line = cls.env["account.move.line"]
        for user in (cls.supervisor, cls.manager):
            user.group_ids += cls.env.ref("account.group_account_invoice")

    def interactions(self, outcome="paid", partner=None):
        return self.env["cobranca.interaction"].search(
            [("partner_id", "=", (partner or self.customer).id), ("outcome", "=", outcome)], order="id"
        )

    def tasks(self, kind):
        kind = self.env.ref(f"cobranca_recorrente.mail_activity_{kind}")
        return self.customer.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def late(self, line, day=TODAY):
        return line._cobranca_get_debts(day)[line]

    # --- the register ---

    def test_a_payment_is_written_into_the_register(self):
        first, second = self.invoice(100.0), self.invoice(50.0, due="2026-03-20")
        self.receive(self.money(150.0, TODAY), first | second, TODAY)
        [written] = self.interactions()
        self.assertEqual((written.channel, written.direction, written.user_id.id), ("system", "in", False))
        self.assertEqual(written.line_ids, first | second)
        self.assertIn("150.00", written.note)
        self.assertIn(first.move_name, written.note)
        self.assertIn(self.bank.name, written.note)

    def test_payments_of_many_are_told_apart(self):
        mine, theirs = self.invoice(100.0), self.invoice(70.0, partner=self.other)
        self.receive(self.money(100.0, TODAY), mine, TODAY)
        self.receive(self.money(70.0, TODAY, self.other), theirs, TODAY)
        self.assertEqual(len(self.interactions()), 1)
        self.assertEqual(self.interactions(partner=self.other).line_ids, theirs)

    def test_what_is_given_without_money_is_no_payment(self):
        line = self.invoice(100.0)
        self.receive(self.Line, line, TODAY, concessions={line: {"discount": 100.0}})
        self.assertFalse(self.interactions())

    # --- too much ---

    def pay_twice(self):
        line = self.invoice(100.0, due="2026-03-31")
        self.receive(self.money(100.0, TODAY), line, TODAY)
        again = self.money(130.0, TODAY)
        return line, again

    def test_too_much_is_a_task_once(self):
        line = self.invoice(100.0, due="2026-03-31")
        credit = self.money(130.0, TODAY)
        self.receive(credit, line, TODAY)
        [task] = self.tasks("overpaid")
        self.assertIn("30.00", task.summary)
        self.receive(credit, line, TODAY)
        self.assertEqual(self.tasks("overpaid"), task)

    def test_paid_twice_is_told_too(self):
        made = self.env["cobranca.payment.quote"]._make(self.company, self.customer, self.invoice(100.0))
        made._receive(self.money(made.amount, TODAY), TODAY)
        self.assertFalse(self.tasks("overpaid"))
        again = self.money(made.amount, TODAY)
        made._receive(again, TODAY)
        self.assertTrue(self.tasks("overpaid"))
        self.assertEqual(again.amount_residual, -made.amount)

    def test_a_credit_is_listed_and_used(self):
        _line, credit = self.pay_twice()
        domain = self.env.ref("cobranca_recorrente.cobranca_credit_action").domain
        listed = self.Line.search(literal_eval(domain))
        self.assertIn(credit, listed)
        self.assertEqual(credit.with_user(self.collector).cobranca_credit, 130.0)
        with self.assertRaisesRegex(UserError, "Nothing of Ana"):
            credit.with_user(self.supervisor).action_cobranca_use_credit()
        due = self.invoice(80.0, due="2026-02-10")
        cost = self.late(due).total
        credit.with_user(self.supervisor).action_cobranca_use_credit()
        self.assertTrue(due.reconciled)
        self.assertAlmostEqual(-credit.amount_residual, 130.0 - float(cost), 2)
        self.assertAlmostEqual(self.ledger(), credit.amount_residual, 2)

    def test_of_several_credits_what_can_be_used_is_used(self):
        _line, credit = self.pay_twice()
        theirs = self.money(50.0, TODAY, self.other)
        due = self.invoice(80.0, due="2026-02-10")
        told = (credit | theirs).with_user(self.supervisor).action_cobranca_use_credit()
        self.assertIn(f"Nothing of {self.other.name} is", told["params"]["message"])
        self.assertTrue(due.reconciled)
        self.assertEqual(theirs.amount_residual, -50.0)

    def test_a_credit_is_given_back_once(self):
        _line, credit = self.pay_twice()
        action = credit.with_user(self.supervisor).action_cobranca_return_credit()
        payment = self.env["account.payment"].browse(action["res_id"])
        self.assertEqual(
            (payment.payment_type, payment.amount, payment.partner_id, payment.state),
            ("outbound", 130.0, self.customer, "draft"),
        )
        again = credit.with_user(self.supervisor).action_cobranca_return_credit()
        self.assertEqual(again["res_id"], payment.id)
        payment.action_post()
        self.assertTrue(credit.reconciled)
        self.assertEqual(self.ledger(), 0.0)
        with self.assertRaisesRegex(UserError, "no open credit"):
            credit.with_user(self.supervisor).action_cobranca_return_credit()

    def test_who_may(self):
        line, credit = self.pay_twice()
        for method in ("action_cobranca_use_credit", "action_cobranca_return_credit"):
            with self.assertRaises(AccessError):
                getattr(credit.with_user(self.collector), method)()
            with self.assertRaisesRegex(UserError, "no open credit"):
                getattr(line.with_user(self.supervisor), method)()

    # --- taken back ---

    def taken_back(self, **settings):
        """A late invoice, paid with its charges on 2026-03-10 and taken back today."""
        self.company.write(settings)
        line = self.invoice(100.0, due="2026-02-27")
        day = date(2026, 3, 10)
        payment = self.payment(float(self.late(line, day).total), day)
        self.receive(payment.move_id._cobranca_get_credits(), line, day, charges=None)
        self.assertTrue(line.reconciled)
        payment.with_user(self.supervisor)._cobranca_charge_back(TODAY, "Golpe do boleto")
        return line

    def test_open_again_with_a_pause_and_a_task(self):
        line = self.taken_back()
        self.assertEqual(line.amount_residual, 100.0)
        [pause] = self.env["cobranca.hold"].search([("line_id", "=", line.id)])
        self.assertEqual((pause.reason, pause.date_from, pause.date_to), ("charge_back", TODAY, date(2026, 4, 2)))
        self.assertEqual(pause.note, "Golpe do boleto")
        [task] = self.tasks("charge_back")
        self.assertIn("Golpe do boleto", task.note)

    def test_the_time_while_it_counted_as_paid_costs_nothing(self):
        line = self.taken_back()
        before = self.late(line, date(2026, 3, 10))
        self.assertEqual(self.late(line).total, before.total)
        later = self.late(line, TODAY + timedelta(days=30)).total
        self.assertGreater(later, before.total)

    def test_as_the_company_wants_it(self):
        line = self.taken_back(cobranca_charge_back_days=0, cobranca_charge_back_forgives=False)
        self.assertFalse(self.env["cobranca.hold"].search([("line_id", "=", line.id)]))
        self.assertGreater(self.late(line).interest, self.late(line, date(2026, 3, 10)).interest)
        self.assertTrue(self.tasks("charge_back"))
