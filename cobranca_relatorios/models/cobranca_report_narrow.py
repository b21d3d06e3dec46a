from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.domains import DomainAnd, DomainCondition, DomainOr

IDS, SINCE = "cobranca_report_ids", "cobranca_report_since"


class CobrancaReportNarrow(models.AbstractModel):
    """A report that computes little more than the rows that are asked for.

    PostgreSQL computes all rows of a query with windows and sums before it takes those of a domain. Here the query
    itself is told the first day of the domain, and of which rows a page shows the columns.
    """

    _name = "cobranca.report.narrow"
    _description = "Report that Computes Only What Is Asked"

    # === CRUD METHODS === #

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if not limit or not field_names:
            return super().search_fetch(domain, field_names, offset, limit, order)
        # First which rows: that asks for few columns, and the others are computed of those alone.
        records = super().search_fetch(domain, [], offset, limit, order)
        records.fetch(field_names)
        return records

    def fetch(self, field_names=None):
        narrow = self.with_context(**{IDS: self.ids})
        return super(CobrancaReportNarrow, narrow).fetch(field_names)

    def _search(self, domain, offset=0, limit=None, order=None, **options):
        start = self._get_start(Domain(domain).optimize(self))
        narrow = self.with_context(**{SINCE: start})
        return super(CobrancaReportNarrow, narrow)._search(domain, offset, limit, order, **options)

    # === BUSINESS METHODS === #

    @api.model
    def _get_needed(self):
        """What of the report its query has to compute.

        :return: (list of the ids of the rows, None for all; first day as a date, None for all)
        """
        ids = self.env.context.get(IDS)
        return None if ids is None else list(ids), self.env.context.get(SINCE)

    @api.model
    def _get_start(self, domain):
        """The day before which no row of a domain lies.

        :param domain: Domain, optimized
        :return: date, None where the domain sets none
        """
        if isinstance(domain, DomainAnd):
            return max(filter(None, map(self._get_start, domain.children)), default=None)
        if isinstance(domain, DomainOr):
            starts = list(map(self._get_start, domain.children))
            return min(starts) if all(starts) else None
        if isinstance(domain, DomainCondition) and domain.field_expr == "date":
            return self._get_first_day(domain.operator, domain.value)
        return None

    def _get_first_day(self, operator, value):
        if operator in (">", ">="):
            return fields.Date.to_date(value) or None
        if operator == "in" and value and all(value):
            return min(map(fields.Date.to_date, value))
        return None
