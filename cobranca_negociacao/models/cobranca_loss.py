from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CobrancaLoss(models.Model):
    _inherit = "cobranca.loss"

    # === BUSINESS METHODS === #

    @api.model
    def _get_candidates_domain(self, company, date):
        """Installments are no debts of their own: what is lost is what an agreement goes back to when it breaks."""
        domain = super()._get_candidates_domain(company, date)
        # sudo: whether an agreement has them does not depend on who asks
        items = self.env["cobranca.agreement.installment"].sudo()._search([("agreement_id.state", "=", "active")])
        return Domain(domain) & Domain("id", "not in", items.subselect("line_id"))

    @api.model
    def _get_rules(self, lines, date, secured):
        """:raise UserError: also for installments: a loss is none of their payments"""
        # sudo: as above, whether an agreement has them does not depend on who asks
        Installment = self.env["cobranca.agreement.installment"].sudo()
        domain = [("line_id", "in", lines.ids), ("agreement_id.state", "=", "active")]
        if item := Installment.search(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(installment)s belongs to an agreement in force: break the agreement %(agreement)s first, and "
                    "write its debts off.",
                    installment=item._get_label(),
                    agreement=item.agreement_id.name,
                )
            )
        return super()._get_rules(lines, date, secured)
