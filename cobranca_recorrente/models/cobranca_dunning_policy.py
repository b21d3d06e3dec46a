from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import ladder

STATES = [("observing", "Under observation"), ("active", "Running"), ("paused", "On hold")]
ENTRIES = [
    (ladder.CURRENT, "At the step of their delay"),
    (ladder.FIRST, "At the first step"),
    (ladder.CHOSEN, "At a chosen step"),
    (ladder.NONE, "Not at all: only what falls due from then on"),
]
RULES = [
    (ladder.NEXT, "On the next business day"),
    (ladder.PREVIOUS, "On the business day before"),
    (ladder.SAME, "On that very day"),
]
PAYMENTS = [("any", "However they pay"), ("automatic", "By automatic debit or card"), ("manual", "By their own doing")]
AUDIENCES = [("any", "Persons and companies"), ("person", "Persons"), ("company", "Companies")]


class CobrancaDunningPolicy(models.Model):
    """A ladder of reminders: for whom, how often at most, and its steps."""

    _name = "cobranca.dunning.policy"
    _description = "Dunning Ladder"
    _inherit = ["cobranca.dunning.choice", "cobranca.dunning.screen", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        selection=STATES, default="observing", required=True, readonly=True, copy=False, tracking=True
    )
    date_from = fields.Date(string="Runs from", readonly=True, copy=False, tracking=True)
    entry_rule = fields.Selection(
        selection=ENTRIES,
        string="Late invoices enter",
        default=ladder.CURRENT,
        required=True,
        tracking=True,
        help="At which step an invoice begins that was late before it got any notice.",
    )
    entry_level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level", string="Step of entry", copy=False, domain="[('policy_id', '=', id)]"
    )

    audience = fields.Selection(selection=AUDIENCES, string="For", default="any", required=True)
    payment = fields.Selection(selection=PAYMENTS, string="Who pay", default="any", required=True)
    segment_ids = fields.Many2many(
        comodel_name="cobranca.payer.segment", string="Payer segments", ondelete="restrict", help="Empty: any."
    )
    category_ids = fields.Many2many(
        comodel_name="res.partner.category", string="Customer tags", ondelete="restrict", help="Empty: any."
    )
    template_ids = fields.Many2many(
        comodel_name="cobranca.contract.template",
        string="Contract templates",
        ondelete="restrict",
        help="Invoices of contracts made by one of these templates. Empty: any invoice.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Customers", ondelete="restrict", help="Empty: any."
    )
    min_amount = fields.Monetary(string="Owes at least", help="All that is open of the customer. 0 asks nothing.")
    max_amount = fields.Monetary(string="Owes at most", help="All that is open of the customer. 0 asks nothing.")

    min_days_between = fields.Integer(
        string="Days between contacts",
        default=3,
        tracking=True,
        help="At least so many days after the last contact, whatever its channel; calls of collectors count.",
    )
    max_per_week = fields.Integer(
        string="Contacts a week at most", default=2, tracking=True, help="In any seven days. 0 = no limit but the days."
    )
    business_day_rule = fields.Selection(
        selection=RULES, string="Steps on days without banks", default=ladder.NEXT, required=True, tracking=True
    )
    send_hour = fields.Float(
        string="Sent at", default=9.0, tracking=True, help="By the customer's clock, never outside his contact hours."
    )
    level_ids = fields.One2many(
        comodel_name="cobranca.dunning.level", inverse_name="policy_id", string="Steps", copy=True
    )

    _check_limits = models.Constraint(
        "CHECK (min_days_between BETWEEN 1 AND 60 AND max_per_week BETWEEN 0 AND 7 AND send_hour BETWEEN 0 AND 23.99)",
        "Between two contacts there are 1 to 60 days, in a week at most 7; hours go from 0 to 23:59.",
    )
    _check_amounts = models.Constraint(
        "CHECK (min_amount >= 0 AND max_amount >= 0 AND (max_amount = 0 OR min_amount <= max_amount))",
        "Amounts are zero or more, and “at least” is not above “at most”.",
    )

    # === CONSTRAINTS === #

    @api.constrains("entry_rule", "entry_level_id", "level_ids")
    def _check_entry_level(self):
        for policy in self:
            level = policy.entry_level_id
            if policy.entry_rule == ladder.CHOSEN and (
                level.policy_id != policy or level.is_before or not level.active
            ):
                raise ValidationError(self.env._("Choose the step, after the due date, at which late invoices enter."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create([{**values, "state": "observing"} for values in vals_list])

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise AccessError(self.env._("Start and pause a ladder with its buttons."))
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: what was sent by a ladder is kept, whoever may see it
        if self.env["cobranca.dunning.notice"].sudo().search_count([("level_id.policy_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Customers were reminded by this ladder: archive it instead."))

    def copy_data(self, default=None):
        """A copy says that it is one, and is observed first."""
        copies = super().copy_data(default)
        for record, values in zip(self, copies, strict=True):
            if "name" not in (default or {}) and values["company_id"] == record.company_id.id:
                values["name"] = self.env._("%(name)s (copy)", name=record.name)
        for values in copies:
            if values.get("entry_rule") == ladder.CHOSEN:
                values["entry_rule"] = ladder.CURRENT
        return copies

    # === ACTIONS === #

    def action_pause(self):
        """Send nothing more until the ladder is started again; what waits to be sent waits."""
        self._update_state(("active",), "paused")
        return True

    # === BUSINESS METHODS === #

    def _start(self, date, entry_rule, entry_level=None):
        """Let ladders send from a day on.

        :param date date: first day, today or later
        :param entry_rule: of ENTRIES, for what is late already
        :param entry_level: cobranca.dunning.level, for a chosen step
        :raise UserError: for a day in the past, or while messages of the company would lack what the law asks for
        """
        for policy in self:
            if not policy.level_ids:
                raise UserError(self.env._("%(ladder)s has no steps: add the first one.", ladder=policy.name))
            if date < policy.company_id._cobranca_today():
                raise UserError(self.env._("A ladder starts today or later: choose another day."))
            if gap := policy.company_id._cobranca_get_creditor_gap():
                raise UserError(gap)
            policy._update_state(("observing", "paused"), "active")
            policy.sudo().write(  # sudo: state and start are written by this method only, after the check of who may
                {
                    "date_from": date,
                    "entry_rule": entry_rule,
                    "entry_level_id": entry_level.id if entry_level and entry_rule == ladder.CHOSEN else False,
                }
            )

    def _update_state(self, allowed, target):
        """The one way from state to state.

        :raise AccessError: for who is no manager
        :raise UserError: when the ladder is in no state from which this is possible
        """
        self.check_access("write")
        self.lock_for_update()
        if refused := self.filtered(lambda policy: policy.state not in allowed):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("%(ladder)s is “%(state)s” already.", ladder=refused[0].name, state=states[refused[0].state])
            )
        self.sudo().write({"state": target})  # sudo: `write` refuses it to people
