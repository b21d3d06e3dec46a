from datetime import date

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.cobranca_receipt import Receipt
from .receipt_common import (
    ADVANCE,
    DISCOUNT,
    FINE,
    INTEREST,
    PAID,
    RECEIVABLE,
    ReceiptCommon,
)

CHARGES = {"interest": 5.90, "fine": 2.00}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestReceipt(ReceiptCommon):
    """Every case with its entries: what came in is principal, charges or credit, and nothing else."""

    def test_pix_with_charges(self):
        line, credit = self.invoice(100.0), self.money(107.90)
        moves = self.receive(credit, line, charges={line: CHARGES})
        self.assertEqual(
            self.items(moves),
            {("ENCAR", RECEIVABLE): 7.90, ("ENCAR", INTEREST): -5.90, ("ENCAR", FINE): -2.00},
        )
        self.assertEqual(moves.date, PAID)
        self.assertEqual(line.move_id.payment_state, "paid")
        self.assertEqual(credit.move_id.origin_payment_id.state, "paid")
        self.assertTrue(line.reconciled and credit.reconciled)
        self.assertEqual(len({line.matching_number, credit.matching_number}), 1)
        self.assertEqual(self.ledger(), 0.0)
        self.assertEqual(self.memos(line), CHARGES)
        charge = self.env["cobranca.charge"].search([("line_id", "=", line.id)], limit=1)
        self.assertEqual((charge.state, charge.entry_id, charge.credit_id), ("paid", moves, credit))
        self.assertEqual((charge.partner_id, charge.move_id), (self.customer, line.move_id))

    def test_partial_payments(self):
        """PP01: 300 on 1 000 after 45 days, the rest 15 days later."""
        line = self.invoice(1000.0)
        moves = self.receive(self.money(300.0), line, charges={line: {"interest": 15.0, "fine": 20.0}})
        self.assertEqual(self.items(moves)[("ENCAR", RECEIVABLE)], 35.0)
        self.assertEqual((line.amount_residual, line.move_id.payment_state), (735.0, "partial"))
        later = date(2026, 3, 6)
        moves = self.receive(self.money(738.68, later), line, later, charges={line: {"interest": 3.68}})
        self.assertEqual(self.items(moves), {("ENCAR", RECEIVABLE): 3.68, ("ENCAR", INTEREST): -3.68})
        self.assertEqual((line.amount_residual, self.ledger()), (0.0, 0.0))
        self.assertEqual(self.memos(line, "paid"), {"interest": 18.68, "fine": 20.0})

    def test_principal_only(self):
        line, credit = self.invoice(100.0), self.money(100.0)
        moves = self.receive(credit, line, order="principal", charges={line: CHARGES})
        self.assertFalse(moves)
        self.assertEqual((line.move_id.payment_state, self.ledger()), ("paid", 0.0))
        self.assertEqual(self.memos(line, "open"), CHARGES)

    def test_charge_left_open_is_paid_later(self):
        line = self.invoice(100.0)
        self.receive(self.money(100.0), line, order="principal", charges={line: CHARGES})
        first = self.money(4.0)
        moves = self.receive(first, line, charges=None)
        self.assertEqual(self.items(moves), {("ENCAR", RECEIVABLE): 4.0, ("ENCAR", INTEREST): -4.0})
        self.assertEqual(self.memos(line, "open"), {"interest": 1.90, "fine": 2.0})
        second = self.money(10.0)
        self.receive(second, line, charges=None)
        self.assertEqual((self.memos(line, "open"), self.memos(line, "paid")), ({}, CHARGES))
        self.assertEqual((second.amount_residual, self.ledger()), (-6.10, -6.10))
        self.assertFalse(self.receive(second, line, charges=None))

    def test_charges_first_leaves_principal_open(self):
        line = self.invoice(100.0)
        moves = self.receive(self.money(100.0), line, charges={line: CHARGES})
        self.assertEqual(self.items(moves)[("ENCAR", RECEIVABLE)], 7.90)
        self.assertEqual((line.move_id.payment_state, line.amount_residual), ("partial", 7.90))
        self.assertFalse(self.memos(line, "open"))

    def test_one_pix_for_two_invoices(self):
        first, second = self.invoice(100.0), self.invoice(200.0, "2026-01-12")
        charges = {first: {"interest": 2.0, "fine": 2.0}, second: {"interest": 2.0, "fine": 4.0}}
        moves = self.receive(self.money(250.0), first | second, charges=charges)
        self.assertEqual(sorted(moves.line_ids.filtered("partner_id").mapped("balance")), [4.0, 6.0])
        self.assertEqual((first.amount_residual, second.amount_residual), (0.0, 60.0))

    def test_principal_first_of_all_debts(self):
        """Where principal comes first, no charge is paid while any principal is open."""
        first, second = self.invoice(100.0), self.invoice(100.0, "2026-01-12")
        charges = {first: {"fine": 2.0}, second: {"fine": 2.0}}
        self.receive(self.money(201.0), first | second, order="principal", charges=charges)
        self.assertTrue(first.reconciled and second.reconciled)
        self.assertEqual(self.memos(first | second, "paid"), {"fine": 1.0})
        self.assertEqual(self.memos(first, "open"), {"fine": 1.0})
        self.assertEqual(self.memos(second, "open"), {"fine": 2.0})

    def test_overpayment_is_a_credit(self):
        line, credit = self.invoice(100.0), self.money(150.0)
        self.receive(credit, line, charges={line: CHARGES})
        self.assertEqual((credit.amount_residual, self.ledger()), (-42.10, -42.10))
        # It pays the next invoice.
        another = self.invoice(40.0, "2026-04-10")
        self.receive(credit, another)
        self.assertEqual((another.amount_residual, credit.amount_residual), (0.0, -2.10))

    def test_overpayment_as_advance(self):
        line, credit = self.invoice(100.0), self.money(150.0)
        moves = self.receive(credit, line, charges={line: CHARGES}, leftover="advance")
        self.assertEqual(self.items(moves)[("ENCAR", ADVANCE)], -42.10)
        self.assertEqual((credit.amount_residual, self.ledger()), (0.0, 0.0))

    def test_punctuality_discount(self):
        line, credit = self.invoice(100.0), self.money(90.0)
        moves = self.receive(credit, line, concessions={line: {"discount": 10.0}})
        self.assertEqual(self.items(moves), {("ENCAR", DISCOUNT): 10.0, ("ENCAR", RECEIVABLE): -10.0})
        closing = moves.line_ids.filtered("partner_id")
        self.assertEqual(closing.date_maturity, line.date_maturity)
        self.assertEqual((line.move_id.payment_state, self.ledger()), ("paid", 0.0))
        self.assertEqual(self.memos(line, "paid"), {"discount": 10.0})

    def test_waived_charges_are_no_income(self):
        line, half = self.invoice(100.0), self.invoice(100.0)
        self.assertFalse(self.receive(self.money(100.0), line))
        moves = self.receive(self.money(102.95), half, charges={half: {"interest": 2.95}})
        self.assertEqual(self.items(moves), {("ENCAR", RECEIVABLE): 2.95, ("ENCAR", INTEREST): -2.95})
        self.assertEqual((line.move_id.payment_state, half.move_id.payment_state), ("paid", "paid"))

    def test_principal_forgiven(self):
        line = self.invoice(100.0)
        moves = self.receive(line.browse(), line, concessions={line: {"discount": 30.0}})
        self.assertEqual(self.items(moves), {("ENCAR", DISCOUNT): 30.0, ("ENCAR", RECEIVABLE): -30.0})
        self.assertEqual((line.amount_residual, line.move_id.payment_state), (70.0, "partial"))
        with self.assertRaisesRegex(UserError, "Only R\\$.70.00 of .* is open"):
            self.receive(line.browse(), line, concessions={line: {"discount": 71.0}})

    def test_two_receivable_accounts(self):
        """Money follows the customer's account of now, the old invoice has the one before."""
        old = self.invoice(50.0)
        account = self.receivable.copy({"code": "1.01.02.02.01.01", "name": "Clientes"})
        self.customer.property_account_receivable_id = account
        new, credit = self.invoice(100.0, "2026-01-12"), self.money(157.90)
        self.assertNotEqual(old.account_id, credit.account_id)
        moves = self.receive(credit, old | new, charges={old: CHARGES})
        self.assertEqual(
            self.items(moves.filtered(lambda move: move.journal_id.code == "RENEG")),
            {("RENEG", account.code): 57.90, ("RENEG", RECEIVABLE): -57.90},
        )
        self.assertTrue(old.reconciled and new.reconciled and credit.reconciled)
        self.assertEqual(set((moves.line_ids.filtered("partner_id")).mapped("amount_residual")), {0.0})

    def test_second_call_books_nothing(self):
        line, credit = self.invoice(100.0), self.money(107.90)
        self.receive(credit, line, charges={line: CHARGES})
        before = self.env["account.move.line"].search_count([])
        self.assertFalse(self.receive(credit, line, charges={line: CHARGES}))
        self.assertEqual(self.env["account.move.line"].search_count([]), before)
        self.assertEqual(self.memos(line), CHARGES)
        line, credit = self.invoice(100.0), self.money(90.0)
        for _time in range(2):
            moves = self.receive(credit, line, concessions={line: {"discount": 10.0}})
        self.assertFalse(moves)

    def test_two_cents_are_nobody_s_debt(self):
        for amount, interest in ((107.89, 5.89), (107.92, 5.92), (107.90, 5.90)):
            line, credit = self.invoice(100.0), self.money(amount)
            self.receive(credit, line, charges={line: CHARGES})
            self.assertTrue(line.reconciled and credit.reconciled, amount)
            self.assertEqual(self.memos(line, "paid"), {"interest": interest, "fine": 2.0})
            self.assertFalse(self.memos(line, "open"))
        line, credit = self.invoice(100.0), self.money(99.98)
        moves = self.receive(credit, line)
        self.assertEqual(self.items(moves), {("ENCAR", DISCOUNT): 0.02, ("ENCAR", RECEIVABLE): -0.02})
        self.assertTrue(line.reconciled and credit.reconciled)
        line, credit = self.invoice(100.0), self.money(99.97)
        self.assertFalse(self.receive(credit, line))
        self.assertEqual(line.amount_residual, 0.03)

    def test_batch_has_one_entry(self):
        receipts, lines = [], self.env["account.move.line"]
        for number in range(5):
            line, credit = self.invoice(100.0 + number), self.money(107.90 + number)
            receipts.append(Receipt(credit, line, PAID, charges={line: CHARGES}))
            lines |= line
        moves = self.receipt._receive_all(receipts)
        self.assertEqual(len(moves), 1)
        self.assertEqual(self.items(moves)[("ENCAR", INTEREST)], -29.50)
        self.assertEqual(set(lines.move_id.mapped("payment_state")), {"paid"})
        self.assertEqual(self.ledger(), 0.0)

    def test_batch_pays_one_debt_by_two_credits(self):
        """Two Pix of a day for one invoice: the second finds what the first has left."""
        line = self.invoice(100.0)
        first, second = self.money(60.0), self.money(50.0)
        moves = self.receipt._receive_all(
            [Receipt(credit, line, PAID, charges={line: CHARGES}) for credit in (first, second)]
        )
        self.assertEqual(len(moves), 1)
        self.assertEqual((line.amount_residual, second.amount_residual), (0.0, -2.10))
        self.assertEqual(self.memos(line, "paid"), CHARGES)

    # === BAD INPUT === #

    def test_foreign_currency_is_refused(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        line = self.invoice(100.0, currency_id=dollar.id)
        credit = self.money(100.0)
        with self.assertRaisesRegex(UserError, "is in USD: charges are received in BRL only"):
            self.receive(credit, line)
        self.assertEqual((line.amount_residual_currency, credit.amount_residual), (100.0, -100.0))

    def test_closed_period_is_told(self):
        line, credit = self.invoice(100.0), self.money(107.90)
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-02-28")
        with self.assertRaisesRegex(UserError, "closed until 02/28/2026: charges of 02/19/2026 cannot be booked"):
            self.receive(credit, line, charges={line: CHARGES})
        self.receive(credit, line, date(2026, 3, 2), charges={line: CHARGES})
        self.assertTrue(line.reconciled)

    def test_what_is_no_money_or_no_debt_is_told(self):
        line, credit = self.invoice(100.0), self.money(100.0)
        with self.assertRaisesRegex(UserError, "is no debt"):
            self.receive(credit, credit)
        with self.assertRaisesRegex(UserError, "is no money received"):
            self.receive(line, line)
        with self.assertRaisesRegex(UserError, "zero or more"):
            self.receive(credit, line, charges={line: {"fine": -1.0}})
        with self.assertRaisesRegex(UserError, "the day"):
            self.receive(credit, line, None)
        product_line = line.move_id.line_ids - line
        with self.assertRaisesRegex(UserError, "not on a receivable account"):
            self.receive(credit, product_line)
        line.move_id.button_draft()
        with self.assertRaisesRegex(UserError, "not posted"):
            self.receive(credit, line)
        self.assertEqual(credit.amount_residual, -100.0)

    def test_other_company_is_told(self):
        other = self.env["res.company"].create({"name": "Other", "country_id": self.env.ref("base.br").id})
        self.env["account.chart.template"].try_loading("br", company=other, install_demo=False)
        account = self.customer.with_company(other).property_account_receivable_id
        income = other.with_company(other).cobranca_service_account_id
        entry = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "entry",
                    "date": PAID,
                    "line_ids": [
                        Command.create({"account_id": account.id, "partner_id": self.customer.id, "balance": 10.0}),
                        Command.create({"account_id": income.id, "balance": -10.0}),
                    ],
                }
            )
        )
        entry.action_post()
        theirs = entry.line_ids.filtered(lambda item: item.account_id == account)
        with self.assertRaisesRegex(UserError, "of one company"):
            self.receive(self.money(10.0), theirs)
