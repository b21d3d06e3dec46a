from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaMoveProposal(models.AbstractModel):
    """Invoices are where many negotiations begin."""

    _name = "cobranca.move.proposal"
    _description = "Proposals over an Invoice"

    cobranca_is_negotiable = fields.Boolean(
        string="Can be negotiated",
        compute="_compute_cobranca_is_negotiable",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_is_negotiable(self):
        for move in self:
            move.cobranca_is_negotiable = move._cobranca_is_open_invoice()

    # === ACTIONS === #

    def action_cobranca_negotiate(self):
        """Open the simulation of proposals over these invoices.

        :raise UserError: when nothing of them is open, or they are of several customers
        """
        lines = self._cobranca_get_receivables().filtered(lambda line: not line.reconciled)
        debtors = lines.partner_id.commercial_partner_id
        if len(debtors) != 1 or lines.company_id != self.env.company:
            raise UserError(
                self.env._("Choose open invoices of one customer and of the company in which you work now.")
            )
        return self.env["cobranca.proposal.desk"]._get_action(debtors, lines)
