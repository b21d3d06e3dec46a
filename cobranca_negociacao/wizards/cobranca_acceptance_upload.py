import base64

from odoo import fields, models


class CobrancaAcceptanceUpload(models.TransientModel):
    """Upload a paper that a customer signed by hand."""

    _name = "cobranca.acceptance.upload"
    _description = "Upload a Signed Paper"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, ondelete="cascade"
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    title = fields.Char(string="What was signed", readonly=True)
    content = fields.Binary(string="Signed paper (PDF)", required=True, attachment=False)
    filename = fields.Char()
    name = fields.Char(string="Who signed", required=True)
    document = fields.Char(string="CPF or CNPJ of who signed", required=True)
    signed_on = fields.Date(required=True)
    note = fields.Text(string="Remarks", help="Where the paper itself is kept, who witnessed it.")

    # === ACTIONS === #

    def action_upload(self):
        """Write the acceptance down, and show it.

        :raise AccessError: for who does not work with this customer
        :raise UserError: for what is no PDF, or a date in the future
        """
        self.ensure_one()
        acceptance = self.env["cobranca.acceptance"]._record_upload(
            self.company_id,
            self.partner_id,
            self.env[self.res_model].browse(self.res_id),
            base64.b64decode(self.content or b""),
            self.name,
            self.document,
            self.signed_on,
            note=self.note,
            title=self.title,
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_acceptance_action")
        return {**action, "views": [(False, "form")], "res_id": acceptance.id}
