import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools import debt as kernel

from . import debt_oracle
from .debt_common import DebtCommon

HISTORIES = 240
FIRST_DAY = date(2025, 12, 1)
IPCA_2019 = ("0.32", "0.43", "0.75", "0.57", "0.13", "0.01", "0.19", "0.11", "-0.04", "0.10", "0.51", "1.15")
TERMS = (
    {"fine": "2", "interest": "1", "rule": "moved", "tolerance": 0},
    {"fine": "2", "interest": "1", "rule": "original", "tolerance": 0},
    {"fine": "10", "interest": "3.5", "rule": "moved", "tolerance": 5},
    {"fine": "0", "interest": "0.3333", "rule": "original", "tolerance": 2},
    {"fine": "2", "interest": "1", "rule": "moved", "tolerance": 0, "index": True},
)


@tagged("post_install", "-at_install")
class TestDebtReader(DebtCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.env["cobranca.price.index"].create({"name": "Test", "code": "TST"})
        cls.months = {}
        # July 2025 to December 2026.
        for number, percent in enumerate((*IPCA_2019[6:], *IPCA_2019), 6):
            cls.months[date(2025 + number // 12, number % 12 + 1, 1)] = percent
        with freeze_time("2026-12-31 15:00:00"):
            cls.env["cobranca.price.index.value"].create(
                [
                    {"index_id": cls.index.id, "month": month, "percent": float(percent)}
                    for month, percent in cls.months.items()
                ]
            )

    # === AGAINST THE ORACLE === #

    def make_customers(self):
        """A company for each of the terms; the terms as the oracle wants them."""
        found = []
        for number, terms in enumerate(TERMS):
            policy = self.make_policy(
                fine_percent=float(terms["fine"]),
                interest_percent=float(terms["interest"]),
                due_rule=terms["rule"],
                tolerance_days=terms["tolerance"],
                correction_index_id=self.index.id if terms.get("index") else False,
            )
            partner = self.env["res.partner"].create({"name": f"Customer {number}", "is_company": True})
            self.give(partner, policy)
            found.append((partner, {**terms, "index": self.months if terms.get("index") else None}))
        return found

    def draw(self, customers, generator):
        """Amounts, due dates and payments; few days, so that few entries hold them all."""
        histories = []
        for _number in range(HISTORIES):
            amount = Decimal(generator.randint(1, 400_000)) / 100
            due = FIRST_DAY + timedelta(days=generator.randint(5, 200))
            paid, left = [], amount
            for day in sorted(generator.sample(range(6, 250, 7), generator.randint(0, 3))):
                part = min(left, (amount * generator.randint(5, 70) / 100).quantize(Decimal("0.01")))
                if part:
                    paid.append((FIRST_DAY + timedelta(days=day), part))
                    left -= part
            histories.append((generator.choice(customers), amount, due, paid))
        return histories

    def book(self, histories):
        """All of them in the accounts.

        :return: lines in the order of the histories
        """
        lines = self.post_lines(
            FIRST_DAY, [(partner, amount, due) for (partner, _terms), amount, due, _paid in histories]
        )
        by_day = {}
        for line, ((partner, _terms), _amount, _due, paid) in zip(lines, histories, strict=True):
            for day, amount in paid:
                by_day.setdefault(day, []).append((line, partner, amount))
        plan = []
        for day, payments in sorted(by_day.items()):
            credits = self.post_lines(day, [(partner, amount, day) for _line, partner, amount in payments], sign=-1)
            plan += [line + credit for (line, _partner, _amount), credit in zip(payments, credits, strict=True)]
        self.env["account.move.line"]._reconcile_plan(plan)
        return lines

    def test_random_histories_are_as_by_hand(self):
        generator = random.Random(20260119)
        histories = self.draw(self.make_customers(), generator)
        lines = self.book(histories).with_user(self.collector)
        looks = [FIRST_DAY + timedelta(days=number) for number in (0, 40, 97, 141, 203, 262)]
        late = partial = 0
        for day in looks:
            found = lines._cobranca_get_debts(day)
            for line, ((_partner, terms), amount, due, paid) in zip(lines, histories, strict=True):
                expected = debt_oracle.debt(amount, due, paid, day, terms)
                charges = found[line]
                actual = (charges.principal, charges.correction, charges.fine, charges.interest)
                self.assertEqual(tuple(map(Fraction, actual)), expected, (amount, due, paid, day, terms))
                late += charges.interest > 0
                partial += 0 < charges.principal < amount
        self.assertGreater(late, 300)
        self.assertGreater(partial, 300)
        # What the books say of the last day is what the reader says of the invoice.
        self.assertEqual(
            [f"{found[line].principal:.2f}" for line in lines], [f"{line.amount_residual:.2f}" for line in lines]
        )

    # === PUBLISHED AND WORKED FIGURES === #

    def test_vectors(self):
        line = self.owe("1234.56", "2026-10-05")
        self.assertDebt(line, "2026-10-05", 1234.56)
        self.assertDebt(line, "2026-11-21", 1234.56, fine=24.69, interest=19.34)
        self.assertDebt(line, "2026-01-01", 0)

    def test_a_payment_that_went_to_charges_first(self):
        """300 of 1,000 after 45 days: 35 for fine and interest, 265 for the invoice (PP01)."""
        line = self.owe(1000, "2026-01-05")
        self.pay(line, 265, "2026-02-19")
        self.assertDebt(line, "2026-03-06", 735, fine=20, interest=18.68)
        settled = [(date(2026, 2, 19), "interest", 15.0), (date(2026, 2, 19), "fine", Decimal(20))]
        Reader = type(self.env["account.move.line"])

        def hook(_self, lines, until):
            return {lines: [entry for entry in settled if entry[0] <= until]}

        with patch.object(Reader, "_cobranca_get_settled_charges", hook):
            self.assertDebt(line, "2026-02-18", 1000, fine=20, interest=14.67)
            self.assertDebt(line, "2026-02-19", 735)
            self.assertDebt(line, "2026-03-06", 735, interest=3.68)
            settled.append((date(2026, 3, 1), "discount", 50.0))
            self.assertDebt(line, "2026-03-06", 735, interest=3.68)

    def test_money_that_was_there_before_its_entry(self):
        """Later addons say when money came: interest of 1 % a month runs on 600 from then on."""
        line = self.owe(1000, "2026-01-05")
        self.pay(line, 400, "2026-03-06")
        self.assertDebt(line, "2026-03-06", 600.0, fine=20.0, interest=20.0)
        Line = type(self.env["account.move.line"])
        base = Line._cobranca_get_paid_query

        def earlier(lines):
            return SQL("SELECT line_id, credit_id, day - 30 AS day, amount FROM (%s) paid", base(lines))

        with patch.object(Line, "_cobranca_get_paid_query", earlier):
            self.assertDebt(line, "2026-02-04", 600.0, fine=20.0, interest=10.0)
            self.assertDebt(line, "2026-03-06", 600.0, fine=20.0, interest=16.0)

    def test_saturday_and_holiday(self):
        line = self.owe(100, "2026-02-14")  # Saturday before Carnival: banks open on Wednesday
        self.assertDebt(line, "2026-02-18", 100)
        self.assertDebt(line, "2026-02-19", 100, fine=2, interest=0.03)
        self.give(self.business, self.make_policy("all", due_rule="original"))
        line = self.owe(100, "2026-02-14", partner=self.business)
        self.assertDebt(line, "2026-02-18", 100)
        self.assertDebt(line, "2026-02-19", 100, fine=2, interest=0.17)

    def test_a_day_in_the_past(self):
        line = self.owe(1000, "2026-01-05")
        self.pay(line, 1000, "2026-02-04")
        self.assertTrue(line.reconciled)
        self.assertDebt(line, "2026-02-03", 1000, fine=20, interest=9.67)
        self.assertDebt(line, "2026-03-01", 0, fine=20, interest=10)

    def test_paid_in_advance(self):
        [credit] = self.post_lines(date(2026, 1, 2), [(self.customer, 40, date(2026, 1, 2))], sign=-1)
        line = self.owe(100, "2026-02-05", day="2026-01-20")
        (line + credit).reconcile()
        self.assertDebt(line, "2026-01-20", 60)
        self.assertDebt(line, "2026-01-10", 0)
        self.assertDebt(credit, "2026-03-01", 0)

    def test_legal_rate(self):
        """2,000 without an agreed rate: 0.6 % of September and half of October's 0.8 %."""
        legal = self.env.ref("cobranca_recorrente.cobranca_price_index_legal")
        self.give(self.customer, self.make_policy("all", interest_regime="legal", fine_percent=0))
        line = self.owe(2000, "2024-09-02", day="2024-08-01")
        [debt] = line._cobranca_read_debts(date(2024, 10, 1)).values()
        self.assertEqual((debt.charges.interest, debt.remarks), (0, (("no_figures", legal.display_name),)))
        self.env["cobranca.price.index.value"].create(
            [
                {"index_id": legal.id, "month": f"2024-{month}-01", "percent": percent}
                for month, percent in (("09", 0.6), ("10", 0.8))
            ]
        )
        self.assertDebt(line, "2024-10-01", 2000, interest=11.6)  # 29 of 30 days of September
        [debt] = line._cobranca_read_debts(date(2024, 11, 15)).values()
        self.assertEqual(debt.remarks, ((kernel.REPEATED, f"{legal.display_name} 10/2024"),))

    def test_index_months_that_are_not_published_or_missing(self):
        self.give(self.customer, self.make_policy("all", correction_index_id=self.index.id))
        line = self.owe(1000, "2026-11-16", day="2026-11-01")
        [debt] = line._cobranca_read_debts(date(2027, 1, 10)).values()
        # 0.51 of November, 1.15 of December, and that of December once more.
        self.assertEqual(debt.charges.correction, Decimal("28.35"))
        self.assertEqual(debt.remarks, ((kernel.REPEATED, "TST 12/2026"),))
        self.index.value_ids.filtered(lambda value: value.month == date(2026, 1, 1)).unlink()
        gap = self.owe(1000, "2025-12-29", day="2025-12-01")
        [debt] = gap._cobranca_read_debts(date(2026, 1, 28)).values()
        self.assertEqual((debt.remarks, debt.charges.correction), (((kernel.GAP, "01/2026"),), 0))
        self.assertEqual((debt.charges.fine, debt.charges.interest), (20, 10))

    def test_another_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        line = self.owe(100, "2026-01-05")
        self.env.cr.execute("UPDATE account_move_line SET currency_id = %s WHERE id = %s", [usd.id, line.id])
        line.invalidate_recordset()
        [debt] = line._cobranca_read_debts(date(2026, 3, 1)).values()
        self.assertEqual((debt.charges.total, debt.remarks), (100, (("foreign", ""),)))

    def test_without_a_policy(self):
        self.company.cobranca_charge_policy_id = False
        line = self.owe(100, "2026-01-05")
        self.assertDebt(line, "2026-03-01", 100)
        [debt] = line._cobranca_read_debts(date(2026, 3, 1)).values()
        self.assertEqual(debt.days_late, 55)

    def test_discount_for_paying_in_time(self):
        discounts = [Command.create({"days_before": days, "percent": percent}) for days, percent in ((5, 10), (0, 5))]
        self.give(self.customer, self.make_policy("all", discount_ids=discounts))
        line = self.owe("99.90", "2026-02-14")  # a Saturday before Carnival
        for day, discount in (
            ("2026-02-09", "9.99"),
            ("2026-02-10", "5.00"),
            ("2026-02-18", "5.00"),
            ("2026-02-19", 0),
        ):
            [debt] = line._cobranca_read_debts(date.fromisoformat(day)).values()
            self.assertEqual(debt.discount, Decimal(discount), day)

    # === SPEED AND READING ONLY === #

    def queries(self, lines):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines._cobranca_get_debts(date(2026, 6, 30))
        return self.env.cr.sql_log_count - before

    def test_few_queries_however_many_lines(self):
        histories = self.draw(self.make_customers(), random.Random(7))
        histories = [(*history[:3], history[3] if place < 20 else []) for place, history in enumerate(histories)]
        lines = self.book(histories).with_user(self.collector)
        self.queries(lines)
        few, many = self.queries(lines[:10]), self.queries(lines[:200])
        self.assertEqual(few, many)
        self.assertLess(many, 20)

    def read_tables(self, names):
        queries = [SQL("SELECT to_jsonb(t) FROM %s t ORDER BY id", SQL.identifier(name)) for name in names]
        return [self.env.execute_query(query) for query in queries]

    def test_nothing_is_written(self):
        line = self.owe(100, "2026-01-05")
        self.env.flush_all()
        tables = ("account_move_line", "account_move", "account_partial_reconcile", "cobranca_charge_policy_version")
        before = self.read_tables(tables)
        self.debt(line, "2026-03-01")
        self.customer.with_user(self.collector)._cobranca_get_debt_summary(date(2026, 3, 1))
        self.env.flush_all()
        self.assertEqual(before, self.read_tables(tables))
