from odoo import models

# As in cobranca_recorrente: {section of the file: (model, field of the debtor, fields that are told)}
SECTIONS = {
    "proposals": (
        "cobranca.proposal",
        "partner_id",
        [
            *(
                "name",
                "sent_at",
                "channel",
                "address",
                "state",
                "state_reason",
                "closed_at",
                "before",
                "given",
                "amount",
            ),
            *("down", "count", "installment", "first_date", "expires_on"),
        ],
    ),
    "agreements": (
        "cobranca.agreement",
        "partner_id",
        [
            *(
                "name",
                "date",
                "state",
                "before",
                "amount_given",
                "financing",
                "fee",
                "total",
                "payments_text",
                "amount_open",
            ),
            *("paid_on", "warned_on", "ended_on", "end_reason", "restored_on"),
        ],
    ),
    "acceptances": (
        "cobranca.acceptance",
        "partner_id",
        [
            *("title", "channel", "accepted_at", "signed_on", "name", "document", "ip", "agent", "note"),
            *("code_contact", "code_sent_at", "code_verified_at", "document_hash"),
        ],
    ),
    "one_time_codes": (
        "cobranca.acceptance.code",
        "partner_id",
        ["channel", "contact", "sent_at", "expires_at", "tries", "verified_at"],
    ),
    "placements": (
        "cobranca.placement",
        "partner_id",
        [
            *("name", "agency_id", "state", "customer_name", "document", "amount_placed", "placed_on", "ends_on"),
            *("first_contact_at", "contacted_at", "ended_on", "end_reason", "end_note"),
        ],
    ),
    "quittances": (
        "cobranca.quittance",
        "partner_id",
        [
            *("name", "kind", "year", "date", "amount", "state", "document_hash", "sent_at", "sent_to", "revoked_on"),
            "revoke_reason",
        ],
    ),
}


class CobrancaPartnerExport(models.AbstractModel):
    """What is kept of a person who negotiated, for that person (LGPD, art. 18, II and V)."""

    _inherit = "cobranca.partner.export"

    # === BUSINESS METHODS === #

    def _cobranca_get_sections(self):
        return {**super()._cobranca_get_sections(), **SECTIONS}

    def _cobranca_get_section_titles(self):
        return {
            **super()._cobranca_get_section_titles(),
            "proposals": self.env._("Proposals"),
            "agreements": self.env._("Agreements"),
            "acceptances": self.env._("Acceptances"),
            "one_time_codes": self.env._("One-time codes"),
            "placements": self.env._("Placements with agencies"),
            "quittances": self.env._("Letters of quittance"),
        }
