from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

MEANS = [
    ("pix", "Pix"),
    ("boleto", "Boleto"),
    ("transfer", "Bank transfer"),
    ("card", "Card"),
    ("cash", "Cash"),
    ("other", "Other"),
]
STATES = [("open", "To verify"), ("confirmed", "Found"), ("refused", "Not found")]
ACTIVITY = "cobranca_recorrente.mail_activity_payment_claim"


class CobrancaPaymentClaim(models.Model):
    """Somebody says that he has paid: nobody reminds him while somebody else looks for the payment.

    Rows are written by the methods of this model only. A payment that settles the lines closes the claim by itself.
    """

    _name = "cobranca.payment.claim"
    _description = "Payment Told by the Customer"
    _inherit = ["cobranca.payment.claim.record", "mail.thread", "mail.activity.mixin"]
    _order = "state desc, date_limit, id"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    claim_line_ids = fields.One2many(
        comodel_name="cobranca.payment.claim.line", inverse_name="claim_id", string="Lines", readonly=True
    )
    move_ids = fields.Many2many(comodel_name="account.move", string="Invoices", compute="_compute_move_ids")
    date = fields.Date(string="Told on", required=True, readonly=True)
    paid_on = fields.Date(string="Says paid on", required=True, readonly=True)
    means = fields.Selection(selection=MEANS, string="How", required=True, readonly=True)
    amount = fields.Monetary(string="Says paid", readonly=True)
    note = fields.Text(string="What the customer writes", readonly=True)
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Receipts", readonly=True, copy=False)
    has_files = fields.Boolean(string="Has a receipt", compute="_compute_has_files")
    date_limit = fields.Date(
        string="Reminders paused until", required=True, readonly=True, help="Look for the payment until this day."
    )
    is_late = fields.Boolean(string="Verification is late", compute="_compute_is_late")
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, index=True)
    decided_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", readonly=True, help="Empty: the payment itself did."
    )
    decision = fields.Text(string="Why it was not found", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("claim_line_ids.line_id")
    def _compute_move_ids(self):
        for record in self:
            record.move_ids = record.claim_line_ids.line_id.move_id

    @api.depends("attachment_ids")
    def _compute_has_files(self):
        for record in self:
            record.has_files = bool(record.attachment_ids)

    @api.depends("state", "date_limit")
    def _compute_is_late(self):
        for record in self:
            today = (record.company_id or self.env.company)._cobranca_today()
            record.is_late = record.state == "open" and bool(record.date_limit) and record.date_limit < today

    @api.depends("partner_id", "paid_on")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Payment of %(date)s told by %(customer)s",
                date=record.paid_on and format_date(self.env, record.paid_on) or "",
                customer=record.partner_id.name or "",
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What customers told stays in the register: say whether the payment was found."))

    # === ACTIONS === #

    def action_confirm(self):
        """The payment was found: reminders stay paused until it is matched.

        :raise UserError: for one that is decided already
        """
        self.check_access("read")
        self._decide("confirmed")
        return True

    def action_refuse(self):
        """Open the dialog that asks why no payment was found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment not found · %(customer)s", customer=self.partner_id.name),
            "res_model": "cobranca.payment.claim.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _decide(self, state, decision=False):
        """Close open claims by a person.

        :param str state: `confirmed` or `refused`
        :param str decision: why, in words that the customer may read; needed to refuse
        :raise UserError: without a reason, or for one that is decided already
        """
        if state == "refused" and not (decision or "").strip():
            raise UserError(self.env._("Say what was looked for and not found: the customer may read it."))
        records = self.sudo()  # sudo: written by these methods only, after the check of who may read them
        records.lock_for_update()
        records.invalidate_recordset()
        if records.filtered(lambda record: record.state != "open"):
            raise UserError(self.env._("This is decided already."))
        records._close(state, decided_by_id=self.env.uid, decision=(decision or "").strip() or False)
        if state == "confirmed":
            records._wait_for_matching()

    def _close(self, state, **values):
        """Write a decision with what follows from it: the pause ends, the activity is done."""
        for company, records in self.grouped("company_id").items():
            records.write({"state": state, "decided_on": company._cobranca_today(), **values})
            self.env["cobranca.case.touch"]._touch(company, records.partner_id)
        self.claim_line_ids.write({"is_open": False})
        self.env["cobranca.hold"]._end_of(self)
        self.activity_feedback([ACTIVITY])

    def _wait_for_matching(self):
        """What was found and is not matched yet is not asked for either."""
        for record in self:
            lines = record.claim_line_ids.line_id.filtered(lambda line: not line.reconciled)
            if not lines:
                continue
            company, today = record.company_id, record.company_id._cobranca_today()
            self.env["cobranca.hold"]._start(
                company,
                record.partner_id,
                "already_paid",
                today,
                record._get_pause_end(company),
                lines=lines,
                note=self.env._("Found, to be matched"),
                source=record,
            )

    @api.model
    def _settle_of(self, lines):
        """Close the claims of lines that are paid now: the payment was found.

        :param lines: account.move.line
        """
        # sudo: who reconciles need not know of claims
        rows = (
            self.env["cobranca.payment.claim.line"]
            .sudo()
            .search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        )
        for claim in rows.claim_id.try_lock_for_update(allow_referencing=True):
            if claim.state == "open" and all(claim.claim_line_ids.line_id.mapped("reconciled")):
                claim._close("confirmed")
