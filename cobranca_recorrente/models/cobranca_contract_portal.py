from odoo import fields, models

from ..tools import identification
from .cobranca_contract_period import LIVE_STATES


class CobrancaContractPortal(models.AbstractModel):
    """What a customer sees of his contract."""

    _name = "cobranca.contract.portal"
    _description = "Portal Page of a Billing Contract"
    _inherit = "portal.mixin"

    # The portal asks for a login: the token of the mixin opens nothing and is nobody's to read.
    access_token = fields.Char(groups="base.group_user")

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contratos/{contract.id}"

    # === BUSINESS METHODS === #

    def _get_access_action(self, access_uid=None, force_website=False):
        """Lead a customer who follows a link to the portal page, which needs no token."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if not (force_website or user.sudo().share):  # sudo: whether a user is of the portal is no secret
            return super()._get_access_action(access_uid=access_uid, force_website=force_website)
        return {"type": "ir.actions.act_url", "url": self.access_url, "target": "self", "res_id": self.id}

    def _get_portal_periods(self):
        """What the customer sees of his billed periods, read with his own rights.

        :return: list of dict(label, date_due, amount, payment, url)
        """
        self.ensure_one()
        selection = self.env["account.move"]._fields["payment_state"]._description_selection(self.env)
        payment_labels = dict(selection)
        return [
            {
                "label": period._get_label(),
                "date_due": period.date_due,
                "amount": period.amount_total,
                "payment": payment_labels.get(period.payment_state, ""),
                "url": period.move_id.access_url if period.move_id.has_access("read") else False,
            }
            for period in self.period_ids
            if period.state in LIVE_STATES
        ]

    def _get_portal_creditor(self):
        """Who bills: name and CNPJ, which every customer may know.

        :return: dict(name, document)
        """
        company = self.company_id.sudo()  # sudo: the portal reads no company; two public facts of it
        return {"name": company.name, "document": identification.formatted(company.vat or "")}
