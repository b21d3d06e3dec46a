from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.promise import Receipt
from .cobranca_charge import OWED


class CobrancaPromiseLine(models.Model):
    """One receivable line that is promised: at most one open promise has it."""

    _name = "cobranca.promise.line"
    _description = "Promised Line"
    _check_company_auto = True

    promise_id = fields.Many2one(
        comodel_name="cobranca.promise", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="promise_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    # Odoo draws the lines of an invoice anew when it is changed: such a line is promised no more.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    is_open = fields.Boolean(default=True, required=True, readonly=True)
    owed = fields.Monetary(string="Open when promised", readonly=True)
    paid_before = fields.Monetary(readonly=True)
    credited_before = fields.Monetary(readonly=True)

    _uniq_open = models.UniqueIndex("(line_id) WHERE is_open", "This receivable is promised already.")

    # === BUSINESS METHODS === #

    def _get_receipts(self):
        """Payments and credits of the promised lines, from Odoo's reconciliations, in one query.

        What comes through a bank, cash or credit card journal is a payment; a credit note or a
        loss entry is a credit.

        :return: {cobranca.promise.line: [tools.promise.Receipt]}
        """
        found = {record: [] for record in self}
        if not self:
            return found
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["date", "journal_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id, r.day, r.is_credit, SUM(r.amount)
                     FROM cobranca_promise_line i
                     JOIN (%s) r ON r.line_id = i.line_id
                    WHERE i.id IN %s
                    GROUP BY 1, 2, 3""",
                self._get_receipts_query(),
                tuple(self.ids),
            )
        )
        for item_id, day, is_credit, amount in rows:
            found[self.browse(item_id)].append(Receipt(day, Decimal(str(amount)), is_credit))
        for item, paid in self._get_charges_paid().items():
            found[item] += [Receipt(day, Decimal(str(amount)), False) for day, amount in paid]
        return found

    def _get_receipts_query(self):
        """What took down the promised lines; overridden where something else than money or credits does.

        :return: SQL of rows (line_id, credit_id, day, is_credit, amount)
        """
        return SQL(
            """SELECT p.debit_move_id AS line_id, p.credit_move_id AS credit_id, c.date AS day,
                      j.type NOT IN ('bank', 'cash', 'credit') AND m.origin_payment_id IS NULL AS is_credit,
                      p.debit_amount_currency AS amount
                 FROM account_partial_reconcile p
                 JOIN account_move_line c ON c.id = p.credit_move_id
                 JOIN account_move m ON m.id = c.move_id
                 JOIN account_journal j ON j.id = c.journal_id
                WHERE p.debit_move_id = ANY(%s)""",
            list(self.line_id.ids),
        )

    def _are_settled(self):
        """Is nothing of these open any more, by what their customer paid or was given?"""
        return bool(self) and all(self.line_id.mapped("reconciled"))

    def _get_charges_paid(self):
        """What was paid of fine, interest and correction beside the lines: the promised money paid it too.

        :return: {cobranca.promise.line: [(day, amount)]}
        """
        by_line = defaultdict(list)
        # sudo: as above, amounts alone
        for charge in self.env["cobranca.charge"].sudo().search(self._get_charges_paid_domain()):
            by_line[charge.line_id].append((charge.date, charge.amount))
        return {item: by_line[item.line_id] for item in self if item.line_id in by_line}

    def _get_charges_paid_domain(self):
        return [("line_id", "in", self.line_id.ids), ("state", "=", "paid"), ("kind", "in", OWED)]

    @api.model
    def _get_promises_of(self, lines):
        """The promises that a change of these lines' payments may decide otherwise.

        :param lines: account.move.line
        :return: cobranca.promise
        """
        # sudo: who reconciles need not know of promises
        return self.sudo().search([("line_id", "in", lines.ids), ("promise_id.state", "!=", "cancelled")]).promise_id
