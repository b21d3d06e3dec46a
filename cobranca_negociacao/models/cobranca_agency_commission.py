from odoo import fields, models


class CobrancaAgencyCommission(models.Model):
    """What an agency earns on money for debts of some delay, counted when they are placed."""

    _name = "cobranca.agency.commission"
    _description = "Commission of an Agency"
    _order = "agency_id, days_from"
    _check_company_auto = True

    agency_id = fields.Many2one(comodel_name="cobranca.agency", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True, precompute=True)
    days_from = fields.Integer(
        string="From (days late)", required=True, help="Until the next band. Counted on the day of the placement."
    )
    percent = fields.Float(string="Commission (%)", digits=(5, 2), required=True)

    _uniq_band = models.UniqueIndex("(agency_id, days_from)", "Each band of delay is there once.")
    _check_percent = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100 AND days_from >= 0)", "A commission goes from 0 to 100 %."
    )
