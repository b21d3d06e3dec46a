from odoo import api, fields, models


class CobrancaContractCreditConfirmLine(models.TransientModel):
    """One contract that stayed a draft."""

    _name = "cobranca.contract.credit.confirm.line"
    _description = "Contract to Activate in Spite of Doubts"

    wizard_id = fields.Many2one(
        comodel_name="cobranca.contract.credit.confirm", required=True, ondelete="cascade", index=True
    )
    contract_id = fields.Many2one(comodel_name="cobranca.contract", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id", string="Customer")
    text = fields.Text(string="Why it stayed a draft", readonly=True)
    is_block = fields.Boolean(string="Blocked", readonly=True)
    is_chosen = fields.Boolean(string="Activate")

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_values(self, contract, doubts):
        """What is blocked must be chosen one by one."""
        is_block = any(doubt.is_block for doubt in doubts)
        return {
            "contract_id": contract.id,
            "text": "\n".join(doubt.text for doubt in doubts),
            "is_block": is_block,
            "is_chosen": not is_block,
        }
