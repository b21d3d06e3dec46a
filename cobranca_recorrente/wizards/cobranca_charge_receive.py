from odoo import api, fields, models


class CobrancaChargeReceive(models.TransientModel):
    """Money that came for charges which stayed open when their invoices were paid."""

    _name = "cobranca.charge.receive"
    _description = "Receive Charges"

    charge_ids = fields.Many2many(comodel_name="cobranca.charge", string="Charges", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", compute="_compute_company_id")
    date = fields.Date(string="Paid on", required=True, default=lambda self: self.env.company._cobranca_today())
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Bank or cash",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    total = fields.Monetary(string="Open", compute="_compute_total")
    amount = fields.Monetary(
        string="Received", compute="_compute_amount", store=True, readonly=False, help="Less pays a part of them."
    )

    # === COMPUTE METHODS === #

    @api.depends("charge_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.charge_ids.company_id[:1]
            wizard.partner_id = wizard.charge_ids.partner_id.commercial_partner_id[:1]

    @api.depends("charge_ids")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [("type", "in", ("bank", "cash")), ("company_id", "=", wizard.company_id.id)], limit=1
            )

    @api.depends("charge_ids")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(wizard.charge_ids.mapped("amount"))

    @api.depends("charge_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard.charge_ids.mapped("amount"))

    # === ACTIONS === #

    def action_receive(self):
        """Register the payment."""
        self.ensure_one()
        self.charge_ids._register_payment(self.journal_id, self.date, self.amount)
        return {"type": "ir.actions.act_window_close"}
