from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import CPF, CobrancaCommon


@tagged("post_install", "-at_install")
class TestResPartner(CobrancaCommon):
    def create_with(self, document, kind):
        return self.env["res.partner"].create(
            {
                "name": "Somebody",
                "vat": document,
                "country_id": self.env.ref("base.br").id,
                "l10n_latam_identification_type_id": self.env.ref(f"l10n_br.{kind}").id,
            }
        )

    def test_wrong_cpf_is_refused(self):
        for document in ("529.982.247-24", "111.111.111-11", "hello", "12.345.678/0001-95"):
            with self.subTest(document=document), self.assertRaisesRegex(ValidationError, "CPF"):
                self.create_with(document, "cpf")

    def test_right_cpf_is_written_with_its_points(self):
        self.assertEqual(self.create_with("11144477735", "cpf").vat, "111.444.777-35")

    def test_cnpj_with_letters_is_accepted(self):
        self.assertTrue(self.create_with("12.ABC.345/01DE-35", "cnpj"))

    def test_wrong_cnpj_is_refused(self):
        for document in ("12.ABC.345/01DE-36", "00.000.000/0000-00"):
            with self.subTest(document=document), self.assertRaises(ValidationError):
                self.create_with(document, "cnpj")

    def test_find_by_document_however_it_is_written(self):
        Partner = self.env["res.partner"]
        for written in (CPF, "52998224725", " 529.982.247-25 "):
            self.assertEqual(Partner._cobranca_find_or_create(written, {}), self.customer)

    def test_find_cnpj_however_it_is_written(self):
        company = self.make_customer("Padaria Ipê Ltda.", "12.345.678/0001-95")
        self.assertTrue(company.is_company)
        for written in ("12345678000195", "12.345.678/0001-95"):
            self.assertEqual(self.env["res.partner"]._cobranca_find_or_create(written, {}), company)

    def test_new_customer_needs_a_name(self):
        with self.assertRaisesRegex(ValidationError, "name"):
            self.env["res.partner"]._cobranca_find_or_create("111.444.777-35", {})

    def test_contract_count(self):
        contract = self.make_contract()
        customer = self.customer.with_user(self.collector)
        self.assertEqual(customer.cobranca_contract_count, 1)
        action = customer.action_view_cobranca_contracts()
        self.assertEqual(self.env["cobranca.contract"].search(action["domain"]), contract)

    def test_one_invoice_for_all_is_chosen_on_the_customers_form(self):
        self.supervisor.group_ids += self.env.ref("base.group_partner_manager")
        with Form(self.customer.with_user(self.supervisor)) as form:
            form.cobranca_group_invoices = True
        self.assertTrue(self.customer.cobranca_group_invoices)
        child = self.env["res.partner"].create({"name": "Contact", "parent_id": self.customer.id})
        self.assertTrue(Form(child)._get_modifier("cobranca_group_invoices", "invisible"))
