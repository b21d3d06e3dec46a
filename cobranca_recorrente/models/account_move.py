from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    cobranca_period_ids = fields.One2many(
        comodel_name="cobranca.contract.period",
        inverse_name="move_id",
        string="Billed periods",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_contract_count = fields.Integer(
        string="Contract count",
        compute="_compute_cobranca_contract_count",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    @api.depends("cobranca_period_ids")
    def _compute_cobranca_contract_count(self):
        for move in self:
            move.cobranca_contract_count = len(move.cobranca_period_ids.contract_id)

    def _post(self, soft=True):
        self._cobranca_check_not_billed_again()
        return super()._post(soft=soft)

    def _cobranca_check_not_billed_again(self):
        """Refuse to bring back an invoice whose period was reopened: the next run bills it, or has billed it."""
        Period = self.env["cobranca.contract.period"].sudo()  # sudo: whoever posts, the ledger decides
        for period in Period.search([("move_id", "in", self.ids), ("state", "=", "reopened")]):
            if again := period._get_live_twin():
                raise UserError(
                    self.env._(
                        "The period %(period)s was reopened and billed by %(invoice)s: this invoice cannot be posted.",
                        period=period.display_name,
                        invoice=again.move_id.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "The period %(period)s was reopened and gets a new invoice: this one cannot be posted. Bill the "
                    "contract instead.",
                    period=period.display_name,
                )
            )

    def action_view_cobranca_contract(self):
        """Open the contract, or the contracts, that this invoice bills."""
        self.ensure_one()
        contracts = self.cobranca_period_ids.contract_id
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        if len(contracts) == 1:
            return {**action, "views": [(False, "form")], "res_id": contracts.id}
        return {**action, "domain": [("id", "in", contracts.ids)]}
