import logging

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cobranca_price_index_source import PAUSES_S, FetchFailed

_logger = logging.getLogger(__name__)

ATTEMPTS = len(PAUSES_S) + 1
FAILURES_TO_REPORT = 3
HOURS_BETWEEN_FETCHES = 12
# Others stored values at the same moment: theirs stand, and the next run sees them.
LOST_RACES = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
)
ACTIVITY = "mail.mail_activity_data_warning"


class CobrancaPriceIndexFetch(models.AbstractModel):
    """Keeps the values of an index up to date with what the central bank publishes.

    A failure is kept on the index, shown, and told to the managers when it comes back; the
    values that are there stay.
    """

    _name = "cobranca.price.index.fetch"
    _description = "Fetching of a Price Index"
    _inherit = "cobranca.price.index.source"

    sgs_code = fields.Integer(
        string="Central Bank series",
        copy=False,
        aggregator=None,
        help="Number of the monthly series in the central bank's time series system (SGS): 433 is IPCA. "
        "Empty: the values are imported or typed.",
    )
    fetch_state = fields.Selection(
        selection=[("waiting", "Not fetched yet"), ("fetched", "Fetched"), ("failed", "Failed")],
        string="Fetch",
        compute="_compute_fetch_state",
        store=True,
    )
    last_attempt = fields.Datetime(readonly=True, copy=False)
    last_success = fields.Datetime(string="Last fetched", readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    failure_count = fields.Integer(string="Failures in a row", readonly=True, copy=False, aggregator=None)

    _check_sgs_code = models.Constraint(
        "CHECK (sgs_code IS NULL OR sgs_code >= 0)", "The number of a central bank series is positive."
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "sgs_code", "failure_count", "last_success")
    def _compute_fetch_state(self):
        for index in self:
            if index.kind != "series" or not index.sgs_code:
                index.fetch_state = False
            elif index.failure_count:
                index.fetch_state = "failed"
            else:
                index.fetch_state = "fetched" if index.last_success else "waiting"

    # === CRON === #

    @api.model
    def _cron_fetch(self):
        """Fetch every index that is due, each in a transaction of its own."""
        progress = self.env["ir.cron"]._commit_progress
        # The reasons are read by the company's people, and a cron has no language.
        due = self.with_context(lang=self.env.company.partner_id.lang).search(self._get_to_fetch_domain())
        progress(remaining=len(due))
        attempts = ATTEMPTS
        for left, index in zip(reversed(range(len(due))), due, strict=True):
            try:
                fetched = index._fetch(attempts)
            except LOST_RACES:
                self.env.cr.rollback()
                fetched = True
            except Exception as error:  # one index must not keep the others from being fetched
                _logger.exception("The price index %s could not be fetched.", index.id)
                self.env.cr.rollback()
                index._record_failure(index._get_unexpected_reason(error))
                fetched = False
            # With the service down, one index has waited for all.
            attempts = ATTEMPTS if fetched else 1
            if not progress(1, remaining=left):
                return

    @api.model
    def _get_to_fetch_domain(self):
        """Which indices the daily run fetches: not those of a run that was cut short a moment ago."""
        earlier = fields.Datetime.subtract(fields.Datetime.now(), hours=HOURS_BETWEEN_FETCHES)
        not_just_now = Domain("last_attempt", "=", False) | Domain("last_attempt", "<", earlier)
        return Domain("kind", "=", "series") & Domain("sgs_code", ">", 0) & not_just_now

    # === ACTIONS === #

    def action_fetch(self):
        """Fetch the values now and tell what came.

        :raise UserError: when none of the indices has a series
        """
        self.check_access("write")
        indices = self.filtered(lambda index: index.kind == "series" and index.sgs_code)
        if not indices:
            raise UserError(
                self.env._("Give the number of the central bank's series first, or import the values from a file.")
            )
        attempts = ATTEMPTS
        for index in indices:
            attempts = ATTEMPTS if index._fetch(attempts) else 1
        failed = indices.filtered("failure_count")
        lines = [
            self.env._("%(index)s: %(error)s", index=index.display_name, error=index.last_error)
            if index in failed
            else self.env._(
                "%(index)s: values up to %(month)s",
                index=index.display_name,
                month=f"{index.last_month:%m/%Y}",
            )
            for index in indices
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "title": self.env._("Central Bank"),
                "message": "\n".join(lines),
                "sticky": bool(failed),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    def _fetch(self, attempts):
        """Fetch this index and store what came; while the service is asked, nothing is locked.

        :param int attempts: how often to ask a service that cannot answer
        :return: were the values fetched? If not, the reason is on the index
        """
        self.ensure_one()
        try:
            values = self._download(attempts)
        except FetchFailed as error:
            self._record_failure(str(error))
            return False
        # Somebody else is storing at this moment: the same values, so there is nothing left to do.
        if self.try_lock_for_update():
            self._store(values)
            self._record_success()
        return True

    def _store(self, published):
        """Bring the values up to what is published; what people brought in is kept and compared.

        :param published: {first day of month: percent as Decimal}
        """
        stored = {value.month: value for value in self.value_ids}
        # sudo: only what the central bank says is marked as published by it, and nobody writes that mark
        Value = self.env["cobranca.price.index.value"].sudo()
        new = Value.create(
            [
                {"index_id": self.id, "month": month, "percent": percent, "source": "bcb", **as_published(percent)}
                for month, percent in sorted(published.items())
                if month not in stored
            ]
        )
        self._log_lines(self.env._("The Central Bank published:"), new._get_labels())
        other = Value.union(*(stored[month] for month in published.keys() & stored.keys())).filtered(
            lambda value: not value._is_known_as_published(published[value.month])
        )
        self._take_revised(other.filtered(lambda value: value.source == "bcb"), published)
        self._compare(other.filtered(lambda value: value.source != "bcb"), published)

    def _take_revised(self, values, published):
        """Take over what the central bank has changed, and tell it."""
        lines = []
        for value in values.sorted("month"):
            before, percent = value._get_label(), published[value.month]
            value.write({"percent": percent, "source": "bcb", **as_published(percent)})
            lines.append(self.env._("%(before)s, now %(after)s", before=before, after=self._format_percent(percent)))
        self._log_lines(self.env._("The Central Bank revised:"), lines)

    def _compare(self, values, published):
        """Note beside what people brought in what the central bank says; tell where it differs."""
        for value in values:
            value.write(as_published(published[value.month]))
        lines = [
            self.env._(
                "%(kept)s, published %(other)s",
                kept=value._get_label(),
                other=self._format_percent(value.published_percent),
            )
            for value in values.filtered("is_disputed").sorted("month")
        ]
        self._log_lines(self.env._("Kept as they were brought in, though the Central Bank differs:"), lines)

    # === REPORT === #

    def _record_failure(self, reason):
        """Keep why it failed; tell the managers when it keeps failing."""
        self.write(
            {"last_attempt": fields.Datetime.now(), "last_error": reason, "failure_count": self.failure_count + 1}
        )
        if self.failure_count >= FAILURES_TO_REPORT:
            self._report_failure()

    def _record_success(self):
        now = fields.Datetime.now()
        self.write({"last_attempt": now, "last_success": now, "last_error": False, "failure_count": 0})
        self._close_report()

    def _report_failure(self):
        """Ask the managers to look after it, once."""
        if self.activity_search([ACTIVITY]):
            return
        # sudo: who is a manager is no secret, and only administrators read groups
        managers = self.env.ref("cobranca_recorrente.cobranca_group_manager").sudo().all_user_ids
        for manager in managers.filtered(lambda user: user.active and not user.share):
            self.activity_schedule(
                ACTIVITY,
                date_deadline=self.env.company._cobranca_today(),
                summary=self.env._("%(index)s is not being updated", index=self.display_name),
                note=self.env._(
                    "%(count)s attempts in a row failed: %(error)s. "
                    "Try again, or import the values from a file until the service is back.",
                    count=self.failure_count,
                    error=self.last_error,
                ),
                user_id=manager.id,
            )

    def _close_report(self):
        self.activity_feedback([ACTIVITY], feedback=self.env._("The values are being fetched again."))

    @api.model
    def _get_unexpected_reason(self, error):
        return self.env._(
            "Unexpected error (%(error)s). Ask the administrator to look at the server log.",
            error=f"{type(error).__name__}: {error}",
        )


def as_published(percent):
    """Values that note what the central bank says of a month."""
    return {"is_published": True, "published_percent": percent}
