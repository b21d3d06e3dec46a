from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools.late_charges import ZERO


class CobrancaMoveOnline(models.AbstractModel):
    """Odoo's own ways to pay an invoice online ask for what it costs today, as the page of open payments does."""

    _name = "cobranca.move.online"
    _description = "Invoices Paid Online"

    def _get_invoice_next_payment_values(self, custom_amount=None):
        """Add fine, interest, correction and discount of today to what Odoo asks for.

        An amount that somebody wrote into a payment link stays a part; the principal as a whole, of a link that
        does not know of charges, becomes the whole of today.
        """
        values = super()._get_invoice_next_payment_values()
        extras = self._cobranca_get_online_extras() if values else {}
        whole = self.amount_residual + float(sum(extras.values(), ZERO))
        if values and values["installment_state"] != "epd" and extras:
            wanted = self._cobranca_get_next_lines(values)
            values["next_amount_to_pay"] += float(sum((extras.get(line, ZERO) for line in wanted), ZERO))
            values["amount_due"] = whole
            values["cobranca_extras"] = self._cobranca_get_extras_text(sum(extras.values(), ZERO))
        if custom_amount is None or not values:
            return values
        same = (self.amount_residual, values["next_amount_to_pay"], whole)
        if any(self.currency_id.is_zero(custom_amount - amount) for amount in same) or custom_amount > whole:
            return values
        custom = super()._get_invoice_next_payment_values(custom_amount=custom_amount)
        return {**custom, "amount_due": values["amount_due"], "cobranca_extras": values.get("cobranca_extras")}

    def _cobranca_get_online_extras(self):
        """What the open debts of this invoice cost today beside their principal.

        :return: {line: Decimal}, below zero for a discount; empty where nothing is added
        """
        # sudo: what an invoice costs does not depend on who pays it
        lines = self.sudo()._cobranca_get_debts_to_receive()
        if not lines:
            return {}
        debts = lines._cobranca_get_payable(self.company_id._cobranca_today())
        extras = {line.id: debt.charges.charges - debt.discount for line, debt in debts.items()}
        return {line: amount for line, amount in extras.items() if amount}

    def _cobranca_get_extras_text(self, amount):
        """What the customer reads beside the amount."""
        values = {
            "amount": self.currency_id.format(abs(float(amount))),
            "day": format_date(self.env, self.company_id._cobranca_today(), date_format="dd/MM"),
        }
        if amount > 0:
            return self.env._("All that is open costs %(amount)s more on %(day)s: fine and interest.", **values)
        return self.env._("All that is open costs %(amount)s less when it is paid on %(day)s.", **values)

    def _cobranca_get_next_lines(self, values):
        """Ids of the debts that Odoo asks for first: the late ones, else the next one, else all."""
        installments = values["not_reconciled_installments"]
        if values["installment_state"] == "overdue":
            installments = [item for item in installments if item["type"] == "overdue"]
        elif values["installment_state"] == "next":
            installments = installments[:1]
        return [item["line"].id for item in installments]

    @api.model
    def _cobranca_quote_online(self, invoices, amount):
        """What somebody pays who pays these invoices by one of Odoo's own pages.

        :param amount: that the page asked for; None = all; more than all is all of today
        :return: cobranca.payment.quote; empty where they are for Odoo's own way to book, such as in other currencies
        :raise UserError: when nothing of it is open, it is being paid, or with the amount that cannot be paid
        """
        Quote = self.env["cobranca.payment.quote"]
        debtor = invoices.partner_id.commercial_partner_id
        lines = invoices._cobranca_get_debts_to_receive()
        if not lines and all(move.state == "posted" and move.move_type == "out_invoice" for move in invoices):
            raise UserError(self.env._("Nothing of this is open any more. Load the page again."))
        if len(debtor) != 1 or not lines._cobranca_get_payable(invoices.company_id[:1]._cobranca_today()):
            return Quote
        self.env["cobranca.online.payment"]._check_not_under_way(lines)
        whole = Quote._make(invoices.company_id, debtor, lines, source="online")
        if amount is None or invoices.currency_id.compare_amounts(amount, whole.amount) >= 0:
            return whole
        return Quote._make(invoices.company_id, debtor, lines, Decimal(f"{amount:.2f}"), "online")
