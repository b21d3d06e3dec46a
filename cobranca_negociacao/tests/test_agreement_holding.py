from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .agreement_common import SIGNED, TODAY, AgreementCommon

LATER = date(2026, 4, 20)
NOW = "2026-04-20 15:00:00"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementHolding(AgreementCommon):
    """What of the debts is open beside the installments is collected, and days are those on which it can have been."""

    def held(self, lines):
        """The lines that nobody collects today."""
        Hold = self.env["cobranca.hold"]
        free = self.env["account.move.line"].search([("id", "in", lines.ids)])
        holds = Hold.search([("line_id", "in", lines.ids), ("state", "=", "active"), ("reason", "=", "agreement")])
        return free & holds.line_id

    def test_payment_of_before_goes_back(self):
        lines = self.debts()
        before = lines[0].matched_credit_ids.credit_move_id
        agreement = self.worked(lines)
        self.assertEqual(self.held(lines), lines)
        self.env["cobranca.dunning.engine"]._get_supervisor(self.company).lang = "en_US"
        self.env["mail.activity"].search([("res_id", "=", self.customer.id)]).unlink()
        with freeze_time(NOW):
            self.receipt._charge_back(before, LATER, "Taken back by the bank")
            self.assertEqual((lines[0].amount_residual, self.held(lines)), (170.0, lines[1]))
            condition = self.env["cobranca.hold"]._get_hold_condition(LATER, "line")
            found = self.env["account.move.line"]._cobranca_search_open_lines(self.company, LATER, condition)
            self.assertEqual(found & lines, lines[0])
            activity = self.env["mail.activity"].search([("res_id", "=", self.customer.id)])
            self.assertEqual(activity.user_id, self.env["cobranca.dunning.engine"]._get_supervisor(self.company))
            self.assertIn("170.00", activity.summary)
            agreement._hold_debts(LATER)
            self.assertEqual(self.held(lines), lines[1], "what is open is collected, whatever becomes of the agreement")
            # Its break gives back what the agreement had, and what went back stays open.
            agreement.with_user(self.supervisor)._break(LATER, "Not paid")
            self.assertEqual((lines.mapped("amount_residual"), bool(self.held(lines))), ([1170.0, 585.0], False))

    def test_entries_come_after_all_that_they_take_back(self):
        agreement = self.worked()
        supervisor = agreement.with_user(self.supervisor)
        with freeze_time("2026-06-10 15:00:00"):
            self.pay(self.installment(agreement, 0).line_id, 289.18)
            self.pay(self.installment(agreement, 1).line_id, 238.33, date(2026, 5, 6))
            with self.assertRaisesRegex(UserError, "Choose a day from 05/06/2026"):
                supervisor._break(date(2026, 5, 5), "Not paid")
            agreement._recognize(self.company, date(2026, 5, 31))
            with self.assertRaisesRegex(UserError, "Choose a day from 05/31/2026"):
                supervisor._break(date(2026, 5, 30), "Not paid")
            # Money to come keeps nobody waiting for it.
            self.pay(self.installment(agreement, 2).line_id, 10.0, date(2026, 6, 12))
            with self.assertRaisesRegex(UserError, "Choose a day from 06/10/2026"):
                supervisor._break(date(2026, 6, 9), "Not paid")
            supervisor._break(date(2026, 6, 10), "Not paid")

    def test_pay_off_that_is_booked_late(self):
        """It gives the rebate of the day on which it came; its entry comes after the interest that was booked since."""
        agreement, day = self.worked(), date(2026, 5, 20)
        with freeze_time("2026-06-02 15:00:00"):
            agreement._recognize(self.company, date(2026, 5, 31))
            quote = agreement._pay_off_quote(day)
            agreement.with_user(self.collector)._pay_off(self.money(float(quote.total), day), day)
            rebate = agreement.entry_ids.filtered(lambda move: move.cobranca_agreement_role == "rebate")
        self.assertEqual((agreement.state, rebate.date, self.ledger()), ("paid", date(2026, 5, 31), 0.0))
        self.assertEqual(float(agreement._get_unearned()), 0.0)

    def test_a_later_agreement_ended_before(self):
        parent = self.sign(self.debts(), down=None, count=2, method="none", rate="0")
        with freeze_time(NOW):
            lines = parent.installment_ids.line_id
            child = self.sign(lines, LATER, down=None, count=2, method="none", rate="0")
            child.with_user(self.supervisor)._break(LATER, "Not paid")
            with self.assertRaisesRegex(UserError, "Choose a day from 04/20/2026"):
                parent.with_user(self.supervisor)._break(date(2026, 4, 19), "Not paid")

    def test_paid_agreements_keep_nothing_from_collection(self):
        lines = self.debts()
        terms = {"down": None, "count": 0, "method": "none", "rate": "0"}
        parent = self.sign(lines, **terms)
        plan = self.plan(parent.installment_ids.line_id, **terms)
        child = parent.with_user(self.collector)._renegotiate(plan, SIGNED).with_env(self.env)
        every = lines | parent.installment_ids.line_id
        self.assertEqual(self.held(every), every)
        with freeze_time(NOW):
            credit = self.pay(child.installment_ids.line_id, child.total, SIGNED)
            self.assertEqual((child.state, bool(self.held(every))), ("paid", False))
            credit.remove_move_reconcile()
            self.assertEqual((child.state, self.held(every)), ("active", every))

    def test_days_and_due_dates(self):
        agreement, after = self.worked(), date(2026, 4, 7)
        supervisor = agreement.with_user(self.supervisor)
        with freeze_time(NOW):
            for day in (date(2026, 4, 5), date(2026, 4, 21), None):
                with self.assertRaisesRegex(UserError, "Choose a day from 04/06/2026"):
                    supervisor._break(day, "Not paid")
                with self.assertRaisesRegex(UserError, "Choose a day from"), self.cr.savepoint():
                    supervisor._pay_off(self.money(2000.0), day)
            # The dialog of invoices knows one due date: an agreement has one for each installment.
            document = agreement.move_id.with_user(self.supervisor)
            with self.assertRaisesRegex(UserError, "postpone the installment there"):
                document._cobranca_postpone(date(2026, 9, 30), "Moving house")
            invoice = agreement.origin_ids.move_id[0].with_user(self.supervisor)
            with self.assertRaisesRegex(UserError, "belongs to the agreement"):
                invoice._cobranca_postpone(date(2026, 9, 30), "Moving house")
            with self.assertRaisesRegex(UserError, "Choose a day up to 05/06/2027"):
                supervisor._postpone(self.installment(agreement, 1), date(2027, 5, 7), "Moving house")
            supervisor._break(after, "Not paid")
            with self.assertRaisesRegex(UserError, "Choose a day from 04/07/2026"):
                supervisor._restore("It was paid", SIGNED)
        once = self.sign(self.invoice(100.0, partner=self.other), down=None, count=1, method="none", rate="0")
        once.move_id.with_user(self.supervisor)._cobranca_postpone(date(2026, 4, 10), "Salary comes on the 10th")
        item = once.installment_ids
        self.assertEqual((item.due, item.due_agreed, item.line_id.date_maturity), (date(2026, 4, 10), SIGNED, item.due))
