from odoo import api, models


class CobrancaProposalDeskWords(models.AbstractModel):
    """What the kernels refuse, in words that say what to do."""

    _name = "cobranca.proposal.desk.words"
    _description = "Words of a Negotiation"

    # === BUSINESS METHODS === #

    @api.model
    def _say(self, error):
        """A refusal of a kernel.

        :param ValueError error: with (code, value)
        :return: sentence
        """
        code, value = error.args if len(error.args) == 2 else ("", error.args)
        if isinstance(value, str) or value is None:
            return self._say_unreadable(code, value)
        texts = {
            "debts": self.env._("There is nothing to be paid: choose invoices."),
            "agreed": self.env._("Something has to be paid: lower the discount."),
            "down": self.env._("The down payment is more than the agreement: lower it."),
            "count": self.env._("So many installments cannot be: choose fewer."),
            "amount": self.env._("With this installment the plan never ends, or pays nothing: choose another amount."),
            "total": self.env._("The total is more than is owed, or nothing: choose another amount."),
            "monthly": self.env._("So little a month does not pay these debts: choose a higher amount."),
            "rate": self.env._("Choose an interest of 0 to 20 % a month."),
            "next": self.env._("The first installment falls due after the down payment: choose a later day."),
        }
        if code in texts:
            return texts[code]
        if code.startswith("percent") or code in ("fine", "interest", "correction", "principal"):
            return self.env._("The discount is more than there is: choose a lower one.")
        return self.env._("This cannot be calculated: correct the figure.")

    @api.model
    def _say_unreadable(self, code, value):
        if code in ("day", "first", "next"):
            return self.env._("“%(text)s” is no day: write it like 24/11/2026.", text=value or "")
        if code == "count":
            return self.env._("“%(text)s” is no number of installments.", text=value or "")
        if code.startswith("percent"):
            return self.env._("“%(text)s” is no percentage from 0 to 100.", text=value or "")
        return self.env._("“%(text)s” is no amount: write it like 1,234.56.", text=value or "")

    @api.model
    def _get_empty_text(self, scene):
        """Why there is nothing to negotiate."""
        if not scene.debts:
            return self.env._("Nothing of this customer is open.")
        return self.env._("No invoice can be negotiated: see beside each one why.")
