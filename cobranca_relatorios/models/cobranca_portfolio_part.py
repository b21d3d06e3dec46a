from odoo import api, fields, models


class CobrancaPortfolioPart(models.AbstractModel):
    """Rows that are computed with the latest position of a company, so that dashboards need not ask the ledger."""

    _name = "cobranca.portfolio.part"
    _inherit = ["cobranca.current.company"]
    _description = "Part of the Latest Position"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    snapshot_id = fields.Many2one(
        comodel_name="cobranca.portfolio.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, snapshot):
        """Replace the rows of a company by those of its latest position.

        :param snapshot: cobranca.portfolio.snapshot, the latest one
        """
        # sudo: one computation for all readers of the company, whoever asks for it
        own = self.sudo().with_context(allowed_company_ids=snapshot.company_id.ids)
        snapshot = snapshot.with_env(own.env)
        own.search([("company_id", "=", snapshot.company_id.id)]).unlink()
        shared = {"company_id": snapshot.company_id.id, "snapshot_id": snapshot.id}
        own.create([{**shared, **values} for values in own._get_rows(snapshot)])

    @api.model
    def _get_rows(self, snapshot):
        """The rows of a position.

        :return: list of values
        """
        return []

    def _get_own_domain(self):
        return [("company_id", "=", self.company_id.id)]
