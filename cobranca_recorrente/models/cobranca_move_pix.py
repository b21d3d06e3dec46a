from odoo import api, models

from .cobranca_payment_quote import Wanted


class CobrancaMovePix(models.AbstractModel):
    """The Pix code on the PDF of a customer's invoice."""

    _name = "cobranca.move.pix"
    _description = "Pix on an Invoice"

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_display_qr_code(self):
        """One code is enough: Odoo's knows no charges, and its reference is of the invoice, not of an amount."""
        super()._compute_display_qr_code()
        for move in self.filtered("display_qr_code"):
            # sudo: as for the code itself
            move.display_qr_code = not move.sudo()._cobranca_is_paid_by_pix()

    # === BUSINESS METHODS === #

    def _cobranca_get_pix(self):
        """What the PDF shows of Pix, in the language of the environment.

        What is late costs what it costs today. Otherwise it is what falls due next, worth until that day.

        :return: dict(code, picture, amount, worth, receiver); empty where it is not paid so
        """
        self.ensure_one()
        move = self.sudo()  # sudo: whoever may print an invoice prints how it is paid
        if not move._cobranca_is_paid_by_pix():
            return {}
        lines, date = move._cobranca_get_next_dues()
        if not lines:
            return {}
        Pix, debtor = self.env["cobranca.pix"], move.commercial_partner_id
        [quote] = self.env["cobranca.payment.quote"]._make_all(
            [Wanted(move.company_id, debtor, lines, "invoice", date=date)]
        )
        code = Pix._get_code(quote) if quote else ""
        if not code:
            return {}
        shown = Pix._get_values(code, move.company_id, quote.amount, quote.date)
        return {**shown, "picture": Pix._get_picture(code)}

    def _cobranca_is_paid_by_pix(self):
        return (
            self.move_type == "out_invoice"
            and self.state == "posted"
            and self.amount_residual > 0
            and self.currency_id == self.company_id.currency_id == self.env.ref("base.BRL")
            # Who pays without doing anything would pay twice.
            and not self.commercial_partner_id.cobranca_is_automatic
            and bool(self.company_id._cobranca_get_pix_account())
        )

    def _cobranca_get_next_dues(self):
        """Of its open amounts those that are late, with today; else the next ones, with their due date.

        :return: (account.move.line, date)
        """
        today = self.company_id._cobranca_today()
        lines = self.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable" and not line.reconciled and line.amount_residual > 0
            )
        )
        dues = lines.grouped(lambda line: line.date_maturity or line.date)
        late = [due for due in dues if due < today]
        if late:
            return lines.filtered(lambda line: (line.date_maturity or line.date) < today), today
        return (dues[min(dues)], min(dues)) if dues else (lines, today)
