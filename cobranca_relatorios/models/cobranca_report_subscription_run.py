import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac
from odoo.tools.urls import urljoin

from odoo.addons.cobranca_recorrente.models.cobranca_contract_billing import is_passing

from ..tools import periods
from .cobranca_report_job_run import QUEUE_ONLY

_logger = logging.getLogger(__name__)

TEMPLATE = "cobranca_relatorios.mail_template_report"
LEAVE = "/cobranca/relatorios/sair"
MOST_FAILURES = 3
# Mail servers refuse what is bigger: the mail then says where the file is.
LARGEST_FILE = 8 * 1024 * 1024


class CobrancaReportSubscriptionRun(models.AbstractModel):
    """How subscribed reports go out: claim of the period, file and rows of the mail queue in one transaction.

    Who is killed in it leaves nothing behind, and the next run does it again.
    """

    _name = "cobranca.report.subscription.run"
    _description = "Sending of Subscribed Reports"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_send(self):
        """Queue what is due, one subscription at a time; any number of these run at once."""
        progress = self.env["ir.cron"]._commit_progress
        ids = self.search([("next_date", "!=", False)]).filtered(lambda own: own._is_due()).ids
        progress(remaining=len(ids))
        for subscription_id in ids:
            try:
                self.browse(subscription_id)._send_due()
            except Exception as error:
                if not is_passing(error):
                    raise
                # Somebody else has it; the next run looks again.
                self.env.cr.rollback()
                _logger.info("Subscription %s is looked at again later: %s", subscription_id, error)
            if not progress(1):
                break

    # === BUSINESS METHODS === #

    def _is_due(self):
        return bool(self.active and self.next_date and self.next_date <= self.company_id._cobranca_today())

    def _send_due(self):
        """Send one report that is due, unless another run has it or had it; what keeps it from it is shown."""
        own = self.try_lock_for_update().filtered(lambda subscription: subscription._is_due())
        if not own:
            return
        own = own.company_id._cobranca_localize(own).with_context(lang=own.lang, **QUEUE_ONLY)
        if gap := own._get_gap():
            own.waits_for = gap
            return
        try:
            with self.env.cr.savepoint():
                own._send_period()
        except Exception as error:
            if is_passing(error):
                raise
            self.env.invalidate_all()
            own._note_failure(error)

    def _get_gap(self):
        """What keeps it from going out: it waits, it does not fail.

        :return: str for people, empty when it can
        """
        if gap := self.env["cobranca.invoice.delivery"]._get_mail_gap(self.company_id):
            return gap
        if not self._may_see(self.owner_id):
            return self.env._("Waits: %(user)s does not see these figures any more.", user=self.owner_id.name)
        if not self._get_readers():
            return self.env._("Waits: nobody who may see it, and has an e-mail address, is to get it.")
        return ""

    def _send_period(self):
        """Make the file of the period that is due and queue its mails; what went out already is passed over."""
        period = periods.period_of(self.frequency, self.next_date)
        Sending = self.env["cobranca.report.sending"]
        if not Sending.search_count([("subscription_id", "=", self.id), ("period", "=", period)]):
            day = periods.figures_of(self.frequency, self.next_date)
            # The unique index of the period refuses who would do it a second time.
            sending = Sending.create({"subscription_id": self.id, "period": period, "state": "sent", "day": day})
            sending.flush_recordset()
            sending.job_id = self._make_file(day)
            sending.reader_count = len(self._queue_mails(sending))
        self._go_on()

    def _make_file(self, day):
        """:return: cobranca.report.job, ready"""
        owned = self.with_user(self.owner_id)
        job = owned.env["cobranca.report.job"]._request(owned, day=day)
        job._make_now()
        return job

    def _queue_mails(self, sending):
        """:return: list of ids of mail.mail, one for each reader"""
        template = self.env.ref(TEMPLATE).with_context(lang=self.lang)
        file = sending.job_id.attachment_id
        attached = file.ids if file.file_size <= LARGEST_FILE else []
        mails = []
        for address, user in self._get_readers():
            link = self._get_leave_link(user, address)
            values = {
                "email_to": address,
                "attachment_ids": attached,
                "headers": {"List-Unsubscribe": f"<{link}>", "X-Auto-Response-Suppress": "OOF"},
            }
            words = {"leave_link": link, "is_attached": bool(attached), "is_inside": bool(user)}
            mails.append(template.with_context(**words).send_mail(sending.id, email_values=values))
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return mails

    def _go_on(self):
        following = periods.next_after(self.frequency, self._get_turn(), self.next_date)
        self.write({"next_date": following, "waits_for": False, "failures": 0})

    def _note_failure(self, error):
        """Show what went wrong; after some times this period is left out."""
        known = isinstance(error, UserError)
        if not known:
            _logger.warning("The report of subscription %s could not be sent.", self.id, exc_info=error)
        reason = str(error) if known else self.env._("Something went wrong: see the log of the server.")
        if self.failures + 1 < MOST_FAILURES:
            self.write({"failures": self.failures + 1, "waits_for": reason})
            return
        period = periods.period_of(self.frequency, self.next_date)
        values = {"subscription_id": self.id, "period": period, "state": "failed", "reason": reason}
        Sending = self.env["cobranca.report.sending"]
        Sending.create(values)
        self._go_on()
        self.waits_for = reason

    # --- leaving ---

    def _get_leave_link(self, user, address):
        """The link by which one reader leaves: it is good for that reader of that subscription only."""
        reader = f"u{user.id}" if user else f"a{address}"
        return urljoin(self.get_base_url(), f"{LEAVE}/{self.id}/{self._get_leave_token(reader)}")

    def _get_leave_token(self, reader):
        secret = self.sudo().env  # sudo: the secret of the database makes the link, nobody sees it
        return hmac(secret, "cobranca-report-leave", (self.id, reader))

    def _is_token(self, reader, token):
        return consteq(self._get_leave_token(reader), token)

    @api.model
    def _find_by_link(self, subscription_id, token):
        """Whose link this is.

        :return: (cobranca.report.subscription, res.users, address); the first one empty for a link of nobody
        """
        # sudo: the token says for whom it is looked for
        own = self.sudo().browse(subscription_id).exists()
        for user in own.user_ids:
            if own._is_token(f"u{user.id}", token):
                return own, user, ""
        for address in own._get_outside() if own else ():
            if own._is_token(f"a{address}", token):
                return own, self.env["res.users"], address
        return self.browse(), self.env["res.users"], ""
