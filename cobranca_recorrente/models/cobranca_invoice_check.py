import contextlib

from odoo import api, models
from odoo.tools import SQL

from .cobranca_invoice_fast import RANKS

# Columns that differ between two invoices that are equal.
OWN_COLUMNS = {
    "account_move": "id name sequence_number made_sequence_gap access_token create_date write_date",
    "account_move_line": "id move_id create_date write_date",
    "account_analytic_line": "id move_line_id create_date write_date",
}
LINES = """
    SELECT line.*,
           ARRAY(SELECT account_tax_id FROM account_move_line_account_tax_rel
                  WHERE account_move_line_id = line.id ORDER BY 1) AS taxes,
           ARRAY(SELECT account_account_tag_id FROM account_account_tag_account_move_line_rel
                  WHERE account_move_line_id = line.id ORDER BY 1) AS tags
      FROM account_move_line line
     WHERE line.move_id = %s
     ORDER BY line.id
"""
ANALYTIC = """
    SELECT analytic.*
      FROM account_analytic_line analytic
      JOIN account_move_line line ON line.id = analytic.move_line_id
     WHERE line.move_id = %s
     ORDER BY analytic.id
"""
# How many invoices of a shape make the check of one of them worth while.
WORTH_WHILE = 5


class CobrancaInvoiceCheck(models.AbstractModel):
    """Compares two invoices column by column: one made by Odoo and rolled back, one made the fast way."""

    _name = "cobranca.invoice.check"
    _description = "Invoice Self-Check"

    @api.model
    def _make_by_odoo(self, vals):
        """Create and post an invoice by Odoo's ordinary way, read it, and undo it.

        :param dict vals: for account.move
        :return: what was read of the draft, and of the posted invoice
        """
        with contextlib.closing(self.env.cr.savepoint()):
            # Ranks go to the database after the commit: the savepoint would not undo them.
            Move = self.env["account.move"].with_context(**{RANKS: {}})
            move = Move.create([{**vals}])
            draft = self._read(move)
            move.action_post()
            return draft, self._read(move)

    @api.model
    def _get_differences(self, expected, found):
        """Where two invoices differ.

        :param dict expected: by :meth:`_read`
        :param dict found: the same
        :return: list of texts, empty when they are equal
        """
        return [
            f"{place}: {expected.get(place)!r} / {found.get(place)!r}"
            for place in sorted(expected.keys() | found.keys())
            if expected.get(place) != found.get(place)
        ]

    @api.model
    def _read(self, move):
        """All that the database keeps of an invoice and its items.

        :return: dict {place: value}, such as {"line 1.balance": -100.0}
        """
        self.env.flush_all()
        lines = self.env.execute_query_dict(SQL(LINES, move.id))
        places = {line["id"]: place for place, line in enumerate(lines, start=1)}
        rows = {"move": self.env.execute_query_dict(SQL("SELECT * FROM account_move WHERE id = %s", move.id))[0]}
        rows |= {f"line {place}": line for place, line in enumerate(lines, start=1)}
        for number, row in enumerate(self.env.execute_query_dict(SQL(ANALYTIC, move.id)), start=1):
            rows[f"analytic {number}"] = {**row, "line": places[row["move_line_id"]]}
        return self._flatten(rows, move)

    def _flatten(self, rows, move):
        """{"row.column": value} without what is each invoice's own; its number stands as a sign in all texts."""
        signs = {
            text: sign
            for text, sign in ((move.payment_reference, "<reference>"), (move.name, "<number>"))
            if text and text != "/"
        }
        tables = {"move": "account_move", "line": "account_move_line", "analytic": "account_analytic_line"}
        return {
            f"{place}.{column}": self._with_signs(value, signs)
            for place, row in rows.items()
            for column, value in row.items()
            if column not in OWN_COLUMNS[tables[place.split()[0]]].split()
        }

    def _with_signs(self, value, signs):
        if isinstance(value, str):
            for text, sign in signs.items():
                value = value.replace(text, sign)
        return value
