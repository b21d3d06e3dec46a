from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingKept(BillingCommon):
    """Money that a change did not give back, and fees of an end that is changed: nothing is paid twice.

    January (31 days) is billed: 310.00, ten a day.
    """

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract()
        self.move = self.billing._bill(self.one)

    def get_items(self):
        return self.one.line_ids.filtered(lambda line: line.recurrence == "once").mapped("price_unit")

    def get_newest(self):
        return self.one.line_ids.filtered(lambda line: line.recurrence == "recurring").sorted("id")[-1]

    def change_price(self, day, price, line=None, **options):
        changes = [(line or self.get_newest(), {"price_unit": price})]
        return self.one._change_items(date.fromisoformat(day), changes, **options)

    # --- what was kept ---

    def test_end_without_credit_taken_back_charges_no_day_again(self):
        self.one._end(date(2026, 1, 21), self.reason, credit=False)
        self.one._reactivate()
        self.assertEqual(self.get_items(), [])
        self.assertEqual(self.amounts(self.bill(self.one)), [[310.0]])

    def test_later_end_after_one_without_credit(self):
        self.one._end(date(2026, 1, 11), self.reason, credit=False)
        self.one._end(date(2026, 1, 21), self.reason, credit=False)
        self.assertEqual(self.get_items(), [])

    def test_price_back_up_after_cheaper_without_credit(self):
        self.change_price("2026-01-22", 31.0, credit=False)
        self.change_price("2026-01-22", 310.0)
        self.assertEqual(self.get_items(), [])
        self.change_price("2026-01-22", 620.0)
        self.assertEqual(sum(self.get_items()), 100.0)

    def test_kept_money_pays_only_once(self):
        self.change_price("2026-01-22", 155.0, credit=False)  # 50.00 too much is kept
        self.change_price("2026-01-22", 341.0)  # 60.00 more than that, 10.00 above what was paid
        self.assertEqual(self.get_items(), [10.0])
        self.change_price("2026-01-22", 651.0)
        self.assertEqual(sum(self.get_items()), 110.0)

    def test_credit_after_a_change_without_one_gives_back_its_own_part(self):
        self.change_price("2026-01-22", 155.0, credit=False)
        self.one._end(date(2026, 1, 26), self.reason)
        self.assertEqual(sum(self.get_items()), -25.0)  # five days at five

    def test_versions_made_out_of_order_count_together(self):
        self.change_price("2026-01-22", 620.0)
        self.assertEqual(sum(self.get_items()), 100.0)
        first = self.one.line_ids.sorted("id")[0]
        self.change_price("2026-01-12", 31.0, first, credit=False)
        self.assertEqual(sum(self.get_items()), 100.0)

    def test_reopened_period_keeps_nothing(self):
        self.change_price("2026-01-22", 31.0, credit=False)
        self.cancel(self.move)
        self.move.cobranca_period_ids.action_reopen()
        again = self.billing._bill(self.one)
        self.assertEqual(self.amounts(again), [[210.0, 10.0]])
        self.assertFalse(again.cobranca_period_ids._get_kept())

    # --- the fee of an end ---

    def end_with_fee(self, day="2026-01-31", **options):
        self.one.write({"minimum_months": 12, "termination_fee": "percent", "termination_fee_percent": 10.0})
        return self.one._terminate(date.fromisoformat(day), self.reason, **options)

    def get_fees(self):
        return self.one.line_ids.filtered("is_termination_fee").mapped("price_unit")

    def test_end_chosen_anew_has_one_fee(self):
        self.end_with_fee("2026-01-31")
        self.assertEqual(self.get_fees(), [341.0])
        self.end_with_fee("2026-02-28")
        self.assertEqual(self.get_fees(), [310.0])
        self.end_with_fee("2026-02-28", waived="an old friend")
        self.assertEqual(self.get_fees(), [])

    def test_end_taken_back_has_no_fee(self):
        self.end_with_fee()
        self.one._reactivate()
        self.assertEqual(self.get_items(), [])

    def test_billed_fee_of_an_end_taken_back_is_given_back(self):
        self.end_with_fee()
        with self.on("2026-02-05"):
            self.billing._bill(self.one)
            self.assertEqual(self.one.state, "closed")
            self.one.with_user(self.supervisor)._reactivate()
        self.assertEqual(self.get_items(), [341.0, -341.0])
        self.assertEqual(self.get_fees(), [])

    def test_fee_whose_invoice_is_gone_is_not_given_back(self):
        self.end_with_fee()
        with self.on("2026-02-05"):
            self.cancel(self.billing._bill(self.one))
            self.one._reactivate()
        self.assertEqual(self.get_items(), [341.0])

    def test_days_of_trial_are_no_part_of_the_fee(self):
        one = self.contract(
            trial_days=14, minimum_months=2, termination_fee="percent", termination_fee_percent=10.0, due_day=20
        )
        # 17 days of January and all of February remain: 170.00 + 310.00
        self.assertEqual(one._get_termination_fee(date(2026, 1, 10))[0], 48.0)

    def test_consumer_never_pays_all_that_remains(self):
        """However it is agreed: by name, as 100 % or as an amount that comes to it."""
        self.one.minimum_months = 12
        for terms in (
            {"termination_fee": "remaining"},
            {"termination_fee": "percent", "termination_fee_percent": 100.0},
            {"termination_fee": "fixed", "termination_fee_amount": 5000.0},
        ):
            self.one.write(terms)
            with self.subTest(terms=terms):
                fee, explanation = self.one._get_fee_to_charge(date(2026, 1, 31), self.reason)
                self.assertEqual(fee, 0.0)
                self.assertIn("art. 51", explanation)
                self.customer.is_company = True
                self.assertGreater(self.one._get_fee_to_charge(date(2026, 1, 31), self.reason)[0], 3000.0)
                self.customer.is_company = False

    def test_consumer_contract_with_all_that_remains_does_not_start(self):
        draft = self.contract(activate=False, minimum_months=12, termination_fee="percent", termination_fee_percent=100)
        with self.assertRaisesRegex(UserError, "art. 51"):
            draft.action_activate()

    # --- withdrawal ---

    def test_withdrawal_from_a_shared_invoice_counts_open_adjustments_once(self):
        self.customer.cobranca_group_invoices = True
        sale = self.contract(is_distance_sale=True, date_signed="2026-01-03")
        shared = self.billing._bill(sale | self.contract())
        sale._change_items(date(2026, 1, 22), [(sale.line_ids, {"price_unit": 31.0})])
        sale._withdraw(self.reason)
        credit = sale.period_ids.move_id - shared
        self.assertEqual(credit.amount_untaxed, 310.0)

    def test_seven_days_count_from_the_service_when_it_begins_later(self):
        one = self.contract(start="2026-02-01", is_distance_sale=True, date_signed="2026-01-03")
        self.assertEqual(one._get_withdrawal_until(), date(2026, 2, 8))
