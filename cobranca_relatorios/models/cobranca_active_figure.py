from odoo import api, models


class CobrancaActiveFigure(models.AbstractModel):
    """What an address names by its number can be opened: links of the overview are addresses."""

    _name = "cobranca.active.figure"
    _description = "Figure of an Address"

    # === BUSINESS METHODS === #

    @api.model
    def _open_active(self):
        """Open what is behind the figure that the address names (`active_id` of the context).

        :return: dict of an action
        """
        return self.browse(self.env.context.get("active_id")).action_open()
