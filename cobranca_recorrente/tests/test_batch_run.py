from unittest.mock import patch

import psycopg2
import psycopg2.errors

from odoo.exceptions import LockError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models.cobranca_batch_run import TRIES

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_batch_run"


@tagged("post_install", "-at_install")
class TestBatchRun(TransactionCase):
    """Batches that somebody else holds have another turn, and none is counted as done that is not."""

    def run_batches(self, *failures, seconds=()):
        """Three batches of ids, of which each call fails in turn as told.

        :param failures: exceptions, or None for a call that succeeds, as all later ones do
        :param seconds: that are left after each commit, one for all if none is given
        :return: (names of the batches in the order of their turns, what was counted, is there time for more?)
        """
        self.turns, told, left, times = [], [], list(failures), list(seconds)

        def work(batch):
            self.turns.append(len(batch))
            error = left.pop(0) if left else None
            if error:
                raise error

        def progress(_cron, processed=0, remaining=None):
            told.append(processed if remaining is None else -remaining)
            return times.pop(0) if times else 60

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            has_time = self.env["cobranca.batch.run"]._cron_each([[1], [2, 3], [4, 5, 6]], work)
        return self.turns, told, has_time

    def test_all_succeed(self):
        self.assertEqual(self.run_batches(), ([1, 2, 3], [-6, 1, 2, 3], True))

    def test_what_somebody_holds_comes_last(self):
        errors = psycopg2.errors
        for lost in (
            errors.SerializationFailure(),
            errors.DeadlockDetected(),
            errors.LockNotAvailable(),
            errors.UniqueViolation(),
            LockError("Held"),
        ):
            with self.subTest(lost=lost):
                self.assertEqual(self.run_batches(None, lost), ([1, 2, 3, 2], [-6, 1, 3, 2], True))

    def test_what_is_lost_again_is_not_counted(self):
        lost = psycopg2.errors.SerializationFailure()
        turns, told, has_time = self.run_batches(lost, None, None, *[lost] * (TRIES - 1))
        self.assertEqual((turns, told, has_time), ([1, 2, 3, *[1] * (TRIES - 1)], [-6, 2, 3], True))

    def test_what_is_wrong_with_one_is_logged_and_counted(self):
        for error in (UserError("Wrong"), ValueError("Broken"), ZeroDivisionError()):
            with self.subTest(error=error), self.assertLogs(LOGGER, "ERROR") as logs:
                self.assertEqual(self.run_batches(error), ([1, 2, 3], [-6, 1, 2, 3], True))
            self.assertIn("[1] could not be done", logs.output[0])

    def test_what_exists_already_for_good_is_not_tried_for_ever(self):
        twice = [psycopg2.errors.UniqueViolation()] * 3 * TRIES
        with mute_logger(LOGGER):
            turns, told, _has_time = self.run_batches(*twice)
        self.assertEqual((turns, told), ([1, 2, 3] * TRIES, [-6, 1, 2, 3]))

    def test_a_lost_connection_is_nobody_s_fault(self):
        for error in (psycopg2.InterfaceError("closed"), psycopg2.errors.AdminShutdown()):
            with self.subTest(error=error), self.assertRaises(type(error)):
                self.run_batches(None, error)
            self.assertEqual(self.turns, [1, 2])

    def test_no_time_is_left(self):
        self.assertEqual(self.run_batches(seconds=(60, 60, 0)), ([1, 2], [-6, 1, 2], False))
        self.assertEqual(self.run_batches(seconds=(0,)), ([], [-6], False))
