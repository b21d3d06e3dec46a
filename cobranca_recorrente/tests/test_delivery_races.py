from collections import Counter
from unittest.mock import patch

import psycopg2.errors

from odoo.tests import freeze_time, tagged

from ..models.cobranca_contract_billing import MAX_CONFLICTS
from .common import DeliveryCommon, lost_races


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestDeliveryRaces(DeliveryCommon):
    """What the job that sends invoices does when somebody else is at the same ones."""

    def send_now(self, batch_size):
        """One run, as of a job that is not called again by the scheduler."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            self.env["cobranca.invoice.delivery"].with_env(self.env(cr=cursor))._cron_send(batch_size)
        self.env.invalidate_all()

    def test_lost_races_in_a_row_end_a_run(self):
        move, delivery = self.bill(), type(self.env["cobranca.invoice.delivery"])
        with lost_races(delivery, "_send_one", MAX_CONFLICTS) as calls:
            self.send_now(10)
        self.assertEqual(len(calls), MAX_CONFLICTS)
        self.assert_delivery(move, "to_send")
        with lost_races(delivery, "_send_one", MAX_CONFLICTS - 1) as calls:
            self.send_now(10)
        self.assertEqual(len(calls), MAX_CONFLICTS)
        self.assert_delivery(move, "sent")

    def test_lost_races_of_a_whole_run_do_not_end_it(self):
        moves = self.bill() | self.bill() | self.bill() | self.bill()
        delivery = type(self.env["cobranca.invoice.delivery"])
        original, tries = delivery._send_one, Counter()

        def lose_twice(model, move_id, domain):
            tries[move_id] += 1
            if tries[move_id] <= 2:
                raise psycopg2.errors.SerializationFailure
            return original(model, move_id, domain)

        with patch.object(delivery, "_send_one", lose_twice):
            self.send_now(1)
        self.assertEqual(tries, Counter(dict.fromkeys(moves.ids, 3)))
        self.assertEqual(set(moves.mapped("cobranca_delivery_state")), {"sent"})
