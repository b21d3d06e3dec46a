from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingLinesGuard(BillingCommon):
    """What a client may send about a billed contract beside the buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal_customer", "base.group_portal", partner_id=cls.customer.id)

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract(
            self.line("Fee"),
            self.line("Messages", 2.0, product=self.usage_product, recurrence="usage"),
            self.line("Robe", 60.0, recurrence="once", date_start="2026-12-01"),
        )
        self.move = self.billing._bill(self.one)
        self.fee, self.messages, self.robe = self.one.line_ids.with_user(self.supervisor)
        self.mine = self.one.with_user(self.supervisor)

    def test_billed_line(self):
        for values in (
            {"price_unit": 1.0},
            {"quantity": 9},
            {"discount": 50},
            {"date_end": "2026-01-15"},
            {"recurrence": "once", "date_start": "2026-01-01"},
            {"billing_timing": "arrears"},
            {"display_type": "line_note"},
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(UserError, "was billed already"):
                    self.fee.write(values)
                with self.assertRaisesRegex(UserError, "was billed already"):
                    self.mine.line_ids = [Command.update(self.fee.id, values)]
        for command in (Command.delete(self.fee.id), Command.clear(), Command.set([]), Command.unlink(self.fee.id)):
            with self.subTest(command=command), self.assertRaisesRegex(UserError, "was billed already"):
                self.mine.line_ids = [command]
        with self.assertRaisesRegex(UserError, "was billed already"):
            self.fee.with_context(cobranca_draft_deleted=True).unlink()

    def test_sending_back_what_was_read_is_no_change(self):
        self.fee.write({"price_unit": self.fee.price_unit, "quantity": self.fee.quantity, "sequence": 7})
        self.assertEqual(self.fee.sequence, 7)

    def test_usage_line_of_a_billed_contract(self):
        with self.assertRaisesRegex(UserError, "was billed already"):
            self.messages.price_unit = 9.0

    def test_new_recurring_line(self):
        values = {"product_id": self.product.id, "price_unit": 1.0}
        with self.assertRaisesRegex(UserError, "has billed periods"):
            self.mine.line_ids = [Command.create(values)]
        with self.assertRaisesRegex(UserError, "has billed periods"):
            self.env["cobranca.contract.line"].with_user(self.supervisor).create({**values, "contract_id": self.one.id})
        with self.assertRaisesRegex(UserError, "has billed periods"):
            self.fee.copy()
        with self.assertRaisesRegex(UserError, "has billed periods"):
            self.robe.recurrence = "recurring"
        note = (
            self.env["cobranca.contract.line"]
            .with_user(self.supervisor)
            .create({"contract_id": self.one.id, "display_type": "line_note", "name": "Note"})
        )
        with self.assertRaisesRegex(UserError, "has billed periods"):
            note.write({"display_type": False, **values})

    def test_one_off_items_can_be_added_and_changed(self):
        self.robe.price_unit = 70.0
        self.mine.line_ids = [
            Command.create(
                {"product_id": self.product.id, "recurrence": "once", "date_start": "2026-01-20", "price_unit": 5.0}
            )
        ]
        self.assertEqual(self.amounts(self.bill(self.one)), [[310.0, 5.0]])

    def test_next_version_keeps_its_days(self):
        self.change(self.one, "2026-03-01", self.one.line_ids[0], price_unit=620.0)
        version = self.fee.next_line_ids
        for values in ({"date_start": "2026-01-10"}, {"date_end": "2026-03-05"}, {"price_unit": 1.0}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "was billed already"):
                version.write(values)
        with self.assertRaisesRegex(UserError, "was billed already"):
            version.unlink()

    def test_adjustment_stays_as_it_is(self):
        adjustment = self.change(self.one, "2026-01-22", self.one.line_ids[0], price_unit=620.0)[:1]
        mine = adjustment.with_user(self.supervisor)
        for action in (lambda: mine.write({"price_unit": 0.01}), mine.unlink):
            with self.assertRaisesRegex(UserError, "settles a change"):
                action()
        for values in ({"adjusted_period_id": False}, {"previous_line_id": self.fee.id}):
            with self.assertRaises(AccessError):
                mine.write(values)
        mine.invoice_apart = True

    def test_no_line_is_born_with_a_history(self):
        values = {
            "contract_id": self.one.id,
            "product_id": self.product.id,
            "recurrence": "once",
            "date_start": "2026-01-20",
        }
        Line = self.env["cobranca.contract.line"].with_user(self.supervisor)
        with self.assertRaises(AccessError):
            Line.create({**values, "adjusted_period_id": self.one.period_ids.id})
        with self.assertRaises(AccessError):
            Line.with_context(default_adjusted_period_id=self.one.period_ids.id).create(values)

    def test_guarded_fields_by_any_way(self):
        period, Contract = self.one.period_ids, self.env["cobranca.contract"].with_user(self.supervisor)
        pause = {"date_start": "2026-02-01", "reason": "x"}
        change = {"kind": "price", "date": "2026-02-01"}
        for values in (
            {"pause_ids": [Command.create(pause)]},
            {"change_ids": [Command.create(change)]},
            {"period_ids": [Command.delete(period.id)]},
            {"catch_up_until": "2030-01-01"},
            {"close_reason_id": self.reason.id},
            {"is_park_checkable": True},
            {"renewal_alert_date": "2026-02-01"},
            {"monthly_amount": 1.0},
        ):
            with self.subTest(values=values):
                with self.assertRaises(AccessError):
                    self.mine.write(values)
                with self.assertRaises(AccessError):
                    self.mine.copy(values)
                with self.assertRaises(AccessError):
                    Contract.create({"partner_id": self.customer.id, **values})
        for model, values in (("pause", pause), ("change", change)):
            with self.assertRaises(AccessError):
                self.env[f"cobranca.contract.{model}"].with_user(self.manager).create(
                    {"contract_id": self.one.id, **values}
                )

    def test_defaults_of_the_context_are_no_way_in(self):
        context = {
            "default_state": "active",
            "default_park_reason": "x",
            "default_catch_up_until": "2030-01-01",
            "default_postponed_due_date": "2030-01-01",
            "default_pause_ids": [Command.create({"date_start": "2026-02-01", "reason": "x"})],
        }
        Contract = self.env["cobranca.contract"].with_user(self.supervisor).with_context(**context)
        born = Contract.create({"partner_id": self.customer.id})
        self.assertRecordValues(
            born, [{"state": "draft", "park_reason": False, "catch_up_until": False, "postponed_due_date": False}]
        )
        self.assertFalse(born.pause_ids)

    def test_import_is_no_way_in(self):
        Contract = self.env["cobranca.contract"].with_user(self.supervisor)
        for column, value in (("state", "active"), ("next_issue_date", "2030-01-01"), ("pause_ids/reason", "x")):
            result = Contract.load(["partner_id/.id", column], [[str(self.customer.id), value]])
            self.assertFalse(result["ids"], column)
        result = (
            self.env["cobranca.contract.line"]
            .with_user(self.supervisor)
            .load([".id", "price_unit"], [[str(self.fee.id), "1.00"]])
        )
        self.assertFalse(result["ids"])

    def test_collector_and_portal_write_nothing(self):
        for user in (self.collector, self.portal):
            contract = self.one.with_user(user)
            for action in (
                lambda contract=contract: contract.write({"note": "x"}),
                lambda contract=contract: contract.line_ids[0].write({"sequence": 1}),
                contract.action_settle,
                contract.action_bill,
                contract.action_close,
                contract.action_unpark,
                contract.action_allow_catch_up,
                contract.copy,
            ):
                with self.assertRaises(UserError):
                    action()
        with self.assertRaises(AccessError):
            self.env["cobranca.contract.usage"].with_user(self.collector).create(
                {
                    "contract_id": self.one.id,
                    "product_id": self.usage_product.id,
                    "date": date(2026, 1, 5),
                    "quantity": 1,
                    "external_key": "a",
                }
            )

    def test_copy_begins_with_what_holds(self):
        self.change(self.one, "2026-01-03", self.one.line_ids[0], price_unit=620.0)
        copy = self.mine.copy()
        self.assertEqual(copy.line_ids.sorted("price_unit").mapped("price_unit"), [2.0, 620.0])
        self.assertFalse(copy.line_ids.previous_line_id)
