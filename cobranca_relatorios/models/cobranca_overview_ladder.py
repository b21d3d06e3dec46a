from odoo import models

# Below this many titles a share says nothing.
LEAST = 10


class CobrancaOverviewLadder(models.AbstractModel):
    """The ladder on the first page: how many titles reached each step this month, and how many were paid before."""

    _name = "cobranca.overview.ladder"
    _inherit = ["cobranca.overview.blocks"]
    _description = "Ladder on the Overview"

    # === BUSINESS METHODS === #

    def _get_blocks(self, snapshot):
        blocks = super()._get_blocks(snapshot)
        rows = self.env["cobranca.step.report"]._get_funnel(self.company_id, snapshot.month)
        if not rows:
            return blocks
        return [*blocks, (40, "cobranca_relatorios.overview_ladder", {"rows": self._get_ladder_rows(rows)})]

    def _get_ladder_rows(self, rows):
        """The funnel as it is drawn: what was paid before a step is told of the step before it."""
        most = max(row["count"] for row in rows)
        return [
            {
                "name": row["name"],
                "width": self._get_width(row["count"], most),
                "count": self._get_number_text(row["count"]),
                "paid": self._get_paid_text(row),
            }
            for row in rows
        ]

    def _get_paid_text(self, row):
        if row["count"] < LEAST:
            return "·"
        share = self._tie(self.env._("%(number)s %%", number=self._get_number_text(100 * row["paid_before_share"])))
        return self.env._("%(share)s paid before the next", share=share)
