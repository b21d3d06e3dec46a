from odoo import api, fields, models

SETTINGS = ("cobranca_code_by_sms", "cobranca_signer_name", "cobranca_signer_role", "cobranca_statement_year")


class CobrancaCompanyPaper(models.AbstractModel):
    """Who signs a company's letters, and how customers confirm what they accept."""

    _name = "cobranca.company.paper"
    _description = "Papers of a Company"

    cobranca_code_by_sms = fields.Boolean(
        string="One-time codes by SMS too",
        groups="base.group_user",
        help="Customers may choose SMS, which costs credits of the provider, for the code that confirms an acceptance.",
    )
    cobranca_signer_name = fields.Char(
        string="Who signs letters of quittance",
        groups="base.group_user",
        help="A quittance is signed by the creditor or who stands for him (CC, art. 320). Empty: a line to sign on.",
    )
    cobranca_signer_role = fields.Char(string="In which function", groups="base.group_user")
    cobranca_statement_year = fields.Integer(
        string="Yearly statements since the year",
        groups="base.group_user",
        help="From April on, customers who settled all that fell due last year get the statement of Lei 12.007/2009 by "
        "e-mail; who settles later gets it then. 0: none is sent by itself.",
    )

    _check_cobranca_statement_year = models.Constraint(
        "CHECK (cobranca_statement_year = 0 OR cobranca_statement_year BETWEEN 2009 AND 2999)",
        "Yearly statements begin in a year such as 2026; 0 = none.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_settings(self):
        return [*super()._cobranca_get_settings(), *SETTINGS]
