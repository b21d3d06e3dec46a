from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .behavior_common import TODAY, BehaviorCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 15:00:00")
class TestPayerSegment(BehaviorCommon):
    def segment(self, partner):
        return self.row_of(partner).segment_id.get_external_id().popitem()[1].rpartition("_")[2]

    def test_segments(self):
        new, punctual, alone, chronic = self.customers
        self.make_invoice(new, TODAY - timedelta(days=20), 100.0)
        rows = []
        for months in range(1, 6):
            due = TODAY - timedelta(days=30 * months)
            for partner, days in ((punctual, 0), (alone, 8), (chronic, 45)):
                rows.append((partner, due, 100.0, [(min(due + timedelta(days=days), TODAY), 100.0)]))
        self.make_invoices(rows)
        found = [self.segment(partner) for partner in (new, punctual, alone, chronic)]
        self.assertEqual(found, ["new", "punctual", "alone", "chronic"])

    def hold(self, reason, **values):
        return self.env["cobranca.hold"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customers[0].id,
                "reason": reason,
                "date_from": TODAY - timedelta(days=3),
                **values,
            }
        )

    def test_do_not_contact(self):
        """Death, court and over-indebtedness come before all figures, while the pause is in force."""
        partner = self.customers[0]
        self.make_invoice(partner, TODAY - timedelta(days=20), 100.0)
        for reason in ("deceased", "court", "over_indebtedness"):
            hold = self.hold(reason)
            self.assertEqual(self.segment(partner), "untouched", reason)
            hold.ended_on = TODAY
            self.assertEqual(self.segment(partner), "new", reason)
        for reason, values in (
            ("procon", {}),
            ("vacation", {}),
            ("court", {"date_to": TODAY - timedelta(days=1)}),
            ("court", {"date_from": TODAY + timedelta(days=1)}),
            ("court", {"partner_id": self.customers[1].id}),
        ):
            self.hold(reason, **values)
        self.assertEqual(self.segment(partner), "new")
        segment = self.env.ref("cobranca_recorrente.cobranca_payer_segment_untouched")
        self.assertIn("Deceased, Over-indebtedness", segment.with_user(self.manager).rule)
        segment.with_user(self.manager).is_held_procon = True
        self.assertEqual(self.segment(partner), "untouched")
        second = self.env["res.company"].create({"name": "Second"})
        self.env["cobranca.hold"].search([("partner_id", "=", partner.id)]).company_id = second
        self.assertEqual(self.segment(partner), "new", "that pause is of another company")

    def test_first_segment_that_fits_counts(self):
        partner = self.customers[0]
        self.make_invoice(partner, TODAY - timedelta(days=40), 100.0)
        own = self.env["cobranca.payer.segment"].create({"name": "Mine", "sequence": 1, "min_overdue_days": 40})
        self.assertEqual(self.row_of(partner).segment_id, own)
        own.min_overdue_days = 41
        self.assertNotEqual(self.row_of(partner).segment_id, own)
        self.env["cobranca.payer.segment"].search([]).active = False
        self.assertFalse(self.row_of(partner).segment_id)

    def test_bounds_in_their_order(self):
        with self.assertRaisesRegex(ValidationError, "nobody would fit"):
            self.env["cobranca.payer.segment"].create({"name": "Odd", "min_late_percent": 50, "max_late_percent": 20})

    def test_words(self):
        partner = self.customers[0]
        self.assertEqual(partner.cobranca_behavior_text, "New customer: no history yet.")
        due = TODAY - timedelta(days=40)
        self.make_invoice(partner, due, 100.0, [(due, 100.0)])
        self.assertEqual(self.row_of(partner).sentence, "1 of 1 invoices paid on time.")
        self.make_invoice(partner, due, 100.0, [(due + timedelta(days=10), 100.0)])
        self.make_invoice(partner, due, 300.0)
        row = self.row_of(partner)
        self.assertIn("2 of 3 invoices late, 26 days on average.", row.sentence)
        self.assertIn("100 % of the late ones paid without a reminder.", row.sentence)
        self.assertRegex(row.sentence, r"300\.00 overdue, the oldest for 40 days\.")
        partner.invalidate_recordset()
        self.assertTrue(row.sentence.startswith(f"{partner.cobranca_behavior_text} "))
        self.assertNotIn("overdue", partner.cobranca_behavior_text)
