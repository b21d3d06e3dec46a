from odoo import api, models
from odoo.tools import SQL

PERCENT = 100


class CobrancaReportRatio(models.AbstractModel):
    """Ratios that are right in each row and in each group: sums are divided, ratios are never averaged.

    A mean of means would weigh a group of one invoice like one of a thousand.
    """

    _name = "cobranca.report.ratio"
    _description = "Ratios of a Report"

    # {field of the ratio, aggregated as "avg": (field above the line, field below it, factor; 100 where none is given)}
    _ratios = {}

    # === BUSINESS METHODS === #

    @api.model
    def _add_ratios(self, query, is_apart=True):
        """The rows of a query with the share of each one.

        :param query: SQL of rows that have the parts and the wholes
        :param bool is_apart: compute all columns of all rows first; else those asked for alone
        :return: SQL of the same rows with the fields of `_ratios`; NULL where the whole is zero
        """
        columns = [
            SQL(
                "%s * figures.%s::float8 / NULLIF(figures.%s, 0)::float8 AS %s",
                factor,
                SQL.identifier(part),
                SQL.identifier(whole),
                SQL.identifier(name),
            )
            for name in self._ratios
            for part, whole, factor in [self._get_ratio(name)]
        ]
        # A condition on the rows would mislead the planner about how many it joins inside: both keep it outside.
        if is_apart:
            rows = SQL("WITH figures AS MATERIALIZED (%s)", query)
            return SQL("%s SELECT figures.*, %s FROM figures", rows, SQL(", ").join(columns))
        return SQL("SELECT figures.*, %s FROM (%s OFFSET 0) figures", SQL(", ").join(columns), query)

    def _get_ratio(self, name):
        """:return: (field above the line, field below it, factor)"""
        part, whole, *factor = self._ratios[name]
        return part, whole, factor[0] if factor else PERCENT

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function != "avg" or name not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        part, whole, factor = self._get_ratio(name)
        return SQL(
            "%s * SUM(%s)::float8 / NULLIF(SUM(%s), 0)::float8",
            factor,
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )
