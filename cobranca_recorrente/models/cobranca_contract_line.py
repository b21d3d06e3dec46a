from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round

from ..tools import placeholders, proration
from ..tools.schedule import ADVANCE, ARREARS


class CobrancaContractLine(models.Model):
    _name = "cobranca.contract.line"
    _description = "Billing Contract Line"
    _inherit = [
        "cobranca.contract.line.amounts",
        "cobranca.contract.line.guard",
        "cobranca.contract.line.invoice",
        "cobranca.contract.line.status",
        "analytic.mixin",
    ]
    _order = "contract_id, sequence, id"
    _check_company_auto = True

    contract_id = fields.Many2one(comodel_name="cobranca.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    sequence = fields.Integer(default=10)
    display_type = fields.Selection(selection=[("line_section", "Section"), ("line_note", "Note")])
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('sale_ok', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Words in braces are replaced on each invoice, in the customer's language: {inicio} {fim} {mes} {ano} "
        "{vencimento} {contrato} {beneficiario}. Without any, the dates of the period are added.",
    )
    recurrence = fields.Selection(
        selection=[("recurring", "Recurring"), ("once", "Once"), ("usage", "Usage")],
        string="Type",
        default="recurring",
        required=True,
        help="Recurring: in every period. Once: on one invoice only. Usage: the quantities that were imported.",
    )
    billing_timing = fields.Selection(
        selection=[(ADVANCE, "In advance"), (ARREARS, "In arrears")],
        string="Charging",
        default=ADVANCE,
        required=True,
        help="In advance: at the begin of each period. In arrears: after it, as usage always is.",
    )
    date_start = fields.Date(string="From", help="First day of this line; empty = from the start of the contract.")
    date_end = fields.Date(string="Until", help="Last day of this line; empty = as long as the contract.")
    invoice_apart = fields.Boolean(
        string="Own invoice", help="A one-off item on an invoice of its own, not on the next one of the contract."
    )
    previous_line_id = fields.Many2one(
        comodel_name="cobranca.contract.line",
        string="Replaces",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_line_ids = fields.One2many(
        comodel_name="cobranca.contract.line", inverse_name="previous_line_id", string="Replaced by"
    )
    adjusted_period_id = fields.Many2one(
        comodel_name="cobranca.contract.period",
        string="Adjusts",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="cobranca_recorrente.cobranca_group_collector",
        help="The billed period whose amount this item corrects after a change of the contract.",
    )

    is_termination_fee = fields.Boolean(
        string="Termination fee",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Charged for the end of the contract; void when that end is changed or taken back.",
    )

    # Where the company books what a line earns is not the customer's to read.
    analytic_distribution = fields.Json(groups="cobranca_recorrente.cobranca_group_collector")
    distribution_analytic_account_ids = fields.Many2many(groups="cobranca_recorrente.cobranca_group_collector")

    _check_quantity = models.Constraint("CHECK (quantity > 0)", "The quantity of a contract line must be above zero.")
    _check_discount = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "The discount of a contract line goes from 0 to 100 %."
    )
    _check_product = models.Constraint(
        "CHECK (product_id IS NOT NULL OR display_type IS NOT NULL)", "Choose the product of every line."
    )
    _check_line_dates = models.Constraint(
        # One that was replaced on its first day ends the day before it.
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start - 1)",
        "A line cannot end before it starts.",
    )
    _check_once_date = models.Constraint(
        "CHECK (recurrence != 'once' OR display_type IS NOT NULL OR date_start IS NOT NULL)",
        "Give a one-off item its date.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id", "contract_id.partner_id")
    def _compute_name(self):
        for line in self:
            if placeholders.used(line.name or ""):
                continue  # somebody wrote it for the invoices: choosing the product must not lose it
            if line.product_id:
                product = line.product_id.with_context(lang=line.contract_id.partner_id.lang)
                line.name = product.get_product_multiline_description_sale()
            else:
                line.name = line.name or False

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

    def _get_group(self):
        """The group of lines that are billed over the same periods."""
        self.ensure_one()
        return ARREARS if self.recurrence == "usage" else self.billing_timing

    def _get_first_version(self):
        """The line that this one replaces, directly or through others; itself when it replaces none."""
        self.ensure_one()
        first = self
        while first.previous_line_id:
            first = first.previous_line_id
        return first._origin or first

    def _get_full_amount(self):
        """Price of a whole period before taxes that are added, as Odoo rounds a line of an invoice.

        :return: Decimal
        """
        self.ensure_one()
        amount = self.quantity * self.price_unit * (1 - self.discount / 100)
        currency = self.contract_id.currency_id
        return Decimal(repr(currency.round(amount))).quantize(Decimal(1).scaleb(-currency.decimal_places))

    def _get_usage_amount(self, used):
        """(Quantity, Decimal amount) that readings come to on an invoice, before taxes that are added.

        :param used: cobranca.contract.usage
        """
        self.ensure_one()
        # As an invoice keeps it: what is charged must be what is printed.
        digits = self._fields["quantity"].get_digits(self.env)[1]
        quantity = float_round(self.quantity * sum(used.mapped("quantity")), precision_digits=digits)
        amount = self.contract_id.currency_id.round(quantity * self.price_unit * (1 - self.discount / 100))
        return quantity, Decimal(repr(amount))

    def _get_exact_price(self):
        """(Unit price as Decimal, the decimals it is kept with: two, or more when it has more)."""
        self.ensure_one()
        price = Decimal(repr(round(self.price_unit, 6))).normalize()
        return price, max(2, -price.as_tuple().exponent)

    def _get_spans(self, span):
        """The days of a span on which this line is charged: within its own dates, outside pauses.

        :param span: (first day, last day)
        :return: list of spans
        """
        self.ensure_one()
        own = proration.overlap(span, self.date_start or None, self.date_end or None)
        return proration.without(own, self.contract_id._get_pause_spans()) if own else []

    def _get_part_amount(self, part):
        """What a period costs for this line, by days when it is not a whole one.

        :param part: tools.schedule.Part
        :return: (Decimal amount, int days)
        """
        full, days = self._get_full_amount(), self._get_days(part)
        if days in (0, part.of_days):
            return (full if days else Decimal(0)), days
        # Versions of an item at one price share it: changing a text twice must not cost a cent.
        versions = self._get_versions_at(full)
        parts = [line._get_days(part) for line in versions]
        if sum(parts) > part.of_days:  # dates typed by hand, before anything was billed
            versions, parts = [self], [days]
        shares = proration.split(full, parts, part.of_days, self.contract_id.currency_id.decimal_places)
        return shares[list(versions).index(self)], days

    def _get_days(self, part):
        return sum(proration.days_of(piece) for piece in self._get_spans(part.span))

    def _get_versions_at(self, full):
        """The versions of this item that cost the same in a whole period, this one included, oldest first."""
        item, group = self._get_first_version(), self._get_group()
        return self.contract_id.line_ids.filtered(
            lambda line: line.recurrence == "recurring"
            and line._get_group() == group
            and line._get_first_version() == item
            and line._get_full_amount() == full
        ).sorted(lambda line: line._origin.id)

    def _get_unit_price(self, amount):
        """Unit price that makes this line's quantity and discount come to an amount."""
        self.ensure_one()
        share = 1 - self.discount / 100
        return float(amount) / self.quantity / share if share else self.price_unit
