from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.cobranca_agreement_guard import BY_AGREEMENT
from .agreement_common import (
    DISCOUNT,
    FINANCING,
    FINE,
    FIRST_DUE,
    INTEREST,
    OUTSTANDING,
    RECEIVABLE,
    SECOND_DUE,
    SIGNED,
    TODAY,
    UNEARNED,
    AgreementCommon,
)

# 35 days after the first installment.
BROKEN = date(2026, 6, 10)
FIRST_INSTALLMENT = date(2026, 5, 6)
REASON = "Installments were not paid"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementBreak(AgreementCommon):
    """The original debts are open again, with what was paid on them, as of the day on which it was paid."""

    def paying(self, imputation="charges"):
        """The worked case with 289.18 paid when it was signed, and 100.00 of the first installment."""
        self.company.sudo().cobranca_agreement_imputation = imputation
        lines = self.debts()
        agreement = self.worked(lines)
        with freeze_time("2026-05-06 15:00:00"):
            self.pay(self.installment(agreement, 0).line_id, 289.18)
            self.pay(self.installment(agreement, 1).line_id, 100.0, FIRST_INSTALLMENT)
        return agreement, lines

    def break_it(self, agreement, day=BROKEN, **values):
        with freeze_time(f"{day} 15:00:00"):
            return agreement.with_user(self.supervisor)._break(day, REASON, **values).with_env(self.env)

    def charges(self, line, day=BROKEN):
        found = line._cobranca_read_debts(day)[line].charges
        return float(found.principal), float(found.fine), float(found.interest)

    def test_principal_first(self):
        agreement, lines = self.paying("principal")
        self.break_it(agreement)
        self.assertEqual(self.books(), {RECEIVABLE: -389.18, OUTSTANDING: 389.18})
        self.assertEqual(lines.mapped("amount_residual"), [610.82, 585.0])
        self.assertEqual(self.open_lines(), [(FIRST_DUE, 610.82), (SECOND_DUE, 585.0)])
        self.assertEqual(lines.move_id.mapped("payment_state"), ["partial", "not_paid"])
        # 30.00 until the agreement on 1,000; 7.11 until the second payment on 710.82; 7.13 since on 610.82.
        self.assertEqual(self.charges(lines[0]), (610.82, 20.0, 44.24))
        self.assertEqual(self.charges(lines[1]), (585.0, 11.7, 21.45))
        self.assert_clean_transit()

    def test_charges_first(self):
        agreement, lines = self.paying("charges")
        self.break_it(agreement)
        # 289.18 pays 30.00 and 20.00, then principal; 100.00 pays 7.61 of interest on 760.82 for 30 days.
        self.assertEqual(self.books(), {RECEIVABLE: -331.57, OUTSTANDING: 389.18, INTEREST: -37.61, FINE: -20.0})
        self.assertEqual(lines.mapped("amount_residual"), [668.43, 585.0])
        self.assertEqual(self.memos(lines, "paid"), {"interest": 37.61, "fine": 20.0})
        self.assertEqual(self.charges(lines[0]), (668.43, 0.0, 7.80))
        self.assertEqual(self.charges(lines[1]), (585.0, 11.7, 21.45))

    def test_received_open_and_conceded_are_all(self):
        """What came in and what is open is what was owed, with its charges: nothing is lost or made."""
        agreement, lines = self.paying("charges")
        self.break_it(agreement)
        self.assertEqual(self.company.currency_id.round(389.18 + 1253.43 - 57.61), 1585.0)
        self.assertEqual(self.ledger(), 1253.43)

    def test_entry(self):
        agreement, lines = self.paying("principal")
        mirror = self.break_it(agreement)
        self.assertEqual((mirror.date, mirror.journal_id.code, agreement.mirror_id), (BROKEN, "RENEG", mirror))
        self.assertEqual(
            sorted(self.items(mirror)),
            sorted(
                [
                    (INTEREST, 19.39, BROKEN),
                    (DISCOUNT, -158.5, BROKEN),
                    (UNEARNED, 34.94, BROKEN),
                    (RECEIVABLE, 1000.0, FIRST_DUE),
                    (RECEIVABLE, 585.0, SECOND_DUE),
                    (RECEIVABLE, -138.33, FIRST_INSTALLMENT),
                    *((RECEIVABLE, -238.33, date(2026, month, 6)) for month in (6, 7, 8, 9)),
                    (RECEIVABLE, -289.18, SIGNED),
                    (RECEIVABLE, -100.0, FIRST_INSTALLMENT),
                ]
            ),
        )
        self.assertTrue(all(mirror.line_ids.filtered("account_id.reconcile").mapped("reconciled")))
        for origin in agreement.origin_ids:
            matched = origin.mirror_line_id.matched_credit_ids
            self.assertEqual(matched.credit_move_id, origin.transfer_line_id)
            self.assertFalse(origin.is_live)
        self.assertEqual(agreement.move_id.payment_state, "paid")
        self.assertEqual(agreement.move_id.cobranca_agreement_status, "broken")
        self.assertEqual(set(agreement.installment_ids.filtered("number").mapped("state")), {"void"})
        self.assertEqual(set(lines.move_id.mapped("cobranca_agreement_status")), {False})

    def test_interest_that_was_earned_goes_back(self):
        agreement, lines = self.paying("principal")
        with freeze_time("2026-06-01 15:00:00"):
            agreement._recognize(self.company, date(2026, 5, 31))
        self.assertEqual(self.books()[FINANCING], -19.07)
        mirror = self.break_it(agreement)
        self.assertIn((FINANCING, 19.07, BROKEN), self.items(mirror))
        self.assertIn((UNEARNED, 15.87, BROKEN), self.items(mirror))
        self.assertEqual(self.books(), {RECEIVABLE: -389.18, OUTSTANDING: 389.18})
        self.assertFalse(self.Agreement._get_to_recognize(self.company))

    def test_late_charges_of_installments_count_for_the_debts(self):
        self.company.sudo().cobranca_agreement_imputation = "principal"
        lines = self.debts()
        agreement = self.worked(lines)
        day = date(2026, 5, 21)
        first = self.installment(agreement, 1).line_id
        with freeze_time("2026-05-21 15:00:00"):
            # 15 days late: 4.77 of fine, 1.19 of interest.
            self.pay(first, 244.29, day)
        self.assertEqual(self.books()[FINE], -4.77)
        mirror = self.break_it(agreement)
        self.assertIn((RECEIVABLE, -244.29, day), self.items(mirror))
        self.assertEqual(self.books(), {RECEIVABLE: -244.29, OUTSTANDING: 244.29})
        self.assertEqual(lines.mapped("amount_residual"), [755.71, 585.0])
        self.assertEqual(
            (self.memos(first, "paid"), self.memos(first, "undone")), ({}, {"fine": 4.77, "interest": 1.19})
        )

    def test_books_closed_past_the_signing(self):
        agreement, lines = self.paying("principal")
        for name in ("fiscalyear_lock_date", "hard_lock_date"):
            self.company.sudo()[name] = date(2026, 5, 31)
        self.break_it(agreement)
        self.assertEqual(self.books(), {RECEIVABLE: -389.18, OUTSTANDING: 389.18})
        self.assertEqual(lines.mapped("amount_residual"), [610.82, 585.0])
        dates = self.env["account.move"].search([("cobranca_agreement_id", "=", agreement.id)]).mapped("date")
        self.assertEqual(set(dates), {SIGNED, BROKEN})

    def test_nothing_was_paid(self):
        lines = self.debts()
        agreement = self.worked(lines)
        self.break_it(agreement)
        self.assertEqual(self.books(), {})
        self.assertEqual(lines.mapped("amount_residual"), [1000.0, 585.0])
        self.assertEqual(self.charges(lines[0], SIGNED), (1000.0, 20.0, 30.0))

    def test_more_was_paid_than_the_debts_cost(self):
        """Interest of many installments can be more than charges: what is too much is the customer's."""
        self.company.sudo().cobranca_agreement_imputation = "principal"
        line = self.invoice(100.0, SIGNED)
        self.start()
        agreement = self.sign(line, down="90", count=5, method="simple", rate="50", next=FIRST_INSTALLMENT)
        # 10 at 50 % a month for 5 months: 7.00 each.
        self.pay(self.installment(agreement, 0).line_id, 90.0)
        with freeze_time("2026-05-06 15:00:00"):
            self.pay(self.installment(agreement, 1).line_id, 7.0, FIRST_INSTALLMENT)
        with freeze_time("2026-06-05 15:00:00"):
            self.pay(self.installment(agreement, 2).line_id, 7.0, date(2026, 6, 5))
        self.break_it(agreement)
        self.assertEqual(line.amount_residual, 0.0)
        # 3.00 close the principal, then 0.20 of fine on what was open and 0.10 + 0.03 of interest: the rest is his.
        self.assertEqual(self.memos(line, "paid"), {"fine": 0.2, "interest": 0.13})
        self.assertEqual((self.ledger(), self.books()[RECEIVABLE]), (-3.67, -103.67))

    def test_reminders_go_on(self):
        agreement, lines = self.paying()
        self.assertTrue(self.env["cobranca.hold"].search([("line_id", "in", lines.ids), ("state", "=", "active")]))
        self.break_it(agreement)
        with freeze_time(f"{BROKEN} 15:00:00"):
            holds = self.env["cobranca.hold"].search([("line_id", "in", lines.ids), ("state", "=", "active")])
        self.assertFalse(holds)
        found = self.env["account.move.line"]._cobranca_search_open_lines(
            self.company, BROKEN, self.env["cobranca.hold"]._get_hold_condition(BROKEN, "line")
        )
        self.assertEqual(found & lines, lines)

    def test_the_same_again_changes_nothing(self):
        agreement, _lines = self.paying()
        mirror = self.break_it(agreement)
        before = self.books()
        self.assertEqual(self.break_it(agreement), mirror)
        self.assertEqual(self.books(), before)

    def test_no_second_entry_behind_the_lock(self):
        agreement, _lines = self.paying()
        mirror = self.break_it(agreement)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            copied = mirror.copy()
            copied.with_context(**BY_AGREEMENT).write(
                {
                    "cobranca_agreement_id": agreement.id,
                    "cobranca_agreement_role": "break",
                    "cobranca_agreement_turn": mirror.cobranca_agreement_turn,
                }
            )
            self.env.flush_all()

    def test_rights_and_reason(self):
        agreement, _lines = self.paying()
        with self.assertRaisesRegex(AccessError, "supervisor"):
            agreement.with_user(self.collector)._break(BROKEN, REASON)
        with self.assertRaisesRegex(UserError, "Write why"):
            agreement.with_user(self.supervisor)._break(BROKEN, "  ")
        self.assertEqual(agreement.state, "active")

    def test_payments_are_told_once(self):
        agreement, _lines = self.paying()
        domain = [("partner_id", "=", self.customer.id), ("outcome", "=", "paid")]
        before = self.env["cobranca.interaction"].search_count(domain)
        self.break_it(agreement)
        self.assertEqual(self.env["cobranca.interaction"].search_count(domain), before)

    def test_cancelled(self):
        lines = self.debts()
        agreement = self.worked(lines)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            agreement.with_user(self.collector)._cancel(SIGNED, "Wrong customer")
        agreement.with_user(self.supervisor)._cancel(SIGNED, "Wrong customer")
        self.assertEqual((agreement.state, self.books()), ("cancelled", {}))
        with self.assertRaisesRegex(UserError, "is cancelled"):
            agreement.with_user(self.supervisor)._break(SIGNED, REASON)
        again = self.worked(lines)
        self.pay(self.installment(again, 0).line_id, 100.0)
        with self.assertRaisesRegex(UserError, "break it instead"):
            again.with_user(self.supervisor)._cancel(SIGNED, "Wrong customer")

    def test_two_receivable_accounts(self):
        self.company.sudo().cobranca_agreement_imputation = "principal"
        old = self.invoice(100.0)
        account = old.account_id.copy({"code": "1.01.02.02.01.01", "name": "Clientes"})
        self.customer.property_account_receivable_id = account
        self.start()
        agreement = self.sign(old, down="50", count=1, method="none", rate="0")
        self.pay(self.installment(agreement, 0).line_id, 50.0)
        self.break_it(agreement)
        self.assertEqual(self.books(), {RECEIVABLE: -50.0, OUTSTANDING: 50.0})
        self.assertEqual(self.open_lines(), [(FIRST_DUE, 50.0)])

    def test_not_of_who_has_perhaps_paid(self):
        """By hand neither, unless a manager does it."""
        agreement = self.worked()
        line = self.installment(agreement, 0).line_id

        def say_paid():
            self.env["cobranca.payment.claim"]._record(line, SIGNED, "pix")

        def pay_online():
            provider = self.env["payment.provider"].create({"name": "Test", "code": "none", "state": "test"})
            method = self.env["payment.method"].create({"name": "Cartão", "code": "test_card"})
            values = {"reference": "T1", "amount": 289.18, "currency_id": self.company.currency_id.id}
            people = {"provider_id": provider.id, "payment_method_id": method.id, "partner_id": self.customer.id}
            self.env["payment.transaction"].create(
                {**values, **people, "state": "pending", "invoice_ids": [Command.set(agreement.move_id.ids)]}
            )

        for prepare, words in (
            (lambda: self.money(289.18), "289.18 of 06/04 in the customer's favour"),
            (say_paid, "The customer says that he has paid"),
            (pay_online, "Cartão in progress"),
        ):
            with self.subTest(words), self.cr.savepoint() as case:
                prepare()
                with self.assertRaisesRegex(UserError, words):
                    agreement.with_user(self.supervisor)._break(SIGNED, REASON)
                self.assertEqual(agreement.state, "active")
                agreement.with_user(self.manager)._break(SIGNED, REASON)
                self.assertEqual(agreement.state, "broken")
                case.rollback()
            self.env.invalidate_all()
        agreement.with_user(self.supervisor)._break(SIGNED, REASON)
        self.assertEqual(agreement.state, "broken")

    def test_payment_goes_back_after_the_break(self):
        agreement, lines = self.paying("principal")
        payment = self.installment(agreement, 1).line_id.matched_credit_ids.credit_move_id
        self.break_it(agreement)
        with freeze_time("2026-06-15 15:00:00"):
            self.receipt._charge_back(payment, date(2026, 6, 15), "Taken back by the bank")
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(agreement.ended_on, BROKEN)
        self.assertEqual(lines.mapped("amount_residual"), [710.82, 585.0])
        self.assertEqual(self.open_lines(), [(FIRST_DUE, 710.82), (SECOND_DUE, 585.0)])
        self.assertEqual(self.books(), {RECEIVABLE: -289.18, OUTSTANDING: 289.18})
        self.assert_clean_transit()

    def test_histories_tell(self):
        agreement, lines = self.paying()
        self.break_it(agreement)
        for record in (agreement, *lines.move_id):
            self.assertTrue(any(REASON in (message.body or "") for message in record.message_ids))
        self.assertEqual((agreement.ended_on, agreement.ended_by_id), (BROKEN, self.supervisor))
