from odoo import api, models
from odoo.tools import SQL


class CobrancaPaidGuard(models.AbstractModel):
    """What says that an amount may have been paid already."""

    _name = "cobranca.paid.guard"
    _description = "Signs of a Payment"

    @api.model
    def _get_wait_case(self, company, date):
        """Stub of the branch `paid`; replaced at its merge."""
        return SQL("NULL::text")
