import logging
from datetime import timedelta
from decimal import Decimal

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, split_every
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.models.account_chart_template import CHARGE_JOURNAL

from ..tools.settlement import earned
from .cobranca_agreement_guard import BY_AGREEMENT

_logger = logging.getLogger(__name__)


class CobrancaAgreementRecognition(models.AbstractModel):
    """Interest of installments becomes income month by month, as it is earned."""

    _name = "cobranca.agreement.recognition"
    _description = "Interest of Agreements"

    # === BUSINESS METHODS === #

    def _get_unearned(self):
        """The interest of an agreement that is no income yet, by the books.

        :return: Decimal
        """
        self.ensure_one()
        return -self._sum_unearned([])

    def _sum_unearned(self, domain):
        rows = self.env["account.move.line"]._read_group(
            [
                ("cobranca_agreement_id", "=", self.id),
                ("account_id", "=", self.unearned_account_id.id),
                ("parent_state", "=", "posted"),
                *domain,
            ],
            [],
            ["balance:sum"],
        )
        return self._to_cents(rows[0][0] or 0.0)

    def _get_earned(self, until):
        """What of the interest of an agreement is to be booked as income.

        :param date until: interest of later days does not count, unless all was paid by then
        :return: Decimal
        """
        left = self._get_unearned()
        if self.date > until:
            return Decimal(0)
        if self.state == "paid" and self.paid_on <= until:
            return left
        # What a later agreement forgave of it never becomes income, nor what was given to who paid early.
        given = self._get_rebated_each()
        booked = self._to_cents(self.financing) - left - self._get_forgiven() - sum(given.values(), Decimal(0))
        return min(left, max(earned(self.installment_ids._get_plan(), until, given) - booked, Decimal(0)))

    def _get_forgiven(self):
        """The interest of an agreement that a later one forgave before its time.

        :return: Decimal
        """
        return self._sum_unearned([("move_id.cobranca_agreement_id", "not in", [False, self.id])])

    @api.model
    def _get_to_recognize(self, company):
        """Agreements with interest that is no income yet.

        :return: cobranca.agreement
        """
        for model in ("account.move.line", "cobranca.agreement"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement.id
                  FROM cobranca_agreement agreement
                  JOIN account_move_line item ON item.cobranca_agreement_id = agreement.id
                   AND item.account_id = agreement.unearned_account_id AND item.parent_state = 'posted'
                 WHERE agreement.company_id = %s AND agreement.state IN ('active', 'paid', 'renegotiated')
                 GROUP BY agreement.id
                HAVING SUM(item.balance) < 0
                 ORDER BY agreement.id
                """,
                company.id,
            )
        )
        return self.browse([row[0] for row in rows])

    def _recognize(self, company, until):
        """Book the interest that these agreements have earned, by one entry. The same again books nothing.

        :param company: res.company of all of them
        :param date until: the end of a month; booked on that day, or the first one on which the books are open
        :return: account.move
        """
        day = self._get_open_day(company, until)
        if not day:
            return self.env["account.move"]
        agreements = self.with_company(company)
        agreements._claim()
        account = company._cobranca_get_account("financing")
        items = []
        for agreement in agreements:
            if amount := agreement._get_earned(until):
                items.append(agreement._item(agreement.unearned_account_id, amount, day))
                items.append(agreement._item(account, -amount, day))
        if not items:
            return self.env["account.move"]
        ref = self.env._("Interest of agreements until %(day)s", day=format_date(self.env, until))
        Receipt = self.env["cobranca.receipt"].with_company(company)
        move = Receipt.with_context(**BY_AGREEMENT)._post_entry(company, CHARGE_JOURNAL, day, items, ref)
        move.cobranca_agreement_role = "recognition"
        return move.with_env(Receipt.env)

    def _recognize_all(self, company, until):
        """The same for many; where it fails, for each alone: one does not keep the others from it."""
        for agreements in (self, *(self if len(self) > 1 else ())):
            try:
                with self.env.cr.savepoint():
                    agreements._recognize(company, until)
            except psycopg2.OperationalError:
                raise
            except Exception:
                _logger.exception("Interest of agreements %s could not be booked", agreements.ids)
                self.env.invalidate_all()
                continue
            if agreements == self:
                return

    @api.model
    def _get_open_day(self, company, until):
        """The day itself, or the first one after what is closed; None while that is still to come."""
        journal, day, today = company._cobranca_get_journal(CHARGE_JOURNAL), until, company._cobranca_today()
        while locks := company._get_violated_lock_dates(day, False, journal):
            day = max(lock[0] for lock in locks) + timedelta(days=1)
        return day if day <= today else None

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_recognize(self, batch_size=200):
        """Book the interest of the months that are over."""
        batches = [
            company._cobranca_localize(self.browse(ids))
            for company in self.env["res.company"].search([("chart_template", "!=", False)])
            for ids in split_every(batch_size, self._get_to_recognize(company).ids)
        ]

        def recognize(batch):
            company = batch.env.company
            batch._recognize_all(company, company._cobranca_today() + relativedelta(day=1, days=-1))

        self.env["cobranca.batch.run"]._cron_each(batches, recognize)
