from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CobrancaContractStart(models.TransientModel):
    """The way to a first contract: a template, its products, a customer."""

    _name = "cobranca.contract.start"
    _description = "Start with Contracts"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    template_id = fields.Many2one(
        comodel_name="cobranca.contract.template",
        string="What do you sell?",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
        default=lambda self: self.env["cobranca.contract.template"].search([], limit=1),
    )
    description = fields.Text(related="template_id.description")
    item_ids = fields.One2many(
        comodel_name="cobranca.contract.start.item",
        inverse_name="wizard_id",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="First customer", domain="[('company_id', 'in', (False, company_id))]"
    )
    date_start = fields.Date(string="Start", required=True, default=lambda self: self.env.company._cobranca_today())

    # === COMPUTE METHODS === #

    @api.depends("template_id")
    def _compute_item_ids(self):
        for wizard in self:
            lines = wizard.template_id.line_ids.filtered(lambda line: not line.display_type)
            items = [Command.create(wizard.item_ids._prepare_values(line)) for line in lines]
            wizard.item_ids = [Command.clear(), *items]

    # === ACTIONS === #

    def action_start(self):
        """Make the products that are missing and a draft contract, and open it.

        :return: action that shows the contract
        :raise UserError: without customer or items
        """
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the first customer, or type a name to make him."))
        items = self.item_ids.filtered("is_wanted")
        if not items:
            raise UserError(self.env._("Keep at least one item."))
        contract = self.template_id._start_contract(
            self.partner_id, self.date_start, [item._prepare_choice() for item in items]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": contract._name,
            "res_id": contract.id,
            "views": [(False, "form")],
        }
