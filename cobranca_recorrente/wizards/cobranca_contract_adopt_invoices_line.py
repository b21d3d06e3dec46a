from odoo import fields, models


class CobrancaContractAdoptInvoicesLine(models.TransientModel):
    _name = "cobranca.contract.adopt.invoices.line"
    _description = "Invoice to Link"

    wizard_id = fields.Many2one(comodel_name="cobranca.contract.adopt.invoices", required=True, ondelete="cascade")
    is_chosen = fields.Boolean(string="Link it")
    key = fields.Char(required=True, readonly=True)
    contract_id = fields.Many2one(comodel_name="cobranca.contract", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id")
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_start = fields.Date(string="First day", readonly=True)
    date_end = fields.Date(string="Last day", readonly=True)
    date_due = fields.Date(string="Due by the contract", readonly=True)
    invoice_date_due = fields.Date(related="move_id.invoice_date_due", string="Due by the invoice")
    amount = fields.Monetary(string="By the contract", readonly=True)
    amount_billed = fields.Monetary(related="move_id.amount_total", string="By the invoice")
    difference = fields.Monetary(readonly=True)

    # === BUSINESS METHODS === #

    def _prepare_values(self, match):
        parts = match.charge.parts
        return {
            "key": match.key,
            "contract_id": match.contract.id,
            "move_id": match.move.id,
            # What differs in the amount is for someone to look at.
            "is_chosen": not match.difference,
            "date_start": min(part.span[0] for part in parts),
            "date_end": max(part.span[1] for part in parts),
            "date_due": match.charge.due,
            "amount": float(match.charge.amount),
            "difference": float(match.difference),
        }
