from odoo import api, fields, models
from odoo.fields import Domain


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    cobranca_tax_warning = fields.Boolean(
        compute="_compute_cobranca_tax_warning", groups="cobranca_recorrente.cobranca_group_collector"
    )

    @api.depends("early_discount", "early_pay_discount_computation")
    def _compute_cobranca_tax_warning(self):
        for term in self:
            term.cobranca_tax_warning = term.early_discount and term.early_pay_discount_computation != "excluded"

    def _cobranca_is_used(self, company):
        """Is there a customer, a contract or an invoice with this term? Odoo brings along terms that nobody uses."""
        self.ensure_one()
        uses = {
            "account.move": "invoice_payment_term_id",
            "cobranca.contract": "payment_term_id",
            "res.partner": "property_payment_term_id",
        }
        # sudo: whether there are any, whoever looks at the terms
        env = self.with_company(company).sudo().env
        return any(env[model].search_count([(field, "in", self.ids)], limit=1) for model, field in uses.items())

    @api.model
    def _cobranca_get_tax_warning(self, company):
        """Payment terms of a company whose early discount reduces taxes, which the law does not admit.

        A discount that depends on the day of payment is a conditional one: ICMS, ISS, PIS and COFINS
        stay as they were invoiced.

        :param company: res.company
        :return: text for people, empty without such terms
        """
        lowering = Domain("early_discount", "=", True) & Domain("early_pay_discount_computation", "!=", "excluded")
        terms = self.search(lowering & Domain(self._check_company_domain(company)))
        terms = terms.filtered(lambda term: term._cobranca_is_used(company))
        if not terms:
            return ""
        return self.env._(
            "These payment terms lower the taxes when their early discount is taken, which Brazilian law does not "
            "admit: %(terms)s. Set their discount to “Never” for taxes, or use punctuality discounts here instead.",
            terms=", ".join(terms.mapped("name")),
        )
