import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from odoo.addons.cobranca_recorrente.tools.calendar import LONGEST_CLOSURE, ONE_DAY, days_late

_logger = logging.getLogger(__name__)


class CobrancaAgreementRule(models.AbstractModel):
    """Which agreements break by themselves: by the rule they were signed with, never unannounced, never of who paid."""

    _name = "cobranca.agreement.rule"
    _description = "Break Rule of Agreements"

    # === BUSINESS METHODS === #

    @api.model
    def _get_due_before(self, company, date, until):
        """The installments of agreements in force that are due before a day and may be asked for.

        Not those whose collection is paused, and not of who may have paid.

        :param date date: of today
        :param date until: the day
        :return: {cobranca.agreement: cobranca.agreement.installment}
        """
        for model in ("cobranca.agreement", "cobranca.agreement.installment"):
            self.env[model].flush_model()
        of_agreements = SQL(
            """
            line.id IN (
                SELECT item.line_id
                  FROM cobranca_agreement_installment item
                  JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
                 WHERE agreement.state = 'active' AND agreement.company_id = %s AND item.due < %s
            )
            """,
            company.id,
            until,
        )
        lines = self.env["account.move.line"]._cobranca_search_open_lines(
            company,
            date,
            of_agreements,
            self.env["cobranca.hold"]._get_hold_condition(date, "line"),
            SQL("(%s) IS NULL", self.env["cobranca.paid.guard"]._get_wait_case(company, date)),
        )
        items = self.env["cobranca.agreement.installment"].search([("line_id", "in", lines.ids)])
        return items.grouped("agreement_id")

    def _is_broken_by(self, items, date, holidays):
        """Does an agreement break on a day, with these installments late?

        :param items: cobranca.agreement.installment
        :param holidays: collection of dates
        """
        delays = [days_late(item.due, date, holidays) for item in items]
        too_long = self.break_days and max(delays, default=0) > self.break_days
        too_many = self.break_count and sum(1 for delay in delays if delay > 0) >= self.break_count
        return bool(too_long or too_many)

    @api.model
    def _get_warn_days(self, company):
        """How long a warning is, its first day among them: one day at least."""
        return max(company.sudo().cobranca_agreement_warn_days, 1)  # sudo: a setting of the company

    @api.model
    def _get_threatened(self, company, date):
        """Agreements that break on a day, and those that will when nothing is paid until the warning is over.

        :return: (cobranca.agreement, cobranca.agreement)
        """
        ahead = date + timedelta(days=self._get_warn_days(company))
        first = date - timedelta(days=2 * LONGEST_CLOSURE)
        holidays = self.env["cobranca.holiday"]._get_holidays(company, first, ahead)
        broken = threatened = self.browse()
        for agreement, items in self._get_due_before(company, date, ahead).items():
            if agreement._is_broken_by(items, date, holidays):
                broken |= agreement
            if agreement._is_broken_by(items, ahead, holidays):
                threatened |= agreement
        return broken, broken | threatened

    @api.model
    def _follow(self, company):
        """Announce which agreements will break, and break those whose warning is over.

        :return: cobranca.agreement, those to break
        """
        today = company._cobranca_today()
        broken, threatened = self._get_threatened(company, today)
        calm = self.search([("company_id", "=", company.id), ("state", "=", "active"), ("warned_on", "!=", False)])
        (calm - threatened)._calm_down()
        for agreement in threatened._get_unannounced():
            agreement.warned_on = today
            agreement._warn_before_break()
        return broken._get_warned_in_vain(company, today)

    def _get_warned_in_vain(self, company, date):
        """Those whose warning is over, and of which nothing can have been paid unseen until its last day.

        A payment of the last day comes with a statement of later: where statements are waited for, this one is.
        """
        covered = self.env["cobranca.paid.guard"]._get_newest_covered_due(company, date)
        rest = timedelta(days=self._get_warn_days(company) - 1)
        lasts = {agreement: day + rest for agreement, day in self._get_warned_days().items() if day}
        latest = date - ONE_DAY if covered is None else min(date - ONE_DAY, covered)
        return self.filtered(lambda agreement: agreement in lasts and lasts[agreement] <= latest)

    def _get_warned_days(self):
        """From which day the days of each warning count; overridden to look at what reached the customer.

        :return: {cobranca.agreement: date, or False}
        """
        return {agreement: agreement.warned_on for agreement in self}

    def _get_unannounced(self):
        """Those of which nobody was told yet that they break; overridden for warnings that did not arrive."""
        return self.filtered(lambda agreement: not agreement.warned_on)

    def _calm_down(self):
        """These do not break any more, as things are: when they are about to, it is announced anew."""
        self.warned_on = False

    def _warn_before_break(self):
        """Tell who works the customer that an agreement is about to break; overridden to tell the customer.

        :return: mail.activity
        """
        self.ensure_one()
        return self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("Agreement %(agreement)s is about to break", agreement=self.name),
            self.env._("Installments are late. Speak with the customer: postpone, renegotiate or let it break."),
            "cobranca_negociacao.mail_activity_agreement",
        )

    def _break_by_rule(self):
        """Break those of some agreements that are still to be broken: many may have paid since they were chosen."""
        self._claim()
        for company, agreements in self.grouped("company_id").items():
            today = company._cobranca_today()
            due, _threatened = self._get_threatened(company, today)
            (agreements & due)._get_warned_in_vain(company, today)._break_each()

    def _break_each(self):
        """Break agreements one by one; one that cannot be broken is told and does not stop the others."""
        for agreement in self:
            reason = agreement._get_rule_reason()
            try:
                with self.env.cr.savepoint():
                    agreement._break(agreement.company_id._cobranca_today(), reason)
            except psycopg2.OperationalError:
                raise
            except UserError as error:
                self.env.invalidate_all()
                agreement.follow_error = str(error)
            except Exception:
                _logger.exception("Agreement %s could not be broken", agreement.id)
                self.env.invalidate_all()
                agreement.follow_error = self.env._("Something went wrong: see the log of the server.")

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_follow(self, batch_size=50):
        """Announce and break agreements by their rules."""
        in_turn = self.env["cobranca.batch.run"]._cron_each
        due = {}

        def announce(company):
            due[company] = company._cobranca_localize(self)._follow(company)

        if in_turn(list(self.env["res.company"].search([("chart_template", "!=", False)])), announce):
            batches = [own.browse(ids) for own in due.values() for ids in split_every(batch_size, own.ids)]
            in_turn(batches, lambda batch: batch._break_by_rule())
