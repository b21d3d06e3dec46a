from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize_all

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
# Fields written only by methods: by hand they would send twice, or hide an invoice nobody received.
GUARDED_PREFIXES = ("cobranca_delivery_", "cobranca_nfse_")
# The journal entry itself does not change: nothing of it is checked or computed anew.
ASIDE = {
    "skip_invoice_sync": True,
    "skip_is_manually_modified": True,
    "check_move_validity": False,
    "tracking_disable": True,
}
DELIVERY_CRONS = ("ir_cron_cobranca_invoice_delivery", "ir_cron_cobranca_invoice_delivery_2")


class CobrancaMoveDelivery(models.AbstractModel):
    """Delivery of an invoice: whether its customer has received it, and why not."""

    _name = "cobranca.move.delivery"
    _description = "Delivery of an Invoice"

    cobranca_delivery_state = fields.Selection(
        selection=[
            ("none", "Not sent"),
            ("to_send", "To send"),
            ("sent", "Sent"),
            ("undelivered", "Not delivered"),
        ],
        string="Delivery",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
    )
    cobranca_delivery_reason = fields.Selection(
        selection=[
            ("retry", "Mail server busy"),
            ("no_address", "No e-mail address"),
            ("bounced", "Returned by the mailbox"),
            ("failed", "Sending failed"),
            ("paid", "Paid before it was sent"),
            ("cancelled", "Cancelled before it was sent"),
            ("reversed", "Credited before it was sent"),
            ("withdrawn", "Taken out by hand"),
        ],
        string="Reason",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
    )
    cobranca_delivery_detail = fields.Text(
        string="Details",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
        help="What the mail server answered, or what was noted by hand.",
    )
    cobranca_delivery_channel = fields.Selection(
        selection=[
            ("email", "E-mail"),
            ("phone", "Phone or WhatsApp"),
            ("portal", "Portal link"),
            ("letter", "Letter"),
            ("hand", "Handed over"),
        ],
        string="Delivered by",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
    )
    cobranca_delivery_date = fields.Datetime(string="Delivered on", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_delivery_email = fields.Char(string="Sent to", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_delivery_attempts = fields.Integer(
        string="Attempts", readonly=True, copy=False, aggregator=None, groups=COLLECTOR
    )
    cobranca_delivery_retry_at = fields.Datetime(string="Next attempt", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_delivery_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Message of the delivery",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=COLLECTOR,
    )
    cobranca_recipient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Recipient",
        compute="_compute_cobranca_recipient_id",
        compute_sudo=True,
        groups=COLLECTOR,
    )
    cobranca_recipient_email = fields.Char(
        string="E-mail of the recipient",
        compute="_compute_cobranca_recipient_id",
        compute_sudo=True,
        groups=COLLECTOR,
    )

    _cobranca_delivery_idx = models.Index(
        "(cobranca_delivery_state, id) WHERE cobranca_delivery_state IN ('to_send', 'undelivered')"
    )

    # === COMPUTE METHODS === #

    @api.depends("cobranca_period_ids.contract_id.responsible_id.email", "partner_id.email")
    def _compute_cobranca_recipient_id(self):
        for move in self:
            move.cobranca_recipient_id = move._cobranca_get_responsible() or move.partner_id
            move.cobranca_recipient_email = move.cobranca_recipient_id.email

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._cobranca_refuse_guarded(values)
        prefixes = tuple(f"default_{prefix}" for prefix in GUARDED_PREFIXES)
        if self.env.su or not any(key.startswith(prefixes) for key in self.env.context):
            return super().create(vals_list)
        kept = {key: value for key, value in self.env.context.items() if not key.startswith(prefixes)}
        without_defaults = self.with_context(kept)  # pylint: disable=context-overridden
        return super(CobrancaMoveDelivery, without_defaults).create(vals_list)

    def write(self, vals):
        self._cobranca_refuse_guarded(vals)
        return super().write(vals)

    @api.model
    def _cobranca_refuse_guarded(self, vals):
        """:raise AccessError: when somebody writes what only the delivery and the notes write"""
        guarded = [field for field in vals if field.startswith(GUARDED_PREFIXES)]
        if guarded and not self.env.su:
            labels = sorted(self._fields[field]._description_string(self.env) for field in guarded)
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be written directly: use the buttons of the invoice.", fields=", ".join(labels)
                )
            )

    # === BUSINESS METHODS === #

    def _cobranca_get_responsible(self):
        """Who receives this invoice in place of its customer, by the contracts on it.

        :return: res.partner, empty when the customer himself does
        """
        invoices = (self | self.reversed_entry_id).sudo()  # sudo: whoever sends it, the contract says to whom
        return invoices.cobranca_period_ids.contract_id.sorted("id").responsible_id[:1].sudo(False)

    def _get_quiet_partners(self):
        # sudo: whose contract it is decides, whoever writes on the invoice
        return self.sudo().cobranca_period_ids.contract_id._get_quiet_partners() - self.partner_id

    def _cobranca_write(self, vals):
        """Write fields beside the journal entry, which stays untouched."""
        self.check_access("write")
        self.sudo().with_context(**ASIDE).write(vals)  # sudo: guarded fields, after the access check

    def _cobranca_queue_delivery(self):
        """Queue posted contract invoices for sending and for their note; sends nothing itself.

        Called by the billing run in the transaction that posts: an invoice exists and is
        queued, or neither.

        :return: the invoices that wait to be sent
        """
        posted = self.filtered(lambda move: move.state == "posted")
        # sudo: who bills may not read whether a contract sends; the contract decides
        wanted = posted.filtered(lambda move: any(move.sudo().cobranca_period_ids.contract_id.mapped("send_invoices")))
        wanted -= wanted.filtered("cobranca_delivery_state")
        if wanted:
            wanted._cobranca_write({"cobranca_delivery_state": "to_send"})
            self._cobranca_wake_delivery()
        posted._cobranca_queue_nfse()
        return wanted

    @api.model
    def _cobranca_wake_delivery(self):
        """Let the sending start now instead of at its next time."""
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        ids = [get_id(f"cobranca_recorrente.{name}", raise_if_not_found=False) for name in DELIVERY_CRONS]
        for cron in self.env["ir.cron"].browse(filter(None, ids)).exists():
            cron._trigger()

    def _cobranca_get_delivery_gap(self):
        """Why this invoice is not sent (any more).

        :return: (state, reason) that it gets instead, or None
        """
        self.ensure_one()
        if self.state == "cancel":
            return "none", "cancelled"
        if self.payment_state == "reversed":
            return "none", "reversed"
        if self.payment_state in ("paid", "in_payment"):
            return "none", "paid"
        recipient = self.cobranca_recipient_id
        if not recipient.active or not email_normalize_all(recipient.email or ""):
            return "undelivered", "no_address"
        return None

    def _cobranca_set_delivery(self, state, reason=False, detail=False, **values):
        """The one place where the delivery of invoices changes its state.

        :param str state: of `cobranca_delivery_state`
        :param str reason: of `cobranca_delivery_reason`
        :param str detail: free text for people
        """
        self._cobranca_write(
            {
                "cobranca_delivery_state": state,
                "cobranca_delivery_reason": reason,
                "cobranca_delivery_detail": detail,
                "cobranca_delivery_retry_at": False,
                # Odoo's own mark on the invoice must not say "sent" of one that nobody received.
                **({"is_move_sent": state == "sent"} if state in ("sent", "undelivered") else {}),
                **values,
            }
        )
        if state != "undelivered":
            return
        labels = dict(self._fields["cobranca_delivery_reason"]._description_selection(self.env))
        for move in self:
            text = ": ".join(filter(None, [labels[reason], detail]))
            move._message_log(body=self.env._("This invoice was not delivered. %(reason)s", reason=text))

    def _cobranca_note_sent(self, message):
        """Record that the invoice left by e-mail; called in the transaction that queues the mail.

        :param message: mail.message that carries it
        """
        self.ensure_one()
        addresses = [address for partner in message.partner_ids for address in email_normalize_all(partner.email or "")]
        self._cobranca_set_delivery(
            "sent",
            cobranca_delivery_channel="email",
            cobranca_delivery_date=self.env["cobranca.invoice.delivery"]._get_now(),
            cobranca_delivery_email=", ".join(addresses),
            cobranca_delivery_attempts=self.cobranca_delivery_attempts + 1,
            cobranca_delivery_message_id=message.id,
        )

    def _cobranca_deliver_otherwise(self, channel, note):
        """Record that invoices were delivered by other means than our e-mail.

        :param str channel: of `cobranca_delivery_channel`
        :param str note: how and to whom, for the history
        """
        now = self.env["cobranca.invoice.delivery"]._get_now()
        self._cobranca_set_delivery(
            "sent",
            detail=note,
            cobranca_delivery_channel=channel,
            cobranca_delivery_date=now,
            cobranca_delivery_email=False,
            cobranca_delivery_message_id=False,
        )
        labels = dict(self._fields["cobranca_delivery_channel"]._description_selection(self.env))
        for move in self:
            move._message_log(
                body=self.env._("Delivered by other means (%(channel)s): %(note)s", channel=labels[channel], note=note)
            )
