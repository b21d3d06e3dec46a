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


# Days without banks of the two years before, from the calendar on the wall.
CLOSED = """2024-09-07 2024-10-12 2024-11-02 2024-11-15 2024-11-20 2024-12-25 2025-01-01 2025-03-03 2025-03-04
    2025-04-18 2025-04-21 2025-05-01 2025-06-19 2025-09-07 2025-10-12 2025-11-02 2025-11-15 2025-11-20 2025-12-25
    2026-01-01 2026-02-16 2026-02-17 2026-04-03 2026-04-21 2026-05-01 2026-06-04""".split()


def latest_day(due):
    """What falls due on a day without banks may be paid on the next day with them."""
    while due.strftime("%a") in ("Sat", "Sun") or due.isoformat() in CLOSED:
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

    def make_invoice(self, partner, due, amount, paid=()):
        """A posted invoice and what was paid of it, each receipt reconciled on its day."""
        return self.make_invoices([(partner, due, amount, paid)])

    def make_invoices(self, rows):
        """The same for many, in a few strokes: of each (customer, due date, amount, [(day, paid)])."""
        moves = self.env["account.move"].create(
            [self.prepare_invoice(partner, due, amount) for partner, due, amount, _paid in rows]
        )
        moves.action_post()
        titles = [move.line_ids.filtered(lambda line: line.display_type == "payment_term") for move in moves]
        parts = [(title, *part) for title, row in zip(titles, rows, strict=True) for part in row[3]]
        entries = self.env["account.move"].create([self.prepare_receipt(*part) for part in parts])
        entries.action_post()
        plan = []
        for entry, (title, _day, _amount) in zip(entries, parts, strict=True):
            plan.append(title | entry.line_ids.filtered(lambda line, title=title: line.account_id == title.account_id))
        self.env["account.move.line"]._reconcile_plan(plan)
        return moves

    def prepare_invoice(self, partner, due, amount):
        line = {"name": "Fee", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "journal_id": self.journal.id,
            "invoice_date": min(due, TODAY) - timedelta(days=10),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({**line, "account_id": self.company.cobranca_service_account_id.id})],
        }

    def prepare_receipt(self, title, day, amount):
        values = {"partner_id": title.partner_id.id, "date_maturity": day}
        return {
            "journal_id": self.bank.id,
            "date": day,
            "line_ids": [
                Command.create({**values, "account_id": self.bank.default_account_id.id, "balance": amount}),
                Command.create({**values, "account_id": title.account_id.id, "balance": -amount}),
            ],
        }

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
        titles, drawn = defaultdict(list), []
        for number in range(220):
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
            drawn.append((partner, due, amount, paid))
        self.make_invoices(drawn)
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

    def test_holiday_is_paid_on_the_day_after(self):
        """Carnival 2026: banks open again on Wednesday, and a holiday of the own city counts as well."""
        monday, wednesday = date(2026, 2, 16), date(2026, 2, 18)
        self.make_invoice(self.customers[0], monday, 100.0, [(wednesday, 100.0)])
        self.make_invoice(self.customers[1], monday, 100.0, [(date(2026, 2, 19), 100.0)])
        self.assertEqual(self.row_of(self.customers[0]).late_count, 0)
        self.assertEqual(self.row_of(self.customers[1]).worst_delay, 1)
        city = self.env["res.city"].search([("country_id.code", "=", "BR")], limit=1)
        self.company.partner_id.write({"state_id": city.state_id.id, "city_id": city.id})
        self.env["cobranca.holiday"].create(
            {"name": "Of the city", "date": wednesday, "scope": "municipal", "city_id": city.id}
        )
        self.assertEqual(self.row_of(self.customers[1]).late_count, 0)

    def test_random_due_dates_on_holidays(self):
        """Every day without banks of two years, paid some days later: as by plain loops."""
        moments = random.Random(5)
        partner, titles = self.customers[0], []
        for number, day in enumerate(CLOSED):
            due = date.fromisoformat(day) - timedelta(days=moments.choice([0, 0, 1, 2]))
            paid = [(min(due + timedelta(days=moments.randint(0, 5)), TODAY), 100.0)]
            titles.append((number, due, 100.0, paid))
        self.make_invoices([(partner, *title[1:]) for title in titles])
        row = self.row_of(partner)
        for name, expected in figures_by_hand(titles).items():
            self.assertAlmostEqual(row[name], expected, delta=0.0501, msg=name)

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
        rows = []
        for months in range(1, 6):
            due = TODAY - timedelta(days=30 * months)
            for partner, days in ((punctual, 0), (alone, 8), (chronic, 45)):
                rows.append((partner, due, 100.0, [(min(due + timedelta(days=days), TODAY), 100.0)]))
        self.make_invoices(rows)
        found = [self.segment(partner) for partner in (new, punctual, alone, chronic)]
        self.assertEqual(found, ["new", "punctual", "alone", "chronic"])

    def hold(self, reason, **values):
        return self.env["cobranca.hold"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customers[0].id,
                "reason": reason,
                "date_from": TODAY - timedelta(days=3),
                **values,
            }
        )

    def test_do_not_contact(self):
        """Death, court and over-indebtedness come before all figures, while the pause is in force."""
        partner = self.customers[0]
        self.make_invoice(partner, TODAY - timedelta(days=20), 100.0)
        for reason in ("deceased", "court", "over_indebtedness"):
            hold = self.hold(reason)
            self.assertEqual(self.segment(partner), "untouched", reason)
            hold.ended_on = TODAY
            self.assertEqual(self.segment(partner), "new", reason)
        for reason, values in (
            ("procon", {}),
            ("vacation", {}),
            ("court", {"date_to": TODAY - timedelta(days=1)}),
            ("court", {"date_from": TODAY + timedelta(days=1)}),
            ("court", {"partner_id": self.customers[1].id}),
        ):
            self.hold(reason, **values)
        self.assertEqual(self.segment(partner), "new")
        segment = self.env.ref("cobranca_recorrente.cobranca_payer_segment_untouched")
        self.assertIn("Deceased, Over-indebtedness", segment.with_user(self.manager).rule)
        segment.with_user(self.manager).is_held_procon = True
        self.assertEqual(self.segment(partner), "untouched")
        second = self.env["res.company"].create({"name": "Second"})
        self.env["cobranca.hold"].search([("partner_id", "=", partner.id)]).company_id = second
        self.assertEqual(self.segment(partner), "new", "that pause is of another company")

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
