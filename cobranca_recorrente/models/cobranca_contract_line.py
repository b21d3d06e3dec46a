from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class CobrancaContractLine(models.Model):
    _name = "cobranca.contract.line"
    _description = "Billing Contract Line"
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(comodel_name="cobranca.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    name = fields.Text(
        string="Description", compute="_compute_name", store=True, readonly=False, required=True, precompute=True
    )
    quantity = fields.Float(default=1.0, digits="Product Unit", required=True)
    price_unit = fields.Float(
        string="Unit price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        min_display_digits="Product Price",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    account_id = fields.Many2one(
        comodel_name="account.account",
        string="Income account",
        compute="_compute_account_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('type_tax_use', '=', 'sale')]",
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    price_subtotal = fields.Monetary(string="Untaxed amount", compute="_compute_amounts", store=True, compute_sudo=True)
    price_total = fields.Monetary(string="Amount", compute="_compute_amounts", store=True, compute_sudo=True)

    _check_quantity = models.Constraint("CHECK (quantity > 0)", "The quantity of a contract line must be above zero.")
    _check_discount = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "The discount of a contract line goes from 0 to 100 %."
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id", "contract_id.partner_id")
    def _compute_name(self):
        for line in self:
            if line.product_id:
                product = line.product_id.with_context(lang=line.contract_id.partner_id.lang)
                line.name = product.get_product_multiline_description_sale()
            else:
                line.name = line.name or False

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.product_id.with_company(line.company_id).lst_price if line.product_id else 0.0

    @api.depends("product_id", "contract_id.company_id")
    def _compute_account_id(self):
        for line in self:
            company = line.contract_id.company_id or self.env.company
            line.account_id = line._get_income_account(line.product_id.with_company(company), company)

    @api.model
    def _get_income_account(self, product, company):
        """The account of what a product earns.

        The `br` chart makes resale income the default of every product category, which is
        wrong for a service: that default yields to the company's account for contracts.
        """
        if product.property_account_income_id:
            return product.property_account_income_id
        of_category = product.categ_id.property_account_income_categ_id
        if product.type == "service" and of_category in (company.income_account_id, self.env["account.account"]):
            return company.cobranca_service_account_id or of_category
        return of_category or company.cobranca_service_account_id

    @api.depends("product_id", "contract_id.partner_id", "contract_id.company_id")
    def _compute_tax_ids(self):
        FiscalPosition = self.env["account.fiscal.position"]
        for line in self:
            company = line.contract_id.company_id or self.env.company
            taxes = line._get_product_taxes(line.product_id, company)
            position = FiscalPosition.with_company(company)._get_fiscal_position(line.contract_id.partner_id)
            line.tax_ids = position.map_tax(taxes)

    @api.model
    def _get_product_taxes(self, product, company):
        """The sale taxes of a product.

        The `br` chart gives its default, ICMS, to every new product; a service has none.
        """
        taxes = product.taxes_id._filter_taxes_by_company(company)
        if product.type != "service":
            return taxes
        return taxes.filtered(lambda tax: tax != company.account_sale_tax_id or not self._is_icms(tax))

    @api.model
    def _is_icms(self, tax):
        """Told by the identifier of its group in the chart, not by a name that may be translated."""
        return "tax_group_icms" in tax.tax_group_id.get_external_id().get(tax.tax_group_id.id, "")

    @api.depends(
        "quantity",
        "price_unit",
        "discount",
        "tax_ids.amount",
        "tax_ids.active",
        "currency_id",
        "contract_id.partner_id",
    )
    def _compute_amounts(self):
        for line in self:
            base_line = line._prepare_base_line()
            company = line.company_id or self.env.company
            self.env["account.tax"]._add_tax_details_in_base_line(base_line, company)
            self.env["account.tax"]._round_base_lines_tax_details([base_line], company)
            line.price_subtotal = base_line["tax_details"]["total_excluded_currency"]
            line.price_total = base_line["tax_details"]["total_included_currency"]

    def _prepare_base_line(self):
        """What Odoo's tax engine needs to know of this line."""
        self.ensure_one()
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            self,
            tax_ids=self.tax_ids,
            quantity=self.quantity,
            price_unit=self.price_unit,
            discount=self.discount,
            partner_id=self.contract_id.partner_id,
            currency_id=self.currency_id or self.env.company.currency_id,
            product_id=self.product_id,
        )

    # === CRUD METHODS === #

    def write(self, vals):
        """A line stays with its contract: moving it would change what another customer pays."""
        if "contract_id" in vals and any(line.contract_id.id != vals["contract_id"] for line in self):
            raise UserError(self.env._("A line cannot be moved to another contract: add a new line there."))
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _prepare_invoice_line_values(self, period):
        """Values of the invoice line of this contract line for a billed period.

        Taxes and account are always written: the `br` chart would put 17 % ICMS and resale
        income on a service.

        :param period: cobranca.contract.period, already claimed
        :return: dict for account.move.line; an empty dict leaves the line out
        """
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "name": self._get_invoice_line_name(period),
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [fields.Command.set(self.tax_ids.ids)],
            "account_id": self.account_id.id,
        }

    def _get_invoice_line_name(self, period):
        contract = self.contract_id
        lang = contract.partner_id.lang or contract.company_id.partner_id.lang or self.env.lang
        localized = self.with_context(lang=lang)
        return localized.env._(
            "%(name)s\n%(first)s to %(last)s",
            name=self.name,
            first=format_date(self.env, period.date_start, lang_code=lang),
            last=format_date(self.env, period.date_end, lang_code=lang),
        )
