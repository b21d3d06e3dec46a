from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..tools import price_index

NO_VALUE = "—"


class CobrancaPriceIndex(models.Model):
    """What prices are readjusted and debts corrected by; the same for all companies."""

    _name = "cobranca.price.index"
    _description = "Price Index"
    _inherit = ["cobranca.price.index.fetch", "mail.thread", "mail.activity.mixin"]
    _order = "sequence, code, id"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, copy=False, size=16, tracking=True, help="How files and people name it: IPCA.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(
        selection=[("series", "Published each month"), ("fixed", "Fixed percentage")],
        default="series",
        required=True,
        tracking=True,
        help="A published index is compounded over 12 months; a fixed percentage is agreed once for every year.",
    )
    is_interest_rate = fields.Boolean(
        string="Rate of interest", help="For late payments, never for readjustments: the legal rate (Lei 14.905/2024)."
    )
    fixed_percent = fields.Float(string="Percentage a year", digits=(9, 6), min_display_digits=2, tracking=True)
    value_ids = fields.One2many(comodel_name="cobranca.price.index.value", inverse_name="index_id", string="Values")
    value_count = fields.Integer(string="Months known", compute="_compute_last_value")
    last_month = fields.Date(string="Last month", compute="_compute_last_value")
    last_percent = fields.Char(string="In the month", compute="_compute_last_value")
    accumulated = fields.Char(
        string="In 12 months",
        compute="_compute_last_value",
        help="Compound variation of the last 12 months, from the figures below. "
        "Without a figure, the month that is missing is named.",
    )

    _uniq_code = models.UniqueIndex("(lower(code))", "Another index has this code.")
    _check_fixed_percent = models.Constraint(
        "CHECK (kind != 'fixed' OR fixed_percent BETWEEN 0 AND 100)",
        "A fixed percentage goes from 0 to 100 % a year.",
    )

    # === COMPUTE METHODS === #

    @api.depends("code", "name", "kind", "fixed_percent")
    def _compute_display_name(self):
        for index in self:
            if index.kind == "fixed":
                index.display_name = f"{index.name} ({index._format_percent(index.fixed_percent)})"
            else:
                index.display_name = index.code or index.name

    @api.depends("kind", "fixed_percent", "value_ids.month", "value_ids.percent")
    def _compute_last_value(self):
        for index in self:
            values = index._get_values()
            last_month = max(values, default=False)
            index.value_count = len(values)
            index.last_month = last_month
            # A fixed percentage has no months at all.
            without = NO_VALUE if index.kind == "series" else False
            index.last_percent = index._format_percent(values[last_month]) if values else without
            index.accumulated = index._get_accumulated_text(values, last_month)

    def _get_accumulated_text(self, values, last_month):
        """Twelve months for people: a percentage, or a dash with the month that is missing."""
        if self.kind == "fixed":
            return self._format_percent(self.fixed_percent)
        if not values:
            return NO_VALUE
        try:
            return self._format_percent(price_index.percent_of(price_index.accumulated(values, last_month)))
        except price_index.MissingMonth as error:
            return self.env._("— (%(month)s is missing)", month=f"{error.month:%m/%Y}")

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """A copy needs a code of its own, and starts without values."""
        return [
            {**values, "code": self.env._("%(code)s (copy)", code=index.code)[:16]}
            for index, values in zip(self, super().copy_data(default), strict=True)
        ]

    # === ACTIONS === #

    def action_view_values(self):
        """Open the values of this index: list, graph and import."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_price_index_value_action")
        return {
            **action,
            "display_name": self.env._("Values of %(index)s", index=self.display_name),
            "domain": [("index_id", "=", self.id)],
            "context": {"default_index_id": self.id, "in_index": True},
        }

    # === BUSINESS METHODS === #

    def _get_values(self):
        """Every monthly value, exact.

        :return: {first day of month: percent as Decimal}
        """
        self.ensure_one()
        return {value.month: value._get_percent() for value in self.value_ids if value.month}

    def _get_readjustment(self, anniversary, lag=None):
        """What this index says for a readjustment on a day.

        :param date anniversary: day from which the new price counts
        :param int lag: months between the last month that counts and that day, where the contract fixes it
        :return: (factor as Decimal, first month, last month); no months for a fixed percentage
        :raise UserError: naming the month that is missing, and what to do
        """
        self.ensure_one()
        if self.kind == "fixed":
            return 1 + _decimal(self.fixed_percent) / 100, False, False
        values = self._get_values()
        try:
            first, last = price_index.last_published_window(values, anniversary, lag=lag)
        except price_index.MissingMonth as error:
            raise UserError(
                self.env._(
                    "%(index)s has no value for %(month)s, which the readjustment of %(day)s needs. "
                    "Fetch it, import it or type it under Configuration, Readjustment Indices.",
                    index=self.display_name,
                    month=f"{error.month:%m/%Y}",
                    day=self.env["ir.qweb.field.date"].value_to_html(anniversary, {}),
                )
            ) from error
        return price_index.accumulated(values, last), first, last

    def _log_lines(self, title, lines):
        """Leave a note on the index; none without lines.

        :param str title: translated
        :param lines: translated texts
        """
        if not lines:
            return
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        self._message_log(body=Markup("%s<ul>%s</ul>") % (title, items))

    @api.model
    def _format_percent(self, percent):
        """A percentage in the user's language, with as many decimals as it has, two at least.

        :param percent: Decimal or float
        """
        exact = _decimal(percent).normalize()
        digits = min(max(2, -exact.as_tuple().exponent), 6)
        return f"{formatLang(self.env, float(exact), digits=digits)}%"


def _decimal(value):
    """A number of at most six decimals, as it is in the database."""
    return Decimal(f"{value:.6f}")
