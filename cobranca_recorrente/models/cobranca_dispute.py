from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang
from odoo.tools.misc import format_date

REASONS = [
    ("unknown", "Does not recognise the charge"),
    ("amount", "Amount is wrong"),
    ("service", "Service not delivered or faulty"),
    ("paid", "Paid already"),
    ("duplicate", "Charged twice"),
    ("cancelled", "Contract was cancelled"),
    ("charges", "Does not accept fine or interest"),
    ("other", "Other"),
]
STATES = [
    ("open", "Undecided"),
    ("accepted", "Accepted"),
    ("rejected", "Unfounded"),
    ("withdrawn", "Withdrawn"),
]
# Business days in which a customer is answered, unless another deadline is chosen.
ANSWER_DAYS = 5


class CobrancaDispute(models.Model):
    """A customer contests a receivable, or part of it; it is not collected until somebody decided."""

    _name = "cobranca.dispute"
    _description = "Dispute of a Debt"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, deadline, id"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    # Odoo draws the lines of an invoice anew when it is changed; what was disputed stays on record.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        readonly=True,
        ondelete="set null",
        check_company=True,
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    amount = fields.Monetary(string="Disputed", required=True, readonly=True)
    amount_open = fields.Monetary(string="Open when disputed", required=True, readonly=True, aggregator=None)
    is_partial = fields.Boolean(string="Part of the debt", compute="_compute_is_partial")
    reason = fields.Selection(selection=REASONS, required=True, readonly=True)
    description = fields.Text(string="What the customer says", readonly=True)
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Evidence", readonly=True, copy=False)
    date = fields.Date(string="Disputed on", required=True, readonly=True)
    deadline = fields.Date(string="Answer until", required=True, readonly=True)
    is_late = fields.Boolean(string="Answer is late", compute="_compute_is_late")
    user_id = fields.Many2one(comodel_name="res.users", string="Registered by", required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, index=True, tracking=True)
    decided_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by", readonly=True)
    decision = fields.Text(string="Reason of the decision", readonly=True)

    _uniq_open = models.UniqueIndex("(line_id) WHERE state = 'open'", "This receivable is disputed already.")
    _check_amount = models.Constraint("CHECK (amount > 0)", "A dispute is of an amount above zero.")

    # === COMPUTE METHODS === #

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        for record in self:
            today = (record.company_id or self.env.company)._cobranca_today()
            record.is_late = record.state == "open" and bool(record.deadline) and record.deadline < today

    @api.depends("amount", "amount_open")
    def _compute_is_partial(self):
        for record in self:
            record.is_partial = record.amount < record.amount_open

    @api.depends("move_id", "partner_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Dispute of %(invoice)s · %(customer)s",
                invoice=record.move_id.name or "",
                customer=record.partner_id.name or "",
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Disputes stay in the register: withdraw what does not count any more."))

    # === ACTIONS === #

    def action_withdraw(self):
        """The customer gave it up: collection goes on."""
        self.check_access("read")
        self._decide("withdrawn", self.env._("Given up by the customer."))
        return True

    def action_decide(self):
        """Open the decision of a supervisor."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide · %(dispute)s", dispute=self.display_name),
            "res_model": "cobranca.dispute.decide",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, line, amount, reason, description=False, deadline=None, attachments=None, responsible=None):
        """Write a dispute down, and pause the collection of its line until it is decided.

        :param line: account.move.line, an open receivable
        :param float amount: disputed, in the currency of the line; up to its open amount
        :param date deadline: until when the customer gets an answer; None: in five business days
        :param responsible: res.users who has to answer; None: who registers it
        :return: cobranca.dispute
        :raise UserError: for a line that is not open, an amount out of bounds, a deadline in the past
        """
        line.ensure_one()
        company = line.company_id
        today = company._cobranca_today()
        deadline = deadline or self._get_default_deadline(company)
        self._check_terms(line, amount, deadline, today)
        record = self.sudo().create(  # sudo: disputes are written by these methods only, after the checks above
            {
                "company_id": company.id,
                "partner_id": line.partner_id.commercial_partner_id.id,
                "move_id": line.move_id.id,
                "line_id": line.id,
                "currency_id": line.currency_id.id,
                "amount": amount,
                "amount_open": line.amount_residual_currency,
                "reason": reason,
                "description": description,
                "date": today,
                "deadline": deadline,
                "user_id": self.env.uid,
                "attachment_ids": [Command.set(self._get_own_files(attachments).ids)],
            }
        )
        # sudo: a collector does not write disputes; only files that he brought himself are moved
        record.attachment_ids.sudo().write({"res_model": self._name, "res_id": record.id})
        self.env["cobranca.hold"]._start(
            company, record.partner_id, "dispute", today, None, lines=line, note=description, source=record
        )
        self.env["cobranca.bureau.listing"]._follow_lines(line)
        record.activity_schedule(
            "cobranca_recorrente.mail_activity_dispute",
            date_deadline=deadline,
            summary=self.env._("Answer the customer until %(date)s", date=format_date(self.env, deadline)),
            user_id=(responsible or self.env.user).id,
        )
        return record.with_env(self.env)

    @api.model
    def _get_default_deadline(self, company):
        """Until when a customer who disputes today gets his answer: five business days."""
        return self.env["cobranca.promise"]._add_business_days(company, company._cobranca_today(), ANSWER_DAYS)

    @api.model
    def _get_own_files(self, attachments):
        """Of some files those that the current user uploaded: evidence is not taken from other documents."""
        return (attachments or self.env["ir.attachment"]).filtered(lambda file: file.create_uid == self.env.user)

    def _check_terms(self, line, amount, deadline, today):
        self.env["cobranca.promise"]._check_open_receivables(line)
        if line.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Say how much is disputed."))
        if line.currency_id.compare_amounts(amount, line.amount_residual_currency) > 0:
            raise UserError(
                self.env._(
                    "Only %(open)s of %(invoice)s is open: dispute at most that.",
                    open=formatLang(self.env, line.amount_residual_currency, currency_obj=line.currency_id),
                    invoice=line.move_id.name,
                )
            )
        if deadline < today:
            raise UserError(self.env._("The deadline of the answer is in the past: choose a later one."))
        # sudo: a dispute that another collector registered counts too
        if self.sudo().search_count([("line_id", "=", line.id), ("state", "=", "open")]):
            raise UserError(
                self.env._("%(invoice)s is disputed already: decide that dispute first.", invoice=line.move_id.name)
            )

    def _decide(self, state, decision):
        """Close open disputes: the pause ends, the deadline's activity is done.

        :param str state: `accepted`, `rejected` (supervisors) or `withdrawn`
        :param str decision: why, as the customer may be told
        :raise UserError: without a reason, or for a dispute that is closed
        """
        is_supervisor = self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor")
        if state != "withdrawn" and not is_supervisor:
            raise AccessError(self.env._("Disputes are decided by a supervisor."))
        if not (decision or "").strip():
            raise UserError(self.env._("Give the reason of the decision: the customer is entitled to it."))
        records = self.sudo()  # sudo: disputes are written by these methods only, after the checks above
        records.lock_for_update()
        if records.filtered(lambda record: record.state != "open"):
            raise UserError(self.env._("This dispute is decided already."))
        for record in records:
            record.write(
                {
                    "state": state,
                    "decision": decision,
                    "decided_on": record.company_id._cobranca_today(),
                    "decided_by_id": self.env.uid,
                }
            )
        records.activity_unlink(["cobranca_recorrente.mail_activity_dispute"])
        self.env["cobranca.hold"]._end_of(records)
        if state == "accepted":
            records._ask_for_credit_note()

    def _ask_for_credit_note(self):
        """What was accepted is corrected in the books by a credit note, which a person makes."""
        for record in self:
            record.move_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=record.company_id._cobranca_today(),
                summary=self.env._(
                    "Dispute accepted: credit %(amount)s",
                    amount=formatLang(self.env, record.amount, currency_obj=record.currency_id),
                ),
                user_id=record.decided_by_id.id,
            )
