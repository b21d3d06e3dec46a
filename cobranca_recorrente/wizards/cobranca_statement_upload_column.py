from odoo import fields, models

ROLES = [
    ("nothing", "Nothing of use"),
    ("date", "Day"),
    ("text", "Text"),
    ("name", "Name of the payer"),
    ("amount", "Amount (negative: went out)"),
    ("credit", "Amount that came in"),
    ("debit", "Amount that went out"),
    ("sign", "C or D"),
    ("identity", "Unique number of the movement"),
    ("balance", "Balance"),
]


class CobrancaStatementUploadColumn(models.TransientModel):
    """What a column of a CSV holds, said by who imports it and remembered for the bank account."""

    _name = "cobranca.statement.upload.column"
    _description = "Column of a Bank Statement"
    _order = "id"

    upload_id = fields.Many2one(comodel_name="cobranca.statement.upload", required=True, ondelete="cascade")
    heading = fields.Char(required=True, readonly=True)
    title = fields.Char(string="Column", readonly=True)
    examples = fields.Char(string="For example", readonly=True)
    role = fields.Selection(selection=ROLES, string="Holds", required=True, default="nothing")
