from odoo import api, fields, models
from odoo.exceptions import UserError

ACCOUNTING = "account.group_account_invoice,account.group_account_readonly"
# Money that comes in and is no payment of a customer.
ASIDE = [
    ("transfer", "Transfer between own accounts"),
    ("capital", "Loan or contribution of the partners"),
    ("return", "Refund of a supplier or of a tax"),
    ("yield", "Yield of an investment"),
    ("reversal", "Reversal by the bank"),
    ("card", "Settlement of cards or of a payment provider"),
    ("other", "Other"),
]


class AccountBankStatementLine(models.Model):
    """Movements of the bank: each once, however often its file is imported; matched with debts, or set aside."""

    _inherit = "account.bank.statement.line"

    cobranca_import_key = fields.Char(string="Import key", copy=False, readonly=True, groups=ACCOUNTING)
    cobranca_file_id = fields.Many2one(
        comodel_name="cobranca.statement.file",
        string="Imported from",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING,
    )
    cobranca_suggestion_ids = fields.One2many(
        comodel_name="cobranca.statement.suggestion",
        inverse_name="statement_line_id",
        string="Suggestions",
        groups=ACCOUNTING,
    )
    cobranca_quote_id = fields.Many2one(
        comodel_name="cobranca.payment.quote",
        string="Pix",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING,
    )
    cobranca_aside = fields.Selection(
        selection=ASIDE, string="Not from a customer", copy=False, readonly=True, groups=ACCOUNTING
    )
    cobranca_aside_note = fields.Char(string="Why it is set aside", copy=False, readonly=True, groups=ACCOUNTING)
    cobranca_matched_at = fields.Datetime(
        string="Matched on", copy=False, readonly=True, index="btree_not_null", groups=ACCOUNTING
    )
    cobranca_matched_by_id = fields.Many2one(
        comodel_name="res.users", string="Matched by", copy=False, readonly=True, groups=ACCOUNTING
    )
    cobranca_names_partner = fields.Boolean(
        string="Customer found by matching", copy=False, readonly=True, groups=ACCOUNTING
    )

    _cobranca_import_uniq = models.UniqueIndex(
        "(journal_id, cobranca_import_key) WHERE cobranca_import_key IS NOT NULL",
        "This movement of the bank was imported already.",
    )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_only_without_paid_charges(self):
        """Charges that this money paid would stay open, with no money for them."""
        # sudo: whether there are any, whoever deletes
        paid = self.env["cobranca.charge"].sudo()
        if paid.search_count([("credit_id.move_id", "in", self.move_id.ids), ("state", "=", "paid")], limit=1):
            raise UserError(
                self.env._("This money paid charges: undo its matching before you delete the movement of the bank.")
            )

    # === ACTIONS === #

    def action_undo_reconciliation(self):
        """The charges that this money paid go back with its reconciliation."""
        for line in self:
            self.env["cobranca.receipt"]._undo(line.move_id._cobranca_get_credits())
        self._cobranca_forget_match()
        return super().action_undo_reconciliation()

    # === BUSINESS METHODS === #

    def _cobranca_forget_match(self):
        """As it was before it was matched: without the customer that the matching found."""
        plain = self.with_context(skip_account_move_synchronization=True, skip_readonly_check=True)
        named = plain.filtered("cobranca_names_partner")
        named.partner_id = False
        named.move_id.partner_id = False
        values = dict.fromkeys(
            ("cobranca_matched_at", "cobranca_matched_by_id", "cobranca_names_partner", "cobranca_quote_id"), False
        )
        plain.filtered("cobranca_matched_at").write(values)
