from odoo import fields, models


class CobrancaMessageLine(models.Model):
    """What a message asks for: one receivable line with its parts, as of the day of the message."""

    _name = "cobranca.message.line"
    _description = "Invoice in a Message"
    _order = "message_id, due, id"
    _log_access = False
    _rec_name = "line_id"

    message_id = fields.Many2one(
        comodel_name="cobranca.message", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # Stored and given, or Odoo looks it up for each amount of each line.
    currency_id = fields.Many2one(related="message_id.currency_id", store=True, precompute=True)
    company_id = fields.Many2one(related="message_id.company_id", store=True, index=True, precompute=True)
    # Odoo draws the lines of an invoice anew when it is changed: what was asked stays.
    line_id = fields.Many2one(
        comodel_name="account.move.line", string="Receivable line", readonly=True, index=True, ondelete="set null"
    )
    partner_id = fields.Many2one(related="message_id.partner_id")
    date = fields.Date(related="message_id.date", string="Day")
    sent_at = fields.Datetime(related="message_id.sent_at")
    channel = fields.Selection(related="message_id.channel")
    state = fields.Selection(related="message_id.state")
    message_level_id = fields.Many2one(related="message_id.level_id", string="Step of the message")
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step",
        readonly=True,
        ondelete="restrict",
        help="Empty: it is listed with the others and has no step of its own on that day.",
    )
    source = fields.Integer(readonly=True, aggregator=None)
    name = fields.Char(string="Number", readonly=True)
    due = fields.Date(readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    residual = fields.Monetary(string="Original", readonly=True)
    fine = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    correction = fields.Monetary(readonly=True)
    discount = fields.Monetary(readonly=True)
    amount = fields.Monetary(readonly=True)
