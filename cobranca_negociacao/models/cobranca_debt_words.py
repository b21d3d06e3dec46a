from odoo import models

from ..tools.money import ZERO

# Why an installment costs less on a day: its interest is not owed yet.
REBATE = "rebate"


def without_rebate(debt):
    """A tools.debt.Debt as it is on its due day, for what is read later than it is written."""
    if (REBATE, "") not in debt.remarks:
        return debt
    return debt._replace(discount=ZERO, remarks=tuple(remark for remark in debt.remarks if remark[0] != REBATE))


def get_unearned(debt):
    """What of a tools.debt.Debt is interest of months to come."""
    return debt.discount if (REBATE, "") in debt.remarks else ZERO


class CobrancaDebtWords(models.AbstractModel):
    """Less for who pays an installment early is interest that he does not owe, no discount for punctuality."""

    _inherit = "cobranca.debt.words"

    # === BUSINESS METHODS === #

    def _cobranca_get_discount_label(self, debts):
        if all((REBATE, "") in debt.remarks for debt in debts if debt.discount):
            return self.env._("Interest not owed any more")
        return super()._cobranca_get_discount_label(debts)

    def _cobranca_get_discount_sentence(self, debt):
        if (REBATE, "") in debt.remarks:
            return self.env._("Who pays before the time owes no interest of the time to come (CDC, art. 52, § 2º).")
        return super()._cobranca_get_discount_sentence(debt)

    def _cobranca_get_discount_note(self, debt):
        if (REBATE, "") in debt.remarks:
            amount = self.company_id.currency_id.format(float(debt.discount))
            return self.env._("%(amount)s less of interest, because you pay early", amount=amount)
        return super()._cobranca_get_discount_note(debt)
