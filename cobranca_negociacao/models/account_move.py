from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["cobranca.agreement.guard", "cobranca.move.agreement", "cobranca.move.proposal", "account.move"]
