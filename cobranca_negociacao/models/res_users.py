from odoo import models

from .cobranca_agency import AGENCY


class ResUsers(models.Model):
    _inherit = "res.users"

    # === BUSINESS METHODS === #

    def _mfa_type(self):
        """People of agencies are asked for a code by e-mail, where a company wants that and no app asks for another."""
        return super()._mfa_type() or ("totp_mail" if self._cobranca_needs_second_factor() else None)

    def _cobranca_needs_second_factor(self):
        user = self.sudo()  # sudo: asked before anybody is logged in
        if not user.share or not user.has_group(AGENCY):
            return False
        agencies = user.env["cobranca.agency"].search([("partner_id", "=", user.partner_id.commercial_partner_id.id)])
        return any(agencies.company_id.mapped("cobranca_agency_second_factor"))
