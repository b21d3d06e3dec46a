from odoo import fields, models


class CobrancaCompanySecondFactor(models.AbstractModel):
    """What a company asks of people of agencies when they log in."""

    _name = "cobranca.company.second.factor"
    _description = "Second Factor of Agencies"

    cobranca_agency_second_factor = fields.Boolean(
        string="Agencies confirm each login by a code",
        groups="base.group_user",
        help="People of agencies log in with a code that they get by e-mail, unless they use an app for codes.",
    )

    # === BUSINESS METHODS === #

    def _cobranca_get_settings(self):
        return [*super()._cobranca_get_settings(), "cobranca_agency_second_factor"]
