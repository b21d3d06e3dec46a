from odoo import models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["cobranca.company.kpi", "res.company"]
