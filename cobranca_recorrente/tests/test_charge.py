import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .receipt_common import PAID, ReceiptCommon

CHARGES = {"interest": 5.90, "fine": 2.00}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestCharge(ReceiptCommon):
    """Memos of charges: written by methods, waived by supervisors, never twice."""

    def open_charges(self):
        line = self.invoice(100.0)
        self.receive(self.money(100.0), line, order="principal", charges={line: CHARGES})
        return self.env["cobranca.charge"].search([("line_id", "=", line.id)])

    def test_waived_in_bulk(self):
        charges = self.open_charges() | self.open_charges()
        moves = charges.move_id
        entries = self.env["account.move"].search_count([])
        action = charges.with_user(self.supervisor).action_waive()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.supervisor)
            .with_context(**action["context"])
            .create({"reason": "Our mistake"})
        )
        self.assertEqual((wizard.interest, wizard.fine, wizard.amount), (11.80, 4.0, 15.80))
        wizard.action_waive()
        self.assertEqual(set(charges.mapped("state")), {"waived"})
        self.assertEqual(charges.waived_by_id, self.supervisor)
        self.assertEqual(self.env["account.move"].search_count([]), entries)
        for move in moves:
            self.assertIn("waived: Our mistake", move.message_ids[0].body)
        # There is no way back, and none to waive twice.
        with self.assertRaisesRegex(UserError, "choose charges that are open"):
            charges.with_user(self.supervisor).action_waive()
        with self.assertRaisesRegex(UserError, "not open any more"):
            charges.with_user(self.supervisor)._waive("Again")

    def test_running_charges_of_an_invoice_are_waived(self):
        line = self.invoice(100.0)
        move = line.move_id.with_user(self.supervisor)
        with self.owing({line: CHARGES}):
            action = move.action_cobranca_waive()
            wizard = self.env[action["res_model"]].with_user(self.supervisor).with_context(**action["context"])
            wizard = wizard.create({"reason": "Agreed", "waive_interest": False})
            self.assertEqual((wizard.interest, wizard.fine, wizard.amount), (5.90, 2.0, 2.0))
            wizard.action_waive()
        self.assertEqual((self.memos(line, "waived"), line.amount_residual), ({"fine": 2.0}, 100.0))
        today = self.company._cobranca_today()
        self.assertEqual(line._cobranca_get_settled_charges(line, today), {line: [(today, "fine", 2.0)]})
        self.assertEqual(move.action_view_cobranca_charges()["domain"], [("move_id", "in", move.ids)])
        self.assertEqual(move.cobranca_charge_count, 1)
        with self.owing({}), self.assertRaisesRegex(UserError, "have no charges on this day"):
            wizard.action_waive()
        self.receive(self.money(100.0), line)
        with self.assertRaisesRegex(UserError, "choose posted invoices that are open"):
            move.action_cobranca_waive()

    def test_waived_charge_is_not_paid(self):
        charges = self.open_charges()
        charges.filtered(lambda charge: charge.kind == "fine").with_user(self.supervisor)._waive("Agreed")
        line = charges.line_id
        credit = self.money(10.0)
        self.receive(credit, line, charges=None)
        self.assertEqual(credit.amount_residual, -4.10)
        self.assertEqual(self.memos(line, "paid"), {"interest": 5.90})

    def test_reader_is_told_what_is_settled(self):
        line = self.invoice(100.0)
        self.receive(self.money(50.0), line, charges={line: CHARGES})
        self.receive(line.browse(), line, concessions={line: {"discount": 1.0}})
        settled = line._cobranca_get_settled_charges(line, PAID)
        self.assertEqual(sorted(settled[line]), [(PAID, "fine", 2.0), (PAID, "interest", 5.90)])
        self.assertFalse(line._cobranca_get_settled_charges(line, PAID.replace(day=18)))

    def test_rights(self):
        charges = self.open_charges()
        with self.assertRaisesRegex(AccessError, "Only a supervisor"):
            charges.with_user(self.collector)._waive("No")
        with self.assertRaisesRegex(UserError, "Write why"):
            charges.with_user(self.supervisor)._waive("  ")
        for user in (self.collector, self.supervisor, self.manager):
            mine = charges.with_user(user)
            self.assertEqual(len(mine.search([("id", "in", charges.ids)])), 2)
            with self.assertRaises(AccessError):
                mine.write({"state": "paid"})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create({"line_id": charges.line_id.id, "kind": "fine", "amount": 1.0, "date": PAID})
        stranger = new_test_user(self.env, "biller", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            charges.with_user(stranger).read(["amount"])

    def test_companies_are_apart(self):
        charges = self.open_charges()
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "cobranca_recorrente.cobranca_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.env["cobranca.charge"].with_user(user).search([("id", "in", charges.ids)]))
        with self.assertRaises(AccessError):
            charges.with_user(user)._waive("Elsewhere")

    def test_paid_charge_keeps_its_debt(self):
        line = self.invoice(100.0)
        self.receive(self.money(107.90), line, charges={line: CHARGES})
        with self.assertRaisesRegex(UserError, "stay as they are"):
            self.env["cobranca.charge"].search([("line_id", "=", line.id)]).unlink()
        line.move_id.button_draft()
        with self.assertRaisesRegex(UserError, "take back its payment"):
            line.with_context(dynamic_unlink=True).unlink()

    @mute_logger("odoo.sql_db")
    def test_same_money_pays_a_charge_once(self):
        line, credit = self.invoice(100.0), self.money(107.90)
        self.receive(credit, line, charges={line: CHARGES})
        [values, *_rest] = self.env["cobranca.charge"].search([("line_id", "=", line.id)]).copy_data()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env["cobranca.charge"].create({**values, "state": "paid"})
            self.env.flush_all()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            for _time in range(2):
                self.env["cobranca.charge"].create({**values, "state": "open"})
            self.env.flush_all()
