import logging
from functools import partial

from odoo import api, models
from odoo.tools import SQL, split_every

from ..tools.ladder import WEEK
from .cobranca_contract_billing import is_passing

_logger = logging.getLogger(__name__)

# Debtors whose claims are made in one transaction.
BATCH_SIZE = 200
# First key of the lock under which claims of a company are made; the second is the company.
LOCK = 1_668_247_154
CLAIM = """
    INSERT INTO cobranca_dunning_notice (line_id, level_id, source, partner_id, company_id, date, is_control)
    SELECT line, level, source, debtor, %(company)s, %(date)s, is_control
      FROM unnest(%(lines)s::int[], %(levels)s::int[], %(sources)s::int[], %(debtors)s::int[], %(controls)s::bool[])
           claim(line, level, source, debtor, is_control)
        ON CONFLICT DO NOTHING
    RETURNING line_id, level_id, source
"""
ATTACH = """
    UPDATE cobranca_dunning_notice notice SET message_id = line.message_id
      FROM cobranca_message_line line
     WHERE line.message_id = ANY(%s) AND line.line_id = notice.line_id AND line.level_id = notice.level_id
       AND line.source = notice.source
"""


class CobrancaDunningEngine(models.AbstractModel):
    """Runs the ladders: select, claim, make the messages; then deliver them, each in a transaction of its own."""

    _name = "cobranca.dunning.engine"
    _inherit = ["cobranca.dunning.selection", "cobranca.dunning.delivery", "cobranca.dunning.follow"]
    _description = "Dunning Run"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_run(self):
        """Claim the steps of today for every company with an active ladder, batch by batch."""
        in_turn = self.env["cobranca.batch.run"]._cron_each
        for company in self._get_companies():
            date = company._cobranca_today()
            if not in_turn([company], partial(self._look_after, date=date)):
                return
            batches = list(split_every(BATCH_SIZE, self._get_debtors(self._select(company, date)), list))
            if not in_turn(batches, partial(self._claim_batch, company, date)):
                return

    # === BUSINESS METHODS === #

    @api.model
    def _run(self, company, date):
        """Claim the steps of a day and make its messages; running it again makes nothing twice.

        :param company: res.company
        :param date date: of the run
        :return: cobranca.message, the new ones
        """
        self._look_after(company, date)
        made = self.env["cobranca.message"]
        debtors_of_today = self._get_debtors(self._select(company, date))
        for debtors in split_every(BATCH_SIZE, debtors_of_today):
            made |= self._claim_batch(company, date, list(debtors))
        return made

    @api.model
    def _get_companies(self):
        """Companies in which a ladder sends."""
        # sudo: run by the cron for all companies
        policies = self.env["cobranca.dunning.policy"].sudo().search([("state", "=", "active")])
        return policies.company_id.sorted("id")

    @api.model
    def _get_debtors(self, plan):
        """:return: ids of the debtors for whom something is claimed, in a fixed order"""
        return sorted({planned.debtor for planned in (*plan.messages, *plan.control)})

    @api.model
    def _claim_batch(self, company, date, debtors):
        """Claim the steps of some debtors; when one of them makes it fail, the others without him.

        :return: cobranca.message
        """
        try:
            with self.env.cr.savepoint():
                return self._claim(company, date, self.env["res.partner"].browse(debtors))
        except Exception as error:  # whatever is wrong with one debtor, the others are reminded
            if is_passing(error):
                raise
            self.env.invalidate_all()
            if len(debtors) == 1:
                _logger.exception("Dunning of customer %s failed", debtors[0])
                self._tell_failure(company, self.env["res.partner"].browse(debtors), error)
                return self.env["cobranca.message"]
        half = len(debtors) // 2
        return self._claim_batch(company, date, debtors[:half]) | self._claim_batch(company, date, debtors[half:])

    @api.model
    def _claim(self, company, date, partners):
        """Claim the steps of some debtors and make their messages, in this transaction.

        :return: cobranca.message; none while another run claims for this company
        """
        # sudo: the register of messages is written by this engine only, whoever starts it
        engine = self.sudo().with_company(company)
        Message = engine.env["cobranca.message"]
        if not engine.env["cobranca.dunning.notice"]._has_guard() or not engine._lock_company(company):
            return Message.with_env(self.env)
        plan = engine._select(company, date, partners)
        free = engine._lock_lines([line.key for planned in plan.messages for line in planned.lines])
        messages = [planned for planned in plan.messages if all(line.key in free for line in planned.lines)]
        claimed = engine._insert_claims(company, date, messages, plan.control)
        messages = [
            planned
            for planned in messages
            if all((line.key, line.level.key, line.source) in claimed for line in planned.claims)
        ]
        made = Message._make(company, date, messages)
        if made:
            engine.env.flush_all()
            engine.env.cr.execute(SQL(ATTACH, made.ids))
            engine.env["cobranca.dunning.notice"].invalidate_model(["message_id"])
            made._after_claim()
        return made.with_env(self.env)

    @api.model
    def _lock_company(self, company):
        """One run claims for a company at a time; the unique index of the claims is the guard behind it."""
        [(is_mine,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, company.id))
        return is_mine

    @api.model
    def _lock_lines(self, line_ids):
        """Lock receivables until the end of this transaction: what is being paid at this moment is left alone.

        :return: set of ids
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move_line WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
                sorted(set(line_ids)),
            )
        )
        return {line for (line,) in rows}

    @api.model
    def _insert_claims(self, company, date, messages, control):
        """Write down in one statement which line takes which step.

        :return: set of (line, level, source) that nobody had claimed
        """
        claims = [
            (line.key, line.level.key, line.source, planned.debtor, is_control)
            for group, is_control in ((messages, False), (control, True))
            for planned in group
            for line in planned.claims
        ]
        if not claims:
            return set()
        lines, levels, sources, debtors, controls = map(list, zip(*claims, strict=True))
        query = SQL(
            CLAIM,
            company=company.id,
            date=date,
            lines=lines,
            levels=levels,
            sources=sources,
            debtors=debtors,
            controls=controls,
        )
        return set(self.env.execute_query(query))

    @api.model
    def _tell_failure(self, company, partner, error):
        """Let a person look at a customer whom the ladder could not remind."""
        note = self.env._(
            "No reminder could be made (%(error)s). Ask the administrator to look at the server log.",
            error=f"{type(error).__name__}: {error}"[: WEEK * 100],
        )
        self._schedule(company, partner, self.env._("Reminder failed"), note)
