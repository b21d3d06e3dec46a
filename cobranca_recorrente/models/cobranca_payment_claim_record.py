from datetime import timedelta

import psycopg2

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..tools import own_data, receipt_file

ACTIVITY = "cobranca_recorrente.mail_activity_payment_claim"
# A payment of longer ago is looked for by a person.
OLDEST_DAYS = 365
LONGEST_NOTE = 500


class CobrancaPaymentClaimRecord(models.AbstractModel):
    """How a customer tells that he has paid, with all that follows from it."""

    _name = "cobranca.payment.claim.record"
    _description = "How a Payment Is Told"

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, lines, paid_on, means, amount=None, note="", files=()):
        """Write down what a customer tells, and pause the reminders of these lines. What is told twice counts once.

        The caller knows that the lines are those of who tells it.

        :param lines: account.move.line of open receivables of one debtor, company and currency
        :param date paid_on: when he says he paid
        :param str means: of MEANS
        :param float amount: that he says he paid; None: what the lines amount to on that day
        :param str note: his words
        :param files: (name, bytes) of up to three PDFs or pictures
        :return: cobranca.payment.claim; the open one when all of these lines are being verified already
        :raise UserError: for a day in the future, an unknown means, files that are neither PDF nor picture or too big
        """
        # sudo: customers have no right on claims; who may call this is checked by the caller. Nor do they follow them.
        claims = self.sudo().with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        lines = lines.sudo()  # sudo: as above, of the lines that the caller chose
        known = claims.env["cobranca.payment.claim.line"].search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        fresh = lines - known.line_id
        if not fresh:
            return known.claim_id[:1]
        self._check_told(fresh, paid_on, means, amount, files)
        try:
            with self.env.cr.savepoint():
                claim = claims.create(self._prepare_claim(fresh, paid_on, means, amount, note))
                claim.flush_recordset()
                claim.claim_line_ids.flush_recordset()
        except psycopg2.errors.UniqueViolation:
            # Told twice at the same moment: the other one counts.
            self.env.invalidate_all()
            return claims.browse()
        claim._keep_files(files)
        claim._pause(fresh)
        claim._tell(fresh)
        return claim

    @api.model
    def _check_told(self, lines, paid_on, means, amount, files):
        company = lines.company_id
        if len(company) != 1 or len(lines.partner_id.commercial_partner_id) != 1 or len(lines.currency_id) != 1:
            raise UserError(self.env._("A payment is of one customer, to one company, in one currency."))
        today = company._cobranca_today()
        if not paid_on or paid_on > today:
            raise UserError(self.env._("Choose the day on which you paid: today or before."))
        if paid_on < today - timedelta(days=OLDEST_DAYS):
            raise UserError(self.env._("Payments of more than a year ago: please write to us."))
        if means not in dict(self._fields["means"].selection):
            raise UserError(self.env._("Choose how you paid."))
        if amount is not None and not 0 < amount < 10**9:
            raise UserError(self.env._("Write the amount that you paid, such as 195.60, or leave it empty."))
        self._check_files(files)

    @api.model
    def _check_files(self, files):
        if len(files) > receipt_file.MOST_FILES:
            raise UserError(self.env._("Send up to %(count)s files.", count=receipt_file.MOST_FILES))
        for name, content in files:
            values = {"name": own_data.clean(name)[: receipt_file.LONGEST_NAME]}
            if len(content) > receipt_file.MOST_BYTES:
                raise UserError(self.env._("“%(name)s” is bigger than 5 MB: send a smaller one.", **values))
            if not receipt_file.kind(content):
                raise UserError(self.env._("“%(name)s” is neither a PDF nor a picture (JPG, PNG, WEBP).", **values))

    @api.model
    def _prepare_claim(self, lines, paid_on, means, amount, note):
        company = lines.company_id
        if amount is None:
            amount = float(sum(charges.total for charges in lines._cobranca_get_debts(paid_on).values()))
            amount = amount or sum(lines.mapped("amount_residual_currency"))
        return {
            "company_id": company.id,
            "partner_id": lines.partner_id.commercial_partner_id.id,
            "currency_id": lines.currency_id.id,
            "date": company._cobranca_today(),
            "paid_on": paid_on,
            "means": means,
            "amount": amount,
            "note": (note or "").replace("\0", "").strip()[:LONGEST_NOTE] or False,
            "date_limit": self._get_pause_end(company),
            "claim_line_ids": [Command.create({"line_id": line.id}) for line in lines],
        }

    @api.model
    def _get_pause_end(self, company):
        """The last day without reminders for who tells today that he has paid."""
        days = company.sudo().cobranca_claim_days  # sudo: a setting, also for who is not logged in
        return self.env["cobranca.promise"]._add_business_days(company, company._cobranca_today(), days)

    def _keep_files(self, files):
        """Receipts as files of this claim, with the type that their content has."""
        for name, content in files:
            ending, mimetype = receipt_file.kind(content)
            self.attachment_ids |= self.env["ir.attachment"].create(
                {
                    "name": receipt_file.clean_name(name, ending),
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )

    def _pause(self, lines):
        self.env["cobranca.hold"]._start(
            self.company_id,
            self.partner_id,
            "already_paid",
            self.date,
            self.date_limit,
            lines=lines,
            note=self.env._("Told on the page of payments"),
            source=self,
        )

    def _tell(self, lines):
        """Into the register of contacts, and to who looks for the payment."""
        public = self.env.user._is_public()
        users = self._get_people_to_verify()
        own = self.with_context(lang=users[:1].lang or self.env.lang)
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            "portal",
            "says_paid",
            direction="in",
            reached="right",
            user_id=False if public else self.env.uid,
            note=own._get_told_text(),
            lines=lines,
        )
        for user in users:
            told = self.with_context(lang=user.lang)
            told.activity_schedule(
                ACTIVITY,
                date_deadline=self.date_limit,
                user_id=user.id,
                summary=told.env._("Verify the payment of %(date)s", date=format_date(told.env, self.paid_on)),
            )

    def _get_told_text(self):
        """What was told, in one sentence."""
        means = dict(self._fields["means"]._description_selection(self.env))[self.means]
        values = {
            "amount": formatLang(self.env, self.amount, currency_obj=self.currency_id),
            "means": means,
            "date": format_date(self.env, self.paid_on),
        }
        if self.attachment_ids:
            return self.env._("Says %(amount)s was paid on %(date)s (%(means)s), with a receipt.", **values)
        return self.env._("Says %(amount)s was paid on %(date)s (%(means)s).", **values)

    def _get_people_to_verify(self):
        """Who works with this customer, else up to three supervisors.

        :return: res.users
        """
        collector = (
            self.env["cobranca.case"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("state", "=", "open"),
                    ("is_training", "=", False),
                    ("collector_id.active", "=", True),
                ],
                limit=1,
            )
            .collector_id
        )
        return collector or self.env["cobranca.contract.billing"]._get_people_to_ask(self.company_id)
