from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestMessageThanks(DunningCommon):
    """Who has paid after a notice is thanked, once, where a company wants it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_dunning_thanks = True
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def remind(self):
        """A customer who was reminded on Friday 2026-03-13, with his case."""
        self.line = self.owe(100, "2026-03-10")
        with freeze_time("2026-03-13 12:00:00"):
            self.env["cobranca.case"]._refresh(self.company, self.customer)
        self.run_day("2026-03-13")

    def settle(self, journal):
        credit = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-16",
                "journal_id": journal.id,
                "line_ids": [
                    (0, 0, {"account_id": self.receivable.id, "partner_id": self.customer.id, "balance": -100}),
                    (0, 0, {"account_id": self.income.id, "balance": 100}),
                ],
            }
        )
        credit.action_post()
        (credit.line_ids.filtered(lambda line: line.account_id == self.receivable) + self.line).reconcile()

    def close(self):
        with freeze_time("2026-03-16 23:30:00"):
            self.env["cobranca.case"]._refresh(self.company, self.customer)
        case = self.env["cobranca.case"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((case.state, case.close_reason), ("closed", "settled"))

    def thanks(self):
        return self.env["mail.mail"].search(
            [("res_id", "=", self.customer.id), ("model", "=", "res.partner"), ("cobranca_message_id", "=", False)]
        )

    def test_who_paid_is_thanked_once_in_the_morning(self):
        self.remind()
        self.settle(self.bank)
        self.close()
        mail = self.thanks()
        self.assertEqual((mail.email_to, mail.state), ('"Ana Lindoso" <ana@example.com>', "outgoing"))
        # Tuesday, 8:00 in São Paulo.
        self.assertEqual(str(mail.scheduled_date), "2026-03-17 11:00:00")
        self.assertIn("11.222.333", mail.body_html)
        self.env["cobranca.case"]._refresh(self.company, self.customer)
        self.assertEqual(self.thanks(), mail)
        self.assertFalse(self.Message.search([("partner_id", "=", self.customer.id), ("state", "=", "queued")]))

    def test_nobody_is_thanked_for_what_was_not_paid(self):
        self.remind()
        self.settle(self.journal)
        self.close()
        self.assertFalse(self.thanks())

    def test_only_where_a_company_wants_it(self):
        self.company.cobranca_dunning_thanks = False
        self.remind()
        self.settle(self.bank)
        self.close()
        self.assertFalse(self.thanks())

    def test_who_was_not_reminded_or_wants_no_mail_is_left_alone(self):
        self.remind()
        self.env["cobranca.opt.out"]._set_refused(self.customer, {"email"})
        self.settle(self.bank)
        self.close()
        self.assertFalse(self.thanks())

    def test_broken_text_keeps_no_case_open(self):
        self.remind()
        self.settle(self.bank)

        def fail(*_arguments, **_options):
            raise ZeroDivisionError("poison")

        with (
            patch.object(type(self.Message), "_render_texts", fail),
            self.assertLogs("odoo.addons.cobranca_recorrente", "ERROR"),
        ):
            self.close()
        self.assertFalse(self.thanks())
