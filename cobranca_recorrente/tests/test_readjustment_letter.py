from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.misc import format_date

from .readjustment_common import ReadjustmentCommon


@tagged("post_install", "-at_install")
class TestReadjustmentLetter(ReadjustmentCommon):
    def make_approved(self, **values):
        proposal = self.propose(self.make_old_contract(**values))
        proposal.action_approve()
        return proposal

    def render(self, proposal):
        report = self.env["ir.actions.report"]
        with patch.object(type(report), "_run_wkhtmltopdf", side_effect=AssertionError):
            html, _kind = report._render_qweb_html("cobranca_recorrente.report_readjustment", proposal.ids)
        return html.decode()

    def compose(self, proposal):
        action = proposal.with_user(self.supervisor).action_send_letter()
        Composer = self.env["mail.compose.message"].with_user(self.supervisor)
        return Composer.with_context(**action["context"]).create({})

    def test_shows_prices_and_computation(self):
        self.company.vat = "11222333000181"
        proposal = self.make_approved(readjust_cap=10.0)
        text = self.render(proposal)
        for expected in ("350.00", "385.00", "01/2025", "12/2025", proposal.contract_id.name, "11.222.333/0001-81"):
            self.assertIn(expected, text)
        self.assertIn(format_date(self.env, proposal.decided_on, lang_code="en_US"), text, "the letter has its day")
        self.assertNotIn("Customer:", text, "it is addressed to him")

    def test_is_written_to_the_customer(self):
        composer = self.compose(self.make_approved())
        self.assertEqual(composer.partner_ids, self.customer)
        self.assertIn("Hello Ana Lindoso", composer.body)
        self.assertIn("TST", composer.body)
        self.assertNotIn("Customer:", composer.body)

    def test_financial_responsible_receives_it_in_place_of_the_customer(self):
        """As he receives the invoices: who is billed more from a day on must know of it before."""
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "email": "bia@example.com", "lang": "en_US"})
        proposal = self.make_approved(responsible_id=mother.id)
        composer = self.compose(proposal)
        self.assertEqual(composer.partner_ids, mother)
        self.assertIn("Hello Bia Lindoso", composer.body)
        self.assertIn("Customer: Ana Lindoso", " ".join(composer.body.split()))
        text = " ".join(self.render(proposal).split())
        self.assertIn("Bia Lindoso", text)
        self.assertIn("Customer: <span>Ana Lindoso</span>", text)

    def test_is_in_the_language_of_who_receives_it(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        mother = self.env["res.partner"].create({"name": "Bia", "email": "bia@example.com", "lang": "pt_BR"})
        proposal = self.make_approved(responsible_id=mother.id, readjust_cap=10.0)
        self.assertIn("385,00", self.render(proposal))
        self.assertIn("385.00", self.render(self.make_approved(readjust_cap=10.0, date_start="2024-02-01")))

    def test_factor_is_a_number_for_the_screen(self):
        """As a text it had a decimal point also where numbers have a comma."""
        proposal = self.propose(self.make_old_contract())
        self.assertAlmostEqual(proposal.factor, 1.0159**12, places=9)
        self.assertEqual(proposal.fields_get(["factor"])["factor"]["type"], "float")
        self.assertEqual(proposal.fields_get(["factor"])["factor"]["digits"], (14, 10))
