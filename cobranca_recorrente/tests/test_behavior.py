import doctest
import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..tools import behavior
from .behavior_common import TODAY, BehaviorCommon

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
class TestBehavior(BehaviorCommon):
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

    def test_contacts_by_people_remind(self):
        """Whom nobody reached, and what was struck out, reminded nobody."""
        partner = self.customers[0]
        due = TODAY - timedelta(days=50)
        move = self.make_invoice(partner, due, 100.0, [(due + timedelta(days=20), 100.0)])
        line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")

        def speak(outcome):
            return self.env["cobranca.interaction"]._record(
                self.company,
                partner,
                "call",
                outcome,
                date=datetime.combine(due + timedelta(days=10), time(15)),
                lines=line,
            )

        speak("no_answer")
        self.assertEqual(self.row_of(partner).alone_percent, 100.0)
        said = speak("informed")
        self.assertEqual(self.row_of(partner).alone_percent, 0.0)
        said._write_own({"retracted_on": said.date})
        self.assertEqual(self.row_of(partner).alone_percent, 100.0)

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
