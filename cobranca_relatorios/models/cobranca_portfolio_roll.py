from odoo import fields, models

from ..tools.aging import BANDS


class CobrancaPortfolioRoll(models.Model):
    """Where what was open in a band at the end of a month is at the end of the next: title by title.

    What is left of a title is in its new band, the rest was paid or settled.
    """

    _name = "cobranca.portfolio.roll"
    _description = "Roll Between Bands"
    _order = "month desc, company_id, from_band, to_band"
    _rec_name = "from_band"

    snapshot_id = fields.Many2one(
        comodel_name="cobranca.portfolio.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="In the course of which it rolled.")
    from_band = fields.Selection(
        selection=[*BANDS, ("new", "New")],
        string="From",
        required=True,
        readonly=True,
        help="Delay at the end of the month before. New is what was not open then: sales, installments, and debts "
        "that a broken agreement opened again. Source: roll rates of the OCC.",
    )
    to_band = fields.Selection(
        selection=[*BANDS, ("paid", "Paid or settled")],
        string="To",
        required=True,
        readonly=True,
        help="Delay at the end of the month. Settled is what a credit note, a loss or an agreement closed.",
    )
    amount = fields.Monetary(readonly=True)
    title_count = fields.Integer(
        string="Titles", readonly=True, help="One that was paid in part counts where it is and as paid."
    )
    share = fields.Float(
        string="Share (%)",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Of what was in the band that it comes from.",
    )

    _uniq_roll = models.UniqueIndex("(snapshot_id, from_band, to_band)", "A position has each pair of bands once.")
