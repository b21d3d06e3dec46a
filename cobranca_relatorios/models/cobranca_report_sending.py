from odoo import fields, models

STATES = [("sent", "In the mail queue"), ("failed", "Failed")]


class CobrancaReportSending(models.Model):
    """One period of a subscription that went out, or failed for good: there is one row, whoever runs at once."""

    _name = "cobranca.report.sending"
    _description = "Report That Was Sent"
    _order = "period desc, id desc"

    subscription_id = fields.Many2one(
        comodel_name="cobranca.report.subscription", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="subscription_id.company_id", store=True, index=True, precompute=True)
    lang = fields.Selection(related="subscription_id.lang")
    period = fields.Date(required=True, readonly=True, help="The first day of the week or month in which it went out.")
    day = fields.Date(string="Figures of", readonly=True)
    state = fields.Selection(selection=STATES, required=True, readonly=True)
    job_id = fields.Many2one(comodel_name="cobranca.report.job", string="File", readonly=True, ondelete="set null")
    reader_count = fields.Integer(string="Readers", readonly=True, aggregator=None)
    reason = fields.Char(string="Why it failed", readonly=True)

    _uniq_period = models.UniqueIndex("(subscription_id, period)", "This report went out in this period already.")
