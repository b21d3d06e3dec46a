from odoo import models

from .cobranca_payment_quote import Wanted

# Where the code stands in a text that is only looked at: nothing is given out for it.
SAMPLE = "00020126…6304…"


class CobrancaMessagePix(models.AbstractModel):
    """The Pix code of an e-mail: what the message asks for, on the day on which it leaves."""

    _name = "cobranca.message.pix"
    _description = "Pix Code of a Message"

    # === BUSINESS METHODS === #

    def _make_pix(self, debts):
        """Give out the codes of messages that leave now, by a few queries for all.

        :param debts: {account.move.line: tools.debt.Debt} of today
        :return: {message: code}, without those that carry none
        """
        asking = self.filtered(lambda message: message._asks_by_pix() and message._offers_payment())
        if not asking:
            return {}
        rows = [
            Wanted(message.company_id, message.partner_id, message.line_ids.line_id, "message", date=message.amount_on)
            for message in asking
        ]
        quotes = self.env["cobranca.payment.quote"]._make_all(rows, debts)
        given = dict(zip(asking, quotes, strict=True))
        Pix = self.env["cobranca.pix"]
        codes = Pix._get_codes(self.env["cobranca.payment.quote"].sudo().union(*quotes))  # sudo: as they were given
        found = {}
        for message, quote in given.items():
            # The page knows better than two amounts in one message.
            if codes.get(quote) and message.currency_id.compare_amounts(quote.amount, message.amount) == 0:
                found[message] = codes[quote]
        return found

    def _offers_payment(self):
        """Does its text ask for something at all?"""
        template = self._get_text_template().sudo()  # sudo: who sends may not be who edits texts
        return (template.cobranca_content or "pay") == "pay"

    def _asks_by_pix(self):
        """Does this message ask for something that is paid by Pix?"""
        self.ensure_one()
        return (
            self.channel == "email"
            and bool(self.line_ids)
            and self.currency_id == self.company_id.currency_id
            and self.currency_id.name == "BRL"
            and not self.partner_id.cobranca_is_automatic
            and bool(self.company_id._cobranca_get_pix_account())
        )

    def _get_pix_values(self, code):
        """What the layout shows of a code, in the language of the message.

        :param str code: None = the message is only looked at
        :return: dict(code, amount, worth, receiver); empty without a code
        """
        if code is None:
            code = SAMPLE if self._asks_by_pix() else ""
        if not code:
            return {}
        return self.env["cobranca.pix"]._get_values(code, self.company_id, self.amount, self.amount_on)
