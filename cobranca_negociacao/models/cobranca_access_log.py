from odoo import fields, models

ADDED = [
    ("dossier", "Dossier made"),
    ("agency_case", "Seen by an agency"),
    ("agency_export", "File for an agency"),
]


class CobrancaAccessLog(models.Model):
    _inherit = "cobranca.access.log"

    action = fields.Selection(
        selection_add=ADDED,
        ondelete={key: lambda records: models.Model.write(records, {"action": "export"}) for key, _label in ADDED},
    )
