from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open, mute_logger

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestContract(CobrancaCommon):
    def test_today_is_the_company_s_day(self):
        with freeze_time("2026-12-01 01:30:00"):
            self.assertEqual(self.company._cobranca_today(), date(2026, 11, 30))
        with freeze_time("2026-12-01 03:00:00"):
            self.assertEqual(self.company._cobranca_today(), date(2026, 12, 1))

    @freeze_time("2026-01-05 15:00:00")
    def test_form_by_a_supervisor(self):
        form = Form(self.env["cobranca.contract"].with_user(self.supervisor))
        form.partner_id = self.customer
        form.due_day = 20
        with form.line_ids.new() as line:
            line.product_id = self.product
            line.quantity = 2
        contract = form.save()
        self.assertRegex(contract.name, r"^CT\d{5}$")
        self.assertEqual(contract.date_start, date(2026, 1, 5))
        self.assertEqual(contract.amount_total, 700.0)
        self.assertEqual((contract.next_due_date, contract.next_issue_date), (date(2026, 1, 20), date(2026, 1, 10)))
        contract.action_activate()
        self.assertEqual(contract.state, "active")

    def test_line_writes_its_income_account_and_taxes(self):
        """The category's default is resale income, and a new product gets ICMS: not on a service of ours."""
        tax = self.env["account.tax"].create({"name": "5 %", "amount": 5.0, "type_tax_use": "sale"})
        icms = self.company.account_sale_tax_id
        self.assertIn("ICMS", icms.name)
        self.product.taxes_id = tax | icms
        line = self.make_contract().line_ids
        self.assertEqual(line.account_id, self.company.cobranca_service_account_id)
        self.assertEqual(line.account_id.code, "3.01.01.01.01.06")
        self.assertEqual(line.tax_ids, tax)
        line.tax_ids = [Command.clear()]
        line.quantity = 3
        self.assertFalse(line.tax_ids)
        self.assertEqual(line.price_total, 1050.0)

    @freeze_time("2026-01-05 15:00:00")
    def test_taxes_follow_the_place_of_delivery_as_those_of_an_invoice_do(self):
        here, there = self.env["account.tax"].create(
            [{"name": name, "amount": rate, "type_tax_use": "sale"} for name, rate in (("5 %", 5.0), ("2 %", 2.0))]
        )
        away = self.env["account.fiscal.position"].create({"name": "Away"})
        there.write({"fiscal_position_ids": [Command.set(away.ids)], "original_tax_ids": [Command.set(here.ids)]})
        self.product.taxes_id = here
        office = self.customer.copy({"name": "Office", "parent_id": False, "property_account_position_id": away.id})
        given = self.make_contract(partner_shipping_id=office.id)
        moved = self.make_contract()
        self.assertEqual((given.line_ids.tax_ids, moved.line_ids.tax_ids), (there, here))
        moved.partner_shipping_id = office
        self.assertEqual(moved.line_ids.tax_ids, there)
        # The customer's own delivery address, which an invoice takes when the contract names none.
        self.env["res.partner"].create(
            {
                "name": "Store",
                "type": "delivery",
                "parent_id": self.customer.id,
                "property_account_position_id": away.id,
            }
        )
        known = self.make_contract()
        self.assertEqual(known.line_ids.tax_ids, there)
        for contract in given | moved | known:
            move = self.env["cobranca.contract.billing"]._bill(contract)
            self.assertEqual(move.fiscal_position_id.map_tax(here), move.invoice_line_ids.tax_ids)

    def test_service_on_the_account_of_resold_goods_is_warned_of(self):
        contract = self.make_contract()
        self.assertNotIn("resold goods", contract.warnings or "")
        contract.line_ids.account_id = self.company.income_account_id
        contract.invalidate_recordset(["warnings"])
        self.assertIn("resold goods", contract.warnings)
        self.company.cobranca_service_account_id = self.company.income_account_id
        contract.invalidate_recordset(["warnings"])
        self.assertNotIn("resold goods", contract.warnings or "")

    def test_product_s_own_account_wins(self):
        own = self.env["account.account"].search(
            [("account_type", "=", "income_other"), ("company_ids", "in", self.company.ids)], limit=1
        )
        self.product.property_account_income_id = own
        self.assertEqual(self.make_contract().line_ids.account_id, own)

    def test_gaps_in_one_message(self):
        contract = self.make_contract(activate=False, line_ids=[], date_start="2030-01-01")
        with self.assertRaisesRegex(UserError, "no lines"):
            contract.action_activate()
        self.assertEqual(contract.state, "draft")
        contract.line_ids = [Command.create({"product_id": self.product.id, "price_unit": 0.0})]
        contract.partner_id.active = False
        with self.assertRaises(UserError) as refused:
            contract.action_activate()
        self.assertIn("archived", str(refused.exception))
        self.assertIn("zero", str(refused.exception))

    @freeze_time("2026-06-15 15:00:00")
    def test_old_start_needs_billed_until(self):
        contract = self.make_contract(activate=False)
        with self.assertRaisesRegex(UserError, "6 periods"):
            contract.action_activate()
        contract.billed_until = "2026-06-30"
        contract.action_activate()
        self.assertEqual(contract.next_due_date, date(2026, 7, 10))

    def test_due_days_follow_each_other_from_a_month_end(self):
        contract = self.make_contract(date_start="2026-01-31", due_day=30)
        dues = [contract._get_schedule().due_of_begin(index).isoformat() for index in range(4)]
        self.assertEqual(dues, ["2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"])

    def test_company_without_journal_says_what_to_do(self):
        company = self.env["res.company"].create({"name": "Bare"})
        with self.assertRaisesRegex(UserError, "chart of accounts"):
            self.make_contract(activate=False, company_id=company.id, line_ids=[])

    @freeze_time("2026-01-12 15:00:00")
    def test_contract_typed_in_a_little_late(self):
        contract = self.make_contract(activate=False)
        contract.action_activate()
        self.assertEqual(contract.next_due_date, date(2026, 1, 10))

    def test_due_day_31_is_the_last_day(self):
        contract = self.make_contract(date_start="2026-02-01", due_day=31)
        self.assertEqual(contract.next_due_date, date(2026, 2, 28))

    def test_no_next_invoice_after_the_end(self):
        contract = self.make_contract(date_end="2026-01-31", billed_until="2026-01-31")
        self.assertFalse(contract.next_issue_date)

    def test_database_refuses_nonsense(self):
        contract = self.make_contract()
        for values in (
            {"interval_count": 0},
            {"interval_count": 9000},
            {"date_start": "0101-01-01"},
            {"due_day": 32},
            {"issue_lead_days": -1},
            {"date_end": "2025-01-01"},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                contract.write(values)
                contract.flush_recordset()

    def test_terms_stand_once_billed(self):
        contract = self.make_contract()
        self.env["cobranca.contract.billing"]._bill(contract)
        with self.assertRaisesRegex(ValidationError, "can no longer be changed"):
            contract.date_start = "2026-01-02"

    def test_states(self):
        contract = self.make_contract()
        self.env["cobranca.contract.billing"]._bill(contract)
        for refused in (contract.action_draft, contract.action_cancel, contract.unlink):
            with self.assertRaises(UserError):
                refused()
        contract.action_close()
        self.assertEqual(contract.state, "closed")
        contract.action_activate()
        self.assertEqual(contract.state, "closed", "a closed contract does not come back by this way")
        other = self.make_contract(activate=False)
        other.action_cancel()
        other.action_draft()
        self.assertEqual(other.state, "draft")
        other.with_user(self.manager).unlink()

    def test_rights(self):
        contract = self.make_contract(activate=False, date_start="2100-01-01")
        self.assertEqual(contract.with_user(self.collector).amount_total, 350.0)
        with self.assertRaises(AccessError):
            contract.with_user(self.collector).action_activate()
        with self.assertRaises(AccessError):
            contract.with_user(self.supervisor).unlink()

    def test_other_company_s_contract_is_hidden(self):
        contract = self.make_contract()
        company = self.env["res.company"].create({"name": "Other", "country_id": self.env.ref("base.br").id})
        stranger = self.supervisor
        stranger.write({"company_id": company.id, "company_ids": [Command.set(company.ids)]})
        for model in ("cobranca.contract", "cobranca.contract.line", "cobranca.contract.period"):
            self.assertEqual(self.env[model].with_user(stranger).search_count([]), 0)
        with self.assertRaises(AccessError):
            contract.with_user(stranger).read(["name"])

    def test_copy_starts_afresh(self):
        contract = self.make_contract(billed_until="2026-03-31")
        copy = contract.copy()
        self.assertEqual((copy.state, copy.billed_until), ("draft", False))
        self.assertNotEqual(copy.name, contract.name)
        self.assertEqual(copy.line_ids.product_id, contract.line_ids.product_id)

    def test_import_template_is_shipped(self):
        [template] = self.env["cobranca.contract"].get_import_templates()
        path = template["template"].lstrip("/")
        with file_open(path) as file:
            self.assertIn("CPF ou CNPJ", file.readline())

    def test_next_dates_follow_the_terms(self):
        contract = self.make_contract()
        self.assertEqual(contract.next_issue_date, date(2025, 12, 31))
        contract.issue_lead_days = 5
        self.assertEqual(contract.next_issue_date, date(2026, 1, 5))
        contract.due_day = 25
        self.assertEqual(contract.next_due_date, date(2026, 1, 25))
        self.assertEqual(fields.Date.to_string(contract.next_issue_date), "2026-01-20")
