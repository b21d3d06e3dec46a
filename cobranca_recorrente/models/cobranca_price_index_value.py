from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools import price_index

PUBLISHED_FIELDS = {"is_published", "published_percent", "is_disputed"}


class CobrancaPriceIndexValue(models.Model):
    """The variation of an index in one month, as published."""

    _name = "cobranca.price.index.value"
    _description = "Value of a Price Index"
    _inherit = "cobranca.price.index.import"
    _order = "month desc, index_id"
    _rec_names_search = ["index_id"]

    index_id = fields.Many2one(
        comodel_name="cobranca.price.index",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'series')]",
    )
    month = fields.Date(required=True, index=True, help="Any day of it; the first is kept.")
    percent = fields.Float(
        string="In the month (%)", digits=(9, 6), min_display_digits=2, required=True, aggregator="avg"
    )
    source = fields.Selection(
        selection=[("bcb", "Central Bank"), ("csv", "File"), ("manual", "By hand")],
        default="manual",
        required=True,
        readonly=True,
        copy=False,
        help="What comes from the Central Bank is kept up to date by it; what people brought in stays theirs.",
    )
    is_published = fields.Boolean(readonly=True, copy=False)
    published_percent = fields.Float(
        string="Central Bank (%)",
        digits=(9, 6),
        min_display_digits=2,
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the Central Bank published when it was last asked.",
    )
    is_disputed = fields.Boolean(
        string="Differs from the Central Bank", compute="_compute_is_disputed", store=True, copy=False
    )
    has_accumulated = fields.Boolean(compute="_compute_accumulated")
    accumulated_percent = fields.Float(
        string="In 12 months (%)", compute="_compute_accumulated", digits=(9, 2), aggregator=None
    )

    _uniq_month = models.UniqueIndex("(index_id, month)", "The index has a value for this month already.")
    _check_month = models.Constraint("CHECK (EXTRACT(DAY FROM month) = 1)", "A month is kept as its first day.")
    _check_percent = models.Constraint(
        "CHECK (percent BETWEEN -50 AND 100)",
        "The variation of a month goes from -50 to 100 %. Type 0.42 for 0.42 %.",
    )

    # === COMPUTE METHODS === #

    @api.depends("index_id.code", "month")
    def _compute_display_name(self):
        for value in self:
            value.display_name = f"{value.index_id.code or ''} {value._get_month_label()}".strip()

    @api.depends("percent", "is_published", "published_percent")
    def _compute_is_disputed(self):
        for value in self:
            published = Decimal(f"{value.published_percent:.6f}")
            value.is_disputed = value.is_published and published != value._get_percent()

    @api.depends("month", "index_id.value_ids.month", "index_id.value_ids.percent")
    def _compute_accumulated(self):
        for index, values in self.grouped("index_id").items():
            known = index._get_values() if index else {}
            for value in values:
                try:
                    factor = price_index.accumulated(known, value.month) if value.month else None
                except price_index.MissingMonth:
                    factor = None
                value.has_accumulated = factor is not None
                value.accumulated_percent = float(price_index.percent_of(factor)) if factor is not None else 0.0

    # === CONSTRAINTS === #

    @api.constrains("month")
    def _check_month_has_come(self):
        today = self.env.company._cobranca_today()
        for value in self:
            if value.month > today:
                raise ValidationError(
                    self.env._("%(month)s has not come yet: it has no variation.", month=value._get_month_label())
                )

    @api.constrains("index_id")
    def _check_index_is_published(self):
        if fixed := self.index_id.filtered(lambda index: index.kind == "fixed")[:1]:
            raise ValidationError(
                self.env._("%(index)s is a fixed percentage: it has no monthly values.", index=fixed.display_name)
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_published_fields(vals_list)
        values = super().create([self._with_first_day(vals) for vals in vals_list])
        values.filtered(lambda value: value.source != "bcb")._log(self.env._("Values brought in:"))
        return values

    def write(self, vals):
        """What a person writes over a published figure is the person's from then on."""
        self._refuse_published_fields([vals])
        vals = self._with_first_day(vals)
        if "percent" not in vals or "source" in vals:
            return super().write(vals)
        percent = Decimal(f"{vals['percent']:.6f}")
        before = {value: value._get_label() for value in self if value._get_percent() != percent}
        super().write(vals)
        changed = self.filtered(lambda value: value in before)
        changed.source = "manual"
        for index, values in changed.grouped("index_id").items():
            after = index._format_percent(percent)
            lines = [
                self.env._("%(before)s, now %(after)s", before=before[value], after=after)
                for value in values.sorted("month")
            ]
            index._log_lines(self.env._("Values changed by hand:"), lines)
        return True

    def unlink(self):
        self._log(self.env._("Values deleted:"))
        return super().unlink()

    # === BUSINESS METHODS === #

    @api.model
    def _refuse_published_fields(self, vals_list):
        """:raise AccessError: when a person marks a figure as one of the central bank"""
        for vals in vals_list:
            if not self.env.su and (vals.get("source") == "bcb" or PUBLISHED_FIELDS & vals.keys()):
                raise AccessError(self.env._("Only what is fetched is marked as published by the Central Bank."))

    @api.model
    def _with_first_day(self, vals):
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}

    def _get_percent(self):
        """The figure as it is in the database, exact."""
        self.ensure_one()
        return Decimal(f"{self.percent:.6f}")

    def _is_known_as_published(self, percent):
        """Is this what the central bank said already when it was last asked?"""
        self.ensure_one()
        return self.is_published and Decimal(f"{self.published_percent:.6f}") == percent

    def _get_month_label(self):
        return f"{self.month:%m/%Y}" if self.month else ""

    def _get_label(self):
        return f"{self._get_month_label()}: {self.index_id._format_percent(self.percent)}"

    def _get_labels(self):
        return [value._get_label() for value in self.sorted("month")]

    def _log(self, title):
        """Leave a note on each index: figures that move prices leave a trace."""
        for index, values in self.grouped("index_id").items():
            index._log_lines(title, values._get_labels())
