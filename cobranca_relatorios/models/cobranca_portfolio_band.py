from odoo import fields, models

from ..tools.aging import BANDS


class CobrancaPortfolioBand(models.Model):
    """What was open in a band of delay at the end of a month."""

    _name = "cobranca.portfolio.band"
    _description = "Band of a Monthly Position"
    _order = "month desc, company_id, basis, band"
    _rec_name = "band"

    snapshot_id = fields.Many2one(
        comodel_name="cobranca.portfolio.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    basis = fields.Selection(
        selection=[("due", "Due date"), ("original", "Original due date")],
        string="Counted from",
        required=True,
        readonly=True,
        help="The original due date of an installment is that of the debts its agreement stands in the place of.",
    )
    band = fields.Selection(selection=BANDS, string="Delay", required=True, readonly=True)
    amount = fields.Monetary(string="Open", readonly=True)
    title_count = fields.Integer(string="Titles", readonly=True)
    partner_count = fields.Integer(string="Customers", readonly=True, aggregator=None)
    share = fields.Float(
        string="Share (%)",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Of what was open at the end of the month.",
    )

    _uniq_band = models.UniqueIndex("(snapshot_id, basis, band)", "A position has each band once.")
