from odoo import models

from odoo.addons.account.models.chart_template import template

AGREEMENT_JOURNAL = "cobranca_journal_agreement"


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @template(model="account.journal")
    def _get_cobranca_agreement_account_journal(self, template_code):
        """The journal of agreements, for every chart: sales without taxes and without fiscal documents."""
        return {
            AGREEMENT_JOURNAL: {
                "name": "Agreements",
                "name@pt": "Acordos",
                "type": "sale",
                "code": "ACORD",
                # After all others, so that no invoice made by hand is numbered as an agreement.
                "sequence": 90,
                "show_on_dashboard": False,
                "l10n_latam_use_documents": False,
                "refund_sequence": False,
            }
        }
