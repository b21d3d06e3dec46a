from odoo import models

from .ir_attachment import ON, WIPE

# As in the registers of cobranca_recorrente: emptied below the ORM.
TEXTS = {
    "cobranca.acceptance": ("partner_id", ("name", "document", "ip", "agent", "note", "code_contact")),
    "cobranca.acceptance.code": ("partner_id", ("contact",)),
    # What was owed and earned stays, as the accounts of an agency need it.
    "cobranca.agency.receipt": ("partner_id", ("credit_name",)),
    "cobranca.agreement": ("partner_id", ("end_reason", "follow_error", "quittance_error")),
    "cobranca.offer.approval": ("partner_id", ("reason", "note")),
    "cobranca.placement": ("partner_id", ("customer_name", "document", "end_note")),
    "cobranca.proposal": ("partner_id", ("address", "state_reason")),
    "cobranca.quittance": ("partner_id", ("sent_to", "revoke_reason")),
}


class CobrancaPartnerWipe(models.AbstractModel):
    _inherit = "cobranca.partner.wipe"

    # === BUSINESS METHODS === #

    def _cobranca_wipe(self):
        """Papers go too: what they prove cannot be claimed any more once nothing else keeps the person."""
        super(CobrancaPartnerWipe, self.with_context(**{WIPE: ON}))._cobranca_wipe()

    def _cobranca_get_files(self, people, messages):
        files = super()._cobranca_get_files(people, messages)
        for model in ("cobranca.acceptance", "cobranca.quittance"):
            files |= self.env[model].search([("partner_id", "in", people.ids)]).attachment_id
        return files | self.env["cobranca.proposal"].search([("partner_id", "in", people.ids)]).term_id

    def _cobranca_get_wiped_texts(self):
        return {**super()._cobranca_get_wiped_texts(), **TEXTS}
