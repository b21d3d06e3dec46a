from odoo import fields, models


class AccountJournal(models.Model):
    """Bank accounts remember which columns of their files hold what."""

    _inherit = "account.journal"

    cobranca_statement_columns = fields.Json(
        string="Columns of its statements",
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
