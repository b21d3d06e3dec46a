from odoo import api, fields, models

GRADES = [("1", "Certain"), ("2", "Likely"), ("3", "Possible")]
CERTAIN = "1"
REASONS = [
    ("txid", "The Pix code of this payment is in the text, with its amount"),
    ("txid_amount", "The Pix code is in the text, the amount is another"),
    ("txid_paid", "The Pix code is in the text; it was paid already"),
    ("number", "The invoice number is in the text, with its exact amount"),
    ("number_amount", "The invoice number is in the text, the amount is another"),
    ("document", "CPF or CNPJ is in the text, with the exact amount"),
    ("known", "The account is the customer's, with the exact amount"),
    ("sum", "Several invoices of the customer add up to the amount"),
    ("near", "A customer's amount, but for up to two cents"),
    ("name", "The name is in the text, with the exact amount"),
    ("amount", "The only one who owes exactly this amount"),
    ("amounts", "Owes exactly this amount, as others do"),
    ("near_amount", "Owes this amount, but for up to two cents"),
    ("customer", "The customer is known; the amount fits no invoice"),
]


class CobrancaStatementSuggestion(models.Model):
    """What money of an unknown purpose may be for: written anew by `cobranca.statement.finder`, not booked yet."""

    _name = "cobranca.statement.suggestion"
    _description = "Suggestion for a Bank Movement"
    _order = "statement_line_id, rank, id"

    statement_line_id = fields.Many2one(
        comodel_name="account.bank.statement.line",
        string="Movement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="cobranca_statement_suggestion_debt_rel",
        column1="suggestion_id",
        column2="line_id",
        string="Invoices",
        readonly=True,
    )
    quote_id = fields.Many2one(
        comodel_name="cobranca.payment.quote", string="Pix", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    grade = fields.Selection(selection=GRADES, required=True, readonly=True)
    rank = fields.Integer(required=True, readonly=True)
    reason = fields.Selection(selection=REASONS, required=True, readonly=True)

    _certain_idx = models.Index("(company_id, statement_line_id) WHERE grade = '1'")
    _uniq_rank = models.UniqueIndex("(statement_line_id, rank)", "A movement has one suggestion of each rank.")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "reason")
    def _compute_display_name(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for record in self:
            record.display_name = f"{record.partner_id.name}: {labels.get(record.reason, '')}"
