from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .proposal_common import TODAY, ProposalCommon

SAID = {"channel": "call", "text": "Agreed by phone, recording 4711"}


@tagged("post_install", "-at_install")
class TestProposalSigned(ProposalCommon):
    """From the simulation to the books."""

    def accept(self, proposal):
        return proposal.with_user(self.collector)._accept(SAID)

    def test_from_the_dialog_to_the_agreement(self):
        self.invoices[0].cobranca_interruption_date = date(2026, 10, 1)
        proposal = self.send("short")
        with self.on("2026-11-23"):
            agreement = self.accept(proposal).sudo()
        self.assertEqual(proposal.agreement_id, agreement)
        self.assertEqual((agreement.partner_id, agreement.state), (self.bakery, "active"))
        self.assertEqual((agreement.agreed, agreement.total), (3914.29, 3914.29))
        self.assertEqual(agreement.installment_ids.sorted("number").mapped("amount"), [1174.29, 913.34, 913.33, 913.33])
        self.assertEqual(agreement.origin_ids.line_id, self.lines)
        self.assertTrue(all(self.lines.mapped("reconciled")))
        self.assertEqual(proposal.with_user(self.collector).action_agreement()["res_id"], agreement.id)

        # Who agrees acknowledges the debt; the law admits that once.
        moves, signed = self.lines.move_id, date(2026, 11, 23)
        self.assertEqual(moves.mapped("cobranca_interruption_date"), [date(2026, 10, 1), signed, signed])
        self.assertFalse(agreement.move_id.cobranca_interruption_date)
        with self.on("2026-11-24"):
            again = self.accept(self.send("cash", lines=agreement.installment_ids.line_id)).sudo()
            again.with_user(self.supervisor)._cancel(date(2026, 11, 24), "By mistake")
            self.assertEqual(moves.mapped("cobranca_interruption_date"), [date(2026, 10, 1), signed, signed])
            agreement.with_user(self.supervisor)._cancel(date(2026, 11, 24), "By mistake")
        self.assertEqual(moves.mapped("cobranca_interruption_date"), [date(2026, 10, 1), False, False])

    def test_its_debts_are_negotiated_no_more(self):
        first, second = self.send("short", lines=self.lines[:2]), self.send("cash", lines=self.lines[1:])
        self.accept(first)
        self.assertEqual(second.state, "withdrawn")
        with self.assertRaises(UserError):
            self.accept(second)
        listed = self.open()["debts"]
        self.assertNotIn(self.lines[0].id, [debt["id"] for debt in listed])
        self.assertIn(self.lines[2].id, [debt["id"] for debt in listed])

    def test_a_part_of_an_agreement_is_not_negotiated(self):
        agreement = self.accept(self.send("short")).sudo()
        lines = agreement.installment_ids.line_id
        with self.assertRaises(UserError):
            self.send("cash", lines=lines[:1])
        self.assertTrue(self.send("cash", lines=lines))

    def test_what_the_books_refuse_leaves_the_proposal_open(self):
        proposal = self.send("short")
        self.company.sudo().fiscalyear_lock_date = TODAY
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.accept(proposal)
        self.env.invalidate_all()
        self.assertEqual((proposal.state, proposal.agreement_id.id), ("sent", False))
        self.assertFalse(any(self.lines.mapped("reconciled")))
