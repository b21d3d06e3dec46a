from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_contract_billing"
PERIOD_LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_contract_period"


@tagged("post_install", "-at_install")
class TestBillingGuard(BillingCommon):
    """Without the index that refuses a period twice, nothing is billed and people are told."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract()

    def lose_index(self):
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX cobranca_contract_period_uniq_live")

    def get_stop(self):
        return self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])

    def test_run_stops_and_asks(self):
        self.lose_index()
        self.run_cron()
        self.assertEqual((self.one.period_ids.ids, self.one.park_reason), ([], False))
        stop = self.get_stop()
        self.assertIn("lost the index", stop.reason)
        self.assertTrue(stop.activity_ids)
        with self.assertRaisesRegex(UserError, "lost the index"):
            self.one.action_bill()

    def test_release_does_not_bill_without_it(self):
        self.lose_index()
        self.run_cron()
        stop = self.get_stop()
        stop.with_user(self.supervisor).action_release()
        self.run_cron()
        self.assertEqual((self.one.period_ids.ids, self.get_stop(), stop.state), ([], stop, "stopped"))

    def test_button_stops_too(self):
        self.lose_index()
        answer = self.one.with_user(self.supervisor).with_context(lang="en_US").action_bill()
        self.assertIn("lost the index", answer["params"]["message"])
        self.assertFalse(self.one.period_ids)

    def test_settling_is_refused(self):
        book = self.line("Book", 40.0, recurrence="once", date_start="2026-01-02")
        contract = self.contract(self.line(), book)
        self.lose_index()
        with self.assertRaisesRegex(UserError, "lost the index"):
            contract.action_settle()

    def test_index_that_is_not_unique_or_of_less_is_none(self):
        Period = self.env["cobranca.contract.period"]
        self.assertTrue(Period._has_guard())
        self.lose_index()
        self.env.cr.execute(
            """
            CREATE INDEX cobranca_contract_period_uniq_live
                ON cobranca_contract_period (contract_id, kind, line_group, date_start)
            """
        )
        self.assertFalse(Period._has_guard())
        self.lose_index()
        self.env.cr.execute("CREATE UNIQUE INDEX cobranca_contract_period_uniq_live ON cobranca_contract_period (id)")
        self.assertFalse(Period._has_guard())

    def test_looked_for_at_each_start(self):
        Period = self.env["cobranca.contract.period"]
        with self.assertNoLogs(PERIOD_LOGGER, "CRITICAL"):
            Period._register_hook()
        self.lose_index()
        with self.assertLogs(PERIOD_LOGGER, "CRITICAL"):
            Period._register_hook()

    # --- two runs ---

    def test_two_runs_stop_at_the_same_moment(self):
        """The other run's stop is not in this one's picture of the database: the unique index tells."""
        Stop = self.env["cobranca.billing.stop"]
        theirs = Stop.create({"company_id": self.company.id, "date": "2026-01-05", "reason": "bound"})
        with patch.object(type(Stop), "search", lambda *_args, **_kw: Stop), mute_logger("odoo.sql_db"):
            self.billing._stop_day(self.company, "bound as well")
        self.assertEqual((self.get_stop(), theirs.reason), (theirs, "bound"))

    def test_fault_of_the_moment_parks_nobody(self):
        """A lost race or connection ends the run or is tried again; no contract is to blame."""
        for error in (psycopg2.errors.SerializationFailure, psycopg2.errors.LockNotAvailable, psycopg2.InterfaceError):
            with patch.object(type(self.billing), "_create_and_post", side_effect=error), self.assertRaises(error):
                self.billing._bill(self.one)
            self.assertFalse(self.one.park_reason)

    # --- what is told ---

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_another_unique_index_is_not_a_period_billed_already(self):
        self.env.cr.execute("CREATE UNIQUE INDEX of_another_addon ON account_move (ref) WHERE ref = 'PO 1'")
        self.one.reference = "PO 1"
        other = self.contract(reference="PO 1")
        self.run_cron()
        parked = (self.one | other).filtered("park_reason")
        self.assertEqual(len(parked), 1)
        self.assertNotIn("billed already", parked.park_reason)
        self.assertIn("of_another_addon", parked.park_reason)

    def test_period_billed_already(self):
        Period = self.env["cobranca.contract.period"]
        self.billing._bill(self.one)
        row = self.one.period_ids
        names = ("index", "date_start", "date_end", "date_issue", "date_due")
        twice = {"contract_id": self.one.id, **{name: row[name] for name in names}}
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation) as refused,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            Period.create(twice)
        self.assertIn("billed already", self.billing._get_reason(refused.exception)[0])

    def test_button_leaves_the_rest_to_the_run_and_tells(self):
        many = self.one | self.env["cobranca.contract"].union(*(self.contract() for _number in range(4)))
        with patch("odoo.addons.cobranca_recorrente.models.cobranca_contract_actions.BATCH_SIZE", 2):
            answer = many.with_user(self.supervisor).with_context(lang="en_US").action_bill()
        self.assertEqual(len(many.period_ids), 2)
        self.assertIn("2 invoices were issued; 3 contracts follow", answer["params"]["message"])
        self.assertEqual(answer["params"]["next"]["domain"], [("id", "in", many.period_ids.move_id.ids)])

    def test_button_does_not_tear_an_invoice_of_several_contracts(self):
        self.customer.cobranca_group_invoices = True
        many = self.one | self.env["cobranca.contract"].union(*(self.contract() for _number in range(4)))
        with patch("odoo.addons.cobranca_recorrente.models.cobranca_contract_actions.BATCH_SIZE", 2):
            many.action_bill()
        self.assertEqual((len(many.period_ids), len(many.period_ids.move_id)), (5, 1))

    def test_button_tells_what_it_parked(self):
        self.one.line_ids.account_id = False
        answer = self.one.with_user(self.supervisor).with_context(lang="en_US").action_bill()
        self.assertIn("no income account", answer["params"]["message"])
        self.assertIn("no income account", self.one.park_reason)
