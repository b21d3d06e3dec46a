from odoo import fields, models


class CobrancaOcaContractAdoptLine(models.TransientModel):
    _name = "cobranca.oca.contract.adopt.line"
    _description = "Contract to Adopt"

    wizard_id = fields.Many2one(comodel_name="cobranca.oca.contract.adopt", required=True, ondelete="cascade")
    key = fields.Char(required=True, readonly=True)
    name = fields.Char(string="Contract there", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True, ondelete="cascade")
    verdict = fields.Selection(
        selection=[("new", "To be made"), ("done", "Made"), ("impossible", "Cannot be made")],
        string="Result",
        readonly=True,
    )
    billed_until = fields.Date(readonly=True)
    text = fields.Text(string="Remarks", readonly=True)
    contract_id = fields.Many2one(comodel_name="cobranca.contract", readonly=True, ondelete="cascade")

    def _prepare_values(self, plan):
        verdict = "impossible" if plan.reason else "done" if plan.contract else "new"
        return {
            "key": plan.key,
            "name": plan.name or plan.key,
            "partner_id": plan.partner_id,
            "verdict": verdict,
            "billed_until": plan.values.get("billed_until"),
            "text": plan.reason or "\n".join(dict.fromkeys(plan.notes)),
            "contract_id": plan.contract.id if plan.contract else False,
        }
