from odoo import api, fields, models


class CobrancaWebhookEndpoint(models.Model):
    """The system of an agency is told of its own placements, and of nothing else."""

    _inherit = "cobranca.webhook.endpoint"

    agency_id = fields.Many2one(
        comodel_name="cobranca.agency",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Its system is told when customers are placed with it, pay, and leave it. Empty: a system of your own, "
        "which is told by the steps of the ladder.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _search_of_company(self, company):
        return super()._search_of_company(company).filtered(lambda endpoint: not endpoint.agency_id)

    @api.model
    def _search_of_agency(self, agency):
        """Where the system of an agency is told.

        :return: cobranca.webhook.endpoint with the rights of the system
        """
        endpoints = self.sudo()  # sudo: addresses of the agency, whoever does what it is told of
        return endpoints.search([("agency_id", "=", agency.id), ("company_id", "=", agency.company_id.id)])
