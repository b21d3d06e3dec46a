from odoo.tests import HttpCase, new_test_user, tagged

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

    def test_portal_cancellation(self):
        """A customer asks in the browser to leave and takes it back; both are written down."""
        today = self.company._cobranca_today()
        contract = self.make_contract(date_start=today)
        new_test_user(self.env, "portal_tour", "base.group_portal").partner_id = self.customer
        self.start_tour("/my/contratos", "cobranca_portal_cancellation", login="portal_tour")
        self.assertEqual((contract.state, contract.cancel_state), ("active", "taken_back"))
        self.assertEqual(contract.cancel_text, "Vou me mudar")
        self.assertEqual(len(contract.message_ids.filtered("partner_ids")), 2)
