from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .record_common import TODAY, RecordCommon


@tagged("-at_install", "post_install")
class TestCase(RecordCommon):
    """Cases follow the books and the register. 19 November 2026 is a Thursday, the 20th a holiday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.case"].search([]).state = "closed"
        cls.Case = cls.env["cobranca.case"]
        cls.case = cls.Case._refresh(cls.company, cls.customer)

    def look_again(self, partner=None):
        """The open case of a customer, looked at again."""
        return self.Case._refresh(self.company, partner or self.customer)

    def as_collector(self, case=None):
        return (case or self.case).with_user(self.collector)

    def assert_turn(self, why, day):
        self.look_again()
        self.assertEqual((self.case.why, str(self.case.queue_date or "")), (why, day))

    # === OPENED AND CLOSED BY THE BOOKS === #

    def test_case_says_what_is_late(self):
        self.assertEqual(self.case.partner_id, self.customer)
        self.assertEqual((self.case.line_count, self.case.amount_original, self.case.amount), (2, 800.0, 800.0))
        self.assertEqual((self.case.days_late, self.case.why), (37, "first"))  # since the 13th: weekend and holiday
        self.assertEqual((self.case.opened_on, self.case.queue_date), (TODAY, TODAY))

    def test_amount_has_fine_and_interest_of_the_day(self):
        self.company.cobranca_charge_policy_id = self.env.ref("cobranca_recorrente.cobranca_charge_policy_default")
        self.env["cobranca.charge.policy.change"].search([("company_id", "=", self.company.id)]).unlink()
        self.look_again()
        debts = (self.line | self.later_line)._cobranca_get_debts(TODAY)
        self.assertEqual(self.case.amount, float(sum(charges.total for charges in debts.values())))
        self.assertGreater(self.case.amount, 800.0)

    def test_refresh_again_changes_nothing(self):
        self.env.flush_all()
        written = self.case.write_date
        self.assertEqual(self.look_again(), self.case)
        self.env.flush_all()
        self.assertEqual(self.case.write_date, written)

    def test_payment_closes_the_case_and_its_return_opens_another(self):
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.look_again()
        self.assertEqual((self.case.state, self.case.line_count), ("open", 1))
        entry = self.pay(self.later, 300.0, "2026-11-19")
        self.assertFalse(self.look_again())
        self.assertEqual((self.case.state, self.case.close_reason, self.case.closed_on), ("closed", "settled", TODAY))
        (entry or self.later).line_ids.remove_move_reconcile()
        again = self.look_again()
        self.assertTrue(again)
        self.assertNotEqual(again, self.case)

    def test_nothing_late_but_something_open(self):
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.later_line.with_context(check_move_validity=False).date_maturity = "2026-12-10"
        self.look_again()
        self.assertEqual(self.case.close_reason, "not_late")

    def test_within_tolerance_and_on_a_moved_due_date_nobody_is_late(self):
        self.make_invoice(100.0, "2026-11-14", customer=self.stranger)  # a Saturday, before the 16th
        with self.on("2026-11-16"):
            self.assertFalse(self.look_again(self.stranger))
        with self.on("2026-11-17"):
            self.assertTrue(self.look_again(self.stranger))

    def test_one_case_for_each_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({"currency_id": euro.id, "name": "2026-01-01", "rate": 0.2})
        self.make_invoice(70.0, "2026-11-02", currency_id=euro.id)
        cases = self.look_again()
        self.assertEqual(
            sorted(cases.mapped(lambda case: (case.currency_id.name, case.amount))), [("BRL", 800.0), ("EUR", 70.0)]
        )

    @mute_logger("odoo.sql_db")
    def test_index_refuses_a_second_open_case(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.case.sudo().copy()

    def test_credit_note_and_archived_customer(self):
        self.customer.active = False
        self.assertEqual(self.look_again(), self.case)
        self.assertEqual(self.case.state, "open")

    def test_merged_customers_keep_one_case(self):
        double = self.make_customer("Ana L. Lindoso", "390.533.447-05")
        self.make_invoice(50.0, "2026-11-02", customer=double)
        other = self.look_again(double)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer + double).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual(self.look_again(), self.case)
        self.assertEqual(self.case.line_count, 3)
        self.assertEqual((other.exists().state, other.close_reason), ("closed", "merged"))

    def test_prescribed_debts_are_not_called_for(self):
        self.make_invoice(100.0, "2020-01-10", customer=self.stranger)
        case = self.look_again(self.stranger)
        self.assertEqual((case.why, case.queue_date), ("prescribed", False))

    # === TURNS === #

    def test_promise_and_its_day(self):
        self.Promise._record(self.line | self.later_line, TODAY.replace(day=25), 800.0)
        self.assert_turn("promise_due", "2026-11-25")
        with self.on("2026-11-25"):
            self.assert_turn("promise_due", "2026-11-25")
            self.assertTrue(self.case.is_due)

    def test_broken_promise_comes_back_at_once(self):
        promise = self.Promise._record(self.line | self.later_line, TODAY.replace(day=23), 800.0)
        with self.on("2026-11-26"):
            promise._decide()
            self.assertEqual(promise.state, "broken")
            self.assert_turn("promise_broken", "2026-11-26")

    def test_pause_of_the_customer(self):
        hold = self.Hold._start(self.company, self.customer, "vacation", TODAY, TODAY.replace(day=27))
        self.assert_turn("paused", "2026-11-28")
        hold._end()
        self.assert_turn("first", "2026-11-19")

    def test_pause_of_one_invoice_leaves_the_other(self):
        self.Hold._start(self.company, self.customer, "other", TODAY, TODAY.replace(day=27), lines=self.line)
        self.assert_turn("first", "2026-11-19")

    def test_answer_of_the_customer(self):
        self.Interaction._record(self.company, self.customer, "call", "no_answer")
        self.assert_turn("retry", "2026-11-23")
        with self.on(TODAY, 16):
            self.Interaction._record(self.company, self.customer, "email", "replied", direction="in", user_id=False)
            self.assert_turn("replied", "2026-11-19")

    def test_weight_of_the_segment(self):
        segment = self.env["cobranca.payer.segment"].create({"name": "Slow", "queue_weight": 50})
        self.env["cobranca.behavior"].search([("partner_id", "=", self.customer.id)]).unlink()
        self.env["cobranca.behavior"].create(
            {"company_id": self.company.id, "partner_id": self.customer.id, "segment_id": segment.id}
        )
        self.look_again()
        self.assertEqual((self.case.segment_id, self.case.score), (segment, 800.0 * 37 / 2))

    # === WHO WORKS IT === #

    def test_collector_of_contract_then_salesperson_then_the_choice_of_a_supervisor(self):
        self.assertFalse(self.case.collector_id)
        self.customer.user_id = self.supervisor
        self.look_again()
        self.assertEqual(self.case.collector_id, self.supervisor)
        contract = self.make_contract(collector_id=self.collector.id)
        self.look_again()
        self.assertEqual(self.case.collector_id, self.collector)
        wizard = self.env["cobranca.case.assign"].with_user(self.supervisor)
        wizard.create({"case_ids": self.case.ids, "user_id": self.manager.id}).action_assign()
        self.look_again()
        self.assertEqual(self.case.collector_id, self.manager)
        wizard.create({"case_ids": self.case.ids}).action_assign()
        self.assertEqual(self.case.collector_id, contract.collector_id)

    def test_collector_does_not_assign(self):
        with self.assertRaises(AccessError):
            self.env["cobranca.case.assign"].with_user(self.collector).create({"case_ids": self.case.ids})

    # === FOLLOWING === #

    def touched(self):
        self.env.cr.precommit.run()
        found = self.env["cobranca.case.touch"].search([("company_id", "=", self.company.id)])
        return found.partner_id

    def test_what_happens_is_looked_at_again(self):
        happenings = {
            "payment": lambda: self.pay(self.invoice, 100.0, "2026-11-19"),
            "contact": lambda: self.Interaction._record(self.company, self.customer, "call", "informed"),
            "pause": lambda: self.Hold._start(self.company, self.customer, "other", TODAY, TODAY),
            "end of a pause": lambda: self.env["cobranca.hold"].search([("partner_id", "=", self.customer.id)])._end(),
        }
        for name, happen in happenings.items():
            with self.subTest(name):
                self.env["cobranca.case.touch"].search([]).unlink()
                happen()
                self.assertIn(self.customer, self.touched())

    def test_follow_works_off_what_is_touched(self):
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.pay(self.later, 300.0, "2026-11-19")
        self.touched()
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_case_follow").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.case.state, "closed")
        self.assertFalse(self.env["cobranca.case.touch"].search([("due_at", "<=", datetime(2026, 11, 19, 23))]))

    def test_nightly_run_finds_everybody(self):
        self.case.sudo().state = "closed"
        self.make_invoice(60.0, "2026-11-05", customer=self.stranger)
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_case").method_direct_trigger()
        self.env.invalidate_all()
        found = self.Case.search([("state", "=", "open"), ("company_id", "=", self.company.id)])
        self.assertLessEqual(self.customer | self.stranger, found.partner_id)

    def test_one_bad_debtor_does_not_keep_the_others(self):
        self.make_invoice(60.0, "2026-11-05", customer=self.stranger)
        refresh = type(self.Case)._refresh

        def fail(records, company, partners):
            if self.customer in partners:
                raise ValueError("broken")
            return refresh(records, company, partners)

        self.patch(type(self.Case), "_refresh", fail)
        self.env["cobranca.case.touch"]._touch(self.company, self.customer | self.stranger)
        self.touched()
        rows = self.env["cobranca.case.touch"].search([])
        with mute_logger("odoo.addons.cobranca_recorrente.models.cobranca_case_refresh"):
            self.Case._refresh_touched(rows)
        self.assertTrue(self.Case.search([("partner_id", "=", self.stranger.id), ("state", "=", "open")]))

    # === RIGHTS === #

    def test_cases_are_written_by_their_methods_only(self):
        with self.assertRaises(AccessError):
            self.as_collector().write({"amount": 1.0})
        with self.assertRaises(AccessError):
            self.case.with_user(self.manager).write({"amount": 1.0})
        with self.assertRaises(UserError):
            self.case.sudo().unlink()

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.collector.write({"company_ids": [(4, other.id)], "company_id": other.id})
        cases = self.Case.with_user(self.collector).with_context(allowed_company_ids=other.ids)
        self.assertNotIn(self.case, cases.search([]))
