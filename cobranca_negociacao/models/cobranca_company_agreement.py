from odoo import api, fields, models

from odoo.addons.cobranca_recorrente.models.cobranca_company_accounts import AccountSpec

from .account_chart_template import AGREEMENT_JOURNAL

IMPUTATIONS = [("charges", "Charges first (Código Civil, art. 354)"), ("principal", "Principal first")]
AGREEMENT_ACCOUNTS = [
    AccountSpec(
        "cobranca_transit_account_id",
        "cobranca_account_transit",
        "1.01.02.09.10.01",
        "asset_current",
        "Renegotiation - Transit Account",
        "Renegociação - Conta Transitória",
        reconcile=True,
    ),
    AccountSpec(
        "cobranca_unearned_account_id",
        "cobranca_account_unearned",
        "1.01.02.02.50.01",
        "asset_current",
        "Unearned Interest of Agreements (Contra Account)",
        "(-) Juros de Parcelamento a Apropriar - Acordos",
    ),
    AccountSpec(
        "cobranca_financing_account_id",
        "cobranca_account_financing",
        "3.01.01.05.01.05.03",
        "income_other",
        "Installment Interest of Agreements",
        "Juros de Parcelamento de Acordos",
    ),
]
RULES = (
    "cobranca_agreement_break_days",
    "cobranca_agreement_break_count",
    "cobranca_agreement_warn_days",
    "cobranca_agreement_imputation",
    "cobranca_agreement_restore_days",
    "cobranca_agreement_postpone_days",
)


class CobrancaCompanyAgreement(models.AbstractModel):
    """How a company books its agreements, and by which rule they break."""

    _name = "cobranca.company.agreement"
    _description = "Agreements of a Company"

    cobranca_transit_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Transit account of agreements",
        groups="base.group_user",
        domain=[("account_type", "=", "asset_current")],
        check_company=True,
        help="Carries what is renegotiated from the old invoices to the agreement; it is always zero.",
    )
    cobranca_unearned_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Unearned interest of agreements",
        groups="base.group_user",
        domain=[("account_type", "=", "asset_current")],
        check_company=True,
        help="Contra account of the installments: interest of months to come.",
    )
    cobranca_financing_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of installment interest",
        groups="base.group_user",
        domain=[("account_type", "in", ("income", "income_other"))],
        check_company=True,
        help="Income from the interest of installments, month by month.",
    )
    cobranca_agreement_break_days = fields.Integer(
        string="Agreements break when an installment is late (days)",
        default=15,
        groups="base.group_user",
        help="More than so many days after the due date, weekends and holidays moved; 0: never by days. Copied to an "
        "agreement when it is signed.",
    )
    cobranca_agreement_break_count = fields.Integer(
        string="Agreements break with late installments (number)",
        default=2,
        groups="base.group_user",
        help="When so many installments are late at the same time; 0: never by number.",
    )
    cobranca_agreement_warn_days = fields.Integer(
        string="Warned before an agreement breaks (days)",
        default=3,
        groups="base.group_user",
        help="No agreement breaks by itself before its customer was told so many days ahead, at least one. They count "
        "from when the e-mail left; of who has no e-mail, from the task to call him.",
    )
    cobranca_agreement_imputation = fields.Selection(
        selection=IMPUTATIONS,
        string="Payments of a broken agreement pay",
        default="charges",
        required=True,
        groups="base.group_user",
        help="What was paid counts for the original debts, the oldest first.",
    )
    cobranca_agreement_restore_days = fields.Integer(
        string="A broken agreement can be restored within (days)",
        default=10,
        groups="base.group_user",
    )
    cobranca_agreement_postpone_days = fields.Integer(
        string="Collectors postpone an installment by (days)",
        default=10,
        groups="base.group_user",
        help="Counted from the due date that was agreed; a supervisor may grant more.",
    )

    _check_cobranca_agreement = models.Constraint(
        "CHECK (cobranca_agreement_break_days BETWEEN 0 AND 180 AND cobranca_agreement_break_count BETWEEN 0 AND 60 "
        "AND cobranca_agreement_warn_days BETWEEN 1 AND 30 AND cobranca_agreement_restore_days BETWEEN 0 AND 90 "
        "AND cobranca_agreement_postpone_days BETWEEN 0 AND 60)",
        "Agreements break after 0 to 180 days or with 0 to 60 late installments, announced 1 to 30 days before, can "
        "be restored for 0 to 90 days, and installments are postponed by 0 to 60 days.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_account_specs(self):
        return [*super()._cobranca_get_account_specs(), *AGREEMENT_ACCOUNTS]

    def _cobranca_get_settings(self):
        return [*super()._cobranca_get_settings(), *RULES]

    def _cobranca_complete_accounts(self):
        super()._cobranca_complete_accounts()
        chart = self.env["account.chart.template"].with_company(self)
        journal = chart.ref(AGREEMENT_JOURNAL, raise_if_not_found=False)
        # A branch uses the journal of its root, whose account is set there.
        if journal and journal.company_id == self and not journal.default_account_id:
            journal.default_account_id = self.cobranca_transit_account_id
