from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

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

BROKEN, RESTORED = date(2026, 6, 10), date(2026, 6, 12)
WHY = "The payment was found"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementRestore(AgreementCommon):
    """A break that is taken back leaves nothing behind but its entries."""

    def broken(self, imputation="charges"):
        self.company.sudo().cobranca_agreement_imputation = imputation
        lines = self.debts()
        agreement = self.worked(lines)
        self.pay(self.installment(agreement, 0).line_id, 289.18)
        with freeze_time("2026-06-01 15:00:00"):
            # Both charges and principal of the first installment, late.
            self.pay(self.installment(agreement, 1).line_id, 100.0, date(2026, 6, 1))
            agreement._recognize(self.company, date(2026, 5, 31))
        self.before_break = self.books(), self.open_lines(), self.memos(lines, "paid"), self.memos(lines, "waived")
        self.late = self.memos(self.installment(agreement, 1).line_id, "paid")
        with freeze_time("2026-06-10 15:00:00"):
            agreement.with_user(self.supervisor)._break(BROKEN, "Installments were not paid")
        return agreement, lines

    def restore(self, agreement, day=RESTORED):
        with freeze_time(f"{day} 15:00:00"):
            return agreement.with_user(self.supervisor)._restore(WHY)

    def now(self, lines):
        return self.books(), self.open_lines(), self.memos(lines, "paid"), self.memos(lines, "waived")

    def test_all_is_as_before(self):
        for imputation in ("charges", "principal"):
            with self.subTest(imputation):
                agreement, lines = self.broken(imputation)
                self.assertNotEqual(self.now(lines), self.before_break)
                entry = self.restore(agreement)
                self.assertEqual(self.now(lines), self.before_break)
                self.assertEqual(self.memos(self.installment(agreement, 1).line_id, "paid"), self.late)
                self.assertEqual((entry.date, agreement.state, agreement.restored_on), (RESTORED, "active", RESTORED))
                self.assertEqual(lines.mapped("reconciled"), [True, True])
                self.assertEqual(set(agreement.origin_ids.mapped("is_live")), {True})
                self.assertEqual(self.installment(agreement, 0).state, "paid")
                self.assert_clean_transit()
                with freeze_time(f"{RESTORED} 15:00:00"):
                    agreement.with_user(self.supervisor)._break(RESTORED, "Again")

    def test_figures_before_the_break(self):
        """The states that the test above compares are not empty: by hand."""
        self.broken()
        books, opened, paid, waived = self.before_break
        # 26 days late: 4.77 of fine, 2.07 of interest, 93.16 of principal.
        self.assertEqual(self.late, {"fine": 4.77, "interest": 2.07})
        self.assertEqual(
            books,
            {
                RECEIVABLE: -486.51,
                OUTSTANDING: 389.18,
                DISCOUNT: 158.5,
                INTEREST: -21.46,
                FINE: -4.77,
                UNEARNED: -15.87,
                FINANCING: -19.07,
            },
        )
        self.assertEqual(opened[0], (date(2026, 5, 6), 145.17))
        self.assertEqual((paid, waived), ({"interest": 19.39}, {"interest": 19.39, "fine": 31.7}))

    def test_broken_again(self):
        agreement, lines = self.broken("principal")
        books, opened = self.books(), self.open_lines()
        self.restore(agreement)
        with freeze_time("2026-06-15 15:00:00"):
            agreement.with_user(self.supervisor)._break(date(2026, 6, 15), "Again")
        self.assertEqual((self.books(), self.open_lines()), (books, opened))
        self.assertEqual(agreement.turn, 2)
        roles = self.env["account.move"].search([("cobranca_agreement_id", "=", agreement.id)])
        self.assertEqual(
            sorted(roles.mapped("cobranca_agreement_role")), ["break", "break", "document", "restore", "transfer"]
        )

    def test_open_charges_of_installments(self):
        """What an installment that was paid late still costs is of the agreement: the debts cost their own again."""
        agreement = self.worked()
        first, late = self.installment(agreement, 1).line_id, {"fine": 4.77, "interest": 1.19}
        with freeze_time("2026-05-21 15:00:00"):
            self.pay(first, 238.33, date(2026, 5, 21))
            memos = self.env["cobranca.charge"].search([("line_id", "=", first.id)])
            memos.filtered(lambda memo: memo.kind == "fine").with_user(self.supervisor)._waive("Kindness")
        self.assertEqual((self.memos(first, "open"), self.memos(first, "waived")), ({"interest": 1.19}, {"fine": 4.77}))
        with freeze_time("2026-06-10 15:00:00"):
            agreement.with_user(self.supervisor)._break(BROKEN, "Installments were not paid")
        self.assertEqual((self.memos(first, "open"), self.memos(first, "undone")), ({}, {"interest": 1.19}))
        self.restore(agreement)
        self.assertEqual((self.memos(first, "open"), self.memos(first, "waived")), ({"interest": 1.19}, {"fine": 4.77}))
        self.assertEqual(len(memos), len(late))

    def test_discount_on_an_installment(self):
        """Who breaks an agreement loses what was given on its installments too: it never was money."""
        self.company.sudo().cobranca_agreement_imputation = "principal"
        agreement = self.worked()
        line = self.installment(agreement, 0).line_id
        given = {line: {"discount": 10.0}}
        self.receipt._receive(self.money(279.18), line, SIGNED, charges={line: {}}, concessions=given)
        before = self.books(), self.open_lines(), self.memos(line, "paid")
        self.assertEqual((before[2], before[0][DISCOUNT]), ({"discount": 10.0}, 168.5))
        agreement.with_user(self.supervisor)._break(SIGNED, "Not paid")
        self.assertEqual(self.books(), {RECEIVABLE: -279.18, OUTSTANDING: 279.18})
        self.restore(agreement, date(2026, 4, 7))
        self.assertEqual((self.books(), self.open_lines(), self.memos(line, "paid")), before)

    def test_paid_after_the_break(self):
        agreement, lines = self.broken("principal")
        with freeze_time("2026-06-11 15:00:00"):
            credit = self.pay(lines[1], 50.0, date(2026, 6, 11))
        before = self.books()
        with self.assertRaisesRegex(UserError, "changed since the break"), self.cr.savepoint():
            self.restore(agreement)
        self.env.invalidate_all()
        self.assertEqual((agreement.state, self.books()), ("broken", before))
        self.assertTrue(credit.reconciled)

    def test_too_late(self):
        agreement, _lines = self.broken()
        with self.assertRaisesRegex(UserError, "could be restored until"):
            self.restore(agreement, date(2026, 6, 21))
        self.assertTrue(self.restore(agreement, date(2026, 6, 20)))

    def test_in_another_agreement_by_now(self):
        agreement, lines = self.broken("principal")
        with freeze_time("2026-06-11 15:00:00"):
            self.sign(lines, date(2026, 6, 11), down=None, count=3, method="none", rate="0")
            with self.assertRaisesRegex(UserError, "by now"):
                self.restore(agreement, date(2026, 6, 11))

    def test_rights_reason_and_state(self):
        agreement, _lines = self.broken()
        with self.assertRaisesRegex(AccessError, "supervisor"):
            agreement.with_user(self.collector)._restore(WHY)
        with self.assertRaisesRegex(UserError, "Write why"):
            agreement.with_user(self.supervisor)._restore("")
        self.restore(agreement)
        with self.assertRaisesRegex(UserError, "is in force"):
            self.restore(agreement)

    def test_closed_books(self):
        agreement, lines = self.broken("principal")
        self.company.sudo().hard_lock_date = date(2026, 6, 11)
        self.restore(agreement)
        self.assertEqual(self.now(lines), self.before_break)
        self.assertEqual((FIRST_DUE, SECOND_DUE), tuple(agreement.origin_ids.mapped("due")))
        self.assertEqual(SIGNED, agreement.date)
