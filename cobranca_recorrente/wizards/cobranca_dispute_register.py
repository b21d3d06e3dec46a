from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_dispute import REASONS


class CobrancaDisputeRegister(models.TransientModel):
    """Write down that a customer contests a debt, or part of it."""

    _name = "cobranca.dispute.register"
    _inherit = ["cobranca.debtor.wizard"]
    _description = "Register Dispute"

    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="What is disputed",
        compute="_compute_line_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', line_choice_ids)]",
        ondelete="cascade",
    )
    line_choice_ids = fields.Many2many(comodel_name="account.move.line", compute="_compute_line_choice_ids")
    amount = fields.Monetary(
        string="Disputed amount", compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    reason = fields.Selection(selection=REASONS, required=True)
    description = fields.Text(string="What the customer says")
    deadline = fields.Date(
        string="Answer until", compute="_compute_deadline", store=True, readonly=False, precompute=True, required=True
    )
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Evidence")

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_line_id(self):
        for wizard in self:
            wizard.line_id = wizard.line_ids[:1]

    @api.depends("partner_id")
    def _compute_line_choice_ids(self):
        for wizard in self:
            wizard.line_choice_ids = wizard._get_debts()

    @api.depends("line_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.line_id.amount_residual_currency

    @api.depends("company_id")
    def _compute_deadline(self):
        for wizard in self:
            company = wizard.company_id or self.env.company
            wizard.deadline = self.env["cobranca.dispute"]._get_default_deadline(company)

    # === ACTIONS === #

    def action_register(self):
        """Register the dispute and open it.

        :raise UserError: as the dispute itself would
        """
        self.ensure_one()
        self.partner_id.check_access("read")
        if not self.line_id:
            raise UserError(self.env._("This customer has nothing open that could be disputed."))
        dispute = self.env["cobranca.dispute"]._record(
            self.line_id, self.amount, self.reason, self.description, self.deadline, self.attachment_ids
        )
        self.attachment_ids = [Command.clear()]
        return {
            "type": "ir.actions.act_window",
            "res_model": "cobranca.dispute",
            "res_id": dispute.id,
            "views": [(False, "form")],
        }
