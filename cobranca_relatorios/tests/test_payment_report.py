from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from ..report import cobranca_delay_report
from .payer_common import PayerCommon

MEANS = ["delay_mean:avg", "late_delay_mean:avg", "late_plain_mean:avg"]
ALONE = ["alone_rate:avg", "alone_count:sum", "late_count:sum", "alone_count_rate:avg"]


class WorkedLedger(PayerCommon):
    """The ledger of the definitions, as of 2026-06-30."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sold = {
            "F1": (cls.customer, date(2026, 4, 1), date(2026, 4, 30), 1000),
            "F2": (cls.customer, date(2026, 5, 1), date(2026, 5, 31), 1000),
            "F3": (cls.other_customer, date(2026, 3, 1), date(2026, 3, 31), 2000),
            "F4": (cls.other_customer, date(2026, 4, 1), date(2026, 4, 30), 500),
            "F5": (cls.third_customer, date(2026, 5, 1), date(2026, 5, 31), 800),
            "F6": (cls.third_customer, date(2026, 6, 1), date(2026, 6, 30), 800),
            "F7": (cls.fourth_customer, date(2026, 6, 5), date(2026, 7, 5), 1200),
            "F8": (cls.fourth_customer, date(2026, 4, 1), date(2026, 4, 30), 400),
        }
        cls.titles = {name: cls.ledger.invoice(*values) for name, values in sold.items()}
        for name, day, amount in (
            ("F1", date(2026, 4, 28), 1000),
            ("F2", date(2026, 6, 10), 1000),
            ("F3", date(2026, 6, 29), 500),
            ("F8", date(2026, 6, 19), 400),
        ):
            cls.ledger.pay(cls.titles[name], day, amount)
        for name, partner, day in (
            ("F2", cls.customer, date(2026, 6, 5)),
            ("F3", cls.other_customer, date(2026, 4, 5)),
            ("F8", cls.fourth_customer, date(2026, 5, 5)),
        ):
            cls.talk(day, partner, [cls.titles[name].line_id])

    @classmethod
    def make_customer(cls, name, document, **values):
        """The fourth one too, before the ledger is written."""
        if not hasattr(cls, "fourth_customer"):
            cls.fourth_customer = super().make_customer("Dora Vale", "168.995.350-09")
        return super().make_customer(name, document, **values)


@freeze_time("2026-06-30 15:00:00")
class TestPaymentReport(WorkedLedger):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.payment.report"].with_user(cls.supervisor)

    def figures(self, measures, domain=()):
        [row] = self.Report._read_group(list(domain), [], measures)
        return tuple(figure and round(figure, 2) for figure in row)

    def test_mean_delays_are_weighted_by_what_was_paid(self):
        self.assertEqual(self.figures(MEANS), (25.17, 39.47, 50.00))

    def test_each_group_has_its_own_weights(self):
        rows = self.Report._read_group([], ["partner_id"], ["delay_mean:avg"], order="partner_id")
        means = {partner: round(mean, 2) for partner, mean in rows}
        self.assertEqual(means, {self.customer: 4.0, self.other_customer: 90.0, self.fourth_customer: 50.0})

    def test_spontaneous_share(self):
        title = self.ledger.invoice(self.third_customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.ledger.pay(title, date(2026, 6, 3), 300)
        self.assertEqual(self.figures(ALONE), (13.64, 1, 4, 25.0))

    def test_a_reminder_after_the_payment_moved_nobody(self):
        title = self.ledger.invoice(self.third_customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.ledger.pay(title, date(2026, 6, 3), 300)
        self.talk(date(2026, 6, 4), self.third_customer, [title.line_id])
        self.assertEqual(self.figures(ALONE), (13.64, 1, 4, 25.0))
        self.talk(date(2026, 6, 3), self.third_customer, [title.line_id])
        self.assertEqual(self.figures(ALONE), (0.0, 0, 4, 0.0))

    def test_a_call_that_nobody_heard_is_no_reminder(self):
        title = self.ledger.invoice(self.third_customer, date(2026, 5, 1), date(2026, 5, 31), 300)
        self.talk(date(2026, 6, 1), self.third_customer, [title.line_id], outcome="no_answer")
        self.ledger.pay(title, date(2026, 6, 3), 300)
        self.assertEqual(self.figures(["alone_count:sum"]), (1,))

    def test_groups_without_late_payments_have_no_share(self):
        on_time = self.figures(["alone_rate:avg", "late_delay_mean:avg"], [("is_late", "=", False)])
        self.assertEqual(on_time, (False, False))

    def test_bands_of_delay(self):
        rows = self.Report._read_group([], ["band"], ["amount:sum"])
        self.assertEqual(dict(rows), {"0": 1000, "2": 1000, "3": 400, "4": 500})

    def test_credit_notes_and_transfers_are_no_money(self):
        title = self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 90)
        self.ledger.match(title, self.ledger.invoice(self.customer, date(2026, 6, 5), date(2026, 6, 5), -90), 90)
        agreed = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 60)
        _agreement, [first] = self.ledger.agree([agreed], date(2026, 6, 2), [(date(2026, 6, 20), 60)])
        self.assertEqual(self.figures(["amount:sum"]), (2900,))
        self.ledger.pay(first, date(2026, 6, 22), 60)
        row = self.Report.search([("agreement_id", "!=", False)])
        self.assertEqual((row.amount, row.due, row.delay), (60, date(2026, 6, 20), 2))

    def test_money_of_a_broken_agreement_counts_once_and_on_its_own_day(self):
        title = self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 5, 1), 100)
        agreement, [item] = self.ledger.agree([title], date(2026, 6, 2), [(date(2026, 6, 10), 100)])
        self.ledger.pay(item, date(2026, 6, 9), 40)
        self.assertEqual(self.figures(["amount:sum"]), (2940,))
        # As a break books it: the transfer is taken back, and what was paid pays the first debt.
        for query, value in (
            ("DELETE FROM account_partial_reconcile WHERE debit_move_id = %s", title.line_id),
            ("UPDATE account_move_line SET amount_residual = 100, reconciled = FALSE WHERE id = %s", title.line_id),
            ("UPDATE cobranca_agreement SET state = 'broken' WHERE id = %s", agreement),
        ):
            self.env.cr.execute(query, [value])
        credit = self.ledger._write("entry", self.ledger.sales, self.customer, date(2026, 6, 20), date(2026, 6, 9), -40)
        self.env.cr.execute(
            "UPDATE account_move_line SET cobranca_paid_on = '2026-06-09' WHERE id = %s", [credit.line_id]
        )
        self.ledger.match(title, credit, 40)
        self.env.invalidate_all()
        self.assertEqual(self.figures(["amount:sum"]), (2940,))
        [row] = self.Report.search([("means", "=", "agreement")])
        self.assertEqual((row.line_id.id, row.paid_on, row.delay), (title.line_id, date(2026, 6, 9), 39))

    def test_money_of_the_future_is_no_payment_yet(self):
        self.ledger.pay(self.titles["F4"], date(2026, 7, 1), 500)
        self.assertEqual(self.figures(["amount:sum"]), (2900,))

    def test_the_journal_tells_cash(self):
        self.assertEqual(set(self.Report.search([]).mapped("means")), {"bank"})
        self.ledger.bank.type = "cash"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(self.Report.search([]).mapped("means")), {"cash"})

    def test_only_supervisors_read(self):
        self.assertTrue(self.Report.has_access("read"))
        for name in ("payment", "cohort", "delay", "customer", "cause", "prescription", "loss", "quality"):
            self.assertFalse(self.env[f"cobranca.{name}.report"].with_user(self.collector).has_access("read"), name)
        for name in ("cobranca.portfolio.gap", "cobranca.cohort.page", "cobranca.delay.page"):
            self.assertFalse(self.env[name].with_user(self.collector).has_access("read"), name)

    def test_larger_debts_and_delay(self):
        Delay = self.env["cobranca.delay.report"].with_user(self.supervisor)
        rows = Delay._read_group([], ["amount_band"], ["__count", "delay_median:avg"])
        self.assertEqual(rows, [("1", 1, 50.0), ("3", 3, 10.0)])
        since = date(2026, 1, 1)
        self.assertEqual(Delay._get_relations(self.company, since), {self.company.id: (4, None, None)})
        with patch.object(cobranca_delay_report, "LEAST", 4):
            [relation] = Delay._get_relations(self.company, since).values()
        self.assertEqual((round(relation.pearson, 4), round(relation.spearman, 4)), (0.5498, 0.3162))

    def test_the_page_shows_what_the_pivot_does(self):
        Delay = self.env["cobranca.delay.report"].with_user(self.supervisor)
        since = date(2026, 1, 1)
        with patch.object(cobranca_delay_report, "LEAST", 4):
            cells, totals, relation = Delay._get_glance(self.company, since)
            [plain] = Delay._get_relations(self.company, since).values()
        pairs = Delay._read_group([], ["amount_band", "band"], ["__count"])
        self.assertEqual(cells, {(amount, band): count for amount, band, count in pairs})
        self.assertEqual(totals, {"1": (1, 50.0), "3": (3, 10.0)})
        self.assertEqual(relation, plain)
        nothing = ({}, {}, cobranca_delay_report.Relation(0))
        self.assertEqual(Delay._get_glance(self.company, date(2027, 1, 1)), nothing)
