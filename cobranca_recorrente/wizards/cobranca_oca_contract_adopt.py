from odoo import Command, api, fields, models


class CobrancaOcaContractAdopt(models.TransientModel):
    """Shows what becomes of each contract of the OCA addon, then makes the drafts."""

    _name = "cobranca.oca.contract.adopt"
    _description = "Adopt Contracts of the OCA Addon"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    line_ids = fields.One2many(
        comodel_name="cobranca.oca.contract.adopt.line",
        inverse_name="wizard_id",
        string="Contracts",
        readonly=True,
    )
    is_done = fields.Boolean(string="Done", readonly=True)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._read_plans()
        return wizards

    def _read_plans(self):
        plans = self.env["cobranca.oca.contract"]._get_plans(self.company_id)
        self.line_ids = [Command.clear(), *(Command.create(self.line_ids._prepare_values(plan)) for plan in plans)]

    # === ACTIONS === #

    def action_report(self):
        """Show what would be made of each contract; nothing is made."""
        self._read_plans()
        return self._get_action()

    def action_adopt(self):
        """Make the draft contracts and show what became of each."""
        self.ensure_one()
        outcome = self.env["cobranca.oca.contract"]._adopt(self.company_id)
        self._read_plans()
        for line in self.line_ids.filtered(lambda line: isinstance(outcome.get(line.key), str)):
            line.write({"verdict": "impossible", "text": outcome[line.key]})
        self.is_done = True
        return self._get_action()

    def action_view_contracts(self):
        """Open the contracts that were made."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        return {**action, "domain": [("id", "in", self.line_ids.contract_id.ids)], "context": {}}

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adopt contracts of the OCA addon"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
