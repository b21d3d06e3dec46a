from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .agreement_common import (
    DISCOUNT,
    ESTIMATE,
    FINE,
    FIRST_DUE,
    INTEREST,
    LOSS,
    RECEIVABLE,
    RECOVERY,
    SECOND_DUE,
    SIGNED,
    TODAY,
    TRANSIT,
    UNEARNED,
    AgreementCommon,
)

LATER = date(2026, 9, 1)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementSign(AgreementCommon):
    """An agreement in the books, to the cent."""

    def test_worked_case_document(self):
        agreement = self.worked()
        self.assertEqual(agreement.move_id.journal_id.code, "ACORD")
        self.assertEqual(
            self.items(agreement.move_id),
            [
                (TRANSIT, -1480.83, False),
                (RECEIVABLE, 289.18, SIGNED),
                (RECEIVABLE, 238.33, date(2026, 5, 6)),
                (RECEIVABLE, 238.33, date(2026, 6, 6)),
                (RECEIVABLE, 238.33, date(2026, 7, 6)),
                (RECEIVABLE, 238.33, date(2026, 8, 6)),
                (RECEIVABLE, 238.33, date(2026, 9, 6)),
            ],
        )
        self.assertFalse(agreement.move_id.line_ids.tax_ids)
        self.assertFalse(agreement.move_id.l10n_latam_document_type_id)
        self.assertEqual(agreement.move_id.payment_state, "not_paid")
        self.assertEqual(agreement.move_id.invoice_date_due, date(2026, 9, 6))
        self.assertEqual(agreement.installment_ids.mapped("line_id"), agreement.move_id._cobranca_get_debt_lines())

    def test_worked_case_transfer(self):
        lines = self.debts()
        agreement = self.worked(lines)
        self.assertEqual(agreement.transfer_id.journal_id.code, "RENEG")
        self.assertEqual(
            self.items(agreement.transfer_id),
            [
                (TRANSIT, 1480.83, SIGNED),
                (RECEIVABLE, -1000.0, FIRST_DUE),
                (DISCOUNT, 100.0, FIRST_DUE),
                (INTEREST, -15.0, FIRST_DUE),
                (RECEIVABLE, -585.0, SECOND_DUE),
                (DISCOUNT, 58.5, SECOND_DUE),
                (INTEREST, -4.39, SECOND_DUE),
                (UNEARNED, -34.94, SIGNED),
            ],
        )
        self.assert_clean_transit()
        self.assertEqual(lines.mapped("reconciled"), [True, True])
        self.assertEqual(self.books(), {RECEIVABLE: -104.17, DISCOUNT: 158.5, INTEREST: -19.39, UNEARNED: -34.94})
        self.assertEqual(self.ledger(), 1480.83)
        self.assertEqual(lines.move_id.mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(lines.move_id.mapped("cobranca_agreement_status"), ["renegotiated", "renegotiated"])

    def test_worked_case_figures(self):
        lines = self.debts()
        agreement = self.worked(lines)
        names = ("before", "given_fine", "given_interest", "given_correction", "given_principal", "agreed", "financing")
        self.assertEqual([agreement[name] for name in names], [1655.48, 31.7, 19.39, 0.0, 158.5, 1445.89, 34.94])
        self.assertEqual((agreement.total, agreement.amount_open, agreement.late_count), (1480.83, 1480.83, 0))
        self.assertEqual((agreement.state, agreement.user_id), ("active", self.collector))
        first, second = agreement.origin_ids
        self.assertEqual((first.line_id | second.line_id), lines)
        self.assertEqual((first.principal, first.fine, first.interest, first.due), (1000.0, 20.0, 30.0, FIRST_DUE))
        self.assertEqual((second.principal, second.fine, second.interest, second.due), (585.0, 11.7, 8.78, SECOND_DUE))
        self.assertEqual((first.agreed, second.agreed), (915.0, 530.89))
        self.assertEqual(agreement.installment_ids.mapped("interest"), [0.0, 11.57, 9.3, 7.01, 4.7, 2.36])
        self.assertEqual(agreement.installment_ids.mapped("state"), ["open"] * 6)

    def test_nothing_is_charged_again(self):
        lines = self.debts()
        self.worked(lines)
        self.assertEqual(self.memos(lines, "paid"), {"interest": 19.39})
        self.assertEqual(self.memos(lines, "waived"), {"interest": 19.39, "fine": 31.7})
        for debt in lines._cobranca_read_debts(LATER).values():
            self.assertEqual(debt.charges.total, 0)
        today = self.company._cobranca_today()
        self.assertFalse(self.env["cobranca.charge"]._search_memos(self.company, today, lines=lines))
        found = self.env["account.move.line"]._cobranca_search_open_lines(self.company, LATER)
        self.assertFalse(found & lines)

    def test_installments_are_ordinary_debts(self):
        agreement = self.worked()
        found = self.env["account.move.line"]._cobranca_search_open_lines(self.company, LATER)
        self.assertEqual(found & agreement.installment_ids.line_id, agreement.installment_ids.line_id)
        late = self.installment(agreement, 1).line_id
        charges = late._cobranca_read_debts(date(2026, 6, 5))[late].charges
        self.assertEqual([float(part) for part in charges], [238.33, 0.0, 4.77, 2.38])
        self.assertTrue(agreement.move_id._has_to_be_paid())

    def test_everything_at_once_with_the_whole_discount(self):
        lines = self.debts()
        agreement = self.sign(
            lines,
            percents={"fine": Decimal(100), "interest": Decimal(100)},
            down=None,
            count=0,
            method="none",
            rate="0",
        )
        self.assertEqual(self.items(agreement.move_id)[1:], [(RECEIVABLE, 1585.0, SIGNED)])
        self.assertEqual(self.books(), {})
        self.pay(agreement.installment_ids.line_id, 1585.0)
        self.assertEqual((agreement.state, agreement.paid_on, self.ledger()), ("paid", SIGNED, 0.0))

    def test_charges_in_full_without_discounts(self):
        lines = self.debts()
        self.sign(lines, method="none", rate="0")
        self.assertEqual(self.books(), {RECEIVABLE: 70.48, INTEREST: -38.78, FINE: -31.7})

    def test_two_receivable_accounts(self):
        old = self.invoice(100.0)
        account = old.account_id.copy({"code": "1.01.02.02.01.01", "name": "Clientes"})
        self.customer.property_account_receivable_id = account
        lines = old | self.invoice(100.0, SECOND_DUE)
        self.start()
        agreement = self.sign(
            lines, percents={"fine": Decimal(100), "interest": Decimal(100)}, method="none", down="50"
        )
        self.assertEqual(self.books(), {RECEIVABLE: -100.0, account.code: 100.0})
        self.assertEqual(agreement.installment_ids.line_id.account_id, account)
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_loss_that_is_still_collected_comes_back(self):
        """Lei 9.430, art. 12: income again, whatever way a debt that was deducted as lost comes back."""
        line = self.invoice(20000.0, date(2024, 10, 10), invoice_date=date(2024, 9, 10))
        self.env["cobranca.loss"]._write_off(line, SIGNED, proof="0001234-56.2025.8.26.0100")
        self.start()
        agreement = self.sign(line, percents={"fine": Decimal(100), "interest": Decimal(100)}, down=None, method="none")
        self.assertEqual(self.books(), {ESTIMATE: 20000.0, RECOVERY: -20000.0})
        loss = self.env["cobranca.loss"].search([("line_id", "=", line.id)])
        self.assertEqual((loss.state, loss.recovered), ("closed", 20000.0))
        agreement.with_user(self.supervisor)._break(SIGNED, "Signed by mistake")
        self.assertEqual(self.books(), {})
        self.assertEqual((loss.state, loss.recovered, line.amount_residual), ("open", 0.0, 20000.0))
        self.assertEqual(LOSS, self.company.cobranca_loss_account_id.code)
