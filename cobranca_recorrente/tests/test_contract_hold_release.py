import contextlib
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .hold_common import FEB, MAR, HoldCommon


@tagged("post_install", "-at_install")
class TestContractHoldRelease(HoldCommon):
    """Who lets go what is held, and months that are released by hand."""

    # --- release ---

    @freeze_time("2026-02-05 15:00:00")
    def test_release_by_a_supervisor_once(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        for any_contract in (contract, self.make_billed()):
            with self.assertRaises(AccessError):
                any_contract.with_user(self.collector).action_release_hold()
        with self.assertRaises(AccessError):
            contract.with_user(self.supervisor).hold_reason = False
        contract.with_user(self.supervisor).action_release_hold()
        self.assertEqual((contract.hold_reason, contract.hold_released_by_id), (False, self.supervisor))
        self.run_cron()
        self.assertEqual(contract.period_ids.mapped("amount"), [150, 100])
        self.assertIn(self.supervisor.name, "".join(contract.message_ids.mapped("body")))

    @freeze_time("2026-02-05 15:00:00")
    def test_other_amount_after_the_release_is_held_again(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        contract.with_user(self.supervisor).action_release_hold()
        self.raise_silently(contract, 1500)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)
        self.assertIn("1,500.00", contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_what_is_put_right_is_let_go(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        self.raise_silently(contract, 100)
        self.run_cron("billing_conference")
        self.assertFalse(contract.hold_reason)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_conference_shows_and_releases_what_is_held(self):
        odd, other = self.make_billed(), self.make_billed()
        self.raise_silently(odd, 150)
        self.raise_silently(other, 160)
        conference = self.Conference.create({"month": FEB})
        self.assertEqual((conference.held_count, conference.line_ids.filtered("is_held").contract_id), (2, odd | other))
        line = conference.line_ids.filtered(lambda line: line.contract_id == odd)
        self.assertEqual((line.price, line.deviation), (50, 50))
        # Before the run even came to it.
        line.with_user(self.supervisor).action_release()
        self.assertEqual((line.released_by_id, conference.held_count), (self.supervisor, 1))
        self.run_cron()
        self.assertEqual((len(odd.period_ids), len(other.period_ids)), (2, 1))
        conference.with_user(self.supervisor).action_refresh()
        kept = conference.line_ids.filtered("released_by_id")
        self.assertEqual((kept.contract_id, kept.released_by_id), (odd, self.supervisor))
        conference.with_user(self.supervisor).action_release_held()
        self.assertEqual((conference.held_count, other.hold_reason), (0, False))
        self.run_cron()
        self.assertEqual(len(other.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_one_activity_for_all_that_is_held(self):
        for _number in range(3):
            self.raise_silently(self.make_billed(), 150)
        self.run_cron()
        self.run_cron("billing_conference")
        self.run_cron("billing_conference")
        conference = self.Conference.search([("month", "=", FEB), ("company_id", "=", self.company.id)])
        activities = self.env["mail.activity"].search([("activity_type_id", "=", self.held_type.id)])
        people = self.billing._get_people_to_ask(self.company)
        self.assertEqual(activities.mapped("res_id"), [conference.id] * len(people))
        self.assertEqual(activities.user_id, people)
        conference.with_user(self.supervisor).action_release_held()
        self.assertFalse(activities.exists())

    @freeze_time("2026-02-05 15:00:00")
    def test_a_later_reason_is_in_the_company_s_language_too(self):
        self.company.partner_id.lang = "pt_BR"
        odd = self.make_billed()
        self.raise_silently(odd, 150)
        self.run_cron()
        self.raise_silently(odd, 160)
        self.run_cron("billing_conference")
        self.assertIn("160", odd.hold_reason)
        self.assertIn("em vez de", odd.hold_reason)

    # --- months released by hand ---

    @freeze_time("2026-02-05 15:00:00")
    def test_by_hand_nothing_is_billed_before_the_release(self):
        contract, other_month = self.make_billed(), self.make_billed(due_day=31, issue_lead_days=60)
        self.company.cobranca_conference_mode = "manual"
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)
        with self.assertRaisesRegex(UserError, "2026-02 is not released"):
            contract.with_user(self.supervisor).with_context(lang="en_US").action_bill()
        self.run_cron("billing_conference")
        conference = self.Conference.search([("month", "=", FEB), ("company_id", "=", self.company.id)])
        self.assertTrue(conference.activity_ids)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1, "computed is not released")
        conference.with_user(self.supervisor).action_release()
        self.assertFalse(conference.activity_ids)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)
        self.assertEqual(len(other_month.period_ids), 2, "its March waits for its own release")
        self.assertEqual(other_month.next_due_date, date(2026, 3, 31))
        self.Conference.create({"month": MAR}).action_release()
        self.run_cron()
        self.assertEqual(len(other_month.period_ids), 3)

    @freeze_time("2026-02-05 15:00:00")
    def test_release_of_the_month_leaves_outliers_held(self):
        good, odd = self.make_billed(), self.make_billed()
        self.raise_silently(odd, 150)
        self.company.cobranca_conference_mode = "manual"
        self.Conference.create({"month": FEB}).with_user(self.supervisor).action_release()
        self.run_cron()
        self.assertEqual((len(good.period_ids), len(odd.period_ids)), (2, 1))
        self.assertTrue(odd.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_release_of_another_company_releases_nothing(self):
        contract = self.make_billed()
        self.company.cobranca_conference_mode = "manual"
        other = self.env["res.company"].create({"name": "Other", "cobranca_conference_mode": "manual"})
        self.Conference.create({"month": FEB, "company_id": other.id}).action_release()
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)

    # --- the queue ---

    @freeze_time("2026-02-05 15:00:00")
    def test_queue_of_what_is_due_is_read_from_its_index(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        self.env.flush_all()
        self.assertFalse(self.billing._may_have_work(), "what is held is not work to do")
        with self.recorded_queries() as queries:
            self.billing._may_have_work()
            self.billing._select_contracts(100)
        looks = [query for query in queries if 'ORDER BY "cobranca_contract"."next_issue_date"' in query.code]
        self.assertEqual(len(looks), 2)
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for look in looks:
            self.assertIn("cobranca_contract_due_idx", str(self.env.execute_query(SQL("EXPLAIN %s", look))))

    @contextlib.contextmanager
    def recorded_queries(self):
        """The queries that the ORM makes meanwhile."""
        Cursor = type(self.env.cr)
        queries, execute = [], Cursor.execute

        def record(cursor, query, *arguments, **options):
            if isinstance(query, SQL):
                queries.append(query)
            return execute(cursor, query, *arguments, **options)

        with patch.object(Cursor, "execute", record):
            yield queries
