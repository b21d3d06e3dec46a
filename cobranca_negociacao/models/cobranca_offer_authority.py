from odoo import api, fields, models

from .cobranca_offer_limits import LIMITS

# From the least to the greatest.
ROLES = [
    ("self_service", "Customer himself"),
    ("agency", "Collection agency"),
    ("collector", "Collector"),
    ("supervisor", "Supervisor"),
    ("manager", "Manager"),
]


class CobrancaOfferAuthority(models.Model):
    """How far somebody may go on his own, whatever the policy allows: the stricter of both counts."""

    _name = "cobranca.offer.authority"
    _description = "Authority to Negotiate"
    _inherit = ["cobranca.offer.limits", "mail.thread"]
    _order = "company_id, rank, id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    role = fields.Selection(selection=ROLES, string="Who", required=True)
    rank = fields.Integer(compute="_compute_rank", store=True, aggregator=None)

    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", index="btree_not_null", ondelete="cascade", check_company=True
    )

    _uniq_role = models.UniqueIndex(
        "(company_id, role) WHERE agency_id IS NULL", "This role has an authority already: change that one."
    )
    _uniq_agency = models.UniqueIndex(
        "(agency_id) WHERE agency_id IS NOT NULL", "This agency has an authority already: change that one."
    )
    _check_agency = models.Constraint(
        "CHECK ((role = 'agency') = (agency_id IS NOT NULL))", "The authority of an agency names the agency."
    )

    # === COMPUTE METHODS === #

    @api.depends("role")
    def _compute_rank(self):
        ranks = {role: rank for rank, (role, _label) in enumerate(self._fields["role"].selection)}
        for authority in self:
            authority.rank = ranks.get(authority.role, 0)

    @api.depends("role", "agency_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for authority in self:
            authority.display_name = authority.agency_id.name or self._get_role_name(authority.role)

    # === BUSINESS METHODS === #

    def _track_get_fields(self):
        """Who widens an authority is written down: all of its limits are followed."""
        return {*(super()._track_get_fields() or ()), *LIMITS}

    @api.model
    def _get_for(self, company, role, agency=None):
        """What a role may concede in a company; empty where nothing was laid down.

        :param str role: of `ROLES`, or empty
        :param agency: cobranca.agency whose authority is asked for, with the role `agency`
        """
        agency_id = agency.id if agency else False
        return self.search(
            [("company_id", "=", company.id), ("role", "=", role), ("agency_id", "=", agency_id)], limit=1
        )

    @api.model
    def _get_role_name(self, role):
        return dict(self._fields["role"]._description_selection(self.env)).get(role, "")
