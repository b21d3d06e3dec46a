from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

# So long attempts are remembered.
KEPT_HOURS = 48


class CobrancaAttempt(models.Model):
    """How often something was tried on a public page, by whom: counted in the database, for all processes alike."""

    _name = "cobranca.attempt"
    _description = "Attempts on Public Pages"
    _log_access = False

    scope = fields.Char(required=True, readonly=True)
    # Never an address or a token itself.
    key = fields.Char(required=True, readonly=True)
    hour = fields.Datetime(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)

    _uniq_hour = models.UniqueIndex("(scope, key, hour)", "This hour is counted already.")

    # === BUSINESS METHODS === #

    @api.model
    def _count(self, scope, key):
        """Remember one attempt.

        :param str scope: what was tried
        :param key: by whom, or at what; kept so that it cannot be read back
        """
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cobranca_attempt (scope, key, hour, count) VALUES (%s, %s, %s, 1)
                ON CONFLICT (scope, key, hour) DO UPDATE SET count = cobranca_attempt.count + 1
                """,
                scope,
                self._hide(scope, key),
                hour,
            )
        )

    @api.model
    def _is_over(self, scope, key, most, hours=1):
        """Were there as many attempts as are allowed within these hours?

        :param int most: allowed
        :param int hours: 1 to 48, the present one among them
        """
        since = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours - 1)
        [[total]] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(count), 0) FROM cobranca_attempt WHERE scope = %s AND key = %s AND hour >= %s",
                scope,
                self._hide(scope, key),
                since,
            )
        )
        return total >= most

    @api.model
    def _hide(self, scope, key):
        # sudo: the secret of the database, which goes nowhere
        return hmac(self.env(su=True), f"cobranca.attempt.{scope}", f"{key}")[:32]

    @api.autovacuum
    def _gc_attempts(self):
        """Forget what limits nothing any more."""
        oldest = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        self.env.cr.execute(SQL("DELETE FROM cobranca_attempt WHERE hour < %s", oldest))
