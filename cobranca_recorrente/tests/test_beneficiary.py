from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import OTHER_CPF, DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestBeneficiary(DeliveryCommon):
    """A student uses what his mother pays: nothing is ever written to him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pupil = cls.env["res.partner"].create(
            {
                "name": "Leo Lindoso",
                "parent_id": cls.customer.id,
                "type": "other",
                "email": "leo@example.com",
                "phone": "(11) 98888-7777",
            }
        )

    def contract(self, **values):
        return self.make_contract(**{"beneficiary_id": self.pupil.id, "send_invoices": True, **values})

    def written_to(self, document, **values):
        """Who gets a message about a document, by e-mail or inside of Odoo."""
        message = document.message_post(body="Hello", subtype_xmlid="mail.mt_comment", **values)
        return message.notification_ids.res_partner_id

    def test_not_as_follower(self):
        contract = self.contract()
        move = self.env["cobranca.contract.billing"]._bill(contract)
        for document in (contract, move):
            document.message_subscribe((self.pupil | self.customer).ids)
            self.assertIn(self.customer, document.message_partner_ids)
            self.assertNotIn(self.pupil, document.message_partner_ids)

    def test_not_by_a_message_that_names_him(self):
        contract = self.contract()
        move = self.env["cobranca.contract.billing"]._bill(contract)
        for document in (contract, move):
            people = (self.pupil | self.customer).ids
            self.assertEqual(self.written_to(document, partner_ids=people), self.customer)

    def test_not_as_a_follower_from_before(self):
        contract = self.contract(beneficiary_id=False)
        contract.message_subscribe(self.pupil.ids)
        self.assertIn(self.pupil, self.written_to(contract))
        contract.beneficiary_id = self.pupil
        self.assertNotIn(self.pupil, self.written_to(contract))

    def test_who_pays_for_himself_is_written_to(self):
        alone = self.contract(beneficiary_id=self.customer.id)
        self.assertEqual(self.written_to(alone, partner_ids=self.customer.ids), self.customer)
        grown_up = self.contract(responsible_id=self.pupil.id)
        self.assertEqual(self.written_to(grown_up, partner_ids=self.pupil.ids), self.pupil)

    def test_not_as_the_next_channel(self):
        self.customer.write({"email": False, "phone": False})
        move = self.bill(beneficiary_id=self.pupil.id)
        self.run_cron()
        self.assert_delivery(move, "undelivered", "no_address")
        self.assertEqual((move.cobranca_next_channel, move.cobranca_next_contact), ("nothing", False))
        self.env["res.partner"].create({"name": "Father", "parent_id": self.customer.id, "email": "father@example.com"})
        self.env.invalidate_all()
        self.assertEqual((move.cobranca_next_channel, move.cobranca_next_contact), ("email", "father@example.com"))

    def test_does_not_end_what_he_does_not_pay(self):
        contract = self.contract()
        for partner, may in ((self.pupil, False), (self.customer, True)):
            user = new_test_user(self.env, f"portal_{partner.id}", "base.group_portal", lang="en_US")
            user.partner_id = partner
            self.assertEqual(contract.with_user(user)._is_customer_user(), may)
        with self.assertRaises(AccessError):
            contract.with_user(self.pupil.user_ids)._get_cancellation_page()

    def test_not_proposed_for_the_portal(self):
        self.contract()
        colleague = self.env["res.partner"].create({"name": "Colleague", "parent_id": self.customer.id})
        Wizard = self.env["portal.wizard"]
        proposed = Wizard.with_context(active_ids=self.customer.ids).create({})
        self.assertEqual(proposed.partner_ids, self.customer | colleague)
        self.assertEqual(Wizard.with_context(active_ids=self.pupil.ids).create({}).partner_ids, self.pupil)

    def test_only_beneficiaries(self):
        other = self.make_customer("Caio", OTHER_CPF)
        self.contract()
        people = self.pupil | self.customer | other
        self.assertEqual(people._cobranca_get_only_beneficiaries(), self.pupil)
        self.make_contract(partner_id=self.pupil.id, line_ids=[Command.create({"product_id": self.product.id})])
        self.assertFalse(people._cobranca_get_only_beneficiaries())
