from collections import Counter
from contextlib import closing
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import CobrancaCommon
from .invoice_cases import COPIES, InvoiceCases

MODELS = "odoo.addons.cobranca_recorrente.models."
FACTORY = MODELS + "cobranca_invoice_factory"
# These Odoo makes itself, one by one.
NOT_KNOWN = {"term mixed", "cash rounding", "no due date"}


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceFactory(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"mail_notrack": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        cls.company = cls.env.company
        cls.cases = InvoiceCases(cls.env)
        cls.factory = cls.env["cobranca.invoice.factory"]
        cls.check = cls.env["cobranca.invoice.check"]
        cls.ways = Counter()

    def setUp(self):
        super().setUp()
        self.ways = Counter()
        report = type(self.factory)._report

        def count(factory, ways):
            self.ways.update(ways)
            return report(factory, ways)

        self.startPatcher(patch.object(type(self.factory), "_report", count))
        # Compare one of few, too.
        self.startPatcher(patch(f"{FACTORY}.WORTH_WHILE", 1))

    # === COMPARE === #

    def read(self, moves):
        """All that the database keeps of invoices, with the messages and followers."""
        self.env.flush_all()
        return [
            self.check._read(move)
            | {"messages": len(move.message_ids), "followers": sorted(move.message_partner_ids.ids)}
            for move in moves
        ]

    def make(self, vals_list, create, post):
        """Drafts and posted invoices as read, and their numbers; nothing of it stays."""
        with self.undone():
            moves = create([{**vals} for vals in vals_list])
            drafts = self.read(moves)
            post(moves)
            return drafts, self.read(moves), sorted(moves.mapped("sequence_number"))

    def undone(self):
        return closing(self.env.cr.savepoint())

    def assert_equal_to_odoo(self, cases):
        """Each invoice is equal to the last column to the one that Odoo makes of the same values."""
        Move = self.env["account.move"]
        wrong = []
        for name, vals_list in cases.items():
            expected = self.make(vals_list, Move.create, lambda moves: moves.action_post())
            found = self.make(vals_list, self.factory._create, self.factory._post)
            for stage, odoos, ours in zip(("draft", "posted"), expected, found, strict=False):
                for place, (odoo, our) in enumerate(zip(odoos, ours, strict=True)):
                    differences = self.check._get_differences(odoo, our)
                    wrong += [f"{name}, {place}, {stage}: {difference}" for difference in differences[:4]]
            if expected[2] != found[2]:
                wrong.append(f"{name}: numbers {expected[2]} / {found[2]}")
        self.assertFalse(wrong, "\n".join(wrong[:40]))

    def test_normal_way(self):
        cases = self.cases.all_cases()
        self.assertGreaterEqual(sum(map(len, cases.values())), 200)
        self.assert_equal_to_odoo(cases)
        self.assertGreater(self.ways["copied"], 0.6 * self.ways.total())
        self.assertEqual(self.ways["fast"], 0)

    def test_fast_way(self):
        self.company.cobranca_fast_posting = True
        self.assert_equal_to_odoo(self.cases.all_cases())
        self.assertGreater(self.ways["fast"], 0.6 * self.ways.total())
        self.assertTrue(self.company.cobranca_fast_posting, "no check of its own found a difference")
