from odoo import models

MONTHS = 12


class CobrancaOverviewCohort(models.AbstractModel):
    """The months of the due dates on the first page: what of them was open so many days later."""

    _name = "cobranca.overview.cohort"
    _inherit = ["cobranca.overview.blocks"]
    _description = "Due Months on the Overview"

    # === BUSINESS METHODS === #

    def _get_blocks(self, snapshot):
        blocks = super()._get_blocks(snapshot)
        rows = self.env["cobranca.cohort.page"]._get_heat_map(self.company_id, months=MONTHS)
        if not any(row["amount_due"] for row in rows):
            return blocks
        return [*blocks, (50, "cobranca_relatorios.overview_cohort", {"rows": rows})]
