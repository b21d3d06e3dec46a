from odoo import api, fields, models

from ..tools import cells


class CobrancaReportChoice(models.AbstractModel):
    """What a file is to be made of: which one, of which company and day, of which customers."""

    _name = "cobranca.report.choice"
    _description = "Choice of a Report"

    kind = fields.Selection(selection=lambda self: self._selection_kind(), string="Report", required=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    day = fields.Date(string="Figures of", help="The end of this day; empty: of the day on which the file is made.")
    late_only = fields.Boolean(string="Late only")
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer")
    collector_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    is_filtered = fields.Boolean(compute="_compute_is_filtered")

    # === COMPUTE METHODS === #

    @api.model
    def _selection_kind(self):
        return self.env["cobranca.workbook"]._get_kinds()

    @api.depends("kind")
    def _compute_is_filtered(self):
        for choice in self:
            choice.is_filtered = choice.kind and choice._get_maker()._has_filters

    # === BUSINESS METHODS === #

    def _get_maker(self):
        """The model that makes such files."""
        return self.env[f"cobranca.workbook.{self.kind}"]

    def _get_day(self):
        """:return: date of the figures"""
        self.ensure_one()
        return self.day or self.company_id._cobranca_today()

    def _get_filters(self):
        """The filters that its report knows.

        :return: dict of values
        """
        self.ensure_one()
        names = ("late_only", "segment_id", "collector_id") if self.is_filtered else ()
        return {name: self[name] for name in names if self[name]}

    def _get_filter_words(self):
        """:return: str, empty without filters"""
        filters = self._get_filters()
        words = [self.env._("late only")] if filters.pop("late_only", False) else []
        return " · ".join(words + [record.display_name for record in filters.values()])

    def _get_file_name(self, day=None):
        maker = self._get_maker()
        name = f"{maker._get_title()} - {self.company_id.name} - {day or self._get_day():%Y-%m-%d}"
        return cells.file_name(name, maker._extension)

    def _prepare_choice(self):
        """The same choice for another record.

        :return: dict of values
        """
        self.ensure_one()
        return {
            "kind": self.kind,
            "company_id": self.company_id.id,
            "day": self.day,
            "late_only": self.late_only,
            "segment_id": self.segment_id.id,
            "collector_id": self.collector_id.id,
        }
