from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import credit
from .cobranca_partner_quality import COLLECTOR, SUPERVISOR


class CobrancaPartnerCredit(models.AbstractModel):
    """The credit limit that a customer's history carries in the company of the user, beside the one in force."""

    _name = "cobranca.partner.credit"
    _description = "Credit of a Customer"

    cobranca_credit_suggestion = fields.Float(
        string="Suggested credit limit",
        compute="_compute_cobranca_credit",
        digits=(16, 2),
        groups=COLLECTOR,
        help="Average bill of a month in the last 12 months × months of billing that the segment carries × 30 ÷ (30 + "
        "average days of delay), rounded to 100.",
    )
    cobranca_credit_text = fields.Char(string="Credit", compute="_compute_cobranca_credit", groups=COLLECTOR)
    cobranca_may_apply_credit = fields.Boolean(compute="_compute_cobranca_credit", groups=COLLECTOR)

    # === COMPUTE METHODS === #

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_cobranca_credit(self):
        limits = self.commercial_partner_id._cobranca_suggest_limits()
        blocks = self.env["cobranca.credit.block"]._get_live(self.env.company, self)
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        for partner in self:
            suggested = float(limits.get(partner.commercial_partner_id) or 0)
            partner.cobranca_credit_suggestion = suggested
            block = blocks.get(partner.commercial_partner_id)
            texts = [block and block._get_text(), suggested and partner._cobranca_explain_credit(suggested)]
            partner.cobranca_credit_text = " · ".join(filter(None, texts)) or False
            now = partner._cobranca_get_credit_limit()
            uses_limits = self.env.company.account_use_credit_limit
            partner.cobranca_may_apply_credit = bool(uses_limits and suggested and is_supervisor and suggested != now)

    def _cobranca_explain_credit(self, suggested):
        now = self._cobranca_get_credit_limit()
        shown = self.env.company.currency_id.format
        values = {"suggested": shown(suggested), "now": shown(now)}
        if not self.env.company.account_use_credit_limit:
            return self.env._("Suggested limit %(suggested)s · the company uses no credit limits", **values)
        if now:
            return self.env._("Suggested limit %(suggested)s · today %(now)s", **values)
        return self.env._("Suggested limit %(suggested)s · today without a limit", **values)

    # === ACTIONS === #

    def action_cobranca_apply_credit(self):
        """Take the suggestion over as the credit limit of Odoo.

        :raise AccessError: for who is no supervisor
        :raise UserError: where there is no suggestion
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Credit limits are set by a supervisor of Cobrança."))
        partner = self.commercial_partner_id
        suggested = partner.cobranca_credit_suggestion
        if not suggested:
            raise UserError(self.env._("There is no history yet from which a limit could be suggested."))
        if not self.env.company.account_use_credit_limit:
            raise UserError(
                self.env._("The company uses no credit limits: switch “Sales Credit Limit” on in the settings of Odoo.")
            )
        text = partner._cobranca_explain_credit(suggested)
        # sudo: this one field, after the check above; not every supervisor may write customers
        partner.sudo().write({"use_partner_credit_limit": True, "credit_limit": suggested})
        # sudo: the note that says who did it
        partner.sudo().message_post(
            body=self.env._("Credit limit applied. Before: %(text)s", text=text), author_id=self.env.user.partner_id.id
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #

    def _cobranca_get_credit_limit(self):
        """The limit in force in the company of the user; 0.0 = none, also while the company uses no limits."""
        if not self.env.company.account_use_credit_limit:
            return 0.0
        return self.commercial_partner_id.credit_limit or 0.0

    def _cobranca_suggest_limits(self):
        """The limits that the history of these customers carries, by two queries.

        :return: {res.partner: Decimal}, without those whose invoices never fell due or whose segment gets no credit
        """
        company = self.env.company
        rows = self.env["cobranca.behavior"].search(
            [("company_id", "=", company.id), ("partner_id", "in", self.ids), ("invoice_count", ">", 0)]
        )
        if not rows:
            return {}
        today = company._cobranca_today()
        billed = self._cobranca_read_billed(rows.partner_id, today)
        limits = {}
        for row in rows:
            total, first = billed.get(row.partner_id, (0, False))
            if not first:
                continue
            limit = credit.suggested_limit(
                Decimal(f"{total:.2f}"),
                credit.months_of_history(first, today),
                Decimal(f"{row.segment_id.credit_months if row.segment_id else 1.0:.2f}"),
                Decimal(f"{row.average_delay:.1f}"),
            )
            if limit:
                limits[row.partner_id] = limit
        return limits

    @api.model
    def _cobranca_read_billed(self, customers, today):
        """{customer: (amount billed in the last 12 months, first day of it)} of the company of the user."""
        since = fields.Date.start_of(fields.Date.subtract(today, months=credit.WINDOW_MONTHS - 1), "month")
        domain = [
            ("company_id", "=", self.env.company.id),
            ("commercial_partner_id", "in", customers.ids),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("invoice_date", ">=", since),
            ("invoice_date", "<=", today),
        ]
        rows = self.env["account.move"]._read_group(
            domain, ["commercial_partner_id"], ["amount_total_signed:sum", "invoice_date:min"]
        )
        return {partner: (amount or 0.0, first) for partner, amount, first in rows}
