from odoo import api, fields, models
from odoo.tools.misc import format_date


class CobrancaContractTerminate(models.TransientModel):
    """End a contract, with or without a fee; or undo it when a consumer withdraws in time."""

    _name = "cobranca.contract.terminate"
    _inherit = ["cobranca.contract.wizard"]
    _description = "End a Contract"

    can_withdraw = fields.Boolean(compute="_compute_can_withdraw")
    withdrawal_note = fields.Char(compute="_compute_can_withdraw")
    is_withdrawal = fields.Boolean(
        string="Withdrawal within 7 days",
        compute="_compute_is_withdrawal",
        store=True,
        readonly=False,
        precompute=True,
        help="Everything billed is given back, without a fee (CDC, art. 49).",
    )
    reason_id = fields.Many2one(
        comodel_name="cobranca.close.reason",
        compute="_compute_reason_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        ondelete="cascade",
    )
    date = fields.Date(
        string="Last day", compute="_compute_date", store=True, readonly=False, required=True, precompute=True
    )
    credit = fields.Boolean(string="Give back what is billed after the last day", default=True)
    fee_proposed = fields.Monetary(string="Fee of the contract", compute="_compute_fee")
    fee_explanation = fields.Char(compute="_compute_fee")
    is_waived = fields.Boolean(string="Waive the fee")
    waive_note = fields.Char(string="Why it is waived")

    # === COMPUTE METHODS === #

    @api.depends("contract_id")
    def _compute_can_withdraw(self):
        for wizard in self:
            contract = wizard.contract_id
            wizard.can_withdraw = bool(contract) and contract._can_withdraw()
            until = contract._get_withdrawal_until() if wizard.can_withdraw else False
            wizard.withdrawal_note = until and self.env._(
                "Sold at a distance to a consumer, who may withdraw until %(day)s: everything billed is given back and "
                "no fee is due.",
                day=format_date(self.env, until),
            )

    @api.depends("contract_id")
    def _compute_is_withdrawal(self):
        for wizard in self:
            wizard.is_withdrawal = wizard.can_withdraw

    @api.depends("is_withdrawal")
    def _compute_reason_id(self):
        withdrawal = self.env.ref("cobranca_recorrente.cobranca_close_reason_withdrawal", raise_if_not_found=False)
        for wizard in self:
            if wizard.is_withdrawal:
                wizard.reason_id = withdrawal
            elif wizard.reason_id == withdrawal:
                wizard.reason_id = False

    @api.depends("contract_id")
    def _compute_date(self):
        for wizard in self:
            contract = wizard.contract_id
            today = (contract.company_id or self.env.company)._cobranca_today()
            wizard.date = max(today, contract.date_start or today)

    @api.depends("date", "reason_id", "contract_id")
    def _compute_fee(self):
        for wizard in self:
            fee, explanation = 0.0, False
            if wizard.contract_id and wizard.date:
                fee, explanation = wizard.contract_id._get_fee_to_charge(wizard.date, wizard.reason_id)
            wizard.fee_proposed, wizard.fee_explanation = fee, explanation

    # === BUSINESS METHODS === #

    def _apply(self, contract):
        if self.is_withdrawal:
            contract._withdraw(self.reason_id)
            return None
        return contract._terminate(self.date, self.reason_id, self.credit, self.is_waived and (self.waive_note or ""))

    def _find_effect(self):
        """A withdrawal is not tried: it would use up numbers of credit notes."""
        if not self.is_withdrawal:
            return super()._find_effect()
        moves = self.contract_id._get_withdrawn_invoices()
        return {"credited": [{"name": move.name or "", "amount": move.amount_total} for move in moves]}

    def _get_title(self):
        return self.env._("End contract")
