import base64
import io

import openpyxl
import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .bureau_common import BureauCommon, day
from .common import GROUP, OTHER_CPF


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 15:00:00")
class TestBureauListing(BureauCommon):
    def file(self, user=None):
        values = {"name": "ar.pdf", "raw": b"%PDF receipt"}
        return self.env["ir.attachment"].with_user(user or self.supervisor).create(values)

    # --- the way to the list ---

    def test_whole_way(self):
        listing = self.put()
        self.assertEqual(
            (listing.state, listing.partner_id, listing.amount, listing.due, listing.term_on),
            ("to_notify", self.customer, 300, day("2026-01-12"), day("2031-01-13")),
        )
        file = self.file()
        self.confirm(listing, "notified", date="2026-03-02", attachment_ids=[fields.Command.set(file.ids)])
        self.assertEqual((listing.state, listing.list_from), ("notified", day("2026-03-13")))
        self.assertEqual(listing.evidence_ids, file)
        listing._follow()
        self.assertEqual(listing.state, "to_list")
        self.confirm(listing, "listed", date="2026-03-16", protocol=" 123 ")
        self.assertEqual((listing.state, listing.list_protocol), ("listed", "123"))
        self.assertEqual(listing.listed_by_id, self.supervisor)
        self.confirm(listing, "removed", date="2026-03-16", protocol="124")
        self.assertEqual(listing.state, "removed")
        self.assertEqual(
            self.states(listing),
            [
                (False, "to_notify"),
                ("to_notify", "notified"),
                ("notified", "to_list"),
                ("to_list", "listed"),
                ("listed", "removed"),
            ],
        )
        self.assertEqual(listing.sudo().event_ids[0].user_id, self.supervisor)
        self.assertTrue(self.put(), "a debt that is open again may be listed again")

    def test_delivered_letter_starts_the_term(self):
        listing = self.put()
        self.assertEqual(self.Listing._note_notified(self.line + self.other, day("2026-03-10")), listing)
        self.assertEqual((listing.notified_on, listing.list_from), (day("2026-03-10"), day("2026-03-21")))
        self.assertFalse(self.Listing._note_notified(self.line, day("2026-03-12")), "the first notice counts")
        listing._follow()
        self.assertEqual(listing.state, "notified")
        with freeze_time("2026-03-21 15:00:00"):
            listing._follow()
        self.assertEqual(listing.state, "to_list")

    def test_longer_notice_of_the_company(self):
        self.company.cobranca_bureau_notice_days = 20
        listing = self.put()
        self.Listing._note_notified(self.line, day("2026-03-10"))
        self.assertEqual(listing.list_from, day("2026-03-31"))

    @mute_logger("odoo.sql_db")
    def test_notice_is_never_shorter_than_ten_days(self):
        with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.company.cobranca_bureau_notice_days = 9

    def test_no_listing_before_the_notice_has_run_out(self):
        listing = self.bring(self.put(), "to_list")
        for when in ("2026-03-12", "2026-03-17"):  # too early; in the future
            with self.assertRaises(UserError):
                self.confirm(listing, "listed", date=when, protocol="1")
        with self.assertRaises(UserError):
            self.confirm(listing, "listed", date="2026-03-16", protocol="  ")
        with self.assertRaises(UserError):
            self.confirm(self.put(self.other), "listed", date="2026-03-16", protocol="1")
        self.assertEqual(listing.state, "to_list")

    def test_notice_by_hand_needs_proof_of_ones_own(self):
        listing = self.put()
        theirs = self.file(self.manager)
        for files in ([], theirs.ids):
            with self.assertRaises(UserError):
                self.confirm(listing, "notified", date="2026-03-02", attachment_ids=[fields.Command.set(files)])
        self.assertEqual(listing.state, "to_notify")

    # --- what is never listed ---

    def test_what_is_not_put(self):
        small = self.owe(99.99, "2026-01-12")
        old = self.owe(300, "2021-03-10", day="2021-01-02")
        early = self.owe(300, "2026-03-16")
        paid = self.owe(300, "2026-01-12")
        self.pay(paid, 300, "2026-03-01")
        disputed = self.owe(300, "2026-01-12")
        self.env["cobranca.dispute"].with_user(self.collector)._record(disputed, 100, "amount")
        held = self.owe(300, "2026-01-12")
        self.env["cobranca.hold"]._start(
            self.company, self.customer, "vacation", day("2026-03-01"), day("2026-03-30"), lines=held
        )
        self.assertFalse(self.put(small + old + early + paid + disputed + held))
        # A week before its term ends nothing is put any more; a day earlier it still is.
        self.assertFalse(self.put(self.owe(300, "2021-03-22", day="2021-01-02")))
        self.assertTrue(self.put(self.owe(300, "2021-03-23", day="2021-01-02")))

    def test_one_live_row_for_a_line_and_bureau(self):
        listing = self.put()
        self.assertFalse(self.put())
        values = self.Listing._prepare_listing(self.line)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Listing.create(values)
        with mute_logger("odoo.sql_db"):
            self.assertFalse(self.Listing._put_line(self.line, "another transaction was first"))
        self.company.cobranca_bureau = "spc"
        self.assertEqual(len(listing + self.put()), 2)

    # --- guards ---

    def test_only_forward_and_only_what_fits(self):
        listing = self.bring(self.put(), "listed")
        for step, values in (
            ("listed", {"date": "2026-03-16", "protocol": "1"}),
            ("cancelled", {"note": "no"}),
            ("kept", {"note": "no"}),
        ):
            with self.assertRaises(UserError, msg=step):
                self.confirm(listing, step, **values)
        self.assertFalse(listing._update_state(("to_list",), "listed", is_manual=False))
        waiting = self.put(self.other)
        with self.assertRaises(UserError):
            self.confirm(waiting, "cancelled")
        self.confirm(waiting, "cancelled", note="a good customer")
        self.assertEqual((waiting.state, waiting.end_reason), ("cancelled", "manual"))
        self.assertEqual(waiting.sudo().event_ids[0].note, "a good customer")

    def test_rights(self):
        listing = self.bring(self.put(), "to_list")
        for user in (self.collector, self.supervisor, self.manager):
            for operation in ("write", "create", "unlink"):
                for model in ("cobranca.bureau.listing", "cobranca.bureau.event"):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            self.confirm(listing, "listed", user=self.collector, date="2026-03-16", protocol="1")
        for method in ("action_export", "action_cancel", "action_confirm_listing"):
            with self.assertRaises(AccessError):
                getattr(listing.with_user(self.collector), method)()
        with self.assertRaises(AccessError):
            listing.with_user(self.collector)._confirm_listing(day("2026-03-16"), "1", "")
        portal = new_test_user(self.env, "portal_bureau", "base.group_portal")
        with self.assertRaises(AccessError):
            listing.with_user(portal).read(["state"])

    def test_companies_are_apart(self):
        listing = self.put()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", GROUP + "supervisor", company_id=elsewhere.id, company_ids=[elsewhere.id]
        )
        self.assertFalse(self.Listing.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            listing.with_user(stranger).read(["state"])
        with self.assertRaises(AccessError):
            self.confirm(listing, "cancelled", user=stranger, note="x")
        with self.assertRaises(AccessError):
            listing.event_ids.with_user(stranger).read(["note"])

    def test_history_and_list_stay(self):
        listing = self.put()
        for records, values in ((listing.event_ids, {"note": "other"}),):
            with self.assertRaises(UserError):
                records.sudo().write(values)
        for records in (listing.event_ids, listing):
            with self.assertRaises(UserError):
                records.sudo().unlink()

    # --- the file ---

    def test_file_for_the_bureau(self):
        hostile = self.make_customer("=HYPERLINK(1)", OTHER_CPF, street="@SUM(A1)", city="+1")
        line = self.owe(123.45, "2026-01-12", partner=hostile)
        listing = self.bring(self.put(line), "to_list")
        later = self.put()
        action = (listing + later).with_user(self.supervisor).action_export()
        wizard = self.env[action["res_model"]].with_user(self.supervisor).browse(action["res_id"])
        self.assertEqual(wizard.exported_count, 1)
        self.assertIn("To notify", wizard.left_out)
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.content))).active
        rows = list(sheet.iter_rows())
        self.assertEqual(len(rows), 2)
        values = [cell.value for cell in rows[1]]
        self.assertEqual(values[:4], [OTHER_CPF, "=HYPERLINK(1)", "@SUM(A1)", "+1"])
        self.assertEqual([cell.data_type for cell in rows[1][:4]], ["s"] * 4)
        self.assertEqual(fields.Date.to_date(values[7]), day("2026-01-12"))
        self.assertEqual(values[8], 123.45)
        log = self.env["cobranca.access.log"].search([("partner_id", "=", hostile.id)])
        self.assertEqual((log.user_id, log.action), (self.supervisor, "export"))

    def test_empty_file_is_refused_with_reasons(self):
        listing = self.put()
        with self.assertRaises(UserError) as caught:
            listing.with_user(self.supervisor).action_export()
        self.assertIn("To notify", str(caught.exception))

    def test_dialog(self):
        listing = self.put()
        action = listing.with_user(self.supervisor).action_confirm_notice()
        wizard = self.env["cobranca.bureau.confirm"].with_user(self.supervisor).with_context(**action["context"])
        with Form(wizard) as form:
            self.assertEqual(form.step, "notified")
            self.assertEqual(form.date, day("2026-03-16"))
        with self.assertRaises(UserError):
            listing.with_user(self.supervisor).action_confirm_listing()
