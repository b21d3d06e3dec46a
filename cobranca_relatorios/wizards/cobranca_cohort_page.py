import babel.dates
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

from ..report.cobranca_cohort_report import AFTER, SHOWN_MONTHS
from ..tools.heat import shade

MONTHS = 12


class CobrancaCohortPage(models.TransientModel):
    """The months of due dates beside each other: which ones were paid worse, and at what age."""

    _name = "cobranca.cohort.page"
    _inherit = ["cobranca.glance.page"]
    _description = "Heat Map of Due Months"

    heat_html = fields.Html(string="Open after the due date", compute="_compute_heat_html")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_heat_html(self):
        for page in self:
            values = {"rows": self._get_heat_map(page.company_id), "after": [f"D+{days}" for days in AFTER]}
            page.heat_html = self.env["ir.qweb"]._render("cobranca_relatorios.cohort_heat_map", values)

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Open after the Due Date")

    @api.model
    def _get_heat_map(self, company, months=MONTHS):
        """What fell due month by month, and how much of it was open so many days later: plain rows to be drawn.

        :param company: res.company
        :param int months: how many, with the running one
        :return: list of dict, the oldest month first: month (its first day), label, is_running, amount_due,
            amount_text and cells, list of dict: days, rate (percent, None where the month is not that old), text,
            shade (background, by the column; None without a rate) and url of the debts (None without a rate)
        """
        first = fields.Date.start_of(company._cobranca_today(), "month")
        wanted = [first - relativedelta(months=back) for back in reversed(range(months))]
        narrow = {"allowed_company_ids": company.ids, SHOWN_MONTHS: months}
        Report = self.env["cobranca.cohort.report"].with_context(**narrow)
        domain = [("company_id", "=", company.id), ("month", ">=", wanted[0])]
        # At once: a read of its own would ask the whole ledger again.
        records = Report.search_fetch(domain, ["month", "days", "rate", "amount_due"])
        found = {(record.month, record.days): record for record in records}
        scales = {days: [record.rate for record in records if record.days == days] or [0.0] for days in AFTER}
        return [self._get_heat_row(month, found, scales, is_running=month == first) for month in wanted]

    def _get_heat_row(self, month, found, scales, is_running):
        amount = found[month, 0].amount_due if (month, 0) in found else 0.0
        locale = babel_locale_parse(get_lang(self.env).code)
        name = babel.dates.format_date(month, "LLL", locale=locale).rstrip(".")
        return {
            "month": month,
            "label": f"{name}/{month:%y}",
            "is_running": is_running,
            "amount_due": amount,
            "amount_text": formatLang(self.env, amount, digits=0),
            "cells": [self._get_heat_cell(days, found.get((month, days)), scales[days]) for days in AFTER],
        }

    def _get_heat_cell(self, days, record, scale):
        if not record:
            return {"days": days, "rate": None, "text": "·", "shade": None, "url": None}
        return {
            "days": days,
            "rate": record.rate,
            "text": formatLang(self.env, record.rate, digits=1),
            "shade": shade(record.rate, min(scale), max(scale)),
            "url": f"/odoo/safra/{record.id}",
        }
