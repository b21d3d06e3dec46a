from odoo.tests import freeze_time, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestDeliveryByHand(DeliveryCommon):
    """Invoices of contracts that people send by Odoo's own dialogs."""

    def test_sent_by_hand_is_not_sent_again(self):
        move = self.bill()
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.supervisor)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"sending_methods": ["email"]})
        )
        wizard.action_send_and_print()
        self.env.invalidate_all()
        self.assert_delivery(move, "sent")
        count = len(self.mails_of(move))
        self.assertTrue(count)
        self.run_cron()
        self.assertEqual(len(self.mails_of(move)), count)

    def test_responsible_receives_what_is_sent_by_hand(self):
        """Odoo's own dialogs, for one invoice and for many, write to him and not to the customer."""
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "email": "bia@example.com", "lang": "en_US"})
        one, *many = (self.bill(responsible_id=mother.id, reference=f"{number}") for number in range(3))
        many = self.env["account.move"].concat(*many)
        (one | many).message_subscribe(self.customer.ids)
        context = {"active_model": "account.move", "active_ids": one.ids}
        wizard = self.env["account.move.send.wizard"].with_user(self.supervisor).with_context(**context).create({})
        self.assertEqual(wizard.mail_partner_ids, mother)
        wizard.action_send_and_print()
        batch = self.env["account.move.send.batch.wizard"].with_user(self.supervisor)
        batch = batch.with_context(active_model="account.move", active_ids=many.ids).create({})
        batch.action_send_and_print(force_synchronous=True)
        self.env.invalidate_all()
        for move in one | many:
            self.assertEqual(self.mails_of(move).recipient_ids, mother)
            self.assertIn("Hello, Bia Lindoso", self.mails_of(move).body_html)

    def test_responsible_receives_the_credit_note(self):
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "email": "bia@example.com", "lang": "en_US"})
        credit = self.bill(responsible_id=mother.id)._reverse_moves(cancel=True)
        context = {"active_model": "account.move", "active_ids": credit.ids}
        wizard = self.env["account.move.send.wizard"].with_user(self.supervisor).with_context(**context).create({})
        self.assertEqual(wizard.mail_partner_ids, mother)

    def test_invoice_of_no_contract_is_sent_as_ever(self):
        move = self.bill().copy({"invoice_date": "2026-01-05"})
        move.action_post()
        context = {"active_model": "account.move", "active_ids": move.ids}
        wizard = self.env["account.move.send.wizard"].with_user(self.supervisor).with_context(**context).create({})
        self.assertEqual(wizard.mail_partner_ids, self.customer)
        self.assertEqual(wizard.template_id, self.env.ref("account.email_template_edi_invoice"))
