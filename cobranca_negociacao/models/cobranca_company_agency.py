from odoo import api, fields, models

from odoo.addons.cobranca_recorrente.models.cobranca_company_accounts import AccountSpec

AGENCY_ACCOUNTS = [
    AccountSpec(
        "cobranca_agency_commission_account_id",
        "cobranca_account_agency_commission",
        "3.01.01.07.01.04.01",
        "expense",
        "Commissions of Collection Agencies",
        "(-) Comissões de Assessorias de Cobrança",
    ),
    AccountSpec(
        "cobranca_agency_money_account_id",
        "cobranca_account_agency_money",
        "1.01.02.09.10.02",
        "asset_current",
        "Money Held by Collection Agencies",
        "Valores a Repassar por Assessorias de Cobrança",
        reconcile=True,
    ),
    AccountSpec(
        "cobranca_agency_fee_account_id",
        "cobranca_account_agency_fee",
        "2.01.01.17.28.01",
        "liability_current",
        "Collection Fees to Be Passed on to Agencies",
        "Honorários de Cobrança a Repassar a Assessorias",
    ),
]


class CobrancaCompanyAgency(models.AbstractModel):
    """How a company books what agencies earn, and what they hold of its money."""

    _name = "cobranca.company.agency"
    _description = "Agencies of a Company"

    cobranca_agency_commission_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of agencies' commissions",
        groups="base.group_user",
        domain=[("account_type", "in", ("expense", "expense_direct_cost", "expense_other"))],
        check_company=True,
        help="The draft bills of agreed statements are booked on it.",
    )
    cobranca_agency_money_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of money held by agencies",
        groups="base.group_user",
        domain=[("account_type", "=", "asset_current")],
        check_company=True,
        help="What customers paid to an agency and it has not passed on yet. It counts as received from the day on "
        "which the agency got it.",
    )
    cobranca_agency_fee_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of agencies' collection fees",
        groups="base.group_user",
        domain=[("account_type", "=", "liability_current")],
        check_company=True,
        help="What agreements contain on top of the debt for the work of an agency, until it is passed on.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_account_specs(self):
        return [*super()._cobranca_get_account_specs(), *AGENCY_ACCOUNTS]
