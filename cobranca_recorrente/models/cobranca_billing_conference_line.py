from odoo import fields, models


class CobrancaBillingConferenceLine(models.Model):
    """One contract in the equation of a month; written by the conference alone."""

    _name = "cobranca.billing.conference.line"
    _description = "Contract in a Billing Check"
    _order = "is_held desc, conference_id desc, deviation_size desc, id"
    _rec_name = "contract_id"

    conference_id = fields.Many2one(
        comodel_name="cobranca.billing.conference", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="conference_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(related="conference_id.month", store=True)
    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    previous = fields.Monetary(string="Previous month", readonly=True)
    new = fields.Monetary(readonly=True)
    price = fields.Monetary(string="Prices and items", readonly=True)
    readjusted = fields.Monetary(readonly=True)
    prorated = fields.Monetary(string="Days and pauses", readonly=True)
    cadence = fields.Monetary(
        string="Periodicity", readonly=True, help="Not billed each month, or on another day: comes and goes."
    )
    once = fields.Monetary(string="One-off and adjustments", readonly=True)
    usage = fields.Monetary(readonly=True)
    ended = fields.Monetary(readonly=True)
    current = fields.Monetary(string="This month", readonly=True)
    billed = fields.Monetary(string="Billed so far", readonly=True)
    deviation = fields.Float(
        string="Largest deviation (%)",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="Of the recurring or the usage amount from the one billed before, whichever differs more; "
        "whole periods compared.",
    )
    deviation_size = fields.Float(string="Size of the deviation", readonly=True, aggregator=None)
    is_held = fields.Boolean(string="Held", readonly=True)
    reason = fields.Text(readonly=True)
    hold_key = fields.Text(string="Charges held", readonly=True)
    released_by_id = fields.Many2one(comodel_name="res.users", string="Released by", readonly=True)
    released_at = fields.Datetime(string="Released on", readonly=True)

    _uniq_contract = models.UniqueIndex("(conference_id, contract_id)", "A contract is once in a billing check.")

    # === ACTIONS === #

    def action_release(self):
        """Let the held charges of these contracts be billed as they are; a supervisor answers for them."""
        self.contract_id.check_access("write")
        held = self.filtered("is_held")
        for line in held:
            line.contract_id._release_keys(line.hold_key)
        held.sudo().write(  # sudo: read-only fields, after the access check
            {"is_held": False, "released_by_id": self.env.uid, "released_at": fields.Datetime.now()}
        )
        for conference in held.conference_id:
            left = len(conference.line_ids.filtered("is_held"))
            conference.sudo().held_count = left  # sudo: a read-only field, after the access check
            conference._alert()
        held.conference_id._start_billing()
        return True

    def action_view_contract(self):
        """Open the contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cobranca.contract",
            "res_id": self.contract_id.id,
            "views": [(False, "form")],
        }
