from odoo import api, models

from odoo.addons.cobranca_recorrente.models.cobranca_bureau_listing_follow import Verdict


class CobrancaBureauListingFollow(models.AbstractModel):
    _inherit = "cobranca.bureau.listing.follow"

    # === BUSINESS METHODS === #

    @api.model
    def _get_verdicts(self, company, lines):
        """Debts in an agreement are not overdue any more: they leave the bureau as of its day."""
        agreed = {
            origin.line_id.id: Verdict("agreed", origin.agreement_id.date)
            for origin in self.env["cobranca.agreement.origin"]._get_of_lines(lines)
        }
        verdicts = super()._get_verdicts(company, lines)
        return {line: agreed.get(line.id, verdict) for line, verdict in verdicts.items()}
