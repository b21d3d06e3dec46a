import dataclasses

from odoo import api, fields, models
from odoo.tools import float_compare

from .cobranca_invoice_shape import TEXT_TYPES

ITEM_TYPES = ("product", "tax", "payment_term", *TEXT_TYPES)


@dataclasses.dataclass
class Prototype:
    """The first invoice of a shape, made by Odoo, and what was read from it.

    Lives within one call: taxes, rates and accounts may change before the next one.
    """

    key: tuple  # its shape
    move: models.Model
    lines: models.Model  # those that the values gave, in their order
    taxes: models.Model
    terms: models.Model
    base_lines: dict  # {line: what the tax engine needs to know of it}
    partner_ids: tuple  # all customers of the call, to be read at once
    items: dict = dataclasses.field(default_factory=dict)  # {amounts given: Items}
    rows: dict | None = None  # {id of an item: its columns}, read when they are needed
    tax_keys: dict | None = None  # {grouping key: tax item}, the same


@dataclasses.dataclass
class Items:
    """The amounts of the journal items of an invoice, in Odoo's order."""

    products: list  # one dict for each product line
    taxes: list  # values of the tax items
    totals: dict  # fields of account.move, signed as there


class CobrancaInvoiceEngine(models.AbstractModel):
    """Computes the journal items of an invoice from another of the same shape, by Odoo's own tax engine."""

    _name = "cobranca.invoice.engine"
    _description = "Invoice Items Engine"

    # === PROTOTYPE === #

    @api.model
    def _make_prototype(self, key, move, vals, partner_ids):
        """Read an invoice that Odoo made, as the pattern of others of its shape.

        The engine computes it once more: what does not come out equal to the last item is
        not known well enough.

        :param tuple key: of the shape, by `cobranca.invoice.shape`
        :param move: account.move, a draft made from these values
        :param dict vals: for account.move
        :param tuple partner_ids: customers of the invoices to come
        :return: Prototype, or None when the others must go Odoo's ordinary way
        """
        items = move.line_ids.sorted("id")
        if not self._is_known(move, items, vals):
            return None
        given = items[: len(vals["invoice_line_ids"])]
        products = given.filtered(lambda line: line.display_type == "product")
        prototype = Prototype(
            key=key,
            move=move,
            lines=given,
            taxes=items.filtered(lambda line: line.display_type == "tax"),
            terms=items.filtered(lambda line: line.display_type == "payment_term"),
            base_lines={line: move._prepare_product_base_line_for_taxes_computation(line) for line in products},
            partner_ids=partner_ids,
        )
        return prototype if self._reproduces(prototype, vals) else None

    def _is_known(self, move, items, vals):
        term = move.invoice_payment_term_id
        number = len(vals["invoice_line_ids"])
        return (
            move.state == "draft"
            and all(line.display_type in ITEM_TYPES for line in items)
            # In Odoo's order: what was given, then the taxes, then the terms.
            and all(line.display_type not in ("tax", "payment_term") for line in items[:number])
            and all(line.display_type in ("tax", "payment_term") for line in items[number:])
            and not move.invoice_cash_rounding_id
            and not (term.early_discount and term.early_pay_discount_computation == "mixed")
            and not move._get_discount_allocation_account()
        )

    def _reproduces(self, prototype, vals):
        """Does the engine come to the same items as Odoo did?"""
        items = self._get_items(prototype, vals)
        products = list(prototype.base_lines)
        terms = self._get_terms(prototype, vals, items)
        return (
            all(map(self._is_equal_item, products, items.products))
            and len(prototype.taxes) == len(items.taxes)
            and all(map(self._is_equal_item, prototype.taxes, items.taxes))
            and len(prototype.terms) == len(terms)
            and all(map(self._is_equal_item, prototype.terms, terms))
        )

    def _is_equal_item(self, line, values):
        """Has the line these values? Amounts are compared as the database keeps them."""
        for name, value in values.items():
            field = line._fields[name]
            if field.type == "monetary":
                currency = line[field.get_currency_field(line)]
                equal = float_compare(line[name], value, precision_rounding=currency.rounding) == 0
            elif field.type == "many2many":
                equal = set(line[name].ids) == set(value[0][2])
            else:
                equal = (field.convert_to_write(line[name], line) or False) == (value or False)
            if not equal:
                return False
        return True

    # === ITEMS === #

    @api.model
    def _get_items(self, prototype, vals):
        """Amounts of the items of an invoice of the prototype's shape; those of equal ones are computed once.

        :return: Items
        """
        amounts = tuple(
            tuple(command[2].get(name) for name in ("price_unit", "quantity", "discount"))
            for command in vals["invoice_line_ids"]
        )
        if amounts not in prototype.items:
            prototype.items[amounts] = self._compute_items(prototype, vals)
        return prototype.items[amounts]

    def _compute_items(self, prototype, vals):
        company = prototype.move.company_id
        AccountTax = self.env["account.tax"].with_company(company)
        base_lines = [
            {**prototype.base_lines[line], **self._get_amounts(line, command[2])}
            for line, command in zip(prototype.lines, vals["invoice_line_ids"], strict=True)
            if line in prototype.base_lines
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, company)
        subtotals = [self._get_subtotals(AccountTax, base_line, company) for base_line in base_lines]
        AccountTax._round_base_lines_tax_details(base_lines, company)
        AccountTax._add_accounting_data_in_base_lines_tax_details(base_lines, company)
        results = AccountTax._prepare_tax_lines(base_lines, company)
        products = [
            {**values, **subtotal}
            for (_line, values), subtotal in zip(results["base_lines_to_update"], subtotals, strict=True)
        ]
        self._round(products + results["tax_lines_to_add"], prototype.move)
        return Items(products, results["tax_lines_to_add"], self._get_totals(prototype.move, products, results))

    def _get_amounts(self, line, values):
        """Price, quantity and discount as the database would keep them."""
        return {
            name: line._fields[name].convert_to_cache(values[name], line) or 0.0
            for name in ("price_unit", "quantity", "discount")
            if name in values
        }

    def _get_subtotals(self, AccountTax, base_line, company):
        """Subtotal and total of a line, which Odoo rounds for each line by itself."""
        AccountTax._round_base_lines_tax_details([base_line], company)
        details = base_line["tax_details"]
        return {
            "price_subtotal": details["total_excluded_currency"],
            "price_total": details["total_included_currency"],
        }

    def _round(self, items, move):
        """Amounts as the database would keep them: Odoo goes on computing with these."""
        for values in items:
            for name in ("amount_currency", "price_subtotal", "price_total"):
                if name in values:
                    values[name] = move.currency_id.round(values[name])
            for name in ("balance", "tax_base_amount"):
                if name in values:
                    values[name] = move.company_currency_id.round(values[name])

    def _get_totals(self, move, products, results):
        """The amounts of account.move, by Odoo's own rules and signs."""
        taxes = results["tax_lines_to_add"]
        local, foreign = move.company_currency_id, move.currency_id
        sign = move.direction_sign
        untaxed, untaxed_currency = self._sum(products, "balance"), self._sum(products, "amount_currency")
        tax, tax_currency = self._sum(taxes, "balance"), self._sum(taxes, "amount_currency")
        total = foreign.round(sign * (untaxed_currency + tax_currency))
        return {
            "amount_untaxed": foreign.round(sign * untaxed_currency),
            "amount_tax": foreign.round(sign * tax_currency),
            "amount_total": total,
            "amount_residual": total,
            "amount_untaxed_signed": local.round(-untaxed),
            "amount_untaxed_in_currency_signed": foreign.round(-untaxed_currency),
            "amount_tax_signed": local.round(-tax),
            "amount_total_signed": local.round(-(untaxed + tax)),
            "amount_residual_signed": local.round(-(untaxed + tax)),
            "amount_total_in_currency_signed": foreign.round(-(sign * total)),
        }

    def _sum(self, items, name):
        return sum(values[name] for values in items)

    # === TERMS === #

    @api.model
    def _get_terms(self, prototype, vals, items):
        """Values of the receivable items: one for each part of the payment term.

        :return: list of dict
        """
        move, totals = prototype.move, items.totals
        if not move.invoice_payment_term_id:
            return [
                {
                    "date_maturity": fields.Date.to_date(vals["invoice_date_due"]),
                    "balance": totals["amount_total_signed"],
                    "amount_currency": totals["amount_total_in_currency_signed"],
                    "discount_date": False,
                    "discount_balance": 0.0,
                    "discount_amount_currency": 0.0,
                }
            ]
        sign = 1 if move.is_inbound(include_receipts=True) else -1
        parts = move.invoice_payment_term_id._compute_terms(
            date_ref=move.invoice_date,
            currency=move.currency_id,
            company=move.company_id,
            tax_amount_currency=totals["amount_tax"] * sign,
            tax_amount=totals["amount_tax_signed"],
            untaxed_amount_currency=totals["amount_untaxed"] * sign,
            untaxed_amount=totals["amount_untaxed_signed"],
            sign=sign,
        )
        return self._merge_parts(move, parts)

    def _merge_parts(self, move, parts):
        """Parts that fall due on one day are one item, as Odoo makes them."""
        merged = {}
        for part in parts["line_ids"]:
            due = fields.Date.to_date(part["date"])
            values = merged.setdefault(
                due,
                {
                    "date_maturity": due,
                    "balance": 0.0,
                    "amount_currency": 0.0,
                    "discount_date": parts.get("discount_date"),
                    "discount_balance": parts.get("discount_balance") or 0.0,
                    "discount_amount_currency": parts.get("discount_amount_currency") or 0.0,
                },
            )
            values["balance"] = move.company_currency_id.round(values["balance"] + part["company_amount"])
            values["amount_currency"] = move.currency_id.round(values["amount_currency"] + part["foreign_amount"])
        return list(merged.values())

    def _prepare_header(self, prototype, vals):
        """What was given, and the fiscal position that was looked up already."""
        header = {name: value for name, value in vals.items() if name != "invoice_line_ids"}
        return {"fiscal_position_id": prototype.move.fiscal_position_id.id, **header}
