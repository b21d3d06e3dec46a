import logging
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.models.cobranca_payment_quote import Wanted

_logger = logging.getLogger(__name__)

SOURCE = "payoff"


class CobrancaPaymentQuotePayoff(models.AbstractModel):
    """A Pix that pays all that is left of an agreement: money that comes by it gives the rebate by itself."""

    _name = "cobranca.payment.quote.payoff"
    _description = "Amounts that Pay Agreements Off"

    # === BUSINESS METHODS === #

    @api.model
    def _make_pay_off(self, agreement):
        """What the customer is about to pay to be done with an agreement today (CDC, art. 52, § 2º).

        :param agreement: cobranca.agreement with the rights of the system
        :return: cobranca.payment.quote
        :raise UserError: when it is not in force
        """
        quote = agreement._pay_off_quote(agreement.company_id._cobranca_today())
        wanted = Wanted(agreement.company_id, agreement.partner_id, quote.lines, SOURCE, quote.total)
        [made] = self._make_all([wanted])
        return made

    def _pay_off_by(self, credits, date):
        """Pay the agreement off, where the money suffices on the day on which it came.

        :param credits: account.move.line
        :return: account.move, the entries that were posted; None where it is an ordinary payment
        """
        self.ensure_one()
        if self.source != SOURCE:
            return None
        self._lock()
        # sudo: whoever books the money need not know of agreements
        agreement, money = self.sudo()._get_paid_off(), credits.sudo()
        if self.state != "open" or agreement.state != "active":
            return None
        amount = sum((Decimal(str(-credit.amount_residual)) for credit in money), Decimal(0))
        try:
            with self.env.cr.savepoint():
                agreement._claim()
                if amount < agreement._pay_off_quote(date).total:
                    return None
                moves = agreement._pay_off(money, date)
        except UserError as error:
            self.env.invalidate_all()
            _logger.info("Agreement %s could not be paid off: %s", agreement.id, error)
            return None
        self.sudo().write({"state": "paid", "paid_on": date})  # sudo: rows are written by methods only
        return moves.with_env(self.env)

    def _get_paid_off(self):
        """The agreement whose installments it pays; empty when these are of none in force, or of several."""
        lines = self.quote_line_ids.line_id
        items = self.env["cobranca.agreement.installment"].search([("line_id", "in", lines.ids)])
        return items.agreement_id if len(items.agreement_id) == 1 else items.agreement_id.browse()
