import json

from odoo import api, fields, models
from odoo.tools import json_default


class CobrancaViewLink(models.AbstractModel):
    """Cells of dashboards lead to what `action_open` of a record opens."""

    _name = "cobranca.view.link"
    _description = "Records behind a Cell"

    link = fields.Char(compute="_compute_link", help="What a dashboard opens behind the row.")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_link(self):
        for record in self:
            record.link = record._get_view_link() if record.id else False

    # === BUSINESS METHODS === #

    def _get_view_link(self):
        """The address of the records behind a row, as cells of spreadsheets take it."""
        action = self.action_open()
        content = {
            "viewType": "list",
            "name": action["name"],
            "threshold": 0,
            "action": {
                "domain": action["domain"],
                "context": action.get("context", {}),
                "modelName": action["res_model"],
                "views": action["views"],
            },
        }
        return f"odoo://view/{json.dumps(content, default=json_default)}"
