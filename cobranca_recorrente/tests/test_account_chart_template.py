from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

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

    @freeze_time("2026-01-05 15:00:00")
    def test_company_without_chart_is_told_and_bills_once_it_has_one(self):
        """Made later, and used before its chart is installed: nothing crashes, each place says what is missing."""
        company = self.make_company("Bare")
        # The cron writes its reasons in the company's language.
        company.partner_id.lang = "en_US"
        with self.assertRaisesRegex(UserError, "Bare has no journal for contract invoices. Install its chart"):
            self.make_contract(activate=False, company_id=company.id)
        self.env["account.chart.template"]._cobranca_load()
        self.env["cobranca.billing.conference"].with_company(company)._cron_refresh()
        self.assertFalse(self.env["cobranca.billing.forecast"]._make(company).line_ids)
        # Journal and income account made by hand: what is missing is found when it starts.
        values = {"name": "By hand", "company_id": company.id}
        journal = self.env["account.journal"].create({**values, "code": "HAND", "type": "sale"})
        contract = self.make_contract(activate=False, company_id=company.id, journal_id=journal.id)
        with self.assertRaisesRegex(UserError, "no income account") as told:
            contract.action_activate()
        self.assertIn("no receivable account", str(told.exception))
        contract._update_state(("draft",), "active")
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").method_direct_trigger()
        self.assertIn("no receivable account", contract.park_reason)
        with self.assertRaisesRegex(UserError, f"contracts use them: {contract.name}"):
            self.load(company)
        contract.action_cancel()
        contract.unlink()
        self.load(company)
        self.assertEqual(company.cobranca_contract_journal_id.company_id, company)
        ready = self.make_contract(company_id=company.id)
        move = self.env["cobranca.contract.billing"].with_company(company)._bill(ready)
        self.assertEqual((move.state, move.journal_id), ("posted", company.cobranca_contract_journal_id))

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
