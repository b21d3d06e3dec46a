from odoo.tests import tagged

from odoo.addons.cobranca_recorrente.tests.common import CobrancaCommon

from ..models.cobranca_company_agreement import AGREEMENT_ACCOUNTS

CODES = {
    "cobranca_transit_account_id": "1.01.02.09.10.01",
    "cobranca_unearned_account_id": "1.01.02.02.50.01",
    "cobranca_financing_account_id": "3.01.01.05.01.05.03",
}


@tagged("post_install", "-at_install")
class TestAgreementChart(CobrancaCommon):
    """Journal and accounts of agreements, in companies of before and later ones, with any chart."""

    def load(self, name, chart="br", country="base.br"):
        company = self.env["res.company"].create({"name": name, "country_id": self.env.ref(country).id})
        self.env["account.chart.template"].try_loading(chart, company=company, install_demo=False)
        return company

    def assert_ready(self, company):
        journal = company._cobranca_get_journal("cobranca_journal_agreement")
        self.assertEqual((journal.type, journal.code, journal.company_id), ("sale", "ACORD", company))
        self.assertEqual(journal.default_account_id, company.cobranca_transit_account_id)
        self.assertFalse(journal.l10n_latam_use_documents)
        self.assertTrue(company.cobranca_transit_account_id.reconcile)
        self.assertEqual(company.cobranca_transit_account_id.account_type, "asset_current")
        self.assertEqual(company.cobranca_financing_account_id.account_type, "income_other")

    def codes(self, company):
        return {field: company[field].with_company(company).code for field in CODES}

    def test_company_of_before(self):
        self.assert_ready(self.company)
        self.assertEqual(self.codes(self.company), CODES)
        names = self.company.cobranca_transit_account_id.with_context(lang="pt_BR").name
        self.assertIn(names, ("Renegociação - Conta Transitória", "Renegotiation - Transit Account"))

    def test_company_made_later(self):
        company = self.load("Later")
        self.assert_ready(company)
        self.assertEqual(self.codes(company), CODES)

    def test_another_chart(self):
        company = self.load("Generic", "generic_coa", "base.us")
        self.assert_ready(company)
        self.assertEqual(len(set(self.codes(company).values())), len(AGREEMENT_ACCOUNTS))

    def test_invoices_by_hand_get_another_journal(self):
        journal = self.env["account.move"].new({"move_type": "out_invoice"}).journal_id
        self.assertNotEqual(journal.code, "ACORD")

    def test_loading_again_repairs(self):
        """Reloading a chart takes the mark of reconciliation away."""
        account = self.company.cobranca_transit_account_id
        account.reconcile = False
        self.env["account.chart.template"]._cobranca_load()
        self.assertTrue(account.reconcile)
        self.assertEqual(self.codes(self.company), CODES)

    def test_branch_uses_its_root(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        branch._cobranca_complete_accounts()
        self.assertEqual(branch.cobranca_transit_account_id, self.company.cobranca_transit_account_id)
        self.assertEqual(branch._cobranca_get_journal("cobranca_journal_agreement").company_id, self.company)

    def test_settings(self):
        wizard = self.env["cobranca.settings"].with_user(self.manager).create({})
        self.assertEqual(wizard.cobranca_transit_account_id, self.company.cobranca_transit_account_id)
        wizard.cobranca_agreement_break_days = 33
        wizard.action_save()
        self.assertEqual(self.company.cobranca_agreement_break_days, 33)
