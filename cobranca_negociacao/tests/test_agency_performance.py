from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .agency_common import TODAY, AgencyCommon


@tagged("post_install", "-at_install")
class TestAgencyPerformance(AgencyCommon):
    """What agencies make of what they are given."""

    def get_row(self, agency, arm="champion"):
        Performance = self.env["cobranca.agency.performance"].with_user(self.supervisor)
        return Performance.search([("agency_id", "=", agency.id), ("arm", "=", arm)])

    def test_figures(self):
        placement = self.place()
        with self.on("2026-11-19", 15):
            contact = {"channel": "call", "outcome": "no_answer"}
            placement.with_user(self.worker)._register_contact(contact)
            promised = {"outcome": "promised", "promise_date": date(2026, 11, 24), "promise_amount": 1290.0}
            placement.with_user(self.worker)._register_contact({**contact, **promised})
        self.pay(self.lines[0], 1290.0, "2026-11-23")
        self.pay(self.lines[1], 10.0, "2026-11-23")
        with self.on("2026-11-23"):
            placement.with_user(self.worker)._register_dispute(self.lines[2], "service", "No bread came")
            self.env["cobranca.agency.receipt"]._collect(self.company)
        self.place(self.rival, self.foreign).arm = "challenger"
        row = self.get_row(self.agency)
        self.assertEqual(
            (str(row.month), row.placement_count, row.amount_placed), ("2026-11-01", 1, placement.amount_placed)
        )
        self.assertEqual((row.recovered_count, row.amount_recovered), (1, 1300.0))
        self.assertEqual((row.amount_commission, row.amount_net), (195.0, 1105.0))
        self.assertEqual((row.contacted_count, row.contact_count, row.hours_to_contact), (1, 2, 12.0))
        self.assertEqual((row.promise_count, row.complaint_count), (1, 1))
        self.assertEqual(row.agreement_count, 0)
        other = self.get_row(self.rival, "challenger")
        self.assertEqual((other.placement_count, other.recovered_count, other.amount_recovered), (1, 0, 0.0))
        self.assertFalse(other.contacted_count)
        with self.assertRaises(AccessError):
            self.env["cobranca.agency.performance"].with_user(self.collector).search([])

    def test_what_went_back_is_not_recovered(self):
        self.place()
        entry = self.pay(self.lines[0], 100.0, TODAY)
        Ledger = self.env["cobranca.agency.receipt"]
        Ledger._collect(self.company)
        entry.line_ids.remove_move_reconcile()
        Ledger._collect(self.company)
        row = self.get_row(self.agency)
        self.assertEqual((row.recovered_count, row.amount_recovered, row.amount_net), (0, 0.0, 0.0))

    def test_arms(self):
        """Too few say nothing; enough do, in the words of who reads."""
        self.place()
        wizard = self.env["cobranca.agency.compare"].with_user(self.supervisor).create({})
        self.assertIn("each arm needs 30", wizard.result)
        self.assertIn("0 of 1 customers", wizard.champion)
        Performance = type(self.env["cobranca.agency.performance"])
        rows = [("champion", 48, 80), ("challenger", 56, 70)]
        self.patch(Performance, "_read_group", lambda *_arguments, **_options: rows)
        wizard.invalidate_recordset()
        self.assertIn("20.0 points (5.2 to 33.4, at 95 %): a real difference", wizard.result)
        self.assertIn("56 of 70 customers paid (80.0 %)", wizard.challenger)
        rows[1] = ("challenger", 44, 70)
        wizard.invalidate_recordset()
        self.assertIn("chance may do that", wizard.result)

    def test_own_figures(self):
        """An agency reads what it received this month, and nothing of another."""
        self.place()
        self.pay(self.lines[0], 1000.0, TODAY)
        self.env["cobranca.agency.receipt"]._collect(self.company)
        Performance = self.env["cobranca.agency.performance"].with_user(self.worker)
        own = Performance._get_portal_figures(Performance.env["cobranca.agency"]._get_own())
        self.assertEqual([figure["value"] for figure in own], ["R$\xa01,000.00", "R$\xa0150.00"])
        theirs = Performance.with_user(self.outsider)
        values = theirs._get_portal_figures(theirs.env["cobranca.agency"]._get_own())
        self.assertEqual([figure["value"] for figure in values], ["R$\xa00.00", "R$\xa00.00"])
        with self.on("2026-12-01"):
            [received, _earned] = Performance._get_portal_figures(self.agency)
        self.assertEqual(received["value"], "R$\xa00.00")
