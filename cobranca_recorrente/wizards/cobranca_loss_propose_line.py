from odoo import fields, models

from ..models.cobranca_loss import CASES


class CobrancaLossProposeLine(models.TransientModel):
    """A debt that the law admits as a loss."""

    _name = "cobranca.loss.propose.line"
    _description = "Debt to Write off"

    wizard_id = fields.Many2one(
        comodel_name="cobranca.loss.propose", required=True, readonly=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        comodel_name="account.move.line", string="Debt", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer")
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    date_due = fields.Date(
        related="line_id.date_maturity", string="Due date", help="The day on which the debt was to be paid."
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(related="line_id.amount_residual", string="Open", help="Open of the debt now.")
    operation = fields.Monetary(string="Whole operation", readonly=True, help="Decides which rule of the law holds.")
    case = fields.Selection(selection=CASES, string="Rule", readonly=True)
    needs = fields.Selection(
        selection=[("none", "Nothing"), ("collection", "Collection kept up"), ("lawsuit", "Lawsuit")],
        string="Proof wanted",
        readonly=True,
    )
    contact_count = fields.Integer(
        string="Contacts", readonly=True, help="Contacts that are registered since the due date."
    )
    last_contact = fields.Date(readonly=True)
    missing = fields.Char(
        string="Not proved", readonly=True, help="Why the register of contacts does not prove that it was collected."
    )
    proof = fields.Char(
        help="The number of the lawsuit, or how collection was kept up where the register of contacts does not say so."
    )
    is_chosen = fields.Boolean(string="Write off")
