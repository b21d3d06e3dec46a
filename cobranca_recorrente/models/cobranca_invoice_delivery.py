import logging
import socket

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import config

from .cobranca_contract_billing import CONCURRENCY_ERRORS, MAX_CONFLICTS, is_passing

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
PROBE_S = 0.5
DETAIL_LENGTH = 500
# Mails are queued in our transaction; the mail queue speaks to the server in its own.
QUEUE_ONLY = {"mail_notify_force_send": False, "cobranca_queue_mails": True}


class CobrancaInvoiceDelivery(models.AbstractModel):
    """Pipeline that sends invoices: select, check, send, each invoice in a transaction of its own.

    Odoo's own sending makes the PDF and the message. The row of the mail queue and the state
    "sent" are committed together: an invoice is sent once, or not at all and still waiting.
    Addons extend `_get_invoices_to_send_domain`, `_get_company_gap`, the invoice's
    `_cobranca_get_delivery_gap` and `_prepare_sending`.
    """

    _name = "cobranca.invoice.delivery"
    _description = "Delivery of Invoices"
    _inherit = "account.move.send"

    # === CRON === #

    @api.model
    def _cron_send(self, batch_size=BATCH_SIZE):
        """Send every invoice that waits, each committed on its own; any number of these run at once."""
        progress = self.env["ir.cron"]._commit_progress
        conflicts, may_go_on = 0, True
        while may_go_on and conflicts < MAX_CONFLICTS:
            domain = self._get_invoices_to_send_domain()
            ids = self.env["account.move"].search(domain, order="id", limit=batch_size).ids
            remaining = self.env["account.move"].search_count(domain) if len(ids) == batch_size else len(ids)
            # From here on each invoice is read anew: what another run did meanwhile is seen.
            may_go_on = bool(progress(remaining=remaining) and ids)
            handled = lost = 0
            for move_id in ids if may_go_on else ():
                try:
                    done = self._send_one(move_id, domain)
                except CONCURRENCY_ERRORS:
                    self.env.cr.rollback()
                    self.env.invalidate_all()
                    conflicts += 1
                    lost += 1
                    continue
                handled += done
                conflicts = 0 if done else conflicts
                if not progress(done):
                    may_go_on = False
                    break
            if handled:
                self._wake_mail_queue()
                progress()
            # Nothing could be taken: other runs hold all that is left, and will do it.
            may_go_on = may_go_on and bool(handled or lost)

    # === SELECT === #

    @api.model
    def _get_invoices_to_send_domain(self):
        """Which invoices can be sent now, or need not be sent any more.

        :return: Domain on account.move
        """
        # Every company may have invoices to send, and there are few.
        companies = self.env["res.company"].search([("active", "=", True)])
        able = companies.filtered(lambda company: not self._get_company_gap(company))
        with_note = able.filtered(lambda company: company.cobranca_nfse_required and company.cobranca_send_with_nfse)
        is_over = Domain("state", "=", "cancel") | Domain("payment_state", "in", ("paid", "in_payment", "reversed"))
        has_note = Domain("company_id", "not in", with_note.ids) | Domain(
            "cobranca_nfse_state", "not in", ("pending", "requested", "refused")
        )
        retry = Domain("cobranca_delivery_retry_at", "=", False) | Domain(
            "cobranca_delivery_retry_at", "<=", self._get_now()
        )
        return (
            Domain("cobranca_delivery_state", "=", "to_send")
            & Domain("state", "in", ("posted", "cancel"))
            & (is_over | (Domain("company_id", "in", able.ids) & has_note & retry))
        )

    # === CHECK === #

    @api.model
    def _get_company_gap(self, company):
        """What keeps a company from sending anything: its invoices wait, they do not fail.

        :return: str for people, empty when it can send
        """
        if gap := self._get_mail_gap(company):
            return gap
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in ("install", "broken"):
            return self.env._("Waits: wkhtmltopdf, which makes the PDF, is missing on the server.")
        return ""

    @api.model
    def _get_mail_gap(self, company):
        """What keeps a company from sending e-mails.

        :return: str for people, empty when it can
        """
        if not self._has_mail_server():
            return self.env._("Waits: there is no outgoing mail server. Set one up in the settings.")
        company = company.sudo()  # sudo: whether the company has an address to send from is no secret
        if not company.email and not company.alias_domain_id:
            return self.env._(
                "Waits: %(company)s has no e-mail address to send from. Fill it in.", company=company.name
            )
        return ""

    @api.model
    def _has_mail_server(self):
        """Is there a mail server at all? Without one Odoo's queue fails every mail for good."""
        # sudo: whether a server is set up, nothing of it
        if self.env["ir.mail_server"].sudo().search_count([("owner_user_id", "=", False)], limit=1):
            return True
        host, port = config["smtp_server"], config["smtp_port"]
        if host in LOCAL_HOSTS:
            # Odoo's default, whether anything listens there or not.
            return self._listens(host, port)
        return bool(host)

    @api.model
    def _listens(self, host, port):
        try:
            socket.create_connection((host, int(port)), timeout=PROBE_S).close()
        except OSError:
            return False
        return True

    @api.model
    def _get_now(self):
        """Moment of a delivery or of its next try; no business date hangs on it."""
        return fields.Datetime.now()

    # === SEND === #

    @api.model
    def _send_one(self, move_id, domain):
        """Send one invoice unless another run has it or had it.

        :param int move_id: account.move
        :param Domain domain: what it must still fulfil once it is locked
        :return: number of invoices that left the queue, 0 or 1
        """
        move = self.env["account.move"].browse(move_id).try_lock_for_update().filtered_domain(domain)
        if not move:
            return 0
        # People of the company read the reasons, and a cron has no language.
        lang = move.company_id.partner_id.lang or self.env.user.lang
        move = move.with_company(move.company_id).with_context(lang=lang, **QUEUE_ONLY)
        if gap := move._cobranca_get_delivery_gap():
            move._cobranca_set_delivery(*gap)
            return 1
        try:
            with self.env.cr.savepoint():
                self.with_env(move.env)._send(move)
        except Exception as error:  # whatever it is, this invoice has its reason and the others go on
            if is_passing(error):
                raise
            _logger.warning("Invoice %s could not be sent.", move.name, exc_info=True)
            attempts = move.cobranca_delivery_attempts + 1
            reason = self.with_env(move.env)._get_reason(error)
            move._cobranca_set_delivery("undelivered", "failed", reason, cobranca_delivery_attempts=attempts)
        return 1

    @api.model
    def _send(self, move):
        """Queue the mail of one locked invoice, made anew or the one that could not be handed over.

        :raise UserError: when Odoo makes no mail of it
        """
        if self._queue_again(move):
            return
        self._generate_and_send_invoices(move, **self._prepare_sending(move))
        if move.cobranca_delivery_state != "sent":
            raise UserError(
                self.env._(
                    "Odoo made no e-mail for %(name)s. Does he receive his messages inside of Odoo?",
                    name=move.cobranca_recipient_id.display_name,
                )
            )

    @api.model
    def _prepare_sending(self, move):
        """Settings of account.move.send for one invoice."""
        return {
            "sending_methods": ["email"],
            "mail_template": self.env.ref("cobranca_recorrente.mail_template_contract_invoice", False)
            or move._get_mail_template(),
            "mail_lang": move.cobranca_recipient_id.lang or self.env.context.get("lang"),
            "mail_partner_ids": move.cobranca_recipient_id.ids,
        }

    @api.model
    def _get_mail_params(self, move, move_data):
        """Only the recipient: neither the followers of the invoice nor the customer beside his responsible."""
        return {**super()._get_mail_params(move, move_data), "notify_skip_followers": True}

    @api.model
    def _queue_again(self, move):
        """Queue the same mail again that the mail server could not take: same message, same Message-Id.

        :return: whether there was one
        """
        message = move.cobranca_delivery_message_id
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id), ("state", "=", "exception")])
        if not message or not mails:
            return False
        if mails.recipient_ids != move.cobranca_recipient_id:
            # Another person receives the invoices by now: the first one gets nothing any more.
            mails.cancel()
            return False
        mails.mark_outgoing()
        self.env["mail.notification"].search([("mail_mail_id", "in", mails.ids)]).write(
            {"notification_status": "ready", "failure_type": False, "failure_reason": False}
        )
        move._cobranca_note_sent(message)
        return True

    @api.model
    def _wake_mail_queue(self):
        """The mail queue runs once an hour by itself, with at most 1,000 mails."""
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _get_reason(self, error):
        """What a user can do something with, in words."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._(
            "Unexpected error (%(error)s). Ask the administrator to look at the server log.",
            error=f"{type(error).__name__}: {error}"[:DETAIL_LENGTH],
        )
