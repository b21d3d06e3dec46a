from datetime import datetime
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .online_common import OnlineCommon
from .record_common import TODAY


@tagged("post_install", "-at_install")
class TestOnlinePayment(OnlineCommon):
    """What a provider received is booked by what the customer was shown, whenever and how often it is told."""

    def test_two_invoices_with_charges(self):
        with self.assertBalanced():
            payment = self.pay_quote()
        self.assertEqual((payment.amount, payment.date, payment.partner_id), (self.total, TODAY, self.customer))
        self.assertEqual((self.invoice | self.later).mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(self.open_items(), {})
        self.assertEqual(self.income(), round(self.total - 800, 2))
        self.assertGreater(self.income(), 0)
        transaction = payment.payment_transaction_id
        self.assertEqual(transaction.invoice_ids, self.invoice | self.later)
        self.assertEqual(payment.invoice_ids, self.invoice | self.later)
        self.assertEqual((transaction.cobranca_quote_id.state, transaction.cobranca_quote_id.paid_on), ("paid", TODAY))

    def test_what_follows_from_a_payment(self):
        promise = self.promise(self.line, "2026-11-24", float(self.costs[self.line]))
        claim = self.Claim._record(self.line, TODAY, "pix")
        self.pay_quote()
        self.assertEqual((promise.state, claim.state), ("kept", "confirmed"))
        contact = self.env["cobranca.interaction"].search([("outcome", "=", "paid")])
        self.assertEqual((contact.partner_id, contact.channel, contact.direction), (self.customer, "system", "in"))
        self.assertIn(self.company.currency_id.format(self.total), contact.note)
        self.assertEqual(contact.line_ids, self.both)

    def test_a_part_pays_the_oldest_first(self):
        with self.assertBalanced():
            self.pay_quote(self.quote(amount=Decimal("400.00")))
        charges = float(self.costs[self.line]) - 500
        self.assertEqual(self.open_items(), {self.invoice.name: round(100 + charges, 2), self.later.name: 300.0})

    def test_of_an_invoice_only_what_was_chosen(self):
        """Two instalments, the later one is paid: Odoo would reconcile with the older one."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        invoice = self.make_invoice(1000.0, "2026-11-18", invoice_payment_term_id=term.id, invoice_date_due=False)
        first, second = self.receivable(invoice).sorted("date_maturity")
        with self.assertBalanced():
            self.pay_quote(self.quote(second))
        self.assertEqual((first.reconciled, second.reconciled), (False, True))

    def test_confirmed_days_later(self):
        """The amount of the day on which the customer paid settles; interest of the days between is not asked for."""
        transaction = self.begin(self.quote())
        transaction._set_pending()
        with self.on("2026-11-23"), self.assertBalanced():
            payment = self.confirm(transaction)
        self.assertEqual((payment.date, self.open_items()), (TODAY, {}))
        self.assertEqual(self.income(), round(self.total - 800, 2))

    def test_late_in_the_evening(self):
        """22:30 in São Paulo is the next day in UTC."""
        quote = self.quote()
        with self.on("2026-11-20", hour=1):
            payment = self.confirm(self.begin(quote, datetime(2026, 11, 20, 1)))
        self.assertEqual((payment.date, self.open_items()), (TODAY, {}))

    def test_confirmed_after_the_books_were_closed(self):
        transaction = self.begin(self.quote())
        with self.on("2026-12-02"), self.assertBalanced():
            self.company.fiscalyear_lock_date = "2026-11-30"
            payment = self.confirm(transaction)
        self.assertEqual((f"{payment.date}", self.open_items()), ("2026-12-02", {}))
        self.assertEqual(self.income(), round(self.total - 800, 2))

    def test_paid_meanwhile_by_other_means(self):
        """The money of the second payment stays in sight, as the customer's."""
        transaction = self.begin(self.quote(self.line))
        self.pay(self.invoice, 500.0, TODAY)
        with self.assertBalanced():
            payment = self.confirm(transaction)
        self.assertTrue(payment)
        left = -self.open_items()["bank"]
        self.assertAlmostEqual(left, payment.amount, 2)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertFalse(self.later_line.reconciled, "it was not what he chose")

    def test_paid_twice_by_two_windows(self):
        quote = self.quote()
        first, second = self.begin(quote), self.begin(quote)
        self.confirm(first)
        with self.assertBalanced():
            self.confirm(second)
        self.assertEqual(self.open_items(), {"bank": -self.total})

    def test_replays(self):
        transaction = self.begin(self.quote())
        payment = self.confirm(transaction)
        with self.assertBalanced():
            for _time in range(2):
                transaction._set_done()
                transaction._post_process()
                self.Transaction._cron_post_process()
        self.assertEqual(transaction.payment_id, payment)
        self.assertEqual(self.env["account.payment"].search_count([("payment_transaction_id", "=", transaction.id)]), 1)
        self.assertEqual(self.open_items(), {})
        self.assertEqual(self.env["cobranca.interaction"].search_count([("outcome", "=", "paid")]), 1)

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def test_failed_after_done_changes_nothing(self):
        transaction = self.begin(self.quote())
        self.confirm(transaction)
        transaction._set_error("too late")
        transaction._set_canceled()
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual((transaction.state, self.open_items()), ("done", {}))

    def test_amounts_on_no_invoice(self):
        """A balance brought forward: others of the same entry go on being reminded."""
        lines = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-10-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.line.account_id.id,
                            "partner_id": partner.id,
                            "balance": 100.0,
                            "date_maturity": "2026-10-05",
                        }
                    )
                    for partner in (self.customer, self.stranger)
                ]
                + [Command.create({"account_id": self.company.cobranca_service_account_id.id, "balance": -200.0})],
            }
        )
        lines.action_post()
        own, foreign = lines.line_ids.filtered("partner_id").sorted(lambda line: line.partner_id != self.customer)
        transaction = self.begin(self.quote(own))
        self.assertEqual((self.reminders(own), self.reminders(foreign)), ("pending_payment", None))
        told = self.env["cobranca.paid.guard"]._explain(own, TODAY)
        self.assertIn("Card in progress", told[own])
        with self.assertBalanced():
            self.confirm(transaction)
        self.assertEqual((own.reconciled, foreign.reconciled), (True, False))

    # --- on the way ---

    def test_reminders_stop_and_go_on(self):
        transaction = self.begin(self.quote(self.line))
        self.assertEqual(self.reminders(), "pending_payment")
        transaction._set_pending()
        self.assertEqual(self.reminders(), "pending_payment")
        self.assertIsNone(self.reminders(self.later_line), "not what he pays")
        transaction._set_error("declined")
        self.assertIsNone(self.reminders())
        again = self.begin(self.quote(self.line))
        again._set_pending()
        again._set_canceled()
        again._post_process()
        self.assertIsNone(self.reminders())
        self.assertEqual(self.open_items(), {self.invoice.name: 500.0, self.later.name: 300.0})

    def test_done_and_not_booked_yet(self):
        transaction = self.begin(self.quote(self.line))
        transaction._set_done()
        self.assertEqual(self.reminders(), "pending_payment")

    def test_authorized_then_captured_in_two_parts(self):
        self.patch(type(self.provider), "support_manual_capture", "partial")
        transaction = self.begin(self.quote())
        transaction._set_authorized()
        transaction._post_process()
        self.assertEqual((transaction.payment_id, self.reminders()), (self.env["account.payment"], "pending_payment"))
        rest = round(self.total - 350, 2)
        with self.on("2026-11-23"), self.assertBalanced():
            for amount in (350.0, rest):
                part = transaction._create_child_transaction(amount)
                part._set_done()
                part._post_process()
            transaction._post_process()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(self.open_items(), {})
        self.assertEqual(self.income(), round(self.total - 800, 2))
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.customer.id)]), 2)

    def test_authorized_then_voided(self):
        self.patch(type(self.provider), "support_manual_capture", "full_only")
        transaction = self.begin(self.quote())
        transaction._set_authorized()
        transaction._set_canceled()
        transaction._post_process()
        self.assertFalse(transaction.payment_id)
        self.assertIsNone(self.reminders())

    # --- words ---

    def test_words_of_each_state(self):
        self.patch(type(self.provider), "support_manual_capture", "full_only")
        Online = self.env["cobranca.online.payment"]
        quote = self.quote(self.line)
        self.assertEqual(Online._get_notice(quote), {})
        self.begin(quote)
        self.assertEqual(Online._get_notice(quote), {}, "a form that was left")
        said = {}
        for state in ("pending", "authorized", "cancel", "error", "done"):
            self.begin(quote, state=state, state_message="Card refused", last_state_change=datetime(2026, 11, 20, 1))
            notice = Online._get_notice(quote)
            self.assertEqual(notice["kind"], state)
            self.assertIn(self.company.currency_id.format(quote.amount), notice["text"])
            self.assertEqual(notice["detail"], "Card refused" if state == "error" else "")
            said[state] = notice["text"]
        self.assertEqual(len(set(said.values())), 5)
        self.assertIn("11/19/2026", said["done"])
