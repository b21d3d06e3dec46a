from datetime import date

from odoo.tests import tagged

from .card_common import CardCommon


@tagged("post_install", "-at_install")
class TestCardRetry(CardCommon):
    """What follows from a refusal: by its class, by the company's plan, within the month."""

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "cobranca.card.mandate"), ("res_id", "=", self.mandate.id)])

    def test_soft_is_tried_by_the_plan(self):
        days = {"2026-11-10": 1, "2026-11-11": 0, "2026-11-12": 1, "2026-11-14": 0, "2026-11-15": 1}
        days |= {"2026-11-16": 0, "2026-11-30": 0}
        amounts = []
        for day, count in days.items():
            with self.on(day):
                sent = self.run_cron("soft", "soft")
            self.assertEqual(len(sent), count, day)
            amounts += [transaction.amount for transaction in sent]
        # 100.00; fine 2.00 and two days of interest 0.07; five days 0.17
        self.assertEqual([round(amount, 2) for amount in amounts], [100.0, 102.07, 102.17])
        self.assertEqual(self.charges().mapped("state"), ["refused"] * 3)
        self.assertEqual(self.charges().charge_line_ids.mapped("attempt"), [1, 2, 3])
        self.assertEqual(self.mandate.state, "active")

    def test_customer_is_told_once_at_the_end(self):
        for day in ("2026-11-10", "2026-11-12"):
            with self.on(day):
                self.run_cron("soft")
        self.assertFalse(self.mails())
        with self.on("2026-11-15"):
            self.run_cron("soft")
            self.run_cron()
        [mail] = self.mails()
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("/my/pagamentos/", mail.body_html)
        self.assertIn("11.222.333/0001-81", mail.body_html)
        notes = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)]).mapped("note")
        self.assertTrue([note for note in notes if "4242" in (note or "") and "insufficient_funds" in note])

    def test_not_told_who_paid_or_refuses_mails(self):
        self.company.cobranca_card_retry_days = ""
        self.env["cobranca.opt.out"]._set_refused(self.customer, {"email"}, False)
        self.run_cron("soft")
        self.assertFalse(self.mails())

    def test_hard_is_never_tried_again(self):
        second = self.owe(30.0, "2026-11-11")
        self.run_cron("hard")
        charge = self.charges()
        self.assertEqual((charge.decline_class, charge.next_on), ("hard", False))
        self.assertEqual((self.mandate.state, self.mandate.end_reason), ("refused", "refused"))
        self.assertFalse(self.customer.cobranca_is_automatic)
        self.assertEqual(len(self.mails()), 1)
        for day in ("2026-11-11", "2026-11-12", "2026-11-15"):
            with self.on(day):
                self.assertFalse(self.run_cron())
        self.assertFalse(second.reconciled)

    def test_another_card_after_a_hard_refusal(self):
        """What falls due from then on; what was refused for good is the ladder's."""
        self.run_cron("hard")
        with self.on("2026-11-11"):
            self.authorise(self.make_token(self.customer, "1111"))
            later = self.owe(30.0, "2026-11-12")
        with self.on("2026-11-12"):
            [sent] = self.run_cron()
        self.assertEqual(sent.amount, 30.0)
        self.assertTrue(later.reconciled)
        self.assertFalse(self.line.reconciled)

    def test_unknown_is_tried_once_more(self):
        self.run_cron("no idea")
        self.assertEqual(self.charges().decline_class, "unknown")
        with self.on("2026-11-12"):
            self.assertEqual(len(self.run_cron("no idea")), 1)
        with self.on("2026-11-15"):
            self.assertFalse(self.run_cron())

    def test_month_limit(self):
        self.company.cobranca_card_month_limit = 2
        for day, count in {"2026-11-10": 1, "2026-11-12": 1, "2026-11-15": 0}.items():
            with self.on(day):
                self.assertEqual(len(self.run_cron("soft")), count, day)
        self.owe(10.0, "2026-11-16")
        with self.on("2026-11-16"):
            self.assertFalse(self.run_cron())

    def test_paid_before_the_retry(self):
        self.run_cron("soft")
        self.pay(self.line, 100.0, "2026-11-11")
        with self.on("2026-11-12"):
            self.assertFalse(self.run_cron())

    def test_waits_for_the_statement_before_a_retry(self):
        self.company.cobranca_statement_guard = "always"
        self.run_cron("soft")
        self.assertEqual(len(self.charges()), 1)
        with self.on("2026-11-12"):
            self.assertFalse(self.run_cron())
        self.company.cobranca_statement_guard = "never"
        with self.on("2026-11-12"):
            self.assertEqual(len(self.run_cron()), 1)

    def test_success_after_a_refusal_that_came_late(self):
        """The provider says after all that it was charged: booked, and not charged again."""
        self.run_cron("soft")
        transaction = self.charges().transaction_id
        transaction._set_done()
        with self.on("2026-11-12"):
            self.assertFalse(self.run_cron())
            transaction._post_process()
        self.assertEqual(self.charges().state, "done")
        self.assertTrue(self.line.reconciled)

    def test_ladder_of_who_pays_automatically(self):
        """Everything, or the contracts that were chosen only."""
        self.assertTrue(self.customer.cobranca_is_automatic)
        contract = self.make_contract(date_start="2026-11-01")
        move = self.env["cobranca.contract.billing"]._bill(contract)
        other = self.invoice(90.0, "2026-11-10")
        self.authorise(scope="contracts", contracts=contract)
        self.assertFalse(self.customer.cobranca_is_automatic)
        self.env.flush_all()
        self.assertEqual(self.find_automatic(move | other), move)
        [sent] = self.run_cron()
        self.assertEqual(sent.invoice_ids, move)
        self.assertFalse(other.payment_state == "paid" or self.line.reconciled)

    def find_automatic(self, moves):
        condition = self.env["cobranca.dunning.policy"]._get_condition_of_payment(self.company, "automatic")
        lines = self.env["account.move.line"]._cobranca_search_open_lines(self.company, date(2026, 12, 31), condition)
        return lines.move_id & moves

    def test_another_process_was_in_the_way(self):
        """Who met another process at a customer and stepped back comes back to him at the end of the same run."""
        answers = ["Another process looks at this customer.", ""]
        find = type(self.Engine)._find_obstacle
        self.patch(
            type(self.Engine),
            "_find_obstacle",
            lambda engine, charge: answers and answers.pop(0) or find(engine, charge),
        )
        self.assertEqual(len(self.run_cron()), 1)
        self.assertEqual(sorted(self.charges().mapped("state")), ["cancelled", "done"])
        self.assertTrue(self.line.reconciled)

    def test_obstacle_that_stays_is_not_tried_for_ever(self):
        self.patch(type(self.Engine), "_find_obstacle", lambda _engine, _charge: "Locked for the whole day.")
        self.assertFalse(self.run_cron())
        self.assertEqual(self.charges().mapped("state"), ["cancelled"] * 2)
