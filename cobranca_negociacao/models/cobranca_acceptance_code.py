from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, hmac

from ..tools import one_time_code

CHANNELS = [("email", "E-mail"), ("sms", "SMS")]
HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
SENDS_AN_HOUR, SENDS_A_DAY = 3, 10
KEPT_DAYS = 30
SCOPE = "cobranca.acceptance.code"


class Verdict(NamedTuple):
    """What becomes of a typed code: the code when it is right; else why not, and how many tries are left."""

    code: models.BaseModel
    error: str
    left: int


class CobrancaAcceptanceCode(models.Model):
    """Six digits sent to the registered contact of a customer, once, for one paper and ten minutes.

    Whoever types them holds that contact. Nobody reads them here: what is kept cannot be turned back.
    """

    _name = "cobranca.acceptance.code"
    _description = "One-Time Code"
    _inherit = ["cobranca.acceptance.code.delivery"]
    _order = "id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    contact = fields.Char(string="Code sent to", required=True, readonly=True, help="Masked.")
    purpose = fields.Char(string="SHA-256 of the paper", required=True, readonly=True)
    salt = fields.Char(readonly=True, groups="base.group_system")
    digest = fields.Char(readonly=True, groups="base.group_system")
    sent_at = fields.Datetime(string="Code sent on", required=True, readonly=True)
    expires_at = fields.Datetime(string="Holds until", required=True, readonly=True)
    tries = fields.Integer(default=0, required=True, readonly=True, aggregator=None)
    verified_at = fields.Datetime(string="Code verified on", readonly=True)

    _newest_idx = models.Index("(partner_id, company_id, id DESC)")
    _check_tries = models.Constraint("CHECK (tries BETWEEN 0 AND 5)", "A code may be tried five times.")

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_unused_only(self):
        if self.filtered("verified_at"):
            raise UserError(self.env._("Codes that were verified stay: an acceptance rests on them."))

    # === BUSINESS METHODS === #

    @api.model
    def _send(self, company, debtor, purpose, channel):
        """Send a new code; earlier ones for the same paper open nothing any more.

        The caller knows that the visitor speaks for this customer.

        :param company: res.company
        :param debtor: res.partner, the commercial one
        :param str purpose: SHA-256 of the paper that the code is for
        :param str channel: of :meth:`_get_ways`
        :return: cobranca.acceptance.code
        :raise UserError: after too many, for a channel that is not offered, or when it could not be sent
        """
        codes = self.sudo()  # sudo: codes are written by these methods only
        debtor = debtor.commercial_partner_id.with_env(codes.env)
        # Two at once are counted one after the other: the write makes the second one begin again, and see the first.
        self.env.cr.execute(SQL("UPDATE res_partner SET write_date = write_date WHERE id = %s", debtor.id))
        ways = {way["code"]: way["label"] for way in codes._get_ways(company, debtor)}
        if channel not in ways:
            raise UserError(self.env._("Choose where the code is sent to. Without a contact of yours, speak with us."))
        now = self._now()
        codes._check_sends(company, debtor, now)
        codes._get_live(company, debtor, purpose).write({"expires_at": now, "digest": False})
        digits, salt = one_time_code.new_code(), one_time_code.new_salt()
        code = codes.create(
            {
                "company_id": company.id,
                "partner_id": debtor.id,
                "channel": channel,
                "contact": ways[channel],
                "purpose": purpose,
                "salt": salt,
                "digest": one_time_code.digest(self._get_key(), salt, purpose, digits),
                "sent_at": now,
                "expires_at": now + HOLDS,
            }
        )
        getattr(code, f"_send_by_{channel}")(digits)
        return code.with_env(self.env)

    @api.model
    def _verify(self, company, debtor, purpose, typed):
        """Is this the code that was sent last for this paper? Each answer counts, so this never raises.

        Nor may its caller afterwards: what is rolled back was not counted.

        :param str typed: what the visitor typed
        :return: Verdict
        """
        codes = self.sudo()  # sudo: codes are written by these methods only
        digits = one_time_code.read(typed)
        code = codes._get_live(company, debtor.commercial_partner_id, purpose)[:1]
        if not digits:
            left = MOST_TRIES - code.tries if code else 0
            return Verdict(self.browse(), self.env._("Write the six digits of the code."), left)
        if not code or not code._count_try():
            text = self.env._("This code does not hold any more. Ask for a new one.")
            return Verdict(self.browse(), text, 0)
        if not one_time_code.matches(code.digest, self._get_key(), code.salt, purpose, digits):
            left = MOST_TRIES - code.tries
            text = self.env._("This is not the code. You may try %(count)s more times.", count=left)
            if not left:
                text = self.env._("This is not the code. Ask for a new one.")
            return Verdict(self.browse(), text, left)
        code.write({"verified_at": self._now(), "digest": False})
        return Verdict(code.with_env(self.env), "", 0)

    # --- guards ---

    @api.model
    def _check_sends(self, company, debtor, now):
        """:raise UserError: when as many codes as are allowed went out within an hour or a day"""
        for hours, most in ((1, SENDS_AN_HOUR), (24, SENDS_A_DAY)):
            since = now - timedelta(hours=hours)
            own = [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("sent_at", ">", since)]
            if self.search_count(own, limit=most) >= most:
                raise UserError(
                    self.env._(
                        "You have asked for %(count)s codes already. Look among your messages, also the unwanted ones, "
                        "or come back later.",
                        count=most,
                    )
                )

    @api.model
    def _get_live(self, company, debtor, purpose):
        """Codes that may still be verified, the newest first."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", debtor.id),
                ("purpose", "=", purpose),
                ("verified_at", "=", False),
                ("expires_at", ">", self._now()),
                ("tries", "<", MOST_TRIES),
            ],
            order="id desc",
        )

    def _count_try(self):
        """Count a try before it is judged; of two at the same moment the second one begins again and finds it counted.

        :return: bool, False when none was left
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cobranca_acceptance_code SET tries = tries + 1
                 WHERE id = %s AND tries < %s AND verified_at IS NULL AND expires_at > %s
             RETURNING tries
                """,
                self.id,
                MOST_TRIES,
                self._now(),
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    @api.model
    def _now(self):
        return self.env["cobranca.dunning.people"]._get_now()

    @api.model
    def _get_key(self):
        # sudo: the secret of the database signs, and goes nowhere
        return bytes.fromhex(hmac(self.env(su=True), SCOPE, "key"))

    @api.autovacuum
    def _gc_codes(self):
        """Forget codes that nobody used."""
        oldest = self._now() - timedelta(days=KEPT_DAYS)
        self.search([("verified_at", "=", False), ("sent_at", "<", oldest)], limit=5000).unlink()
