from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime

from .cobranca_interaction_registration import EVENTS
from .cobranca_interaction_review import REVIEW

CHANNELS = [
    ("call", "Call"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("visit", "Visit"),
    ("letter", "Letter"),
    ("portal", "Portal"),
    ("system", "Automatic"),
]
# What a person may register by hand.
MANUAL_CHANNELS = [channel for channel in CHANNELS if channel[0] != "system"]
OUTCOMES = [
    ("promised", "Promised to pay"),
    ("says_paid", "Says it is paid"),
    ("no_answer", "No answer"),
    ("call_later", "Call later"),
    ("disputed", "Disputes it"),
    ("refused", "Refuses to pay"),
    ("left_message", "Left a message"),
    ("wrong_contact", "Wrong contact"),
    ("informed", "Informed, copy sent"),
    ("other", "Other"),
]


class CobrancaInteraction(models.Model):
    """Register of every contact with a debtor, in and out: nothing in it is changed or removed."""

    _name = "cobranca.interaction"
    _description = "Contact with a Debtor"
    _inherit = [
        "cobranca.interaction.registration",
        "cobranca.interaction.retraction",
        "cobranca.interaction.review",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    contact_id = fields.Many2one(comodel_name="res.partner", string="Person", readonly=True, ondelete="restrict")
    date = fields.Datetime(string="When", required=True, readonly=True, index=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True, index="btree_not_null")
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    direction = fields.Selection(
        selection=[("out", "We contacted"), ("in", "Customer contacted")],
        string="Who contacted",
        required=True,
        readonly=True,
    )
    reached = fields.Selection(
        selection=[("right", "Right person"), ("third", "Somebody else"), ("nobody", "Nobody")], readonly=True
    )
    outcome = fields.Selection(selection=OUTCOMES + EVENTS, required=True, readonly=True, index=True)
    reason_id = fields.Many2one(
        comodel_name="cobranca.delinquency.reason",
        string="Reason of the delay",
        readonly=True,
        ondelete="restrict",
        groups="cobranca_recorrente.cobranca_group_supervisor",
    )
    reason_text = fields.Char(string="Reason", compute="_compute_reason_text", compute_sudo=True)
    note = fields.Text(readonly=True)
    private_note = fields.Text(
        string="Note for supervisors", readonly=True, groups="cobranca_recorrente.cobranca_group_supervisor"
    )
    next_date = fields.Datetime(string="Next contact", readonly=True)
    next_step = fields.Char(readonly=True)
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="cobranca_interaction_line_rel",
        column1="interaction_id",
        column2="line_id",
        string="About",
        readonly=True,
        check_company=True,
    )
    promise_id = fields.Many2one(
        comodel_name="cobranca.promise",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        string="Activity of the next contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    message_id = fields.Many2one(
        comodel_name="mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _uniq_message = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL", "This message is in the register of contacts already."
    )
    _debtor_idx = models.Index("(partner_id, company_id, date DESC)")

    # === COMPUTE METHODS === #

    @api.depends("reason_id")
    @api.depends_context("uid")
    def _compute_reason_text(self):
        """The reason, or that there is one which only supervisors read."""
        is_supervisor = self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor")
        for record in self:
            hidden = record.reason_id.is_sensitive and not is_supervisor
            record.reason_text = self.env._("Personal (supervisor)") if hidden else record.reason_id.name

    @api.depends("partner_id", "channel", "date")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for record in self:
            when = record.date and format_datetime(self.env, record.date, dt_format="short") or ""
            record.display_name = " · ".join(filter(None, [channels.get(record.channel), record.partner_id.name, when]))

    # === CRUD METHODS === #

    def write(self, vals):
        """Only the supervisor's review is written afterwards."""
        if vals.keys() - REVIEW:
            raise UserError(
                self.env._("The register of contacts is not changed: register another contact that says what is right.")
            )
        self._check_may_review()
        given = {record: (record.review, record.review_note) for record in self}
        result = super().write(self._prepare_review(vals))
        self.filtered(lambda r: r.review and (r.review, r.review_note) != given[r])._tell_feedback()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The register of contacts stays as it is: nothing is removed from it."))

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, company, partner, channel, outcome, **values):
        """Write one contact down; its next step becomes an activity on the customer.

        :param company: res.company
        :param partner: res.partner, the debtor or one of his people
        :param values: other fields of this model; `lines` (account.move.line) instead of `line_ids`
        :return: cobranca.interaction
        :raise UserError: for a moment in the future, or a next contact in the past
        """
        now = fields.Datetime.now()
        moment = values.pop("date", None) or now
        if moment > now:
            raise UserError(self.env._("A contact is registered after it happened: correct its date and hour."))
        if values.get("next_date") and values["next_date"] < now:
            raise UserError(self.env._("The next contact is in the past: choose a later day and hour."))
        lines = values.pop("lines", None)
        record = self.sudo().create(  # sudo: the register is written by this method only, by whoever may call it
            {
                "company_id": company.id,
                "partner_id": partner.commercial_partner_id.id,
                "date": moment,
                "user_id": self.env.uid,
                "channel": channel,
                "direction": "out",
                "outcome": outcome,
                "line_ids": [fields.Command.set(lines.ids)] if lines else False,
                **values,
            }
        )
        record = record.with_env(self.env)
        self.env["cobranca.case.touch"]._touch(company, record.partner_id)
        if record.next_date and (activity := record._schedule_next_step()):
            record._write_own({"activity_id": activity.id})
        return record

    def _write_own(self, values):
        """Write facts that `write` refuses: for the register's own methods, after their checks."""
        # sudo: the register is written by its own methods only, by whoever may call them
        return models.Model.write(self.sudo(), values)

    def _schedule_next_step(self):
        """An activity on the customer for who spoke with him; its text says nothing of what was told.

        :return: mail.activity, or False where activities are switched off
        """
        self.ensure_one()
        user = self.user_id or self.env.user
        local = self.company_id._cobranca_local(self.next_date)
        step = self.next_step or self.env._("Contact agreed")
        return self.partner_id.sudo().activity_schedule(  # sudo: who registers a contact may not write customers
            "cobranca_recorrente.mail_activity_callback",
            date_deadline=local.date(),
            summary=self.env._("%(hour)s · %(step)s", hour=local.strftime("%H:%M"), step=step),
            user_id=user.id,
        )

    def _get_hour(self):
        """The next contact as `HH:MM` of the company."""
        self.ensure_one()
        return self.company_id._cobranca_local(self.next_date).strftime("%H:%M")
