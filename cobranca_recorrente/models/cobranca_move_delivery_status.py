from odoo import api, fields, models
from odoo.tools import email_normalize_all
from odoo.tools.misc import format_datetime

from .cobranca_move_delivery import COLLECTOR


class CobrancaMoveDeliveryStatus(models.AbstractModel):
    """What people see of the delivery of an invoice: its state in words, and the next channel."""

    _name = "cobranca.move.delivery.status"
    _description = "Delivery of an Invoice in Words"

    cobranca_delivery_status = fields.Char(
        string="State of the delivery", compute="_compute_cobranca_delivery_status", groups=COLLECTOR
    )
    cobranca_next_channel = fields.Selection(
        selection=[
            ("email", "Another e-mail"),
            ("phone", "Phone or WhatsApp"),
            ("portal", "Portal link"),
            ("letter", "Letter"),
            ("nothing", "No other contact"),
        ],
        string="Next channel",
        compute="_compute_cobranca_next_channel",
        groups=COLLECTOR,
    )
    cobranca_next_contact = fields.Char(
        string="Next contact", compute="_compute_cobranca_next_channel", groups=COLLECTOR
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "tz")
    @api.depends("cobranca_delivery_state", "cobranca_delivery_reason", "cobranca_delivery_date", "cobranca_nfse_state")
    def _compute_cobranca_delivery_status(self):
        """In words: also why an invoice still waits, as it is at this moment."""
        Delivery = self.env["cobranca.invoice.delivery"]
        gaps = {
            company: Delivery._get_company_gap(company)
            for company in self.filtered(lambda move: move.cobranca_delivery_state == "to_send").company_id
        }
        for move in self:
            move.cobranca_delivery_status = move._cobranca_describe_delivery(gaps.get(move.company_id))

    def _cobranca_describe_delivery(self, gap):
        """One line about the delivery of this invoice.

        :param str gap: what keeps the company from sending anything, if anything
        """
        self.ensure_one()
        labels = dict(self._fields["cobranca_delivery_reason"]._description_selection(self.env))
        reason = labels.get(self.cobranca_delivery_reason)
        if self.cobranca_delivery_state == "to_send":
            return self._cobranca_describe_waiting(gap)
        if self.cobranca_delivery_state == "sent":
            channels = dict(self._fields["cobranca_delivery_channel"]._description_selection(self.env))
            day = format_datetime(self.env, self.cobranca_delivery_date, dt_format="short")
            whom = self.cobranca_delivery_email or self.cobranca_recipient_id.name
            return ", ".join(filter(None, [channels.get(self.cobranca_delivery_channel), day, whom]))
        return reason or False

    def _cobranca_describe_waiting(self, gap):
        if gap:
            return gap
        if self.state == "draft":
            return self.env._("Waits: the invoice is a draft.")
        if self._cobranca_waits_for_nfse():
            return self.env._("Waits for the number of its service invoice (NFS-e).")
        if self.cobranca_delivery_retry_at:
            return self.env._(
                "The mail server was busy. Next attempt: %(date)s.",
                date=format_datetime(self.env, self.cobranca_delivery_retry_at, dt_format="short"),
            )
        return self.env._("Is sent within minutes.")

    @api.depends("cobranca_delivery_state", "cobranca_delivery_email", "cobranca_recipient_id", "partner_id")
    def _compute_cobranca_next_channel(self):
        """Of an invoice that did not arrive: how else to reach who receives it, the cheapest way first."""
        for move in self:
            channel, contact = False, False
            if move.cobranca_delivery_state == "undelivered":
                channel, contact = next(move._cobranca_get_channels(), ("nothing", False))
            move.cobranca_next_channel = channel
            move.cobranca_next_contact = contact

    def _cobranca_get_channels(self):
        """Ways to reach the recipient beside the address that failed: (channel, contact) each."""
        self.ensure_one()
        move = self.sudo()  # sudo: contacts of this invoice's own customer, for who may read the invoice
        recipient, partner = move.cobranca_recipient_id, move.partner_id
        tried = set(email_normalize_all(move.cobranca_delivery_email or recipient.email or ""))
        family = partner.commercial_partner_id | partner.commercial_partner_id.child_ids
        people = recipient | partner | (family - family._cobranca_get_only_beneficiaries())
        for person in people:
            for address in email_normalize_all(person.email or ""):
                if address not in tried:
                    yield "email", address
        if phones := [person.phone for person in people if person.phone]:
            yield "phone", phones[0]
        if users := recipient.user_ids.filtered("active"):
            yield "portal", users[0].login
        if recipient.street and recipient.zip:
            yield "letter", ", ".join(filter(None, [recipient.street, recipient.zip, recipient.city]))
