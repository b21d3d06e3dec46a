from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    """Merged customers go on in one case."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Close the open cases of those who go: there is one for each debtor, and closed ones may be many."""
        # sudo: whoever merges customers; their cases follow them
        cases = (
            self.env["cobranca.case"].sudo().search([("partner_id", "in", src_partners.ids), ("state", "=", "open")])
        )
        for company, records in cases.grouped("company_id").items():
            records.write(
                {
                    "state": "closed",
                    "close_reason": "merged",
                    "closed_on": company._cobranca_today(),
                    "attendant_id": False,
                }
            )
            self.env["cobranca.case.touch"]._touch(company, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
