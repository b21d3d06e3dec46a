import logging
import secrets
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..tools.placing import Rule
from .cobranca_placement_plan import Share

_logger = logging.getLogger(__name__)

AUDIENCES = [("any", "Everybody"), ("consumer", "Consumers"), ("company", "Companies")]
SEED_BYTES = 8


class CobrancaPlacementRule(models.Model):
    """Which customers go to which agencies: the first rule that is for somebody takes all that he owes late."""

    _name = "cobranca.placement.rule"
    _description = "Rule of Placement"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    days_from = fields.Integer(
        string="Late days, from", default=60, required=True, tracking=True, help="Of the customer's oldest late debt."
    )
    days_to = fields.Integer(string="Late days, to", tracking=True, help="0: no limit.")
    amount_from = fields.Monetary(
        string="Amount, from", tracking=True, help="Of all that the customer owes late, without charges."
    )
    amount_to = fields.Monetary(string="Amount, to", tracking=True, help="0: no limit.")
    audience = fields.Selection(selection=AUDIENCES, string="For", default="any", required=True, tracking=True)
    segment_ids = fields.Many2many(
        comodel_name="cobranca.payer.segment", string="Payer segments", ondelete="restrict", help="Empty: any."
    )
    state_ids = fields.Many2many(
        comodel_name="res.country.state", string="States", ondelete="restrict", help="Of the customer; empty: any."
    )
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step done",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="A step of the ladder that one of the debts has reached, or a later one; empty: none is asked for.",
    )
    share_ids = fields.One2many(
        comodel_name="cobranca.placement.share", inverse_name="rule_id", string="Shares", copy=True
    )
    is_scheduled = fields.Boolean(
        string="Proposed each night", tracking=True, help="Else somebody proposes by hand when he wants to."
    )
    is_automatic = fields.Boolean(
        string="Without approval",
        tracking=True,
        help="What is proposed at night goes to the agencies at once. Nobody looks at it before.",
    )

    _check_bounds = models.Constraint(
        """CHECK (days_from BETWEEN 1 AND 3650 AND days_to BETWEEN 0 AND 3650 AND (days_to = 0 OR days_to >= days_from)
            AND COALESCE(amount_from, 0) >= 0 AND COALESCE(amount_to, 0) >= 0
            AND (COALESCE(amount_to, 0) = 0 OR amount_to >= COALESCE(amount_from, 0)))""",
        "Delays are of 1 to 3650 days and amounts not negative, and no upper bound is below its lower one.",
    )
    _check_automatic = models.Constraint(
        "CHECK (is_automatic IS NOT TRUE OR is_scheduled)", "Only what is proposed each night goes without approval."
    )

    # === CONSTRAINTS === #

    @api.constrains("share_ids", "active")
    def _check_shares(self):
        for rule in self:
            if rule.active and float_compare(sum(rule.share_ids.mapped("percent")), 100, precision_digits=2):
                raise ValidationError(
                    self.env._("The shares of “%(rule)s” must add up to 100: change them.", rule=rule.name)
                )

    # === ACTIONS === #

    def action_assign(self):
        """Open the simulation of these rules."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Place with agencies"),
            "res_model": "cobranca.placement.assign",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_rule_ids": self.ids, "dialog_size": "large"},
        }

    # === BUSINESS METHODS === #

    def _get_kernel(self):
        """:return: tools.placing.Rule"""
        self.ensure_one()
        return Rule(
            key=self.id,
            days_from=self.days_from,
            days_to=self.days_to,
            amount_from=Decimal(str(self.amount_from)),
            amount_to=Decimal(str(self.amount_to)),
            segments=frozenset(self.segment_ids.ids),
            regions=frozenset(self.state_ids.ids),
            audience=self.audience if self.audience != "any" else "",
            level=self.level_id.id or None,
        )

    def _get_shares(self):
        """:return: list of cobranca_placement_plan.Share"""
        self.ensure_one()
        return [
            Share(share.agency_id, Decimal(str(round(share.percent, 2))), share.arm or False)
            for share in self.share_ids
        ]

    def _propose(self):
        """Propose what this rule finds today; where it says so, place it at once.

        :return: cobranca.placement.batch, empty where there is nothing to place
        """
        self.ensure_one()
        Plan, Batch = self.env["cobranca.placement.plan"], self.env["cobranca.placement.batch"]
        plan = Plan._make_plan(self.company_id, secrets.token_hex(SEED_BYTES), self)
        if not plan.drafts:
            return Batch
        batch = Batch._create_from(plan)
        if self.is_automatic:
            batch._place_unseen()
        return batch

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_propose(self):
        """Each night: propose what the rules find that are looked at then, each in its transaction."""
        rules = self.search([("is_scheduled", "=", True)])
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(rules))
        for rule in rules.sorted(lambda rule: (rule.company_id.id, rule.sequence, rule.id)):
            own = rule.company_id._cobranca_localize(rule)
            try:
                own._propose()
            except UserError as error:
                self.env.cr.rollback()
                own.message_post(body=own.env._("Nothing was proposed tonight: %(reason)s", reason=error))
            except psycopg2.OperationalError:
                self.env.cr.rollback()
                _logger.info("Rule %s of placement waits for the next night", rule.id, exc_info=True)
            if not progress(1):
                break
