from datetime import date
from decimal import Decimal

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.plan import Terms, make_plan
from .agency_money_common import TODAY, AgencyMoneyCommon

D = date.fromisoformat


@tagged("post_install", "-at_install")
class TestAgencyReceipt(AgencyMoneyCommon):
    """What agencies earn: the ledger of each scenario against second books."""

    # --- scenarios ---

    def test_parts_with_charges(self):
        """Fine and interest are of the debt; each part of a payment earns, to the cent."""
        self.place_both()
        first, second, _third = self.lines
        for line, amount, day in (
            (first, "33.37", "2026-11-23"),
            (first, "33.37", "2026-11-24"),
            (second, "1100.01", "2026-11-24"),
            (first, "1000.00", "2026-11-25"),
        ):
            self.receive_both(line, amount, D(day))
        self.check(D("2026-11-25"))
        self.assertTrue(self.env["cobranca.charge"].search([("line_id", "=", first.id), ("state", "=", "paid")]))
        # One payment over two debts is shared out by the books; together it is the payment.
        credit = self.receive(first | second, 300.0, D("2026-11-26"))
        with self.on("2026-11-26"):
            rows = self.Ledger._collect(self.company)
        self.assertEqual(set(rows.mapped("credit_ref")), {credit.id})
        self.assertEqual(self.company.currency_id.round(sum(rows.mapped("amount"))), 300.0)

    def test_before_and_after(self):
        """Money dated before the placement earns nothing, whenever it is booked; nor what was never placed."""
        self.place_both(self.lines[:2])
        self.receive_both(self.lines[0], "100.00", D("2026-11-18"))
        self.receive_both(self.lines[0], "200.00", D("2026-11-19"))
        self.receive_both(self.lines[2], "50.00", D("2026-11-20"))
        self.check(D("2026-11-20"))

    def test_recall_and_tail(self):
        placement = self.place_both()
        self.receive_both(self.lines[0], "100.00", D("2026-11-20"))
        self.end_both(placement, "recalled", D("2026-11-25"))
        self.assertEqual(placement.earns_until, D("2026-12-10"))
        self.receive_both(self.lines[0], "200.00", D("2026-12-10"))
        self.receive_both(self.lines[1], "300.00", D("2026-12-11"))
        self.check(D("2026-12-11"))
        # Terms that change later change nothing of what ended.
        self.agency.tail_days = 60
        self.assertFalse(self.check(D("2026-12-12")))

    def test_returned_has_no_tail(self):
        placement = self.place_both()
        self.end_both(placement, "returned", D("2026-11-25"))
        self.receive_both(self.lines[0], "200.00", D("2026-11-25"))
        self.receive_both(self.lines[0], "200.00", D("2026-11-26"))
        self.check(D("2026-11-26"))

    def test_taken_out_alone(self):
        """A disputed debt earns no more, the others of the customer do."""
        placement = self.place_both()
        with self.on("2026-11-25"):
            self.env["cobranca.dispute"]._record(self.lines[1], 1290.0, "service", description="No bread")
        self.oracle.end("one", self.lines[1].ids, D("2026-11-25"), "dispute")
        self.assertEqual(placement.state, "active")
        self.receive_both(self.lines[1], "80.00", D("2026-11-26"))
        self.receive_both(self.lines[0], "90.00", D("2026-11-26"))
        self.check(D("2026-11-26"))

    def test_two_agencies(self):
        """The tail of the first ends when the second begins; on that day the first had it."""
        placement = self.place_both(self.lines[:2])
        self.end_both(placement, "recalled", D("2026-11-23"))
        self.place_both(self.lines[0], self.rival, 15, D("2026-11-26"))
        for line, amount, day in (
            (self.lines[0], "10.00", "2026-11-25"),
            (self.lines[0], "20.00", "2026-11-26"),
            (self.lines[0], "30.00", "2026-11-27"),
            (self.lines[1], "40.00", "2026-11-27"),
        ):
            self.receive_both(line, amount, D(day))
        self.check(D("2026-11-27"))
        self.assertEqual(set(self.Ledger.search([]).agency_id), {self.agency, self.rival})

    def test_chargeback_after_the_statement(self):
        self.place_both()
        credit = self.receive_both(self.lines[0], "400.00", D("2026-11-23"))
        self.receive_both(self.lines[1], "500.00", D("2026-11-24"))
        november = self.state_both(D("2026-12-01"), D("2026-11-30"))
        with self.on("2026-12-05"):
            november.with_user(self.supervisor)._send()
            self.Receipt._charge_back(credit, D("2026-12-05"), "Bounced")
        self.oracle.take_back(credit.id, D("2026-12-06"))
        [row] = self.check(D("2026-12-06"))
        self.assertEqual((row.kind, row.amount, row.commission), ("reversal", -400.0, -60.0))
        # What was sent stays; the reversal is of the next month, here more than what came in.
        self.assertEqual(november.amount_received, 900.0)
        december = self.state_both(D("2027-01-01"), D("2026-12-31"))
        self.assertEqual((december.amount_commission, november.receipt_count), (-60.0, 2))
        # The same money comes again: a third row.
        self.receive_both(self.lines[0], "400.00", D("2026-12-08"))
        self.check(D("2026-12-08"))

    def test_payment_is_deleted(self):
        """Nothing of it is left but the ledger, which says that it went back."""
        self.place_both()
        credit = self.receive_both(self.lines[0], "400.00", D("2026-11-23"))
        self.check(D("2026-11-23"))
        self.oracle.take_back(credit.id, D("2026-11-24"))
        payment = credit.move_id.origin_payment_id
        name = credit.move_name
        with self.on("2026-11-24"):
            payment.action_draft()
            payment.unlink()
        [row] = self.check(D("2026-11-24"))
        self.assertEqual((row.credit_name, row.kind), (name, "reversal"))

    def test_credits_earn_nothing(self):
        """Credit notes, discounts and what is written off are no cash."""
        self.place_both()
        first, second, third = self.lines
        refund = first.move_id._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])
        refund.action_post()
        if not first.reconciled:
            (refund.line_ids.filtered(lambda line: line.account_id == first.account_id) | first).reconcile()
        with self.on("2026-11-23"):
            for line, kind in ((second, "discount"), (third, "loss")):
                self.Receipt._receive(
                    self.env["account.move.line"], line, D("2026-11-23"), charges={}, concessions={line: {kind: 100.0}}
                )
        self.receive_both(second, "50.00", D("2026-11-24"))
        self.check(D("2026-11-24"))
        self.assertTrue(first.reconciled)
        self.assertEqual(self.Ledger.search([]).mapped("amount"), [50.0])

    def test_other_receivable_account(self):
        """Money is carried to the account of the debt by an entry of ours: it is the same money."""
        self.place_both()
        other = self.lines.account_id.copy({"code": "1.01.01.04.99", "name": "Other customers"})
        self.bakery.property_account_receivable_id = other
        credit = self.receive_both(self.lines[0], "70.00", D("2026-11-24"))
        self.assertEqual(credit.account_id, other)
        [row] = self.check(D("2026-11-24"))
        self.assertEqual((row.credit_ref, row.credit_name), (credit.id, credit.move_name))

    def test_agreement(self):
        """Installments are cash, the transfer is not; a break moves nothing, and the debts earn again."""
        placement = self.place_both()
        Agreement = self.env["cobranca.agreement"]
        parts = Agreement._get_parts(self.lines, TODAY)
        terms = Terms({"fine": Decimal(100)}, Decimal("500.00"), 3, "none", Decimal(0), TODAY)
        agreement = Agreement._sign(self.company, self.bakery, make_plan(parts, terms), self.lines, TODAY)
        items = agreement.installment_ids.sorted("due").line_id
        self.assertLessEqual(set(items.ids), set(placement.line_ids.line_id.ids))
        self.oracle.place("one", items.ids, 15, TODAY)
        self.assertFalse(self.check())
        self.receive_both(items[0], "500.00", TODAY)
        # The second installment, paid late with its fine.
        late = items[1].date_maturity.replace(day=28)
        self.receive_both(items[1], "900.00", late)
        [_entry, row] = self.check(late).sorted("date")
        self.assertIn(agreement.name, row.debt_name)
        with self.on(late):
            agreement.with_user(self.supervisor)._break(late, "Not paid")
        self.assertFalse(self.check(late), "the money of the agreement pays the debts: nothing came in")
        line = self.lines.filtered(lambda line: not line.reconciled)[:1]
        self.receive_both(line, "60.00", late)
        self.check(late)

    def test_money_to_the_agency(self):
        """Customers paid on the day on which the agency got it; when it passes on, nothing new came in."""
        self.agency.money_to = "agency"
        placement = self.place_both(self.lines[:1])
        day = D("2026-11-24")
        with self.on(day):
            with self.assertRaisesRegex(AccessError, "supervisor"):
                self.agency.with_user(self.collector)._receive_money(placement, 500.0, day)
            with self.assertRaisesRegex(UserError, "owed"):
                self.agency.with_user(self.supervisor)._receive_money(placement, 5000.0, day)
            entries = self.agency.with_user(self.supervisor)._receive_money(placement, 500.0, day)
        held = entries.sudo().line_ids.filtered(
            lambda item: item.account_id == self.company.cobranca_agency_money_account_id
        )
        self.assertEqual((held.balance, held.partner_id), (500.0, self.agency.partner_id))
        credit = held.move_id.line_ids - held
        self.oracle.pay(credit.id, self.lines[0].id, "500.00", day)
        self.check(day)
        passed = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": D("2026-11-27"),
                "line_ids": [
                    (0, 0, {"account_id": self.bank.default_account_id.id, "debit": 425.0}),
                    (0, 0, {"account_id": held.account_id.id, "partner_id": held.partner_id.id, "credit": 425.0}),
                ],
            }
        )
        passed.action_post()
        (held | passed.line_ids.filtered("credit")).reconcile()
        self.check(D("2026-11-27"))
        statement = self.state_both(D("2026-12-01"), D("2026-11-30"))
        self.assertEqual(statement.amount_transfer, 425.0)

    # --- guards ---

    def test_rows_stay(self):
        self.place_both()
        self.receive_both(self.lines[0], "10.00", TODAY)
        [row] = self.check()
        for call in (lambda: row.write({"amount": 1.0}), row.unlink):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                call()
        with self.assertRaises(AccessError):
            self.Ledger.with_user(self.admin).search([])
        self.assertEqual(row.with_user(self.collector).amount, 10.0)
        values = row.copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.Ledger.create({**values, "agency_id": self.agency.id, "turn": row.turn})
