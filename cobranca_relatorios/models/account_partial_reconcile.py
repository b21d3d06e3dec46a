from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was paid after a day is undone to know what was open on it.
    _cobranca_day_idx = models.Index("(company_id, max_date)")
