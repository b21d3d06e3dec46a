from collections import Counter
from contextlib import closing
from unittest.mock import patch

import psycopg2

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..models.cobranca_invoice_check import OWN_COLUMNS as check_columns
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

    def make_five(self):
        """Five posted invoices of one shape by the factory."""
        moves = self.factory._create(self.cases.tax_cases()["tax ten"])
        self.factory._post(moves)
        return moves

    def test_normal_way(self):
        cases = self.cases.all_cases()
        self.assertGreaterEqual(sum(map(len, cases.values())), 200)
        self.assert_equal_to_odoo(cases)
        self.assertGreater(self.ways["copied"], 0.6 * self.ways.total())
        self.assertEqual(self.ways["fast"], 0)

    def test_what_is_not_known_is_made_by_odoo(self):
        cases = self.cases.all_cases()
        for name in NOT_KNOWN:
            self.ways.clear()
            self.factory._create(cases[name])
            self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0}, name)

    def test_fast_way(self):
        self.company.cobranca_fast_posting = True
        self.assert_equal_to_odoo(self.cases.all_cases())
        self.assertGreater(self.ways["fast"], 0.6 * self.ways.total())
        self.assertTrue(self.company.cobranca_fast_posting, "no check of its own found a difference")

    # === THE COMPARER === #

    def test_comparer_sees_every_column(self):
        """Whatever column of an invoice or an item is spoiled, it is found."""
        move = self.make_five()[0]
        good = self.check._read(move)
        line = move.line_ids.sorted("id")[0]
        kept = []
        for table, record in (("account_move", move), ("account_move_line", line)):
            skipped = check_columns[table].split()
            for column in self.columns(table):
                if column in skipped:
                    continue
                with self.undone():
                    if not self.spoil(table, column, record.id):
                        kept.append(column)
                    elif not self.check._get_differences(good, self.read_again(move)):
                        self.fail(f"{table}.{column} was spoiled and not found")
        self.assertLess(len(kept), 10, f"columns that constraints keep from being spoiled: {kept}")

    def read_again(self, move):
        self.env.invalidate_all()
        return self.check._read(move)

    def columns(self, table):
        query = SQL("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
        return [name for (name,) in self.env.execute_query(query)]

    def spoil(self, table, column, record_id):
        """Write something else into a column; false when no constraint lets it."""
        values = ("NULL", "'x'", "'{\"1\": 7}'", "'2001-01-01'", "7", "NOT coalesce(%s, false)", "%s + 1")
        for text in (*values, *self.other_records(table, column)):
            value = SQL(text, SQL.identifier(column)) if "%s" in text else SQL(text)
            try:
                with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                    query = SQL(
                        "UPDATE %s SET %s = %s WHERE id = %s AND %s IS DISTINCT FROM %s RETURNING 1",
                        *(
                            SQL.identifier(table),
                            SQL.identifier(column),
                            value,
                            record_id,
                            SQL.identifier(column),
                            value,
                        ),
                    )
                    if self.env.execute_query(query):
                        return True
            except psycopg2.Error:
                continue
        return False

    def other_records(self, table, column):
        """Ids that a foreign key lets into the column."""
        field = self.env[table.replace("_", ".")]._fields.get(column)
        if not field or field.type != "many2one":
            return []
        return [
            str(record)
            for record in self.env[field.comodel_name].with_context(active_test=False).search([], limit=2).ids
        ]

    def test_comparer_sees_taxes_tags_and_analytic_lines(self):
        case = self.cases.line_cases()["analytic"]
        move = self.factory._create(case)[0]
        self.factory._post(move)
        good = self.check._read(move)
        tables = ("account_move_line_account_tax_rel", "account_analytic_line")
        for table in tables:
            with self.undone():
                column = "account_move_line_id" if table.endswith("rel") else "move_line_id"
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s IN %s",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        tuple(move.line_ids.ids),
                    )
                )
                self.assertTrue(self.check._get_differences(good, self.read_again(move)), table)

    # === THE SELF-CHECK === #

    def spoiled(self, name):
        """Let the fast way write something else into every item."""
        amounts = type(self.env["cobranca.invoice.fast"])._get_amounts
        return patch.object(
            type(self.env["cobranca.invoice.fast"]),
            "_get_amounts",
            lambda fast, line, row, values: amounts(fast, line, row, values) | {name: 77.0},
        )

    def assert_stopped(self, moves, message):
        self.assertFalse(self.company.cobranca_fast_posting)
        self.assertEqual(moves.mapped("state"), ["posted"] * COPIES)
        numbers = sorted(moves.mapped("sequence_number"))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + COPIES)))
        told = self.env["mail.message"].search([("model", "=", "res.company"), ("res_id", "=", self.company.id)])
        self.assertIn(message, " ".join(told.mapped("body")))
        self.assertIn(self.manager.partner_id, told.partner_ids)
        self.assertNotIn(self.supervisor.partner_id, told.partner_ids)

    @mute_logger(MODELS + "res_company")
    def test_difference_of_a_draft_switches_off(self):
        self.company.cobranca_fast_posting = True
        with self.spoiled("price_total"):
            moves = self.make_five()
        self.assertEqual(self.ways, {"standard": 1, "copied": 4, "fast": 0})
        self.assert_stopped(moves, "price_total")
        self.assertNotIn(77.0, moves.line_ids.mapped("price_total"))

    @mute_logger(MODELS + "res_company")
    def test_difference_of_a_posted_invoice_switches_off(self):
        self.company.cobranca_fast_posting = True
        Fast = type(self.env["cobranca.invoice.fast"])
        post = Fast._post

        def post_and_spoil(fast, moves):
            ranks = post(fast, moves)
            moves.write({"narration": "spoiled"})
            return ranks

        with patch.object(Fast, "_post", post_and_spoil):
            moves = self.make_five()
        self.assertEqual(self.ways["fast"], 4)
        self.assert_stopped(moves, "narration")
        self.assertFalse(any(moves.mapped("narration")))

    @mute_logger(MODELS + "res_company")
    def test_error_of_the_fast_way_switches_off(self):
        self.company.cobranca_fast_posting = True
        with patch.object(type(self.env["cobranca.invoice.fast"]), "_create", side_effect=AttributeError("gone")):
            moves = self.make_five()
        self.assert_stopped(moves, "AttributeError: gone")

    @mute_logger(MODELS + "res_company")
    def test_managers_are_told_in_their_language(self):
        self.manager.lang = "pt_BR"
        tell = type(self.company)._cobranca_tell_fast_posting_stopped
        langs = {}

        def noted(company, users, differences):
            langs[company.env.lang] = users
            return tell(company, users, differences)

        with patch.object(type(self.company), "_cobranca_tell_fast_posting_stopped", noted):
            self.company._cobranca_stop_fast_posting(["a column"])
        self.assertIn(self.manager, langs["pt_BR"])

    def test_fast_way_leaves_other_invoices_alone(self):
        """With the option on, what does not come from the factory is made by Odoo's own code."""
        self.company.cobranca_fast_posting = True
        vals = self.cases.tax_cases()["tax ten"][0]
        with patch.object(type(self.env["account.move"]), "_cobranca_keep_given", side_effect=AssertionError):
            self.env["account.move"].create(vals).action_post()

    # === WHAT IS NOT KNOWN === #

    def test_field_of_an_unknown_module(self):
        """While a module adds stored computed fields that were not proved, Odoo makes all."""
        Shape = type(self.env["cobranca.invoice.shape"])
        known = Shape._get_known_modules(self.env["cobranca.invoice.shape"])
        self.assertEqual(self.env["cobranca.invoice.shape"]._get_unknown_code(), ())
        with patch.object(Shape, "_get_known_modules", lambda _shape: known - {"l10n_latam_invoice_document"}):
            self.env.registry.clear_cache()
            self.make_five()
            unknown = self.env["cobranca.invoice.shape"]._get_unknown_code()
        self.env.registry.clear_cache()
        self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0})
        self.assertIn("l10n_latam_invoice_document: account.move.l10n_latam_document_type_id", unknown)

    def test_engine_that_disagrees_with_odoo(self):
        """What the engine cannot reproduce of the first invoice, it may not compute for the others."""
        Engine = type(self.env["cobranca.invoice.engine"])
        compute = Engine._compute_items

        def wrong(engine, prototype, vals):
            items = compute(engine, prototype, vals)
            items.taxes[0]["balance"] += 0.01
            return items

        with patch.object(Engine, "_compute_items", wrong):
            self.make_five()
        self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0})

    # === PEOPLE === #

    def test_lowest_rights(self):
        for fast in (False, True):
            self.company.cobranca_fast_posting = fast
            factory = self.factory.with_user(self.supervisor)
            moves = factory._create(self.cases.tax_cases()["tax ten"])
            factory._post(moves)
            self.assertEqual(moves.mapped("state"), ["posted"] * COPIES)

    def test_customers_are_ranked(self):
        self.company.cobranca_fast_posting = True
        self.make_five()
        self.assertEqual(self.cases.partners.mapped("customer_rank"), [1] * COPIES)
