from odoo import api, fields, models


class CobrancaDebtorWizard(models.AbstractModel):
    """A dialog about a debtor and some of his open invoices."""

    _name = "cobranca.debtor.wizard"
    _description = "Dialog on a Debtor"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_line_ids", store=True, precompute=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", ondelete="cascade")
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "move_id")
    def _compute_line_ids(self):
        """The overdue lines; when nothing is overdue, all open ones. From an invoice: its own."""
        for wizard in self:
            lines = wizard._get_debts()
            today = (wizard.company_id or self.env.company)._cobranca_today()
            overdue = lines.filtered(lambda line, today=today: line.date_maturity and line.date_maturity < today)
            own = lines.filtered(lambda line, wizard=wizard: line.move_id == wizard.move_id)
            wizard.line_ids = own or overdue or lines
            wizard.currency_id = wizard.line_ids.currency_id[:1] or self.env.company.currency_id

    # === BUSINESS METHODS === #

    def _get_debts(self):
        if not self.partner_id:
            return self.env["account.move.line"]
        return self.partner_id.with_company(self.company_id)._cobranca_get_debts()

    def _get_promise_date(self):
        """When a promise is for, unless another day is chosen: in three business days."""
        company = self.company_id or self.env.company
        return self.env["cobranca.promise"]._add_business_days(company, company._cobranca_today(), 3)

    def _get_promise_amount(self, date):
        """All that is chosen, as it is on the promised day."""
        return self.env["cobranca.promise"]._get_highest_amount(self.line_ids, date) if date else 0.0
