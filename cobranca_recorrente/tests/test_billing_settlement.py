from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingSettlement(BillingCommon):
    """Changes of a contract whose January (31 days) is billed: 310.00, ten a day."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract()
        self.move = self.billing._bill(self.one)

    def prices(self, lines):
        return lines.mapped("price_unit")

    def last_change(self):
        change = self.one.change_ids[:1]
        return change.kind, f"{change.date}", change.amount_before, change.amount_after

    def assert_billed(self, *amounts, times=3):
        """The next invoices, line by line."""
        self.assertEqual(self.amounts(self.bill(self.one, times=times))[: len(amounts)], [*map(list, amounts)])

    def test_price_from_now_on(self):
        adjustments = self.change(self.one, "2026-01-22", self.one.line_ids, price_unit=620.0)
        self.assertEqual(sorted(self.prices(adjustments)), [-100.0, 200.0])
        self.assertEqual(self.last_change(), ("price", "2026-01-22", 310.0, 620.0))
        self.assert_billed([620.0, -100.0, 200.0], [620.0])

    def test_item_is_not_billed_because_its_number_is_part_of_an_amount(self):
        period, line = self.one.period_ids, self.one.line_ids
        period.details = {"lines": {}, "full": f"{line.id}.00"}
        self.assertFalse(self.one._is_line_billed(line))

    def test_price_from_the_next_period(self):
        self.assertEqual(self.one._get_next_effective_date(), date(2026, 2, 1))
        self.assertFalse(self.change(self.one, "2026-02-01", self.one.line_ids, price_unit=620.0))
        self.assertEqual(self.one.monthly_amount, 310.0)
        self.assert_billed([620.0], [620.0])
        old, new = self.one.line_ids.sorted("id")
        self.assertEqual(
            (old.date_end, new.date_start, new.previous_line_id), (date(2026, 1, 31), date(2026, 2, 1), old)
        )

    def test_second_change_on_the_same_day(self):
        """No day of the first change remains: it must not be charged beside the second."""
        self.change(self.one, "2026-01-22", self.one.line_ids, price_unit=620.0)
        newest = self.one.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.date_end)
        self.change(self.one, "2026-01-22", newest, price_unit=930.0)
        open_items = self.one.line_ids.filtered(lambda line: line.recurrence == "once")
        self.assertEqual(sum(self.prices(open_items)), 200.0)
        moves = self.bill(self.one, times=2)
        self.assertEqual(moves.mapped("amount_untaxed"), [930.0 + 200.0, 930.0])

    def test_change_before_the_first_day_of_an_item(self):
        self.one._change_items(
            date(2026, 1, 15), [(None, {"product_id": self.product.id, "name": "Gym", "price_unit": 31.0})]
        )
        old = self.one.line_ids.filtered(lambda line: line.name == "Gym")
        self.change(self.one, "2026-01-10", old, price_unit=62.0)
        new = old.next_line_ids
        self.assertEqual((new.date_start, old.date_end), (date(2026, 1, 15), date(2026, 1, 14)))
        once = self.one.line_ids.filtered(lambda line: line.recurrence == "once")
        self.assertEqual(sum(self.prices(once)), 34.0)

    def test_versions_at_one_price_add_up_to_it(self):
        """Texts changed on two days of a month of 30 days: 33.33 three times would be a cent short."""
        one = self.contract(self.line(price=100.0), billed_until="2026-03-31")
        for day, name in (("2026-04-11", "Second"), ("2026-04-21", "Third")):
            newest = one.line_ids.sorted("id")[-1]
            self.change(one, day, newest, name=name)
        self.assertEqual(self.amounts(self.bill(one)), [[33.34, 33.33, 33.33]])
        newest = one.line_ids.sorted("id")[-1]
        once = self.change(one, "2026-04-26", newest, name="Fourth")
        self.assertEqual(sum(round(price * 100) for price in self.prices(once)), 0)

    def test_item_added_and_ended(self):
        added = self.one._change_items(
            date(2026, 1, 22),
            [(None, {"product_id": self.product.id, "name": "Gym", "price_unit": 31.0})],
            kind="price",
        )
        self.assertEqual(self.prices(added), [10.0])
        gym = self.one.line_ids.filtered(lambda line: line.name == "Gym")
        ended = self.one._change_items(date(2026, 1, 27), [(gym, None)])
        self.assertEqual(self.prices(ended), [-5.0])
        self.assert_billed([310.0, 10.0, -5.0], [310.0])

    def test_item_that_never_held_is_forgotten(self):
        self.one._change_items(date(2026, 2, 1), [(None, {"product_id": self.product.id, "name": "Gym"})])
        gym = self.one.line_ids.filtered(lambda line: line.name == "Gym")
        self.one._change_items(date(2026, 2, 1), [(gym, None)])
        self.assertFalse(gym.exists())
        self.assert_billed([310.0], [310.0])

    def test_version_that_was_replaced_itself_can_be_ended(self):
        self.change(self.one, "2026-02-10", self.one.line_ids, price_unit=620.0)
        middle = self.one.line_ids.sorted("id")[-1]
        self.change(self.one, "2026-02-20", middle, price_unit=930.0)
        self.one._change_items(date(2026, 2, 10), [(middle, None)])
        # 9 days at 310.00, none at 620.00, 9 days at 930.00, of 28
        self.assert_billed([99.64, 298.93], [930.0])

    def test_without_credit_what_was_charged_stays(self):
        cheaper = [(self.one.line_ids, {"price_unit": 31.0})]
        adjustments = self.one._change_items(date(2026, 1, 22), cheaper, credit=False)
        self.assertFalse(adjustments, "the line and the one it replaces count together: nothing became dearer")
        self.assertFalse(self.one._settle(), "what was not given back is not given back later")

    def test_apart_is_an_invoice_of_its_own(self):
        dearer = [(self.one.line_ids, {"price_unit": 620.0})]
        self.one._change_items(date(2026, 1, 22), dearer, apart=True)
        once = self.one.line_ids.filtered(lambda line: line.recurrence == "once")
        self.assertEqual(once.mapped("invoice_apart"), [True, True])
        self.assertEqual(sum(self.prices(once)), 100.0)

    def test_pause_and_resume(self):
        self.assertEqual(self.prices(self.one._pause(date(2026, 1, 12), None, "trip")), [-200.0])
        self.assertEqual(self.last_change(), ("pause", "2026-01-12", 310.0, 0.0))
        self.assertEqual(self.prices(self.one._resume(date(2026, 1, 22))), [100.0])
        self.assertEqual(self.last_change()[:2], ("resume", "2026-01-22"))
        self.assertEqual(self.one.pause_ids.date_end, date(2026, 1, 21))
        self.assert_billed([310.0, -200.0, 100.0], [310.0])

    def test_pause_of_two_pieces_costs_each_day_once(self):
        self.one._pause(date(2026, 1, 2), date(2026, 1, 11), "trip")
        self.one._pause(date(2026, 1, 22), date(2026, 1, 31), "trip")
        self.assertEqual(sum(self.prices(self.one.line_ids)), 310.0 - 200.0)
        with self.assertRaisesRegex(ValidationError, "paused already"):
            self.one._pause(date(2026, 1, 11), None, "again")

    def test_resume_on_its_first_day_takes_a_pause_back(self):
        self.one._pause(date(2026, 1, 22), None, "trip")
        self.one._resume(date(2026, 1, 22))
        self.assertFalse(self.one.pause_ids)
        self.assertEqual(sum(self.prices(self.one.line_ids)), 310.0)
        with self.assertRaisesRegex(UserError, "is not paused"):
            self.one._resume(date(2026, 1, 25))

    def test_part_of_the_next_period_is_paused(self):
        self.one._pause(date(2026, 2, 15), date(2026, 2, 28), "trip")
        move = self.bill(self.one)
        self.assertEqual(self.amounts(move), [[155.0]])
        self.assertIn("14 of 28 days", self.names(move)[0])

    def test_end_gives_back_the_rest(self):
        given_back = self.one._end(date(2026, 1, 21), self.reason)
        self.assertEqual(self.prices(given_back), [-100.0])
        self.assertEqual(self.last_change(), ("end", "2026-01-21", 310.0, 0.0))
        with self.on("2026-01-25"):
            self.assertFalse(self.billing._bill(self.one))
            self.assertIn("Settle now", self.one.park_reason)
            self.one.action_settle()
            self.run_cron("maintenance")
        self.assertEqual(self.one.period_ids.move_id.mapped("move_type"), ["out_refund", "out_invoice"])
        self.assertEqual((self.one.state, self.one.park_reason), ("closed", False))

    def test_end_with_a_fee_and_without_credit(self):
        items = self.one._end(date(2026, 1, 21), self.reason, credit=False, fee=93.0, fee_product=self.product)
        self.assertEqual(self.prices(items), [93.0])
        self.assert_billed([93.0])
        self.assertEqual(self.one.state, "closed")

    def test_end_before_the_start_is_refused(self):
        with self.assertRaisesRegex(UserError, "before it starts"):
            self.one._end(date(2025, 12, 31), self.reason)

    def test_end_and_a_new_end_by_hand(self):
        """Written on the form by a supervisor: billed days are settled as by the button."""
        one = self.one.with_user(self.supervisor)
        one.date_end = "2026-01-21"
        self.assertEqual(sum(self.prices(self.one.line_ids)), 310.0 - 100.0)
        self.assertEqual(self.last_change(), ("end", "2026-01-21", 310.0, 0.0))
        one.date_end = False
        self.assertEqual(sum(self.prices(self.one.line_ids)), 310.0)
        self.assertEqual(self.last_change(), ("reactivate", "2026-01-22", 0.0, 310.0))
        self.assert_billed([310.0, -100.0, 100.0], [310.0])

    def test_last_period_cut_short_grows_when_the_end_moves(self):
        one = self.contract(date_end="2026-01-21")
        self.bill(one)
        one.with_user(self.supervisor).date_end = "2026-12-31"
        self.assertEqual(one.period_ids.date_end, date(2026, 1, 31))
        self.assertEqual(self.amounts(self.bill(one)), [[310.0, 100.0]])

    def test_renewal_fills_the_last_period(self):
        one = self.contract(date_end="2026-01-21", renewal_months=1)
        self.bill(one)
        one._renew()
        self.assertEqual(one.date_end, date(2026, 2, 21))
        self.assertEqual((one.change_ids[:1].kind, one.period_ids.date_end), ("renew", date(2026, 1, 31)))
        self.assertEqual(self.amounts(self.bill(one)), [[232.5, 100.0]])
        with self.assertRaisesRegex(UserError, "no end"):
            self.one._renew()

    def test_due_day_and_postponed_due_date(self):
        self.one._change_due_day(20, "salary day")
        self.assertEqual(self.one.next_due_date, date(2026, 2, 20))
        self.one._postpone_next(date(2026, 2, 27))
        self.assertEqual((self.one.next_due_date, self.one.next_issue_date), (date(2026, 2, 27), date(2026, 2, 17)))
        dues = [f"{move.invoice_date_due}" for move in self.bill(self.one, times=2)]
        self.assertEqual(dues, ["2026-02-27", "2026-03-20"])
        with self.assertRaisesRegex(UserError, "choose a later one"):
            self.one._postpone_next(date(2026, 4, 20))

    def test_settlement_happens_once(self):
        self.change(self.one, "2026-01-22", self.one.line_ids, price_unit=620.0)
        self.assertFalse(self.one._settle())
        self.bill(self.one)
        self.assertFalse(self.one._settle())

    def test_fee_of_the_minimum_term(self):
        self.one.write({"minimum_months": 12, "termination_fee": "percent", "termination_fee_percent": 10})
        self.assertEqual(self.one._get_termination_fee(date(2026, 6, 30))[0], 186.0)
        self.one.termination_fee = "remaining"
        self.assertEqual(self.one._get_termination_fee(date(2026, 12, 16))[0], 150.0)
        self.assertEqual(self.one._get_termination_fee(date(2026, 12, 31))[0], 0.0)
        self.one.write({"termination_fee": "fixed", "termination_fee_amount": 77.0})
        self.assertEqual(self.one._get_termination_fee(date(2026, 6, 30))[0], 77.0)

    def test_withdrawal_is_a_consumer_s(self):
        self.one.is_distance_sale = True
        self.assertEqual(self.one._get_withdrawal_until(), date(2026, 1, 8))
        self.one.date_signed = "2026-01-03"
        self.assertEqual(self.one._get_withdrawal_until(), date(2026, 1, 10))
        self.customer.is_company = True
        self.assertIsNone(self.one._get_withdrawal_until())

    def test_rights_and_states(self):
        line = self.one.line_ids
        calls = {
            "_change_items": (date(2026, 1, 22), [(line, {"price_unit": 1.0})]),
            "_pause": (date(2026, 1, 22), None, "trip"),
            "_resume": (date(2026, 1, 22),),
            "_end": (date(2026, 1, 22), self.reason),
            "_change_due_day": (5,),
            "_postpone_next": (date(2026, 2, 20),),
            "_renew": (),
        }
        draft = self.contract(activate=False)
        for method, arguments in calls.items():
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.one.with_user(self.collector), method)(*arguments)
            with self.subTest(method=method), self.assertRaisesRegex(UserError, "not active"):
                getattr(draft, method)(*arguments)
        with self.assertRaisesRegex(UserError, "another contract"):
            self.change(self.contract(), "2026-01-22", line, price_unit=1.0)
        with self.assertRaisesRegex(UserError, "between the start and the end"):
            self.change(self.one, "2025-12-31", line, price_unit=1.0)

    @mute_logger("odoo.sql_db")
    def test_supervisor_can_do_it_all(self):
        one = self.one.with_user(self.supervisor)
        one._change_items(date(2026, 1, 22), [(one.line_ids, {"price_unit": 620.0})])
        one._pause(date(2026, 1, 25), date(2026, 1, 26), "trip")
        one._end(date(2026, 1, 30), self.reason.with_user(self.supervisor), fee=5.0, fee_product=self.product)
        self.assertEqual(self.one.change_ids.mapped("kind"), ["end", "pause", "price"])
        self.assertEqual(self.one.change_ids.create_uid, self.supervisor)
