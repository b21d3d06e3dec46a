from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from . import statement_files as files
from .paid_common import TODAY
from .statement_common import DIGITS, StatementCommon


@tagged("post_install", "-at_install")
class TestStatementImport(StatementCommon):
    """Movements come in once, whichever files bring them; what cannot be taken is told."""

    def imported(self):
        lines = self.Line.search([("cobranca_import_key", "!=", False), ("journal_id", "=", self.bank.id)])
        return sorted(lines.mapped("amount"))

    def test_same_file_twice(self):
        first = self.load(files.OFX_REPEATED_IDS, "um.ofx")
        self.assertEqual((first.taken_count, first.state, first.known_count), (3, "done", 0))
        self.assertEqual(self.imported(), [-12.9, 120.5, 350.0])
        again = self.load(files.OFX_REPEATED_IDS, "outro nome.ofx")
        self.assertEqual((again, again.taken_count, again.known_count), (first, 3, 0))
        self.assertEqual(self.imported(), [-12.9, 120.5, 350.0])

    def test_statement_is_as_odoo_has_it(self):
        record = self.load(files.OFX_REPEATED_IDS)
        statement = record.statement_id
        self.assertEqual(len(statement.line_ids), 3)
        self.assertEqual((statement.balance_start, statement.balance_end_real), (0.0, 457.6))
        self.assertTrue(statement.is_complete)
        self.assertEqual(statement.date, date(2026, 11, 18))
        for line in statement.line_ids:
            self.assertEqual((line.state, line.is_reconciled), ("posted", False))

    def test_overlapping_files(self):
        """The second file goes on in the middle of a day: of equal movements one is known, one is new."""
        self.load([("PIX ANA", 10.0), ("PIX ANA", 10.0), ("TARIFA", -5.0)])
        first = [("PIX ANA", 10.0), ("PIX ANA", 10.0), ("TARIFA", -5.0)]
        record = self.load([*first, ("PIX ANA", 10.0), ("PIX BIA", 7.0)])
        self.assertEqual((record.taken_count, record.known_count), (2, 3))
        self.assertEqual(self.imported(), [-5.0, 7.0, 10.0, 10.0, 10.0])

    def test_movement_that_was_entered_by_hand(self):
        self.statement(350.0, "2026-11-18", payment_ref="pix  ana")
        record = self.load([("PIX ANA", 350.0), ("PIX ANA", 350.0)])
        self.assertEqual((record.taken_count, record.known_count), (1, 1))

    def test_bank_that_numbers_each_file_anew(self):
        def ofx(*rows):
            text = "".join(
                f"<STMTTRN><DTPOSTED>20261118<TRNAMT>{amount}<FITID>{number}<MEMO>PIX ANA</STMTTRN>"
                for number, amount in rows
            )
            return f"<OFX><STMTRS><BANKTRANLIST>{text}</BANKTRANLIST></STMTRS></OFX>".encode()

        self.load(ofx(("N1", 10), ("N2", 20)))
        record = self.load(ofx(("N1", 20), ("N2", 10), ("N3", 30)))
        self.assertEqual((record.taken_count, record.alike_count), (1, 2))
        # Who knows better takes them; a number that is made once is believed.
        record = self.load(ofx(("N1", 20), ("N2", 10), ("N3", 30), ("N4", 40)), takes_alikes=True)
        self.assertEqual(record.taken_count, 3)
        record = self.load(
            ofx(
                ("E1234567820261118abcdef", 10),
            )
        )
        self.assertEqual(record.taken_count, 1)

    def test_unique_index(self):
        """Whatever goes wrong above it: the database refuses the same movement twice."""
        line = self.load([("PIX ANA", 10.0)]).statement_id.line_ids
        twin = self.statement(10.0, "2026-11-18")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            twin.cobranca_import_key = line.cobranca_import_key
            self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute(
            "SELECT 1 FROM pg_indexes WHERE indexname = 'account_bank_statement_line_cobranca_import_uniq'"
        )
        self.assertTrue(self.env.cr.fetchone())

    def test_rows_that_are_not_taken(self):
        self.company.fiscalyear_lock_date = "2026-10-31"
        content = (
            b"Data;Historico;Valor\n18/11/2026;PIX;10,00\n31/10/2026;PIX;11,00\n"
            b"25/11/2026;AGENDADO;12,00\nx;PIX;13,00\n"
        )
        record = self.load(content)
        self.assertEqual((record.taken_count, record.problem_count), (1, 3))
        words = record.with_context(lang="en_US").problems_text.splitlines()
        self.assertEqual(
            words,
            [
                "Line 3: the books are closed on 10/31/2026",
                "Line 4: 11/25/2026 has not come yet",
                "Line 5: “x” is no day",
            ],
        )

    def test_files_of_which_nothing_can_be_taken(self):
        for content in (b"", b"\x00\x01", b"just words", b"<OFX></OFX>", b"Data;Valor\n", files.CSV_UNKNOWN):
            with self.subTest(content=content), self.assertRaises(UserError):
                self.load(content)
        with self.assertRaisesRegex(UserError, "larger than 10 MB"):
            self.load(b"x" * (10 * 1024 * 1024 + 1))
        self.assertFalse(self.imported())

    def test_file_of_two_accounts(self):
        with self.assertRaisesRegex(UserError, "111111, 222222"):
            self.load(files.OFX_TWO_ACCOUNTS)
        self.bank.bank_account_id = self.env["res.partner.bank"].create(
            {"acc_number": "0456 22222-2", "partner_id": self.company.partner_id.id}
        )
        self.assertEqual(self.load(files.OFX_TWO_ACCOUNTS).statement_id.line_ids.amount, 20.0)

    def test_long_file_goes_on_by_the_job(self):
        content = [(f"PIX {number}", number) for number in range(1, 8)]
        record = self.load(content, limit=3)
        self.assertEqual((record.state, record.taken_count), ("importing", 3))
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_statement_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.taken_count, record.known_count), ("done", 7, 0))
        self.assertFalse(record.content)
        self.assertEqual(self.imported(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])

    def test_unmatched_money_feeds_the_guard(self):
        """Imported movements tell that statements come, and hold up reminders until they are matched or set aside."""
        self.company.cobranca_statement_guard = "auto"
        self.load([(f"PIX {DIGITS} ANA", 318.0)])
        self.assertEqual(self.guard._get_last_imported_day(self.company, TODAY), date(2026, 11, 18))
        self.assertWaits("probably_paid")
        line = self.Line.search([("cobranca_file_id", "!=", False)], limit=1)
        self.desk.desk_aside(line.id, "transfer")
        self.company.cobranca_statement_guard = "never"
        self.assertWaits(None)
        self.desk.desk_aside(line.id, False)
        self.assertWaits("probably_paid")

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.load([("PIX", 1.0)], user=self.collector)
        for method, arguments in (("desk_facts", []), ("desk_refresh", []), ("desk_take_certain", [])):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.env["cobranca.statement.desk"].with_user(self.collector), method)(*arguments)
        record = self.load([("PIX", 1.0)])
        with self.assertRaises(AccessError):
            record.with_user(self.manager).write({"taken_count": 9})
        with self.assertRaises(UserError):
            record.unlink()

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Outra"})
        journal = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "OUTB", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.Import.with_user(self.supervisor)._import(journal, "a.csv", b"Data;Valor\n18/11/2026;1,00")

    # --- the dialog ---

    def upload(self, *contents):
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.supervisor)
            .create([{"name": f"{number}.csv", "raw": content} for number, content in enumerate(contents)])
        )
        Upload = self.env["cobranca.statement.upload"].with_user(self.supervisor)
        return Upload.create({"journal_id": self.bank.id, "attachment_ids": [Command.set(attachments.ids)]})

    def test_preview_writes_nothing(self):
        upload = self.upload(files.CSV_TWO_COLUMNS, b"nothing")
        upload.action_preview()
        self.assertEqual(upload.state, "preview")
        good, bad = upload.file_ids.sorted("id")
        self.assertEqual((good.new_count, good.amount_in, good.amount_out), (3, 350.0, -1212.9))
        self.assertEqual((good.date_from, good.date_to), (date(2026, 11, 18), date(2026, 11, 20)))
        self.assertIn("neither OFX nor a table", bad.error)
        self.assertFalse(self.imported())
        answer = upload.action_import()
        self.assertEqual(answer["params"]["message"], "3 movements imported")
        self.assertEqual(self.imported(), [-1200.0, -12.9, 350.0])
        again = self.upload(files.CSV_TWO_COLUMNS)
        again.action_preview()
        self.assertEqual((again.file_ids.new_count, again.file_ids.known_count), (0, 3))

    def test_columns_are_asked_once(self):
        upload = self.upload(files.CSV_UNKNOWN)
        upload.action_preview()
        self.assertEqual(upload.state, "columns")
        # Proposed by what is in them, and asked for all the same.
        self.assertEqual(upload.column_ids.mapped("role"), ["date", "text", "amount", "balance"])
        upload.column_ids.role = "nothing"
        upload.action_preview()
        self.assertEqual(upload.state, "columns")
        roles = {"Quando": "date", "O que foi": "text", "Quanto": "amount", "Sobrou": "balance"}
        for column in upload.column_ids:
            column.role = roles[column.title]
        upload.action_preview()
        self.assertEqual((upload.state, upload.file_ids.new_count), ("preview", 1))
        upload.action_import()
        self.assertEqual(self.imported(), [350.0])
        again = self.upload(files.CSV_UNKNOWN.replace(b"350,00;", b"360,00;"))
        again.action_preview()
        self.assertEqual((again.state, again.file_ids.new_count), ("preview", 1))

    def test_dialog_opens_with_the_last_account(self):
        second = self.bank.copy({"name": "Segundo"})
        self.bank.sequence, second.sequence = 1, 2
        form = Form(self.env["cobranca.statement.upload"].with_user(self.supervisor))
        self.assertEqual(form.journal_id, self.bank)
        self.Import.with_user(self.supervisor)._import(second, "b.csv", b"Data;Valor\n18/11/2026;1,00")
        form = Form(self.env["cobranca.statement.upload"].with_user(self.supervisor))
        self.assertEqual(form.journal_id, second)
