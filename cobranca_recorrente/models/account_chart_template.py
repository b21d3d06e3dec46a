from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.account.models.chart_template import template

CONTRACT_JOURNAL = "cobranca_journal_contract"
# Bridges between receivable accounts and mirrors; charges paid and discounts; losses.
TRANSFER_JOURNAL = "cobranca_journal_transfer"
CHARGE_JOURNAL = "cobranca_journal_charge"
LOSS_JOURNAL = "cobranca_journal_loss"


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
            TRANSFER_JOURNAL: self._cobranca_general_journal("RENEG", "Renegotiation", "Renegociação", 91),
            CHARGE_JOURNAL: self._cobranca_general_journal(
                "ENCAR", "Late Charges and Discounts", "Encargos e Descontos", 92
            ),
            LOSS_JOURNAL: self._cobranca_general_journal(
                "PERDA", "Losses on Receivables", "Perdas no Recebimento de Créditos", 93
            ),
        }

    @api.model
    def _cobranca_general_journal(self, code, name, name_pt, sequence):
        return {
            "name": name,
            "name@pt": name_pt,
            "type": "general",
            "code": code,
            "sequence": sequence,
            "show_on_dashboard": False,
            "l10n_latam_use_documents": False,
        }

    @template("br", "account.account")
    def _get_br_cobranca_account_account(self):
        """The accounts that the Brazilian chart lacks."""
        return {
            spec.xmlid: {
                "code": spec.code,
                "name": spec.name,
                "name@pt": spec.name_pt,
                "account_type": spec.kind,
                "reconcile": spec.reconcile,
            }
            for spec in self.env["res.company"]._cobranca_get_account_specs()
            if spec.code
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
        """Give journals, accounts and defaults to all companies that have a chart; safe to repeat."""
        companies = self.env["res.company"].search([("chart_template", "!=", False)], order="parent_path")
        for company in companies:
            self._cobranca_load_company(company)

    @api.model
    def _cobranca_load_company(self, company):
        """Give a company what it lacks of our journals, accounts and defaults."""
        chart = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            default_company_id=company.id,
            lang="en_US",
            tracking_disable=True,
        )
        if not company.parent_id:
            chart._cobranca_load_missing(chart.env.company)
        chart.env.company._cobranca_complete_defaults()

    def _cobranca_load_missing(self, company):
        data = self._get_chart_template_data(company.chart_template)
        ours = {}
        for model, prepare in (
            ("account.account", self._cobranca_with_free_account_code),
            ("account.journal", self._cobranca_with_free_code),
        ):
            missing = {
                xmlid: prepare(company, xmlid, values)
                for xmlid, values in data[model].items()
                if str(xmlid).startswith("cobranca_") and not self.ref(xmlid, raise_if_not_found=False)
            }
            # An account that was there already has its name, and our xmlid by now.
            ours[model] = {xmlid: values for xmlid, values in missing.items() if values}
        ours = {model: records for model, records in ours.items() if records}
        if ours:
            self._load_data(ours)
            self._load_translations(companies=company, template_data=ours)

    @api.model
    def _cobranca_with_free_code(self, company, _xmlid, values):
        """The values with a code that no journal of the company has yet."""
        Journal = self.env["account.journal"].with_context(active_test=False)
        taken = set(Journal.search(Journal._check_company_domain(company)).mapped("code"))
        code = values["code"]
        candidates = [code, *(f"{code[:3]}{number:02}" for number in range(1, 100))]
        return {**values, "code": next(free for free in candidates if free not in taken)}

    def _cobranca_with_free_account_code(self, company, xmlid, values):
        """The values with a code that no account has; None when the accountant made this very account before."""
        Account = self.env["account.account"].with_context(active_test=False)
        domain = [*Account._check_company_domain(company), ("code", "=", values["code"])]
        twin = Account.search(domain, limit=1)
        if not twin:
            return values
        if twin.account_type == values["account_type"]:
            xml_id = self.company_xmlid(xmlid, company)
            self.env["ir.model.data"]._update_xmlids([{"xml_id": xml_id, "record": twin, "noupdate": True}])
            return None
        return {**values, "code": Account._search_new_account_code(values["code"])}
