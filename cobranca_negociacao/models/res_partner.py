from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["cobranca.partner.agreement", "cobranca.partner.placement", "cobranca.partner.proposal", "res.partner"]
