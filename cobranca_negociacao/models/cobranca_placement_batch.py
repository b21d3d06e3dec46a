import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [("proposed", "To be approved"), ("approved", "Approved"), ("refused", "Refused")]


class CobrancaPlacementBatch(models.Model):
    """What was proposed for agencies at once; somebody looks at it before they see anything.

    Written by its methods only.
    """

    _name = "cobranca.placement.batch"
    _description = "Proposed Placements"
    _inherit = [
        "cobranca.placement.batch.people",
        "cobranca.placement.batch.recheck",
        "cobranca.placement.batch.life",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "state_order, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(selection=STATES, default="proposed", required=True, readonly=True, tracking=True)
    state_order = fields.Integer(compute="_compute_state_order", store=True, aggregator=None)
    date = fields.Date(string="Proposed on", required=True, readonly=True)
    proposed_by_id = fields.Many2one(comodel_name="res.users", string="Proposed by", required=True, readonly=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    is_own_decision = fields.Boolean(
        string="Decided by who proposed", readonly=True, help="Possible only where the company has no other manager."
    )
    is_unseen = fields.Boolean(
        string="Placed without approval", readonly=True, help="As its rule says, which a manager decided."
    )
    note = fields.Char(string="Reason of the refusal", readonly=True)
    rule_ids = fields.Many2many(
        comodel_name="cobranca.placement.rule", string="Rules", readonly=True, help="None: chosen by hand."
    )
    seed = fields.Char(
        required=True,
        readonly=True,
        default=lambda self: secrets.token_hex(8),
        copy=False,
        help="Of the drawing: with it everybody can see again who got whom.",
    )
    figures = fields.Json(readonly=True, help="What was proposed and left out, as the simulation showed it.")
    summary = fields.Html(compute="_compute_summary")
    placement_ids = fields.One2many(
        comodel_name="cobranca.placement", inverse_name="batch_id", string="Customers", readonly=True
    )
    count = fields.Integer(string="Number of customers", compute="_compute_totals")
    amount = fields.Monetary(compute="_compute_totals", help="Of those that are not left out, with all charges.")
    can_decide = fields.Boolean(compute="_compute_can_decide")

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_state_order(self):
        for batch in self:
            batch.state_order = 0 if batch.state == "proposed" else 1

    @api.depends("placement_ids.state", "placement_ids.amount_placed")
    def _compute_totals(self):
        rows = self.env["cobranca.placement"]._read_group(
            [("batch_id", "in", self.ids), ("state", "!=", "refused")],
            ["batch_id"],
            ["__count", "amount_placed:sum"],
        )
        found = {batch.id: figures for batch, *figures in rows}
        for batch in self:
            batch.count, batch.amount = found.get(batch.id, (0, 0.0))

    @api.depends("figures")
    @api.depends_context("lang")
    def _compute_summary(self):
        Words = self.env["cobranca.placement.words"]
        for batch in self:
            batch.summary = Words._get_summary(batch.figures, batch.company_id)

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for batch in self:
            batch.can_decide = batch.state == "proposed" and not batch._find_obstacle()

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was proposed for agencies stays in the register: refuse it instead."))

    # === ACTIONS === #

    def action_approve(self):
        """Give what is proposed to the agencies."""
        self.ensure_one()
        self._approve()
        return True

    def action_refuse(self):
        """Place nothing of this."""
        self.ensure_one()
        self._refuse()
        return True

    def action_open_placements(self):
        """Open the customers of this proposal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cobranca.placement",
            "views": [(self.env.ref("cobranca_negociacao.cobranca_placement_review_view_list").id, "list")],
            "domain": [("batch_id", "=", self.id)],
            "search_view_id": [self.env.ref("cobranca_negociacao.cobranca_placement_review_view_search").id],
        }
