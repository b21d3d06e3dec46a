from odoo import api, fields, models


class CobrancaContractSuspend(models.TransientModel):
    """Pause a contract, or resume it."""

    _name = "cobranca.contract.suspend"
    _inherit = ["cobranca.contract.wizard"]
    _description = "Pause or Resume"

    mode = fields.Selection(
        selection=[("pause", "Pause"), ("resume", "Resume")], default="pause", required=True, readonly=True
    )
    date_start = fields.Date(
        string="From day", compute="_compute_date_start", store=True, readonly=False, required=True, precompute=True
    )
    date_end = fields.Date(string="Until", help="Last day without charge; empty = until someone resumes it.")

    # === COMPUTE METHODS === #

    @api.depends("contract_id")
    def _compute_date_start(self):
        for wizard in self:
            wizard.date_start = (wizard.company_id or self.env.company)._cobranca_today()

    # === BUSINESS METHODS === #

    def _apply(self, contract):
        if self.mode == "resume":
            return contract._resume(self.date_start, self.reason)
        return contract._pause(self.date_start, self.date_end, self.reason)

    def _get_title(self):
        return self.env._("Resume") if self.mode == "resume" else self.env._("Pause")
