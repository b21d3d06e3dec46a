from datetime import date
from unittest.mock import patch

from lxml import html as lxml_html
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .paper_common import PaperCommon

CRON = "cobranca_negociacao.ir_cron_cobranca_quittance_year"


@tagged("post_install", "-at_install")
@freeze_time("2027-05-03 15:00:00")
class TestQuittanceYear(PaperCommon):
    """Yearly statements (Lei 12.007/2009)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).cobranca_statement_year = 0

    def issue(self, year=2026, partner=None, user=None):
        user = user or self.collector
        partner = (partner or self.customer).with_user(user)
        return self.Quittance.with_user(user)._issue_for_year(self.company, partner, year)

    def text(self):
        page = lxml_html.fromstring(self.html("quittance", self.papers[-1]))
        for style in page.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(page.text_content().split())

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    # === STATEMENT === #

    def test_all_twelve_months(self):
        moves = self.billed(range(1, 13))
        quittance = self.issue()
        self.assertEqual((quittance.kind, quittance.year, quittance.amount), ("year", "2026", 1200))
        self.assertEqual(quittance.line_ids, moves._cobranca_get_debt_lines())
        text = self.text()
        for part in (
            "DECLARAÇÃO DE QUITAÇÃO ANUAL DE DÉBITOS ano de 2026",
            "Lei nº 12.007, de 29 de julho de 2009",
            "Escola Aurora Ltda declara que Ana Lindoso, CPF 529.982.247-25",
            "com vencimento de janeiro a dezembro de 2026, conforme segue",
            "dezembro de 2026",
            "10/12/2026",
            "substitui, para a comprovação do cumprimento das obrigações do consumidor, as quitações dos faturamentos "
            "mensais dos débitos do ano a que se refere e dos anos anteriores (art. 4º).",
        ):
            self.assertIn(part, text)
        self.assertNotIn("art. 2º, § 2º", text)
        self.assertNotIn("Ressalva", text)

    def test_months_that_were_billed(self):
        self.billed((1, 2, 5))
        self.issue()
        self.assertIn(
            "de janeiro a fevereiro e maio de 2026, meses em que houve faturamento (art. 2º, § 2º)", self.text()
        )
        self.assertEqual([month["number"] for month in self.papers[-1]["months"]], [1, 2, 5])

    def test_by_due_date_and_company_and_customer(self):
        """The year is that of the due date (art. 2); what others owe matters nothing."""
        self.billed((1,))
        self.invoice(70, "2027-01-10", invoice_date="2026-12-20")
        self.invoice(70, "2026-03-10", partner=self.business)
        self.assertEqual(self.issue().amount, 100)

    def test_cancelled_invoices_were_not_billed(self):
        self.billed((1,))
        self.credit_note(self.invoice(70, "2026-02-10", invoice_date="2026-01-02"))
        quittance = self.issue()
        self.assertEqual((quittance.amount, len(quittance.line_ids)), (100, 1))

    def test_people_of_a_customer_count_for_him(self):
        child = self.env["res.partner"].create({"name": "Bia", "parent_id": self.customer.id})
        self.billed((1,))
        move = self.invoice(50, "2026-02-10", partner=child, invoice_date="2026-01-02")
        with self.assertRaisesRegex(UserError, "is open"):
            self.issue(partner=child)
        self.pay(move, 50)
        self.assertEqual(self.issue(partner=child).partner_id, self.customer)

    def test_earlier_debts_are_reserved(self):
        self.billed((1,))
        old = self.billed((6,), year=2025, paid=False)
        self.issue()
        text = self.text()
        self.assertIn("com as ressalvas abaixo", text)
        self.assertIn(f"{old.name}, com vencimento em 10/06/2025", text)

    def test_disputed_in_court(self):
        """They keep nobody from the statement of the other months (art. 2, § 3)."""
        self.billed((1, 2))
        move = self.billed((3,), paid=False)
        line = move._cobranca_get_debt_lines()
        with self.assertRaisesRegex(UserError, "is open"):
            self.issue()
        self.env["cobranca.hold"]._start(
            self.company, self.customer, "court", date(2026, 6, 1), None, lines=line, note="Lawsuit 1"
        )
        quittance = self.issue()
        self.assertNotIn(line, quittance.line_ids)
        text = self.text()
        self.assertIn("estão em discussão judicial", text)
        self.assertIn(f"{move.name}, com vencimento em 10/03/2026", text)
        self.assertIn("de janeiro a fevereiro de 2026", text)

    # === WHO HAS NO RIGHT TO IT === #

    def assert_refused(self, reason, year=2026):
        with self.assertRaisesRegex(UserError, reason):
            self.issue(year)
        self.assertFalse(self.Quittance.search([]))

    def test_something_open(self):
        self.billed((1, 2))
        self.billed((3,), paid=False)
        self.assert_refused("due on 03/10/2026, is open")

    def test_written_off(self):
        self.billed((1,))
        move = self.billed((3,), paid=False)
        self.env["cobranca.loss"].with_user(self.supervisor)._write_off(
            move._cobranca_get_debt_lines(), date(2027, 5, 3)
        )
        self.assert_refused("written off")

    def test_in_an_agreement(self):
        """Settled by an agreement only when that is paid: also when there were agreements."""
        moves = self.billed((1, 2))
        taken = moves[:1]._cobranca_get_debt_lines()
        with patch.object(type(self.Quittance), "_get_still_owed", lambda _model, lines: lines & taken):
            self.assert_refused("in an agreement that is not paid yet")
        self.assertTrue(self.issue())

    def test_year_is_over(self):
        self.billed((1,), year=2027)
        self.assert_refused("when the year is over", 2027)
        self.assert_refused("Nothing was billed", 2024)

    def test_who_may(self):
        self.billed((1,))
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self.issue(user=user)

    def test_same_statement_again(self):
        self.billed((1,))
        first = self.issue()
        self.assertEqual(self.issue(user=self.supervisor), first)
        first.with_user(self.supervisor)._revoke("Error")
        self.assertNotEqual(self.issue(), first)

    def test_dialog(self):
        self.billed((1,))
        action = self.customer.with_user(self.collector).action_cobranca_statement()
        wizard = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
        self.assertEqual((wizard.year, wizard.obstacles), (2026, ""))
        wizard.year = 2027
        self.assertIn("when the year is over", wizard.obstacles)
        wizard.year = 2026
        shown = wizard.save().action_issue()
        self.assertEqual(self.Quittance.browse(shown["res_id"]).year, "2026")

    # === SCHEDULED === #

    def test_off_until_it_is_wanted(self):
        self.billed((1,))
        self.run_cron()
        self.assertFalse(self.Quittance.search([]))
        self.company.cobranca_statement_year = 2026
        self.run_cron()
        quittance = self.Quittance.search([])
        self.assertEqual(
            (quittance.partner_id, quittance.year, quittance.sent_to), (self.customer, "2026", "a***@example.com")
        )
        mail = self.env["mail.mail"].search([("model", "=", "cobranca.quittance"), ("res_id", "=", quittance.id)])
        self.assertEqual(mail.subject, "Escola Aurora Ltda: your yearly statement")
        self.assertIn("Lei 12.007/2009", mail.body_html)

    def test_once(self):
        self.company.cobranca_statement_year = 2026
        self.billed((1,))
        self.run_cron()
        self.run_cron()
        self.assertEqual(len(self.Quittance.search([])), 1)
        self.assertEqual(self.env["mail.mail"].search_count([("model", "=", "cobranca.quittance")]), 1)

    def test_from_april_on_and_no_year_before_the_first(self):
        self.company.cobranca_statement_year = 2026
        self.billed((1,))
        self.billed((1,), year=2025)
        with freeze_time("2027-03-31 15:00:00"):
            self.run_cron()
        self.assertFalse(self.Quittance.search([]))
        with freeze_time("2027-04-01 15:00:00"):
            self.run_cron()
        self.assertEqual(self.Quittance.search([]).mapped("year"), ["2026"])

    def test_who_settles_later_gets_it_then(self):
        """In the month after all was settled (art. 3), also of years before the last."""
        self.company.cobranca_statement_year = 2025
        self.billed((1,), year=2025)
        late = self.billed((2,), year=2025, paid=False)
        self.run_cron()
        self.assertFalse(self.Quittance.search([]))
        self.pay(late, 100, "2027-05-02")
        self.run_cron()
        self.assertEqual(self.Quittance.search([]).mapped("year"), ["2025"])

    def test_neither_losses_nor_open_charges(self):
        self.company.cobranca_statement_year = 2026
        lost = self.billed((1,), paid=False)
        self.env["cobranca.loss"].with_user(self.supervisor)._write_off(
            lost._cobranca_get_debt_lines(), date(2027, 5, 3)
        )
        charged = self.billed((1,), partner=self.business)
        self.env["cobranca.charge"].sudo().create(
            {
                "line_id": charged._cobranca_get_debt_lines().id,
                "kind": "interest",
                "amount": 3.5,
                "date": "2026-01-10",
                "state": "open",
            }
        )
        self.assertEqual(self.Quittance._find_entitled(self.company, 2026), [])
        self.run_cron()
        self.assertFalse(self.Quittance.search([]))

    def test_without_an_address_it_waits_to_be_handed_over(self):
        self.company.cobranca_statement_year = 2026
        self.customer.email = False
        self.billed((1,))
        self.run_cron()
        quittance = self.Quittance.search([])
        self.assertEqual((len(quittance), quittance.sent_at), (1, False))

    def test_company_that_cannot_send(self):
        self.company.cobranca_statement_year = 2026
        self.billed((1,))
        self.company.street = False
        self.run_cron()
        self.assertFalse(self.Quittance.search([]))

    def test_one_failure_stops_nobody(self):
        self.company.cobranca_statement_year = 2026
        self.billed((1,))
        self.billed((1,), partner=self.business)
        make = type(self.Quittance)._issue_for_year

        def fail(register, company, partner, year):
            if partner == self.customer:
                raise ValueError("no paper")
            return make(register, company, partner, year)

        logger = "odoo.addons.cobranca_negociacao.models.cobranca_quittance_year"
        with patch.object(type(self.Quittance), "_issue_for_year", fail), mute_logger(logger):
            self.run_cron()
        self.assertEqual(self.Quittance.search([]).partner_id, self.business)
        self.run_cron()
        self.assertEqual(self.Quittance.search([]).partner_id, self.business | self.customer)

    def test_settings(self):
        settings = self.env["cobranca.settings"].with_user(self.manager)
        wizard = Form(settings)
        wizard.cobranca_statement_year = 2026
        wizard.cobranca_signer_name = "Nara Reis"
        wizard.save().action_save()
        self.assertEqual((self.company.cobranca_statement_year, self.company.cobranca_signer_name), (2026, "Nara Reis"))
        wizard.cobranca_statement_year = 26
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            wizard.save().action_save()
            self.env.flush_all()
