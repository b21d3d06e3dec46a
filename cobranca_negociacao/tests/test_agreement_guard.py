from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..models.cobranca_agreement_guard import KEEPS
from .agreement_common import SIGNED, TODAY, AgreementCommon

DAY = date(2026, 1, 6)
OF_MOVE = ({"cobranca_agreement_role": "break"}, {"cobranca_agreement_turn": 2}, {"cobranca_agreement_id": 1})
OF_ITEM = ({"cobranca_paid_on": DAY}, {"cobranca_agreement_id": 1})


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementGuard(AgreementCommon):
    """What ties entries to agreements is written by these only, whatever else somebody may write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "account.group_account_manager,cobranca_recorrente.cobranca_group_manager"
        cls.accountant = new_test_user(cls.env, "accountant_manager", groups, lang="en_US")

    def assert_refused(self, call, *args):
        with self.assertRaisesRegex(AccessError, "belongs to an agreement"), self.cr.savepoint():
            call(*args)
            self.env.flush_all()
        self.env.invalidate_all()

    def test_nobody_writes_them(self):
        line = self.invoice(100.0).with_user(self.accountant)
        # A client can send the key, not the object.
        for records in (line, line.with_context(**{KEEPS: True}), line.sudo()):
            for values in OF_MOVE:
                self.assert_refused(records.move_id.write, values)
            for values in OF_ITEM:
                self.assert_refused(records.write, values)
                unlocked = records.move_id.with_context(skip_readonly_check=True)
                self.assert_refused(unlocked.write, {"line_ids": [Command.update(line.id, values)]})
        line.move_id.ref = "Something else"
        self.assertEqual(line.move_id.ref, "Something else")

    def test_nobody_creates_or_copies_with_them(self):
        move = self.invoice(100.0).with_user(self.accountant).move_id
        values = {"move_type": "entry", "date": SIGNED, "line_ids": []}
        item = {"account_id": self.company.cobranca_service_account_id.id, "name": "Item"}
        for own in OF_MOVE:
            self.assert_refused(move.copy, own)
            self.assert_refused(move.create, {**values, **own})
        for own in OF_ITEM:
            self.assert_refused(move.create, {**values, "line_ids": [Command.create({**item, **own})]})
        shown = {f"default_{name}": value for own in OF_MOVE + OF_ITEM for name, value in own.items()}
        self.env["ir.default"].with_user(self.accountant).set(
            "account.move", "cobranca_agreement_role", "break", user_id=True
        )
        made = move.with_context(**shown).create({**values, "line_ids": [Command.create(item)]})
        self.assertFalse(made.cobranca_agreement_id or made.cobranca_agreement_role or made.cobranca_agreement_turn)
        self.assertFalse(made.line_ids.cobranca_agreement_id or made.line_ids.cobranca_paid_on)

    def test_invoices_of_a_paid_agreement(self):
        """They are credited like any other paid invoice: the credit is the customer's, the agreement stays paid."""
        lines = self.debts()
        agreement = self.sign(lines, down=None, count=0, method="none", rate="0")
        moves = lines.move_id.with_user(self.accountant)
        for refused in (moves[0].button_draft, moves[0]._reverse_moves):
            with self.assertRaisesRegex(UserError, "break or cancel"):
                refused()
        self.pay(agreement.installment_ids.line_id, 1655.48)
        with self.assertRaisesRegex(UserError, "Make a credit note"):
            moves[0].button_draft()
        Wizard = self.env["account.move.reversal"].with_user(self.accountant)
        Wizard = Wizard.with_context(active_model="account.move", active_ids=moves[1].ids)
        Wizard.create({"journal_id": moves.journal_id.id, "date": SIGNED}).modify_moves()
        note = moves[0]._reverse_moves([{"date": SIGNED}])
        note._post()
        credits = (note | moves[1].reversal_move_ids)._cobranca_get_credits()
        self.assertEqual(credits.mapped("amount_residual"), [-1170.0, -585.0])
        self.assertEqual((agreement.state, lines.mapped("reconciled")), ("paid", [True, True]))
        self.assertEqual(self.ledger(), -1755.0)
        with self.assertRaisesRegex(UserError, "break or cancel"):
            agreement.move_id._reverse_moves()
