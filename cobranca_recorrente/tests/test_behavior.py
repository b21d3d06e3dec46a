import doctest
import random
from collections import defaultdict
from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..tools import behavior
from .common import CobrancaCommon

TODAY = date(2026, 6, 15)  # a Monday
CPFS = ["111.444.777-35", "935.411.347-80", "390.533.447-05", "123.456.789-09"]


def latest_day(due):
    """Saturdays and Sundays may be paid on Monday."""
    while due.strftime("%a") in ("Sat", "Sun"):
        due += timedelta(days=1)
    return due


def figures_by_hand(titles, reminded=()):
    """The figures of one customer from [(number, due, amount, [(day, paid)])], by plain loops."""
    delays, late, alone, late_paid, overdue, overdue_days = [], 0, 0, 0, 0.0, 0
    for number, due, amount, paid in titles:
        last = latest_day(due)
        left = round(amount - sum(part for _day, part in paid), 2)
        own = [(max((day - last).days, 0), part, due) for day, part in paid]
        if left > 0:
            own.append((max((TODAY - last).days, 0), left, due))
            if last < TODAY:
                overdue += left
                overdue_days = max(overdue_days, (TODAY - last).days)
        delays += own
        if max(delay for delay, _part, _due in own) > 0:
            late += 1
            if left <= 0:
                late_paid += 1
                alone += number not in reminded

    def average(rows):
        total = sum(part for _delay, part, _due in rows)
        return sum(delay * part for delay, part, _due in rows) / total if total else 0.0

    lately = TODAY - timedelta(days=90)
    return {
        "invoice_count": len(titles),
        "late_count": late,
        "late_percent": 100 * late / len(titles),
        "alone_percent": 100 * alone / late_paid if late_paid else 0.0,
        "average_delay": average(delays),
        "worst_delay": max(delay for delay, _part, _due in delays),
        "recent_delay": average([row for row in delays if row[2] >= lately]),
        "earlier_delay": average([row for row in delays if row[2] < lately]),
        "overdue_amount": overdue,
        "overdue_days": overdue_days,
    }


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 15:00:00")
class TestBehavior(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Behavior = cls.env["cobranca.behavior"]
        cls.customers = [cls.make_customer(f"Customer {document}", document) for document in CPFS]
        cls.journal = cls.company.cobranca_contract_journal_id
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def make_invoice(self, partner, due, amount, paid=(), **values):
        """A posted invoice and what was paid of it, each receipt reconciled on its day."""
        line = {"name": "Fee", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": self.journal.id,
                "invoice_date": min(due, TODAY) - timedelta(days=10),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({**line, "account_id": self.company.cobranca_service_account_id.id})
                ],
                **values,
            }
        )
        move.action_post()
        for day, part in paid:
            self.receive(move, day, part)
        return move

    def receive(self, move, day, amount):
        account = move.line_ids.filtered(lambda line: line.display_type == "payment_term").account_id
        values = {"partner_id": move.commercial_partner_id.id, "date_maturity": day}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": day,
                "line_ids": [
                    Command.create({**values, "account_id": self.bank.default_account_id.id, "balance": amount}),
                    Command.create({**values, "account_id": account.id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        (entry | move).line_ids.filtered(lambda line: line.account_id == account).reconcile()

    def renewed(self, partners=None):
        self.Behavior._refresh(self.company, partners)
        return self.Behavior.search([("company_id", "=", self.company.id)])

    def row_of(self, partner):
        return self.renewed().filtered(lambda row: row.partner_id == partner)

    # === FIGURES === #

    def test_doctests(self):
        self.assertEqual(doctest.testmod(behavior).failed, 0)

    def test_random_histories(self):
        """Whatever is paid when: the query says what plain loops say."""
        moments = random.Random(3)
        titles = defaultdict(list)
        for number in range(72):
            partner = moments.choice(self.customers)
            due = TODAY - timedelta(days=moments.randint(1, 500))
            amount = moments.randint(100, 90000) / 100
            paid, left = [], amount
            for _part in range(moments.choice([0, 1, 1, 1, 2])):
                day = min(due + timedelta(days=moments.randint(-5, 60)), TODAY)
                part = round(left * moments.choice([1, 1, 0.4]), 2)
                if part > 0:
                    paid.append((day, part))
                    left = round(left - part, 2)
            titles[partner].append((number, due, amount, paid))
            self.make_invoice(partner, due, amount, paid)
        rows = {row.partner_id: row for row in self.renewed()}
        self.assertLessEqual(set(titles), set(rows))
        for partner, of_one in titles.items():
            for name, expected in figures_by_hand(of_one).items():
                self.assertAlmostEqual(rows[partner][name], expected, delta=0.0501, msg=f"{partner.name}: {name}")

    def test_what_does_not_count(self):
        """Drafts, what is not due yet, credit notes, and what is older than two years."""
        partner = self.customers[0]
        self.make_invoice(partner, TODAY + timedelta(days=5), 100.0)
        self.make_invoice(partner, TODAY, 100.0)
        self.make_invoice(partner, TODAY - timedelta(days=900), 100.0)
        invoice = self.make_invoice(partner, TODAY - timedelta(days=40), 100.0)
        invoice.button_draft()
        self.assertFalse(self.row_of(partner))
        invoice.action_post()
        self.assertEqual(self.row_of(partner).invoice_count, 1)
        refund = invoice._reverse_moves([{"invoice_date": TODAY}], cancel=True)
        self.assertEqual(refund.state, "posted")
        row = self.row_of(partner)
        self.assertEqual((row.overdue_amount, row.late_count, row.worst_delay), (0, 0, 0), "credited, not paid late")

    def test_saturday_is_paid_on_monday(self):
        saturday = date(2026, 5, 9)
        self.make_invoice(self.customers[0], saturday, 100.0, [(date(2026, 5, 11), 100.0)])
        self.make_invoice(self.customers[1], saturday, 100.0, [(date(2026, 5, 12), 100.0)])
        self.assertEqual(self.row_of(self.customers[0]).late_count, 0)
        self.assertEqual(self.row_of(self.customers[1]).worst_delay, 1)

    def test_reminded_is_not_alone(self):
        partner = self.customers[0]
        due = TODAY - timedelta(days=50)
        moves = [self.make_invoice(partner, due, 100.0, [(due + timedelta(days=20), 100.0)]) for _move in range(2)]
        line = moves[0].line_ids.filtered(lambda line: line.display_type == "payment_term")
        for day, expected in ((10, 50.0), (30, 100.0)):
            told = SQL("SELECT %s AS line_id, %s::date AS reminded_on", line.id, due + timedelta(days=day))
            with patch.object(type(self.Behavior), "_get_reminded_query", lambda *_arguments, told=told: told):
                self.assertEqual(self.row_of(partner).alone_percent, expected)

    # === ROWS === #

    def test_again_changes_nothing_and_what_is_gone_goes(self):
        partner, other = self.customers[:2]
        invoice = self.make_invoice(partner, TODAY - timedelta(days=40), 100.0)
        self.make_invoice(other, TODAY - timedelta(days=40), 100.0)
        first = self.renewed()
        kept = first.filtered(lambda row: row.partner_id == other)
        self.assertEqual(self.renewed(), first)
        invoice.button_draft()
        self.assertEqual(self.renewed(other), first, "only the other one was looked at")
        self.assertEqual(self.renewed(), kept)

    def test_companies_apart(self):
        second = self.env["res.company"].create({"name": "Second", "country_id": self.env.ref("base.br").id})
        self.make_invoice(self.customers[0], TODAY - timedelta(days=40), 100.0)
        self.renewed()
        self.Behavior._refresh(second)
        self.assertTrue(self.Behavior.search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.Behavior.search([("company_id", "=", second.id)]))
        row = self.row_of(self.customers[0])
        self.collector.write({"company_ids": second.ids, "company_id": second.id})
        self.assertFalse(self.Behavior.with_user(self.collector).search([("id", "=", row.id)]))

    def test_cron(self):
        self.make_invoice(self.customers[0], TODAY - timedelta(days=40), 100.0)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_behavior").method_direct_trigger()
        self.env.invalidate_all()
        row = self.Behavior.search([("partner_id", "=", self.customers[0].id)])
        self.assertEqual((row.overdue_amount, row.computed_on), (100.0, TODAY))

    def test_nobody_writes_it(self):
        self.make_invoice(self.customers[0], TODAY - timedelta(days=40), 100.0)
        row = self.row_of(self.customers[0]).with_user(self.manager)
        with self.assertRaises(AccessError):
            row.write({"late_count": 0})

    # === SEGMENTS AND WORDS === #

    def segment(self, partner):
        return self.row_of(partner).segment_id.get_external_id().popitem()[1].rpartition("_")[2]

    def test_segments(self):
        new, punctual, alone, chronic = self.customers
        self.make_invoice(new, TODAY - timedelta(days=20), 100.0)
        for months in range(1, 6):
            due = TODAY - timedelta(days=30 * months)
            self.make_invoice(punctual, due, 100.0, [(due, 100.0)])
            self.make_invoice(alone, due, 100.0, [(due + timedelta(days=8), 100.0)])
            self.make_invoice(chronic, due, 100.0, [(min(due + timedelta(days=45), TODAY), 100.0)])
        found = [self.segment(partner) for partner in (new, punctual, alone, chronic)]
        self.assertEqual(found, ["new", "punctual", "alone", "chronic"])

    def test_first_segment_that_fits_counts(self):
        partner = self.customers[0]
        self.make_invoice(partner, TODAY - timedelta(days=40), 100.0)
        own = self.env["cobranca.payer.segment"].create({"name": "Mine", "sequence": 1, "min_overdue_days": 40})
        self.assertEqual(self.row_of(partner).segment_id, own)
        own.min_overdue_days = 41
        self.assertNotEqual(self.row_of(partner).segment_id, own)
        self.env["cobranca.payer.segment"].search([]).active = False
        self.assertFalse(self.row_of(partner).segment_id)

    def test_bounds_in_their_order(self):
        with self.assertRaisesRegex(ValidationError, "nobody would fit"):
            self.env["cobranca.payer.segment"].create({"name": "Odd", "min_late_percent": 50, "max_late_percent": 20})

    def test_words(self):
        partner = self.customers[0]
        self.assertEqual(partner.cobranca_behavior_text, "New customer: no history yet.")
        due = TODAY - timedelta(days=40)
        self.make_invoice(partner, due, 100.0, [(due, 100.0)])
        self.assertEqual(self.row_of(partner).sentence, "1 of 1 invoices paid on time.")
        self.make_invoice(partner, due, 100.0, [(due + timedelta(days=10), 100.0)])
        self.make_invoice(partner, due, 300.0)
        row = self.row_of(partner)
        self.assertIn("2 of 3 invoices late, 26 days on average.", row.sentence)
        self.assertIn("100 % of the late ones paid without a reminder.", row.sentence)
        self.assertRegex(row.sentence, r"300\.00 overdue, the oldest for 40 days\.")
        partner.invalidate_recordset()
        self.assertTrue(row.sentence.startswith(f"{partner.cobranca_behavior_text} "))
        self.assertNotIn("overdue", partner.cobranca_behavior_text)
