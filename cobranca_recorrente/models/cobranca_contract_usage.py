from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_round
from odoo.tools.misc import format_date


class CobrancaContractUsage(models.Model):
    """A quantity that a customer used, to be billed in arrears; brought in once however often it is sent."""

    _name = "cobranca.contract.usage"
    _description = "Usage of a Contract"
    _inherit = ["cobranca.import.mixin"]
    _order = "date desc, id desc"
    _rec_name = "external_key"
    _check_company_auto = True

    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    product_id = fields.Many2one(
        comodel_name="product.product", string="Item", required=True, ondelete="restrict", check_company=True
    )
    date = fields.Date(required=True, index=True)
    quantity = fields.Float(required=True, digits="Product Unit")
    external_key = fields.Char(
        string="Key",
        required=True,
        size=128,
        help="Identifies this reading in the system it comes from: the same key is never counted twice.",
    )
    period_id = fields.Many2one(
        comodel_name="cobranca.contract.period",
        string="Billed in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # The contract is part of the key: keys of two contracts may come from two systems.
    _uniq_key = models.UniqueIndex("(contract_id, external_key)", "This reading was brought in already.")
    _open_idx = models.Index("(contract_id) WHERE period_id IS NULL")
    _check_quantity = models.Constraint("CHECK (quantity >= 0)", "A quantity used cannot be negative.")

    # === CONSTRAINTS === #

    @api.constrains("contract_id", "product_id", "date")
    def _check_has_line(self):
        for usage in self:
            if not any(usage._belongs_to(line) for line in usage.contract_id.line_ids):
                raise ValidationError(
                    self.env._(
                        "%(contract)s has no usage item for %(product)s on %(date)s. Add it to the contract, or "
                        "correct the product or the date.",
                        contract=usage.contract_id.name,
                        product=usage.product_id.display_name,
                        date=fields.Date.to_string(usage.date),
                    )
                )

    @api.constrains("contract_id", "date")
    def _check_will_be_billed(self):
        """Nobody would notice a reading that no invoice ever bills."""
        for contract, readings in self.grouped("contract_id").items():
            last = contract._get_last_usage_day()
            usage = readings.sorted("date")[-1]
            if contract.state in ("closed", "cancelled"):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is over: nothing more is billed of it, this reading of %(date)s neither. Take "
                        "back its end first, or charge it by an invoice of its own.",
                        contract=contract.name,
                        date=format_date(self.env, usage.date),
                    )
                )
            if last and usage.date > last:
                raise ValidationError(
                    self.env._(
                        "%(contract)s ends on %(end)s and has no later usage to bill: the reading of %(date)s would "
                        "never be billed. Correct the date or the end of the contract, or charge it by an invoice of "
                        "its own.",
                        contract=contract.name,
                        end=format_date(self.env, contract.date_end),
                        date=format_date(self.env, usage.date),
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create what is new; what came before with the same content is returned as it is.

        :raise ValidationError: when a key comes again with another content
        """
        vals_list = [self._normalized(values) for values in vals_list]
        known = self._find_known(vals_list)
        new = [values for values in vals_list if self._get_key(values) not in known]
        distinct = list({self._get_key(values): values for values in new}.values())
        self._refuse_conflicts([*new], {self._get_key(values): values for values in distinct})
        self._refuse_period(vals_list)
        # No default of a client either says that a usage is billed.
        created = super(CobrancaContractUsage, self.with_context(default_period_id=False)).create(distinct)
        found = {**known, **{(row.contract_id.id, row.external_key): row for row in created}}
        for values in vals_list:
            if row := known.get(self._get_key(values)):
                row._refuse_other_content(values)
        return self.browse(found[self._get_key(values)].id for values in vals_list)

    @api.model
    def get_import_templates(self):
        """The CSV file offered by the import screen."""
        return [
            {
                "label": self.env._("Import template for usage"),
                "template": "/cobranca_recorrente/static/import/modelo_consumo.csv",
            }
        ]

    def write(self, vals):
        self._refuse_period([vals])
        if vals.get("external_key"):
            vals = {**vals, "external_key": vals["external_key"].strip()}
        if any(usage.period_id for usage in self) and not self.env.su:
            raise UserError(self.env._("This usage is billed. Bring in another reading with the difference."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        if self.filtered("period_id"):
            raise UserError(self.env._("This usage is billed and stays."))

    # === BUSINESS METHODS === #

    @api.model
    def _normalized(self, values):
        """The same reading written in another way is the same reading.

        :param dict values: of a new usage
        :return: dict with all of a key and its content, as they are kept
        """
        names = ("contract_id", "product_id", "date", "quantity", "external_key")
        values = {**self.default_get([name for name in names if name not in values]), **values}
        digits = self._fields["quantity"].get_digits(self.env)
        return {
            **values,
            "external_key": (values.get("external_key") or "").strip() or False,
            "date": fields.Date.to_date(values.get("date") or False),
            "quantity": float_round(float(values.get("quantity") or 0), precision_digits=digits[1]),
        }

    @api.model
    def _get_key(self, values):
        return values.get("contract_id"), values["external_key"]

    @api.model
    def _find_known(self, vals_list):
        """{(contract id, key): usage} of what is there already."""
        keys = [self._get_key(values) for values in vals_list]
        rows = self.search([("contract_id", "in", [c for c, _ in keys]), ("external_key", "in", [k for _, k in keys])])
        return {(row.contract_id.id, row.external_key): row for row in rows}

    @api.model
    def _refuse_conflicts(self, vals_list, kept):
        for values in vals_list:
            other = kept[self._get_key(values)]
            if any(other.get(name) != values.get(name) for name in ("product_id", "date", "quantity")):
                raise ValidationError(self._explain_conflict(values))

    def _refuse_other_content(self, values):
        self.ensure_one()
        same = (
            self.product_id.id == values.get("product_id")
            and self.date == values["date"]
            and self.quantity == values["quantity"]
        )
        if not same:
            raise ValidationError(self._explain_conflict(values))

    @api.model
    def _explain_conflict(self, values):
        return self.env._(
            "The key %(key)s was brought in before with another date, item or quantity. Correct the file, or give the "
            "new reading a key of its own.",
            key=values.get("external_key"),
        )

    @api.model
    def _refuse_period(self, vals_list):
        if not self.env.su and any("period_id" in values for values in vals_list):
            raise UserError(self.env._("Which period bills a usage is decided by the billing run."))

    def _belongs_to(self, line):
        """Is this usage billed by a line? By the one of its item that held on its day."""
        self.ensure_one()
        return (
            line.recurrence == "usage"
            and line.product_id == self.product_id
            and (not line.date_start or line.date_start <= self.date)
            and (not line.date_end or line.date_end >= self.date)
        )
