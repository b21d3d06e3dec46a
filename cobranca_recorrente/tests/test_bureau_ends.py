from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .bureau_common import BureauCommon, day
from .common import lost_races

FOLLOW = "odoo.addons.cobranca_recorrente.models.cobranca_bureau_listing_follow"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 15:00:00")
class TestBureauEnds(BureauCommon):
    """What is paid, disputed or too old leaves the list, with an alarm where it was listed."""

    def test_payment_before_the_listing_cancels(self):
        for state in ("to_notify", "notified", "to_list"):
            line = self.owe(300, "2026-01-12")
            listing = self.put(line)
            if state != "to_notify":
                self.bring(listing, state)
            self.assertEqual(listing.state, state)
            self.pay(line, 300, "2026-03-15")
            self.assertEqual((listing.state, listing.end_reason), ("cancelled", "paid"))

    def test_part_of_it_changes_nothing(self):
        listing = self.bring(self.put(), "to_list")
        self.pay(self.line, 100, "2026-03-15")
        self.assertEqual(listing.state, "to_list")
        self.confirm(listing, "listed", date="2026-03-16", protocol="1")
        self.assertEqual(listing.amount, 200)

    def test_payment_of_a_listed_debt_asks_for_its_removal(self):
        self.company.cobranca_bureau_user_id = self.manager
        listing = self.bring(self.put(), "listed")
        self.pay(self.line, 300, "2026-03-13")  # a Friday, told on Monday
        self.assertEqual((listing.state, listing.end_reason), ("to_remove", "paid"))
        self.assertEqual(listing.removal_deadline, day("2026-03-20"))
        activity = listing.sudo().activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.manager, day("2026-03-20")))
        self.assertIn("03/20/2026", activity.summary)
        self.assertFalse(listing.is_late)
        with freeze_time("2026-03-21 15:00:00"):
            listing.invalidate_recordset()
            self.assertTrue(listing.is_late)
            self.assertEqual(self.Listing.search([("is_expiring", "=", True)]), listing)
        self.confirm(listing, "removed", date="2026-03-16", protocol="9")
        self.assertFalse(listing.sudo().activity_ids)

    def test_holidays_move_the_deadline(self):
        self.env["cobranca.holiday"].create({"name": "Test", "date": "2026-03-18", "scope": "national"})
        listing = self.bring(self.put(), "listed")
        self.pay(self.line, 300, "2026-03-13")
        self.assertEqual(listing.removal_deadline, day("2026-03-23"))

    def test_payment_imported_late_is_due_at_once(self):
        listing = self.bring(self.put(), "listed")
        self.pay(self.line, 300, "2026-03-02")
        self.assertEqual(listing.removal_deadline, day("2026-03-09"))
        self.assertTrue(listing.is_late)
        self.assertEqual(listing.sudo().activity_ids.date_deadline, day("2026-03-16"))

    def test_dispute_asks_for_the_removal(self):
        listing = self.bring(self.put(), "listed")
        waiting = self.bring(self.put(self.other), "notified")
        Dispute = self.env["cobranca.dispute"].with_user(self.collector)
        Dispute._record(self.line, 300, "amount")
        Dispute._record(self.other, 50, "amount")
        self.assertEqual((listing.state, listing.end_reason), ("to_remove", "disputed"))
        self.assertEqual(listing.removal_deadline, day("2026-03-23"))
        self.assertEqual((waiting.state, waiting.end_reason), ("cancelled", "disputed"))

    def test_pause_waits(self):
        listing = self.bring(self.put(), "notified")
        self.env["cobranca.hold"]._start(self.company, self.customer, "vacation", day("2026-03-01"), day("2026-03-20"))
        listing._follow()
        self.assertEqual(listing.state, "notified")
        self.assertIn("paused", listing.obstacle)
        with freeze_time("2026-03-21 15:00:00"):
            listing.invalidate_recordset()
            listing._follow()
        self.assertEqual(listing.state, "to_list")

    def test_paused_between_the_list_and_the_bureau(self):
        listing = self.bring(self.put(), "to_list")
        self.env["cobranca.hold"]._start(self.company, self.customer, "procon", day("2026-03-16"), None)
        with self.assertRaises(UserError) as caught:
            self.confirm(listing, "listed", date="2026-03-16", protocol="1")
        self.assertIn("paused", str(caught.exception))
        self.assertEqual(listing.state, "to_list")

    def test_term_of_five_years(self):
        line = self.owe(300, "2021-04-10", day="2021-01-02")
        listing = self.bring(self.put(line), "listed")
        with freeze_time("2026-04-03 15:00:00"):
            listing._follow()
            self.assertEqual(listing.state, "listed")
            self.assertEqual(self.Listing.search([("is_expiring", "=", True)]), listing)
        with freeze_time("2026-04-04 15:00:00"):
            listing._follow()
        self.assertEqual((listing.state, listing.end_reason), ("to_remove", "term"))
        self.assertEqual(listing.removal_deadline, day("2026-04-10"))

    def test_changed_invoice(self):
        listing = self.bring(self.put(), "listed")
        waiting = self.put(self.other)
        self.line.move_id.button_draft()
        self.other.move_id.button_draft()
        self.other.move_id.with_context(force_delete=True).line_ids.unlink()
        (listing + waiting)._follow()
        self.assertEqual((listing.state, listing.end_reason), ("to_remove", "changed"))
        self.assertEqual((waiting.state, waiting.end_reason), ("cancelled", "changed"))

    def test_payment_came_back(self):
        listing = self.bring(self.put(), "listed")
        credit = self.pay(self.line, 300, "2026-03-13")
        with self.assertRaises(UserError):
            self.confirm(listing, "kept", note="returned")
        credit.remove_move_reconcile()
        self.assertEqual(listing.state, "to_remove", "a person decides")
        with self.assertRaises(UserError):
            self.confirm(listing, "kept")
        self.confirm(listing, "kept", note="returned")
        self.assertEqual((listing.state, listing.removal_deadline), ("listed", False))
        self.assertFalse(listing.sudo().activity_ids)

    def test_nightly_run_is_a_backstop(self):
        listing = self.bring(self.put(), "listed")
        # As if the payment had not told.
        self.patch(self.registry["cobranca.bureau.listing"], "_follow_lines", lambda *_arguments: None)
        self.pay(self.line, 300, "2026-03-13")
        self.assertEqual(listing.state, "listed")
        # Somebody works on it at the first moment.
        with lost_races(type(listing), "_follow_safely") as calls, self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_bureau").method_direct_trigger()
        self.assertEqual([batch.ids for (batch,) in calls], [listing.ids] * 2)
        self.env.invalidate_all()
        self.assertEqual(listing.state, "to_remove")

    def test_broken_listing_stops_no_payment(self):
        listing, fine = self.bring(self.put(), "listed"), self.bring(self.put(self.other), "listed")
        Model = self.registry["cobranca.bureau.listing"]
        original = Model._ask_for_removal

        def ask(self, verdict):
            if self == listing:
                raise ValueError("broken")
            return original(self, verdict)

        self.patch(Model, "_ask_for_removal", ask)
        [credit] = self.post_lines(day("2026-03-13"), [(self.customer, 500, day("2026-03-13"))], sign=-1)
        with mute_logger(FOLLOW):
            (self.line + self.other + credit).reconcile()
        self.assertTrue(self.line.reconciled and self.other.reconciled)
        self.assertEqual((listing.state, fine.state), ("listed", "to_remove"))
