from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestDispute(RecordCommon):
    def dispute(self, amount=500.0, **values):
        return self.Dispute._record(self.line.with_user(self.collector), amount, "service", **values)

    def decide(self, dispute, state, user=None, decision="We looked at it"):
        wizard = self.env["cobranca.dispute.decide"].with_user(user or self.supervisor)
        return wizard.create({"dispute_id": dispute.id, "state": state, "decision": decision}).action_decide()

    def test_dispute_pauses_its_line_without_end_and_asks_for_an_answer(self):
        dispute = self.dispute(description="Nobody came")
        # Five business days from Thursday; Friday is a holiday.
        self.assertEqual((dispute.deadline, dispute.is_partial), (date(2026, 11, 27), False))
        hold = self.holds(dispute)
        self.assertEqual((hold.line_id, hold.reason, hold.date_to, hold.state), (self.line, "dispute", False, "active"))
        self.assertFalse(dispute.is_late)
        with self.on("2026-11-28"):
            dispute.invalidate_recordset(["is_late"])
            self.assertTrue(dispute.is_late)
        [activity] = self.activities(dispute, "dispute")
        self.assertEqual((activity.date_deadline, activity.user_id), (date(2026, 11, 27), self.collector))

    def test_supervisor_decides_with_a_reason(self):
        dispute = self.dispute()
        with self.assertRaises(AccessError):
            dispute._decide("accepted", "Right")
        with self.assertRaisesRegex(UserError, "reason"):
            dispute.with_user(self.supervisor)._decide("rejected", "  ")
        self.decide(dispute, "rejected")
        self.assertEqual((dispute.state, dispute.decided_by_id), ("rejected", self.supervisor))
        self.assertEqual(self.holds(dispute).state, "ended")
        self.assertFalse(self.activities(dispute, "dispute"))
        with self.assertRaisesRegex(UserError, "already"):
            self.decide(dispute, "accepted")

    def test_accepted_part_asks_for_its_credit_note(self):
        dispute = self.dispute(120.0)
        self.assertTrue(dispute.is_partial)
        self.decide(dispute, "accepted")
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", self.invoice.id)]
        )
        self.assertIn("120.00", activity.summary)
        self.assertEqual(activity.user_id, self.supervisor)

    def test_collector_closes_what_the_customer_gave_up(self):
        dispute = self.dispute()
        dispute.action_withdraw()
        self.assertEqual((dispute.state, self.holds(dispute).state), ("withdrawn", "ended"))
        self.assertEqual(self.dispute().state, "open")

    def test_one_open_dispute_of_a_line(self):
        dispute = self.dispute()
        with self.assertRaisesRegex(UserError, "disputed already"):
            self.dispute()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            dispute.sudo().copy()
            self.env.flush_all()

    def test_what_cannot_be_disputed(self):
        self.pay(self.later, 300.0, "2026-11-19")
        for line, amount, values, told in (
            (self.line, 500.01, {}, "at most"),
            (self.line, 0.0, {}, "how much"),
            (self.line, 10.0, {"deadline": date(2026, 11, 18)}, "past"),
            (self.later_line, 10.0, {}, "open invoices"),
        ):
            with self.subTest(told=told), self.assertRaisesRegex(UserError, told):
                self.Dispute._record(line, amount, "service", **values)

    def test_evidence_belongs_to_the_dispute(self):
        evidence = self.env["ir.attachment"].with_user(self.collector).create({"name": "letter.txt", "raw": b"x"})
        wizard = self.env["cobranca.dispute.register"].with_user(self.collector)
        wizard = wizard.create(
            {
                "partner_id": self.customer.id,
                "line_id": self.line.id,
                "reason": "paid",
                "attachment_ids": [Command.set(evidence.ids)],
            }
        )
        self.assertEqual((wizard.amount, wizard.deadline), (500.0, date(2026, 11, 27)))
        action = wizard.action_register()
        dispute = self.env["cobranca.dispute"].browse(action["res_id"])
        self.assertEqual(dispute.attachment_ids, evidence)
        self.assertEqual((evidence.res_model, evidence.res_id), ("cobranca.dispute", dispute.id))

    def test_changed_invoice_keeps_the_dispute(self):
        dispute = self.dispute()
        self.redraw(self.line)
        self.assertEqual((dispute.exists(), dispute.line_id.id, dispute.move_id), (dispute, False, self.invoice))
        with self.assertRaises(UserError):
            dispute.sudo().unlink()
