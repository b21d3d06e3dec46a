import secrets
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import ladder

TRIGGERS = [
    (ladder.DAYS, "Days from the due date"),
    ("broken_promise", "Promise broken"),
    ("bounced_payment", "Payment charged back"),
    ("returned_mail", "E-mail came back"),
]
TONES = [("light", "Light"), ("cordial", "Cordial"), ("firm", "Firm"), ("formal", "Formal")]
SEED_BYTES = 8


class CobrancaDunningLevel(models.Model):
    """A step of a ladder: when it is taken, by which channels, and what else is done then."""

    _name = "cobranca.dunning.level"
    _description = "Step of a Dunning Ladder"
    _inherit = ["cobranca.dunning.effect", "cobranca.dunning.action", "cobranca.dunning.preview"]
    _order = "policy_id, is_event, days, id"
    _check_company_auto = True

    policy_id = fields.Many2one(
        comodel_name="cobranca.dunning.policy", string="Ladder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    trigger = fields.Selection(selection=TRIGGERS, default=ladder.DAYS, required=True)
    is_event = fields.Boolean(compute="_compute_is_event", store=True, precompute=True)
    days = fields.Integer(help="Days from the due date; negative before it.", aggregator=None)
    is_before = fields.Boolean(compute="_compute_is_before")
    tone = fields.Selection(selection=TONES, default="cordial", required=True)
    min_amount = fields.Monetary(
        string="Minimum amount", help="Customers who owe less are left out of this step. 0 = nobody is."
    )
    is_reviewed = fields.Boolean(
        string="Reviewed before it is sent", help="Each message waits until a person has looked at it."
    )
    playbook_id = fields.Many2one(
        comodel_name="cobranca.playbook", check_company=True, help="What to say when somebody calls at this step."
    )
    channel_ids = fields.One2many(
        comodel_name="cobranca.dunning.channel", inverse_name="level_id", string="Channels", copy=True
    )
    action_ids = fields.Many2many(
        comodel_name="ir.actions.server",
        relation="cobranca_dunning_level_action_rel",
        column1="level_id",
        column2="action_id",
        string="Also do",
        domain="[('cobranca_is_dunning', '=', True)]",
        help="Run on the customers in collection who reach this step, once each time.",
    )
    control_percent = fields.Float(
        string="Control group (%)",
        digits=(16, 1),
        help="So many of a hundred customers, drawn at random, get nothing at this step: what the step is worth shows "
        "beside them. Never before the due date.",
    )
    control_seed = fields.Char(
        default=lambda self: secrets.token_hex(SEED_BYTES), required=True, readonly=True, copy=False
    )

    _uniq_days = models.UniqueIndex(
        "(policy_id, days) WHERE trigger = 'days' AND active", "There is a step on that day already."
    )
    _uniq_event = models.UniqueIndex(
        "(policy_id, trigger) WHERE trigger <> 'days' AND active", "There is a step for that event already."
    )
    _check_bounds = models.Constraint(
        "CHECK (days BETWEEN -60 AND 3650 AND min_amount >= 0 AND control_percent BETWEEN 0 AND 50)",
        "Steps lie from 60 days before to ten years after the due date; a control group has 50 % at most.",
    )

    # === COMPUTE METHODS === #

    @api.depends("trigger")
    def _compute_is_event(self):
        for level in self:
            level.is_event = level.trigger != ladder.DAYS

    @api.depends("trigger", "days")
    def _compute_is_before(self):
        for level in self:
            level.is_before = level.trigger == ladder.DAYS and level.days <= 0

    @api.depends("name", "trigger", "days")
    def _compute_display_name(self):
        triggers = dict(self._fields["trigger"]._description_selection(self.env))
        for level in self:
            when = triggers.get(level.trigger) if level.is_event else level._get_day_label()
            level.display_name = f"{when} · {level.name or ''}"

    # === CONSTRAINTS === #

    @api.constrains("channel_ids", "active")
    def _check_channels(self):
        for level in self:
            if level.active and not level.channel_ids:
                raise ValidationError(
                    self.env._("%(step)s: choose at least one channel, or archive the step.", step=level.display_name)
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: what was sent by a step is kept, whoever may see it
        if self.env["cobranca.dunning.notice"].sudo().search_count(Domain("level_id", "in", self.ids), limit=1):
            raise UserError(self.env._("Customers were reminded by this step: archive it instead."))

    # === BUSINESS METHODS === #

    def _get_day_label(self):
        """D−3, D, D+15."""
        self.ensure_one()
        if not self.days:
            return self.env._("Due day")
        return f"D{'+' if self.days > 0 else '−'}{abs(self.days)}"

    def _get_kind(self):
        """What a message of this step is: reminder before due, notice after it, notification when formal."""
        self.ensure_one()
        if self.is_before:
            return "reminder"
        return "notification" if self.tone == "formal" else "notice"

    def _get_step(self):
        """:return: tools.ladder.Level"""
        self.ensure_one()
        return ladder.Level(
            key=self.id,
            trigger=self.trigger,
            days=None if self.is_event else self.days,
            min_amount=Decimal(str(self.min_amount)),
            channels=tuple((row.channel, row.id) for row in self.channel_ids),
            control_percent=self.control_percent,
            control_seed=self.control_seed,
        )
