from odoo import models


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _cobranca_wipe(self):
        """Remove what tells of the holder; payments go on pointing to the account."""
        for bank in self:
            names = ("acc_holder_name", "note", "clearing_number", "proxy_value")
            bank.allow_out_payment = False
            bank.write(
                {
                    **{name: False for name in names if name in bank._fields},
                    "acc_number": f"anonymised-{bank.id}",
                    "active": False,
                }
            )
