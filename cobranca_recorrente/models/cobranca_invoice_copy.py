from odoo import api, models
from odoo.fields import Command


class CobrancaInvoiceCopy(models.AbstractModel):
    """The normal way: values with all journal items, for Odoo's public `create` without any special context."""

    _name = "cobranca.invoice.copy"
    _description = "Invoice Copies"

    @api.model
    def _prepare_values(self, prototype, vals):
        """Values of an invoice with all its journal items, for Odoo's plain `create`.

        :param dict vals: for account.move, with commands in `invoice_line_ids`
        :return: dict for account.move, with commands in `line_ids`
        """
        engine = self.env["cobranca.invoice.engine"]
        items = engine._get_items(prototype, vals)
        amounts = dict(zip(prototype.base_lines, items.products, strict=True))
        lines = [
            self._prepare_line(line, command[2], amounts.get(line))
            for line, command in zip(prototype.lines, vals["invoice_line_ids"], strict=True)
        ]
        lines += [{**values, "display_type": "tax"} for values in self._get_own_taxes(items)]
        lines += [
            {**values, **self._get_term_structure(line)}
            for line, values in zip(prototype.terms, engine._get_terms(prototype, vals, items), strict=True)
        ]
        return {
            **engine._prepare_header(prototype, vals),
            "line_ids": [Command.create(values) for values in lines],
        }

    def _prepare_line(self, line, values, amounts):
        """A line as given, with what Odoo made of the prototype's."""
        structure = {"sequence": line.sequence, "display_type": line.display_type}
        if amounts is None:
            return {**values, **structure}
        structure |= {
            "account_id": line.account_id.id,
            # Also when there is none: Odoo would look for its rules line by line.
            "analytic_distribution": line.analytic_distribution or False,
            "product_uom_id": line.product_uom_id.id,
            "tax_ids": [Command.set(line.tax_ids.ids)],
        }
        for name in ("name", "price_unit", "quantity"):
            if name not in values:
                structure[name] = line[name]
        amounts = {name: amounts[name] for name in ("amount_currency", "balance", "tax_tag_ids")}
        return {**values, **structure, **amounts}

    def _get_own_taxes(self, items):
        """Tax items without the prototype's customer: Odoo writes the invoice's own."""
        return [{name: value for name, value in values.items() if name != "partner_id"} for values in items.taxes]

    def _get_term_structure(self, line):
        structure = {
            "account_id": line.account_id.id,
            "analytic_distribution": line.analytic_distribution or False,
            "display_type": line.display_type,
        }
        return {**structure, "name": line.name} if line.name else structure
