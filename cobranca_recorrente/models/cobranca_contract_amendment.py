from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaContractAmendment(models.AbstractModel):
    """Changes of items that a user asks for, made complete before they are made."""

    _name = "cobranca.contract.amendment"
    _description = "Amendment of a Billing Contract"

    # === BUSINESS METHODS === #

    def _amend(self, day, changes, reason=False, credit=True, apart=False):
        """Change, end and add items from a day on.

        :param date day: first day of the new conditions
        :param list changes: see `_change_items`
        :return: one-off items of the settlement
        :raise UserError: when nothing is changed
        """
        self.ensure_one()
        if not changes:
            raise UserError(self.env._("Nothing is changed yet: change a price or quantity, add an item or end one."))
        complete = [(line, values and self._with_product_values(line, values)) for line, values in changes]
        return self._change_items(day, complete, reason=reason, credit=credit, apart=apart)

    def _with_product_values(self, line, values):
        """A replaced product brings its own account and taxes; those of the old one do not fit."""
        product = self.env["product.product"].browse(values.get("product_id"))
        if not line or not product or product == line.product_id:
            return values
        draft = self.env["cobranca.contract.line"].new({"contract_id": self.id, "product_id": product.id})
        taxes = [fields.Command.set(draft.tax_ids.ids)]
        return {**values, "account_id": draft.account_id.id, "tax_ids": taxes}
