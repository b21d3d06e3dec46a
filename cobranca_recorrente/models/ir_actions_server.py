from odoo import api, fields, models
from odoo.exceptions import ValidationError


class IrActionsServer(models.Model):
    """Which server actions a step of the ladder may run. Written by administrators, chosen by managers of Cobrança."""

    _inherit = "ir.actions.server"

    cobranca_is_dunning = fields.Boolean(
        string="For steps of the ladder",
        groups="base.group_system,cobranca_recorrente.cobranca_group_manager",
        help="Managers of Cobrança may have a step of the ladder run this action on the customers who reach it.",
    )

    @api.constrains("cobranca_is_dunning", "model_id")
    def _check_cobranca_model(self):
        for action in self.sudo():  # sudo: whoever writes actions
            if action.cobranca_is_dunning and action.model_id.model != "cobranca.case":
                raise ValidationError(
                    self.env._(
                        "“%(name)s” would be run by a step: its model must be “Customer in Collection”.",
                        name=action.name,
                    )
                )
