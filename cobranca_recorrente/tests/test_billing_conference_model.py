from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.conference import CAUSES
from .common import GROUP
from .conference_common import FEB, JAN, ConferenceCommon


@tagged("post_install", "-at_install")
class TestBillingConferenceModel(ConferenceCommon):
    """The month as a record: its proof, its rights, its release."""

    @freeze_time("2026-02-05 15:00:00")
    def test_header_adds_up_and_drills(self):
        first, second = self.make(100), self.make(200, date_start="2026-02-01")
        self.bill_all()
        conference = self.Conference.with_user(self.supervisor).create({"month": date(2026, 2, 17)})
        self.assertEqual(conference.month, FEB)
        self.assertEqual(conference.display_name, "February 2026")
        self.assertEqual(
            (conference.previous, conference.new, conference.current, conference.billed, conference.difference),
            (100, 200, 300, 300, 0),
        )
        self.assertEqual(conference.line_ids.contract_id, first | second)
        action = conference.with_context(cause="new").action_view_lines()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]).contract_id, second)
        self.assertEqual(len(self.env[action["res_model"]].search(conference.action_view_lines()["domain"])), 2)

    @freeze_time("2026-01-05 15:00:00")
    def test_what_the_causes_do_not_explain_shows(self):
        """A row of the ledger of a kind that the conference knows nothing of: the proof fails, the release too."""
        contract = self.make(100)
        self.bill_all()
        contract.period_ids.flush_recordset()
        conference = self.Conference.create({"month": JAN})
        self.assertEqual((conference.new, conference.current, conference.difference), (100, 100, 0))
        self.env.cr.execute(
            "UPDATE cobranca_contract_period SET kind = 'other' WHERE id = %s", [contract.period_ids.id]
        )
        conference.action_refresh()
        self.assertEqual((conference.current, conference.difference), (200, 100))
        with self.assertRaisesRegex(UserError, "does not hold"):
            conference.action_release()

    @freeze_time("2026-01-05 15:00:00")
    def test_one_of_a_company_and_month(self):
        self.Conference.create({"month": JAN})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Conference.create({"month": date(2026, 1, 31)})

    @freeze_time("2026-01-05 15:00:00")
    def test_rights(self):
        self.make(100)
        conference = self.Conference.create({"month": JAN})
        as_collector = conference.with_user(self.collector)
        self.assertEqual(as_collector.line_ids.current, 100)
        for action in ("action_refresh", "action_release", "action_reopen", "action_release_held"):
            with self.assertRaises(AccessError):
                getattr(as_collector, action)()
        with self.assertRaises(AccessError):
            as_collector.line_ids.action_release()
        as_supervisor = conference.with_user(self.supervisor)
        for values in ({"state": "released"}, {"difference": 0}, {"month": FEB}):
            with self.assertRaises(AccessError):
                as_supervisor.write(values)
        with self.assertRaises(AccessError):
            self.Conference.with_user(self.supervisor).create({"month": FEB, "state": "released"})
        with self.assertRaises(AccessError):
            as_supervisor.line_ids.write({"is_held": False})
        as_supervisor.action_release()
        self.assertEqual((conference.state, conference.released_by_id), ("released", self.supervisor))
        with self.assertRaisesRegex(UserError, "stays"):
            conference.with_user(self.manager).unlink()
        as_supervisor.action_reopen()
        self.assertEqual(conference.state, "open")

    @freeze_time("2026-01-05 15:00:00")
    def test_other_company_sees_nothing(self):
        self.make(100)
        conference = self.Conference.create({"month": JAN})
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "stranger", GROUP + "supervisor", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        self.assertFalse(self.Conference.with_user(stranger).search([]))
        self.assertFalse(self.env["cobranca.billing.conference.line"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            conference.with_user(stranger).action_release()

    @freeze_time("2026-01-05 15:00:00")
    def test_foreign_currency_is_converted_and_adds_up(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.1873})
        self.make(33.33, currency_id=dollar.id, date_start="2026-01-15", billing_day=1)
        conference = self.Conference.create({"month": JAN})
        line = conference.line_ids
        self.assertAlmostEqual(line.new, 33.33 / 0.1873, 2)
        self.assertAlmostEqual(line.current, sum(line[name] for name in ("previous", *CAUSES)), 6)
        self.assertEqual(conference.difference, 0)

    # --- a currency without rate ---

    @freeze_time("2026-01-05 15:00:00")
    def test_currency_without_rate_is_told_and_never_taken_one_to_one(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        # At 1:1 the first charge would be above it.
        self.company.write({"cobranca_first_charge_limit": 90, "cobranca_conference_mode": "manual"})
        foreign = self.make(100, currency_id=dollar.id)
        conference = self.Conference.create({"month": JAN})
        self.assertEqual((conference.current, conference.new, conference.held_count), (0, 0, 0))
        self.assertIn("no exchange rate of USD", conference.rate_gaps)
        line = conference.line_ids
        self.assertEqual((line.contract_id, line.current), (foreign, 0))
        self.assertIn("no exchange rate of USD", line.reason)
        self.assertTrue(conference._get_what_waits(), "unreleased it is not tried, and nobody hears of it")
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.2})
        conference.action_refresh()
        self.assertEqual((conference.current, conference.rate_gaps), (500, False))
