from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon
from .common import lost_races

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_contract_maintenance"
ACTIVITY = "cobranca_recorrente.mail_activity_"


@tagged("post_install", "-at_install")
class TestBillingMaintenance(BillingCommon):
    """What time alone does to contracts."""

    def maintain(self, day):
        with self.on(day):
            self.run_cron("maintenance")

    def activities(self, contract, kind):
        return contract.activity_search([ACTIVITY + kind])

    def test_parked_contract_asks_once_and_comes_back_after_correction(self):
        contract = self.contract(user_id=self.supervisor.id)
        account = contract.line_ids.account_id
        contract.line_ids.account_id = False
        with self.on("2026-01-05"):
            self.run_cron()
            self.run_cron()
        self.assertIn("no income account", contract.park_reason)
        self.assertEqual(len(self.activities(contract, "parked")), 1)
        self.assertEqual(self.activities(contract, "parked").user_id, self.supervisor)
        self.maintain("2026-01-05")
        self.assertTrue(contract.park_reason, "nothing is mended yet")
        self.assertEqual(len(self.activities(contract, "parked")), 1)
        contract.line_ids.account_id = account
        # Somebody works on it at the first moment.
        with lost_races(type(self.env["cobranca.contract.maintenance"]), "_maintain") as calls:
            self.maintain("2026-01-05")
        self.assertEqual(len(calls), 2)
        self.assertFalse(contract.park_reason)
        self.assertFalse(self.activities(contract, "parked"))
        with self.on("2026-01-05"):
            self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)

    def test_new_reason_takes_the_place_of_the_old_one(self):
        contract = self.contract()
        account = contract.line_ids.account_id
        contract.line_ids.account_id = False
        with self.on("2026-01-05"):
            self.run_cron()
        contract.line_ids.account_id = account
        self.company.sale_lock_date = "2026-01-02"
        self.maintain("2026-01-05")
        self.assertIn("locked until", contract.park_reason)

    def test_what_it_writes_is_in_the_company_s_language(self):
        self.company.partner_id.lang = "pt_BR"
        parked = self.contract()
        parked.line_ids.account_id = False
        with self.on("2026-01-05"):
            self.run_cron()
        parked.park_reason = "an older reason"
        ending = self.contract(date_end="2026-01-31", renewal="notice")
        self.maintain("2026-01-05")
        self.assertIn("conta de receita", parked.park_reason)
        self.assertIn("O contrato vai até", self.activities(ending, "renewal").summary)

    def test_alert_then_renewal(self):
        contract = self.contract(date_end="2026-03-31", renewal_months=12, issue_lead_days=10, renewal_notice_days=30)
        self.bill(contract, times=3)
        self.maintain("2026-02-28")
        self.assertFalse(self.activities(contract, "renewal"))
        self.maintain("2026-03-01")
        self.maintain("2026-03-02")
        self.assertEqual(len(self.activities(contract, "renewal")), 1, "told once")
        self.assertEqual(contract.date_end, date(2026, 3, 31))
        self.maintain("2026-03-21")
        self.assertEqual(contract.date_end, date(2027, 3, 31))
        self.assertFalse(self.activities(contract, "renewal"))
        self.assertEqual(contract.change_ids[:1].kind, "renew")

    def test_alert_comes_before_a_renewal_that_comes_before_the_notice(self):
        """Renewed 30 days before its end, to issue the next invoice: a notice of 5 days would come too late."""
        contract = self.contract(date_end="2026-03-31", issue_lead_days=30, renewal_notice_days=5, renewal="auto")
        self.maintain("2026-02-21")
        self.assertFalse(self.activities(contract, "renewal"))
        self.maintain("2026-02-22")
        for day, is_noted in (("2026-02-21", False), ("2026-02-22", True)):
            contract.invalidate_recordset(["renewal_note"])
            with self.on(day):
                self.assertEqual(bool(contract.renewal_note), is_noted, day)
        self.assertIn("Tell the customer", self.activities(contract, "renewal").summary)
        self.maintain("2026-02-28")
        self.assertEqual(contract.date_end, date(2026, 3, 31))
        self.maintain("2026-03-01")
        self.assertEqual(contract.date_end, date(2027, 3, 31))
        self.assertFalse(self.activities(contract, "renewal"))

    def test_renewal_that_could_not_be_told_before_is_told_after(self):
        contract = self.contract(date_end="2026-01-31", issue_lead_days=10, renewal_notice_days=30)
        self.maintain("2026-01-25")
        self.assertEqual(contract.date_end, date(2027, 1, 31))
        self.assertIn("renewed until 01/31/2027", self.activities(contract, "renewal").summary)

    def test_renewal_is_not_lost_when_the_job_did_not_run(self):
        """A bill after the end must not close what is to be renewed."""
        contract = self.contract(
            self.line(), self.line("Support", 5.0, billing_timing="arrears"), date_end="2026-01-31", renewal_months=6
        )
        moves = self.bill(contract, "2026-02-05", times=2)
        self.assertEqual(self.amounts(moves), [[310.0], [5.0]])
        self.assertEqual((contract.next_issue_date, contract.state), (False, "active"))
        self.maintain("2026-02-05")
        self.assertEqual((contract.state, contract.date_end), ("active", date(2026, 7, 31)))
        self.assertEqual(self.amounts(self.bill(contract, "2026-02-05")), [[310.0]])

    def test_contract_that_is_not_renewed_ends(self):
        for renewal in ("none", "notice"):
            contract = self.contract(date_end="2026-01-31", renewal=renewal)
            self.bill(contract, "2026-01-05")
            self.maintain("2026-01-31")
            self.assertEqual(contract.state, "active")
            self.maintain("2026-02-01")
            self.assertEqual((contract.state, contract.date_end), ("closed", date(2026, 1, 31)))

    def test_end_with_something_left_to_bill_stays_open(self):
        contract = self.contract(self.line(billing_timing="arrears"), date_end="2026-01-31", renewal="none")
        self.maintain("2026-02-05")
        self.assertEqual(contract.state, "active")

    def test_ended_contract_is_not_renewed(self):
        contract = self.contract(date_end="2026-03-31")
        with self.on("2026-01-05"):
            contract._end(date(2026, 1, 31), self.reason)
        self.bill(contract, "2026-01-06")
        self.maintain("2026-01-31")
        self.assertEqual(contract.date_end, date(2026, 1, 31))
        self.maintain("2026-02-01")
        self.assertEqual(contract.state, "closed")

    def test_amounts_follow_the_day(self):
        contract = self.contract()
        self.bill(contract, "2026-01-05")
        with self.on("2026-01-05"):
            contract._change_items(date(2026, 2, 1), [(contract.line_ids, {"price_unit": 620.0})])
            contract._pause(date(2026, 2, 10), date(2026, 2, 20), "trip")
        for day, amount, is_paused in (
            ("2026-01-31", 310.0, False),
            ("2026-02-01", 620.0, False),
            ("2026-02-10", 0.0, True),
            ("2026-02-21", 620.0, False),
        ):
            self.maintain(day)
            self.assertEqual((contract.monthly_amount, contract.is_paused), (amount, is_paused), day)

    @mute_logger(LOGGER)
    def test_one_that_fails_does_not_keep_the_others_from_it(self):
        bad, good = (self.contract(date_end="2026-01-31", renewal_months=1) for _number in range(2))
        renew = type(bad)._renew

        def fail_for_bad(contract):
            if contract == bad:
                contract.env.cr.execute("SELECT 1 / 0")
            return renew(contract)

        with patch.object(type(bad), "_renew", fail_for_bad), mute_logger("odoo.sql_db"):
            self.maintain("2026-01-31")
        self.assertEqual((bad.date_end, good.date_end), (date(2026, 1, 31), date(2026, 2, 28)))
