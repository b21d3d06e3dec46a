from odoo import models


class CobrancaContractPortalBilling(models.AbstractModel):
    _inherit = "cobranca.contract.portal.billing"

    # === BUSINESS METHODS === #

    def _get_portal_payment(self, periods):
        """What an agreement closed in the books was not paid."""
        told = super()._get_portal_payment(periods)
        words = periods.move_id._cobranca_get_portal_status()
        return ("info", words) if words and told[0] == "success" else told
