from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import price_index


class CobrancaPriceIndexImport(models.AbstractModel):
    """Values of price indices from a file, as often as one likes: what is there already stays."""

    _name = "cobranca.price.index.import"
    _description = "Import of Values of Price Indices"

    # Columns of a file: as texts, since the import screen reads 0,42 as 42 unless told otherwise.
    imported_month = fields.Char(string="Reference month", compute="_compute_imported", readonly=False)
    imported_percent = fields.Char(string="Variation (%)", compute="_compute_imported", readonly=False)

    # === COMPUTE METHODS === #

    @api.depends("month", "percent")
    def _compute_imported(self):
        """Shown for export; writable only so that an import may give them."""
        for value in self:
            value.imported_month = value._get_month_label()
            value.imported_percent = f"{value._get_percent():.6f}".rstrip("0").rstrip(".")

    # === CRUD METHODS === #

    @api.model
    def _load_records_create(self, vals_list):
        """Import rows: a month that is there already with the same figure is left as it is.

        :return: a record for each row
        :raise ValidationError: for a month with another figure, and for what cannot be a figure
        """
        values = self.browse()
        # The values of one index may come in without naming it, from its own screen.
        for vals in [self._resolve_imported({**self.default_get(["index_id"]), **vals}) for vals in vals_list]:
            known = self.search([("index_id", "=", vals.get("index_id")), ("month", "=", vals.get("month"))])
            self._check_imported(vals, known)
            values += known or self.create({"source": "csv", **vals})
        return values

    def _load_records_write(self, values):
        return super()._load_records_write(self._resolve_imported(values))

    @api.model
    def load(self, fields, data):
        """Import rows; each bad row tells one error, at the row that has it.

        Odoo tries all rows at once first, and repeats what went wrong then at the first row,
        whichever row it was.
        """
        result = super().load(fields, data)
        first, *others = result["messages"] or [None]
        if first and any(other["message"] == first["message"] for other in others):
            result["messages"] = others
        by_row = {}
        for message in result["messages"]:
            by_row.setdefault(str(message.get("rows")), message)
        result["messages"] = list(by_row.values())
        return result

    @api.model
    def get_import_templates(self):
        """The CSV file offered by the import screen."""
        return [
            {
                "label": self.env._("Import template for values of indices"),
                "template": "/cobranca_recorrente/static/import/modelo_indices.csv",
            }
        ]

    # === BUSINESS METHODS === #

    @api.model
    def _resolve_imported(self, vals):
        """Replace the text columns of a file by what they mean.

        :raise ValidationError: naming the text that means nothing
        """
        vals = dict(vals)
        month, percent = vals.pop("imported_month", None), vals.pop("imported_percent", None)
        try:
            if month:
                vals["month"] = price_index.parse_month(month)
        except ValueError as error:
            raise ValidationError(
                self.env._("%(text)s is no month. Write November 2019 as 11/2019 or 01/11/2019.", text=month)
            ) from error
        try:
            if percent:
                vals["percent"] = price_index.parse_percent(percent)
        except ValueError as error:
            raise ValidationError(
                self.env._("%(text)s is no percentage. Write it as 0,42 or -0,02.", text=percent)
            ) from error
        return vals

    @api.model
    def _check_imported(self, vals, known):
        """:raise ValidationError: when a row must not be taken, with the reason and what to do"""
        month = self._check_imported_month(vals)
        # An empty cell arrives as False, and would be stored as 0 %.
        if vals.get("percent") is False or vals.get("percent") is None:
            raise ValidationError(self.env._("The variation of the month is missing."))
        percent = Decimal(f"{vals['percent']:.6f}")
        if known and known._get_percent() != percent:
            raise ValidationError(
                self.env._(
                    "%(month)s is stored with %(stored)s, the file says %(given)s. "
                    "Correct the file, or change the value by hand if the file is right.",
                    month=known.display_name,
                    stored=known.index_id._format_percent(known.percent),
                    given=known.index_id._format_percent(percent),
                )
            )
        if not price_index.is_plausible(month, percent):
            raise ValidationError(
                self.env._(
                    "%(percent)s in %(month)s cannot be right. Write 0,42 for 0.42 %%; "
                    "if the index did vary so much, type the value by hand.",
                    percent=self.env["cobranca.price.index"]._format_percent(percent),
                    month=f"{month:%m/%Y}",
                )
            )

    @api.model
    def _check_imported_month(self, vals):
        """:raise ValidationError: when it is no month, or may be another than the file means"""
        month = fields.Date.to_date(vals.get("month"))
        if not month:
            raise ValidationError(self.env._("The month is missing."))
        # Where the day is read as the month, the day is another than 1 but in January.
        if month.day != 1:
            raise ValidationError(
                self.env._(
                    "%(day)s is no first day of a month. Choose the date format of the file beside it, "
                    "and write November 2019 as 01/11/2019.",
                    day=self.env["ir.qweb.field.date"].value_to_html(month, {}),
                )
            )
        return month
