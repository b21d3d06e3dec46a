from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import card

STATES = [
    ("claimed", "Being charged"),
    ("unknown", "Answer lost"),
    ("pending", "In progress"),
    ("done", "Charged"),
    ("refused", "Declined"),
    ("cancelled", "Not charged"),
]
CLASSES = [
    (card.HARD, "This card, never again"),
    (card.SOFT, "Perhaps on another day"),
    (card.UNKNOWN, "No reason told"),
]
LIVE = ("claimed", "unknown", "pending")
# What an answer may still change; an answer never opens anything again.
NEXT = {
    "claimed": ("unknown", "pending", "done", "refused", "cancelled"),
    "unknown": ("pending", "done", "refused", "cancelled"),
    "pending": ("unknown", "done", "refused", "cancelled"),
    "refused": ("done",),
    "cancelled": ("done",),
}
OF_TRANSACTION = {"pending": "pending", "authorized": "pending", "done": "done"}
OF_TRANSACTION |= {"error": "refused", "cancel": "refused"}


class CobrancaCardCharge(models.Model):
    """One charge of a card: what was asked of the payment provider, and what became of it.

    It is claimed and committed before the provider is called. Whatever happens then, these debts are not charged
    again before somebody knows: a lost answer is no refusal.
    """

    _name = "cobranca.card.charge"
    _description = "Card Charge"
    _inherit = ["cobranca.card.answer"]
    _order = "id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    mandate_id = fields.Many2one(
        comodel_name="cobranca.card.mandate",
        string="Authorisation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    quote_id = fields.Many2one(
        comodel_name="cobranca.payment.quote", string="Amount to pay", readonly=True, ondelete="restrict"
    )
    transaction_id = fields.Many2one(
        comodel_name="payment.transaction",
        readonly=True,
        index=True,
        ondelete="restrict",
        groups="account.group_account_invoice",
    )
    reference = fields.Char(readonly=True, help="By it the payment provider finds this charge.")
    date = fields.Date(string="Charged on", required=True, readonly=True, index=True)
    amount = fields.Monetary(required=True, readonly=True)
    charge_line_ids = fields.One2many(
        comodel_name="cobranca.card.charge.line", inverse_name="charge_id", string="Debts", readonly=True
    )
    move_ids = fields.Many2many(comodel_name="account.move", string="Invoices", compute="_compute_move_ids")
    state = fields.Selection(selection=STATES, default="claimed", required=True, readonly=True, index=True)
    claimed_at = fields.Datetime(string="Begun on", required=True, readonly=True)
    answered_at = fields.Datetime(string="Answered on", readonly=True)
    decline_class = fields.Selection(selection=CLASSES, string="Kind of refusal", readonly=True)
    message = fields.Char(string="What the card company says", readonly=True)
    next_on = fields.Date(string="Charged again on", compute="_compute_next_on")
    explanation = fields.Char(string="What happens now", compute="_compute_explanation")
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Looked up by", readonly=True)
    is_to_tell = fields.Boolean(
        string="To be told", readonly=True, help="The customer, or who works with him, still has to be told."
    )

    _unanswered_idx = models.Index("(claimed_at) WHERE state = 'claimed'")
    _to_tell_idx = models.Index("(id) WHERE is_to_tell")

    # === COMPUTE METHODS === #

    @api.depends("charge_line_ids.line_id")
    def _compute_move_ids(self):
        for charge in self:
            charge.move_ids = charge.charge_line_ids.line_id.move_id

    @api.depends("charge_line_ids.next_on")
    def _compute_next_on(self):
        for charge in self:
            charge.next_on = min(charge.charge_line_ids.filtered("next_on").mapped("next_on"), default=False)

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for charge in self:
            day = charge.date and format_date(self.env, charge.date) or ""
            charge.display_name = f"{charge.partner_id.name or ''} · {day}"

    @api.depends("state", "decline_class", "charge_line_ids.next_on")
    def _compute_explanation(self):
        for charge in self:
            charge.explanation = charge._explain()

    def _explain(self):
        """What became of a charge, and what follows from it: one sentence for who looks at it."""
        if self.state == "unknown":
            return self.env._(
                "The answer was lost: nobody knows whether the card was charged. Ask the provider, or look there for "
                "%(reference)s; until then nothing of this is charged again.",
                reference=self.reference or "",
            )
        if self.state == "refused" and self.next_on:
            return self.env._(
                "Refused: charged again on %(date)s, with the amount of that day.",
                date=format_date(self.env, self.next_on),
            )
        if self.state == "refused" and self.decline_class == card.HARD:
            return self.env._("Refused for good: the customer was asked for another card; the ladder goes on.")
        return {
            "claimed": self.env._("The provider is being asked."),
            "pending": self.env._("The provider has accepted the charge and tells the result later."),
            "done": self.env._("Paid. The payment settles these invoices."),
            "refused": self.env._("Refused, and not tried again: the customer was told; the ladder goes on."),
            "cancelled": self.message or self.env._("The provider was not asked, or did not charge."),
        }.get(self.state, "")

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Card charges stay in the register."))

    # === ACTIONS === #

    def action_ask(self):
        """Ask the provider what became of charges whose answer was lost.

        :raise UserError: for a provider that cannot be asked, with where to look
        """
        self._check_may_decide()
        for charge in self.sudo():  # sudo: written by methods only, after the check of who decides
            transaction = charge.transaction_id
            if not transaction._cobranca_ask_provider():
                raise UserError(
                    self.env._(
                        "%(provider)s gives no answer to that. Look for %(reference)s at its site, then say here "
                        "whether the card was charged.",
                        provider=transaction.provider_id.name,
                        reference=transaction.reference,
                    )
                )
            charge._follow()
            if charge.state == "done":
                transaction._post_process()
        return True

    def action_was_charged(self):
        """Somebody looked at the provider's: the card was charged."""
        self._check_may_decide()
        for charge in self.sudo():  # sudo: written by methods only, after the check of who decides
            charge.transaction_id._set_done(state_message=self.env._("Looked up at the provider's."))
            charge._follow()
            charge.decided_by_id = self.env.uid
            charge.transaction_id._post_process()
        return True

    def action_was_not_charged(self):
        """Somebody looked at the provider's: the card was not charged. It may be charged again."""
        self._check_may_decide()
        for charge in self.sudo():  # sudo: written by methods only, after the check of who decides
            reason = self.env._("Looked up at the provider's: the card was not charged.")
            charge._move("cancelled", message=reason)
            charge.decided_by_id = self.env.uid
            charge.transaction_id._set_canceled(state_message=reason)
        return True

    def _check_may_decide(self):
        """:raise UserError: for a charge whose answer is not lost"""
        self.check_access("read")
        records = self.sudo()  # sudo: collectors may not write charges; these methods do, after this check
        records.lock_for_update()
        records.invalidate_recordset(["state"])
        if any(charge.state not in ("unknown", "pending") for charge in records):
            raise UserError(self.env._("This charge has its answer already."))

    # === BUSINESS METHODS === #

    def _move(self, state, **values):
        """Bring a locked charge into its next state; what an answer may not change stays.

        :return: bool, was it changed?
        """
        self.ensure_one()
        if state not in NEXT.get(self.state, ()):
            return False
        # What was given up and is paid after all keeps its place free: another try may have it by now.
        before, is_counted = self.state, "cancelled" not in (self.state, state)
        self.write({"state": state, "answered_at": fields.Datetime.now(), **values})
        if before == "unknown":
            self._close_activity()
        self.charge_line_ids.write({"is_live": state in LIVE, "is_counted": is_counted, "next_on": False})
        self.env["cobranca.case.touch"]._touch(self.company_id, self.partner_id)
        return True

    def _drop(self, reason):
        """The provider was not called: these debts are free again.

        :param str reason: in words, for who looks at it
        """
        for charge in self:
            if charge._move("cancelled", message=reason):
                charge.transaction_id._set_canceled(state_message=reason)

    def _lose(self, message=""):
        """Nobody knows whether these cards were charged: their transactions wait, so that nobody is reminded."""
        for charge in self:
            if charge._move("unknown", message=message or False, is_to_tell=True):
                charge.transaction_id._set_pending(state_message=message or None)

    def _follow(self):
        """Take over what the provider told of the transactions of these charges."""
        for charge in self:
            transaction = charge.transaction_id
            state = OF_TRANSACTION.get(transaction.state)
            if not state or charge.state == "unknown" and state == "pending":
                continue  # a lost answer stays lost: its transaction only waits
            if state == "refused" and charge.state == "cancelled":
                continue
            message = (transaction.state_message or "").strip() if state == "refused" else False
            if charge._move(state, message=message) and state == "refused":
                charge._plan_retry(transaction._cobranca_get_decline_class())
