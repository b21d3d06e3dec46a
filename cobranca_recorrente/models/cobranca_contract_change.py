from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("activate", "Activated"),
    ("price", "Price or items changed"),
    ("readjust", "Readjustment"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("due", "Due day changed"),
    ("renew", "Renewed"),
    ("end", "Ended"),
    ("reactivate", "End withdrawn"),
]


class CobrancaContractChange(models.Model):
    """Register of what was changed on a contract: when, by whom, from which day, from how much to how much."""

    _name = "cobranca.contract.change"
    _description = "Change of a Contract"
    _order = "id desc"

    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True, index=True)
    date = fields.Date(string="From day", required=True, readonly=True, index=True)
    amount_before = fields.Monetary(string="Monthly before", readonly=True, aggregator=None)
    amount_after = fields.Monetary(string="Monthly after", readonly=True, aggregator=None)
    amount_change = fields.Monetary(string="Monthly change", compute="_compute_amount_change", store=True)
    reason = fields.Char(readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("amount_before", "amount_after")
    def _compute_amount_change(self):
        for change in self:
            change.amount_change = change.amount_after - change.amount_before

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.contract_id.exists():
            raise UserError(self.env._("The register of changes stays as it is."))
