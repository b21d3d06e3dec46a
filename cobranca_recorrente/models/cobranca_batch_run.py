import logging

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import LockError

from .cobranca_contract_billing import CONCURRENCY_ERRORS, is_passing

_logger = logging.getLogger(__name__)

# Somebody works on one of them at this moment: they are looked at once more.
TRIES = 2
HELD = (*CONCURRENCY_ERRORS, psycopg2.errors.LockNotAvailable, LockError)


class CobrancaBatchRun(models.AbstractModel):
    """How a scheduled action does much work: batch by batch, each in a transaction of its own."""

    _name = "cobranca.batch.run"
    _description = "Run in Batches"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_each(self, batches, work):
        """Do batches one after the other; one that loses a race has another turn after them.

        What loses that one too is not counted as done, so that the scheduler soon starts the action again. Whatever
        else is wrong with a batch is logged, and keeps no other one from its turn.

        :param list batches: recordsets, or lists of ids
        :param work: what is done with each of them, a function
        :return: bool, is there time for more?
        """
        progress = self.env["ir.cron"]._commit_progress
        has_time = bool(progress(remaining=sum(map(len, batches))))
        turns = [(batch, TRIES) for batch in batches]
        while turns and has_time:
            batch, tries = turns.pop(0)
            try:
                work(batch)
                self.env.flush_all()
            except Exception as error:  # one batch that cannot be done must not keep the others from it
                is_held = isinstance(error, HELD)
                if is_passing(error) and not is_held:
                    raise
                self.env.cr.rollback()
                if tries > 1 and (is_held or isinstance(error, psycopg2.errors.UniqueViolation)):
                    turns.append((batch, tries - 1))
                    continue
                if is_held:
                    continue
                _logger.exception("%s could not be done: the next run tries again.", batch)
            has_time = bool(progress(len(batch)))
        return has_time
