from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import hold as kernel
from .record_common import TODAY, RecordCommon


@tagged("post_install", "-at_install")
class TestHold(RecordCommon):
    def start(self, reason="vacation", date_from=TODAY, date_to="2026-11-30", lines=None, **values):
        date_to = date.fromisoformat(date_to) if date_to else None
        return self.Hold._start(self.company, self.customer, reason, date_from, date_to, lines=lines, **values)

    def collectable(self, day=TODAY):
        """The receivable lines of the test that a collection of a day would find."""
        lines = self.line + self.later_line
        rows = self.env.execute_query(
            SQL(
                "SELECT l.id FROM account_move_line l WHERE l.id IN %s AND %s",
                tuple(lines.ids),
                self.env["cobranca.hold"]._get_hold_condition(day, "l"),
            )
        )
        return lines.browse(sorted(row[0] for row in rows))

    def test_line_is_held_and_the_other_is_not(self):
        self.assertEqual(self.collectable(), self.line + self.later_line)
        self.start(lines=self.line)
        self.assertEqual(self.collectable(), self.later_line)

    def test_debtor_is_held_as_a_whole_until_the_last_day(self):
        hold = self.start()
        self.assertFalse(hold.line_id)
        self.assertEqual(len(self.collectable()), 0)
        self.assertEqual(len(self.collectable(date(2026, 11, 30))), 0)
        self.assertEqual(len(self.collectable(date(2026, 12, 1))), 2)
        self.assertEqual(len(self.collectable(date(2026, 11, 18))), 2)

    def test_pause_of_a_contact_person_is_the_debtors(self):
        person = self.env["res.partner"].create({"name": "Person", "parent_id": self.customer.id})
        self.Hold._start(self.company, person, "vacation", TODAY, TODAY)
        self.assertFalse(self.collectable())

    def test_another_debtor_and_another_company_are_not_held(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.Hold._start(self.company, self.stranger, "vacation", TODAY, TODAY)
        self.env["cobranca.hold"]._start(other, self.customer, "vacation", TODAY, TODAY)
        self.assertEqual(len(self.collectable()), 2)

    def test_sql_says_the_same_as_the_kernel(self):
        """Every combination of begin, end and early end, looked at on each day."""
        days = [TODAY + timedelta(days=number) for number in range(5)]
        for date_from in days[1:4]:
            for date_to in (None, *[day for day in days if day >= date_from]):
                for ended_on in (None, *days):
                    with self.subTest(date_from=date_from, date_to=date_to, ended_on=ended_on):
                        record = self.start("court", date_from, None, lines=self.line).sudo()
                        record.write({"date_to": date_to, "ended_on": ended_on})
                        found = [self.line not in self.collectable(day) for day in days]
                        wanted = [kernel.state(day, date_from, date_to, ended_on) == "active" for day in days]
                        self.assertEqual(found, wanted)
                        by_search = [
                            state
                            for state in ("planned", "active", "ended")
                            if record.search([("id", "=", record.id), ("state", "=", state)])
                        ]
                        self.assertEqual(by_search, [record.state])
                        self.env.execute_query(SQL("DELETE FROM cobranca_hold WHERE id = %s", record.id))
                        self.env.invalidate_all(flush=False)

    def test_query_uses_the_indexes(self):
        self.env.execute_query(SQL("SET LOCAL enable_seqscan = off"))
        condition = self.env["cobranca.hold"]._get_hold_condition(TODAY, "l")
        plan = self.env.execute_query(SQL("EXPLAIN SELECT l.id FROM account_move_line l WHERE %s", condition))
        text = "\n".join(row[0] for row in plan)
        self.assertEqual(text.count("Anti Join"), 2, text)

    def test_end_is_needed_unless_nobody_knows_it(self):
        with self.assertRaisesRegex(UserError, "until when"):
            self.start(date_to=None)
        with self.assertRaisesRegex(UserError, "before it begins"):
            self.start(date_to="2026-11-18")
        self.assertEqual(self.start("court", date_to=None).state, "active")

    def test_it_ends_once_and_forward(self):
        hold = self.start()
        with self.on("2026-11-23"):
            hold.action_end()
            self.assertEqual((hold.state, hold.ended_on), ("ended", date(2026, 11, 23)))
            self.assertEqual(hold.ended_by_id, self.collector)
            self.assertEqual(len(self.collectable(date(2026, 11, 23))), 2)
            # What was paused stays paused in the books.
            self.assertEqual(len(self.collectable(date(2026, 11, 22))), 0)
        with self.on("2026-11-25"):
            hold.action_end()
            self.assertEqual(hold.ended_on, date(2026, 11, 23))

    def test_pause_of_a_promise_is_ended_by_the_promise(self):
        promise = self.promise()
        with self.assertRaisesRegex(UserError, "keeps this pause"):
            self.holds(promise).with_user(self.collector).action_end()

    def test_pauses_that_other_records_keep(self):
        """Later addons name theirs: such a pause ends with the record that keeps it."""
        hold = self.start()
        hold.sudo().write({"res_model": "res.partner", "res_id": self.customer.id})
        with (
            patch.object(type(hold), "_get_kept_reasons", lambda _hold: [hold.reason]),
            self.assertRaisesRegex(UserError, "keeps this pause"),
        ):
            hold.with_user(self.collector).action_end()
        with self.on("2026-11-23"):
            hold.with_user(self.collector).action_end()
            self.assertEqual(hold.state, "ended")

    def test_wizard_demands_reason_and_end(self):
        Wizard = self.env["cobranca.hold.start"].with_user(self.collector)
        wizard = Wizard.create({"partner_id": self.customer.id, "reason": "vacation"})
        with self.assertRaisesRegex(UserError, "until when"):
            wizard.action_start()
        wizard.date_to = "2026-12-10"
        wizard.action_start()
        hold = self.customer.cobranca_hold_ids
        self.assertEqual((hold.reason, hold.line_id.id, hold.date_to), ("vacation", False, date(2026, 12, 10)))

    def test_wizard_pauses_some_invoices(self):
        wizard = (
            self.env["cobranca.hold.start"]
            .with_user(self.collector)
            .create({"partner_id": self.customer.id, "reason": "other", "scope": "lines", "date_to": "2026-12-10"})
        )
        wizard.line_ids = self.later_line
        wizard.action_start()
        self.assertEqual(self.collectable(), self.line)

    def test_long_pauses_are_decided_by_a_supervisor(self):
        values = {"partner_id": self.customer.id, "reason": "court", "is_open_ended": True}
        Wizard = self.env["cobranca.hold.start"]
        for changes in ({}, {"is_open_ended": False, "date_to": "2027-03-01"}):
            with self.subTest(changes=changes), self.assertRaisesRegex(AccessError, "supervisor"):
                Wizard.with_user(self.collector).create({**values, **changes}).action_start()
        Wizard.with_user(self.supervisor).create(values).action_start()
        self.assertFalse(self.customer.cobranca_hold_ids.date_to)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            self.customer.cobranca_hold_ids.with_user(self.collector).action_end()

    def test_nothing_is_removed(self):
        with self.assertRaisesRegex(UserError, "register"):
            self.start().sudo().unlink()
