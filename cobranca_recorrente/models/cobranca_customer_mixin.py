from odoo import api, fields, models

from ..tools import identification

# Columns that make the customer when a contract is imported.
CUSTOMER_COLUMNS = {
    "customer_document": "vat",
    "customer_name": "name",
    "customer_email": "email",
    "customer_phone": "phone",
    "customer_zip": "zip",
}


class CobrancaCustomerMixin(models.AbstractModel):
    """A document of one customer, who may be given by his CPF or CNPJ when it is imported."""

    _name = "cobranca.customer.mixin"
    _description = "Document of a Customer"
    _inherit = ["cobranca.import.mixin"]

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Debtor", store=True, index=True
    )
    customer_document = fields.Char(
        string="CPF or CNPJ", compute="_compute_customer_columns", readonly=False, groups="base.group_user"
    )
    customer_name = fields.Char(
        string="Name of the customer", compute="_compute_customer_columns", readonly=False, groups="base.group_user"
    )
    customer_email = fields.Char(
        string="E-mail of the customer", compute="_compute_customer_columns", readonly=False, groups="base.group_user"
    )
    customer_phone = fields.Char(
        string="Phone of the customer", compute="_compute_customer_columns", readonly=False, groups="base.group_user"
    )
    customer_zip = fields.Char(
        string="CEP of the customer", compute="_compute_customer_columns", readonly=False, groups="base.group_user"
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_customer_columns(self):
        """Shown for export; writable only so that an import may give them."""
        for document in self:
            for column, field in CUSTOMER_COLUMNS.items():
                document[column] = document.partner_id[field]
            document.customer_document = identification.formatted(document.partner_id.vat or "") or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._resolve_imported_customer(values) for values in vals_list])

    @api.model
    def _resolve_imported_customer(self, values):
        """Replace the columns of an import by the customer they mean, made when he is new.

        :param dict values: of one document
        :return: dict with `partner_id` instead of the columns
        :raise ValidationError: when the CPF or CNPJ cannot be right
        """
        columns = {column: values[column] for column in CUSTOMER_COLUMNS if values.get(column)}
        values = {field: value for field, value in values.items() if field not in CUSTOMER_COLUMNS}
        document = columns.pop("customer_document", None)
        if document and not values.get("partner_id"):
            customer = {CUSTOMER_COLUMNS[column]: text for column, text in columns.items()}
            Partner = self.env["res.partner"].with_company(values.get("company_id") or self.env.company)
            values["partner_id"] = Partner._cobranca_find_or_create(document, customer).id
        return values
