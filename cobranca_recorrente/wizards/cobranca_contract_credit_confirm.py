from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CobrancaContractCreditConfirm(models.TransientModel):
    """Contracts that stayed drafts because of the credit rules, each with its reason."""

    _name = "cobranca.contract.credit.confirm"
    _description = "Activate Contracts in Spite of Doubts"

    line_ids = fields.One2many(
        comodel_name="cobranca.contract.credit.confirm.line", inverse_name="wizard_id", string="Stayed drafts"
    )
    activated = fields.Integer(string="Activated already", readonly=True)
    told = fields.Text(string="Past dates", readonly=True)
    has_block = fields.Boolean(compute="_compute_has_block")
    reason = fields.Char(string="Why all the same", size=500)

    # === COMPUTE METHODS === #

    @api.depends("line_ids.is_block")
    def _compute_has_block(self):
        for wizard in self:
            wizard.has_block = any(wizard.line_ids.mapped("is_block"))

    # === ACTIONS === #

    def action_confirm(self):
        """Activate those that are chosen, with the reason.

        :raise UserError: without a reason, or when none is chosen
        :raise AccessError: for a blocked one, unless the user is a supervisor
        """
        self.ensure_one()
        contracts = self.line_ids.filtered("is_chosen").contract_id
        if not contracts:
            raise UserError(self.env._("Choose the contracts to activate, or close this: the others stay drafts."))
        told = contracts._activate_despite(self.reason)
        result = contracts._tell_past(told)
        return {"type": "ir.actions.client", "tag": "soft_reload"} if result is True else result

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, doubts, activated, told):
        """Show what stayed a draft.

        :param dict doubts: {cobranca.contract: list of Doubt}
        :param int activated: number of contracts that are active now
        :param list told: what is billed at once of them
        :return: action
        """
        lines = [Command.create(self.line_ids._prepare_values(*each)) for each in doubts.items()]
        wizard = self.create({"line_ids": lines, "activated": activated, "told": "\n".join(told)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activate all the same?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }
