from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_charge import OWED


class CobrancaChargeWaive(models.TransientModel):
    """Ask for the reason of a waiver: of charges that stayed open, or of what open invoices cost until today."""

    _name = "cobranca.charge.waive"
    _description = "Waive Charges"

    charge_ids = fields.Many2many(comodel_name="cobranca.charge", string="Charges", readonly=True)
    line_ids = fields.Many2many(comodel_name="account.move.line", string="Debts", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Until", compute="_compute_company_id")
    interest = fields.Monetary(compute="_compute_amounts")
    fine = fields.Monetary(compute="_compute_amounts")
    correction = fields.Monetary(compute="_compute_amounts")
    waive_interest = fields.Boolean(string="Waive the interest", default=True)
    waive_fine = fields.Boolean(string="Waive the fine", default=True)
    waive_correction = fields.Boolean(string="Waive the correction", default=True)
    amount = fields.Monetary(string="Waived", compute="_compute_amount")
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("charge_ids", "line_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = (wizard.charge_ids.company_id | wizard.line_ids.company_id)[:1]
            wizard.date = (wizard.company_id or self.env.company)._cobranca_today()

    @api.depends("charge_ids", "line_ids", "date")
    def _compute_amounts(self):
        for wizard in self:
            lines = wizard.line_ids._origin
            accrued = self.env["cobranca.receipt"]._get_accrued(lines, wizard.date) if lines else {}
            for kind in OWED:
                of_kind = wizard.charge_ids.filtered(lambda charge, kind=kind: charge.kind == kind)
                wizard[kind] = sum(of_kind.mapped("amount")) + float(sum(debt[kind] for debt in accrued.values()))

    @api.depends("interest", "fine", "correction", "waive_interest", "waive_fine", "waive_correction")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(wizard[kind] for kind in wizard._get_kinds())

    # === ACTIONS === #

    def action_waive(self):
        """Waive what was chosen.

        :raise AccessError: for who is no supervisor
        :raise UserError: when nothing was chosen
        """
        self.ensure_one()
        kinds = self._get_kinds()
        if not kinds:
            raise UserError(self.env._("Choose what is waived."))
        if self.charge_ids:
            self.charge_ids.filtered(lambda charge: charge.kind in kinds)._waive(self.reason)
        if self.line_ids:
            self.env["cobranca.charge"]._waive_accrued(self.line_ids, self.date, self.reason, kinds)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_kinds(self):
        self.ensure_one()
        return [kind for kind in OWED if self[f"waive_{kind}"]]
