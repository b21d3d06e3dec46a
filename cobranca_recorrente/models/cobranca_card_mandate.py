from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import card

SCOPES = [("all", "All contracts"), ("contracts", "Chosen contracts")]
STATES = [("active", "In force"), ("refused", "Card refused"), ("expired", "Card expired"), ("revoked", "Revoked")]
END_REASONS = [
    ("customer", "The customer took it back"),
    ("staff", "Taken back by staff"),
    ("replaced", "Another authorisation took its place"),
    ("removed", "The card was removed"),
    ("refused", "The card company refuses this card"),
    ("expired", "The card is not valid any more"),
]
MONTH_DAYS = 30
EXPIRING = "cobranca_recorrente.mail_template_card_expiring"
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaCardMandate(models.Model):
    """What a customer allowed: that a card which the payment provider keeps is charged on each due date.

    Rows are written by methods only. What was accepted stays as it was: text, its SHA-256, when, from where, by whom.
    """

    _name = "cobranca.card.mandate"
    _description = "Card Authorisation"
    _inherit = ["cobranca.card.consent"]
    _order = "state, id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Who works with customers may not read tokens: what of it is shown is kept here.
    token_id = fields.Many2one(
        comodel_name="payment.token",
        string="Saved card",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups="base.group_system",
    )
    card_name = fields.Char(string="Card", required=True, readonly=True)
    provider_name = fields.Char(string="Payment provider", readonly=True)
    date_expiry = fields.Date(string="Card valid until", readonly=True, help="Where provider or customer told it.")
    scope = fields.Selection(selection=SCOPES, string="What for", default="all", required=True, readonly=True)
    contract_ids = fields.Many2many(
        comodel_name="cobranca.contract",
        relation="cobranca_card_mandate_contract_rel",
        column1="mandate_id",
        column2="contract_id",
        string="Contracts",
        readonly=True,
    )
    date_from = fields.Date(string="Since", required=True, readonly=True, help="What falls due from this day on.")
    text = fields.Text(string="What was accepted", required=True, readonly=True)
    text_version = fields.Integer(string="Version of the text", required=True, readonly=True)
    text_hash = fields.Char(string="SHA-256 of the text", required=True, readonly=True)
    accepted_at = fields.Datetime(string="Accepted on", required=True, readonly=True)
    accepted_by_id = fields.Many2one(comodel_name="res.users", string="Accepted by", required=True, readonly=True)
    accepted_ip = fields.Char(string="IP address", readonly=True)
    accepted_agent = fields.Char(string="Browser", readonly=True)
    state = fields.Selection(selection=STATES, default="active", required=True, readonly=True, index=True)
    end_reason = fields.Selection(selection=END_REASONS, string="Ended because", readonly=True)
    ended_at = fields.Datetime(string="Ended on", readonly=True)
    ended_by_id = fields.Many2one(comodel_name="res.users", string="Ended by", readonly=True)
    notice_on = fields.Date(string="Told of the expiry on", readonly=True)
    has_set_automatic = fields.Boolean(string="Has set the mark of automatic payment", readonly=True)
    charge_ids = fields.One2many(
        comodel_name="cobranca.card.charge", inverse_name="mandate_id", string="Card charges", readonly=True
    )

    _uniq_active = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'active'", "This customer has an active card authorisation already."
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "card_name")
    def _compute_display_name(self):
        for mandate in self:
            mandate.display_name = f"{mandate.partner_id.name or ''} · {mandate.card_name or ''}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Card authorisations stay in the register: take them back instead."))

    # === ACTIONS === #

    def action_revoke(self):
        """Take authorisations back for customers who asked for it by phone or letter.

        :raise AccessError: for who is no supervisor
        """
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Card authorisations are taken back by a supervisor, or by the customer."))
        self._end("staff")
        return True

    # === BUSINESS METHODS === #

    def _end(self, reason):
        """End authorisations; those that are over stay as they are.

        :param str reason: of END_REASONS
        :raise LockError: while a card is being charged
        """
        records = self.sudo()  # sudo: written by methods only, after the checks of who calls them
        records.lock_for_update()
        records.invalidate_recordset(["state"])
        ended = records.filtered(lambda mandate: mandate.state == "active")
        state = reason if reason in ("refused", "expired") else "revoked"
        ended.write(
            {
                "state": state,
                "end_reason": reason,
                "ended_at": fields.Datetime.now(),
                "ended_by_id": self.env.uid if reason in ("customer", "staff") else False,
            }
        )
        ended._unmark_automatic()
        for mandate in ended:
            self.env["cobranca.case.touch"]._touch(mandate.company_id, mandate.partner_id)
            if reason in ("customer", "staff"):
                mandate._note(self.env._("Automatic payment by %(card)s was taken back.", card=mandate.card_name))

    def _claim(self):
        """Wait until nobody else looks at these authorisations, then keep them for this transaction.

        Who waited in vain, because one of them ended meanwhile, gets a serialization failure.
        """
        self.env.execute_query(
            SQL("SELECT id FROM cobranca_card_mandate WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )
        self.invalidate_recordset(["state"])

    def _covers(self, line):
        """Is a debt what this authorisation is for?"""
        if self.scope == "all":
            return True
        return bool(line.move_id.cobranca_period_ids.contract_id & self.contract_ids)

    def _is_chargeable(self):
        """May the provider still be asked to charge this card?"""
        token, today = self.token_id, self.company_id._cobranca_today()
        is_open = token.active and token.provider_id.state in ("enabled", "test")
        return bool(is_open and not (self.date_expiry and self.date_expiry < today))

    def _has_room(self):
        """Was the card charged less often within 30 days than the company allows?"""
        since = self.company_id._cobranca_today() - timedelta(days=MONTH_DAYS)
        return self._count_charges(since) < self.company_id.cobranca_card_month_limit

    def _count_charges(self, since):
        """How often the card was charged after a day.

        :return: int
        """
        return self.env["cobranca.card.charge"].search_count(
            [
                ("mandate_id.token_id", "=", self.token_id.id),
                ("date", ">", since),
                ("state", "!=", "cancelled"),
            ]
        )

    def _mark_automatic(self):
        """The ladder only announces the charge to who pays everything automatically."""
        for mandate in self.filtered(lambda mandate: mandate.scope == "all"):
            if not mandate.partner_id.cobranca_is_automatic:
                mandate.partner_id.cobranca_is_automatic = True
                mandate.has_set_automatic = True

    def _unmark_automatic(self):
        """Takes away only the mark that an authorisation set, and no other one needs."""
        marked = self.filtered("has_set_automatic")
        for mandate in marked:
            others = self.search(
                [("partner_id", "=", mandate.partner_id.id), ("state", "=", "active"), ("scope", "=", "all")]
            )
            if others:
                others[:1].has_set_automatic = True
            else:
                mandate.partner_id.cobranca_is_automatic = False
            mandate.has_set_automatic = False

    def _note(self, text):
        """Into the register of contacts."""
        self.env["cobranca.interaction"]._record(
            self.company_id, self.partner_id, "system", "other", reached="nobody", user_id=False, note=text
        )

    def _get_card_words(self):
        """What is seen of a card: masked number, and until when it is valid.

        :return: str
        """
        self.ensure_one()
        if not self.date_expiry:
            return self.card_name
        return self.env._(
            "%(card)s, valid until %(month)s",
            card=self.card_name,
            month=format_date(self.env, self.date_expiry, date_format="MM/yyyy"),
        )

    def _set_expiry(self, month, year):
        """Write down until when a card is valid.

        :raise ValueError: for what is no month of a card
        """
        self.sudo().date_expiry = card.last_day(month, year)  # sudo: written by methods only

    def _explain_standing(self):
        """Where a customer's automatic payment stands: one sentence for who works with him."""
        self.ensure_one()
        if self.state != "active":
            labels = dict(self._fields["end_reason"]._description_selection(self.env))
            return self.env._(
                "Not any more: card %(card)s, ended on %(date)s (%(reason)s).",
                card=self.card_name,
                date=format_date(self.env, self.company_id._cobranca_local(self.ended_at).date()),
                reason=labels.get(self.end_reason, ""),
            )
        last = self.charge_ids[:1]
        words = self.env._("Card %(card)s, charged on each due date.", card=self._get_card_words())
        if self.scope == "contracts":
            words = self.env._(
                "Card %(card)s, for %(contracts)s only.",
                card=self._get_card_words(),
                contracts=", ".join(self.contract_ids.mapped("name")),
            )
        if not last:
            return words
        states = dict(last._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(words)s Last charge on %(date)s: %(state)s.",
            words=words,
            date=format_date(self.env, last.date),
            state=states[last.state].lower(),
        )

    def _tell_expiry(self, today):
        """Tell customers once that their card expires.

        :param date today: of the company
        """
        for mandate in self:
            mandate.notice_on = today
            if not mandate.company_id._cobranca_get_creditor_gap():
                mandate._send_mail(EXPIRING)

    def _send_mail(self, template, **context):
        """An e-mail to who pays for this customer, unless he has no address or refuses e-mails.

        :param str template: xmlid of a template for authorisations
        """
        self.ensure_one()
        recipient = self.partner_id._cobranca_get_payer()
        recipient = recipient if recipient.email else self.partner_id
        if recipient.email and "email" not in self.partner_id._cobranca_get_refused_channels()[self.partner_id]:
            self.env.ref(template).with_context(**context).send_mail(
                self.id, email_values={"email_to": False, "recipient_ids": [(4, recipient.id)], "email_cc": False}
            )

    def _get_page_address(self):
        """Where the customer authorises another card; it asks for his login."""
        return f"{self.company_id.get_base_url()}/my/pagamentos/cartao"

    def _get_creditor_line(self):
        """Who writes and how to reach him, as the law wants it in what speaks of a debt (CDC, art. 42-A).

        :return: str
        """
        creditor = self.company_id._cobranca_get_creditor()
        return " · ".join(filter(None, (creditor[key] for key in ("name", "document", "address", "phone", "email"))))
