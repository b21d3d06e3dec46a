from odoo import api, models
from odoo.tools import SQL


class CobrancaStatementFinder(models.AbstractModel):
    _inherit = "cobranca.statement.finder"

    @api.model
    def _get_asked_query(self, quotes):
        """Also what is open in the place of debts since an agreement took them over, or broke."""
        Origin = self.env["cobranca.agreement.origin"]
        # sudo: what a Pix was asked for, whoever imports the statement
        items = quotes.sudo().quote_line_ids.filtered("line_id.reconciled")
        # All at once first: of most files none of it is in an agreement.
        replaced = items.grouped("quote_id") if Origin._get_successors(items.line_id) else {}
        pairs = [(quote.id, line.id) for quote, own in replaced.items() for line in Origin._get_successors(own.line_id)]
        return SQL(
            "%s UNION SELECT * FROM UNNEST(%s::int[], %s::int[])",
            super()._get_asked_query(quotes),
            [quote for quote, _line in pairs],
            [line for _quote, line in pairs],
        )
