import http.client
import json
import logging
import time
import uuid

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import webhook

_logger = logging.getLogger(__name__)

CRON = "cobranca_recorrente.ir_cron_cobranca_webhook"
KEPT_DAYS = 90
STATES = [("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")]


class CobrancaWebhookEvent(models.Model):
    """A call that another system gets: written with what happened, sent after it, until it is taken or given up."""

    _name = "cobranca.webhook.event"
    _description = "Webhook Call"
    _order = "id desc"
    _check_company_auto = True

    endpoint_id = fields.Many2one(
        comodel_name="cobranca.webhook.endpoint", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="endpoint_id.company_id", store=True, index=True)
    uid = fields.Char(string="Id of the call", required=True, readonly=True)
    body = fields.Text(required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="waiting", required=True, readonly=True)
    attempts = fields.Integer(default=0, readonly=True, aggregator=None)
    next_try_at = fields.Datetime(string="Next try", readonly=True)
    sent_at = fields.Datetime(readonly=True)
    status = fields.Integer(string="Answer", readonly=True, aggregator=None)
    error = fields.Char(string="What went wrong", readonly=True)

    _waiting_idx = models.Index("(next_try_at, id) WHERE state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends("uid")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.uid

    # === ACTIONS === #

    def action_retry(self):
        """Try calls again that were given up."""
        self.check_access("read")
        self.endpoint_id.check_access("write")
        # sudo: the queue is written by its own methods only, after the check above
        events = self.sudo().try_lock_for_update().filtered(lambda event: event.state == "failed")
        events.write({"state": "waiting", "attempts": 0, "next_try_at": fields.Datetime.now(), "error": False})
        self._trigger()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _queue(self, endpoints, payloads):
        """Write calls down; they are sent once this transaction is committed.

        :param list payloads: of dict that JSON knows
        """
        now = fields.Datetime.now()
        values = []
        for endpoint in endpoints:
            for payload in payloads:
                uid = str(uuid.uuid4())
                head = {"id": uid, "created_at": f"{now.isoformat()}Z", "company": endpoint.company_id.id}
                body = json.dumps({**head, **payload}, separators=(",", ":"))
                values.append({"endpoint_id": endpoint.id, "uid": uid, "body": body, "next_try_at": now})
        # sudo: the queue is written by its own methods only, after the checks of who calls them
        events = self.sudo().create(values)
        if events:
            self._trigger()
        return events

    @api.model
    def _trigger(self, moment=None):
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(moment)  # sudo: whoever runs a step starts it

    def _send(self):
        """Call the address once and keep how it went."""
        self.ensure_one()
        endpoint = self.endpoint_id
        body = self.body.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "cobranca-webhook/1",
            webhook.EVENT: self.uid,
            # sudo: nobody reads the secret; it signs
            webhook.SIGNATURE: webhook.sign(endpoint.sudo().secret, int(time.time()), body),
        }
        status, error, is_final = 0, False, False
        try:
            status = webhook.post(endpoint.url, body, headers, endpoint._allows_private())
        except webhook.Refused as refusal:
            error, is_final = endpoint._explain_refusal(refusal.reason), refusal.reason != "unknown"
        except (OSError, http.client.HTTPException) as failure:
            error = self.env._("The address does not answer (%(error)s).", error=type(failure).__name__)
        else:
            if not 200 <= status < 300:
                error = self.env._("The address answers with error %(status)s.", status=status)
                is_final = status == webhook.GONE
        self._keep(status, error, is_final)

    def _keep(self, status, error, is_final):
        now = fields.Datetime.now()
        attempts = self.attempts + 1
        wait = None if is_final else webhook.wait_after(attempts)
        values = {"attempts": attempts, "status": status, "error": error}
        if not error:
            values |= {"state": "sent", "sent_at": now, "next_try_at": False}
        elif wait is None:
            values |= {"state": "failed", "next_try_at": False}
        else:
            values["next_try_at"] = now + wait
            self._trigger(now + wait)
        self.write(values)
        if values.get("state") == "failed":
            self._tell_failure()

    def _tell_failure(self):
        """A call was given up: the log tells the administrator, the list of addresses the managers."""
        _logger.warning("Webhook call %s to %s is given up: %s", self.uid, self.endpoint_id.name, self.error)

    # === SCHEDULED ACTIONS === #

    @api.model
    def _get_due_domain(self):
        due = Domain("state", "=", "waiting") & Domain("next_try_at", "<=", fields.Datetime.now())
        return due & Domain("endpoint_id.active", "=", True)

    @api.model
    def _cron_send(self, limit=500):
        """Send what waits, each call in a transaction of its own; nothing is sent twice unless we die in between."""
        domain = self._get_due_domain()
        ids = self.search(domain, order="next_try_at, id", limit=limit).ids
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        for event_id in ids:
            try:
                event = self.browse(event_id).try_lock_for_update().filtered_domain(domain)
                if event:
                    event._send()
            except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
                self.env.cr.rollback()  # another run has it; the next one looks again
                continue
            if not progress(1):
                break

    @api.autovacuum
    def _gc_sent(self):
        """Calls that were taken are kept for some months."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("state", "!=", "waiting"), ("create_date", "<", old)], limit=10000).unlink()
