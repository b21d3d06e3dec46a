from odoo import fields, models


class CobrancaAccessLog(models.Model):
    _inherit = "cobranca.access.log"

    action = fields.Selection(
        selection_add=[("dossier", "Dossier made")],
        ondelete={"dossier": lambda records: models.Model.write(records, {"action": "export"})},
    )
