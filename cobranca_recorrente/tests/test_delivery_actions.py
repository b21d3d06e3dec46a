from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import OTHER_CPF, DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestDeliveryActions(DeliveryCommon):
    def setUp(self):
        super().setUp()
        self.customer.email = False
        self.move = self.bill()
        self.run_cron()
        self.assert_delivery(self.move, "undelivered", "no_address")

    def deliver_otherwise(self, move, user, note="by WhatsApp to Ana"):
        action = move.with_user(user).action_cobranca_deliver_otherwise()
        wizard = Form(self.env["cobranca.delivery.note"].with_user(user).with_context(**action["context"]))
        wizard.channel = "phone"
        wizard.note = note
        return wizard.save().action_confirm()

    def test_try_again_after_correcting_the_address(self):
        move = self.move.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Without an e-mail address: Ana Lindoso"):
            move.action_cobranca_send_again()
        self.customer.email = "ana@example.com"
        answer = move.action_cobranca_send_again()
        self.assertEqual(answer["params"]["type"], "success")
        self.assert_delivery(self.move, "to_send")
        self.run_cron()
        self.assert_delivery(self.move, "sent")
        with self.assertRaisesRegex(UserError, "None of these"):
            move.action_cobranca_send_again()

    def test_try_again_for_many_tells_who_is_left(self):
        other = self.bill(partner_id=self.make_customer("Caio Nogal", OTHER_CPF).id)
        self.run_cron()
        self.customer.email = "ana@example.com"
        answer = (self.move | other).with_user(self.supervisor).action_cobranca_send_again()
        self.assertIn("sent again: 1.", answer["params"]["message"])
        self.assertIn("Caio Nogal", answer["params"]["message"])
        self.assert_delivery(other, "undelivered", "no_address")

    def test_try_again_after_a_failure_leaves_the_failed_mail_behind(self):
        self.customer.email = "ana@example.com"
        self.move.action_cobranca_send_again()
        self.run_cron()
        old = self.mails_of(self.move)
        old.state = "exception"
        self.move._cobranca_set_delivery("undelivered", "failed", "550")
        self.move.with_user(self.supervisor).action_cobranca_send_again()
        self.run_cron()
        new = self.mails_of(self.move) - old
        self.assertEqual((old.state, len(new), new.state), ("cancel", 1, "outgoing"))

    def test_delivered_by_other_means(self):
        self.deliver_otherwise(self.move, self.supervisor)
        self.assert_delivery(self.move, "sent")
        self.assertEqual(self.move.cobranca_delivery_channel, "phone")
        self.assertIn("by WhatsApp to Ana", self.move.message_ids[0].body)
        self.customer.email = "ana@example.com"
        self.run_cron()
        self.assertFalse(self.mails_of(self.move), "what was delivered is not sent")
        with self.assertRaisesRegex(UserError, "delivered already"):
            self.deliver_otherwise(self.move, self.supervisor)

    def test_note_of_another_user_is_out_of_reach(self):
        wizard = self.env["cobranca.delivery.note"].create({"move_ids": self.move.ids, "note": "x"})
        with self.assertRaises(AccessError):
            wizard.with_user(self.supervisor).read(["note"])

    def test_withdraw(self):
        self.move.with_user(self.supervisor).action_cobranca_withdraw()
        self.assert_delivery(self.move, "none", "withdrawn")
        with self.assertRaises(UserError):
            self.move.action_cobranca_withdraw()
        self.customer.email = "ana@example.com"
        self.run_cron()
        self.assert_delivery(self.move, "none", "withdrawn")

    def test_collector_reads_and_changes_nothing(self):
        move = self.move.with_user(self.collector)
        self.assertEqual(move.cobranca_delivery_reason, "no_address")
        self.assertEqual(move.action_cobranca_open_recipient()["res_id"], self.customer.id)
        for act in (move.action_cobranca_send_again, move.action_cobranca_withdraw):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.deliver_otherwise(self.move, self.collector)
        self.assert_delivery(self.move, "undelivered", "no_address")

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            self.move.with_user(self.supervisor).action_cobranca_send_again()

    def test_next_channel(self):
        def channel():
            self.env.invalidate_all()
            return self.move.cobranca_next_channel, self.move.cobranca_next_contact

        self.assertEqual(channel(), ("nothing", False))
        self.customer.write({"street": "Rua A, 1", "zip": "80010-000", "city": "Curitiba"})
        self.assertEqual(channel(), ("letter", "Rua A, 1, 80010-000, Curitiba"))
        user = self.env["res.users"].create(
            {
                "name": "Ana",
                "login": "ana.portal",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.customer.email = False
        self.assertEqual(channel(), ("portal", user.login))
        self.customer.phone = "(41) 99999-0000"
        self.assertEqual(channel()[0], "phone")
        self.env["res.partner"].create({"name": "Caixa", "parent_id": self.customer.id, "email": "caixa@example.com"})
        self.assertEqual(channel(), ("email", "caixa@example.com"))

    def test_address_that_failed_is_no_next_channel(self):
        self.customer.email = "ana@example.com"
        self.move.action_cobranca_send_again()
        self.run_cron()
        self.assertFalse(self.move.cobranca_next_channel, "it was sent")
        self.move._cobranca_set_delivery("undelivered", "bounced")
        self.assertEqual(self.move.cobranca_next_channel, "nothing")

    def test_screens_open(self):
        for xmlid in ("account_move_action_cobranca_delivery", "account_move_action_cobranca_nfse"):
            action = self.env["ir.actions.act_window"]._for_xml_id(f"cobranca_recorrente.{xmlid}")
            views = self.env["account.move"].with_user(self.collector).get_views(action["views"])["views"]
            self.assertIn("cobranca_", views["list"]["arch"])
        Form(self.move.with_user(self.supervisor))

    def test_queues_can_be_worked_on_a_telephone(self):
        """Where the list has no room there are cards: each with what is wrong and what can be done about it."""
        wanted = {
            "account_move_action_cobranca_delivery": ("cobranca_delivery_status", "action_cobranca_send_again"),
            "account_move_action_cobranca_nfse": ("cobranca_nfse_state", "action_cobranca_register_nfse"),
            "cobranca_contract_action_parked": ("park_reason", "action_unpark"),
        }
        for xmlid, names in wanted.items():
            action = self.env["ir.actions.act_window"]._for_xml_id(f"cobranca_recorrente.{xmlid}")
            for user, is_supervisor in ((self.supervisor, True), (self.collector, False)):
                Model = self.env[action["res_model"]].with_user(user)
                card = Model.get_views(action["views"])["views"]["kanban"]["arch"]
                with self.subTest(xmlid=xmlid, user=user.login):
                    self.assertIn(names[0], card)
                    self.assertEqual(names[1] in card, is_supervisor)

    def test_queues_offer_no_new_invoice(self):
        for xmlid in ("account_move_action_cobranca_delivery", "account_move_action_cobranca_nfse"):
            action = self.env["ir.actions.act_window"]._for_xml_id(f"cobranca_recorrente.{xmlid}")
            self.assertIn("'create': False", action["context"])
