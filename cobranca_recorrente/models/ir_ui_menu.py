from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Hide what adopts the contracts of another addon where that addon has none."""
        hidden = super()._load_menus_blacklist()
        menu = self.env.ref("cobranca_recorrente.cobranca_oca_contract_menu", raise_if_not_found=False)
        if menu and not self.env["cobranca.oca.contract"]._is_present():
            hidden.append(menu.id)
        return hidden
