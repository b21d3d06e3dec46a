from odoo import models


class CobrancaAgreementOrigin(models.Model):
    _inherit = "cobranca.agreement.origin"

    # As of a day of the past, what closed a debt is looked up for each credit that was open.
    _cobranca_transfer_idx = models.Index("(transfer_line_id) WHERE transfer_line_id IS NOT NULL")
