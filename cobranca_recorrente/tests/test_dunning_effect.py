from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningEffect(DunningCommon):
    """What a step is worth is said when there are enough invoices, and not before."""

    def owe_many(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"C{number}", "email": f"c{number}@example.com"} for number in range(count)]
        )
        return self.post_lines("2026-03-01", [(partner, 100, "2026-03-10") for partner in partners])

    def test_small_groups_say_nothing(self):
        level = self.level(3)
        self.assertFalse(level.effect_text)
        level.write({"control_percent": 50, "control_seed": "seed"})
        self.owe_many(8)
        self.run_day("2026-03-13")
        level.invalidate_recordset()
        self.assertIn("Too few invoices to tell", level.effect_text)

    def test_groups_are_compared(self):
        level = self.level(3)
        level.write({"control_percent": 50, "control_seed": "seed"})
        self.owe_many(130)
        made = self.run_day("2026-03-13")
        reminded = made.line_ids.line_id
        drawn = self.Notice.search([("level_id", "=", level.id), ("is_control", "=", True)]).line_id
        self.assertEqual(len(reminded) + len(drawn), 130)
        for lines, paid in ((reminded, 20), (drawn, 5)):
            for line in lines[:paid]:
                self.pay(line, 100, "2026-03-18")
        # Too late for this step.
        self.pay(reminded[20], 100, "2026-03-25")
        effects = level._get_effects()
        self.assertEqual(effects[level.id], ((len(reminded), 20), (len(drawn), 5)))
        self.assertIn(f"Paid within 7 days: {20 / len(reminded) * 100:.0f} %", level.effect_text)
