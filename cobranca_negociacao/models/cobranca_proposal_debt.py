from odoo import fields, models

from ..tools.plan import Parts


class CobrancaProposalDebt(models.Model):
    """One debt of a proposal: what it consisted of on that day, and what of it is given."""

    _name = "cobranca.proposal.debt"
    _description = "Debt of a Proposal"
    _order = "due, id"
    _check_company_auto = True

    proposal_id = fields.Many2one(
        comodel_name="cobranca.proposal", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proposal_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    # Odoo draws the lines of a changed invoice anew: what was offered stays readable, and cannot be accepted.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    name = fields.Char(string="Document", required=True, readonly=True)
    due = fields.Date(string="Due date", required=True, readonly=True)
    principal = fields.Monetary(readonly=True)
    correction = fields.Monetary(readonly=True)
    fine = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    amount = fields.Monetary(string="Amount of that day", readonly=True)
    given_principal = fields.Monetary(string="Discount on the principal", readonly=True)
    given_correction = fields.Monetary(string="Discount on correction", readonly=True)
    given_fine = fields.Monetary(string="Discount on the fine", readonly=True)
    given_interest = fields.Monetary(string="Discount on interest", readonly=True)

    _check_given = models.Constraint(
        "CHECK (given_principal BETWEEN 0 AND principal AND given_correction BETWEEN 0 AND correction"
        " AND given_fine BETWEEN 0 AND fine AND given_interest BETWEEN 0 AND interest)",
        "No more is given than is owed.",
    )
    _uniq_line = models.UniqueIndex("(proposal_id, line_id)", "A debt is once in a proposal.")

    # === BUSINESS METHODS === #

    def _get_parts(self):
        """What it consisted of, as the kernel knows it.

        :return: tools.plan.Parts
        """
        self.ensure_one()
        exact = self.proposal_id._exact
        return Parts(exact(self.principal), exact(self.correction), exact(self.fine), exact(self.interest))
