from odoo import fields, models

ADDED = [
    ("proposal_sent", "Proposal sent"),
    ("proposal_accepted", "Proposal accepted"),
    ("proposal_refused", "Proposal refused"),
]


class CobrancaInteraction(models.Model):
    _inherit = "cobranca.interaction"

    outcome = fields.Selection(
        selection_add=ADDED,
        ondelete={key: lambda records: records._write_own({"outcome": "other"}) for key, _label in ADDED},
    )
