from odoo import api, fields, models


class CobrancaContractLineAmounts(models.AbstractModel):
    """Price, account and taxes of a contract line, and what they come to.

    Every line writes its account and its taxes itself: the `br` chart would put 17 % ICMS and
    resale income on a service.
    """

    _name = "cobranca.contract.line.amounts"
    _description = "Amounts of a Billing Contract Line"

    currency_id = fields.Many2one(comodel_name="res.currency")
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

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_price_unit(self):
        for line in self:
            line.price_unit = line.product_id.with_company(line.company_id).lst_price if line.product_id else 0.0

    @api.depends("product_id", "contract_id.company_id")
    def _compute_account_id(self):
        for line in self:
            company = line.contract_id.company_id or self.env.company
            product = line.product_id.with_company(company)
            line.account_id = line._get_income_account(product, company) if product else False

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

    @api.depends("product_id", "contract_id.partner_id", "contract_id.partner_shipping_id", "contract_id.company_id")
    def _compute_tax_ids(self):
        for line in self:
            company = line.contract_id.company_id or self.env.company
            taxes = line._get_product_taxes(line.product_id, company)
            line.tax_ids = line.contract_id._get_fiscal_position(company).map_tax(taxes)

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
        "display_type",
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

    def _prepare_base_line(self, **given):
        """What Odoo's tax engine needs to know of this line.

        :param given: quantity or price_unit other than the line's own
        """
        self.ensure_one()
        values = {
            "tax_ids": self.tax_ids,
            "quantity": self.quantity,
            "price_unit": 0.0 if self.display_type else self.price_unit,
            "discount": self.discount,
            "partner_id": self.contract_id.partner_id,
            "currency_id": self.currency_id or self.env.company.currency_id,
            "product_id": self.product_id,
            **given,
        }
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(self, **values)
