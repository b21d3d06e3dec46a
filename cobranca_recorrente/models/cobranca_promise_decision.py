import logging
from decimal import Decimal

import psycopg2

from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..tools import promise

_logger = logging.getLogger(__name__)

STATE_OF = {promise.KEPT: "kept", promise.BROKEN: "broken", promise.VOID: "cancelled", promise.OPEN: "open"}


class CobrancaPromiseDecision(models.AbstractModel):
    """How promises are decided: at once when lines are reconciled, and each night by the calendar."""

    _name = "cobranca.promise.decision"
    _description = "Decision on Promises to Pay"

    def _decide(self):
        """Bring these promises to the state that their payments give them.

        Promises that somebody else decides at this moment are left to him; the nightly run
        looks again at all that may have changed.

        :return: the promises whose state changed
        """
        # sudo: whoever reconciles a payment decides, without any right on promises
        records = self.sudo().try_lock_for_update(allow_referencing=True).filtered(lambda p: p.state != "cancelled")
        changed = records.browse()
        for record, verdict in records._get_verdicts().items():
            paid = float(max(verdict.paid, 0))
            if record.currency_id.compare_amounts(record.amount_paid, paid):
                record.amount_paid = paid
            state = record._get_next_state(STATE_OF[verdict.state])
            if state != record.state:
                record._set_state(state, verdict.day)
                changed |= record
        return changed.with_env(self.env)

    def _decide_one_by_one_if_needed(self):
        """Decide a batch; when one of it fails, decide the others without it. It is tried again the next time."""
        try:
            with self.env.cr.savepoint():
                self._decide()
            return
        except psycopg2.OperationalError:
            raise
        except Exception:  # noqa: BLE001  (whatever is wrong with one promise, the others are decided)
            _logger.warning("Promises are decided one by one: %s", self.ids, exc_info=True)
        self.env.invalidate_all()
        for record in self:
            try:
                with self.env.cr.savepoint():
                    record._decide()
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("Promise %s could not be decided", record.id)
                self.env.invalidate_all()

    def _get_verdicts(self):
        """What the payments say of each promise, by a few queries for all of them.

        :return: {cobranca.promise: tools.promise.Verdict}
        """
        items = self.promise_line_ids
        receipts = items._get_receipts()
        today = {company: company._cobranca_today() for company in self.company_id}
        verdicts = {}
        for record in self:
            lines = record.promise_line_ids
            verdicts[record] = promise.verdict(
                record._prepare_kernel_promise(),
                [receipt for item in lines for receipt in receipts[item]],
                today[record.company_id],
                is_settled=lines._are_settled(),
            )
            if not lines:  # their invoice was changed: what was promised is no more
                verdicts[record] = promise.Verdict(promise.VOID, today[record.company_id], Decimal(0))
        return verdicts

    def _get_next_state(self, state):
        """A promise whose payment was returned is open again, unless its lines were promised anew meanwhile."""
        self.ensure_one()
        if state != "open" or self.state == "open":
            return state
        lines = self.promise_line_ids.line_id
        again = self.env["cobranca.promise.line"].search_count([("line_id", "in", lines.ids), ("is_open", "=", True)])
        return "cancelled" if again else "open"

    def _set_state(self, state, day):
        """Write a state with what follows from it: pauses end, people are told.

        :param str state: of `cobranca.promise`
        :param date day: that decided it
        """
        # sudo: promises are written by these methods only, after the checks of who calls them
        records = self.sudo()
        for company, promises in records.grouped("company_id").items():
            self.env["cobranca.case.touch"]._touch(company, promises.partner_id)
        records.write({"state": state, "decided_on": day if state != "open" else False})
        records.promise_line_ids.write({"is_open": state == "open"})
        if state == "open":
            records._pause_again()
            return
        self.env["cobranca.hold"]._end_of(records)
        if state in ("kept", "broken"):
            for record in records:
                record._tell(state)

    def _pause_again(self):
        for record in self:
            self.env["cobranca.hold"]._start(
                record.company_id,
                record.partner_id,
                "promise",
                record.company_id._cobranca_today(),
                record.date_limit,
                lines=record.promise_line_ids.line_id,
                source=record,
            )

    def _tell(self, state):
        """Write it into the register of contacts; a broken promise also becomes somebody's activity."""
        self.ensure_one()
        record = self.with_context(lang=self.user_id.lang or self.env.lang)
        values = {
            "amount": formatLang(record.env, self.amount, currency_obj=self.currency_id),
            "date": format_date(record.env, self.date),
            "paid": formatLang(record.env, self.amount_paid, currency_obj=self.currency_id),
        }
        if state == "kept":
            note = record.env._("%(amount)s promised for %(date)s: %(paid)s paid in time.", **values)
        else:
            note = record.env._("%(amount)s promised for %(date)s: %(paid)s paid by then.", **values)
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            "system",
            state,
            direction="in",
            user_id=False,
            note=note,
            lines=self.promise_line_ids.line_id,
        )
        if state == "broken":
            self.partner_id.activity_schedule(
                "cobranca_recorrente.mail_activity_promise",
                date_deadline=self.company_id._cobranca_today(),
                summary=note,
                user_id=self._get_user_to_tell().id,
            )

    def _get_user_to_tell(self):
        """Who registered the promise, unless he left; else whoever works with the debtor."""
        self.ensure_one()
        users = self.user_id | self.partner_id.user_id | self.env.user
        is_here = users.filtered(lambda user: user.active and self.company_id in user.company_ids)
        return (is_here or self.env.user)[0]

    @api.model
    def _decide_of(self, lines):
        """Decide the promises of lines whose payments changed.

        :param lines: account.move.line
        """
        # Money comes in, or goes back, whatever is wrong with a promise: the nightly run looks again.
        if promises := self.env["cobranca.promise.line"]._get_promises_of(lines):
            promises._decide_one_by_one_if_needed()
