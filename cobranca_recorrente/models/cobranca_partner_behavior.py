from odoo import api, fields, models

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerBehavior(models.AbstractModel):
    """How a customer pays the company in which the user works."""

    _name = "cobranca.partner.behavior"
    _description = "Payment Behavior of a Customer"

    cobranca_behavior_id = fields.Many2one(
        comodel_name="cobranca.behavior", string="Behavior", compute="_compute_cobranca_behavior_id", groups=COLLECTOR
    )
    cobranca_segment_id = fields.Many2one(
        comodel_name="cobranca.payer.segment",
        string="Segment",
        compute="_compute_cobranca_behavior_id",
        groups=COLLECTOR,
    )
    cobranca_segment_advice = fields.Char(
        string="How to treat", compute="_compute_cobranca_behavior_id", groups=COLLECTOR
    )
    cobranca_behavior_text = fields.Char(
        string="How this customer pays", compute="_compute_cobranca_behavior_id", groups=COLLECTOR
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_cobranca_behavior_id(self):
        rows = self.env["cobranca.behavior"].search(
            [("company_id", "=", self.env.company.id), ("partner_id", "in", self.commercial_partner_id.ids)]
        )
        by_partner = {row.partner_id: row for row in rows}
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id, rows.browse())
            partner.cobranca_behavior_id = row
            partner.cobranca_segment_id = row.segment_id
            partner.cobranca_segment_advice = row.segment_id.advice
            # What is overdue today is told beside it, to the cent of the day.
            history = " ".join(row._get_history()) if row else ""
            partner.cobranca_behavior_text = history or self.env._("New customer: no history yet.")
