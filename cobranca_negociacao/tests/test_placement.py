from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agency_common import TODAY, AgencyCommon


@tagged("post_install", "-at_install")
class TestPlacement(AgencyCommon):
    """What is with an agency, who reads it, and how it ends."""

    def test_reminders_pause_and_resume(self):
        placement = self.place()
        held = self.env["cobranca.hold"].search([("res_model", "=", placement._name), ("res_id", "=", placement.id)])
        self.assertEqual(held.line_id, self.lines)
        self.assertEqual(set(held.mapped("state")), {"active"})
        self.assertEqual((placement.placed_on, str(placement.ends_on)), (TODAY, "2027-02-17"))
        placement.with_user(self.supervisor)._recall("Customer came back to us")
        self.assertEqual(set(held.mapped("state")), {"ended"})
        self.assertEqual((placement.state, placement.end_reason), ("ended", "recalled"))

    def test_only_the_agency_reads_it_and_only_some_fields(self):
        placement = self.place()
        Placement = self.env["cobranca.placement"]
        self.assertEqual(Placement.with_user(self.worker).search([]), placement)
        self.assertFalse(Placement.with_user(self.outsider).search([]))
        own = placement.with_user(self.worker)
        self.assertEqual(own.read(["amount"])[0]["amount"], placement.amount)
        for field in ("customer_name", "document", "partner_id", "agency_id", "line_ids", "arm", "end_note"):
            with self.assertRaises(AccessError, msg=field):
                own.read([field])
        with self.assertRaises(AccessError):
            Placement.with_user(self.worker).search([("partner_id.vat", "like", "11")])
        self.agency.is_suspended = True
        self.assertFalse(Placement.with_user(self.worker).search([]))

    @mute_logger("odoo.sql_db")
    def test_one_agency_at_a_time(self):
        self.place()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.propose(self.rival, self.lines[:1])

    def test_no_operator_agreement_no_placement(self):
        self.agency.operator_until = "2026-11-18"
        placement = self.propose(self.agency, self.lines)
        with self.assertRaisesRegex(UserError, "operator agreement"):
            placement._activate()

    def test_payment_and_dispute_end_it(self):
        placement = self.place()
        self.pay(self.lines[0], 1290.0, TODAY)
        self.assertEqual((placement.state, placement.line_count), ("active", 2))
        contested = placement.with_user(self.worker)._register_dispute(self.lines[1], "service", "No bread came")
        self.assertEqual(contested.user_id, self.worker)
        self.assertEqual((placement.state, placement.line_count), ("active", 1))
        self.pay(self.lines[2], 1290.0, TODAY)
        self.assertEqual((placement.state, placement.end_reason), ("ended", "paid"))

    def test_contact_is_registered(self):
        placement = self.place()
        later = datetime(2026, 11, 20, 18, 30)
        told = {"channel": "call", "outcome": "call_later", "next_date": later, "note": "After six"}
        contact = placement.with_user(self.worker)._register_contact(told)
        self.assertEqual((contact.placement_id, contact.user_id), (placement, self.worker))
        self.assertEqual(placement.callback_at, later)
        placement._end("recalled")
        with self.assertRaisesRegex(UserError, "not with you"):
            placement.with_user(self.worker)._register_contact(told)
