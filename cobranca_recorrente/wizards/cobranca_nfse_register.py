from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaNfseRegister(models.TransientModel):
    """Registers numbers of service invoices: typed in for one invoice, or imported from a file.

    A row names its invoice by number, as the file of a city hall or of an accountant does.
    """

    _name = "cobranca.nfse.register"
    _description = "Registered Service Invoice"
    _order = "id desc"
    _rec_name = "number"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    invoice_number = fields.Char(string="Invoice", required=True, help="Number of our invoice, such as FATC/2026/00001")
    number = fields.Char(string="NFS-e number", required=True)
    code = fields.Char(string="Verification code")
    link = fields.Char(string="NFS-e link")
    date = fields.Date(string="NFS-e issued on", help="Empty: today.")
    move_id = fields.Many2one(comodel_name="account.move", string="Registered on", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        registered = super().create(vals_list)
        for row in registered:
            move = row._get_invoice()
            move._cobranca_set_nfse("issued", row._prepare_nfse())
            # sudo: the wizard's own result, which no client may set
            row.sudo().move_id = move
        return registered

    def write(self, vals):
        """A row was registered when it was made; later it is not changed."""
        if not self.env.su:
            raise UserError(self.env._("This number is registered already. Register it anew to correct it."))
        return super().write(vals)

    def _prepare_nfse(self):
        """Values for `account.move._cobranca_set_nfse`."""
        self.ensure_one()
        return {"number": self.number, "code": self.code, "link": self.link, "date": self.date}

    def _get_invoice(self):
        """The posted customer invoice with the number of this row, found with the user's rights.

        :raise UserError: when there is none, or more than one
        """
        self.ensure_one()
        number = (self.invoice_number or "").strip()
        found = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("name", "=", number),
            ],
            limit=2,
        )
        if not found:
            raise UserError(self.env._("There is no posted invoice %(number)s in this company.", number=number))
        if len(found) > 1:
            raise UserError(self.env._("There are several invoices %(number)s.", number=number))
        return found

    def action_done(self):
        """The form was saved, which registered the number."""
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def get_import_templates(self):
        """The CSV file offered by the import screen."""
        return [
            {
                "label": self.env._("Import template for service invoice numbers"),
                "template": "/cobranca_recorrente/static/import/modelo_notas.csv",
            }
        ]
