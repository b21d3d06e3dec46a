from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

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

AGAIN = date(2026, 6, 8)
NONE = {"method": "none", "rate": "0"}


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementChain(AgreementCommon):
    """An agreement over the installments of another one."""

    def parent(self):
        """The worked case; the down payment and one installment were paid, the interest of May is booked."""
        self.company.sudo().cobranca_agreement_imputation = "principal"
        self.lines = self.debts()
        agreement = self.worked(self.lines)
        self.pay(self.installment(agreement, 0).line_id, 289.18)
        with freeze_time("2026-06-01 15:00:00"):
            self.pay(self.installment(agreement, 1).line_id, 238.33, date(2026, 5, 6))
            agreement._recognize(self.company, date(2026, 5, 31))
        return agreement

    def again(self, parent, percents=None, **terms):
        """A later agreement over what is open of the first one: ten payments of 95.33."""
        lines = parent.installment_ids._get_open().sorted("due").line_id
        with freeze_time(f"{AGAIN} 15:00:00"):
            plan = self.plan(lines, AGAIN, percents=percents, **{"down": None, "count": 10, **NONE, **terms})
            return parent.with_user(self.collector)._renegotiate(plan, AGAIN).with_env(self.env)

    def end(self, agreement, day):
        with freeze_time(f"{day} 15:00:00"):
            agreement.with_user(self.supervisor)._break(day, "Not paid")

    def test_one_order_of_locks(self):
        """All lines are claimed at once: two who sign over the same debts never wait for one another."""
        parent, claimed = self.parent(), []
        Line = type(self.env["account.move.line"])
        claim = Line._cobranca_claim

        def watch(lines):
            claimed.append(set(lines.ids))
            return claim(lines)

        with patch.object(Line, "_cobranca_claim", watch):
            self.again(parent)
        wanted = parent.installment_ids.line_id | parent.origin_ids.line_id
        self.assertEqual(claimed[0], set(wanted.ids))
        for later in claimed[1:]:
            self.assertLessEqual(later, claimed[0])

    def test_no_quittance_before_the_last_agreement_is_paid(self):
        """An invoice that an agreement took over looks paid in the books: no letter says so before it is."""
        owed = self.env["cobranca.quittance.settlement"]._get_still_owed
        parent = self.parent()
        self.assertTrue(all(self.lines.mapped("reconciled")))
        self.assertEqual(owed(self.lines), self.lines)
        child = self.again(parent)
        self.assertEqual(owed(self.lines), self.lines)
        with freeze_time(f"{AGAIN} 15:00:00"):
            self.pay(child.installment_ids.line_id, child.total, AGAIN)
        self.assertEqual((parent.state, child.state), ("renegotiated", "paid"))
        self.assertFalse(owed(self.lines))

    def test_customer_does_not_read_that_he_paid(self):
        """Of the old invoices one was paid in part before: the page lists the payments of the agreement only."""
        parent = self.parent()
        with freeze_time(f"{AGAIN} 15:00:00"):
            paid = self.env["cobranca.debt.page"]._get_paid(self.company, self.customer)
        installments = parent.installment_ids.filtered(lambda item: item.number < 2)
        self.assertEqual(set(paid), set(installments.line_id))

    def test_no_quittance_of_installments_that_a_break_closed(self):
        parent = self.parent()
        lines = parent.installment_ids.line_id
        self.end(parent, date(2026, 6, 10))
        self.assertTrue(all(lines.mapped("reconciled")), "closed by the break, not by money")
        self.assertEqual(self.env["cobranca.quittance.settlement"]._get_still_owed(lines), lines)

    def test_renegotiated(self):
        parent = self.parent()
        before = self.books()
        child = self.again(parent)
        self.assertEqual((parent.state, child.parent_id, child.state), ("renegotiated", parent, "active"))
        self.assertEqual((child.before, child.total), (953.32, 953.32))
        self.assertEqual(self.books(), before)
        self.assertEqual((self.ledger(), parent.amount_open), (953.32, 0.0))
        self.assertEqual(parent.installment_ids.sorted("number").mapped("state"), ["paid"] * 2 + ["replaced"] * 4)
        self.assertEqual(parent.move_id.cobranca_agreement_status, "replaced")
        with self.assertRaisesRegex(UserError, "is renegotiated"):
            parent.with_user(self.supervisor)._break(AGAIN, "Not paid")

    def test_paid(self):
        parent = self.parent()
        child = self.again(parent)
        with freeze_time(f"{AGAIN} 15:00:00"):
            self.pay(child.installment_ids.sorted("due").line_id, 953.32, AGAIN)
        self.assertEqual((parent.state, child.state, self.ledger()), ("renegotiated", "paid", 0.0))
        with freeze_time("2026-10-01 15:00:00"):
            (parent | child)._recognize(self.company, date(2026, 9, 30))
        self.assertEqual(
            self.books(),
            {RECEIVABLE: -1585.0, OUTSTANDING: 1480.83, DISCOUNT: 158.5, INTEREST: -19.39, FINANCING: -34.94},
        )

    def test_both_break(self):
        parent = self.parent()
        before, opened = self.books(), self.open_lines()
        child = self.again(parent)
        self.end(child, AGAIN)
        self.assertEqual((parent.state, child.state), ("active", "broken"))
        self.assertEqual((self.books(), self.open_lines()), (before, opened))
        self.end(parent, date(2026, 6, 15))
        self.assertEqual(self.books(), {RECEIVABLE: -527.51, OUTSTANDING: 527.51})
        self.assertEqual(self.lines.mapped("amount_residual"), [472.49, 585.0])
        self.assert_clean_transit()

    def test_both_break_after_a_payment(self):
        """Money of the second agreement pays installments of the first one, and these count for the debts."""
        parent = self.parent()
        child = self.again(parent)
        first = child.installment_ids.sorted("due")[0]
        with freeze_time(f"{AGAIN} 15:00:00"):
            self.pay(first.line_id, first.amount, AGAIN)
        self.end(child, date(2026, 6, 15))
        self.assertEqual(self.installment(parent, 2).amount_open, round(238.33 - first.amount, 2))
        self.end(parent, date(2026, 6, 15))
        paid = round(527.51 + first.amount, 2)
        self.assertEqual(self.books(), {RECEIVABLE: -paid, OUTSTANDING: paid})
        self.assertEqual(self.lines.mapped("amount_residual"), [round(1000.0 - paid, 2), 585.0])

    def test_restored(self):
        parent = self.parent()
        child = self.again(parent)
        before = self.books(), self.open_lines()
        self.end(child, AGAIN)
        with freeze_time("2026-06-10 15:00:00"):
            child.with_user(self.supervisor)._restore("By mistake")
        self.assertEqual((parent.state, child.state), ("renegotiated", "active"))
        self.assertEqual((self.books(), self.open_lines()), before)

    def test_interest_that_was_not_earned_is_no_expense(self):
        """What is forgiven of installments before their time was no income: it comes off the contra account."""
        parent = self.parent()
        child = self.again(parent, percents={"principal": Decimal(1)})
        self.assertEqual(child.given_principal, 9.53)
        # 13.61 of interest are still to come: they cover 2.39 + 3 × 2.38, whichever installment these are of.
        self.assertNotIn(DISCOUNT, {code for code, _balance, _due in self.items(child.transfer_id)})
        self.assertEqual(self.books()[UNEARNED], round(-15.87 + 9.53, 2))
        self.assertEqual(float(parent._get_unearned()), 6.34)
        self.assertEqual(float(child._get_unearned()), 0.0)
        with freeze_time("2026-07-01 15:00:00"):
            parent._recognize(self.company, date(2026, 6, 30))
        # Of 26.48 until June 19.07 were booked until May, and 6.34 are left: 9.53 never will be.
        self.assertEqual(self.books()[FINANCING], -25.41)
        self.end(child, date(2026, 7, 1))
        self.assertEqual(float(parent._get_unearned()), 9.53)
        self.end(parent, date(2026, 7, 1))
        self.assertEqual(self.books(), {RECEIVABLE: -527.51, OUTSTANDING: 527.51})

    def test_only_as_a_whole(self):
        parent = self.parent()
        lines = parent.installment_ids._get_open().line_id
        with freeze_time(f"{AGAIN} 15:00:00"), self.assertRaisesRegex(UserError, "all open installments"):
            self.sign(lines[:2], AGAIN, down=None, **NONE)

    def test_of_one_agreement_at_a_time(self):
        parent = self.parent()
        other = self.sign(self.invoice(300.0), down=None, count=3, **NONE)
        lines = (parent | other).installment_ids._get_open().line_id
        with freeze_time(f"{AGAIN} 15:00:00"), self.assertRaisesRegex(UserError, "one agreement at a time"):
            self.sign(lines, AGAIN, down=None, **NONE)
        self.assertEqual(SIGNED, other.date)
