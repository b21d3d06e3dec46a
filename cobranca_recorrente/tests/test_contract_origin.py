from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CPF, OTHER_CPF, CobrancaCommon


@tagged("post_install", "-at_install")
class TestContractOrigin(CobrancaCommon):
    """The beneficiary by CPF or name, as an import gives him."""

    def beneficiary(self, **columns):
        contract = self.make_contract(activate=False, **columns)
        return contract.beneficiary_id

    def test_by_name_is_a_contact_of_the_customer_made_once(self):
        child = self.beneficiary(beneficiary_name="Bia Lindoso")
        self.assertEqual((child.name, child.parent_id, child.type), ("Bia Lindoso", self.customer, "other"))
        self.assertEqual(self.beneficiary(beneficiary_name="bia lindoso"), child)

    def test_by_cpf(self):
        rui = self.make_customer("Rui", OTHER_CPF)
        self.assertEqual(self.beneficiary(beneficiary_document="11144477735"), rui)
        self.assertEqual(self.beneficiary(beneficiary_document=CPF, beneficiary_name="Other name"), self.customer)

    def test_new_by_cpf(self):
        new = self.beneficiary(beneficiary_document=OTHER_CPF, beneficiary_name="Lia")
        self.assertEqual((new.name, new.vat, new.parent_id), ("Lia", OTHER_CPF, self.env["res.partner"]))

    def test_wrong_or_nameless_cpf(self):
        with self.assertRaisesRegex(ValidationError, "not a valid CPF"):
            self.beneficiary(beneficiary_document="111.111.111-11", beneficiary_name="Lia")
        with self.assertRaisesRegex(ValidationError, "give a name"):
            self.beneficiary(beneficiary_document=OTHER_CPF)

    def test_columns_are_shown_for_export(self):
        contract = self.make_contract(activate=False, beneficiary_document=CPF)
        self.assertEqual((contract.beneficiary_document, contract.beneficiary_name), (CPF, "Ana Lindoso"))
