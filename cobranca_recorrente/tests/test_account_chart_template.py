from odoo.tests import tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestAccountChartTemplate(CobrancaCommon):
    def make_company(self, name, **values):
        return self.env["res.company"].create({"name": name, "country_id": self.env.ref("base.br").id, **values})

    def load(self, company):
        self.env["account.chart.template"].try_loading("br", company=company, install_demo=False)

    def test_installed_company_is_ready(self):
        journal = self.company.cobranca_contract_journal_id
        self.assertEqual((journal.type, journal.code), ("sale", "FATC"))
        self.assertFalse(journal.l10n_latam_use_documents)
        self.assertEqual(journal.with_context(lang="pt_BR").name, "Faturas de Contratos")
        self.assertEqual(self.company.cobranca_service_account_id.code, "3.01.01.01.01.06")

    def test_chart_s_own_journal_stays_the_default(self):
        move = self.env["account.move"].new({"move_type": "out_invoice"})
        self.assertNotEqual(move.journal_id, self.company.cobranca_contract_journal_id)

    def test_company_made_later(self):
        company = self.make_company("Later")
        self.assertFalse(company.cobranca_contract_journal_id)
        self.load(company)
        self.assertEqual(company.cobranca_contract_journal_id.company_id, company)
        self.assertEqual(company.cobranca_service_account_id.with_company(company).code, "3.01.01.01.01.06")

    def test_loading_again_changes_nothing(self):
        journals = self.env["account.journal"].search_count([])
        own = self.env["account.journal"].create({"name": "Mine", "code": "MINE", "type": "sale"})
        self.company.cobranca_contract_journal_id = own
        self.env["account.chart.template"]._cobranca_load()
        self.assertEqual(self.env["account.journal"].search_count([]), journals + 1)
        self.assertEqual(self.company.cobranca_contract_journal_id, own)

    def test_taken_code_is_not_touched(self):
        """A database that had a journal FATC of its own before our addon came."""
        company = self.make_company("Taken")
        self.load(company)
        ours = company.cobranca_contract_journal_id
        company.cobranca_contract_journal_id = False
        self.env["ir.model.data"].search([("model", "=", "account.journal"), ("res_id", "=", ours.id)]).unlink()
        self.env["account.chart.template"]._cobranca_load()
        made = company.cobranca_contract_journal_id
        self.assertEqual((made.code, ours.code), ("FAT01", "FATC"))
