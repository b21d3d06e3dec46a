from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .receipt_common import FINE, INTEREST, RECEIVABLE, ReceiptCommon

CHARGES = {"interest": 5.90, "fine": 2.00}
TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestChargeMemo(ReceiptCommon):
    """What stayed open of charges when the invoice was paid is owed, told and received like the rest."""

    def paid_invoice(self, charges=None, **values):
        line = self.invoice(100.0, **values)
        money = self.money(100.0, partner=line.partner_id)
        self.receive(money, line, order="principal", charges={line: charges or CHARGES})
        return line

    def open_memos(self, line):
        return self.env["cobranca.charge"].search([("line_id", "in", line.ids), ("state", "=", "open")])

    def summary(self, partner=None, day=TODAY):
        return (partner or self.customer).with_user(self.collector)._cobranca_get_debt_summary(day)

    # === TOLD === #

    def test_summary(self):
        line = self.paid_invoice()
        found = self.summary()
        figures = {name: float(found[name]) for name in ("open", "overdue", "charges", "charge_memo_amount", "total")}
        self.assertEqual(
            figures, {"open": 0.0, "overdue": 0.0, "charges": 0.0, "charge_memo_amount": 7.90, "total": 7.90}
        )
        self.assertEqual((found["charge_memos"], found["days_late"]), (self.open_memos(line), 0))
        self.assertEqual(found["charge_memos"].env.user, self.collector)
        self.assertEqual(self.customer.with_user(self.collector).cobranca_debt_total, 7.90)
        self.assertEqual(self.summary(day=date(2026, 2, 18))["total"], 0, "not yet paid on that day")
        other = self.invoice(50.0, "2026-04-20", invoice_date="2026-03-01")
        self.assertEqual(float(self.summary()["total"]), 57.90)
        self.assertEqual(self.summary()["lines"], other)
        self.open_memos(line).with_user(self.supervisor)._waive("Agreed")
        self.assertEqual(self.summary()["charge_memo_amount"], 0)
        self.assertFalse(self.summary()["charge_memos"])

    def test_many_customers_at_once(self):
        self.paid_invoice()
        self.paid_invoice({"fine": 1.0}, partner=self.other)
        found = (self.customer | self.other)._cobranca_get_debt_summaries(TODAY)
        self.assertEqual([float(found[each]["total"]) for each in (self.customer, self.other)], [7.90, 1.0])

    def test_words_of_the_invoice(self):
        line = self.paid_invoice()
        shown = line.move_id.with_user(self.collector)._cobranca_get_debt_page()
        self.assertEqual((shown["amount"], shown["has_more"], shown["is_one"]), (7.90, True, True))
        [told] = shown["lines"]
        self.assertEqual(
            told["sentences"],
            [f"Fine and interest still open of invoice {line.move_id.name}, paid on 02/19/2026."],
        )
        self.assertEqual([part["label"] for part in told["parts"]], ["Fine", "Interest"])
        move = line.move_id.with_user(self.collector)
        self.assertTrue(move.cobranca_has_debt)
        self.assertIn("paid on 02/19/2026", move.cobranca_debt_html)

    def test_words_of_the_customer(self):
        line = self.paid_invoice({"correction": 1.0, **CHARGES})
        shown = self.customer.with_user(self.collector)._cobranca_get_debt_page(TODAY)
        self.assertEqual(shown["amount"], 8.90)
        self.assertIn("Fine, interest, and correction still open", shown["lines"][0]["sentences"][0])
        partner = self.customer.with_user(self.collector)
        self.assertIn(line.move_id.name, partner.cobranca_debts_html)
        text = " ".join(partner.cobranca_sentence.striptags().split())
        self.assertRegex(text, r"Charges open .*8\.90 of late charges of paid invoices is open\.")
        self.assertTrue(partner.cobranca_has_charge_memos)
        later = self.invoice(50.0, "2026-04-20", invoice_date="2026-03-01")
        partner.invalidate_recordset()
        text = " ".join(partner.cobranca_sentence.striptags().split())
        self.assertRegex(text, r"50\.00 open, none of it overdue\. .*8\.90 of late charges")
        self.assertIn(later.move_id.name, partner.cobranca_debts_html)

    def test_instalment_that_is_paid_is_told_once(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half",
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 90)],
            }
        )
        first, second = self.invoice(200.0, invoice_payment_term_id=term.id).sorted("date_maturity")
        self.receive(self.money(100.0), first, order="principal", charges={first: CHARGES})
        shown = first.move_id._cobranca_get_debt_page()
        self.assertEqual((len(shown["lines"]), shown["amount"]), (2, 107.90))
        self.assertFalse(second.reconciled)

    # === RECEIVED === #

    def receive_memos(self, charges, user=None, **values):
        user = user or self.supervisor
        action = charges.with_user(user).action_receive()
        wizard = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        wizard = wizard.create({"journal_id": self.bank.id, **values})
        return wizard, wizard.action_receive()

    def test_received_alone(self):
        line = self.paid_invoice()
        memos = self.open_memos(line)
        wizard, _action = self.receive_memos(memos, date="2026-03-20")
        self.assertEqual((wizard.partner_id, wizard.total, wizard.amount), (self.customer, 7.90, 7.90))
        self.assertEqual(set(memos.mapped("state")), {"paid"})
        self.assertEqual(
            self.items(memos.entry_id),
            {("ENCAR", RECEIVABLE): 7.90, ("ENCAR", INTEREST): -5.90, ("ENCAR", FINE): -2.0},
        )
        self.assertEqual((memos.credit_id.date, self.ledger()), (date(2026, 3, 20), 0.0))
        self.assertEqual(memos.credit_id.amount_residual, 0.0)
        self.assertEqual(self.summary()["total"], 0)
        with self.assertRaisesRegex(UserError, "not open any more"):
            wizard.action_receive()
        with self.assertRaisesRegex(UserError, "Nothing to receive"):
            memos.with_user(self.supervisor).action_receive()

    def test_a_part_and_too_much(self):
        line = self.paid_invoice()
        self.receive_memos(self.open_memos(line), amount=6.0)
        self.assertEqual(self.memos(line, "open"), {"fine": 1.90})
        self.assertEqual(self.memos(line, "paid"), {"interest": 5.90, "fine": 0.10})
        self.receive_memos(self.open_memos(line), amount=5.0)
        self.assertEqual((self.memos(line, "open"), self.ledger()), ({}, -3.10))
        with self.assertRaisesRegex(UserError, "Write how much"):
            self.receive_memos(self.open_memos(self.paid_invoice()), amount=0.0)

    def test_only_what_was_chosen(self):
        line = self.paid_invoice()
        fine = self.open_memos(line).filtered(lambda memo: memo.kind == "fine")
        self.receive_memos(fine)
        self.assertEqual((self.memos(line, "open"), self.memos(line, "paid")), ({"interest": 5.90}, {"fine": 2.0}))

    def test_from_the_customer_and_from_the_invoice(self):
        lines = self.paid_invoice() | self.paid_invoice()
        of_customer = self.customer.with_user(self.supervisor).action_cobranca_receive_charges()
        self.assertEqual(set(of_customer["context"]["default_charge_ids"]), set(self.open_memos(lines).ids))
        of_invoice = lines[0].move_id.with_user(self.supervisor).action_cobranca_receive_charges()
        self.assertEqual(set(of_invoice["context"]["default_charge_ids"]), set(self.open_memos(lines[0]).ids))
        action = of_customer["context"]
        with Form(self.env["cobranca.charge.receive"].with_user(self.supervisor).with_context(**action)) as form:
            self.assertEqual((form.total, form.amount), (15.80, 15.80))
        other = self.paid_invoice(partner=self.other)
        with self.assertRaisesRegex(UserError, "one customer"):
            self.open_memos(lines[0] | other).with_user(self.supervisor).action_receive()

    def test_by_a_collector_who_registers_payments(self):
        groups = "cobranca_recorrente.cobranca_group_collector,account.group_account_invoice"
        user = new_test_user(self.env, "till", groups, lang="en_US")
        line = self.paid_invoice()
        self.receive_memos(self.open_memos(line), user)
        self.assertEqual(self.memos(line, "paid"), CHARGES)
