from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, email_split

from ..tools import periods
from .cobranca_report_job import SUPERVISOR

FREQUENCIES = [("weekly", "Every week"), ("monthly", "Every month")]
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
MANAGER = "cobranca_recorrente.cobranca_group_manager"


class CobrancaReportSubscription(models.Model):
    """Who gets which workbook or summary by e-mail, and when: once in each week or month."""

    _name = "cobranca.report.subscription"
    _description = "Subscription to a Report"
    _inherit = ["cobranca.report.choice", "cobranca.report.subscription.run", "mail.thread"]
    _order = "next_date, id"

    active = fields.Boolean(default=True)
    kind = fields.Selection(default="board", tracking=True)
    owner_id = fields.Many2one(
        comodel_name="res.users",
        string="With the rights of",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        help="Files are made with what this person may see. Without that person nothing is sent.",
    )
    frequency = fields.Selection(selection=FREQUENCIES, default="monthly", required=True, tracking=True)
    weekday = fields.Selection(selection=WEEKDAYS, default="0", required=True)
    month_day = fields.Integer(string="Day of the month", default=1, help="1 to 28.")
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.company.partner_id.lang or self.env.lang,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="cobranca_report_subscription_user_rel",
        column1="subscription_id",
        column2="user_id",
        string="Supervisors",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    outside_emails = fields.Char(
        string="Other addresses",
        groups=MANAGER,
        tracking=True,
        help="Separated by commas. Who reads there needs no account, and sees what customers owe.",
    )
    is_outside_allowed = fields.Boolean(
        string="These people may see it",
        groups=MANAGER,
        tracking=True,
        help="I answer for it that the people behind these addresses may see personal data of customers.",
    )
    next_date = fields.Date(compute="_compute_next_date", store=True, string="Next on", index=True)
    waits_for = fields.Char(string="Why it waits", readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False, aggregator=None)
    sending_ids = fields.One2many(
        comodel_name="cobranca.report.sending", inverse_name="subscription_id", string="Sent", readonly=True
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _check_month_day = models.Constraint("CHECK (month_day BETWEEN 1 AND 28)", "Choose a day from 1 to 28.")

    # === COMPUTE METHODS === #

    @api.depends("frequency", "weekday", "month_day", "company_id")
    def _compute_next_date(self):
        for subscription in self:
            if not 1 <= subscription.month_day <= periods.LAST_DAY or not subscription.company_id:
                subscription.next_date = False
                continue
            today = subscription.company_id._cobranca_today()
            subscription.next_date = periods.due_on(subscription.frequency, subscription._get_turn(), today)

    @api.depends("kind", "frequency")
    def _compute_display_name(self):
        kinds, turns = dict(self._selection_kind()), dict(self._fields["frequency"]._description_selection(self.env))
        for subscription in self:
            parts = (kinds.get(subscription.kind), turns.get(subscription.frequency))
            subscription.display_name = " · ".join(filter(None, parts))

    @api.depends("user_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for subscription in self:
            subscription.is_mine = self.env.user in subscription.user_ids

    # === CONSTRAINT METHODS === #

    @api.constrains("user_ids", "owner_id", "company_id")
    def _check_people(self):
        for subscription in self:
            for user in subscription.user_ids | subscription.owner_id:
                if not subscription._may_see(user):
                    raise ValidationError(
                        self.env._(
                            "%(user)s does not see the figures of %(company)s: its supervisors of Cobrança do.",
                            user=user.name,
                            company=subscription.company_id.name,
                        )
                    )

    @api.constrains("outside_emails", "is_outside_allowed")
    def _check_outside(self):
        for subscription in self:
            if not subscription.outside_emails:
                continue
            parts = [part.strip() for part in subscription.outside_emails.split(",") if part.strip()]
            if bad := [part for part in parts if not email_normalize(part)]:
                raise ValidationError(self.env._("Not an e-mail address: %(address)s", address=bad[0]))
            if not subscription.is_outside_allowed:
                raise ValidationError(
                    self.env._("Confirm that the people behind these addresses may see personal data of customers.")
                )

    # === ACTIONS === #

    def action_leave(self):
        """Stop getting it: each person decides for himself."""
        self.check_access("read")
        for subscription in self.sudo():  # sudo: only the user himself is taken out
            subscription._remove(user=self.env.user)

    def action_view_files(self):
        """Open the register of what was sent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sent"),
            "res_model": "cobranca.report.sending",
            "view_mode": "list",
            "domain": [("subscription_id", "=", self.id)],
        }

    # === BUSINESS METHODS === #

    def _get_turn(self):
        """:return: int, weekday or day of the month"""
        return int(self.weekday) if self.frequency == "weekly" else self.month_day

    def _may_see(self, user):
        """Is this an active supervisor of the company?"""
        user = user.sudo()  # sudo: rights of another person, not shown
        return user.active and not user.share and user.has_group(SUPERVISOR) and self.company_id in user.company_ids

    def _get_outside(self):
        """:return: list of addresses outside"""
        own = self.sudo()  # sudo: managers chose them; the job that sends may not be one
        return email_split(own.outside_emails or "") if own.is_outside_allowed else []

    def _get_readers(self):
        """Who gets it now: people who lost their rights do not.

        :return: list of (address, res.users or empty)
        """
        users = self.sudo().user_ids.filtered(self._may_see)  # sudo: addresses of who is to get it
        inside = [(user.email_formatted, user) for user in users if user.email_normalized]
        return inside + [(address, self.env["res.users"]) for address in self._get_outside()]

    def _remove(self, user=None, address=""):
        """Take one reader out, and write down that it was so."""
        self.ensure_one()
        if user and user in self.user_ids:
            self.user_ids -= user
            self._message_log(body=self.env._("%(reader)s does not want it any more.", reader=user.name))
        left = [item for item in self._get_outside() if email_normalize(item) != email_normalize(address)]
        if address and len(left) < len(self._get_outside()):
            self.outside_emails = ", ".join(left)
            self._message_log(body=self.env._("%(reader)s does not want it any more.", reader=address))
