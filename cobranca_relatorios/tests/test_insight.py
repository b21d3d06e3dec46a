import random
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from ..tools import insight
from .insight_common import InsightCommon


@freeze_time("2026-06-19 15:00:00")
class TestInsight(InsightCommon):
    def test_an_empty_book_says_nothing(self):
        self.assertEqual(self.insights(), {})

    def test_few_customers_say_nothing(self):
        for customer in self.customers[:5]:
            self.ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 100)
        self.assertEqual(self.insights(), {})

    def test_three_customers_hold_most_of_a_band(self):
        for number, customer in enumerate(self.customers):
            self.ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 9000 if number < 3 else 1000)
        one = self.insights()["concentration"]
        self.assertEqual(
            one.text,
            "In the band of 61–90 days, 3 customers make R$ 27.0 thousand of R$ 32.0 thousand.".replace(
                "R$ ", "R$\N{NO-BREAK SPACE}"
            ).replace("0 thousand", "0\N{NO-BREAK SPACE}thousand"),
        )
        self.assertEqual(one.tone, "bad")
        self.assertEqual(self.records(one).partner_id, self.customers[:3])
        self.assertEqual(sum(self.records(one).mapped("amount_open")), 27000)
        self.assertIn("<b>R$", one.text_html)

    def test_late_amounts_rose_by_three_customers(self):
        """On 31 May nothing of these is late over 30 days, on 19 June half of the open amounts is."""
        for number, customer in enumerate(self.customers):
            self.ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 100)
            self.ledger.invoice(customer, date(2026, 4, 15), date(2026, 5, 10), 1000 if number < 3 else 100)
        one = self.insights()["late_rose_by"]
        # 800 of 4300 on 31 May; all of it on 19 June. Of the 3500 that came, 3000 are of three.
        self.assertAlmostEqual(one.figures["percent_before"], 18.6, 1)
        self.assertEqual((one.figures["percent_now"], round(one.figures["percent_share"])), (100, 86))
        self.assertEqual((one.tone, sorted(one.targets["partners"])), ("bad", self.customers[:3].ids))
        self.assertEqual(self.records(one).partner_id, self.customers[:3])

    def test_late_amounts_fell_where_it_was_paid(self):
        for customer in self.customers:
            for due in (date(2026, 2, 20), date(2026, 4, 15)):
                title = self.ledger.invoice(customer, date(2026, 1, 10), due, 100)
                if due.month == 4 or customer == self.customers[0]:
                    self.ledger.pay(title, date(2026, 6, 5), 100)
            self.ledger.invoice(customer, date(2026, 6, 5), date(2026, 6, 30), 100)
        one = self.insights()["late_fell_by"]
        # Both bands are left by what was paid and by what grew older.
        self.assertEqual(one.tone, "good")
        self.assertLess(one.figures["percent_now"], one.figures["percent_before"])

    def test_promises_until_monday(self):
        for number, (state, day) in enumerate(
            [("open", "2026-06-22"), ("open", "2026-06-23")] + [("kept", "2026-06-01")] * 9
        ):
            self.promise(state, day, 100 + number)
        self.assertEqual(self.insights()["promised"].figures["amount"], 100)
        self.promise("broken", "2026-06-01", 5)
        one = self.insights()["promised_rate"]
        self.assertEqual((one.figures["percent_kept"], one.figures["count"]), (90, 1))
        self.assertEqual(self.records(one).amount, 100)

    def promise(self, state, day, amount):
        self.env["cobranca.promise"].sudo().create(
            {
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "date_made": "2026-05-01",
                "date": day,
                "date_limit": day,
                "amount": amount,
                "state": state,
                "decided_on": False if state == "open" else day,
                "user_id": self.env.uid,
            }
        )

    def test_goals_in_words(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 100)
        kpis = self.env["cobranca.kpi"].search([("company_id", "=", self.company.id)])
        kpis.filtered(lambda kpi: kpi.code in ("late_amount", "rate_30")).goal = 50
        kpis.filtered(lambda kpi: kpi.code == "late_amount").goal = 1000
        one = self.insights()["goals_missed"]
        self.assertEqual(one.text, "1 of 2 goals are met; off goal: Late over 30 days.")
        self.assertEqual(self.records(one).mapped("code"), ["rate_30"])

    def test_sentences_are_of_the_position_that_is_shown(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 100)
        self.env["cobranca.kpi"].search([("company_id", "=", self.company.id)]).goal = 1
        insights = self.insights()
        self.assertTrue(insights)
        for one in insights.values():
            self.assertEqual((one.date, one.computed_at), (one.snapshot_id.date, one.snapshot_id.computed_at))

    def test_other_companies_are_not_mixed_in(self):
        company, ledger = self.make_second_company()
        for customer in self.customers:
            ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 1000)
        both = self.Snapshot.with_context(allowed_company_ids=[self.company.id, company.id])
        both._take(self.company, date(2026, 6, 19))
        both._take(company, date(2026, 6, 19))
        Insight = self.Insight.with_context(allowed_company_ids=[self.company.id, company.id])
        self.assertEqual(Insight.search([]).company_id, self.env["res.company"])
        ledger.invoice(self.customers[0], date(2026, 3, 1), date(2026, 4, 1), 9000)
        both._take(company, date(2026, 6, 19))
        self.assertEqual(Insight.search([]).company_id, company)
        self.assertFalse(Insight.search([("is_current", "=", True)]))
        self.assertFalse(self.Insight.with_context(allowed_company_ids=self.company.ids).search([]))

    def test_only_supervisors_read(self):
        self.assertFalse(self.env["cobranca.insight"].with_user(self.collector).has_access("read"))
        for right in ("write", "create", "unlink"):
            self.assertFalse(self.Insight.with_user(self.manager).has_access(right))

    def test_every_rule_has_its_sentence(self):
        """Whatever the figures: each thing worth saying is said, with all its figures and no unknown one."""
        draw = random.Random(7)
        snapshot = self.Snapshot._take(self.company, date(2026, 6, 19))
        seen = set()
        for _number in range(200):
            for one in insight.choose(self.draw_insights(draw)):
                record = self.env["cobranca.insight"].new(self.env["cobranca.insight"]._prepare(snapshot, one))
                text = record._get_sentence()
                self.assertTrue(text and "%(" not in text and "None" not in text, text)
                seen.add(one.code)
        self.assertGreaterEqual(len(seen), 17)

    def draw_insights(self, draw):
        amounts = [{(n, str(draw.randint(1, 6))): draw.randint(0, 9000) for n in range(12)} for _side in range(2)]
        rates = [draw.choice((None, draw.uniform(0, 40))) for _side in range(2)]
        return (
            insight.late_change(*rates, *amounts, draw.randint(0, 40)),
            insight.concentration(amounts[0]),
            insight.promised(
                draw.randint(1, 999), draw.randint(0, 3), draw.randint(0, 12), draw.randint(0, 5), date(2026, 6, 22)
            ),
            insight.broken_agreements(draw.randint(0, 5), draw.randint(0, 5), draw.randint(0, 9999)),
            insight.agencies(draw.randint(-5, 99), 1, draw.randint(0, 4)),
            insight.goals(
                {
                    code: draw.choice(("on", "off", "open"))
                    for code in draw.sample(("dso", "cei", "rate_30"), draw.randint(0, 3))
                }
            ),
            insight.dso_change(draw.choice((None, draw.uniform(1, 90))), draw.uniform(1, 90)),
            insight.step_effect([(level, self.draw_effect(draw), 60) for level in range(draw.randint(0, 3))]),
            insight.cash_forecast(
                [draw.randint(0, 99) for _week in range(draw.randint(3, 4))], draw.randint(0, 300), date(2026, 6, 22)
            ),
            insight.cash_missed(
                date(2026, 4, 30), [(draw.randint(0, 99), draw.randint(0, 99)) for _week in range(draw.randint(3, 4))]
            ),
        )

    def draw_effect(self, draw):
        return compare(*((count, draw.randint(0, count)) for count in (draw.randint(25, 90), draw.randint(25, 90))))

    def test_shares_are_of_what_moved(self):
        draw = random.Random(11)
        for _number in range(200):
            now, before = ({(n, "2"): draw.randint(0, 99) for n in range(9)} for _side in range(2))
            one = insight.late_change(9, 5, now, before, 40)
            grown = sorted((Decimal(now[key] - before[key]) for key in now if now[key] > before[key]), reverse=True)
            if len(grown) > 3:
                self.assertAlmostEqual(one.values["percent_share"], float(100 * sum(grown[:3]) / sum(grown)))
            else:
                self.assertEqual(one.code, "late_rose")
