from collections import Counter
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from ..models.cobranca_invoice_check import OWN_COLUMNS
from ..models.cobranca_invoice_fast import FAST, ON
from .invoice_cases import COPIES
from .invoice_factory_case import MODELS, InvoiceFactoryCase


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceCheck(InvoiceFactoryCase):
    # === THE COMPARER === #

    def test_comparer_sees_every_column(self):
        """Whatever column of an invoice or an item is spoiled, it is found."""
        move = self.make_five()[0]
        good = self.check._read(move)
        line = move.line_ids.sorted("id")[0]
        kept = []
        for table, record in (("account_move", move), ("account_move_line", line)):
            skipped = OWN_COLUMNS[table].split()
            for column in self.columns(table):
                if column in skipped:
                    continue
                with self.undone():
                    if not self.spoil(table, column, record.id):
                        kept.append(column)
                    elif not self.check._get_differences(good, self.read_again(move)):
                        self.fail(f"{table}.{column} was spoiled and not found")
        # Some point to tables without a row here, of later addons too.
        self.assertLess(len(kept), 13, f"columns that constraints keep from being spoiled: {kept}")

    def read_again(self, move):
        self.env.invalidate_all()
        return self.check._read(move)

    def columns(self, table):
        query = SQL("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
        return [name for (name,) in self.env.execute_query(query)]

    def spoil(self, table, column, record_id):
        """Write something else into a column; false when no constraint lets it."""
        name = SQL.identifier(column)
        values = [SQL("NULL"), SQL("'x'"), SQL("'{\"1\": 7}'"), SQL("'2001-01-01'"), SQL("7")]
        values += [SQL("NOT coalesce(%s, false)", name), SQL("%s + 1", name), *self.other_records(table, column)]
        for value in values:
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
            SQL("%s", record)
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

    def test_one_check_of_a_shape_in_a_run(self):
        """The caller of many batches says so; each call alone is checked."""
        self.company.cobranca_fast_posting = True
        make = type(self.check)._make_by_odoo
        with patch.object(type(self.check), "_make_by_odoo", autospec=True, side_effect=make) as made:
            run = self.factory.with_context(cobranca_checked_shapes=set())
            for factory, count in ((run, 1), (run, 1), (self.factory, 2), (self.factory, 3)):
                factory._post(factory._create(self.cases.tax_cases()["tax ten"]))
                self.assertEqual(made.call_count, count)

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
            move = self.env["account.move"].create(vals)
            move.action_post()
        self.assertEqual(move.state, "posted")

    # === COMPANIES === #

    def test_no_record_of_another_company_gets_in(self):
        """One of each kind is asked; the odd one out among equal ones is found, wherever it stands."""
        other = self.env["res.company"].create({"name": "Outra empresa"})
        partner = self.env["res.partner"].create({"name": "Cliente da outra", "company_id": other.id})
        account = {"name": "Conta da outra", "code": "990099", "account_type": "income", "company_ids": other.ids}
        account = self.env["account.account"].with_company(other).create(account)
        moves = self.make_five().with_context(**{FAST: ON})
        for records, name, foreign in ((moves, "partner_id", partner), (moves.line_ids, "account_id", account)):
            records._check_company()
            for place in (0, 2, len(records) - 1):
                with self.undone():
                    self.put(records[place], name, foreign)
                    for names in (None, [name], ["company_id"]):
                        with self.assertRaisesRegex(UserError, " da outra"):
                            records._check_company(names)

    def put(self, record, name, value):
        """Write past Odoo, which would refuse."""
        table, column = SQL.identifier(record._table), SQL.identifier(name)
        self.env.cr.execute(SQL("UPDATE %s SET %s = %s WHERE id = %s", table, column, value.id, record.id))
        self.env.invalidate_all()

    def test_equal_records_are_asked_once(self):
        moves = self.make_five()
        plain = type(self.env["base"])._check_company
        asked = Counter()

        def count(records, fnames=None):
            asked["records"] += len(records)
            return plain(records, fnames)

        with patch.object(type(self.env["base"]), "_check_company", count):
            moves.line_ids.with_context(**{FAST: ON})._check_company(["account_id"])
        self.assertEqual(asked["records"], len(moves.line_ids.account_id))
