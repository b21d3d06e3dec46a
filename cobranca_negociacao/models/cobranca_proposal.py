from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from .cobranca_offer_rule import METHODS

STATES = [
    ("waiting_approval", "Waiting for approval"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("countered", "Followed by another one"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
]
OPEN = ("waiting_approval", "sent")
# From which states each one is reached: what has ended stays as it ended.
BEFORE = {
    "sent": ("waiting_approval",),
    "accepted": ("sent",),
    "refused": OPEN,
    "countered": OPEN,
    "expired": OPEN,
    "withdrawn": OPEN,
}
CHANNELS = [("email", "E-mail"), ("call", "Told by phone"), ("portal", "Page of payments")]
KINDS = [("cash", "Cash"), ("short", "Few installments"), ("long", "Many installments")]
KINDS += [("fit", "Fits the pocket"), ("own", "Made by hand")]


class CobrancaProposal(models.Model):
    """One offer to a customer: how much of his debts is conceded, what he pays and when, until which day it stands.

    Written when it is sent, or when approval is asked for; what was offered is never changed afterwards.
    """

    _name = "cobranca.proposal"
    _description = "Proposal of an Agreement"
    _inherit = [
        "cobranca.proposal.placement",
        "cobranca.proposal.life",
        "cobranca.proposal.acceptance",
        "cobranca.proposal.approval",
        "cobranca.proposal.sending",
        "cobranca.proposal.term",
        "cobranca.proposal.online",
        "cobranca.proposal.outside",
        "cobranca.proposal.words",
        "cobranca.proposal.plan",
        "cobranca.message.text",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    recipient_id = fields.Many2one(comodel_name="res.partner", string="Sent to", readonly=True, ondelete="restrict")
    address = fields.Char(readonly=True, help="E-mail that was used.")
    channel = fields.Selection(selection=CHANNELS, string="How it is told", required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Made by", required=True, readonly=True, index=True)
    role = fields.Selection(
        selection="_selection_role",
        string="In the role of",
        required=True,
        readonly=True,
        help="Whose authority counted when it was made.",
    )
    state = fields.Selection(selection=STATES, required=True, readonly=True, index=True)
    state_reason = fields.Char(string="Why", readonly=True, help="Why it has ended.")
    closed_at = fields.Datetime(string="Ended on", readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    group_key = fields.Char(
        string="Sent together", required=True, readonly=True, index=True, help="Alternatives of which one is accepted."
    )
    counter_of_id = fields.Many2one(
        comodel_name="cobranca.proposal",
        string="Counter-offer to",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    rule_id = fields.Many2one(
        comodel_name="cobranca.offer.rule",
        string="Rule of the policy",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    explanation = fields.Text(string="Policy and authority", readonly=True)
    approval_id = fields.Many2one(
        comodel_name="cobranca.offer.approval",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What became of it.",
    )
    amount_on = fields.Date(string="Amounts of", required=True, readonly=True)
    expires_on = fields.Date(
        string="Stands until",
        required=True,
        readonly=True,
        index=True,
        help="The end of this day where the company is; no later than the first payment.",
    )
    before = fields.Monetary(string="Amount of that day", readonly=True)
    given_fine = fields.Monetary(string="Discount on the fine", readonly=True)
    given_interest = fields.Monetary(string="Discount on interest", readonly=True)
    given_correction = fields.Monetary(string="Discount on correction", readonly=True)
    given_principal = fields.Monetary(string="Discount on the principal", readonly=True)
    given = fields.Monetary(string="Discount", readonly=True)
    agreed = fields.Monetary(string="Agreed amount", readonly=True)
    financing = fields.Monetary(string="Interest of the installments", readonly=True)
    fee = fields.Monetary(string="Collection fees of the agency", readonly=True)
    fee_percent = fields.Float(string="Collection fees (%)", digits=(5, 2), readonly=True, aggregator=None)
    amount = fields.Monetary(string="Total", readonly=True)
    down = fields.Monetary(string="Down payment", readonly=True)
    count = fields.Integer(string="Installments", readonly=True, aggregator=None)
    installment = fields.Monetary(string="Amount of an installment", readonly=True, aggregator=None)
    method = fields.Selection(selection=METHODS, string="Interest method", required=True, readonly=True)
    rate = fields.Float(string="Interest a month (%)", digits=(16, 4), readonly=True, aggregator=None)
    first_date = fields.Date(string="First payment", required=True, readonly=True)
    last_date = fields.Date(string="Last payment", required=True, readonly=True)
    terms = fields.Json(readonly=True, help="What was conceded, to the last decimal.")
    line_ids = fields.One2many(
        comodel_name="cobranca.proposal.debt", inverse_name="proposal_id", string="Debts", readonly=True
    )
    installment_ids = fields.One2many(
        comodel_name="cobranca.proposal.installment", inverse_name="proposal_id", string="Payments", readonly=True
    )
    alternative_count = fields.Integer(string="Alternatives", compute="_compute_alternative_count")

    _check_amounts = models.Constraint(
        """CHECK (amount > 0 AND agreed > 0 AND given >= 0 AND fee >= 0 AND before = agreed + given
            AND amount = agreed + financing + fee)""",
        "The figures of a proposal add up, and something is to be paid.",
    )
    _check_expiry = models.Constraint(
        "CHECK (expires_on <= first_date AND first_date <= last_date)",
        "A proposal stands until its first payment at most.",
    )
    _check_end = models.Constraint(
        "CHECK ((closed_at IS NOT NULL) = (state NOT IN ('waiting_approval', 'sent')))",
        "A proposal that has ended says when.",
    )
    _uniq_name = models.UniqueIndex("(company_id, name)", "Numbers of proposals are given once.")
    _uniq_accepted = models.UniqueIndex(
        "(company_id, group_key) WHERE state = 'accepted'", "One of the proposals sent together was accepted already."
    )
    _uniq_agreement = models.UniqueIndex(
        "(agreement_id) WHERE agreement_id IS NOT NULL", "An agreement comes from one proposal."
    )
    _open_idx = models.Index("(company_id, expires_on) WHERE state IN ('waiting_approval', 'sent')")

    # === COMPUTE METHODS === #

    @api.model
    def _selection_role(self):
        """Those of the authorities, which later addons add to."""
        return self.env["cobranca.offer.authority"]._fields["role"]._description_selection(self.env)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " · ".join(filter(None, [record.name, record.partner_id.name]))

    @api.depends("group_key")
    def _compute_alternative_count(self):
        rows = self._read_group([("group_key", "in", self.mapped("group_key"))], ["group_key"], ["__count"])
        counts = dict(rows)
        for record in self:
            record.alternative_count = max(counts.get(record.group_key, 0) - 1, 0)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Proposals stay in the register: withdraw what does not count any more."))

    # === ACTIONS === #

    def action_counter(self):
        """Open the simulation for a counter-offer over the same debts."""
        self.ensure_one()
        return self.env["cobranca.proposal.desk"]._get_action(self.partner_id, self.line_ids.line_id, counter_of=self)

    def action_withdraw(self):
        """Ask why it is taken back."""
        return self._open_close("withdrawn")

    def action_refuse(self):
        """Ask what the customer said."""
        return self._open_close("refused")

    def action_agreement(self):
        """Open what became of it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cobranca.agreement",
            "res_id": self.agreement_id.id,
            "views": [(False, "form")],
        }

    def action_alternatives(self):
        """Open what was sent together with it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sent together"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("group_key", "=", self.group_key)],
        }

    # === BUSINESS METHODS === #

    def _open_close(self, target):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw proposal") if target == "withdrawn" else self.env._("The customer refuses"),
            "res_model": "cobranca.proposal.close",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_proposal_id": self.id, "default_target": target},
        }

    def _update_state(self, target, reason=False, **values):
        """The one way from state to state.

        :param target: of STATES
        :param reason: for people, why it has ended
        :param values: other fields to write with it
        :raise UserError: for a proposal that cannot get there any more
        """
        # sudo: proposals are written by their own methods only, after the checks of who may
        records = self.sudo()
        records._hold()
        records._change_state(target, reason, **values)

    def _hold(self):
        """Keep these for this transaction.

        :raise UserError: while somebody else accepts, sends or withdraws one of them
        """
        try:
            self.lock_for_update()
        except LockError:
            raise UserError(
                self.env._(
                    "Somebody else works on this proposal at this moment: load the page again to see how it stands."
                )
            ) from None

    def _change_state(self, target, reason=False, **values):
        """The same for proposals that the caller holds locked, with the rights of the system."""
        if stopped := self.filtered(lambda record: record.state not in BEFORE[target]):
            raise UserError(stopped[0]._get_ended_text())
        if target not in OPEN:
            values = {"state_reason": reason, "closed_at": fields.Datetime.now(), **values}
        self.write({"state": target, **values})
        for company, ended in self.grouped("company_id").items():
            self.env["cobranca.case.touch"]._touch(company, ended.partner_id)
