from odoo import fields, models

ADDED = [
    ("proposal_sent", "Proposal sent"),
    ("proposal_accepted", "Proposal accepted"),
    ("proposal_refused", "Proposal refused"),
    ("agreement_signed", "Agreement signed"),
    ("agreement_broken", "Agreement broken"),
    ("agreement_cancelled", "Agreement cancelled"),
    ("agreement_restored", "Agreement restored"),
    ("agreement_paid", "Agreement paid"),
]


class CobrancaInteraction(models.Model):
    _inherit = "cobranca.interaction"

    outcome = fields.Selection(
        selection_add=ADDED,
        ondelete={key: lambda records: records._write_own({"outcome": "other"}) for key, _label in ADDED},
    )
