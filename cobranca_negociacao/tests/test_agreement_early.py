from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .agreement_common import DISCOUNT, FINANCING, OUTSTANDING, SIGNED, TODAY, UNEARNED, AgreementCommon

# Of 34.94 of interest 11.54 is what the last one is worth less five months before its time.
LAST, NET, LESS = 5, 226.79, 11.54


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementEarly(AgreementCommon):
    """Who pays one installment before its time owes no interest of the time to come (CDC, art. 52, § 2º)."""

    def setUp(self):
        super().setUp()
        self.agreement = self.worked()
        self.item = self.installment(self.agreement, LAST)
        self.line = self.item.line_id
        self.start()

    def quote(self, source="page"):
        return self.env["cobranca.payment.quote"]._make(self.company, self.customer, self.line, source=source)

    def assert_paid_early(self):
        self.assertEqual((self.item.state, self.line.amount_residual, self.agreement.state), ("paid", 0.0, "active"))
        books = self.books()
        self.assertEqual((books[UNEARNED], books[OUTSTANDING]), (LESS, NET))
        self.assertNotIn(DISCOUNT, books, "what was not earned is no expense")
        self.assertFalse(self.memos(self.line, "paid"))

    def test_what_the_page_asks_for(self):
        quote = self.quote()
        self.assertEqual((quote.amount, quote.quote_line_ids.discount), (NET, LESS))
        debts = self.env["cobranca.debt.page"]._read(self.company, self.line).debts
        [row] = self.env["cobranca.debt.page"]._get_page(self.company, self.customer, self.line)["rows"]
        self.assertEqual(float(debts[self.line].discount), LESS)
        self.assertEqual(row["total"].replace("\xa0", " "), "R$ 226.79")
        self.assertEqual(row["discount"].replace("\xa0", " "), "R$ 11.54 less of interest, because you pay early")
        self.assertIn("Interest not owed any more", [part["label"] for part in row["parts"]])
        self.assertNotIn("The discount for paying in time is taken off.", row["sentences"])
        due = self.item.due
        self.assertFalse(self.line._cobranca_read_debts(due)[self.line].discount, "in time all is owed")

    def test_by_pix_and_by_card(self):
        for source in ("page", "online"):
            with self.subTest(source), self.env.cr.savepoint() as savepoint:
                quote = self.quote(source)
                quote._receive(self.money(quote.amount), SIGNED)
                self.assert_paid_early()
                self.assertEqual(quote.state, "paid")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_booked_by_an_accountant(self):
        """Whoever books money need know nothing of agreements."""
        clerk = new_test_user(self.env, "clerk", "account.group_account_invoice")
        credit = self.money(NET).with_user(clerk)
        self.receipt.with_user(clerk)._receive(credit, self.line.with_user(clerk), SIGNED)
        self.env.invalidate_all()
        self.assert_paid_early()

    def test_registered(self):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move.line", active_ids=self.line.ids)
            .create({"payment_date": SIGNED, "journal_id": self.bank.id})
        )
        self.assertEqual(wizard.amount, NET)
        wizard.action_create_payments()
        self.assert_paid_early()

    def test_money_that_goes_back(self):
        credit = self.pay(self.line, NET)
        before = self.agreement._get_unearned()
        self.receipt._charge_back(credit, SIGNED, "Taken back by the bank")
        self.assertEqual((self.line.amount_residual, self.ledger()), (238.33, 1480.83))
        self.assertEqual(float(self.agreement._get_unearned() - before), LESS)
        self.assertNotIn(UNEARNED, self.books())
        self.assertEqual(self.quote().amount, NET, "who pays anew has it again")

    def test_given_once(self):
        self.pay(self.line, NET)
        self.assertEqual(self.agreement._get_remitted(), self.agreement._to_cents(LESS))
        self.assertFalse(self.agreement._get_rebates(SIGNED).get(self.line))
        with self.assertRaisesRegex(UserError, "Nothing of this is open"):
            self.quote()
        # With the others, all that is not owed is given to the cent.
        whole = self.agreement._pay_off_quote(SIGNED)
        self.assertEqual(float(sum(whole.rebates.values())), round(34.94 - LESS, 2))

    def test_a_part_and_the_face_value_are_what_they_are(self):
        """Less than it costs early pays a part; all of it pays as agreed, and nothing becomes a credit."""
        self.pay(self.line, 100.0)
        self.assertEqual(self.line.amount_residual, 138.33)
        self.assertNotIn(UNEARNED, self.books())
        credit = self.pay(self.line, 138.33)
        self.assertEqual((self.item.state, credit.amount_residual), ("paid", 0.0))
        self.assertNotIn(UNEARNED, self.books())

    def test_closed_books(self):
        """Money of a day that is closed gives the rebate of that day, booked today."""
        with freeze_time("2026-05-12 15:00:00"):
            credit = self.money(NET)
            self.company.sudo().fiscalyear_lock_date = date(2026, 4, 30)
            self.receipt._receive_as_of(credit, self.line, SIGNED)
            self.assert_paid_early()
            entry = self.agreement.entry_ids.filtered(lambda move: move.cobranca_agreement_role == "rebate")
            self.assertEqual(entry.date, date(2026, 5, 12))

    def test_interest_that_was_booked_already(self):
        """Money that is entered after the interest of its month: what was income already is taken from income."""
        self.pay(self.agreement.installment_ids.filtered(lambda item: item.number < LAST).line_id, 1242.50)
        with freeze_time("2026-09-05 15:00:00"):
            self.agreement._recognize(self.company, date(2026, 8, 31))
            self.pay(self.line, NET)
            self.assertEqual((self.agreement.state, self.ledger()), ("paid", 0.0))
            self.agreement._recognize(self.company, date(2026, 9, 5))
        books = self.books()
        self.assertNotIn(UNEARNED, {code: 1 for code, left in books.items() if round(left - 34.94, 2)})
        self.assertEqual(books[FINANCING], -23.40)

    def test_reminder_asks_for_what_was_agreed(self):
        """It is read on whichever day: the amount of the day on which it left would be too little then."""
        message = self.env["cobranca.message"]._make_chosen(
            self.company, SIGNED, self.customer, self.customer, self.line, kind="notice"
        )
        self.assertEqual((message.amount, message.line_ids.discount), (238.33, 0.0))
        self.assertEqual(self.quote("message").amount, 238.33)
