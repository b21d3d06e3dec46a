import time
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import agency_call

# So many calls a key makes in an hour; so many wrong ones come from one place.
CALLS_AN_HOUR = 600
WRONG_AN_HOUR = 60
SCOPE, WRONG_SCOPE = "agency_call", "agency_call_wrong"
KEPT_DAYS = 90


class Opened(NamedTuple):
    """What is said of a call.

    :param key: cobranca.agency.key, empty where the call is refused
    :param str refusal: signature, clock, closed, replay or limit; empty where it is taken
    """

    key: models.BaseModel
    refusal: str = ""


class CobrancaAgencyCall(models.Model):
    """A signed call that was taken: kept so that nobody makes it a second time."""

    _name = "cobranca.agency.call"
    _description = "Call of an Agency's System"
    _log_access = False
    _order = "id desc"

    key_id = fields.Many2one(
        comodel_name="cobranca.agency.key", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    mac = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    date = fields.Datetime(string="When", required=True, readonly=True, index=True)
    path = fields.Char(string="What", required=True, readonly=True)

    _uniq_call = models.UniqueIndex("(key_id, mac)", "This call was made already.")

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, identifier, place, header, method, path, body):
        """Find out who calls, and take each call once.

        :param str identifier: of the key
        :param str place: address from which the call came, for the count of wrong ones
        :param str header: the signature
        :param str path: with its query, as it was signed
        :param bytes body: as it came
        :return: Opened
        """
        Key, Attempt = self.env["cobranca.agency.key"], self.env["cobranca.attempt"]
        key = Key._search_of(identifier)
        try:
            mac = agency_call.check(key.secret, header, int(time.time()), method, path, body)
        except agency_call.RefusedCall as refused:
            if Attempt._is_over(WRONG_SCOPE, place, WRONG_AN_HOUR):
                return Opened(Key, "limit")
            Attempt._count(WRONG_SCOPE, place)
            return Opened(Key, refused.reason)
        if not key.agency_id.is_open or not key._is_of_agency():
            return Opened(Key, "closed")
        if not self._keep(key, mac, f"{method} {path}"):
            return Opened(Key, "replay")
        if Attempt._is_over(SCOPE, key.id, CALLS_AN_HOUR):
            return Opened(Key, "limit")
        Attempt._count(SCOPE, key.id)
        return Opened(key)

    @api.model
    def _keep(self, key, mac, path):
        """Write a call down, unless it was made before; two at once wait for one another.

        :return: bool, is it the first?
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cobranca_agency_call (key_id, company_id, mac, date, path) VALUES (%s, %s, %s, %s, %s)
                ON CONFLICT (key_id, mac) DO NOTHING RETURNING id
                """,
                key.id,
                key.company_id.id,
                mac,
                fields.Datetime.now(),
                path[:200],
            )
        )
        return bool(rows)

    @api.autovacuum
    def _gc_calls(self):
        """Forget calls that are too old to be made again."""
        oldest = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.env.cr.execute(SQL("DELETE FROM cobranca_agency_call WHERE date < %s", oldest))
