from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..models.cobranca_company_accounts import ACCOUNTS
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


@tagged("post_install", "-at_install")
class TestChargeAccounts(CobrancaCommon):
    """Accounts and journals of charges and losses, in whatever company, whenever it came."""

    CODES = {
        "cobranca_fine_account_id": "3.01.01.05.01.24",
        "cobranca_interest_account_id": "3.01.01.05.01.05.01",
        "cobranca_correction_account_id": "3.01.01.05.01.05.02",
        "cobranca_discount_account_id": "3.01.01.09.01.08.01",
        "cobranca_loss_account_id": "3.01.01.07.01.25",
        "cobranca_estimate_account_id": "1.01.02.02.52",
        "cobranca_recovery_account_id": "3.01.01.05.01.99.01",
        "cobranca_advance_account_id": "2.01.01.05.01",
    }

    def make_company(self, name, chart=None, **values):
        company = self.env["res.company"].create({"name": name, "country_id": self.env.ref("base.br").id, **values})
        if chart:
            self.load(company, chart)
        return company

    def load(self, company, chart="br"):
        self.env["account.chart.template"].try_loading(chart, company=company, install_demo=False)

    def codes(self, company):
        company = company.with_company(company)
        return {spec.field: company[spec.field].code for spec in ACCOUNTS}

    def forget(self, company, name):
        """As it was before our addon came: no field, no xmlid.

        :return: the record that had been found there
        """
        record = company[name]
        company[name] = False
        self.env["ir.model.data"].search([("model", "=", record._name), ("res_id", "=", record.id)]).unlink()
        return record

    def test_installed_company(self):
        self.assertEqual(self.codes(self.company), self.CODES)
        interest = self.company.cobranca_interest_account_id
        self.assertEqual(interest.with_context(lang="en_US").name, "Late Interest Received from Customers")
        self.assertEqual(interest.with_context(lang="pt_BR").name, "Juros de Mora Recebidos de Clientes")
        for kind, code in (("transfer", "RENEG"), ("charge", "ENCAR"), ("loss", "PERDA")):
            journal = self.company._cobranca_get_journal(f"cobranca_journal_{kind}")
            self.assertEqual((journal.type, journal.code), ("general", code))
            self.assertFalse(journal.show_on_dashboard or journal.l10n_latam_use_documents)
        self.assertEqual(journal.with_context(lang="pt_BR").name, "Perdas no Recebimento de Créditos")

    def test_company_made_later(self):
        company = self.make_company("Later")
        self.assertEqual(set(self.codes(company).values()), {False})
        with self.assertRaisesRegex(UserError, "Later has no account for this: Account of fines received. Install"):
            company._cobranca_get_account("fine")
        with self.assertRaisesRegex(UserError, "Later has no journal for charges and losses. Install"):
            company._cobranca_get_journal("cobranca_journal_charge")
        self.load(company)
        self.assertEqual(self.codes(company), self.CODES)
        journal = company._cobranca_get_journal("cobranca_journal_charge")
        self.assertEqual((journal.company_id, journal.code), (company, "ENCAR"))

    def test_other_chart_gets_accounts_of_its_own(self):
        company = self.make_company("Generic", "generic_coa")
        for spec in ACCOUNTS:
            account = company[spec.field].with_context(lang="en_US")
            self.assertEqual((account.name, account.account_type), (spec.name, spec.kind))
            self.assertEqual(account.with_context(lang="pt_BR").name, spec.name_pt)
            self.assertEqual(account.company_ids, company)
        self.assertEqual(len(set(self.codes(company).values())), len(ACCOUNTS))
        before = self.env["account.account"].search_count([])
        self.env["account.chart.template"]._cobranca_load()
        self.assertEqual(self.env["account.account"].search_count([]), before)
        self.assertEqual(company._cobranca_get_journal("cobranca_journal_loss").code, "PERDA")

    def test_accounts_of_later_addons(self):
        """They are made with the others, and what is matched stays so after a chart was reloaded."""
        estimate = next(spec for spec in ACCOUNTS if spec.field == "cobranca_estimate_account_id")
        account = self.company.cobranca_estimate_account_id
        self.assertFalse(account.reconcile)
        specs = [estimate._replace(reconcile=True)]
        with patch.object(type(self.env["res.company"]), "_cobranca_get_account_specs", lambda _company: specs):
            self.company._cobranca_complete_accounts()
        self.assertTrue(account.reconcile)

    def test_loading_again_changes_nothing(self):
        own = self.company.cobranca_interest_account_id
        own.name = "Our interest"
        self.company.cobranca_fine_account_id = own
        before = (self.env["account.account"].search_count([]), self.env["account.journal"].search_count([]))
        for _time in range(2):
            self.env["account.chart.template"]._cobranca_load()
        self.load(self.company)
        after = (self.env["account.account"].search_count([]), self.env["account.journal"].search_count([]))
        self.assertEqual(after, before)
        self.assertEqual((own.name, self.company.cobranca_fine_account_id), ("Our interest", own))

    def test_account_of_the_accountant_is_taken_over(self):
        company = self.make_company("Prepared", "br")
        own = self.forget(company, "cobranca_interest_account_id")
        own.name = "Juros do contador"
        self.env["account.chart.template"]._cobranca_load()
        self.assertEqual(company.cobranca_interest_account_id, own)
        self.assertEqual(own.name, "Juros do contador")

    def test_code_taken_by_another_kind_of_account(self):
        company = self.make_company("Taken", "br").with_company(self.company)
        own = self.forget(company, "cobranca_discount_account_id")
        own.account_type = "asset_current"
        self.env["account.chart.template"]._cobranca_load()
        made = company.cobranca_discount_account_id.with_company(company)
        self.assertEqual((made.account_type, made.code), ("expense", "3.01.01.09.01.08.02"))
        self.assertEqual(own.with_company(company).code, "3.01.01.09.01.08.01")

    def test_taken_journal_code(self):
        company = self.make_company("Journal", "br")
        journal = company._cobranca_get_journal("cobranca_journal_charge")
        self.env["ir.model.data"].search([("model", "=", "account.journal"), ("res_id", "=", journal.id)]).unlink()
        # Found missing by who receives, and made at once.
        made = company._cobranca_get_journal("cobranca_journal_charge")
        self.assertEqual((made.code, journal.code), ("ENC01", "ENCAR"))

    def test_branch_uses_what_its_head_office_has(self):
        branch = self.make_company("Branch", parent_id=self.company.id)
        self.env.cr.precommit.run()
        self.assertEqual(branch._cobranca_get_account("fine"), self.company.cobranca_fine_account_id)
        self.assertEqual(
            branch._cobranca_get_journal("cobranca_journal_charge"),
            self.company._cobranca_get_journal("cobranca_journal_charge"),
        )

    def test_manager_sets_the_accounts(self):
        other = self.company.cobranca_interest_account_id
        wizard = self.env["cobranca.settings"].with_user(self.manager).create({})
        self.assertEqual(wizard.cobranca_fine_account_id, self.company.cobranca_fine_account_id)
        wizard.cobranca_fine_account_id = other
        wizard.action_save()
        self.assertEqual(self.company.cobranca_fine_account_id, other)
