from freezegun import freeze_time

from odoo.fields import Date
from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningSelection(DunningCommon):
    """Who gets what on which day."""

    def test_steps_of_a_debt(self):
        # Tuesday 2026-03-10
        self.owe(100, "2026-03-10")
        self.assertEqual(self.plan_of("2026-03-05"), {})
        self.assertEqual(self.plan_of("2026-03-06"), {})
        self.assertEqual(self.plan_of("2026-03-09"), {"Ana Lindoso": (-3, 1, 1)})
        self.assertEqual(self.plan_of("2026-03-13"), {"Ana Lindoso": (3, 1, 1)})
        self.assertEqual(self.plan_of("2026-03-17"), {"Ana Lindoso": (7, 1, 1)})

    def test_run_takes_each_step_once(self):
        line = self.owe(100, "2026-03-10")
        made = self.run_day("2026-03-13")
        self.assertEqual(made.state, "sent")
        self.assertEqual(made.level_id, self.level(3))
        self.assertEqual(made.line_ids.line_id, line)
        self.assertFalse(self.run_day("2026-03-13"))
        self.assertFalse(self.run_day("2026-03-16"))
        self.assertEqual(self.run_day("2026-03-17").level_id, self.level(7))
        self.assertEqual(len(self.Notice.search([("line_id", "=", line.id)])), 2)

    def test_weekend_due_is_not_late_on_monday(self):
        self.make_more = self.owe(100, "2026-03-14")
        plan = self.select("2026-03-16")
        self.assertEqual([(m.level.days, m.lines[0].is_late) for m in plan.messages], [(-3, False)])

    @freeze_time("2026-03-13 13:00:00")
    def test_paid_between_claim_and_delivery(self):
        line = self.owe(100, "2026-03-10")
        made = self.engine._run(self.company, Date.to_date("2026-03-13"))
        self.assertEqual(made.state, "queued")
        self.pay(line, 100, "2026-03-13")
        self.deliver()
        self.assertEqual((made.state, made.reason), ("cancelled", "paid"))
