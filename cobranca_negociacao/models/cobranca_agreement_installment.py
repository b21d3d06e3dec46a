from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.plan import Installment

STATES = [
    ("open", "Open"),
    ("late", "Late"),
    ("paid", "Paid"),
    ("replaced", "Renegotiated"),
    ("void", "Without effect"),
]


class CobrancaAgreementInstallment(models.Model):
    """A payment that an agreement wants: an ordinary debt of the customer, on a line of its document."""

    _name = "cobranca.agreement.installment"
    _description = "Installment of an Agreement"
    _order = "agreement_id, due, number"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Customer", store=True, precompute=True)
    number = fields.Integer(required=True, readonly=True, help="0: the down payment.")
    label = fields.Char(string="Installment", compute="_compute_label")
    due = fields.Date(string="Due date", required=True, readonly=True, index=True)
    due_agreed = fields.Date(string="Due date agreed", required=True, readonly=True, help="Before it was postponed.")
    amount = fields.Monetary(required=True, readonly=True)
    interest = fields.Monetary(readonly=True)
    amortization = fields.Monetary(readonly=True)
    fee = fields.Monetary(string="Collection fees", readonly=True)
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_state")
    state = fields.Selection(selection=STATES, compute="_compute_state")
    paid_on = fields.Date(compute="_compute_state")
    mirror_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Closed by the break", readonly=True, ondelete="restrict"
    )

    _uniq_number = models.UniqueIndex("(agreement_id, number)", "An agreement has each installment once.")
    # Odoo tells the receivable lines of a document apart by their due dates.
    _uniq_due = models.UniqueIndex("(agreement_id, due)", "Two installments of an agreement are due on different days.")
    _check_amount = models.Constraint("CHECK (amount > 0)", "The amount of an installment is above zero.")

    # === COMPUTE METHODS === #

    @api.depends("line_id.amount_residual", "line_id.reconciled", "due", "agreement_id.state", "mirror_line_id")
    def _compute_state(self):
        replaced = self.env["cobranca.agreement.origin"]._get_of_lines(self.line_id).line_id
        todays = {company: company._cobranca_today() for company in self.company_id}
        for item in self:
            line = item.line_id.sudo()  # sudo: what is open of it is for who may read the installment
            item.amount_open = max(line.amount_residual, 0.0)
            item.paid_on = False
            if item.mirror_line_id:
                item.state = "void"
            elif not line.reconciled:
                item.state = "late" if item.due < todays[item.company_id] else "open"
            elif item.line_id in replaced:
                item.state = "replaced"
            else:
                item.state = "paid"
                item.paid_on = max(line.matched_credit_ids.credit_move_id.mapped("date"), default=item.due)

    @api.depends("number", "agreement_id.installment_ids.number")
    def _compute_label(self):
        for item in self:
            item.label = item._get_label()

    @api.depends("number", "agreement_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.agreement_id.name} · {item._get_label()}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The installments of an agreement stay as they were signed."))

    # === ACTIONS === #

    def action_postpone(self):
        """Open the change of the due date of this installment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Postpone · %(installment)s", installment=self.display_name),
            "res_model": "cobranca.agreement.postpone",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_installment_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _get_label(self):
        """What people call it."""
        self.ensure_one()
        if not self.number:
            return self.env._("Down payment")
        last = max(self.agreement_id.installment_ids.mapped("number"))
        return self.env._("Installment %(number)s of %(last)s", number=self.number, last=last)

    def _get_full_label(self):
        """The same with its agreement, for where nothing else says which one it is."""
        return self.env._(
            "%(agreement)s, %(installment)s", agreement=self.agreement_id.name, installment=self._get_label()
        )

    def _is_replaced(self):
        """Is any of these a debt of a later agreement?"""
        return bool(self.env["cobranca.agreement.origin"]._get_of_lines(self.line_id))

    def _get_open(self):
        """Those of which something is to be paid."""
        return self.filtered(lambda item: not item.line_id.reconciled and not item.mirror_line_id)

    def _get_plan(self):
        """These as the kernels know them, by the dates that were agreed.

        :return: list of tools.plan.Installment
        """
        to_decimal = self.env["cobranca.receipt"]._to_decimal
        return [
            Installment(
                item.number,
                item.due_agreed,
                *(to_decimal(item.line_id, item[name]) for name in ("amount", "interest", "amortization", "fee")),
            )
            for item in self.sorted("due_agreed")
        ]
