from odoo import fields, models

DEFAULT_RATE = 1.2


class CobrancaCompanyProposal(models.AbstractModel):
    """What a company counts with when it compares proposals."""

    _name = "cobranca.company.proposal"
    _description = "Proposals of a Company"

    cobranca_present_rate = fields.Float(
        string="Cost of money a month (%)",
        default=DEFAULT_RATE,
        digits=(5, 2),
        groups="base.group_user",
        help="By which later payments are discounted when proposals are compared. Customers see nothing of it.",
    )

    _check_cobranca_present_rate = models.Constraint(
        "CHECK (cobranca_present_rate BETWEEN 0 AND 20)", "The cost of money lies between 0 and 20 % a month."
    )

    # === BUSINESS METHODS === #

    def _cobranca_get_settings(self):
        return [*super()._cobranca_get_settings(), "cobranca_present_rate"]
