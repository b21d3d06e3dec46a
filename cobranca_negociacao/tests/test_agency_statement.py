import io
from datetime import date
from unittest.mock import patch

import openpyxl
import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tests.common import lost_races

from .agency_common import TODAY, AgencyCommon

UNTIL, MADE = date(2026, 11, 30), "2026-12-01"


@tagged("post_install", "-at_install")
class TestAgencyStatement(AgencyCommon):
    """A month of an agency: made once, agreed by both, billed; what is contested is explained, never changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Statement = cls.env["cobranca.agency.statement"]
        cls.placement = cls.place()
        cls.pay(cls, cls.lines[0], 1000.0, TODAY)
        cls.env.flush_all()

    def make(self, day=MADE, until=UNTIL):
        with self.on(day):
            return self.Statement._prepare_month(self.company, until)

    def send(self):
        statement = self.make()
        statement.with_user(self.supervisor)._send()
        return statement

    def agree(self, statement):
        statement.with_user(self.admin)._answer()
        statement.with_user(self.manager)._agree()

    def test_made_once(self):
        statement = self.make()
        self.assertEqual((statement.agency_id, statement.state), (self.agency, "draft"))
        self.assertEqual((statement.amount_received, statement.amount_commission), (1000.0, 150.0))
        self.assertEqual(statement.amount_transfer, 0.0)
        self.assertEqual(self.make(), statement)
        # A draft takes what is booked later; one that was sent does not.
        self.pay(self.lines[1], 100.0, "2026-11-27")
        statement.with_user(self.supervisor).action_refresh()
        self.assertEqual((statement.amount_received, statement.receipt_count), (1100.0, 2))
        statement.with_user(self.supervisor)._send()
        self.pay(self.lines[1], 200.0, "2026-11-28")
        self.assertEqual(self.make().amount_received, 1100.0)
        values = {**statement.copy_data()[0], "name": "PC-2", "agency_id": self.agency.id}
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.Statement.create({**values, "company_id": self.company.id})
        january = self.make("2027-01-01", date(2026, 12, 31))
        self.assertEqual((january.amount_received, january.amount_commission), (200.0, 30.0))

    def test_cron_makes_the_last_month(self):
        with self.on("2026-12-01"), self.enter_registry_test_mode():
            self.env.ref("cobranca_negociacao.ir_cron_cobranca_agency_statement_prepare").method_direct_trigger()
            # Somebody works at a statement at the first moment.
            with lost_races(type(self.env["cobranca.agency.receipt"]), "_collect") as calls:
                self.env.ref("cobranca_negociacao.ir_cron_cobranca_agency_receipt_collect").method_direct_trigger()
        self.assertEqual([company for _ledger, company in calls], [self.company] * 2)
        statement = self.Statement.search([("agency_id", "=", self.agency.id)])
        self.assertEqual((str(statement.month), statement.amount_received), ("2026-11-01", 1000.0))
        self.assertTrue(self.agency.collected_at)

    def test_who_does_what(self):
        statement = self.make()
        for user, method, message in (
            (self.collector, "_send", "supervisor"),
            (self.supervisor, "_agree", "manager"),
            (self.supervisor, "_bill", "manager"),
        ):
            with self.assertRaisesRegex(AccessError, message):
                getattr(statement.with_user(user), method)()
        with self.assertRaises(AccessError):
            statement.with_user(self.admin).read(["name"])
        with self.assertRaises(AccessError):
            statement.with_user(self.supervisor).write({"amount_commission": 1.0})
        # A draft is nobody's of the agency yet.
        self.assertFalse(self.Statement.with_user(self.admin)._search_own())
        statement.with_user(self.supervisor)._send()
        self.assertEqual(self.Statement.with_user(self.worker)._search_own(), statement)
        self.assertFalse(self.Statement.with_user(self.outsider)._search_own())
        for user in (self.worker, self.outsider, self.manager):
            with self.assertRaisesRegex(AccessError, "administrator"):
                statement.with_user(user)._answer()
        with self.assertRaisesRegex(UserError, "has not answered"):
            statement.with_user(self.manager)._agree()
        self.agency.is_suspended = True
        with self.assertRaises(AccessError):
            statement.with_user(self.admin)._answer()

    def test_agreed_and_billed(self):
        statement = self.send()
        mail = self.env["mail.mail"].search([("model", "=", statement._name), ("res_id", "=", statement.id)])
        self.assertEqual(mail.recipient_ids, self.agency.partner_id)
        self.assertIn(f"/my/distribuicoes/prestacoes/{statement.id}", mail.body_html)
        self.agree(statement)
        self.assertEqual((statement.state, statement.agency_agreed_by_id), ("agreed", self.admin))
        self.assertEqual(statement.agreed_by_id, self.manager)
        bill = statement.with_user(self.manager)._bill().sudo()
        self.assertEqual((bill.move_type, bill.state, bill.amount_total), ("in_invoice", "draft", 150.0))
        self.assertEqual(bill.partner_id, self.agency.partner_id)
        account = self.company.cobranca_agency_commission_account_id
        self.assertEqual((bill.invoice_line_ids.account_id, account.code), (account, "3.01.01.07.01.04.01"))
        self.assertFalse(bill.invoice_line_ids.tax_ids)
        self.assertEqual(bill.l10n_latam_document_type_id.code, "SE", "a service, no goods")
        self.assertEqual((statement.state, statement.bill_id), ("billed", bill))
        for method in ("_bill", "_agree"):
            with self.assertRaisesRegex(UserError, "changed meanwhile"):
                getattr(statement.with_user(self.manager), method)()

    def test_more_went_back_than_came(self):
        """The commission that was paid comes back by a refund."""
        self.send()
        entry = self.placement.line_ids.line_id.matched_credit_ids.credit_move_id
        with self.on("2026-12-10"):
            entry.remove_move_reconcile()
        statement = self.make("2027-01-01", date(2026, 12, 31)) - self.make()
        self.assertFalse(statement, "what was seen in January is of January")
        statement = self.make("2027-02-01", date(2027, 1, 31))
        self.assertEqual((statement.amount_received, statement.amount_commission), (-1000.0, -150.0))
        statement.with_user(self.supervisor)._send()
        self.agree(statement)
        bill = statement.with_user(self.manager)._bill().sudo()
        self.assertEqual((bill.move_type, bill.amount_total), ("in_refund", 150.0))

    def test_no_account(self):
        statement = self.send()
        self.agree(statement)
        self.company.cobranca_agency_commission_account_id = False
        with (
            patch.object(type(self.company), "_cobranca_complete_accounts", lambda company: None),
            self.assertRaisesRegex(UserError, "agencies' commissions"),
        ):
            statement.with_user(self.manager)._bill()

    def test_contested(self):
        statement = self.send()
        with self.assertRaisesRegex(UserError, "what is wrong"):
            statement.with_user(self.admin)._answer("  ")
        statement.with_user(self.admin)._answer("The payment of <b>20/11</b> is missing")
        self.assertEqual(statement.state, "disputed")
        self.assertIn("&lt;b&gt;", statement.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            statement.with_user(self.admin)._answer()
        statement.with_user(self.supervisor)._send()
        self.assertFalse(statement.agency_agreed_at)
        self.agree(statement)
        self.assertEqual(statement.state, "agreed")

    def test_workbook(self):
        """Texts stay texts, documents are masked, and each customer who leaves with it is written down."""
        self.placement.customer_name = "=HYPERLINK(1)"
        statement = self.send()
        book = openpyxl.load_workbook(io.BytesIO(statement.with_user(self.collector)._get_workbook()))
        rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
        self.assertEqual(rows[1][1:3], ["=HYPERLINK(1)", self.placement.document])
        self.assertEqual(book.active["B2"].data_type, "s")
        self.assertEqual((rows[1][0].date(), rows[1][5:]), (TODAY, [1000, 15, 150]))
        self.assertNotIn("11.222.333/0001-81", str(rows))
        log = self.env["cobranca.access.log"].search([("action", "=", "agency_export")])
        self.assertEqual((log.partner_id, log.user_id), (self.bakery, self.collector))

    def test_paper(self):
        statement = self.send()
        [text] = self.env["ir.actions.report"]._render_qweb_html(
            "cobranca_negociacao.action_report_agency_statement", statement.ids
        )[:1]
        text = text.decode()
        for expected in (statement.name, self.placement.customer_name, self.placement.document, "150.00"):
            self.assertIn(expected, text)
        self.assertNotIn("11222333000181", text)

    def test_other_company(self):
        statement = self.send()
        branch = self.env["res.company"].create({"name": "Other Ltda."})
        self.supervisor.write({"company_ids": [(4, branch.id)]})
        elsewhere = self.Statement.with_user(self.supervisor).with_context(allowed_company_ids=branch.ids)
        self.assertFalse(elsewhere.search([("id", "=", statement.id)]))
        self.assertFalse(elsewhere.env["cobranca.agency.receipt"].search([]))
        self.assertFalse(elsewhere.env["cobranca.agency.performance"].search([]))
