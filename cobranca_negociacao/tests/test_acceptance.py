import base64
from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tests.common import CPF, OTHER_CPF

from .paper_common import BUSINESS_CNPJ, PaperCommon, make_pdf, sha256

NOW = "2026-11-24 15:00:00"
PAPER = make_pdf("term", "second page")
OTHER = make_pdf("another term")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAcceptance(PaperCommon):
    """What was accepted, by whom, and how that is shown."""

    # === ON THE PAGE === #

    def test_all_that_is_known(self):
        acceptance = self.accept(PAPER, ip="203.0.113.9", agent="Mozilla/5.0 (Linux)", title="Acordo 1")
        self.assertEqual(
            (acceptance.company_id, acceptance.partner_id, acceptance.title, acceptance.channel),
            (self.company, self.customer, "Acordo 1", "portal"),
        )
        self.assertEqual((acceptance.res_model, acceptance.res_id), ("res.partner", self.customer.id))
        self.assertEqual((acceptance.name, acceptance.document), ("Ana Lindoso", CPF))
        self.assertEqual((acceptance.ip, acceptance.agent), ("203.0.113.9", "Mozilla/5.0 (Linux)"))
        self.assertEqual(acceptance.accepted_at, Datetime.to_datetime(NOW))
        self.assertEqual(acceptance.document_hash, sha256(PAPER))
        self.assertEqual(acceptance.attachment_id.raw, PAPER)
        self.assertFalse(acceptance.user_id)
        self.assertEqual(acceptance.code_contact, "a***@example.com")
        self.assertEqual(acceptance.code_verified_at, Datetime.to_datetime(NOW))
        self.assertTrue(acceptance.is_intact)
        contact = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual((contact.channel, contact.direction, contact.note), ("portal", "in", "Accepted: Acordo 1"))

    def test_needs_a_code_of_this_paper(self):
        def accept(code):
            return self.accept(PAPER, code=code)

        unverified, digits = self.send_code(PAPER)
        other = self.verified_code(OTHER)
        somebody = self.verified_code(PAPER, self.business)
        for code in (None, unverified, other, somebody):
            with self.assertRaisesRegex(UserError, "Ask for a code first"):
                accept(code)
        self.assertTrue(self.Code._verify(self.company, self.customer, sha256(PAPER), digits).code)
        self.assertTrue(accept(unverified))

    def test_code_serves_once(self):
        code = self.verified_code(PAPER)
        self.accept(PAPER, code=code)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "accepted already"):
            self.accept(PAPER, record=self.invoice(10), code=code)
        self.assertEqual(self.Acceptance.search_count([("code_id", "=", code.id)]), 1)

    def test_code_does_not_hold_for_ever(self):
        code = self.verified_code(PAPER)
        late = freeze_time(Datetime.to_datetime(NOW) + timedelta(minutes=30, seconds=1))
        with late, self.assertRaisesRegex(UserError, "Too much time"):
            self.accept(PAPER, code=code)
        with freeze_time(Datetime.to_datetime(NOW) + timedelta(minutes=30)):
            self.accept(PAPER, code=code)

    def test_who_accepts(self):
        code = self.verified_code(PAPER)
        for name in ("", "Ana", "  Ana \n"):
            with self.assertRaisesRegex(UserError, "full name"):
                self.accept(PAPER, name=name, code=code)
        with self.assertRaisesRegex(UserError, "check digits"):
            self.accept(PAPER, document="529.982.247-26", code=code)
        with self.assertRaisesRegex(UserError, "not the one that is registered"):
            self.accept(PAPER, document=OTHER_CPF, code=code)
        # However it is written.
        self.assertEqual(self.accept(PAPER, document="52998224725", code=code).document, CPF)

    def test_company_is_represented(self):
        by_person = self.accept(PAPER, partner=self.business, name="Rui Costa", document=OTHER_CPF)
        self.assertEqual((by_person.partner_id, by_person.document), (self.business, OTHER_CPF))
        by_itself = self.accept(OTHER, partner=self.business, name="Rui Costa", document=BUSINESS_CNPJ)
        self.assertEqual(by_itself.document, BUSINESS_CNPJ)

    def test_paper_of_somebody_else(self):
        code = self.verified_code(PAPER)
        with self.assertRaisesRegex(UserError, "another customer"):
            self.accept(PAPER, record=self.invoice(10, partner=self.business), code=code)

    def test_what_is_no_paper(self):
        for content in (b"", b"<html>", PAPER[:-40], b"x" + PAPER):
            with self.assertRaisesRegex(UserError, "must be a PDF"):
                self.Acceptance._record(self.company, self.customer, self.customer, content, "portal", "Ana L", CPF)
        big = PAPER + b"\n" * (15 * 1024 * 1024) + b"%%EOF"
        with self.assertRaisesRegex(UserError, "bigger than 15 MB"):
            self.Acceptance._record(self.company, self.customer, self.customer, big, "portal", "Ana L", CPF)

    def test_same_paper_once(self):
        self.accept(PAPER)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "accepted already"):
            self.accept(PAPER)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.Acceptance.search([], limit=1).copy()

    # === THROUGH PEOPLE === #

    def test_operator_tells_how(self):
        self.invoice(10)
        with self.assertRaisesRegex(UserError, "Write how"):
            self.by_operator(self.collector, PAPER, note="  ")
        acceptance = self.by_operator(self.collector, PAPER)
        self.assertEqual((acceptance.user_id, acceptance.note), (self.collector, "Call of 24/11, recording 123"))
        self.assertFalse(acceptance.code_id)

    def test_operator_needs_rights(self):
        self.invoice(10)
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self.by_operator(user, PAPER)
        # Nothing to do with this customer: neither invoice nor contract nor contact.
        with self.assertRaises(AccessError):
            self.by_operator(self.collector, PAPER, partner=self.business)
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        with self.assertRaisesRegex(AccessError, "company that you do not work for"):
            self.by_operator(self.collector, PAPER, company=company)
        self.assertFalse(self.Acceptance.search([]))

    def test_signed_paper(self):
        self.invoice(10)
        acceptance = self.upload(PAPER)
        self.assertEqual((acceptance.channel, acceptance.signed_on), ("upload", date(2026, 11, 20)))
        self.assertEqual((acceptance.document_hash, acceptance.user_id), (sha256(PAPER), self.collector))
        for day in (None, date(2026, 11, 25)):
            with self.assertRaisesRegex(UserError, "today or before"):
                self.upload(OTHER, day)
        with self.assertRaises(AccessError):
            self.upload(OTHER, user=self.stranger)

    def test_dialog_of_signed_papers(self):
        move = self.invoice(10)
        wizard = Form(
            self.env["cobranca.acceptance.upload"]
            .with_user(self.collector)
            .with_context(
                default_partner_id=self.customer.id,
                default_res_model="account.move",
                default_res_id=move.id,
                default_title="Term 7",
            )
        )
        wizard.content = base64.b64encode(PAPER).decode()
        wizard.name, wizard.document, wizard.signed_on = "Ana Lindoso", CPF, "2026-11-20"
        action = wizard.save().action_upload()
        acceptance = self.Acceptance.browse(action["res_id"])
        self.assertEqual((acceptance.title, acceptance.res_id), ("Term 7", move.id))
        opened = acceptance.with_user(self.collector).action_open_record()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("account.move", move.id))
