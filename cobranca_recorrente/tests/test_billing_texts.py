from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .billing_common import BillingCommon

TEXT = "Mensalidade de {mes}/{ano}, {inicio} a {fim}, vence {vencimento}: {beneficiario}, {contrato}"


@tagged("post_install", "-at_install")
class TestBillingTexts(BillingCommon):
    def text_in(self, lang, text=TEXT, **values):
        self.customer.lang = lang
        self.pupil = self.env["res.partner"].create({"name": "Bia"})
        contract = self.contract(self.line(text, **values), beneficiary_id=self.pupil.id, billed_until="2026-02-28")
        return self.names(self.bill(contract))[0].replace(contract.name, "CT")

    def test_in_portuguese(self):
        self.assertEqual(
            self.text_in("pt_BR"), "Mensalidade de março/2026, 01/03/2026 a 31/03/2026, vence 10/03/2026: Bia, CT"
        )

    def test_in_english(self):
        self.assertEqual(
            self.text_in("en_US"), "Mensalidade de March/2026, 03/01/2026 a 03/31/2026, vence 03/10/2026: Bia, CT"
        )

    def test_customer_without_language_reads_the_company_s(self):
        self.company.partner_id.lang = "pt_BR"
        self.assertIn("março", self.text_in(False))

    def test_arrears_tell_the_period_that_was_served(self):
        self.assertIn("March", self.text_in("en_US", billing_timing="arrears"))

    def test_one_off_tells_its_own_day(self):
        """Issued in December for the first days of January: the enrolment is of the new year."""
        contract = self.contract(
            self.line("Fee"), self.line("Enrolment {ano}", recurrence="once", date_start="2026-01-02")
        )
        move = self.bill(contract)
        self.assertEqual((move.invoice_date, self.names(move)[1]), (date(2025, 12, 31), "Enrolment 2026"))

    def test_section_tells_the_invoice_s_first_period(self):
        contract = self.contract()
        contract.line_ids = [Command.create({"display_type": "line_section", "name": "{mes} {ano}", "sequence": 1})]
        self.assertEqual(self.names(self.bill(contract))[0], "January 2026")

    def test_days_of_a_period_cut_short(self):
        contract = self.contract(self.line("{mes}"), start="2026-01-15")
        self.assertEqual(self.names(self.bill(contract)), ["January\n17 of 31 days"])

    def test_unknown_word_is_refused_with_what_is_known(self):
        with self.assertRaisesRegex(ValidationError, "{quinzena}.*{inicio}"):
            self.contract(self.line("{quinzena}"))
