import random
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command

from ..tools import payments
from .payer_common import PayerCommon

TODAY = date(2026, 6, 30)
REPORTS = ("cause", "cohort", "customer", "delay", "loss", "payment", "prescription", "quality")


@freeze_time("2026-06-30 15:00:00")
class TestCustomerReport(PayerCommon):
    def row(self, partner):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.report("cobranca.customer.report").search([("partner_id", "=", partner.id)])

    def test_what_a_customer_owes_and_since_when(self):
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 30), 200)
        self.ledger.payment(self.customer, date(2026, 6, 20), 50)
        self.ledger.invoice(self.other_customer, date(2026, 6, 1), date(2026, 7, 10), 450)
        row = self.row(self.customer)
        self.assertEqual((row.amount_open, row.amount_late, row.amount_credit), (450, 300, 50))
        self.assertEqual((row.days_late, row.late_count, row.title_count, row.share), (30, 1, 2, 50.0))
        self.assertEqual((row.standing, self.row(self.other_customer).standing), ("late", "current"))
        self.assertFalse(self.row(self.third_customer))

    def test_history_and_who_is_on_it(self):
        title = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        paid = self.ledger.invoice(self.customer, date(2026, 1, 1), date(2026, 1, 31), 300)
        self.ledger.pay(paid, date(2026, 2, 20), 300)
        self.env["cobranca.behavior"]._refresh(self.company)
        self.env["cobranca.case"]._refresh(self.company, self.customer)
        row = self.row(self.customer)
        behavior = self.env["cobranca.behavior"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(row.average_delay, behavior.average_delay)
        self.assertEqual((row.trend, row.trend), (behavior.trend, "worse"))
        self.assertEqual((row.standing, row.case_id.partner_id), ("case", self.customer))
        agreement, _items = self.ledger.agree([title], date(2026, 6, 20), [(date(2026, 7, 20), 300)])
        row = self.row(self.customer)
        self.assertEqual((row.standing, row.agreement_id.id), ("agreement", agreement))

    def test_drill_down(self):
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        row = self.row(self.customer)
        action = row.action_open_partner()
        view = self.env["res.partner"].with_user(self.supervisor).get_view(action["views"][0][0], "form")
        self.assertEqual(action["res_id"], self.customer.id)
        self.assertIn('name="cobranca" string="Collection"', view["arch"])
        self.assertIn('autofocus="autofocus"', view["arch"])
        debts = self.report("cobranca.aging.report").search(row.action_open_titles()["domain"])
        self.assertEqual(debts.mapped("amount_open"), [300])


@freeze_time("2026-06-30 15:00:00")
class TestCauseReport(PayerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Reason = cls.env["cobranca.delinquency.reason"]
        cls.forgot = Reason.create({"name": "Forgot"})
        cls.illness = Reason.create({"name": "Illness", "is_sensitive": True})
        cls.env.flush_all()
        for partner, amount in ((cls.customer, 600), (cls.other_customer, 250), (cls.third_customer, 150)):
            title = cls.ledger.invoice(partner, date(2026, 4, 1), date(2026, 5, 1), amount)
            cls.ledger.pay(title, date(2026, 6, 15), amount)

    def shares(self):
        self.env.invalidate_all()
        found = self.report("cobranca.cause.report")._get_shares(self.company, date(2026, 1, 1))
        return [(reason.name or None, round(amount, 2), round(share, 2)) for reason, amount, share in found]

    def test_causes_are_weighed_by_what_was_overdue_then(self):
        self.talk(date(2026, 6, 10), self.customer, reason_id=self.forgot.id)
        self.talk(date(2026, 6, 15), self.other_customer)
        self.talk(date(2026, 6, 11), self.third_customer, reason_id=self.illness.id)
        expected = payments.cause_shares([("Forgot", Decimal(600)), (None, Decimal(250)), ("Illness", Decimal(150))])
        self.assertEqual(expected["Forgot"], 60)
        self.assertEqual(
            self.shares(), [("Forgot", 600, 60), (None, 250, expected[None]), ("Illness", 150, expected["Illness"])]
        )

    def test_a_pivot_shows_the_same_shares(self):
        self.talk(date(2026, 6, 10), self.customer, reason_id=self.forgot.id)
        self.talk(date(2026, 6, 15), self.other_customer)
        Report = self.report("cobranca.cause.report")
        asked = (["contact_count:sum", "share:avg"], [("day", ">=", date(2026, 6, 1))])
        for names in ([], ["reason_id"], ["reason_id", "month:month"]):
            [level] = Report._read_grouping_sets(asked[1], [names], asked[0])
            plain = Report._read_group(asked[1], names, asked[0])
            self.assertEqual([row[:-1] for row in level], [row[:-1] for row in plain])
            self.assertEqual([round(row[-1], 6) for row in level], [round(row[-1], 6) for row in plain])
        nothing = [("day", "<", date(2026, 1, 1))]
        self.assertEqual(Report._read_grouping_sets(nothing, [[]], asked[0]), [[(False, False)]])

    def test_the_last_reason_of_a_month_counts_once(self):
        self.talk(date(2026, 5, 5), self.customer, reason_id=self.illness.id)
        self.talk(date(2026, 6, 3), self.customer, reason_id=self.illness.id)
        self.talk(date(2026, 6, 4), self.customer, reason_id=self.forgot.id)
        self.talk(date(2026, 6, 9), self.customer)
        self.assertEqual(self.shares(), [("Forgot", 600, 50), ("Illness", 600, 50)])

    def test_contacts_without_anybody_or_without_a_debt_tell_nothing(self):
        self.talk(date(2026, 6, 5), self.customer, outcome="no_answer")
        self.talk(date(2026, 6, 5), self.other_customer, channel="system", outcome="broken")
        self.talk(date(2026, 5, 1), self.third_customer)
        self.talk(date(2026, 6, 16), self.third_customer)
        self.assertEqual(self.shares(), [])

    def test_reasons_are_for_supervisors(self):
        field = self.env["cobranca.cause.report"]._fields["reason_id"]
        self.assertEqual(field.groups, "cobranca_recorrente.cobranca_group_supervisor")
        self.assertFalse(self.env["cobranca.cause.report"].with_user(self.collector).has_access("read"))


@freeze_time("2026-06-30 15:00:00")
class TestPrescriptionReport(PayerCommon):
    def test_the_calendar_equals_the_rule_of_each_debt(self):
        self.random = random.Random(20260630)
        partners = self.customer | self.other_customer | self.third_customer
        self.give_policies(partners)
        lines = [self.write_debt(self.random.choice(partners)) for _number in range(220)]
        self.env.invalidate_all()
        rows = self.report("cobranca.prescription.report").search([])
        self.assertEqual(set(rows.ids), set(lines))
        expected = self.env["account.move.line"].browse(rows.ids)._cobranca_get_prescriptions()
        self.assertEqual({row.id: row.prescribed_on for row in rows}, {line.id: day for line, day in expected.items()})
        self.assertEqual(set(rows.mapped("years")), {3, 5, 10})
        self.assertEqual(
            set(rows.filtered("is_prescribed").ids),
            set(self.env["account.move.line"]._cobranca_search_prescribed(self.company, TODAY).ids),
        )
        self.assertTrue(rows.filtered("is_prescribed"))
        [month] = self.report("cobranca.prescription.report")._read_group([], [], ["amount_open:sum"])
        self.assertEqual(month[0], 220 * 10)

    def give_policies(self, partners):
        """Rent for one customer since some day, other debts for the second one, and a former policy of each."""
        policies = [
            self.make_policy([("written", False), ("rent", "2022-01-01")]),
            self.make_policy([("general", False)]),
            self.make_policy([("rent", "2021-01-01")]),
        ]
        for partner, policy in zip(partners, policies, strict=False):
            partner.with_company(self.company).cobranca_charge_policy_id = policy
        self.env.flush_all()
        for holder, policy, day in (
            (partners[0], policies[1], "2020-06-01"),
            (partners[0], policies[2], "2019-06-01"),
            (None, policies[2], "2020-01-01"),
        ):
            self.ledger._insert(
                "cobranca_charge_policy_change",
                company_id=self.company.id,
                partner_id=holder and holder.id,
                policy_id=policy.id,
                valid_before=day,
            )
        contract = self.make_contract(activate=False, partner_id=partners[2].id)
        contract.charge_policy_id = policies[1]
        partners[2].with_company(self.company).cobranca_charge_policy_id = False
        self.env.flush_all()
        self.contract = contract

    def make_policy(self, versions):
        return self.env["cobranca.charge.policy"].create(
            {
                "name": "Test",
                "audience": "all",
                "version_ids": [
                    Command.create({"fine_percent": 2.0, "prescription": kind, "date_from": since})
                    for kind, since in versions
                ],
            }
        )

    def write_debt(self, partner):
        due = date(2018, 1, 1) + timedelta(days=self.random.randint(0, 3100))
        if self.random.random() < 0.1:
            due = date(2024, 2, 29)
        title = self.ledger.invoice(partner, due - timedelta(days=self.random.randint(0, 40)), due, 10)
        if self.random.random() < 0.3:
            self.env.cr.execute(
                "UPDATE account_move SET cobranca_interruption_date = %s WHERE id = %s",
                [due + timedelta(days=self.random.randint(-10, 900)), title.move_id],
            )
        if partner == self.contract.partner_id and self.random.random() < 0.5:
            self.ledger._insert(
                "cobranca_contract_period",
                contract_id=self.contract.id,
                company_id=self.company.id,
                kind="recurring",
                line_group="advance",
                state="billed",
                index=title.move_id,
                move_id=title.move_id,
                **dict.fromkeys(("date_start", "date_end"), date(2000, 1, 1) + timedelta(days=title.move_id)),
                **dict.fromkeys(("date_issue", "date_due"), due),
            )
        return title.line_id


@freeze_time("2026-06-30 15:00:00")
class TestLossReport(PayerCommon):
    def test_candidates_are_those_of_the_wizard(self):
        numbers = random.Random(20260630)
        amounts = [100, 14_999.99, 15_000, 15_000.01, 99_999, 100_000.01]
        for number in range(200):
            due = date(2014, 9, 1) if number < 5 else TODAY - timedelta(days=numbers.randint(0, 500))
            self.ledger.invoice(self.customer, due - timedelta(days=9), due, numbers.choice(amounts))
        self.env.invalidate_all()
        found = self.env["cobranca.loss"].with_user(self.supervisor)._get_candidates(self.company, TODAY)
        expected = {line.id: rule.case for line, (rule, _amount) in found.items()}
        rows = self.report("cobranca.loss.report").search([("kind", "=", "candidate"), ("is_reached", "=", True)])
        self.assertEqual({row.id // 4: row.case for row in rows}, expected)
        self.assertEqual(set(expected.values()), {"small", "medium", "large"})

    def test_written_off_and_recovered(self):
        title = self.ledger.invoice(self.customer, date(2025, 1, 1), date(2025, 1, 31), 800)
        account = self.ledger.income.id
        loss = {"partner_id": self.customer.id, "company_id": self.company.id, "move_id": title.move_id}
        self.ledger._insert(
            "cobranca_loss",
            **loss,
            line_id=title.line_id,
            date=date(2025, 9, 1),
            amount=800,
            case="small",
            is_direct=False,
            state="open",
            entry_id=title.move_id,
        )
        charge = {**loss, "line_id": title.line_id, "kind": "recovery", "account_id": account}
        charge["item_id"] = self.ledger.payment(self.customer, date(2026, 2, 1), 300).line_id
        self.ledger._insert("cobranca_charge", **charge, date=date(2026, 2, 1), amount=300, state="paid")
        self.ledger._insert("cobranca_charge", **charge, date=date(2026, 3, 1), amount=90, state="undone")
        measures = ["amount_candidate:sum", "amount_written:sum", "amount_recovered:sum"]
        rows = self.report("cobranca.loss.report")._read_group([], ["date:month"], measures)
        self.assertEqual(rows, [(date(2025, 9, 1), 0, 800, 0), (date(2026, 2, 1), 0, 0, 300)])


@freeze_time("2026-06-30 15:00:00")
class TestQualityReport(PayerCommon):
    def test_gaps_and_the_money_behind_them(self):
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.ledger.invoice(self.other_customer, date(2026, 6, 1), date(2026, 7, 31), 100)
        (self.customer | self.other_customer).email = "ana@example.com"
        self.other_customer.email = False
        self.env["cobranca.portfolio.gap"]._refresh(self.company)
        self.env["cobranca.portfolio.gap"]._refresh(self.company)
        Report = self.report("cobranca.quality.report")
        for partner in self.customer | self.other_customer:
            gaps = Report.search([("partner_id", "=", partner.id)]).mapped("gap")
            self.assertEqual(set(gaps), set(partner._cobranca_get_gaps()))
        measures = ["partner_count:sum", "share:sum", "amount_open:sum", "amount_late:sum"]
        rows = {gap: figures for gap, *figures in Report._read_group([], ["gap"], measures)}
        self.assertEqual(rows["email_missing"], [1, 50.0, 100, 0])
        self.assertEqual(rows["never_verified"], [2, 100.0, 400, 300])

    def test_who_lacks_nothing_counts_too(self):
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.patch(self.registry["res.partner"], "_cobranca_get_gaps", lambda partner: [])
        self.env["cobranca.portfolio.gap"]._refresh(self.company)
        [row] = self.report("cobranca.quality.report").search([])
        self.assertEqual((row.gap, row.is_gap, row.share), ("nothing", False, 100.0))


@freeze_time("2026-06-30 15:00:00")
class TestCompanies(PayerCommon):
    """One chart of accounts for all reports, as it takes long to load."""

    def test_each_company_has_its_own_figures(self):
        company, ledger = self.make_second_company()
        for own in (self.ledger, ledger):
            title = own.invoice(self.customer, date(2024, 10, 1), date(2024, 10, 31), 100)
            own.pay(title, TODAY - relativedelta(days=9), 40)
            self.talk(date(2026, 6, 1), self.customer, [title.line_id], company=own.company)
            self.env["cobranca.portfolio.gap"]._refresh(own.company)
        one, both = self.company.ids, [self.company.id, company.id]
        for name in REPORTS:
            rows = self.report(f"cobranca.{name}.report", self.company, company).search([])
            self.assertEqual(sorted(set(rows.company_id.ids)), sorted(both), name)
            self.assertEqual(len(rows), len(set(rows.ids)), name)
            own = self.report(f"cobranca.{name}.report").search([])
            self.assertEqual(own.company_id.ids, one, name)
            # The rule holds where the query itself does not look.
            rule = self.env["ir.rule"].search([("model_id.model", "=", f"cobranca.{name}.report")])
            self.assertEqual(rule.domain_force, "[('company_id', 'in', company_ids)]", name)
        months = self.report("cobranca.cohort.page")._get_heat_map(company, months=24)
        self.assertEqual(sum(row["amount_due"] for row in months), 100)
