from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from .cobranca_offer_authority import ROLES

STATES = [("waiting", "To decide"), ("approved", "Approved"), ("refused", "Refused"), ("withdrawn", "Withdrawn")]


class CobrancaOfferApproval(models.Model):
    """Somebody asks to concede more than he may; who may decides, and never who asked.

    Written by these methods only. What was offered is kept as it was when it was asked for.
    """

    _name = "cobranca.offer.approval"
    _description = "Approval of an Offer"
    _inherit = [
        "cobranca.offer.approval.people",
        "cobranca.offer.approval.proposal",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "state_order, id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    version_id = fields.Many2one(
        comodel_name="cobranca.offer.policy.version",
        string="Policy",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    rule_id = fields.Many2one(
        comodel_name="cobranca.offer.rule", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    requested_by_id = fields.Many2one(comodel_name="res.users", string="Asked by", required=True, readonly=True)
    requested_on = fields.Date(string="Asked on", required=True, readonly=True)
    role = fields.Selection(selection=ROLES, string="To be decided by", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    excess_text = fields.Text(string="Beyond the limits", required=True, readonly=True)
    offer_text = fields.Text(string="Offer", required=True, readonly=True)
    before = fields.Monetary(string="Debts today", readonly=True, aggregator=None)
    conceded = fields.Monetary(string="Discount", readonly=True)
    total = fields.Monetary(string="Customer pays", readonly=True)
    state = fields.Selection(selection=STATES, default="waiting", required=True, readonly=True, tracking=True)
    state_order = fields.Integer(compute="_compute_state_order", store=True, aggregator=None)
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    is_own_decision = fields.Boolean(
        string="Decided by who asked", readonly=True, help="Possible only where the company has no other manager."
    )
    note = fields.Text(string="Reason of the decision", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")

    _waiting_idx = models.Index("(company_id) WHERE state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends("state")
    def _compute_state_order(self):
        for approval in self:
            approval.state_order = 0 if approval.state == "waiting" else 1

    @api.depends("partner_id.name", "conceded")
    def _compute_display_name(self):
        for approval in self:
            amount = approval.currency_id.format(approval.conceded)
            approval.display_name = f"{approval.partner_id.name or ''} · − {amount}"

    @api.depends("state", "role", "requested_by_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for approval in self:
            is_waiting = approval.state == "waiting"
            approval.can_decide = is_waiting and not approval._find_obstacle()
            approval.can_withdraw = is_waiting and approval.requested_by_id == self.env.user

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was asked for and decided stays in the register."))

    # === ACTIONS === #

    def action_approve(self):
        """Allow these offers."""
        self._approve()
        return True

    def action_refuse(self):
        """Open the dialog that asks for the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse · %(offer)s", offer=self.display_name),
            "res_model": "cobranca.offer.approval.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_approval_id": self.id},
        }

    def action_withdraw(self):
        """Who asked for these does not want them any more."""
        self._withdraw()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _request(self, company, partner, plan, found, date, reason, **values):
        """Ask for an offer that goes beyond the limits of the current user.

        :param company: res.company
        :param partner: res.partner, the debtor
        :param tools.plan.Plan plan: the offer
        :param found: cobranca_offer_engine.Found, what counted for it
        :param date date: of the offer
        :param str reason: why it should be allowed
        :param values: of further fields
        :return: cobranca.offer.approval
        :raise AccessError: for people who do not negotiate
        :raise UserError: without a reason, or for an offer that needs nobody
        """
        Engine = self.env["cobranca.offer.engine"]
        if not Engine._get_role():
            raise AccessError(self.env._("Only people of Cobrança negotiate with customers."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the offer should be allowed: who decides reads it."))
        verdict = Engine._judge(company, found, plan, date)
        if not verdict.excesses:
            raise UserError(self.env._("This offer is within your limits: send it without asking."))
        # sudo: the register is written by these methods only, after the checks above
        approval = self.sudo().create(
            {
                **self._prepare_offer_values(company, plan, found, verdict),
                "partner_id": partner.commercial_partner_id.id,
                "requested_by_id": self.env.uid,
                "requested_on": date,
                "reason": reason.strip(),
                **values,
            }
        )
        approval._ask_people()
        return approval.with_env(self.env)

    @api.model
    def _prepare_offer_values(self, company, plan, found, verdict):
        """What is kept of the offer itself."""
        Words = self.env["cobranca.offer.words"]
        rule = found.rule.sudo()  # sudo: which rule it was, whoever asks
        return {
            "company_id": company.id,
            "version_id": rule.version_id.id,
            "rule_id": rule.id,
            "role": verdict.role,
            "excess_text": "\n".join(verdict.texts),
            "offer_text": "\n".join(Words._describe_plan(plan, company.currency_id)),
            "before": float(plan.before),
            "conceded": float(sum(plan.given.values())),
            "total": float(plan.total),
        }

    def _approve(self, note=False):
        """Allow these offers.

        :param str note: for who asked
        :raise AccessError: for who may not decide, or asked himself
        :raise UserError: when one is decided already
        """
        self._decide("approved", note)

    def _refuse(self, reason):
        """Do not allow these offers.

        :param str reason: for who asked
        :raise AccessError: for who may not decide, or asked himself
        :raise UserError: without a reason, or when one is decided already
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason: who asked is told so."))
        self._decide("refused", reason)

    def _decide(self, state, note):
        approvals = self._lock_waiting()
        for approval in self:
            if obstacle := approval._find_obstacle():
                raise AccessError(obstacle)
        for approval in approvals:
            approval._close(state, note, is_own=approval.requested_by_id == self.env.user)
            approval._tell_decision()

    def _withdraw(self, reason=False):
        """Take requests back, as who asked for them or when their offers came to nothing.

        :param str reason: kept with them
        :raise AccessError: for somebody else who may not decide either
        :raise UserError: when one is decided already
        """
        approvals = self._lock_waiting()
        for approval in self:
            if approval.requested_by_id != self.env.user and not self.env.su and approval._find_obstacle():
                raise AccessError(self.env._("Only who asked for it takes it back."))
        for approval in approvals:
            approval._close("withdrawn", reason)

    def _lock_waiting(self):
        """These approvals with the right to write, locked.

        :raise UserError: when one is decided already, or just being decided
        """
        self.check_access("read")
        approvals = self.sudo()  # sudo: the register is written by these methods only, which check who calls
        try:
            approvals.lock_for_update()
        except LockError:
            raise UserError(
                self.env._("Somebody else decides on this at this moment: reload the page to see how.")
            ) from None
        approvals.invalidate_recordset(["state"])
        if approvals.filtered(lambda approval: approval.state != "waiting"):
            raise UserError(self.env._("This was decided already: reload the page to see how."))
        return approvals

    def _close(self, state, note=False, is_own=False):
        self.write(
            {
                "state": state,
                "note": (note or "").strip() or False,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "is_own_decision": is_own,
            }
        )
        self._end_asking()
        self._on_decided()
