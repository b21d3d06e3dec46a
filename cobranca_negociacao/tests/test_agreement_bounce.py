from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .agreement_common import FIRST_DUE, OUTSTANDING, RECEIVABLE, SECOND_DUE, TODAY, AgreementCommon

LATE, BROKEN, BOUNCED = date(2026, 5, 21), date(2026, 6, 10), date(2026, 6, 15)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementBounce(AgreementCommon):
    """Money that goes back after a break is followed, whatever way it went."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "account.group_account_invoice,cobranca_recorrente.cobranca_group_supervisor"
        cls.teller = new_test_user(cls.env, "teller", groups, lang="en_US")

    def setUp(self):
        super().setUp()
        self.company.sudo().cobranca_agreement_imputation = "principal"
        self.lines = self.debts()
        self.agreement = self.worked(self.lines)
        self.down = self.pay(self.installment(self.agreement, 0).line_id, 289.18)

    def break_it(self):
        with freeze_time(f"{BROKEN} 15:00:00"):
            self.agreement.with_user(self.supervisor)._break(BROKEN, "Installments were not paid")

    def charge_back(self, credit):
        with freeze_time(f"{BOUNCED} 15:00:00"):
            credit.payment_id.with_user(self.teller)._cobranca_charge_back(BOUNCED, "Taken back by the bank")
        self.assertEqual((self.agreement.state, self.agreement.ended_on), ("broken", BROKEN))

    def test_by_a_bridge_or_for_charges_only(self):
        first = self.installment(self.agreement, 1).line_id
        with freeze_time(f"{LATE} 15:00:00"):
            # 15 days late: the charges of 4.77 and 1.19, and no more.
            charges = self.pay(first, 5.96, LATE)
            self.assertEqual(first.amount_residual, 238.33)
            account = first.account_id.copy({"code": "1.01.02.02.01.01", "name": "Clientes"})
            self.customer.property_account_receivable_id = account
            bridge = self.pay(first, 100.0, LATE)
            self.assertEqual((first.amount_residual, bridge.account_id), (138.33, account))
        self.break_it()
        self.assertEqual(self.lines.mapped("amount_residual"), [604.86, 585.0])
        self.charge_back(bridge)
        self.assertEqual(self.lines.mapped("amount_residual"), [704.86, 585.0])
        self.charge_back(charges)
        self.assertEqual(self.open_lines(), [(FIRST_DUE, 710.82), (SECOND_DUE, 585.0)])
        self.assertEqual(self.books(), {RECEIVABLE: -289.18, OUTSTANDING: 289.18})
        self.assert_clean_transit()
        # Nobody is reminded of what is open again by it, for some days.
        holds = self.env["cobranca.hold"].search([("reason", "=", "charge_back"), ("date_from", "=", BOUNCED)])
        self.assertEqual(holds.line_id, self.lines[0])

    def test_unreconciled_by_hand(self):
        """Its money pays the debts by now: who frees it from the installment would count it twice."""
        line = self.installment(self.agreement, 0).line_id
        self.break_it()
        for unreconcile in (line.matched_credit_ids.unlink, self.down.remove_move_reconcile):
            with self.assertRaisesRegex(UserError, "Take the payment back"), self.cr.savepoint():
                unreconcile()
            self.env.invalidate_all()
        with freeze_time(f"{BOUNCED} 15:00:00"):
            self.down.payment_id.action_draft()
        self.assertEqual(self.open_lines(), [(FIRST_DUE, 1000.0), (SECOND_DUE, 585.0)])
        self.assertEqual(self.books(), {})

    def test_debts_that_changed_since(self):
        """Where the break cannot be taken back, the installment is open and somebody is told."""
        self.break_it()
        with freeze_time("2026-06-11 15:00:00"):
            self.pay(self.lines[1], 50.0, date(2026, 6, 11))
        before = self.ledger()
        self.charge_back(self.down)
        self.assertEqual(self.installment(self.agreement, 0).line_id.amount_residual, 289.18)
        self.assertEqual(round(self.ledger() - before, 2), 289.18)
        told = self.env["mail.activity"].search([("summary", "like", self.agreement.name)])
        self.assertIn("went back", told.mapped("summary")[0])
