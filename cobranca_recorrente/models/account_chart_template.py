from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.account.models.chart_template import template

CONTRACT_JOURNAL = "cobranca_journal_contract"


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @template(model="account.journal")
    def _get_cobranca_account_journal(self, template_code):
        """The journals of these addons, for every chart.

        Contract invoices get a journal without fiscal documents: in the `br` chart's own
        sale journal each would be numbered as an NF-e that was never issued.
        """
        return {
            CONTRACT_JOURNAL: {
                "name": "Contract Invoices",
                "name@pt": "Faturas de Contratos",
                "type": "sale",
                "code": "FATC",
                # After the chart's own sale journal, which stays the default of hand-made invoices.
                "sequence": 40,
                "l10n_latam_use_documents": False,
                "refund_sequence": False,
            },
        }

    def _load(self, template_code, company, install_demo, force_create=True):
        self._cobranca_refuse_to_replace(template_code, company, install_demo)
        return super()._load(template_code, company, install_demo, force_create)

    def _cobranca_refuse_to_replace(self, template_code, company, install_demo):
        """Another chart replaces all journals of a company without entries: contracts need theirs.

        :raise UserError: with the contracts, where the database would refuse without a word of them
        """
        replaces = not company.root_id._existing_accounting() or install_demo
        if company.parent_id or template_code == company.chart_template or not replaces:
            return
        # sudo: whether there are any, whoever loads a chart
        contracts = self.env["cobranca.contract"].sudo().search([("company_id", "child_of", company.id)], limit=6)
        if contracts:
            raise UserError(
                self.env._(
                    "The chart of accounts replaces the journals of %(company)s, and contracts use them: "
                    "%(contracts)s. Cancel and delete these contracts, and make them again afterwards.",
                    company=company.name,
                    contracts=", ".join(contracts[:5].mapped("name")) + ("…" if contracts[5:] else ""),
                )
            )

    def _post_load_data(self, template_code, company, template_data):
        super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._cobranca_complete_defaults()

    @api.model
    def _cobranca_load(self):
        """Give journals and defaults to all companies that have a chart; safe to repeat."""
        companies = self.env["res.company"].search([("chart_template", "!=", False)], order="parent_path")
        for company in companies:
            chart = self.with_company(company).with_context(
                allowed_company_ids=company.ids,
                default_company_id=company.id,
                lang="en_US",
                tracking_disable=True,
            )
            if not company.parent_id:
                chart._cobranca_load_journals(chart.env.company)
            chart.env.company._cobranca_complete_defaults()

    def _cobranca_load_journals(self, company):
        data = self._get_chart_template_data(company.chart_template)["account.journal"]
        ours = {
            xmlid: self._cobranca_with_free_code(company, values)
            for xmlid, values in data.items()
            if str(xmlid).startswith("cobranca_") and not self.ref(xmlid, raise_if_not_found=False)
        }
        if ours:
            self._load_data({"account.journal": ours})
            self._load_translations(companies=company, template_data={"account.journal": ours})

    @api.model
    def _cobranca_with_free_code(self, company, values):
        """The values with a code that no journal of the company has yet."""
        Journal = self.env["account.journal"].with_context(active_test=False)
        taken = set(Journal.search(Journal._check_company_domain(company)).mapped("code"))
        code = values["code"]
        candidates = [code, *(f"{code[:3]}{number:02}" for number in range(1, 100))]
        return {**values, "code": next(free for free in candidates if free not in taken)}
