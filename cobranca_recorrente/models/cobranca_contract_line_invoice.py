from odoo import fields, models

from ..tools import placeholders


class CobrancaContractLineInvoice(models.AbstractModel):
    """What a contract line writes on an invoice."""

    _name = "cobranca.contract.line.invoice"
    _description = "Invoice Line of a Billing Contract"

    # === BUSINESS METHODS === #

    def _get_once_group(self):
        """The group under which the ledger keeps a one-off item."""
        return f"line-{self._origin.id}"

    def _prepare_invoice_line_values(self, item, charge):
        """Values of the invoice line of this contract line.

        Taxes and account are always written: the `br` chart would put 17 % ICMS and resale
        income on a service.

        :param item: Item of this line
        :param charge: ContractCharge it is part of
        :return: dict for account.move.line; an empty dict leaves the line out
        """
        self.ensure_one()
        name = self._get_invoice_line_name(item, charge)
        if self.display_type:
            return {"display_type": self.display_type, "name": name}
        return {
            "product_id": self.product_id.id,
            "name": name,
            "quantity": item.quantity,
            "price_unit": item.price_unit,
            "discount": self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            "account_id": self.account_id.id,
            **({"analytic_distribution": self.analytic_distribution} if self.analytic_distribution else {}),
        }

    def _get_own_days(self, item, charge):
        """The days that the words in braces mean on a line without a period: its own, or of the invoice's first one."""
        if self.display_type:
            return charge.parts[0].span if charge.parts else None
        return (self.date_start, self.date_start) if not item.part else None

    def _get_invoice_line_name(self, item, charge):
        contract = self.contract_id
        if placeholders.used(self.name):
            text = contract._fill_placeholders(self.name, charge, item.part, self._get_own_days(item, charge))
        elif item.part:
            text = f"{self.name}\n{contract._get_span_text(item.part.span)}"
        else:
            text = self.name
        if item.days and item.days != item.part.of_days:
            lang = contract._get_customer_lang()
            text += "\n" + self.with_context(lang=lang).env._(
                "%(days)s of %(of_days)s days", days=item.days, of_days=item.part.of_days
            )
        return text
