"""The SQL of the reports equals plain Python on random ledgers."""

import random
from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from ..report import cobranca_delay_report
from ..report.cobranca_cohort_report import AFTER
from ..tools import payments
from ..tools.payments import Debt, Part
from .payer_common import PayerCommon

# Each round writes eight ledgers, each of another customer and with the due dates of other three months.
ROUNDS, LEDGERS, LENGTH = 25, 8, 3
MONTHS = [date(2024, 7, 1) + relativedelta(months=number) for number in range(LEDGERS * LENGTH)]
MEASURES = (
    *("amount:sum", "delay_mean:avg", "late_delay_mean:avg", "late_plain_mean:avg"),
    *("alone_rate:avg", "alone_count:sum", "late_count:sum"),
)


class TestRandomLedgers(PayerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create([{"name": f"Cliente {number}"} for number in range(LEDGERS)])
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260630)

    def test_reports_equal_plain_python(self):
        shown = 0
        for number in range(ROUNDS):
            self.today = self.some_day(date(2026, 6, 1), date(2026, 6, 30))
            with freeze_time(f"{self.today} 15:00:00"), self.subTest(round=number), self.forgotten():
                ledgers = [self.write_ledger(partner, place) for place, partner in enumerate(self.partners)]
                self.check_payments(ledgers)
                self.check_relations(ledgers)
                shown += self.check_cohorts([debt for ledger in ledgers for debt in ledger.debts])
        # Not all of them may be empty.
        self.assertGreater(shown, ROUNDS * LEDGERS * 5)

    # --- what is written ---

    def some_day(self, since, until=None):
        return since + timedelta(days=self.random.randint(0, max(((until or self.today) - since).days, 0)))

    def some_amount(self, most=200_000):
        return payments.Decimal(self.random.randint(100, max(most, 100))) / 100

    def write_ledger(self, partner, place):
        """Some invoices, their money, credit notes, contacts and agreements.

        :return: Ledger
        """
        ledger = Ledger(partner)
        for _number in range(self.random.randint(1, 3)):
            month = MONTHS[place * LENGTH + self.random.randrange(LENGTH)]
            due = self.some_day(month, month + timedelta(days=27))
            title = self.ledger.invoice(partner, due - timedelta(days=20), due, self.some_amount())
            debt = Debt(due, title.amount)
            ledger.debts.append(debt)
            self.settle(title, debt, ledger)
            if self.random.random() < 0.3:
                self.agree(title, debt, ledger, depth=self.random.randint(1, 2))
        return ledger

    def settle(self, title, debt, ledger):
        """Money and credit notes of one debt, until two months after its due date."""
        last = min(title.due + timedelta(days=130), self.today)
        if last <= title.date:
            return
        reminded = None
        if self.random.random() < 0.5:
            reminded = self.some_day(title.due, last)
            self.talk(reminded, ledger.partner, [title.line_id])
        days = []
        for _part in range(self.random.randint(0, 2)):
            left = debt.open_at(date.max)
            amount = min(left, self.some_amount(int(left * 100)))
            if amount <= 0:
                break
            day = self.some_day(title.date, last)
            debt.settled.append((day, amount))
            if self.random.random() < 0.2:
                self.ledger.match(title, self.ledger.invoice(ledger.partner, day, day, -amount), amount)
                continue
            self.ledger.pay(title, day, amount)
            ledger.parts.append(Part(title.due, day, amount, reminded))
            days.append(day)
        if days:
            ledger.pairs.append((title.amount, max((max(days) - title.due).days, 0)))

    def agree(self, title, debt, ledger, depth):
        """An agreement over what is left of a debt, and perhaps a second one over its installments."""
        left = debt.open_at(date.max)
        signed = max([title.date, *(day for day, _amount in debt.settled)])
        if left <= 0 or signed >= self.today:
            return
        first = self.some_day(signed, signed + timedelta(days=60))
        terms = [(first + timedelta(days=30 * number), self.some_amount()) for number in range(2)]
        _agreement, written = self.ledger.agree([title], signed, terms)
        debt.principal = left
        for item in written:
            one = Debt(item.due, item.amount)
            debt.installments.append(one)
            self.settle(item, one, ledger)
            if depth > 1 and self.random.random() < 0.5:
                self.agree(item, one, ledger, depth - 1)

    # --- what is compared ---

    def check_payments(self, ledgers):
        rows = self.report("cobranca.payment.report")._read_group([], ["partner_id"], MEASURES)
        found = {partner.id: figures for partner, *figures in rows}
        for ledger in ledgers:
            share, alone, late = payments.spontaneous(ledger.parts)
            expected = (
                sum(part.amount for part in ledger.parts),
                payments.weighted_delay(ledger.parts),
                payments.late_weighted_delay(ledger.parts),
                payments.late_plain_delay(ledger.parts),
                *(share, alone, late),
            )
            figures = found.get(ledger.partner.id) or [0] * len(MEASURES)
            for name, figure, right in zip(MEASURES, figures, expected, strict=True):
                self.assertAlmostEqual(float(figure or 0), float(right or 0), places=6, msg=name)

    def check_relations(self, ledgers):
        with patch.object(cobranca_delay_report, "LEAST", 1):
            found = self.report("cobranca.delay.report")._get_relations(self.company, MONTHS[0], by="partner_id")
        for ledger in ledgers:
            relation = found.get(ledger.partner.id, cobranca_delay_report.Relation(0))
            pairs = ledger.pairs
            self.assertEqual(relation.count, len(pairs))
            for figure, right in (
                (relation.pearson, payments.pearson(pairs)),
                (relation.spearman, payments.spearman(pairs)),
            ):
                self.assertEqual(figure is None, right is None)
                self.assertAlmostEqual(figure or 0, right or 0, places=6)

    def check_cohorts(self, debts):
        rows = self.report("cobranca.cohort.report").search([])
        found = {(row.month, row.days): (row.amount_due, row.amount_open) for row in rows}
        for month in MONTHS:
            for after in AFTER:
                right = payments.cohort(debts, month, after, self.today)
                figure = found.pop((month, after), None)
                self.assertEqual(figure is None, right is None, (month, after))
                if right is not None:
                    self.assertAlmostEqual(figure[0], float(right[0]), places=2)
                    self.assertAlmostEqual(figure[1], float(right[1]), delta=0.0051)
        self.assertFalse(found)
        return len(rows)


class Ledger:
    """One customer as plain Python sees him.

    :param parts: payments.Part
    :param pairs: of (amount, days late) of the debts that money came for
    """

    def __init__(self, partner):
        self.partner, self.debts, self.parts, self.pairs = partner, [], [], []
