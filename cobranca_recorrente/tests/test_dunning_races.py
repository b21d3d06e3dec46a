from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..models.cobranca_contract_billing import MAX_CONFLICTS
from .common import lost_races
from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 13:00:00")
class TestDunningRaces(DunningCommon):
    """What the jobs of the ladder do when somebody else is at the same customers."""

    def run_job(self, method):
        """One run, as of a job that is not called again by the scheduler."""
        with self.mail_server() as taken, self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            getattr(self.engine.with_env(self.env(cr=cursor)), method)()
        self.env.invalidate_all()
        return taken

    def claim(self):
        """Messages that wait: of 100 due on Tuesday, at its step D+3."""
        self.owe(100, "2026-03-10")
        self.owe(50, "2026-03-10", partner=self.business)
        messages = self.engine._run(self.company, self.company._cobranca_today())
        self.assertEqual(len(messages), 2)
        return messages

    def test_claimed_although_a_race_is_lost(self):
        self.owe(100, "2026-03-10")
        Engine = type(self.engine)
        with lost_races(Engine, "_look_after") as looked, lost_races(Engine, "_claim_batch") as claimed:
            self.run_job("_cron_run")
        self.assertEqual((len(looked), len(claimed)), (2, 2))
        self.assertEqual(len(self.Message.search([("partner_id", "=", self.customer.id)])), 1)

    def test_written_although_races_are_lost(self):
        self.assert_delivered_in_spite_of("_write_batch", MAX_CONFLICTS)

    def test_sent_although_races_are_lost(self):
        self.assert_delivered_in_spite_of("_send_one", MAX_CONFLICTS + 1)

    def assert_delivered_in_spite_of(self, method, count):
        """Each lost race has another turn; one less of them than end a run."""
        messages = self.claim()
        with lost_races(type(self.engine), method, MAX_CONFLICTS - 1) as calls:
            taken = self.run_job("_cron_deliver")
        self.assertEqual((len(calls), len(taken)), (count, 2))
        self.assertEqual(set(messages.mapped("state")), {"sent"})

    def test_lost_races_in_a_row_end_a_run(self):
        messages = self.claim()
        with lost_races(type(self.engine), "_write_batch", MAX_CONFLICTS) as calls:
            self.run_job("_cron_deliver")
        self.assertEqual(len(calls), MAX_CONFLICTS)
        self.assertEqual(set(messages.mapped("state")), {"queued"})

    def test_what_another_run_holds_is_left_to_it(self):
        """No run spins while another one sends its last message."""
        held, free = self.claim()
        Message = type(self.Message)
        lock, batches = Message.try_lock_for_update, []

        def lock_free(messages, **options):
            batches.append(messages.ids)
            self.assertLess(len(batches), 9, "The run goes round and round.")
            return lock(messages - messages.browse(held.id), **options)

        with patch.object(Message, "try_lock_for_update", lock_free):
            taken = self.run_job("_cron_deliver")
        self.assertEqual((held.state, free.state, len(taken)), ("queued", "sent", 1))
        self.assertEqual(batches[-1], held.ids)
