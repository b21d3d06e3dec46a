from odoo.tests import HttpCase, tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestTours(CobrancaCommon, HttpCase):
    def test_contract_from_new_to_billed(self):
        """A supervisor makes a contract in the browser, activates it and bills it."""
        self.make_customer("Zuleica Teste", "111.444.777-35")
        self.make_product("Mensalidade do teste", 250.0)
        self.start_tour("/odoo/contratos", "cobranca_contract_first_invoice", login="supervisor")
        contract = self.env["cobranca.contract"].search([("partner_id.name", "=", "Zuleica Teste")])
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.period_ids.move_id.state, "posted")
        self.assertEqual(contract.period_ids.move_id.amount_total, 500.0)
