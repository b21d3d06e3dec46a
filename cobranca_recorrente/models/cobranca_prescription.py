from odoo import api, models
from odoo.tools import SQL

from ..tools import debt as kernel

SHORTEST_YEARS = 3


class CobrancaPrescription(models.AbstractModel):
    """When an open amount may not be demanded any more."""

    _name = "cobranca.prescription"
    _description = "Prescription of Debts"

    # === BUSINESS METHODS === #

    def _cobranca_get_prescriptions(self):
        """The first day on which each line may not be demanded, in court or outside.

        By the nature of the debt, which its terms tell; 5 years without terms. Interrupted once at
        most, see `account.move.cobranca_interruption_date` (Código Civil, art. 202).

        :return: {line: date}
        """
        if not self.ids:
            return {}
        rows = self._cobranca_get_debt_rows()
        versions = self._cobranca_get_versions(rows)
        # sudo: who may see an invoice may know until when it is owed
        used = self.env["cobranca.charge.policy.version"].sudo().browse(filter(None, set(versions)))
        years = {version.id: version._get_years() for version in used}
        default = self.env["cobranca.charge.policy.version"]._get_default_years()
        return {
            line: kernel.prescribed_on(row.due, years.get(version, default), row.interrupted)
            for line, row, version in zip(self, rows, versions, strict=True)
        }

    @api.model
    def _get_oldest_due(self, date):
        """What fell due on this day or later is not prescribed on a day, whatever its nature.

        :return: date
        """
        return kernel.prescribed_on(date, -SHORTEST_YEARS)

    @api.model
    def _cobranca_search_prescribed(self, company, date):
        """The open customer lines of a company that are prescribed on a day.

        :return: account.move.line
        """
        oldest = self._get_oldest_due(date)
        lines = self._cobranca_search_open_lines(
            company, date, SQL("COALESCE(line.date_maturity, line.date) < %s", oldest)
        )
        prescribed = {line.id for line, day in lines._cobranca_get_prescriptions().items() if day <= date}
        return lines.filtered(lambda line: line.id in prescribed)
