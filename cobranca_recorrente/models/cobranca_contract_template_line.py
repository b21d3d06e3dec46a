from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import placeholders
from ..tools.schedule import ADVANCE, ARREARS


class CobrancaContractTemplateLine(models.Model):
    """An item of new contracts; without a product it asks for one when the template is used."""

    _name = "cobranca.contract.template.line"
    _description = "Contract Template Line"
    _order = "template_id, sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        comodel_name="cobranca.contract.template", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True, index="btree_not_null")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(selection=[("line_section", "Section"), ("line_note", "Note")])
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Empty: asked for when the template is used.",
    )
    product_name = fields.Char(
        string="Product to be made", translate=True, help="Proposed while there is no product for this item."
    )
    name = fields.Text(
        string="Description",
        translate=True,
        help="Empty: the product's own. Words in braces are replaced on each invoice: {inicio} {fim} {mes} {ano} "
        "{vencimento} {contrato} {beneficiario}.",
    )
    recurrence = fields.Selection(
        selection=[("recurring", "Recurring"), ("once", "Once"), ("usage", "Usage")],
        string="Type",
        default="recurring",
        required=True,
    )
    billing_timing = fields.Selection(
        selection=[(ADVANCE, "In advance"), (ARREARS, "In arrears")], string="Charging", default=ADVANCE, required=True
    )
    days_after_start = fields.Integer(
        string="Days after the start", help="Date of a one-off item, counted from the start of the contract."
    )
    invoice_apart = fields.Boolean(string="Own invoice")
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    price_unit = fields.Float(
        string="Unit price", min_display_digits="Product Price", help="0 = the price of the product on that day."
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")

    _check_quantity = models.Constraint("CHECK (quantity > 0)", "The quantity of a line must be above zero.")
    _check_discount = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "The discount of a line goes from 0 to 100 %."
    )
    _check_has_text = models.Constraint(
        "CHECK (product_id IS NOT NULL OR name IS NOT NULL)", "Give every line of a template a product or a text."
    )
    _check_days_after_start = models.Constraint(
        "CHECK (days_after_start BETWEEN 0 AND 366)", "A one-off item comes 0 to 366 days after the start."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.product_name or (line.name or "").split("\n")[0] or line.product_id.display_name

    # === CONSTRAINTS === #

    @api.constrains("name")
    def _check_placeholders(self):
        for line in self:
            if unknown := placeholders.unknown(line.name or ""):
                raise ValidationError(
                    self.env._(
                        "%(words)s in the description means nothing. Use {inicio}, {fim}, {mes}, {ano}, {vencimento}, "
                        "{contrato} or {beneficiario}.",
                        words=", ".join(unknown),
                    )
                )

    # === BUSINESS METHODS === #

    def _needs_product(self):
        """Must somebody choose a product before a contract can have this item?"""
        self.ensure_one()
        return not self.display_type and not self.product_id

    def _prepare_contract_line_values(self, date_start):
        """What a line of a new contract takes from this one.

        :param date date_start: of the contract
        :return: dict for cobranca.contract.line; name and price are left out where the product gives them
        """
        self.ensure_one()
        copied = ("sequence", "display_type", "recurrence", "billing_timing", "invoice_apart", "quantity", "discount")
        values = {name: self[name] for name in copied}
        values["product_id"] = self.product_id.id
        if self.recurrence == "once" and not self.display_type:
            values["date_start"] = date_start + timedelta(days=self.days_after_start)
        if self.name:
            values["name"] = self.name
        if self.price_unit:
            values["price_unit"] = self.price_unit
        return values

    @api.model
    def _prepare_from_contract_line(self, line):
        """The values of a template line like a line of a contract."""
        copied = (
            *("sequence", "display_type", "name", "recurrence", "billing_timing", "invoice_apart"),
            *("quantity", "price_unit", "discount"),
        )
        values = {name: line[name] for name in copied}
        after = (line.date_start - line.contract_id.date_start).days if line.date_start else 0
        days = min(max(after, 0), 366) if line.recurrence == "once" else 0
        return {**values, "product_id": line.product_id.id, "days_after_start": days}
