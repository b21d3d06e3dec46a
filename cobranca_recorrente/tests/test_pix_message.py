from decimal import Decimal

from odoo import Command
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from ..tools import message_text, pix
from .dunning_common import DunningCommon

KEY = "caixa@aurora.example"


@tagged("post_install", "-at_install")
class TestPixMessage(DunningCommon):
    """E-mails of the ladder carry a code of the amount of their day; nobody who only looks gives one out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.bank_ids.active = False
        cls.account = cls.env["res.partner.bank"].create(
            {
                "acc_number": "1-0",
                "partner_id": cls.company.partner_id.id,
                "proxy_type": "email",
                "proxy_value": KEY,
                "allow_out_payment": True,
            }
        )
        cls.Quote = cls.env["cobranca.payment.quote"]

    def code_of(self, message):
        """What the code in an e-mail says; None without one."""
        lines = message_text.plain(message.body).splitlines()
        codes = [line for line in lines if line.startswith("000201")]
        self.assertLessEqual(len(codes), 1)
        return pix.parse(codes[0]) if codes else None

    def quotes(self):
        return self.Quote.search([("partner_id", "in", (self.customer | self.business).ids)])

    def test_amount_of_the_day(self):
        self.charge_by(self.make_policy("all", interest_percent=1.0))
        line = self.owe(100, "2026-03-10")
        message = self.run_day("2026-03-13")
        code, quote = self.code_of(message), self.quotes()
        self.assertEqual(code.amount, Decimal("102.10"))
        self.assertEqual((code.key, code.txid), (KEY, quote.txid))
        self.assertEqual((quote.source, str(quote.date), quote.amount), ("message", "2026-03-13", message.amount))
        self.assertEqual(quote.quote_line_ids.line_id, line)
        text = message_text.plain(message.body)
        self.assertIn("Worth R$ 102.10 until 03/13/2026, 11:59 pm.", text)
        self.assertIn("See and pay", text)
        self.assertNotIn("<svg", message.body)

    def test_one_code_for_all_that_is_asked(self):
        self.owe(100, "2026-03-10")
        self.owe(50, "2026-03-10")
        self.assertEqual(self.code_of(self.run_day("2026-03-13")).amount, Decimal("153.15"))

    def test_no_code(self):
        for case in ("no key", "automatic", "see", "words"):
            with self.subTest(case), self.env.cr.savepoint() as savepoint:
                if case == "no key":
                    self.account.active = False
                elif case == "automatic":
                    self.customer.cobranca_is_automatic = True
                else:
                    self.template.cobranca_content = case
                self.owe(100, "2026-03-10")
                message = self.run_day("2026-03-13")
                self.assertEqual(message.state, "sent")
                self.assertIsNone(self.code_of(message))
                self.assertNotIn("Pix", message.body.replace(message._get_links()[message]["pay"], ""))
                self.assertFalse(self.quotes())
                savepoint.rollback()
            self.env.invalidate_all()

    def test_sms_has_no_code(self):
        self.ladder.active = False
        self.make_ladder(channels=("sms",))
        self.customer.phone = "+5511987654321"
        self.owe(100, "2026-03-10")
        message = self.run_day("2026-03-13")
        self.assertNotIn("000201", message.text or "")
        self.assertFalse(self.quotes())

    def test_foreign_money(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        values = {"currency_id": dollar.id, "name": "x"}
        owed = {"account_id": self.receivable.id, "partner_id": self.customer.id, "date_maturity": "2026-03-10"}
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-01",
                "journal_id": self.journal.id,
                "line_ids": [
                    Command.create({**values, **owed, "balance": 100.0, "amount_currency": 20.0}),
                    Command.create(
                        {**values, "account_id": self.income.id, "balance": -100.0, "amount_currency": -20.0}
                    ),
                ],
            }
        )
        move.action_post()
        move.line_ids.no_followup = False
        message = self.run_day("2026-03-13")
        self.assertEqual((message.state, message.currency_id), ("sent", dollar))
        self.assertIsNone(self.code_of(message))
        self.assertFalse(self.quotes())

    @freeze_time("2026-03-13 13:00:00")
    def test_looking_gives_nothing_out(self):
        self.level(3).is_reviewed = True
        self.owe(100, "2026-03-10")
        message = self.engine._run(self.company, Date.to_date("2026-03-13"))
        self.assertEqual(message.state, "review")
        shown = message.with_user(self.collector).shown_body
        self.assertIn("Pix copy and paste", shown)
        preview = self.level(3).with_user(self.supervisor).ladder_preview("email")
        self.assertIn("Pix copy and paste", preview["html"])
        for text in (shown, preview["html"]):
            self.assertNotIn(KEY, text)
        self.assertFalse(self.quotes())

    def test_sent_again_it_is_the_same_code(self):
        self.owe(100, "2026-03-10")
        message = self.run_day("2026-03-13")
        first = self.code_of(message)
        with freeze_time("2026-03-13 15:00:00"):
            debts = message.line_ids.line_id._cobranca_read_debts(Date.to_date("2026-03-13"))
            message._write_texts(debts)
        self.assertEqual(self.code_of(message), first)
        self.assertEqual(len(self.quotes()), 1)

    @freeze_time("2026-03-13 13:00:00")
    def test_two_amounts_in_one_mail_are_none(self):
        self.owe(100, "2026-03-10")
        message = self.engine._run(self.company, Date.to_date("2026-03-13"))
        debts = message.line_ids.line_id._cobranca_read_debts(Date.to_date("2026-03-13"))
        self.assertTrue(message._make_pix(debts))
        message.amount += 1
        self.assertFalse(message._make_pix(debts))

    @freeze_time("2026-03-13 13:00:00")
    def test_a_batch_costs_few_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "email": f"c{number}@example.com"} for number in range(60)]
        )
        self.post_lines("2026-03-01", [(partner, 100, "2026-03-10") for partner in partners])
        made = self.engine._run(self.company, Date.to_date("2026-03-13"))
        debts = made.line_ids.line_id._cobranca_read_debts(Date.to_date("2026-03-13"))
        made[:1]._make_pix(debts)
        self.env.flush_all()
        with self.assertQueryCount(2):  # the quotes and their lines
            codes = made[1:]._make_pix(debts)
        self.assertEqual(len(set(codes.values())), 59)
