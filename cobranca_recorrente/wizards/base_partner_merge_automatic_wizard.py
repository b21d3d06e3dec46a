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
        self._end_credit_blocks(src_partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _end_credit_blocks(self, src_partners, dst_partner):
        """A customer has one block of credit in each company: the oldest of those who are merged."""
        live = [("partner_id", "in", (src_partners | dst_partner).ids), ("ended_on", "=", False)]
        # sudo: whoever merges customers; their blocks follow them
        blocks = self.env["cobranca.credit.block"].sudo().search(live, order="id")
        for own in blocks.grouped("company_id").values():
            own[1:]._end("merged")
