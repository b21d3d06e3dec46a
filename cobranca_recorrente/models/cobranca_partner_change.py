from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..tools import identification, own_data
from .cobranca_partner_quality import COLLECTOR, SENSITIVE, SUPERVISOR

FIELDS = [("email", "E-mail"), ("name", "Name"), ("vat", "CPF or CNPJ")]
STATES = [("pending", "To decide"), ("approved", "Approved"), ("refused", "Refused"), ("withdrawn", "Taken back")]
ACTIVITY = "cobranca_recorrente.mail_activity_partner_change"
TEMPLATE = "cobranca_recorrente.mail_template_partner_change_"


class CobrancaPartnerChange(models.Model):
    """A customer asks in the portal for a change that could lead his bills to somebody else; people decide.

    Customers have no right on this model: what they ask for and see goes through
    `cobranca.partner.own.data`, for their own record only.
    """

    _name = "cobranca.partner.change"
    _description = "Change Asked For by a Customer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state_order, id desc"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    field = fields.Selection(selection=FIELDS, string="What", required=True, readonly=True)
    # Whole numbers of documents: collectors see them masked.
    old_value = fields.Char(readonly=True, groups=SUPERVISOR)
    new_value = fields.Char(required=True, readonly=True, groups=SUPERVISOR)
    old_text = fields.Char(string="Now", compute="_compute_texts", compute_sudo=True)
    new_text = fields.Char(string="Asked for", compute="_compute_texts", compute_sudo=True)
    old_masked = fields.Char(compute="_compute_texts", compute_sudo=True)
    new_masked = fields.Char(compute="_compute_texts", compute_sudo=True)
    remark = fields.Char(
        compute="_compute_remark", compute_sudo=True, help="What to look at before this change is approved."
    )
    state = fields.Selection(selection=STATES, default="pending", required=True, readonly=True, tracking=True)
    state_order = fields.Integer(compute="_compute_state_order", store=True, aggregator=None)
    requested_on = fields.Date(string="Asked on", required=True, readonly=True)
    requested_by_id = fields.Many2one(comodel_name="res.users", string="Asked by", required=True, readonly=True)
    decided_on = fields.Date(readonly=True)
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided by", readonly=True)
    reason = fields.Char(string="Reason of the refusal", readonly=True, help="The customer is told so.")
    needs_supervisor = fields.Boolean(compute="_compute_needs_supervisor")

    _uniq_pending = models.UniqueIndex(
        "(partner_id, field) WHERE state = 'pending'", "There is a change of this waiting already."
    )

    # === COMPUTE METHODS === #

    @api.depends("field", "old_value", "new_value")
    @api.depends_context("uid")
    def _compute_texts(self):
        """The whole number of a document is for supervisors; mails show no more than its owner needs."""
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        masks = {"vat": identification.masked, "email": own_data.masked_email}
        for change in self:
            mask = masks.get(change.field, str)
            values = (change.old_value or "", change.new_value or "")
            change.old_masked, change.new_masked = map(mask, values)
            is_masked = change.field == "vat" and not is_supervisor
            change.old_text, change.new_text = map(mask, values) if is_masked else values

    @api.depends("field", "new_value", "state", "partner_id.name", "partner_id.email", "partner_id.vat")
    def _compute_remark(self):
        for change in self:
            problem = change._find_problem() if change.state == "pending" else ""
            change.remark = problem or change._find_twin() or False

    @api.depends("state")
    def _compute_state_order(self):
        for change in self:
            change.state_order = 0 if change.state == "pending" else 1

    @api.depends("field")
    def _compute_needs_supervisor(self):
        for change in self:
            change.needs_supervisor = change.field in SENSITIVE

    @api.depends("field", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["field"]._description_selection(self.env))
        for change in self:
            change.display_name = f"{labels.get(change.field, '')} · {change.partner_id.name or ''}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.partner_id.exists():
            raise UserError(self.env._("What a customer asked for stays in the register."))

    # === ACTIONS === #

    def action_approve(self):
        """Apply these changes to the customers, and tell them.

        :raise AccessError: for who may not decide
        :raise UserError: when one is decided already, or its value changed meanwhile or cannot be right
        """
        for change in self._locked_to_decide():
            if problem := change._find_problem():
                raise UserError(": ".join([change.display_name, problem]))
            change._apply()
            change._close("approved")
        return True

    def action_refuse(self):
        """Open the dialog that asks for the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse · %(change)s", change=self.display_name),
            "res_model": "cobranca.partner.change.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_change_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _ask(self, partner, field, value):
        """Write down what a customer asks for, in place of what he asked before, and tell who decides.

        :param partner: res.partner, locked by the caller
        :param str field: of `FIELDS`
        :param str value: that he wants
        :return: cobranca.partner.change
        """
        records = self.sudo()  # sudo: customers have no right here; the caller knows that the data are his own
        records._get_pending(partner, field)._withdraw()
        change = records.create(
            {
                "company_id": self.env.company.id,
                "partner_id": partner.id,
                "field": field,
                "old_value": partner[field] or False,
                "new_value": value,
                "requested_on": self.env.company._cobranca_today(),
                "requested_by_id": self.env.uid,
            }
        )
        for user in change._get_people_to_ask():
            change.with_context(lang=user.lang)._schedule_decision(user)
        return change

    @api.model
    def _get_pending(self, partner, field=None):
        """What a customer waits for, of one field or of all."""
        domain = [("partner_id", "=", partner.id), ("state", "=", "pending")]
        return self.search([*domain, ("field", "=", field)] if field else domain)

    def _withdraw(self):
        """The customer does not want it any more."""
        self.write({"state": "withdrawn"})
        self.activity_unlink([ACTIVITY])

    def _get_people_to_ask(self):
        """Who speaks with this customer; the supervisors where they decide, or where nobody does.

        :return: res.users
        """
        contracts = self.env["cobranca.contract"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("state", "=", "active"),
            ]
        )
        people = contracts.collector_id.filtered("active")[:1]
        if self.needs_supervisor or not people:
            return self.env["cobranca.contract.billing"]._get_people_to_ask(self.company_id)
        return people

    def _schedule_decision(self, user):
        self.activity_schedule(
            ACTIVITY,
            date_deadline=fields.Date.add(self.requested_on, days=2),
            user_id=user.id,
            summary=self.env._("Change asked for: %(change)s", change=self.display_name),
        )

    # --- decision ---

    def _locked_to_decide(self):
        """These changes with the rights to decide, locked.

        :raise AccessError: for who may not decide
        :raise UserError: unless all of them wait
        """
        self.check_access("read")
        is_sensitive = any(change.needs_supervisor for change in self)
        if not self.env.user.has_group(SUPERVISOR if is_sensitive else COLLECTOR):
            raise AccessError(self.env._("Name, CPF and CNPJ are changed by a supervisor of Cobrança."))
        changes = self.sudo()  # sudo: the register is written by these methods only, after the checks above
        changes.lock_for_update()
        changes.partner_id.lock_for_update(allow_referencing=True)
        changes.invalidate_recordset()
        if changes.filtered(lambda change: change.state != "pending"):
            raise UserError(self.env._("This change is decided already."))
        return changes

    def _find_problem(self):
        """Why this change cannot be applied now; empty when it can."""
        self.ensure_one()
        now = self.partner_id[self.field] or ""
        if now != (self.old_value or ""):
            return self.env._(
                "Changed meanwhile by somebody else. Refuse it: the customer sees the data as they are now."
            )
        if self.field == "email" and not email_normalize(self.new_value):
            return self.env._("The e-mail cannot be right.")
        if self.field == "vat" and not identification.is_valid(self.new_value):
            return self.env._("The CPF or CNPJ cannot be right: its check digits do not match.")
        return ""

    def _find_twin(self):
        """Somebody else who has the document that is asked for."""
        if self.field != "vat" or self.state != "pending":
            return ""
        twin = self.env["res.partner"]._cobranca_find_by_document(self.new_value)
        if not twin or twin == self.partner_id:
            return ""
        return self.env._("%(customer)s has this CPF or CNPJ too: is it the same person?", customer=twin.display_name)

    def _apply(self):
        values = {self.field: self.new_value}
        if self.field == "vat":
            kind = identification.kind(self.new_value)
            values["l10n_latam_identification_type_id"] = self.env.ref(f"l10n_br.{kind}").id
        self.partner_id.write(values)

    def _refuse(self, reason):
        """Refuse these changes; the customer is told why.

        :param str reason: in words for the customer
        :raise AccessError: for who may not decide
        :raise UserError: without a reason, or when one is decided already
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason: the customer is told so."))
        self._locked_to_decide()._close("refused", reason.strip())

    def _close(self, state, reason=False):
        for change in self:
            change.write(
                {
                    "state": state,
                    "reason": reason,
                    "decided_on": change.company_id._cobranca_today(),
                    "decided_by_id": self.env.uid,
                }
            )
            change._tell_decision()
        self.activity_feedback([ACTIVITY])

    def _tell_decision(self):
        """One mail for each address, old and new, so that a stranger's change cannot stay unseen."""
        addresses = [self.partner_id.email]
        if self.field == "email" and self.state == "approved":
            addresses = [self.old_value, self.new_value]
        template = self.env.ref(TEMPLATE + self.state)
        for address in dict.fromkeys(filter(None, map(email_normalize, filter(None, addresses)))):
            template.send_mail(self.id, email_values={"email_to": address, "recipient_ids": [], "email_cc": False})
