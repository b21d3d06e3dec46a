from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .conference_common import APR, FEB, JAN, MAR, ConferenceCommon


@tagged("post_install", "-at_install")
class TestBillingConference(ConferenceCommon):
    """The equation of a month; what it says is compared with the invoices that then come."""

    # --- causes, one by one ---

    @freeze_time("2026-01-05 15:00:00")
    def test_new_in_the_middle_of_a_month(self):
        contract = self.make(310, date_start="2026-01-15", billing_day=1)
        # 17 of 31 days.
        self.assert_contract(contract, JAN, new=310, prorated=-140, current=170)
        self.assert_contract(contract, FEB, previous=170, prorated=140, current=310)
        self.assert_contract(contract, MAR, previous=310, current=310)
        self.bill_all()
        self.assert_contract(contract, JAN, new=310, prorated=-140, current=170)
        self.assertEqual(self.invoiced(contract, JAN), 170)

    @freeze_time("2026-02-05 15:00:00")
    def test_ended_in_the_middle_of_a_month(self):
        contract = self.make(280, billing_day=1)
        self.bill_all()
        adjustments = contract._end(date(2026, 2, 20), self.reason)
        self.assertEqual(adjustments.price_unit, -80)
        self.assert_contract(contract, FEB, previous=280, once=-80, current=200)
        self.assert_contract(contract, MAR, previous=200, once=80, ended=-280)

    @freeze_time("2026-01-05 15:00:00")
    def test_end_that_is_known_before_it_is_billed(self):
        contract = self.make(280, billing_day=1, date_end="2026-02-20")
        self.assert_contract(contract, FEB, previous=280, prorated=-80, current=200)
        self.assert_contract(contract, MAR, previous=200, ended=-200)

    @freeze_time("2026-01-05 15:00:00")
    def test_pause(self):
        contract = self.make(280, billing_day=1)
        self.bill_all()
        contract._pause(date(2026, 2, 15), date(2026, 3, 31), "holidays")
        self.assert_contract(contract, FEB, previous=280, prorated=-140, current=140)
        self.assert_contract(contract, MAR, previous=140, prorated=-140)
        self.assert_contract(contract, APR, prorated=280, current=280)

    @freeze_time("2026-01-05 15:00:00")
    def test_pause_after_billing_is_an_adjustment(self):
        contract = self.make(310, billing_day=1)
        self.bill_all()
        contract._pause(date(2026, 1, 22), date(2026, 1, 31), "holidays")
        self.assert_contract(contract, JAN, new=310, current=310)
        self.assert_contract(contract, FEB, previous=310, once=-100, current=210)

    @freeze_time("2026-02-05 15:00:00")
    def test_price_changed_after_billing(self):
        """The month before keeps what was charged: the step of the price comes with the month that bills it."""
        contract = self.make(280, billing_day=1)
        self.bill_all()
        contract._change_items(date(2026, 2, 15), [(contract.line_ids, {"price_unit": 560})])
        self.assert_contract(contract, FEB, previous=280, current=280)
        self.assert_contract(contract, MAR, previous=280, price=280, once=140, current=700)

    @freeze_time("2026-01-05 15:00:00")
    def test_price_changes_in_the_middle_of_a_period_to_come(self):
        contract = self.make(280, billing_day=1)
        self.bill_all()
        contract._change_items(date(2026, 2, 15), [(contract.line_ids, {"price_unit": 560})])
        self.assert_contract(contract, FEB, previous=280, price=280, prorated=-140, current=420)
        self.assert_contract(contract, MAR, previous=420, prorated=140, current=560)

    @freeze_time("2026-02-05 15:00:00")
    def test_readjustment_is_told_from_other_changes(self):
        contract = self.make(200, billing_day=1)
        self.bill_all()
        line = contract.line_ids
        contract._change_items(date(2026, 3, 1), [(line, {"price_unit": 241.84})], kind="readjust")
        self.assert_contract(contract, MAR, previous=200, readjusted=41.84, current=241.84)
        contract._change_items(date(2026, 3, 2), [(None, {"product_id": self.product.id, "price_unit": 31})])
        self.assert_contract(contract, MAR, previous=200, readjusted=41.84, price=31, prorated=-1, current=271.84)

    @freeze_time("2026-03-05 15:00:00")
    def test_usage(self):
        metered = {"product_id": self.product.id, "recurrence": "usage", "price_unit": 2}
        fee = {"product_id": self.product.id, "price_unit": 100}
        contract = self.make_contract(billing_day=1, line_ids=[Command.create(fee), Command.create(metered)])
        usage = [("2026-01-20", 10), ("2026-02-20", 25)]
        who = {"contract_id": contract.id, "product_id": self.product.id}
        self.env["cobranca.contract.usage"].create(
            [{**who, "date": day, "quantity": quantity, "external_key": day} for day, quantity in usage]
        )
        expected = {
            JAN: {"new": 100, "current": 100},
            FEB: {"previous": 100, "usage": 20, "current": 120},
            MAR: {"previous": 120, "usage": 30, "current": 150},
            APR: {"previous": 150, "usage": -50, "current": 100},
        }
        for month, figures in expected.items():
            self.assert_contract(contract, month, **figures)
        self.bill_all()
        for month, figures in expected.items():
            self.assert_contract(contract, month, **figures)
        self.assertEqual([self.invoiced(contract, month) for month in (JAN, FEB, MAR)], [100, 120, 150])

    @freeze_time("2026-01-05 15:00:00")
    def test_quarterly_is_neither_new_nor_ended(self):
        contract = self.make(900, interval_unit="quarter")
        self.assert_contract(contract, JAN, new=900, current=900)
        self.assert_contract(contract, FEB, previous=900, cadence=-900)
        self.assert_contract(contract, MAR)
        self.assert_contract(contract, APR, cadence=900, current=900)
        self.bill_all()
        contract._change_items(APR, [(contract.line_ids, {"price_unit": 1000})])
        self.assert_contract(contract, FEB, previous=900, cadence=-900)
        self.assert_contract(contract, APR, cadence=900, price=100, current=1000)

    @freeze_time("2026-01-05 15:00:00")
    def test_weekly_has_months_of_four_and_of_five(self):
        contract = self.make(10, interval_unit="week")
        # Thursdays: five in January, four in February.
        self.assert_contract(contract, JAN, new=50, current=50)
        self.assert_contract(contract, FEB, previous=50, cadence=-10, current=40)

    @freeze_time("2026-02-05 15:00:00")
    def test_arrears(self):
        line = {"product_id": self.product.id, "price_unit": 100, "billing_timing": "arrears"}
        contract = self.make_contract(billing_day=1, date_end="2026-02-28", line_ids=[Command.create(line)])
        self.assert_contract(contract, FEB, new=100, current=100)
        self.assert_contract(contract, MAR, previous=100, current=100)
        self.assert_contract(contract, APR, previous=100, ended=-100)

    @freeze_time("2026-01-05 15:00:00")
    def test_postponed_due_date(self):
        contract = self.make(100, billing_day=1)
        self.bill_all()
        contract._postpone_next(date(2026, 3, 5))
        self.assert_contract(contract, FEB, previous=100, cadence=-100)
        self.assert_contract(contract, MAR, cadence=200, current=200)

    @freeze_time("2026-01-05 15:00:00")
    def test_one_off(self):
        fee = {"product_id": self.product.id, "price_unit": 100}
        enrolment = {**fee, "price_unit": 50, "recurrence": "once", "date_start": "2026-01-02"}
        contract = self.make_contract(line_ids=[Command.create(fee), Command.create(enrolment)])
        self.assert_contract(contract, JAN, new=100, once=50, current=150)
        self.assert_contract(contract, FEB, previous=150, once=-50, current=100)

    # --- many at once ---

    def test_many_contracts_prove_to_the_cent_and_equal_the_invoices(self):
        """The plan before billing, the ledger after it and the invoices say the same, month after month."""
        contracts = self.make_many()
        with freeze_time("2026-01-02 15:00:00"):
            for contract in contracts[::5]:
                contract._change_items(date(2026, 2, 10), [(contract.line_ids[0], {"price_unit": 123.45})])
        for month, day in ((JAN, "2026-01-31"), (FEB, "2026-02-28"), (MAR, "2026-03-31")):
            with freeze_time(f"{day} 15:00:00"):
                planned = self.figures(month)
                self.bill_all()
                self.assertEqual(self.figures(month), planned)
                for contract in contracts.filtered(lambda c: not c.park_reason):
                    said = planned.get(contract, {}).get("current", 0.0)
                    self.assertEqual(said, self.invoiced(contract, month), contract.name)
                if month == FEB:
                    contracts[3]._pause(date(2026, 2, 20), date(2026, 3, 10), "away")
                    contracts[8]._end(date(2026, 2, 21), self.reason)
                    line = contracts[13].line_ids[:1]
                    contracts[13]._change_items(MAR, [(line, {"price_unit": 777.77})], kind="readjust")
        self.assertEqual(contracts.filtered("park_reason"), contracts[8], "its credit waits to be settled")

    def make_many(self):
        starts = ["2026-01-01", "2026-01-15", "2026-01-31", "2026-02-10"]
        units = ["month", "month", "quarter", "week"]
        with freeze_time("2026-01-02 15:00:00"):
            contracts = self.env["cobranca.contract"]
            for number in range(40):
                lines = [{"product_id": self.product.id, "price_unit": 33.37 * (number + 1)}]
                if number % 3 == 0:
                    timing = {"billing_timing": "arrears", "price_unit": 19.99, "discount": 7}
                    lines.append({"product_id": self.product.id, **timing})
                if number % 7 == 0:
                    lines.append({"product_id": self.product.id, "date_end": "2026-02-13", "price_unit": 7.77})
                contracts |= self.make_contract(
                    date_start=starts[number % 4],
                    billing_day=1 if number % 2 and units[number // 4 % 4] != "week" else 0,
                    interval_unit=units[number // 4 % 4],
                    date_end="2026-03-17" if number % 6 == 5 else False,
                    line_ids=[Command.create(line) for line in lines],
                )
        return contracts
