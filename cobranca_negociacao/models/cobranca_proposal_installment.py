from odoo import api, fields, models
from odoo.tools.misc import format_date


class CobrancaProposalInstallment(models.Model):
    """One payment of a proposal; number 0 is the down payment, or everything at once."""

    _name = "cobranca.proposal.installment"
    _description = "Payment of a Proposal"
    _order = "proposal_id, number"

    proposal_id = fields.Many2one(
        comodel_name="cobranca.proposal", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proposal_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    label = fields.Char(string="Payment", compute="_compute_label")
    due = fields.Date(string="Due date", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    amortization = fields.Monetary(readonly=True)
    fee = fields.Monetary(string="Collection fees", readonly=True)

    _check_amount = models.Constraint(
        "CHECK (amount > 0 AND fee >= 0 AND amount = interest + amortization + fee)",
        "A payment is of an amount that adds up.",
    )
    _uniq_number = models.UniqueIndex("(proposal_id, number)", "Payments are numbered.")
    _uniq_due = models.UniqueIndex("(proposal_id, due)", "No two payments fall due on one day.")

    # === COMPUTE METHODS === #

    @api.depends("number", "proposal_id.count")
    @api.depends_context("lang")
    def _compute_label(self):
        for record in self:
            count = record.proposal_id.count
            if record.number:
                record.label = self.env._("%(number)s of %(count)s", number=record.number, count=count)
            else:
                record.label = self.env._("Down payment") if count else self.env._("Cash")

    @api.depends("label", "due")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.label} · {format_date(self.env, record.due)}"
