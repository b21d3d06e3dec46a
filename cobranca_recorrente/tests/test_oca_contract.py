import doctest
import json

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..tools import oca_contract
from .common import OTHER_CPF, CobrancaCommon

# The columns that matter of contract_contract and contract_line (19.0), without their constraints.
TABLES = """
    CREATE TABLE contract_contract (
        id serial PRIMARY KEY, name varchar, code varchar, active boolean DEFAULT true, company_id int, partner_id int,
        invoice_partner_id int, user_id int, journal_id int, pricelist_id int, payment_term_id int,
        fiscal_position_id int, manual_currency_id int, note text, contract_type varchar DEFAULT 'sale',
        generation_type varchar DEFAULT 'invoice', line_recurrence boolean DEFAULT false,
        is_terminated boolean, date_start date, date_end date, recurring_rule_type varchar DEFAULT 'monthly',
        recurring_interval int DEFAULT 1, recurring_invoicing_type varchar DEFAULT 'pre-paid',
        recurring_next_date date, last_date_invoiced date
    );
    CREATE TABLE contract_line (
        id serial PRIMARY KEY, contract_id int, sequence int DEFAULT 10, display_type varchar, product_id int,
        name text, quantity float8 DEFAULT 1, uom_id int, automatic_price boolean DEFAULT false,
        specific_price float8, discount numeric, is_canceled boolean DEFAULT false, analytic_distribution jsonb,
        date_start date, date_end date, recurring_rule_type varchar DEFAULT 'monthly',
        recurring_interval int DEFAULT 1, recurring_invoicing_type varchar DEFAULT 'pre-paid',
        recurring_next_date date, last_date_invoiced date
    );
"""


@tagged("post_install", "-at_install")
class TestOcaMapping(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(oca_contract)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 15:00:00")
class TestOcaContract(CobrancaCommon):
    """Tables like those of the addon, made for the test; the addon itself is tried in the benchmark."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["cobranca.oca.contract"]._is_present():
            cls.env.cr.execute(TABLES)

    def insert(self, table, **values):
        values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
        names = SQL(", ").join(SQL.identifier(name) for name in values)
        query = SQL("INSERT INTO %s (%s) VALUES %s RETURNING id", SQL.identifier(table), names, tuple(values.values()))
        return self.env.execute_query(query)[0][0]

    def old_contract(self, *lines, **values):
        """A contract of the other addon; 1 March 2026 is its next period."""
        facts = {"date_start": "2025-06-01", "recurring_next_date": "2026-04-01", **values}
        owner = {"company_id": self.company.id, "partner_id": self.customer.id}
        contract = self.insert("contract_contract", name="Old one", **{**owner, **facts})
        for line in lines or [{}]:
            dates = {"date_start": "2025-06-01", "recurring_next_date": "2026-04-01"}
            sold = {"product_id": self.product.id, "name": "Fee", "specific_price": 120.0}
            self.insert("contract_line", contract_id=contract, **{**sold, **dates, **line})
        return contract

    def model(self, user=None):
        return self.env["cobranca.oca.contract"].with_user(user or self.manager)

    def adopt(self):
        outcome = self.model()._adopt(self.company)
        return self.env["cobranca.contract"].concat(*outcome.values())

    def archive_there(self):
        self.env.cr.execute("UPDATE contract_contract SET active = false")

    def reason(self):
        [plan] = self.model()._get_plans(self.company)
        self.assertFalse(self.model()._adopt(self.company))
        return plan.reason

    def test_monthly_in_advance_goes_on_where_it_stopped(self):
        self.old_contract({"discount": 10, "quantity": 2}, code="C-7")
        contract = self.adopt()
        self.assertEqual((contract.state, contract.reference, contract.partner_id), ("draft", "C-7", self.customer))
        self.assertEqual((str(contract.date_start), str(contract.billed_until)), ("2025-06-01", "2026-03-31"))
        line = contract.line_ids
        self.assertEqual((line.quantity, line.price_unit, line.discount), (2.0, 120.0, 10.0))
        self.archive_there()
        contract.action_activate()
        [charge] = contract._get_preview(1)
        self.assertEqual(
            (str(charge["first"]), str(charge["due"]), charge["total"]), ("2026-04-01", "2026-04-01", 216.0)
        )

    def test_in_arrears(self):
        self.old_contract(
            {"last_date_invoiced": "2026-02-28", "recurring_invoicing_type": "post-paid"},
            recurring_next_date="2026-04-01",
        )
        contract = self.adopt()
        self.assertEqual(contract.line_ids.billing_timing, "arrears")
        self.archive_there()
        contract.action_activate()
        [charge] = contract._get_preview(1)
        dates = tuple(str(charge[name]) for name in ("first", "last", "issue", "due"))
        self.assertEqual(dates, ("2026-03-01", "2026-03-31", "2026-04-01", "2026-04-01"))

    def test_its_drift_at_the_end_of_a_month_is_followed(self):
        line = {"date_start": "2026-01-31", "last_date_invoiced": "2026-03-27"}
        self.old_contract(line, date_start="2026-01-31", recurring_next_date="2026-03-28")
        contract = self.adopt()
        self.archive_there()
        contract.action_activate()
        [charge] = contract._get_preview(1)
        self.assertEqual((str(charge["first"]), str(charge["due"])), ("2026-03-28", "2026-03-28"))

    def test_both_never_bill(self):
        """The addon goes on by itself until its contract is archived there."""
        self.old_contract()
        contract = self.adopt()
        with self.assertRaisesRegex(UserError, "still active and would go on billing"):
            contract.with_user(self.supervisor).action_activate()
        self.assertEqual(contract.state, "draft")
        self.archive_there()
        contract.with_user(self.supervisor).action_activate()

    def test_what_it_billed_since_is_not_billed_again(self):
        self.old_contract({}, {"name": "Later", "date_start": "2026-05-01", "recurring_next_date": "2026-05-01"})
        contract = self.adopt()
        self.env.cr.execute("UPDATE contract_line SET recurring_next_date = '2026-05-01'")
        self.archive_there()
        with self.assertRaisesRegex(UserError, "was billed there until 04/30/2026"):
            contract.action_activate()
        contract.billed_until = "2026-04-30"
        contract.action_activate()
        self.assertEqual(str(contract._get_preview(1)[0]["first"]), "2026-05-01")

    def test_what_it_billed_to_its_end_since(self):
        self.old_contract({"date_end": "2026-04-30"}, date_end="2026-04-30")
        contract = self.adopt()
        self.env.cr.execute("UPDATE contract_line SET last_date_invoiced = '2026-04-30', recurring_next_date = NULL")
        self.archive_there()
        with self.assertRaisesRegex(UserError, "was billed there until 04/30/2026"):
            contract.action_activate()

    def test_address_of_the_invoices_receives_them(self):
        payer = self.env["res.partner"].create({"name": "Office", "parent_id": self.customer.id, "type": "invoice"})
        self.old_contract(invoice_partner_id=payer.id)
        [plan] = self.model()._get_plans(self.company)
        self.assertIn("is now the financial responsible", " ".join(plan.notes))
        self.assertEqual(self.adopt().responsible_id, payer)

    def test_renewal_by_its_lines(self):
        self.env.cr.execute(
            "ALTER TABLE contract_line ADD is_auto_renew boolean, ADD auto_renew_interval int, "
            "ADD auto_renew_rule_type varchar"
        )
        line = {"is_auto_renew": True, "auto_renew_interval": 2, "auto_renew_rule_type": "yearly"}
        self.old_contract({**line, "date_end": "2026-05-31"}, date_end="2026-05-31")
        contract = self.adopt()
        self.assertEqual((contract.renewal, contract.renewal_months), ("auto", 24))

    def test_payment_term_journal_and_end(self):
        term = self.env["account.payment.term"].create({"name": "Ten"})
        journal = self.company.cobranca_contract_journal_id
        self.old_contract(payment_term_id=term.id, journal_id=journal.id, date_end="2026-12-31")
        contract = self.adopt()
        self.assertEqual((contract.due_mode, contract.payment_term_id), ("term", term))
        self.assertEqual((contract.journal_id, str(contract.date_end)), (journal, "2026-12-31"))
        self.assertEqual(contract.renewal, "none")

    def test_lines_of_their_own_periodicity(self):
        yearly = {
            "name": "Support of #START# {x}",
            "recurring_rule_type": "yearly",
            "recurring_next_date": "2026-06-01",
            "specific_price": 900.0,
        }
        later = {"date_start": "2026-05-01", "recurring_next_date": "2026-05-01", "name": "Later"}
        self.old_contract({}, yearly, later, line_recurrence=True)
        contracts = self.adopt()
        self.assertEqual(contracts.mapped("interval_unit"), ["month", "year"])
        self.assertEqual(contracts[0].line_ids.mapped("name"), ["Fee", "Later"])
        self.assertEqual(str(contracts[0].line_ids[1].date_start), "2026-05-01")
        self.assertEqual(contracts[1].line_ids.name, "Support of {inicio} (x)")
        self.assertEqual(str(contracts[1].billed_until), "2026-05-31")
        self.assertEqual(contracts.mapped("origin_key")[1], contracts[0].origin_key + "/2")

    def test_twice_is_once(self):
        self.old_contract()
        made = self.adopt()
        self.assertFalse(self.model()._adopt(self.company))
        [plan] = self.model()._get_plans(self.company)
        self.assertEqual((plan.contract, plan.reason), (made, ""))

    def test_same_origin_twice_is_refused_by_the_database(self):
        self.old_contract()
        made = self.adopt()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "uniq_origin_key"),
            self.env.cr.savepoint(),
        ):
            made.copy({"origin_key": made.origin_key}).flush_recordset()

    def test_what_cannot_be_adopted_says_why(self):
        cases = {
            "vendor": {"contract_type": "purchase"},
            "archived or terminated": {"active": False},
            "other documents": {"generation_type": "sale"},
            "customer is missing": {"partner_id": None},
            "ended and was billed": {"date_end": "2026-03-31"},
        }
        for text, values in cases.items():
            self.env.cr.execute("DELETE FROM contract_contract")
            self.old_contract(**values)
            self.assertIn(text, self.reason())
        self.env.cr.execute("DELETE FROM contract_contract")
        self.old_contract({"product_id": None})
        self.assertIn("no product", self.reason())
        self.env.cr.execute("DELETE FROM contract_contract")
        self.old_contract({"quantity": 0})
        self.assertIn("quantity zero", self.reason())
        self.env.cr.execute("DELETE FROM contract_contract")
        self.old_contract({"recurring_rule_type": "hourly"})
        self.assertIn("periodicity is not known", self.reason())

    def test_what_is_different_is_told(self):
        other = self.make_customer("Rui", OTHER_CPF)
        unit = self.env.ref("uom.product_uom_dozen")
        self.old_contract({"automatic_price": True, "uom_id": unit.id}, pricelist_id=1, invoice_partner_id=other.id)
        [plan] = self.model()._get_plans(self.company)
        notes = " ".join(plan.notes)
        for text in (
            "pricelist is not taken over",
            "are those of the product",
            "made out to somebody else",
            "another unit",
        ):
            self.assertIn(text, notes)
        contract = self.adopt()
        self.assertEqual(contract.line_ids.price_unit, 350.0)
        self.assertIn("pricelist is not taken over", contract.message_ids[0].body)

    def test_one_that_fails_does_not_stop_the_others(self):
        self.old_contract({"quantity": -1})
        self.old_contract()
        with mute_logger("odoo.sql_db"):
            outcome = list(self.model()._adopt(self.company).values())
        self.assertIn("quantity", outcome[0])
        self.assertEqual(outcome[1].state, "draft")

    def test_wizard_reports_first_and_makes_then(self):
        self.old_contract()
        self.old_contract(contract_type="purchase")
        wizard = self.env["cobranca.oca.contract.adopt"].with_user(self.manager).create({})
        self.assertEqual(wizard.line_ids.mapped("verdict"), ["new", "impossible"])
        self.assertFalse(self.env["cobranca.contract"].search([("origin_key", "!=", False)]))
        wizard.action_adopt()
        self.assertEqual(wizard.line_ids.mapped("verdict"), ["done", "impossible"])
        self.assertEqual(wizard.action_view_contracts()["domain"], [("id", "in", wizard.line_ids.contract_id.ids)])
        self.assertEqual(wizard.line_ids.contract_id.state, "draft")

    def test_other_companies_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.old_contract(company_id=other.id)
        self.assertEqual(self.model()._get_plans(self.company), [])

    def test_only_managers(self):
        with self.assertRaises(AccessError):
            self.model(self.supervisor)._get_plans(self.company)
        with self.assertRaises(AccessError):
            self.env["cobranca.oca.contract.adopt"].with_user(self.supervisor).create({})

    def test_menu_only_where_the_addon_is(self):
        menu = self.env.ref("cobranca_recorrente.cobranca_oca_contract_menu")
        Menu = self.env["ir.ui.menu"].with_user(self.manager)
        self.assertNotIn(menu.id, Menu._load_menus_blacklist())
        self.env.cr.execute("DROP TABLE contract_line")
        self.assertIn(menu.id, Menu._load_menus_blacklist())
        with self.assertRaisesRegex(UserError, "not installed"):
            self.model()._get_plans(self.company)
