from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestStart(CobrancaCommon):
    """From an empty database to the first contract."""

    def start(self, user, sector="school"):
        form = Form(self.env["cobranca.contract.start"].with_user(user))
        form.template_id = self.env.ref(f"cobranca_recorrente.cobranca_contract_template_{sector}")
        form.partner_id = self.customer
        return form

    def price(self, form, *prices):
        for number, price in enumerate(prices):
            with form.item_ids.edit(number) as item:
                item.price_unit = price
        return form.save()

    def test_manager_makes_products_and_contract(self):
        wizard = self.price(self.start(self.manager), 900.0, 150.0)
        self.assertEqual(wizard.item_ids.mapped("name"), ["Tuition", "Enrolment fee"])
        action = wizard.action_start()
        contract = self.env["cobranca.contract"].with_user(self.manager).browse(action["res_id"])
        self.assertEqual((contract.state, contract.partner_id, contract.due_day), ("draft", self.customer, 5))
        products = contract.line_ids.product_id
        self.assertEqual(products.mapped("name"), ["Tuition", "Enrolment fee"])
        self.assertEqual(set(products.mapped("type")), {"service"})
        self.assertFalse(products.taxes_id, "the chart's ICMS is not on a service")
        self.assertEqual(contract.line_ids.mapped("price_unit"), [900.0, 150.0])
        self.assertEqual(contract.line_ids.mapped("recurrence"), ["recurring", "once"])
        self.assertEqual(contract.line_ids.account_id, self.company.cobranca_service_account_id)
        self.assertTrue(contract.action_activate())
        self.assertEqual(str(contract.next_due_date), "2026-01-05")

    def test_second_contract_takes_the_same_products(self):
        self.price(self.start(self.manager), 900.0, 150.0).action_start()
        wizard = self.start(self.supervisor).save()
        self.assertEqual(wizard.item_ids.product_id.mapped("name"), ["Tuition", "Enrolment fee"])
        self.assertEqual(wizard.item_ids.mapped("price_unit"), [900.0, 150.0])
        self.assertEqual(wizard.action_start()["res_model"], "cobranca.contract")

    def test_supervisor_may_not_make_products(self):
        wizard = self.price(self.start(self.supervisor), 900.0, 150.0)
        with self.assertRaises(AccessError):
            wizard.action_start()

    def test_goods_keep_the_taxes_of_the_company(self):
        icms = self.company.account_sale_tax_id
        self.assertTrue(icms, "the chart has a default sale tax")
        wizard = self.price(self.start(self.manager, "ecommerce"), 80.0)
        contract = self.env["cobranca.contract"].browse(wizard.action_start()["res_id"])
        product = contract.line_ids.product_id
        self.assertEqual((product.type, product.taxes_id), ("consu", icms))

    def test_items_that_are_not_wanted_are_left_out(self):
        form = self.start(self.manager)
        with form.item_ids.edit(1) as item:
            item.is_wanted = False
        wizard = self.price(form, 900.0)
        contract = self.env["cobranca.contract"].browse(wizard.action_start()["res_id"])
        self.assertEqual(contract.line_ids.mapped("price_unit"), [900.0])

    def test_what_is_missing_is_told(self):
        form = self.start(self.manager)
        wizard = self.price(form, 900.0, 150.0)
        wizard.partner_id = False
        with self.assertRaisesRegex(UserError, "Choose the first customer"):
            wizard.action_start()
        wizard.partner_id = self.customer
        wizard.item_ids.is_wanted = False
        with self.assertRaisesRegex(UserError, "Keep at least one item"):
            wizard.action_start()

    def test_collectors_do_not_start(self):
        with self.assertRaises(AccessError):
            self.env["cobranca.contract.start"].with_user(self.collector).create({})
        mine = self.start(self.manager).save()
        with self.assertRaises(AccessError):
            mine.with_user(self.supervisor).read(["partner_id"])
