from datetime import timedelta

import babel.dates

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ..tools import calendar

COUNT = 12
HIGHEST = 48  # pixels of the longest delay
LAST = """
    SELECT line.date_maturity, line.amount_residual > 0,
           CASE WHEN line.amount_residual > 0 THEN %(today)s ELSE COALESCE(paid.day, line.date_maturity) END
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
      LEFT JOIN LATERAL (
          SELECT max(max_date) AS day FROM account_partial_reconcile WHERE debit_move_id = line.id
      ) paid ON TRUE
      LEFT JOIN (%(replaced)s) replaced ON replaced.line_id = line.id
     WHERE move.commercial_partner_id = %(partner)s
       AND line.company_id = %(company)s
       AND line.parent_state = 'posted'
       AND line.display_type = 'payment_term'
       AND line.balance > 0
       AND line.date_maturity < %(today)s
       AND account.account_type = 'asset_receivable'
       AND account.non_trade IS NOT TRUE
       AND (replaced.line_id IS NULL OR replaced.day > line.date_maturity)
     ORDER BY line.date_maturity DESC, line.id DESC
     LIMIT %(count)s
"""


class CobrancaPartnerBars(models.AbstractModel):
    """The delays of a customer's last invoices, as bars."""

    _name = "cobranca.partner.bars"
    _description = "Last Delays of a Customer"

    cobranca_bars_html = fields.Html(
        string="Delays of the last invoices",
        compute="_compute_cobranca_bars_html",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === COMPUTE METHODS === #

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_cobranca_bars_html(self):
        for partner in self:
            bars = partner._origin._cobranca_get_bars() if partner._origin else []
            values = {"bars": bars, "is_wide": True}
            partner.cobranca_bars_html = (
                self.env["ir.qweb"]._render("cobranca_recorrente.partner_bars", values) if bars else False
            )

    # === BUSINESS METHODS === #

    def _cobranca_get_bars(self):
        """How late the last invoices were paid, the oldest first; those still open as of today.

        :return: list of dict(month, days, is_open, height in pixels)
        """
        self.ensure_one()
        company = self.env.company
        for model in ("account.move.line", "account.move", "account.partial.reconcile"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                LAST,
                partner=self.commercial_partner_id.id,
                company=company.id,
                today=company._cobranca_today(),
                count=COUNT,
                replaced=self.env["account.move.line"]._cobranca_get_replaced_query(company),
            )
        )
        delays = self._cobranca_get_delays(company, rows[::-1])
        longest = max((days for _due, _is_open, days in delays), default=0) or 1
        locale = babel_locale_parse(get_lang(self.env).code)
        return [
            {
                "month": babel.dates.format_date(due, "LLL", locale=locale).rstrip("."),
                "days": days,
                "is_open": is_open,
                "height": max(round(days * HIGHEST / longest), 2),
            }
            for due, is_open, days in delays
        ]

    @api.model
    def _cobranca_get_delays(self, company, rows):
        """Days late as the sentence beside the bars counts them: from the day on which a bank was open.

        :param rows: [(due date, is it open, day of the payment or today)], the oldest first
        :return: [(due date, is it open, days)]
        """
        if not rows:
            return []
        last = rows[-1][0] + timedelta(days=calendar.LONGEST_CLOSURE)
        holidays = self.env["cobranca.holiday"]._get_holidays(company, rows[0][0], last)
        return [
            (due, is_open, max((day - calendar.next_business_day(due, holidays)).days, 0)) for due, is_open, day in rows
        ]
