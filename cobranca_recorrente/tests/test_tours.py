from odoo import fields
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

    def test_contract_from_preset_to_paid(self):
        """A manager starts from the gym's preset with a product that is not there yet, and is paid."""
        self.make_customer("Zuleica Teste", "111.444.777-35")
        self.start_tour("/odoo/contratos", "cobranca_contract_preset_to_paid", login="manager")
        contract = self.env["cobranca.contract"].search([("partner_id.name", "=", "Zuleica Teste")])
        gym = self.env.ref("cobranca_recorrente.cobranca_contract_template_gym")
        self.assertEqual((contract.template_id, contract.state, contract.minimum_months), (gym, "active", 12))
        self.assertTrue(contract.policy_explained_date)
        invoice = contract.period_ids.move_id
        self.assertEqual(invoice.amount_total, 120.0)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_conference(self):
        """A supervisor drills into the month and releases it."""
        self.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        self.env["cobranca.billing.conference"].search([]).unlink()
        self.company.cobranca_conference_mode = "manual"
        month = fields.Date.start_of(self.company._cobranca_today(), "month")
        self.make_contract(date_start=month, billing_day=1, due_day=31)
        conference = self.env["cobranca.billing.conference"].create({"month": month})
        self.assertEqual(conference.new, 350.0)
        self.start_tour("/odoo/conferencia-do-faturamento", "cobranca_billing_conference", login="supervisor")
        conference.invalidate_recordset()
        self.assertEqual((conference.state, conference.released_by_id), ("released", self.supervisor))

    def test_parked_contract_is_repaired(self):
        """The product was archived: a supervisor reads it, chooses another, and bills."""
        self.env["cobranca.contract"].search([("park_reason", "!=", False)]).state = "draft"
        self.make_product("Mensalidade do teste", 250.0)
        today = self.company._cobranca_today()
        contract = self.make_contract(date_start=today, due_day=today.day)
        self.product.active = False
        self.env["cobranca.contract.billing"]._bill(contract)
        self.assertTrue(contract.park_reason)
        self.start_tour("/odoo/contratos-com-pendencia", "cobranca_contract_parked_repaired", login="supervisor")
        contract.invalidate_recordset()
        self.assertFalse(contract.park_reason)
        self.assertEqual(contract.period_ids.move_id.state, "posted")
        self.assertEqual(contract.line_ids.product_id.name, "Mensalidade do teste")

    # --- changes of a contract whose period of today is billed ---

    def make_billed_contract(self, **values):
        """A weekly contract: a browser has the real day, and a week always has days before and after it."""
        start = fields.Date.subtract(self.company._cobranca_today(), days=3)
        self.product.lst_price = 310.0
        contract = self.make_contract(date_start=start, interval_unit="week", issue_lead_days=60, **values)
        self.env["cobranca.contract.billing"]._bill(contract)
        return contract

    def run_tour(self, name, contract):
        self.start_tour(f"/odoo/contratos/{contract.id}", name, login="supervisor")
        contract.invalidate_recordset()

    def test_pause_and_resume(self):
        contract = self.make_billed_contract()
        self.run_tour("cobranca_contract_pause_resume", contract)
        self.assertFalse(contract.is_paused)
        self.assertEqual(contract.change_ids.sorted("id").mapped("kind"), ["pause", "resume"])
        adjustments = contract.line_ids.filtered("adjusted_period_id")
        self.assertAlmostEqual(sum(adjustments.mapped("price_unit")), 0.0)

    def test_change_price_with_proration(self):
        contract = self.make_billed_contract()
        self.run_tour("cobranca_contract_change_price", contract)
        adjustment = contract.line_ids.filtered("adjusted_period_id")
        self.assertAlmostEqual(
            sum(adjustment.mapped("price_unit")), 177.15
        )  # four of seven days: 354.29 of the new price less 177.14

    def test_terminate_with_fee(self):
        reason = self.env["cobranca.close.reason"].create({"name": "Motivo do teste"})
        contract = self.make_billed_contract(minimum_months=12, termination_fee="fixed", termination_fee_amount=900.0)
        self.run_tour("cobranca_contract_terminate_with_fee", contract)
        self.assertEqual(contract.close_reason_id, reason)
        once = contract.period_ids.filtered(lambda period: period.kind == "once")
        self.assertEqual(once.move_id.amount_total, 767.14)  # 900.00 less three of seven days of 310.00

    def test_portal_cancellation(self):
        """A customer asks in the browser to leave and takes it back; both are written down."""
        today = self.company._cobranca_today()
        contract = self.make_contract(date_start=today)
        new_test_user(self.env, "portal_tour", "base.group_portal").partner_id = self.customer
        self.start_tour("/my/contratos", "cobranca_portal_cancellation", login="portal_tour")
        self.assertEqual((contract.state, contract.cancel_state), ("active", "taken_back"))
        self.assertEqual(contract.cancel_text, "Vou me mudar")
        self.assertEqual(len(contract.message_ids.filtered("partner_ids")), 2)
