from odoo import Command, api, fields, models


class CobrancaContractAmend(models.TransientModel):
    """Change prices, quantities, products and discounts of a contract, add and end items."""

    _name = "cobranca.contract.amend"
    _inherit = ["cobranca.contract.wizard"]
    _description = "Change Prices or Items"

    moment = fields.Selection(
        selection=[("next", "From the next period"), ("today", "From today"), ("day", "From another day")],
        string="When",
        default="next",
        required=True,
        help="From the next period nothing has to be settled; an earlier day settles what is billed already.",
    )
    date = fields.Date(
        string="From day", compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )
    line_ids = fields.One2many(
        comodel_name="cobranca.contract.amend.line",
        inverse_name="amend_id",
        string="Items",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    credit = fields.Boolean(
        string="Give back what was billed too much",
        default=True,
        help="Without it only what becomes dearer is charged for periods that are billed already.",
    )
    apart = fields.Boolean(
        string="Settle on an invoice of its own", help="Otherwise the difference is on the next invoice."
    )

    # === COMPUTE METHODS === #

    @api.depends("moment", "contract_id")
    def _compute_date(self):
        for wizard in self:
            contract = wizard.contract_id
            if wizard.moment == "next" and contract:
                wizard.date = contract._get_next_effective_date()
            elif wizard.moment == "today" or not wizard.date:
                wizard.date = (contract.company_id or self.env.company)._cobranca_today()

    @api.depends("contract_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.contract_id.line_ids.filtered(
                lambda line: not line.display_type and line.recurrence != "once" and not line.is_ended
            )
            rows = [Command.create({"line_id": line.id, **line._prepare_amend_values()}) for line in lines]
            wizard.line_ids = [Command.clear(), *rows]

    # === BUSINESS METHODS === #

    def _apply(self, contract):
        changes = [change for line in self.line_ids if (change := line._get_change())]
        return contract._amend(self.date, changes, self.reason, self.credit, self.apart)

    def _get_title(self):
        return self.env._("Change prices or items")
