from odoo import api, models
from odoo.exceptions import UserError


class BasePartnerMerge(models.TransientModel):
    """Merged customers are with an agency once; agencies are not merged."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """End what would be with one agency twice: it may be placed anew, as one."""
        self._check_agencies(src_partners | dst_partner)
        self._end_doubles(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _check_agencies(self, partners):
        """:raise UserError: for two agencies of one company: each has its own placements and statements"""
        # sudo: whoever merges partners; agencies are only counted
        Agency = self.env["cobranca.agency"].sudo().with_context(active_test=False)
        agencies = Agency.search([("partner_id", "in", partners.ids)])
        if len(agencies) > len(agencies.company_id):
            raise UserError(
                self.env._("Agencies are not merged: recall what one of them has, archive it, go on with the other.")
            )

    @api.model
    def _end_doubles(self, src_partners, dst_partner):
        live = [("partner_id", "in", (src_partners | dst_partner).ids), ("state", "in", ("proposed", "active"))]
        # sudo: whoever merges customers; their placements follow them
        placements = self.env["cobranca.placement"].sudo().search(live, order="id")
        ordered = placements.sorted(lambda placement: placement.partner_id != dst_partner)
        for own in ordered.grouped(lambda each: (each.company_id, each.agency_id, each.currency_id)).values():
            own[1:]._stop("recalled", self.env._("This customer was merged with another one."))
