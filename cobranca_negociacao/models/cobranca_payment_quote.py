from odoo import api, fields, models

from .cobranca_debt_words import without_rebate
from .cobranca_payment_quote_payoff import SOURCE


class CobrancaPaymentQuote(models.Model):
    _name = "cobranca.payment.quote"
    _inherit = ["cobranca.payment.quote", "cobranca.payment.quote.payoff"]

    source = fields.Selection(
        selection_add=[(SOURCE, "Pay-off of an agreement")],
        ondelete={SOURCE: lambda quotes: quotes.write({"source": "page"})},
    )

    # === BUSINESS METHODS === #

    @api.model
    def _receive_all(self, rows):
        moves, others = self.env["account.move"], []
        for item, credits, date in rows:
            paid = item._pay_off_by(credits, date)
            if paid is None:
                others.append((item, credits, date))
            else:
                moves |= paid
        return moves | super()._receive_all(others) if others else moves

    @api.model
    def _choose(self, choice, debts):
        """What goes out with a message is paid on whichever day: no rebate of the day on which it leaves."""
        if choice.source == "message":
            debts = {line: without_rebate(debt) for line, debt in debts.items()}
        return super()._choose(choice, debts)

    def _get_open_lines(self):
        """Also what is open in the place of its debts since an agreement took them over, or broke.

        Who pays what he was asked for before pays what became of it.
        """
        own = self.sudo().quote_line_ids.line_id.with_env(self.env)  # sudo: which lines, no more
        successors = self.env["cobranca.agreement.origin"]._get_successors(own)
        found = super()._get_open_lines() | successors
        return found.sorted(lambda line: (line.date_maturity or line.date, line.id))
