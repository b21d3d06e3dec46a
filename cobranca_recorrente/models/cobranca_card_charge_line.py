from odoo import fields, models


class CobrancaCardChargeLine(models.Model):
    """One debt within a charge: the guard against charging it twice is the two indexes of this table.

    A row is written and committed before the provider is called.
    """

    _name = "cobranca.card.charge.line"
    _description = "Debt Charged to a Card"
    _order = "charge_id, id"
    _log_access = False
    _rec_name = "line_id"

    charge_id = fields.Many2one(
        comodel_name="cobranca.card.charge", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="charge_id.currency_id")
    line_id = fields.Many2one(
        comodel_name="account.move.line", string="Receivable line", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    due = fields.Date(related="line_id.date_maturity", string="Due on")
    amount = fields.Monetary(readonly=True)
    attempt = fields.Integer(string="Try", required=True, readonly=True)
    first_on = fields.Date(string="First charged on", required=True, readonly=True)
    next_on = fields.Date(string="Charged again on", readonly=True, index="btree_not_null")
    # Of the charge's state: may the card have been charged, and is there no answer yet?
    is_counted = fields.Boolean(string="Counts as a try", default=True, required=True, readonly=True)
    is_live = fields.Boolean(string="Without an answer", default=True, required=True, readonly=True)

    _uniq_attempt = models.UniqueIndex(
        "(line_id, attempt) WHERE is_counted", "This debt was charged by this try already."
    )
    _uniq_live = models.UniqueIndex("(line_id) WHERE is_live", "This debt is being charged already.")
