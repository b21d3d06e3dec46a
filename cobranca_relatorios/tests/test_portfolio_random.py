import random
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from ..tools import metrics
from .bare_company import make_bare_company
from .common import ReportCommon
from .random_ledger import RandomLedger

START, END = date(2026, 1, 1), date(2026, 6, 30)
SPAN = (END - START).days + 1
# Each with a ledger in two companies.
ROUNDS, EVENTS = 100, (4, 12)


@freeze_time("2026-06-30 15:00:00")
class TestPortfolioRandom(ReportCommon):
    """What SQL computes is what a plain program computes title by title, whatever happened to the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company, cls.other_ledger = make_bare_company(cls.env, cls.supervisor)
        cls.writers = {cls.company: cls.ledger, cls.other_company: cls.other_ledger}
        for writer in cls.writers.values():
            writer.income = None  # half of what is written is of no interest here
        cls.Position = cls.env["cobranca.portfolio.snapshot"]
        cls.Aging = cls.env["cobranca.aging.report"].with_user(cls.supervisor)
        cls.partners = [cls.customer, cls.other_customer, cls.third_customer]

    def test_figures_of_random_ledgers(self):
        for seed in range(ROUNDS):
            with self.forgotten():
                rng = random.Random(seed)
                ledgers = {
                    company: RandomLedger(rng, writer, self.partners, START, END).play(rng.randint(*EVENTS))
                    for company, writer in self.writers.items()
                }
                for company, ledger in ledgers.items():
                    day = rng.choice((END, START + timedelta(days=rng.randrange(SPAN))))
                    self.check_aging(seed, company, ledger, day)
                    self.check_position(seed, company, ledger, day)

    # --- what is compared ---

    def check_aging(self, seed, company, ledger, day):
        report = self.Aging.with_context(allowed_company_ids=company.ids)._as_of(day)
        items = ledger.items()
        for field, bands in (("band", metrics.bands), ("original_band", metrics.original_bands)):
            groups = report._read_group([("is_credit", "=", False)], [field], ["amount_open:sum"])
            found = {band: self.decimal(amount) for band, amount in groups if round(amount, 2)}
            expected = {band: row[0] for band, row in bands(items, day).items()}
            self.assertEqual(found, expected, (seed, company.name, day, field))

    def check_position(self, seed, company, ledger, day):
        figures, bands, rolls = self.Position._get_position(company, day)
        items, where = ledger.items(), (seed, company.name, day)
        expected = {
            **self.expect_open(items, day),
            **self.expect_days(ledger, items, day),
            **self.expect_month(ledger, items, day),
            **self.expect_agreements(ledger, day),
        }
        self.assertEqual({name: figures[name] for name in expected}, expected, where)
        self.assertEqual(figures["difference"], 0, where)
        found = {(row["basis"], row["band"]): row for row in bands}
        for basis, oracle in (("due", metrics.bands), ("original", metrics.original_bands)):
            for band, (amount, titles, partners) in oracle(items, day).items():
                row = found.pop((basis, band))
                counted = (row["amount"], row["title_count"], row["partner_count"])
                self.assertEqual(counted, (amount, titles, partners), (*where, basis, band))
        self.assertFalse([row for row in found.values() if row["amount"] or row["title_count"]], where)
        rolled = {(row["from_band"], row["to_band"]): (row["amount"], row["share"]) for row in rolls}
        self.assertEqual(rolled, metrics.roll(items, self.month_before(day), day), where)

    def expect_open(self, items, day):
        rates = {days: metrics.delinquency(items, day, days) for days in (0, 30, 60, 90)}
        originals = metrics.original_bands(items, day)
        late_30 = sum((row[0] for band, row in originals.items() if band >= "2"), Decimal(0))
        late = metrics.titles_open(items, day, over=0)
        return {
            "amount_open": metrics.total_open(items, day),
            "amount_credit": metrics.total_credit(items, day),
            "amount_late": metrics.total_open(items, day, over=0),
            "amount_late_30": metrics.total_open(items, day, over=30),
            "amount_late_60": metrics.total_open(items, day, over=60),
            "amount_late_90": metrics.total_open(items, day, over=90),
            "amount_original_late": sum((row[0] for band, row in originals.items() if band >= "1"), Decimal(0)),
            "amount_original_late_30": late_30,
            "title_count": len(metrics.titles_open(items, day)),
            "late_count": len(late),
            "late_partner_count": len({item.partner for item, _amount, _late in late}),
            **{f"rate_{days}": amount for days, (amount, _titles) in rates.items()},
            **{f"title_rate_{days}": titles for days, (_amount, titles) in rates.items()},
            "original_rate_30": metrics.percent(late_30, metrics.total_open(items, day)),
            "average_delay": metrics.average_delay(items, day),
        }

    def expect_days(self, ledger, items, day):
        first = day + timedelta(days=1) - relativedelta(months=3)
        sales, days = ledger.sales_between(first, day), (day - first).days + 1
        balance = self.balance(items, day)
        current = balance - metrics.total_open(items, day, over=0)
        months = []
        while day >= START:
            length = min(day.day, monthrange(day.year, day.month)[1])
            months.append((ledger.sales_between(day.replace(day=1), day), length))
            day = self.month_before(day)
        while months and not months[-1][0]:
            months.pop()
        return {
            "sales_quarter": sales,
            "dso": metrics.dso(balance, sales, days),
            "dso_best": metrics.dso(current, sales, days),
            "days_delinquent": metrics.days_delinquent(balance, current, sales, days),
            "dso_countback": metrics.count_back(balance, months),
        }

    def expect_month(self, ledger, items, day):
        first = day.replace(day=1)
        payments = ledger.payments_between(first, day)
        weighted, late, mean = metrics.payment_delays(payments)
        before, after = self.balance(items, self.month_before(day)), self.balance(items, day)
        sales = ledger.sales_between(first, day)
        return {
            "sales": sales,
            "received": sum((payment.amount for payment in payments), Decimal(0)),
            "recovered": sum((payment.amount for payment in payments if payment.paid > payment.due), Decimal(0)),
            "payment_delay": weighted,
            "payment_delay_late": late,
            "payment_delay_mean": mean,
            "cei": metrics.cei(before, sales, after, after - metrics.total_open(items, day, over=0)),
            "account_balance": after,
        }

    def expect_agreements(self, ledger, day):
        agreed = ledger.agreements_on(day)
        late = {row[0].key for row in metrics.titles_open(ledger.items(), day, over=0)}
        on_time = [one for one in agreed if not any(title.line_id in late for title in one.titles)]
        return {
            "agreement_count": len(agreed),
            "agreement_on_time_count": len(on_time),
            "agreement_rate": metrics.percent(Decimal(len(on_time)), Decimal(len(agreed))),
        }

    # --- helpers ---

    def balance(self, items, day):
        return metrics.total_open(items, day) + metrics.total_credit(items, day)

    def month_before(self, day):
        return day.replace(day=1) - timedelta(days=1)

    def decimal(self, amount):
        return Decimal(str(round(amount, 2)))
