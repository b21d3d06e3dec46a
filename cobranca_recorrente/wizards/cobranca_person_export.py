import base64
import json

from odoo import api, fields, models


class CobrancaPersonExport(models.TransientModel):
    """The file that a customer gets who asks for his data."""

    _name = "cobranca.person.export"
    _description = "Export Personal Data"

    partner_id = fields.Many2one(comodel_name="res.partner", required=True, readonly=True, ondelete="cascade")
    content = fields.Binary(
        string="File for programs (JSON)", compute="_compute_content", store=True, attachment=False, readonly=True
    )
    filename = fields.Char(compute="_compute_content", store=True)
    workbook = fields.Binary(
        string="Workbook (xlsx)", compute="_compute_content", store=True, attachment=False, readonly=True
    )
    workbook_name = fields.Char(compute="_compute_content", store=True)

    @api.depends("partner_id")
    def _compute_content(self):
        for wizard in self:
            data = wizard.partner_id._cobranca_get_person_data()
            text = json.dumps(data, ensure_ascii=False, indent=2)
            wizard.content = base64.b64encode(text.encode())
            name = f"dados-pessoais-{wizard.partner_id.commercial_partner_id.id}"
            wizard.filename, wizard.workbook_name = f"{name}.json", f"{name}.xlsx"
            wizard.workbook = base64.b64encode(wizard.partner_id._cobranca_get_person_workbook(data))
