from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open, mute_logger

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestContractForm(CobrancaCommon):
    """The screen of a contract as people with each right see it."""

    def bill(self, contract):
        return self.env["cobranca.contract.billing"]._bill(contract)

    def test_supervisor_fills_the_form_and_sees_the_charges(self):
        form = Form(self.env["cobranca.contract"].with_user(self.supervisor))
        form.partner_id = self.customer
        form.billing_day = 1
        with form.line_ids.new() as line:
            line.product_id = self.product
        self.assertIn("350.00", form.preview_html, "before anything is saved")
        contract = form.save()
        self.assertEqual(contract.preview_html.count("<tr"), 13)

    def test_preview_of_an_empty_contract_says_what_to_do(self):
        form = Form(self.env["cobranca.contract"].with_user(self.supervisor))
        self.assertIn("Add a line", form.preview_html)

    def test_collector_reads_the_form(self):
        contract = self.make_contract()
        Form(contract.with_user(self.collector))
        with self.assertRaises(AccessError):
            contract.with_user(self.collector).action_do_not_renew()

    def test_billed_lines_stand_and_one_off_items_are_added(self):
        contract = self.make_contract()
        self.bill(contract)
        self.assertTrue(contract.line_ids.is_billed)
        with Form(contract.with_user(self.supervisor)) as form, form.line_ids.new() as line:
            line.product_id = self.product
            line.recurrence = "once"
            line.date_start = "2026-01-20"
        self.assertEqual(contract.line_ids.mapped("is_billed"), [True, False])
        self.assertTrue(contract.has_open_items)
        form = Form(contract.with_user(self.supervisor))
        with self.assertRaisesRegex(AssertionError, "readonly"), form.line_ids.edit(0) as line:
            line.price_unit = 1.0

    def test_recurring_item_of_a_billed_contract_is_sent_to_the_wizard(self):
        contract = self.make_contract()
        self.bill(contract)
        form = Form(contract.with_user(self.supervisor))
        with form.line_ids.new() as line:
            line.product_id = self.product
        with self.assertRaisesRegex(UserError, "Change prices or items"):
            form.save()

    def test_backlog_is_offered_until_it_is_allowed(self):
        self.company.cobranca_max_catch_up = 2
        contract = self.make_contract(date_start="2025-06-01")
        self.bill(contract)
        self.assertIn("Bill the backlog", contract.park_reason)
        self.assertTrue(contract.has_backlog)
        contract.with_user(self.supervisor).action_allow_catch_up()
        self.assertEqual((contract.has_backlog, contract.park_reason), (False, False))

    def test_renewal_note_only_when_the_end_is_near(self):
        contract = self.make_contract(date_end="2026-12-31")
        self.assertFalse(contract.renewal_note)
        contract.date_end = "2026-01-31"
        self.assertIn("renews itself", contract.renewal_note)

    def test_warnings_are_shown(self):
        self.customer.email = False
        self.assertIn("no e-mail", self.make_contract().warnings)

    # --- settings ---

    def open_settings(self, user):
        return Form(self.env["cobranca.settings"].with_user(user))

    def test_manager_without_system_rights_changes_the_settings(self):
        self.assertFalse(self.manager.has_group("base.group_system"))
        form = self.open_settings(self.manager)
        self.assertEqual(form.cobranca_max_catch_up, self.company.cobranca_max_catch_up)
        form.cobranca_max_catch_up = 4
        form.cobranca_max_run_amount = 90000.0
        form.save().action_save()
        self.assertEqual((self.company.cobranca_max_catch_up, self.company.cobranca_max_run_amount), (4, 90000.0))

    def test_nobody_else_changes_them(self):
        with self.assertRaises(AccessError):
            self.open_settings(self.supervisor)
        with self.assertRaises(AccessError):
            self.company.with_user(self.supervisor)._cobranca_write_settings({"cobranca_max_catch_up": 9})
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager)._cobranca_write_settings({"name": "Mine"})

    def test_manager_reaches_only_his_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            other.with_user(self.manager)._cobranca_write_settings({"cobranca_max_catch_up": 9})

    def test_wrong_bound_is_told(self):
        form = self.open_settings(self.manager)
        form.cobranca_max_catch_up = 0
        # The client shows the message of the constraint.
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(CheckViolation, "cobranca_bounds"):
            form.save().action_save()
            self.env.flush_all()

    def test_fee_product_is_shipped_without_taxes(self):
        product = self.company.cobranca_fee_product_id
        self.assertEqual((product.type, product.taxes_id.ids), ("service", []))


@tagged("post_install", "-at_install")
class TestUsageImport(CobrancaCommon):
    """Odoo's own import screen with the shipped file of usage."""

    FILE = "cobranca_recorrente/static/import/modelo_consumo.csv"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor.write({"lang": "pt_BR", "group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]})
        api = cls.make_product("Consumo de API", 0.5)
        lines = [Command.create({"product_id": api.id, "recurrence": "usage"})]
        cls.contract = cls.make_contract(name="CT00001", line_ids=lines)

    def import_text(self, text):
        wizard = (
            self.env["base_import.import"]
            .with_user(self.supervisor)
            .with_context(lang="pt_BR")
            .create(
                {
                    "res_model": "cobranca.contract.usage",
                    "file": text.encode(),
                    "file_name": "consumo.csv",
                    "file_type": "text/csv",
                }
            )
        )
        preview = wizard.parse_preview({"quoting": '"', "has_headers": True, "separator": "", "encoding": "utf-8"})
        self.assertNotIn("error", preview)
        columns = ["/".join(preview["matches"].get(number, [])) or False for number in range(5)]
        return wizard.execute_import(columns, preview["headers"], preview["options"]), columns

    def test_shipped_file_twice_counts_once(self):
        with file_open(self.FILE) as file:
            text = file.read()
        result, columns = self.import_text(text)
        self.assertEqual((result["messages"], False in columns), ([], False))
        self.assertEqual(sorted(self.contract.usage_ids.mapped("quantity")), [87.5, 120.0])
        result, _columns = self.import_text(text)
        self.assertEqual((result["messages"], len(self.contract.usage_ids)), ([], 2))

    def test_changed_quantity_is_refused_with_its_row(self):
        header, first, second = (
            "Contrato;Item;Data;Quantidade;Chave",
            "CT00001;Consumo de API;05/11/2026;120;a",
            "CT00001;Consumo de API;06/11/2026;80;b",
        )
        self.import_text("\n".join([header, first, second]))
        result, _columns = self.import_text("\n".join([header, first, second.replace(";80;", ";81;")]))
        [message] = result["messages"]
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertIn("b", message["message"])
        self.assertEqual(sorted(self.contract.usage_ids.mapped("quantity")), [80.0, 120.0])
