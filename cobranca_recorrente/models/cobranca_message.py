from odoo import api, fields, models
from odoo.exceptions import UserError

from .cobranca_dunning_channel import CHANNELS
from .cobranca_message_states import BEFORE

KINDS = [("reminder", "Reminder"), ("notice", "Collection notice"), ("notification", "Notification")]
STATES = [
    ("review", "To review"),
    ("queued", "To send"),
    ("todo", "To do by hand"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read by the customer"),
    ("undelivered", "Not delivered"),
    ("cancelled", "Cancelled"),
]
REASONS = [
    ("no_server", "No mail server"),
    ("no_creditor", "Company data missing"),
    ("outside_hours", "Outside contact hours"),
    ("retry", "Server busy, tried again"),
    ("paid", "Paid meanwhile"),
    ("held", "Paused meanwhile"),
    ("waiting", "Perhaps paid"),
    ("no_channel", "No way to reach him"),
    ("refused", "Refused by the customer"),
    ("bounced", "Came back"),
    ("failed", "Sending failed"),
    ("expired", "Too old"),
    ("withdrawn", "Taken out by hand"),
]


class CobrancaMessage(models.Model):
    """One attempt to reach a debtor by a channel, about all that he owes; text and amounts stay as they were sent."""

    _name = "cobranca.message"
    _description = "Message to a Debtor"
    _inherit = [
        "cobranca.message.delivery",
        "cobranca.message.actions",
        "cobranca.message.screen",
        "cobranca.message.chosen",
    ]
    _order = "date desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    recipient_id = fields.Many2one(comodel_name="res.partner", required=True, readonly=True, ondelete="restrict")
    address = fields.Char(string="Sent to", readonly=True, help="E-mail or number that was used.")
    date = fields.Date(string="For the day", required=True, readonly=True, index=True)
    policy_id = fields.Many2one(
        comodel_name="cobranca.dunning.policy", string="Ladder", readonly=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level", string="Step", readonly=True, index=True, ondelete="restrict"
    )
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    channel_id = fields.Many2one(comodel_name="cobranca.dunning.channel", readonly=True, ondelete="set null")
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="queued", required=True, readonly=True, index=True)
    reason = fields.Selection(selection=REASONS, readonly=True)
    detail = fields.Text(string="Details", readonly=True)
    send_at = fields.Datetime(string="Not before", readonly=True)
    retry_at = fields.Datetime(string="Tried again", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    amount_on = fields.Date(string="Amounts of", readonly=True)
    amount_original = fields.Monetary(string="Original", readonly=True)
    amount = fields.Monetary(readonly=True, help="With fine, interest, correction and discount of that day.")
    subject = fields.Char(readonly=True)
    body = fields.Text(readonly=True, help="The page as it was sent.")
    text = fields.Text(readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True, index="btree_not_null")
    delivered_at = fields.Datetime(readonly=True)
    read_at = fields.Datetime(readonly=True)
    email_message_id = fields.Char(string="Message-Id", readonly=True, index="btree_not_null")
    mail_id = fields.Many2one(comodel_name="mail.mail", readonly=True, index="btree_not_null", ondelete="set null")
    previous_id = fields.Many2one(
        comodel_name="cobranca.message",
        string="Follows",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The attempt that did not arrive.",
    )
    line_ids = fields.One2many(
        comodel_name="cobranca.message.line", inverse_name="message_id", string="Invoices", readonly=True
    )
    interaction_id = fields.Many2one(
        comodel_name="cobranca.interaction",
        string="Contact",
        readonly=True,
        ondelete="restrict",
        help="The call or conversation by which a person did what this message asked for.",
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity", string="Task", readonly=True, index="btree_not_null", ondelete="set null"
    )
    approved_by_id = fields.Many2one(comodel_name="res.users", string="Approved by", readonly=True)

    _uniq_day = models.UniqueIndex(
        "(company_id, partner_id, currency_id, date) WHERE previous_id IS NULL AND state <> 'cancelled'",
        "This customer has a message of that day already.",
    )
    _uniq_follower = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "That attempt was followed already."
    )
    _queue_idx = models.Index("(send_at, id) WHERE state = 'queued'")
    _debtor_idx = models.Index("(partner_id, company_id, id DESC)")

    # === COMPUTE METHODS === #

    @api.depends("kind", "partner_id", "date", "level_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for message in self:
            message.display_name = " · ".join(
                filter(None, [kinds.get(message.kind), message.partner_id.name, message.level_id.name])
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Messages stay in the register: take out what shall not be sent."))

    # === BUSINESS METHODS === #

    def _update_state(self, target, **values):
        """The one way from state to state, only forward.

        :param target: of STATES
        :param values: other fields to write with it
        :raise UserError: when a message cannot get there any more
        """
        # sudo: messages are written by their own methods only, after the checks of who may
        messages = self.sudo()
        messages.lock_for_update()
        messages._change_state(target, **values)

    def _change_state(self, target, **values):
        """The same for messages that the caller holds locked."""
        if refused := self.filtered(lambda message: message.state not in BEFORE[target]):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(message)s is “%(state)s” already.",
                    message=refused[0].display_name,
                    state=states[refused[0].state],
                )
            )
        self.write({"state": target, **values})
        if target == "cancelled":
            self.activity_id.unlink()
        elif target == "sent" and self.activity_id:
            self.activity_id.action_feedback()
        self.env["cobranca.bureau.listing"]._note_messages(self)
