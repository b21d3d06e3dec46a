from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import identification

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaContractOrigin(models.AbstractModel):
    """Where a contract comes from: a template, a file, another system."""

    _name = "cobranca.contract.origin"
    _description = "Origin of a Billing Contract"
    _inherit = "cobranca.contract.adoption"

    template_id = fields.Many2one(
        comodel_name="cobranca.contract.template",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        groups=SUPERVISOR,
        help="Its conditions and items are copied into this contract; later changes of the template change nothing "
        "here.",
    )
    origin_key = fields.Char(
        string="Adopted from",
        readonly=True,
        copy=False,
        groups=SUPERVISOR,
        help="The contract of another system that this one goes on with.",
    )
    beneficiary_document = fields.Char(
        string="CPF of the beneficiary",
        compute="_compute_beneficiary_columns",
        readonly=False,
        groups="base.group_user",
    )
    beneficiary_name = fields.Char(
        string="Name of the beneficiary",
        compute="_compute_beneficiary_columns",
        readonly=False,
        groups="base.group_user",
    )

    _uniq_origin_key = models.UniqueIndex(
        "(company_id, origin_key) WHERE origin_key IS NOT NULL", "This contract was adopted already."
    )

    # === COMPUTE METHODS === #

    @api.depends("beneficiary_id")
    def _compute_beneficiary_columns(self):
        """Shown for export; writable only so that an import may give them."""
        for contract in self:
            # A contact without a number of his own shows that of his parent.
            document = "" if contract.beneficiary_id.parent_id else contract.beneficiary_id.vat or ""
            contract.beneficiary_document = identification.formatted(document) or False
            contract.beneficiary_name = contract.beneficiary_id.name

    # === ONCHANGE METHODS === #

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id and self.state == "draft":
            lang = self.partner_id and self._get_customer_lang()
            values = self.template_id._prepare_contract_values(self.date_start or self._get_first_day(), lang)
            values["line_ids"] = [fields.Command.clear(), *values["line_ids"]]
            self.update(values)

    def _get_first_day(self):
        return (self.company_id or self.env.company)._cobranca_today()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_by_template(self._resolve_beneficiary(vals)) for vals in vals_list])

    def write(self, vals):
        if "template_id" in vals and any(
            contract.state != "draft" and contract.template_id.id != vals["template_id"] for contract in self
        ):
            raise UserError(self.env._("A template is chosen while a contract is a draft. Change its items instead."))
        return super().write(vals)

    @api.model
    def _complete_by_template(self, values):
        """The values of a new contract, completed by its template where they say nothing.

        :param dict values: of one contract, its customer resolved
        :return: dict
        :raise ValidationError: when items of the template have no product yet
        """
        template = self.env["cobranca.contract.template"].browse(values.get("template_id"))
        if not template:
            return values
        customer = self.env["res.partner"].browse(values.get("partner_id"))
        start = fields.Date.to_date(values.get("date_start")) or self.env.company._cobranca_today()
        copied = template._prepare_contract_values(start, customer.lang)
        if "line_ids" not in values and (asking := template.line_ids.filtered(lambda line: line._needs_product())):
            raise ValidationError(
                self.env._(
                    "The template %(template)s has items without a product: %(items)s. Choose their products in the "
                    "template, or give the items of this contract.",
                    template=template.name,
                    items=", ".join(asking.mapped("display_name")),
                )
            )
        return {**copied, **{name: value for name, value in values.items() if not self._is_blank(name, value)}}

    @api.model
    def _is_blank(self, name, value):
        """Is it an empty cell of an import, which says nothing (a form says that a field is to be empty)?"""
        is_import = self.env.context.get("import_file")
        return bool(is_import) and value is False and self._fields[name].type != "boolean"

    def _get_gaps_of_past(self):
        """What the addon still bills that a contract was adopted from must not be billed here too."""
        return super()._get_gaps_of_past() + self.env["cobranca.oca.contract"]._get_gaps_of(self)

    # === BENEFICIARY BY DOCUMENT OR NAME === #

    @api.model
    def _resolve_beneficiary(self, values):
        """Replace the columns of an import by the beneficiary they mean, made when he is new.

        :return: dict with `beneficiary_id` instead of the columns
        :raise ValidationError: when the CPF cannot be right
        """
        columns = ("beneficiary_document", "beneficiary_name")
        document, name = (values.get(column) for column in columns)
        values = {field: value for field, value in values.items() if field not in columns}
        # Without a customer there is nobody to be related to: that the customer is missing is told by itself.
        if (document or name) and values.get("partner_id") and not values.get("beneficiary_id"):
            company = values.get("company_id") or self.env.company
            customer = self.env["res.partner"].with_company(company).browse(values.get("partner_id"))
            values["beneficiary_id"] = customer._cobranca_find_or_create_beneficiary(document, name).id
        return values

    # === ACTIONS === #

    def action_save_as_template(self):
        """Make a template of this contract and open it.

        :return: action that shows the template
        """
        self.ensure_one()
        template = self.env["cobranca.contract.template"]._create_from_contract(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": template._name,
            "res_id": template.id,
            "views": [(False, "form")],
        }

    def _get_lines_for_template(self):
        """The lines that describe what this kind of contract sells: without past versions and settlements."""
        self.ensure_one()
        today = self.company_id._cobranca_today()
        return self.line_ids.filtered(
            lambda line: line.display_type
            or (not line.adjusted_period_id and (line.recurrence == "once" or not (line.date_end or today) < today))
        )
