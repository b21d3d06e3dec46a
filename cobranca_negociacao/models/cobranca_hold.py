from odoo import api, fields, models


class CobrancaHold(models.Model):
    _inherit = "cobranca.hold"

    reason = fields.Selection(
        selection_add=[("agreement", "Agreement"), ("other",)],
        ondelete={"agreement": lambda holds: holds.write({"reason": "other"})},
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_open_ended_reasons(self):
        return [*super()._get_open_ended_reasons(), "agreement"]

    @api.model
    def _get_kept_reasons(self):
        return [*super()._get_kept_reasons(), "agreement"]
