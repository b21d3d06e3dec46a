from datetime import date, timedelta
from decimal import Decimal
from random import Random

from freezegun import freeze_time

from odoo import Command

from ..tools import mrr
from .common import ReportCommon

UNITS = [
    ("month", 1),
    ("month", 1),
    ("quarter", 1),
    ("year", 1),
    ("semester", 1),
    ("week", 1),
    ("week", 2),
    ("day", 45),
]
PARTS = ("opening", "new", "reactivation", "expansion", "contraction", "churn", "closing")
CUSTOMERS = 220


def month_ends(first, today):
    """(First day of a month, its last day or today) of each month up to the running one."""
    found = []
    while first <= today:
        following = (first + timedelta(days=32)).replace(day=1)
        found.append((first, min(following - timedelta(days=1), today)))
        first = following
    return found


def cents(amount):
    return Decimal(repr(round(amount, 2))).quantize(Decimal("0.01"))


@freeze_time("2026-06-20 15:00:00")
class TestMrrReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.Report = cls.env["cobranca.mrr.report"].with_user(cls.supervisor)
        cls.Rates = cls.env["cobranca.mrr.rate.report"].with_user(cls.supervisor)

    def sign(self, price, start, partner=None, **values):
        """An active contract of one item."""
        line = {"product_id": self.product.id, "price_unit": price}
        return self.make_contract(
            partner_id=(partner or self.customer).id, date_start=start, line_ids=[Command.create(line)], **values
        )

    def row(self, month, partner=None):
        """{part: amount} of the parts of a customer's month that are not zero."""
        rows = self.Report.search([("month", "=", month), ("partner_id", "=", (partner or self.customer).id)])
        self.assertLessEqual(len(rows), 1)
        return {part: rows[part] for part in PARTS if rows and rows[part]}

    def end(self, contract, day):
        contract._end(self.day(day), self.env["cobranca.close.reason"].search([], limit=1))

    # --- how contracts count ---

    def test_a_contract_counts_from_its_start_until_its_end(self):
        contract = self.sign(100, "2026-02-28")
        self.end(contract, "2026-05-31")
        self.assertEqual(self.row("2026-01-01"), {})
        self.assertEqual(self.row("2026-02-01"), {"new": 100, "closing": 100})
        self.assertEqual(self.row("2026-05-01"), {"opening": 100, "closing": 100})
        self.assertEqual(self.row("2026-06-01"), {"opening": 100, "churn": -100})

    def test_a_start_to_come_counts_when_it_comes(self):
        self.sign(100, "2026-06-21")
        self.assertEqual(self.row("2026-06-01"), {})
        with freeze_time("2026-06-21 15:00:00"):
            self.assertEqual(self.row("2026-06-01"), {"new": 100, "closing": 100})

    def test_one_that_renews_itself_goes_on_after_its_end(self):
        self.sign(100, "2025-06-01", date_end="2026-05-31", renewal="auto")
        self.sign(40, "2025-06-01", date_end="2026-05-31", renewal="none", partner=self.other_customer)
        self.assertEqual(self.row("2026-06-01"), {"opening": 100, "closing": 100})
        self.assertEqual(self.row("2026-06-01", self.other_customer), {"opening": 40, "churn": -40})

    def test_days_of_trial_count_and_a_pause_does_not(self):
        contract = self.sign(100, "2026-03-20", trial_days=30)
        self.assertEqual(self.row("2026-03-01"), {"new": 100, "closing": 100})
        contract._pause(self.day("2026-04-30"), self.day("2026-05-30"), "reforma")
        self.assertEqual(self.row("2026-04-01"), {"opening": 100, "churn": -100})
        self.assertEqual(self.row("2026-05-01"), {"reactivation": 100, "closing": 100})

    def test_changes_of_items_move_it_in_their_month(self):
        contract = self.sign(100, "2026-01-01")
        contract._change_items(self.day("2026-03-15"), [(contract.line_ids, {"price_unit": 130})])
        contract._change_items(
            self.day("2026-05-01"), [(contract.line_ids.sorted("id")[-1], {"price_unit": 90})], kind="readjust"
        )
        self.assertEqual(self.row("2026-03-01"), {"opening": 100, "expansion": 30, "closing": 130})
        self.assertEqual(self.row("2026-05-01"), {"opening": 130, "contraction": -40, "closing": 90})

    def test_years_and_weeks_count_as_a_month(self):
        self.sign(1200, "2026-01-01", interval_unit="year")
        self.sign(70, "2026-01-01", interval_unit="week", partner=self.other_customer)
        self.assertEqual(self.row("2026-01-01")["closing"], 100)
        self.assertEqual(self.row("2026-01-01", self.other_customer)["closing"], 304.38)

    def test_another_currency_moves_nothing_when_its_rate_does(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.sign(100, "2026-03-01", currency_id=dollar.id)
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        self.assertEqual(self.row("2026-04-01"), {})
        for day, rate in (("2026-03-01", 0.25), ("2026-06-01", 0.2)):
            self.env["res.currency.rate"].create(
                {"currency_id": dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
            )
        self.assertEqual(self.row("2026-04-01"), {"opening": 500, "closing": 500})

    def test_what_was_withdrawn_from_never_counted(self):
        contract = self.sign(100, "2026-05-01")
        contract._update_state(("active",), "cancelled")
        self.assertEqual(self.row("2026-05-01"), {})

    # --- the example of the definitions ---

    def make_example(self):
        """Customers a to f: 500 at the end of April, 560 at the end of May; f had some in February."""
        people = {name: self.env["res.partner"].create({"name": name}) for name in "abcdef"}
        gone = self.sign(60, "2026-02-01", partner=people["f"])
        self.end(gone, "2026-03-15")
        contracts = {
            name: self.sign(price, "2026-04-01", partner=people[name])
            for name, price in (("a", 100), ("b", 200), ("c", 50), ("d", 150))
        }
        for name, price in (("a", 150), ("b", 120)):
            contracts[name]._change_items(self.day("2026-05-10"), [(contracts[name].line_ids, {"price_unit": price})])
        self.end(contracts["c"], "2026-05-20")
        self.sign(80, "2026-05-05", partner=people["e"])
        self.sign(60, "2026-05-05", partner=people["f"])
        return people

    def test_example_of_the_definitions(self):
        self.make_example()
        [sums] = self.Report._read_group([("month", "=", "2026-05-01")], [], [f"{part}:sum" for part in PARTS])
        self.assertEqual([float(amount) for amount in sums], [500, 80, 60, 50, -80, -50, 560])
        rates = self.Rates._get_rates(self.company, self.day("2026-05-17"))
        names = ("churn_rate", "net_churn_rate", "nrr", "grr", "logo_churn_rate")
        self.assertEqual([rates[name] for name in names], [26, 16, 84, 74, 25])
        self.assertEqual((rates["customers_opening"], rates["customers_lost"], rates["customers_closing"]), (4, 1, 5))
        self.assertEqual(self.Rates._get_rates(self.company, self.day("2020-01-01")), {})

    def test_groups_of_months_begin_with_the_first_and_end_with_the_last(self):
        self.make_example()
        period = [("month", ">=", "2026-04-01"), ("month", "<=", "2026-05-01")]
        [sums] = self.Report._read_group(period, [], [f"{part}:sum" for part in PARTS])
        opening, *moved, closing = map(float, sums)
        self.assertEqual((opening, closing), (0, 560))
        self.assertEqual(round(opening + sum(moved), 2), closing)
        [(churn, before)] = self.Rates._read_group(
            [("month", ">=", "2026-03-01")], [], ["churn_rate:avg", "opening:sum"]
        )
        # Months that begin with 60 (lost in March), 0, 500 (130 less) and 560.
        self.assertAlmostEqual(churn, 100 * (60 + 130) / (60 + 500 + 560), 6)
        self.assertEqual(before, 60)
        by_month = dict(self.Rates._read_group([], ["month:month"], ["nrr:avg"]))
        self.assertEqual(by_month[date(2026, 5, 1)], 84)

    def test_rows_of_changes_add_up_to_the_movements(self):
        self.make_example()
        Changes = self.env["cobranca.mrr.movement.report"].with_user(self.supervisor)
        found = dict(Changes._read_group([("month", "=", "2026-05-01")], ["kind"], ["amount:sum"]))
        self.assertEqual(
            found, {"1_new": 80, "2_reactivation": 60, "3_expansion": 50, "4_contraction": -80, "5_churn": -50}
        )

    def test_only_the_running_month_is_partial(self):
        self.sign(100, "2026-04-01")
        rows = self.Report.search([("partner_id", "=", self.customer.id)])
        self.assertEqual({row.month for row in rows if row.is_partial}, {date(2026, 6, 1)})
        with freeze_time("2026-06-30 15:00:00"):
            self.env.invalidate_all()
            self.assertFalse(any(self.Report.search([]).mapped("is_partial")))

    # --- against the product and the oracle ---

    def make_random_contracts(self, random):
        people = self.env["res.partner"].create([{"name": f"Cliente {number}"} for number in range(CUSTOMERS)])
        values = [self.draw_contract(random, person) for person in people for _n in range(random.choice((1, 1, 2, 3)))]
        contracts = self.env["cobranca.contract"].create(values)
        self.env["cobranca.contract.pause"].create(
            [
                {"contract_id": contract.id, "date_start": first, "date_end": last, "reason": "teste"}
                for contract in contracts
                for first, last in self.draw_pauses(random)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE cobranca_contract SET state = 'active' WHERE id = ANY(%s)", [contracts.ids])
        self.env.invalidate_all()
        return contracts

    def draw_contract(self, random, person):
        start = date(2025, 4, 1) + timedelta(days=random.randrange(480))
        unit, count = random.choice(UNITS)
        end = start + timedelta(days=random.randrange(20, 400)) if random.random() < 0.6 else False
        return {
            "partner_id": person.id,
            "date_start": start,
            "date_end": end,
            "renewal": random.choice(("auto", "none", "notice")),
            "interval_unit": unit,
            "interval_count": count,
            "due_day": 10,
            "trial_days": random.choice((0, 0, 15)),
            "line_ids": [Command.create(line) for line in self.draw_lines(random, start)],
        }

    def draw_lines(self, random, start):
        """Items whose versions follow each other, as changes leave them; one-off ones too."""
        lines, day = [], False
        for _version in range(random.choice((1, 1, 2, 3))):
            last = (day or start) + timedelta(days=random.randrange(-1, 200))
            lines.append(self.draw_line(random, day, last))
            day = last + timedelta(days=1)
        lines[-1]["date_end"] = random.choice((False, lines[-1]["date_end"]))
        return [*lines, {**self.draw_line(random, start, False), "recurrence": "once"}]

    def draw_line(self, random, first, last):
        return {
            "product_id": self.product.id,
            "quantity": random.choice((1, 2, 1.5)),
            "price_unit": random.choice((100, 99.9, 33.333, 0.07, 1234.565)),
            "discount": random.choice((0, 0, 10, 12.5)),
            "date_start": first,
            "date_end": last,
        }

    def draw_pauses(self, random):
        if random.random() < 0.7:
            return []
        first = date(2025, 6, 1) + timedelta(days=random.randrange(400))
        return [(first, random.choice((False, first + timedelta(days=random.randrange(60)))))]

    def test_random_contracts_move_as_the_product_and_the_oracle_say(self):
        contracts = self.make_random_contracts(Random(20260620))
        ends = month_ends(date(2025, 4, 1), date(2026, 6, 20))
        amounts = []
        for _first, last in ends:
            found = {}
            for contract in contracts:
                own = cents(self.company.currency_id.round(contract._get_monthly_amount(last)))
                found[contract.partner_id.id] = found.get(contract.partner_id.id, Decimal(0)) + own
            amounts.append(found)
        expected = {
            (who, first): tuple(getattr(part, name) for name in PARTS)
            for (first, _last), month in zip(ends, mrr.movements(amounts), strict=True)
            for who, part in month.items()
        }
        rows = self.Report.search([("partner_id", "in", contracts.partner_id.ids)])
        found = {(row.partner_id.id, row.month): tuple(cents(row[name]) for name in PARTS) for row in rows}
        # Not the whole books: their difference would be drawn for hours.
        wrong = {key: (found.get(key), expected.get(key)) for key in found.keys() | expected.keys()}
        self.assertEqual([(key, *both) for key, both in wrong.items() if both[0] != both[1]][:5], [])
        self.assertEqual(len(contracts.partner_id), CUSTOMERS)
        # Every kind of movement came up.
        self.assertTrue(all(any(row[place] for row in found.values()) for place in range(len(PARTS))))

    # --- rights ---

    def test_each_company_sees_its_own(self):
        company = self.env["res.company"].create({"name": "Outra Empresa", "cobranca_tz": "America/Sao_Paulo"})
        self.supervisor.company_ids |= company
        own, other = self.sign(100, "2026-04-01"), self.sign(70, "2026-04-01", partner=self.other_customer)
        self.env.flush_all()
        self.env.cr.execute("UPDATE cobranca_contract SET company_id = %s WHERE id = %s", [company.id, other.id])
        self.env.invalidate_all()
        for ids, contracts in (
            (company.ids, other),
            (self.company.ids, own),
            ([company.id, self.company.id], own + other),
        ):
            for model in (self.Report, self.env["cobranca.mrr.movement.report"].with_user(self.supervisor)):
                rows = model.with_context(allowed_company_ids=ids).search([])
                self.assertEqual(rows.partner_id, contracts.partner_id)
            rates = self.Rates.with_context(allowed_company_ids=ids).search([("month", "=", "2026-06-01")])
            self.assertEqual(sorted(rates.mapped("closing")), sorted(contracts.line_ids.mapped("price_unit")))

    def test_collectors_do_not_read_it(self):
        for model in ("cobranca.mrr.report", "cobranca.mrr.rate.report", "cobranca.mrr.movement.report"):
            self.assertFalse(self.env[model].with_user(self.collector).has_access("read"))

    def test_ways_to_what_is_behind(self):
        contract = self.sign(100, "2026-04-01")
        [row] = self.Report.search([("month", "=", "2026-06-01")])
        action = row.action_view_contracts()
        self.assertEqual(self.env["cobranca.contract"].with_user(self.supervisor).search(action["domain"]), contract)
        [rate] = self.Rates.search([("month", "=", "2026-06-01")])
        self.assertEqual(self.Report.search(rate.action_view_movements()["domain"]), row)
