from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tests.common import lost_races

from .agreement_common import (
    DISCOUNT,
    FINANCING,
    INTEREST,
    OUTSTANDING,
    RECEIVABLE,
    SIGNED,
    TODAY,
    UNEARNED,
    AgreementCommon,
)

MONTH_ENDS = [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)]
# All that is left when everything was paid as agreed: 1,585.00 - 158.50 + 19.39 + 34.94.
PAID_IN_FULL = {
    RECEIVABLE: -1585.0,
    OUTSTANDING: 1480.83,
    DISCOUNT: 158.5,
    INTEREST: -19.39,
    FINANCING: -34.94,
}


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementLife(AgreementCommon):
    """Installments paid in time, in any order, too early or later than agreed."""

    def pay_installment(self, agreement, number, day):
        item = self.installment(agreement, number)
        with freeze_time(f"{day} 15:00:00"):
            self.pay(item.line_id, item.amount, day)

    def paid_twice(self, day=date(2026, 6, 6)):
        """The worked case after the down payment and two installments; the interest of May is booked."""
        agreement = self.worked()
        self.pay_installment(agreement, 0, SIGNED)
        self.pay_installment(agreement, 1, date(2026, 5, 6))
        with freeze_time("2026-06-01 15:00:00"):
            agreement._recognize(self.company, date(2026, 5, 31))
        self.pay_installment(agreement, 2, date(2026, 6, 6))
        return agreement

    def recognize(self, agreement, until):
        with freeze_time("2026-10-01 15:00:00"):
            return agreement._recognize(self.company, until)

    def test_paid_as_agreed(self):
        agreement = self.worked()
        for item in agreement.installment_ids.sorted("due"):
            self.pay_installment(agreement, item.number, item.due)
        self.assertEqual((agreement.state, agreement.paid_on), ("paid", date(2026, 9, 6)))
        self.recognize(agreement, date(2026, 9, 30))
        self.assertEqual(self.books(), PAID_IN_FULL)
        self.assertEqual((self.ledger(), agreement.amount_open), (0.0, 0.0))
        self.assertEqual(set(agreement.installment_ids.mapped("state")), {"paid"})

    def test_paid_in_any_order(self):
        agreement = self.worked()
        for number in (3, 0, 5, 1, 4, 2):
            self.pay_installment(agreement, number, SIGNED)
        self.assertEqual((agreement.state, agreement.paid_on), ("paid", SIGNED))
        # All is paid: there is no interest of months to come any more.
        self.recognize(agreement, SIGNED)
        self.assertEqual(self.books(), PAID_IN_FULL)

    def test_payment_that_goes_back(self):
        agreement = self.sign(self.debts(), down=None, count=0, method="none", rate="0")
        credit = self.pay(agreement.installment_ids.line_id, 1655.48)
        self.assertEqual(agreement.state, "paid")
        credit.remove_move_reconcile()
        self.assertEqual((agreement.state, agreement.paid_on), ("active", False))

    def test_more_than_one_installment_at_once(self):
        agreement = self.worked()
        lines = agreement.installment_ids.sorted("due").line_id
        credit = self.pay(lines, 1500.0)
        self.assertEqual((agreement.state, credit.amount_residual, self.ledger()), ("paid", -19.17, -19.17))

    # --- interest, month by month ---

    def test_interest_is_earned_by_days(self):
        agreement = self.worked()
        booked = []
        for until in MONTH_ENDS:
            move = self.recognize(agreement, until)
            self.assertEqual((move.date, move.journal_id.code), (until, "ENCAR"))
            booked.append(move.line_ids.filtered(lambda item: item.account_id.code == FINANCING).credit)
        # 11.57 × 24/30; the rest and 9.30 × 25/31; and so on: the sum of the last month is what is left.
        self.assertEqual(booked[:2], [9.26, 9.81])
        self.assertEqual(self.books()[UNEARNED], round(-34.94 + sum(booked), 2))
        last = self.recognize(agreement, date(2026, 9, 30))
        self.assertEqual(round(sum(booked) + last.line_ids[0].debit + last.line_ids[0].credit, 2), 34.94)
        self.assertNotIn(UNEARNED, self.books())

    def test_interest_is_booked_once(self):
        agreement = self.worked()
        self.recognize(agreement, MONTH_ENDS[1])
        before = self.books()
        self.assertFalse(self.recognize(agreement, MONTH_ENDS[1]))
        self.assertFalse(self.recognize(agreement, MONTH_ENDS[0]))
        self.assertEqual(self.books(), before)

    def test_interest_of_closed_months(self):
        """What was not booked in time is booked on the first day on which the books are open."""
        agreement = self.worked()
        self.company.sudo().fiscalyear_lock_date = date(2026, 6, 15)
        move = self.recognize(agreement, MONTH_ENDS[1])
        self.assertEqual((move.date, self.books()[FINANCING]), (date(2026, 6, 16), -19.07))
        self.company.sudo().hard_lock_date = date(2026, 10, 1)
        self.assertFalse(self.recognize(agreement, MONTH_ENDS[2]))

    def test_run_of_the_month(self):
        agreement, other = self.worked(), self.sign(self.invoice(300.0), down=None, count=3, method="simple", rate="2")
        lost = lost_races(type(agreement), "_recognize_all")  # somebody pays at the first moment
        with freeze_time("2026-06-01 15:00:00"), lost as calls, self.enter_registry_test_mode():
            self.env.ref("cobranca_negociacao.ir_cron_cobranca_agreement_recognize").method_direct_trigger()
        self.assertEqual([batch.ids for batch, *_how in calls], [(agreement | other).ids] * 2)
        self.env.invalidate_all()
        moves = self.env["account.move"].search([("cobranca_agreement_role", "=", "recognition")], order="id desc")
        self.assertEqual(moves[0].line_ids.cobranca_agreement_id, agreement | other)
        self.assertEqual(moves[0].date, date(2026, 5, 31))
        self.assertEqual(float(agreement._get_unearned()), 15.87)

    # --- early pay-off ---

    def test_one_that_fails_does_not_stop_the_others(self):
        agreement, other = self.worked(), self.sign(self.invoice(900.0))
        Agreement = type(agreement)
        get_earned = Agreement._get_earned

        def fail(record, until):
            if record == agreement:
                raise UserError(record.name)
            return get_earned(record, until)

        with (
            freeze_time("2026-06-01 15:00:00"),
            patch.object(Agreement, "_get_earned", fail),
            mute_logger("odoo.addons.cobranca_negociacao.models.cobranca_agreement_recognition"),
        ):
            (agreement | other)._recognize_all(self.company, date(2026, 5, 31))
        self.assertEqual(agreement._get_unearned(), agreement._to_cents(agreement.financing))
        self.assertLess(other._get_unearned(), other._to_cents(other.financing))

    def test_interest_of_months_before_the_signing_is_none(self):
        """Without a down payment the first month begins before the agreement: nothing is income of that time."""
        first = SIGNED + timedelta(days=10)
        agreement = self.sign(self.invoice(900.0), down=None, count=3, method="price", rate="1", first=first)
        self.assertFalse(agreement._recognize(self.company, SIGNED.replace(day=1) - timedelta(days=1)))

    def test_pay_off_on_a_due_date(self):
        agreement = self.paid_twice()
        with freeze_time("2026-06-06 15:00:00"):
            quote = agreement.with_user(self.collector)._pay_off_quote(date(2026, 6, 6))
            self.assertEqual((float(quote.total), float(sum(quote.rebates.values()))), (700.92, 14.07))
            agreement.with_user(self.collector)._pay_off(self.money(700.92, date(2026, 6, 6)), date(2026, 6, 6))
        self.assertEqual((agreement.state, self.ledger()), ("paid", 0.0))
        self.assertEqual(
            self.books(),
            {RECEIVABLE: -1585.0, OUTSTANDING: 1466.76, DISCOUNT: 158.5, INTEREST: -19.39, FINANCING: -20.87},
        )
        self.assertFalse(self.Agreement._get_to_recognize(self.company))

    def test_pay_off_between_due_dates(self):
        agreement, day = self.paid_twice(), date(2026, 6, 21)
        with freeze_time("2026-06-21 15:00:00"):
            quote = agreement._pay_off_quote(day)
            # Half of 7.01 is earned: 3.50 + 4.70 + 2.36 are not owed.
            self.assertEqual((float(quote.total), float(sum(quote.rebates.values()))), (704.43, 10.56))
            credit = self.money(710.0, day)
            agreement._pay_off(credit, day)
        self.assertEqual((agreement.state, credit.amount_residual), ("paid", -5.57))
        self.assertEqual(self.books()[FINANCING], -24.38)
        self.assertNotIn(UNEARNED, self.books())

    def test_pay_off_whose_payment_goes_back(self):
        """The rebate was for the money: without it the interest is owed, and who pays anew has the rebate once."""
        agreement, day = self.paid_twice(), date(2026, 6, 21)
        with freeze_time("2026-06-21 15:00:00"):
            credit = self.money(704.43, day)
            agreement._pay_off(credit, day)
        with freeze_time("2026-06-25 15:00:00"):
            with patch.object(type(agreement), "_take_rebates_back"):
                self.receipt._charge_back(credit, date(2026, 6, 25), "Taken back by the bank")
            self.assertFalse(agreement._pay_off_quote(day).rebates, "what was given already is not given again")
            agreement._take_rebates_back()
            self.assertEqual((agreement.state, agreement.amount_open, self.ledger()), ("active", 714.99, 714.99))
            # 24.38 were earned until the pay-off.
            self.assertEqual((float(agreement._get_unearned()), self.books()[FINANCING]), (10.56, -24.38))
            quote = agreement._pay_off_quote(day)
            self.assertEqual((float(quote.total), float(sum(quote.rebates.values()))), (704.43, 10.56))
            agreement._pay_off(self.money(704.43, day), day)
        self.assertEqual((agreement.state, self.ledger(), self.books()[FINANCING]), ("paid", 0.0, -24.38))
        self.assertNotIn(UNEARNED, self.books())

    def test_pay_off_of_which_a_part_goes_back(self):
        """Installments whose money is still there keep their rebate."""
        self.company.sudo().cobranca_agreement_imputation = "principal"
        agreement, day = self.paid_twice(), date(2026, 6, 21)
        with freeze_time("2026-06-21 15:00:00"):
            first, second = self.money(470.0, day), self.money(234.43, day)
            agreement._pay_off(first | second, day)
            self.receipt._charge_back(second, day, "Taken back by the bank")
            # Of 237.17, 234.79 and 232.47 the second payment paid the end: 3.54 and 5.86 are owed again with it.
            kept = sum(agreement._get_rebated(line) for line in agreement.installment_ids.line_id)
            self.assertEqual((agreement.state, float(kept), self.ledger()), ("active", 1.16, 243.83))
            quote = agreement._pay_off_quote(day)
            self.assertEqual((float(sum(quote.rebates.values())), float(quote.total)), (9.40, 234.43))
            self.assertEqual(self.books()[UNEARNED], -9.40)
            agreement.with_user(self.supervisor)._break(day, "Not paid")
        self.assertEqual(self.ledger(), round(1585.0 - 289.18 - 238.33 * 2 - 470.0, 2))

    def test_pay_off_with_a_late_installment(self):
        agreement, day = self.worked(), date(2026, 5, 21)
        self.pay_installment(agreement, 0, SIGNED)
        with freeze_time("2026-05-21 15:00:00"):
            quote = agreement._pay_off_quote(day)
            # The first installment with 4.77 and 1.19; the others without 4.80 (16/31 of 9.30), 7.01, 4.70, 2.36.
            self.assertEqual(float(quote.total), round(238.33 * 5 + 5.96 - 18.87, 2))
            agreement._pay_off(self.money(float(quote.total), day), day)
        self.assertEqual((agreement.state, self.ledger()), ("paid", 0.0))
        self.assertEqual(self.books()[FINANCING], -16.07)

    def test_pay_off_with_too_little(self):
        agreement = self.paid_twice()
        with freeze_time("2026-06-06 15:00:00"), self.assertRaisesRegex(UserError, "next installments"):
            agreement._pay_off(self.money(700.91, date(2026, 6, 6)), date(2026, 6, 6))
        self.assertEqual(agreement.state, "active")

    def test_pay_off_dialog(self):
        agreement = self.paid_twice()
        with freeze_time("2026-06-06 15:00:00"):
            wizard = (
                self.env["cobranca.agreement.settle"]
                .with_user(self.supervisor)
                .create({"agreement_id": agreement.id, "journal_id": self.bank.id, "date": date(2026, 6, 6)})
            )
            self.assertEqual((wizard.amount_open, wizard.amount_rebate, wizard.amount), (714.99, 14.07, 700.92))
            wizard.action_settle()
        self.assertEqual((agreement.state, self.ledger()), ("paid", 0.0))

    # --- postponement ---

    def test_postponed(self):
        agreement = self.worked()
        item, due = self.installment(agreement, 1), date(2026, 5, 15)
        before = self.books()
        agreement.with_user(self.collector)._postpone(item, due, "Salary comes on the 15th")
        self.assertEqual((item.due, item.due_agreed, item.line_id.date_maturity), (due, date(2026, 5, 6), due))
        self.assertEqual(self.books(), before)
        self.assertEqual(len(agreement.move_id._cobranca_get_debt_lines()), 6)
        charges = item.line_id._cobranca_read_debts(date(2026, 5, 14))[item.line_id].charges
        self.assertEqual(float(charges.charges), 0.0)
        # Interest is earned by the dates that were agreed.
        self.recognize(agreement, MONTH_ENDS[1])
        self.assertEqual(self.books()[FINANCING], -19.07)

    def test_postponed_last_installment(self):
        agreement = self.worked()
        agreement.with_user(self.supervisor)._postpone(
            self.installment(agreement, 5), date(2026, 9, 30), "Moving house"
        )
        self.assertEqual(agreement.move_id.invoice_date_due, date(2026, 9, 30))
        self.assertEqual(
            sorted(agreement.move_id._cobranca_get_debt_lines().mapped("date_maturity"))[-1], date(2026, 9, 30)
        )

    def test_postponing_has_bounds(self):
        agreement = self.worked()
        item = self.installment(agreement, 1)
        collector = agreement.with_user(self.collector)
        with self.assertRaisesRegex(AccessError, "ask a supervisor"):
            collector._postpone(item, date(2026, 5, 17), "Long")
        with self.assertRaisesRegex(UserError, "Another installment"):
            agreement.with_user(self.supervisor)._postpone(item, date(2026, 6, 6), "Same day")
        with self.assertRaisesRegex(UserError, "choose a later one"):
            collector._postpone(item, date(2026, 5, 5), "Earlier")
        with self.assertRaisesRegex(UserError, "Write why"):
            collector._postpone(item, date(2026, 5, 10), " ")
        self.pay_installment(agreement, 1, SIGNED)
        with self.assertRaisesRegex(UserError, "open installment"):
            collector._postpone(item, date(2026, 5, 10), "Paid")
        with freeze_time("2026-06-10 15:00:00"):
            late = self.installment(agreement, 2)
            with self.assertRaisesRegex(AccessError, "before the due date"):
                collector._postpone(late, date(2026, 6, 12), "Late")
            agreement.with_user(self.supervisor)._postpone(late, date(2026, 6, 12), "Late")
