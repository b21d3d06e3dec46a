from odoo import api, fields, models

CHANGED_FIELDS = ("product_id", "name", "quantity", "price_unit", "discount")


class CobrancaContractAmendLine(models.TransientModel):
    """One item of a contract as it shall be."""

    _name = "cobranca.contract.amend.line"
    _description = "Changed Item of a Contract"
    _order = "id"

    amend_id = fields.Many2one(comodel_name="cobranca.contract.amend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="amend_id.company_id")
    currency_id = fields.Many2one(related="amend_id.currency_id")
    line_id = fields.Many2one(comodel_name="cobranca.contract.line", string="Item", ondelete="cascade")
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, domain="[('sale_ok', '=', True)]", ondelete="cascade"
    )
    name = fields.Text(
        string="Description", compute="_compute_from_product", store=True, readonly=False, precompute=True
    )
    recurrence = fields.Selection(
        selection=[("recurring", "Recurring"), ("once", "Once"), ("usage", "Usage")],
        string="Type",
        default="recurring",
        required=True,
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    price_unit = fields.Float(
        string="Unit price",
        compute="_compute_from_product",
        store=True,
        readonly=False,
        precompute=True,
        min_display_digits="Product Price",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    is_ended = fields.Boolean(string="End it", help="The item is not billed from that day on.")
    amount_before = fields.Monetary(string="Today", compute="_compute_amounts")
    amount_after = fields.Monetary(string="New", compute="_compute_amounts")

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_from_product(self):
        for line in self:
            if not line.product_id or line.product_id == line.line_id.product_id:
                line.name = line.name or line.line_id.name
                line.price_unit = line.price_unit or line.line_id.price_unit
                continue
            product = line.product_id.with_context(lang=line.amend_id.contract_id.partner_id.lang)
            line.name = product.get_product_multiline_description_sale()
            line.price_unit = product.with_company(line.company_id).lst_price

    @api.depends("line_id", "quantity", "price_unit", "discount", "is_ended")
    def _compute_amounts(self):
        """Before taxes that are added, in a whole period."""
        for line in self:
            source = line.line_id
            line.amount_before = source.quantity * source.price_unit * (1 - source.discount / 100)
            line.amount_after = 0.0 if line.is_ended else line.quantity * line.price_unit * (1 - line.discount / 100)

    # === BUSINESS METHODS === #

    def _get_change(self):
        """What is asked for this item: see the contract's `_change_items`.

        :return: (line or None, values or None); None when nothing changes
        """
        self.ensure_one()
        if self.is_ended:
            return (self.line_id, None) if self.line_id else None
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in CHANGED_FIELDS}
        if not self.line_id:
            return None, {**values, "recurrence": self.recurrence}
        changed = {name: value for name, value in values.items() if self[name] != self.line_id[name]}
        return (self.line_id, changed) if changed else None
