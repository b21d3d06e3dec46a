from collections import Counter
from contextlib import closing
from unittest.mock import patch

from .common import CobrancaCommon
from .invoice_cases import InvoiceCases

MODELS = "odoo.addons.cobranca_recorrente.models."


class InvoiceFactoryCase(CobrancaCommon):
    Cases = InvoiceCases
    # Every third shape; at length, all of them.
    PART = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        quiet = {"mail_notrack": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
        cls.env = cls.env(context={**cls.env.context, **quiet})
        cls.company = cls.env.company
        cls.cases = cls.Cases(cls.env)
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
        # What is undone afterwards would hide that the option went off.
        self.stopped = []
        Company = type(self.env["res.company"])
        stop = Company._cobranca_stop_fast_posting

        def note(companies, differences):
            self.stopped += differences
            return stop(companies, differences)

        self.startPatcher(patch.object(Company, "_cobranca_stop_fast_posting", note))
        # Compare one of few, too.
        self.startPatcher(patch(MODELS + "cobranca_invoice_factory.WORTH_WHILE", 1))

    def some(self, cases):
        """The shapes that are compared, of {name: values}."""
        return dict(list(cases.items())[:: self.PART])

    # === COMPARE === #

    def read(self, moves):  # pylint: disable=method-required-super
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
            # PostgreSQL knows nothing of rows of this transaction: hundreds of them would be joined one by one.
            self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
            drafts = self.read(moves)
            post(moves)
            return drafts, self.read(moves), sorted(moves.mapped("sequence_number"))

    def make_by_odoo(self, cases):
        """{name: what Odoo makes of the values}"""
        create = self.env["account.move"].create
        return {
            name: self.make(vals_list, create, lambda moves: moves.action_post()) for name, vals_list in cases.items()
        }

    def assert_equal_to_odoo(self, cases, by_odoo=None):
        """Each invoice is equal to the last column to the one that Odoo makes of the same values."""
        by_odoo = by_odoo or self.make_by_odoo(cases)
        wrong = []
        for name, vals_list in cases.items():
            expected = by_odoo[name]
            found = self.make(vals_list, self.factory._create, self.factory._post)
            for stage, odoos, ours in zip(("draft", "posted"), expected, found, strict=False):
                for place, (odoo, our) in enumerate(zip(odoos, ours, strict=True)):
                    differences = self.check._get_differences(odoo, our)
                    wrong += [f"{name}, {place}, {stage}: {difference}" for difference in differences[:4]]
            if expected[2] != found[2]:
                wrong.append(f"{name}: numbers {expected[2]} / {found[2]}")
        self.assertFalse(wrong, "\n".join(wrong[:40]))

    def undone(self):
        return closing(self.env.cr.savepoint())

    def make_five(self):
        """Five posted invoices of one shape by the factory."""
        moves = self.factory._create(self.cases.tax_cases()["tax ten"])
        self.factory._post(moves)
        return moves
