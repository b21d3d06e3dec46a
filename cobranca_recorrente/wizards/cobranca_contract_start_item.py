from odoo import api, fields, models


class CobrancaContractStartItem(models.TransientModel):
    _name = "cobranca.contract.start.item"
    _description = "Item to Start with"

    wizard_id = fields.Many2one(comodel_name="cobranca.contract.start", required=True, ondelete="cascade")
    line_id = fields.Many2one(comodel_name="cobranca.contract.template.line", required=True, ondelete="cascade")
    is_wanted = fields.Boolean(string="Keep", default=True)
    name = fields.Char(string="Item to bill")
    recurrence = fields.Selection(related="line_id.recurrence")
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        ondelete="cascade",
        help="Empty: a new product with the name of the item is made.",
    )
    product_type = fields.Selection(
        selection=[("service", "Service"), ("consu", "Goods")],
        string="New product",
        default="service",
        required=True,
        help="A service gets no ICMS, which is owed on goods only; goods get the company's usual taxes.",
    )
    price_unit = fields.Float(string="Price", min_display_digits="Product Price")

    def _prepare_values(self, line):
        product = line.product_id or self._find_product(line.product_name)
        return {
            "line_id": line.id,
            "name": line.display_name,
            "product_id": product.id,
            "product_type": "consu" if line.template_id.sector == "ecommerce" else "service",
            "price_unit": line.price_unit or product.lst_price,
        }

    @api.model
    def _find_product(self, name):
        Product = self.env["product.product"]
        return Product.search([("name", "=ilike", name), ("sale_ok", "=", True)], limit=1) if name else Product

    def _prepare_choice(self):
        """What the template needs to know of this item."""
        self.ensure_one()
        product = {"name": self.name, "type": self.product_type, "list_price": self.price_unit}
        return {"line": self.line_id, "product": self.product_id, "new": product, "price_unit": self.price_unit}
