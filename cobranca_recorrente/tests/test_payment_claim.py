from datetime import date, timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .link_common import PDF, PNG
from .record_common import TODAY, RecordCommon


@tagged("post_install", "-at_install")
class TestPaymentClaim(RecordCommon):
    """Who says that he has paid is not reminded while somebody looks; the payment, or a person, ends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_claim_days = 5
        cls.Claim = cls.env["cobranca.payment.claim"]
        cls.public = cls.env.ref("base.public_user")

    def tell(self, lines=None, user=None, **values):
        values = {"paid_on": date(2026, 11, 18), "means": "pix", **values}
        lines = self.line if lines is None else lines
        return self.Claim.with_user(user or self.public)._record(lines, **values).sudo()

    def held(self, line=None, day=TODAY):
        """May nobody be reminded of this line on a day?"""
        line = self.line if line is None else line
        condition = self.env["cobranca.hold"]._get_hold_condition(day)
        self.env.flush_all()
        query = SQL("SELECT id FROM account_move_line WHERE id = %s AND %s", line.id, condition)
        return not self.env.execute_query(query)

    def activity(self, claim):
        return self.activities(claim, "payment_claim")

    def test_what_follows(self):
        claim = self.tell(note="Paguei no app\0", files=[("recibo.pdf", PDF), ("foto.png", PNG)])
        self.assertEqual((claim.state, claim.partner_id, claim.date), ("open", self.customer, TODAY))
        self.assertEqual((claim.amount, claim.note), (500.0, "Paguei no app"))
        # Friday is a holiday: the fifth business day is the Friday after it.
        self.assertEqual(claim.date_limit, date(2026, 11, 27))
        hold = self.holds(claim)
        self.assertEqual((hold.reason, hold.line_id, hold.date_to), ("already_paid", self.line, claim.date_limit))
        self.assertTrue(self.held())
        self.assertTrue(self.held(day=date(2026, 11, 27)))
        self.assertFalse(self.held(day=date(2026, 11, 28)))
        self.assertFalse(self.held(self.later_line))
        said = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((said.outcome, said.channel, said.direction), ("says_paid", "portal", "in"))
        self.assertFalse(said.user_id)
        self.assertEqual(said.line_ids, self.line)
        self.assertIn("with a receipt", said.note)
        names = claim.attachment_ids.sorted("id").mapped(lambda file: (file.name, file.mimetype, file.res_id))
        self.assertEqual(names, [("recibo.pdf", "application/pdf", claim.id), ("foto.png", "image/png", claim.id)])
        self.assertTrue(self.activity(claim))
        self.assertEqual(set(self.activity(claim).mapped("date_deadline")), {claim.date_limit})

    def test_the_collector_of_the_case_is_asked(self):
        own = [("partner_id", "=", self.customer.id), ("state", "=", "open")]
        case = self.env["cobranca.case"].search(own, limit=1)
        if not case:
            case = self.env["cobranca.case"].create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "currency_id": self.company.currency_id.id,
                    "opened_on": TODAY,
                }
            )
        case.collector_id = self.collector
        self.assertEqual(self.activity(self.tell()).user_id, self.collector)

    def test_told_twice_counts_once(self):
        claim = self.tell()
        self.assertEqual(self.tell(paid_on=date(2026, 11, 17)), claim)
        both = self.tell(self.line | self.later_line)
        self.assertEqual(both.claim_line_ids.line_id, self.later_line)
        self.assertEqual(len(self.holds(claim)), 1)

    @mute_logger("odoo.sql_db")
    def test_told_twice_at_the_same_moment(self):
        """The one who comes second does not see the first, and the index does."""
        claim = self.tell()
        Row = type(self.env["cobranca.payment.claim.line"])
        with patch.object(Row, "search", lambda rows, *args, **kwargs: rows.browse()):
            self.assertFalse(self.tell())
        self.assertEqual(self.Claim.search([("partner_id", "=", self.customer.id)]), claim)
        self.assertEqual(len(self.holds(claim)), 1)

    def test_one_open_claim_of_a_line(self):
        row = self.tell().claim_line_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env["cobranca.payment.claim.line"].create({"claim_id": row.claim_id.id, "line_id": self.line.id})
            self.env.flush_all()

    def test_the_payment_closes_it(self):
        claim = self.tell(self.line | self.later_line)
        self.pay(self.invoice, 500.0, date(2026, 11, 18))
        self.assertEqual(claim.state, "open")
        self.assertTrue(self.held(self.later_line))
        self.pay(self.later, 100.0, date(2026, 11, 18))
        self.assertEqual(claim.state, "open")
        self.pay(self.later, 200.0, date(2026, 11, 18))
        self.assertEqual((claim.state, claim.decided_on, claim.decided_by_id.id), ("confirmed", TODAY, False))
        self.assertFalse(self.activity(claim))
        self.assertEqual(set(self.holds(claim).mapped("state")), {"ended"})

    def test_not_found(self):
        claim = self.tell()
        wizard = self.env["cobranca.payment.claim.refuse"].with_user(self.collector)
        wizard.create({"claim_id": claim.id, "decision": "No Pix of that day"}).action_refuse()
        self.assertEqual((claim.state, claim.decided_by_id), ("refused", self.collector))
        self.assertFalse(self.held())
        self.assertFalse(self.activity(claim))
        again = self.tell()
        self.assertNotEqual(again, claim)
        self.assertTrue(self.held())

    def test_found_but_not_matched(self):
        """Nobody is reminded of what was found, only because it is not in the books yet."""
        claim = self.tell()
        with self.on("2026-11-25"):
            claim.with_user(self.collector).action_confirm()
            self.assertTrue(self.held(day=date(2026, 11, 25)))
            self.assertTrue(self.held(day=date(2026, 12, 2)))
        self.assertEqual((claim.state, claim.decided_by_id), ("confirmed", self.collector))

    def test_decided_once(self):
        claim = self.tell().with_user(self.collector)
        with self.assertRaises(UserError):
            claim._decide("refused", "  ")
        claim.action_confirm()
        with self.assertRaises(UserError):
            claim._decide("refused", "x")
        with self.assertRaises(UserError):
            claim.action_confirm()

    def test_what_is_refused(self):
        for values in (
            {"paid_on": TODAY + timedelta(days=1)},
            {"paid_on": None},
            {"paid_on": date(2025, 11, 1)},
            {"means": "gold"},
            {"means": ""},
            {"amount": 0.0},
            {"amount": -5.0},
            {"amount": float("nan")},
            {"amount": float("inf")},
            {"files": [("a.pdf", PDF)] * 4},
            {"files": [("a.pdf", b"%PDF-" + b"x" * (5 * 1024 * 1024))]},
            {"files": [("a.pdf", b"<script>alert(1)</script>")]},
            {"files": [("a.svg", b"<svg onload=alert(1)>")]},
            {"files": [("a.gif", b"GIF89a")]},
            {"files": [("a.exe", b"MZ")]},
            {"files": [("a.png", b"")]},
            {"lines": self.line | self.receivable(self.make_invoice(5.0, "2026-10-10", customer=self.stranger))},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.tell(**values)
        self.assertFalse(self.Claim.search([("partner_id", "=", self.customer.id)]))
        self.assertFalse(self.held())

    def test_hostile_names_of_files(self):
        claim = self.tell(files=[("../../<img src=x onerror=alert(1)>.pdf.exe", PDF)])
        self.assertNotRegex(claim.attachment_ids.name, r"[<>/=]")
        self.assertTrue(claim.attachment_ids.name.endswith(".pdf"))
        self.assertFalse(claim.attachment_ids.public)

    def test_rights(self):
        claim = self.tell(files=[("a.pdf", PDF)])
        self.assertEqual(claim.with_user(self.collector).amount, 500.0)
        self.assertEqual(claim.attachment_ids.with_user(self.collector).raw, PDF)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.Claim.with_user(self.manager).has_access(operation))
        for user in (self.public, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                claim.with_user(user).read(["amount"])
            with self.assertRaises(AccessError):
                claim.with_user(user).action_confirm()
        with self.assertRaises(UserError):
            claim.unlink()

    def test_other_companies(self):
        claim = self.tell()
        other = self.env["res.company"].create({"name": "Outra"})
        self.collector.write({"company_ids": [(4, other.id)]})
        seen = self.Claim.with_user(self.collector).with_context(allowed_company_ids=other.ids)
        self.assertFalse(seen.search([("id", "=", claim.id)]))
        self.assertFalse(
            self.env["cobranca.payment.claim.line"]
            .with_user(self.collector)
            .with_context(allowed_company_ids=other.ids)
            .search([("claim_id", "=", claim.id)])
        )

    def test_late_verification_is_seen(self):
        claim = self.tell()
        self.assertFalse(claim.is_late)
        with self.on("2026-11-28"):
            claim.invalidate_recordset()
            self.assertTrue(claim.is_late)

    def test_wiped_and_exported(self):
        claim = self.tell(note="SECRET-WORDS", files=[("a.pdf", PDF)])
        data = self.customer.with_user(self.supervisor)._cobranca_get_person_data()
        self.assertEqual(data["payments_told"][0]["note"], "SECRET-WORDS")
        file = claim.attachment_ids
        self.customer.sudo()._cobranca_wipe()
        self.assertFalse(claim.note)
        self.assertFalse(file.exists())
        self.assertEqual(self.customer.with_company(self.company).cobranca_link_version, 1)
