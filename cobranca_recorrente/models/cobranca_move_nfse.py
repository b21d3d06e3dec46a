from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools.links import https_link
from .cobranca_move_delivery import COLLECTOR

# From which states a note may come into each; the same state again changes its data only.
TRANSITIONS = {
    "not_needed": (False, "pending", "refused"),
    "pending": (False, "not_needed", "requested", "refused", "cancelled"),
    "requested": (False, "pending", "refused", "cancelled", "not_needed"),
    "issued": (False, "pending", "requested", "refused", "cancelled", "not_needed"),
    "refused": ("pending", "requested"),
    "cancelled": ("issued",),
}
NOTE_FIELDS = ("number", "code", "link", "date", "reason")
WAITING_STATES = ("pending", "requested", "refused")


class CobrancaMoveNfse(models.AbstractModel):
    """The service invoice (NFS-e) that belongs to an invoice: issued elsewhere, recorded here.

    Nothing fiscal is made here. The fiscal addon that is installed, or a person, reports each
    step by `_cobranca_set_nfse`.
    """

    _name = "cobranca.move.nfse"
    _description = "Service Invoice of an Invoice"

    cobranca_nfse_state = fields.Selection(
        selection=[
            ("not_needed", "Not needed"),
            ("pending", "Without a note"),
            ("requested", "Requested"),
            ("issued", "Issued"),
            ("refused", "Refused"),
            ("cancelled", "Note cancelled"),
        ],
        string="NFS-e",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
    )
    cobranca_nfse_number = fields.Char(
        string="NFS-e number", readonly=True, copy=False, index="btree_not_null", groups=COLLECTOR
    )
    cobranca_nfse_code = fields.Char(string="Verification code", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_nfse_link = fields.Char(string="NFS-e link", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_nfse_date = fields.Date(string="NFS-e issued on", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_nfse_reason = fields.Text(string="Reason of the refusal", readonly=True, copy=False, groups=COLLECTOR)

    _cobranca_nfse_idx = models.Index(
        "(cobranca_nfse_state, id) WHERE cobranca_nfse_state IN ('pending', 'requested', 'refused')"
    )

    # === ACTIONS === #

    def action_cobranca_register_nfse(self):
        """Ask for the number of the service invoice of this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_nfse_register_action_one")
        return {**action, "context": {"default_invoice_number": self.name, "default_company_id": self.company_id.id}}

    def action_cobranca_nfse_not_needed(self):
        """These invoices need no service invoice."""
        for move in self:
            move._cobranca_set_nfse("not_needed")
        return True

    def action_cobranca_nfse_needed(self):
        """These invoices wait for a service invoice (again)."""
        for move in self:
            move._cobranca_set_nfse("pending")
        return True

    # === BUSINESS METHODS === #

    def _cobranca_queue_nfse(self):
        """Posted contract invoices of companies that issue service invoices wait for theirs."""
        for company, moves in self.grouped("company_id").items():
            # sudo: who bills may not read this setting of the company
            if company.sudo().cobranca_nfse_required:
                new = moves.filtered(lambda move: not move.cobranca_nfse_state and move.move_type == "out_invoice")
                new._cobranca_write({"cobranca_nfse_state": "pending"})

    def _cobranca_set_nfse(self, state, values=None):
        """The one way by which the note of an invoice changes its state.

        Idempotent: the same state with the same values again changes nothing.

        :param str state: of `cobranca_nfse_state`
        :param dict values: `number`, `code` (of verification), `link` (https), `date` (date or
            text yyyy-mm-dd, default: the company's today), `reason` (of a refusal)
        :return: whether anything changed
        :raise UserError: when the step or a value cannot be right
        :raise LockError: while another transaction changes the invoice
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset()
        values = {field: value for field, value in (values or {}).items() if value}
        self._cobranca_check_nfse_step(state)
        vals = self._cobranca_prepare_nfse(state, values)
        if all(self[field] == value or not (self[field] or value) for field, value in vals.items()):
            return False
        self._cobranca_write(vals)
        labels = dict(self._fields["cobranca_nfse_state"]._description_selection(self.env))
        details = ", ".join(filter(None, [self.cobranca_nfse_number, self.cobranca_nfse_code, values.get("reason")]))
        self._message_log(
            body=self.env._("Service invoice (NFS-e): %(state)s. %(details)s", state=labels[state], details=details)
        )
        if self.cobranca_delivery_state == "to_send":
            self._cobranca_wake_delivery()
        return True

    def _cobranca_check_nfse_step(self, state):
        """:raise UserError: when the note cannot come into this state from the one it has"""
        labels = dict(self._fields["cobranca_nfse_state"]._description_selection(self.env))
        if state not in TRANSITIONS:
            raise UserError(self.env._("%(state)s is no state of a service invoice.", state=state))
        if self.move_type != "out_invoice" or (self.state != "posted" and state != "cancelled"):
            raise UserError(
                self.env._(
                    "%(invoice)s is no posted customer invoice: it has no service invoice.", invoice=self.display_name
                )
            )
        if self.cobranca_nfse_state != state and self.cobranca_nfse_state not in TRANSITIONS[state]:
            raise UserError(
                self.env._(
                    "The service invoice of %(invoice)s is %(old)s: it cannot become %(new)s.",
                    invoice=self.display_name,
                    old=labels.get(self.cobranca_nfse_state, "-"),
                    new=labels[state],
                )
            )

    def _cobranca_prepare_nfse(self, state, values):
        """Checked values of the fields for a state of the note.

        :return: dict for account.move
        """
        if unknown := values.keys() - set(NOTE_FIELDS):
            raise ValueError(f"unknown values of a service invoice: {sorted(unknown)}")
        vals = {"cobranca_nfse_state": state, "cobranca_nfse_reason": False}
        if state == "issued":
            vals |= self._cobranca_prepare_issued_nfse(values)
        elif state == "refused":
            if not (reason := str(values.get("reason") or "").strip()):
                raise UserError(self.env._("Say why the service invoice was refused."))
            vals["cobranca_nfse_reason"] = reason
        elif state != "cancelled":
            # What a cancelled note was stays readable until another takes its place.
            vals |= {f"cobranca_nfse_{field}": False for field in ("number", "code", "link", "date")}
        return vals

    def _cobranca_prepare_issued_nfse(self, values):
        number = str(values.get("number") or "").strip()
        if not number:
            raise UserError(self.env._("An issued service invoice has a number: fill it in."))
        today = self.company_id._cobranca_today()
        day = fields.Date.to_date(values.get("date")) or (self.cobranca_nfse_date or today)
        if day > today:
            raise UserError(
                self.env._("The service invoice is dated %(date)s, in the future.", date=format_date(self.env, day))
            )
        link = values.get("link")
        if link:
            try:
                link = https_link(link)
            except ValueError:
                raise UserError(
                    self.env._("%(link)s is no link to a page: it must begin with https://", link=link)
                ) from None
        self._cobranca_check_nfse_of_nobody_else(number)
        return {
            "cobranca_nfse_number": number,
            "cobranca_nfse_code": str(values.get("code") or "").strip() or False,
            "cobranca_nfse_link": link or False,
            "cobranca_nfse_date": day,
        }

    def _cobranca_check_nfse_of_nobody_else(self, number):
        """One note may cover several invoices, but of one customer only."""
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("cobranca_nfse_number", "=", number)
            & Domain("cobranca_nfse_state", "=", "issued")
            & Domain("commercial_partner_id", "!=", self.commercial_partner_id.id)
        )
        # sudo: a note of a customer the user may not see is in use all the same
        if other := self.env["account.move"].sudo().search(domain, limit=1):
            raise UserError(
                self.env._(
                    "Service invoice %(number)s belongs to %(invoice)s of another customer.",
                    number=number,
                    invoice=other.name,
                )
            )

    def _cobranca_waits_for_nfse(self):
        """Does the company send this invoice only with the number of its note, and is that missing?"""
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: two settings of the company, whoever looks at the invoice
        rule = company.cobranca_nfse_required and company.cobranca_send_with_nfse
        return bool(rule) and self.cobranca_nfse_state in WAITING_STATES
