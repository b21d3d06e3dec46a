import secrets

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

SEED_BYTES = 8
# How the customers were marked in a list: model, field that holds the customer.
LISTS = {"cobranca.case": "partner_id", "res.partner": "commercial_partner_id"}


class CobrancaPlacementAssign(models.TransientModel):
    """Choose rules, or customers and an agency; look at what that would mean; propose it."""

    _name = "cobranca.placement.assign"
    _description = "Place with Agencies"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    rule_ids = fields.Many2many(
        comodel_name="cobranca.placement.rule",
        string="Rules",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="In the order of their list: the first one that is for a customer takes him.",
    )
    partner_ids = fields.Many2many(comodel_name="res.partner", string="Customers")
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    is_by_hand = fields.Boolean(string="Customers chosen by hand")
    seed = fields.Char(required=True, readonly=True, default=lambda self: secrets.token_hex(SEED_BYTES))
    figures = fields.Json(readonly=True)
    has_figures = fields.Boolean(compute="_compute_summary")
    summary = fields.Html(compute="_compute_summary")
    has_changed = fields.Boolean(readonly=True)

    # === COMPUTE METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Customers marked in a list, or else all rules."""
        values = super().default_get(fields_list)
        model = self.env.context.get("active_model")
        if model in LISTS:
            marked = self.env[model].browse(self.env.context.get("active_ids") or [])
            values |= {"is_by_hand": True, "partner_ids": [Command.set(marked[LISTS[model]].ids)]}
        elif not values.get("rule_ids"):
            rules = self.env["cobranca.placement.rule"].search([("company_id", "=", self.env.company.id)])
            values["rule_ids"] = [Command.set(rules.ids)]
        return values

    @api.depends("figures")
    def _compute_summary(self):
        for wizard in self:
            wizard.has_figures = bool(wizard.figures)
            wizard.summary = self.env["cobranca.placement.words"]._get_summary(wizard.figures, wizard.company_id)

    @api.onchange("rule_ids", "partner_ids", "agency_id", "is_by_hand")
    def _onchange_choice(self):
        """What was shown is not what would be proposed any more."""
        self.figures = False
        self.has_changed = False

    # === ACTIONS === #

    def action_simulate(self):
        """Show what would be placed, and what not; nothing is written but this dialog."""
        self.ensure_one()
        self.env["cobranca.placement.batch"]._check_may_propose()
        Plan = self.env["cobranca.placement.plan"]
        plan = Plan._simulate(self.company_id, self.seed, *self._get_choice())
        self.write({"figures": Plan._get_figures(plan), "has_changed": False})
        return self._reopen()

    def action_propose(self):
        """Propose what was shown; what is different by now is shown first."""
        self.ensure_one()
        Plan, Batch = self.env["cobranca.placement.plan"], self.env["cobranca.placement.batch"]
        Batch._check_may_propose()
        plan = Plan._make_plan(self.company_id, self.seed, *self._get_choice())
        figures = Plan._get_figures(plan)
        if figures != self.figures:
            self.write({"figures": figures, "has_changed": True})
            return self._reopen()
        batch = Batch._propose(plan)
        return {
            "type": "ir.actions.act_window",
            "name": batch.display_name,
            "res_model": "cobranca.placement.batch",
            "res_id": batch.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _get_choice(self):
        """:return: (rules or None, customers or None, agency or None)"""
        if not self.is_by_hand:
            if not self.rule_ids:
                raise UserError(self.env._("Choose the rules by which customers are placed."))
            return self.rule_ids.sorted(), None, None
        if not self.partner_ids or not self.agency_id:
            raise UserError(self.env._("Choose the customers and the agency."))
        return None, self.partner_ids, self.agency_id

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Place with agencies"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }
