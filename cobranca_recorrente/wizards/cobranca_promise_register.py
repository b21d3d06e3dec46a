from odoo import api, fields, models


class CobrancaPromiseRegister(models.TransientModel):
    """Write down that a customer promised to pay."""

    _name = "cobranca.promise.register"
    _inherit = ["cobranca.debtor.wizard"]
    _description = "Register Promise"

    date = fields.Date(
        string="Promised for", compute="_compute_date", store=True, readonly=False, precompute=True, required=True
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)
    note = fields.Char()

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard._get_promise_date()

    @api.depends("line_ids", "date")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard._get_promise_amount(wizard.date)

    # === ACTIONS === #

    def action_register(self):
        """Register the promise, and the contact in which it was made.

        :raise UserError: as the promise itself would
        """
        self.ensure_one()
        self.env["cobranca.interaction"]._register_contact(
            self.company_id,
            self.partner_id,
            {
                "outcome": "promised",
                "promise_date": self.date,
                "promise_amount": self.amount,
                "note": self.note,
                "lines": self.line_ids,
            },
        )
        return {"type": "ir.actions.act_window_close"}
