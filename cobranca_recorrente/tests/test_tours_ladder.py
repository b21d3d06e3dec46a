from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestToursLadder(DunningCommon, HttpCase):
    """The ladder in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.move.line"].search([("account_type", "=", "asset_receivable")]).no_followup = True
        today = cls.company._cobranca_today()
        cls.ladder.active = False
        cls.policy = cls.make_ladder(steps=(-3, 3, 15), channels=("email", "sms"), name="Escada de teste")
        cls.policy.sudo().write({"state": "observing", "date_from": False, "business_day_rule": "same"})
        cls.manager.email = "gerente@example.com"
        for name, document, amount in (("Amélia", "390.533.447-05", 900.0), ("Bento", "168.995.350-09", 1400.0)):
            customer = cls.make_customer(name, document, email=f"{name[0]}@example.com", phone="(11) 98765-4321")
            cls.owe(amount, today - timedelta(days=9), day=today - timedelta(days=30), partner=customer)

    def test_from_the_list_to_the_start(self):
        with self.mail_server() as taken:
            self.start_tour("/odoo/reguas", "cobranca_dunning_ladder", login="manager")
        self.env.invalidate_all()
        self.assertEqual([mail["To"] for mail in taken], ["gerente@example.com"])
        self.assertEqual(
            self.policy.level_ids.mapped(lambda level: (level.days, level.tone, len(level.channel_ids))),
            [(-3, "cordial", 2), (5, "firm", 2), (15, "cordial", 2), (30, "cordial", 2)],
        )
        self.assertEqual((self.policy.state, self.policy.date_from), ("active", self.company._cobranca_today()))
        self.assertFalse(self.Message.search_count([("policy_id", "=", self.policy.id)]))

    def test_collectors_read_only(self):
        self.start_tour("/odoo/reguas", "cobranca_dunning_ladder_read", login="collector")
