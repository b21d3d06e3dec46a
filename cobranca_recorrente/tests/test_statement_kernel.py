from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import ofx_file, statement, statement_csv, statement_table
from . import statement_files as files

EXAMPLES = settings(max_examples=300, derandomize=True, deadline=None)
PROBLEMS = (statement.DATE, statement.AMOUNT, statement.CELLS, statement.NOTHING)
CENTS = st.integers(min_value=-(10**11), max_value=10**11)


def brazilian(cents):
    """An independent way to write an amount: digits by hand."""
    whole, rest = divmod(abs(cents), 100)
    text, groups = str(whole), []
    while text:
        groups.insert(0, text[-3:])
        text = text[:-3]
    return f"{'.'.join(groups)},{rest:02}"


def facts(rows):
    return [(row.date.isoformat(), str(row.amount), row.text) for row in rows]


@tagged("post_install", "-at_install")
class TestStatementKernel(BaseCase):
    """Files of banks, as they are and not as they should be."""

    @EXAMPLES
    @given(CENTS, st.sampled_from(("{}", "-{}", "{}-", "({})", "R$ {}", "{} D", "{} C", "+{}")))
    def test_amounts_are_read_as_they_are_written(self, cents, shape):
        cents = abs(cents)
        expected = Decimal(cents) / 100 * (-1 if any(mark in shape for mark in "-(D") else 1)
        self.assertEqual(statement.amount(shape.format(brazilian(cents))), expected)
        plain = f"{cents // 100}.{cents % 100:02}"
        self.assertEqual(statement.amount(shape.format(plain)), expected)

    def test_amounts_that_could_be_another_are_refused(self):
        texts = ("1,234", "1.2.3", "1,2,3", "1.23,4,5", "", "-", "abc", "12,345", "1e5", "١٢", "9" * 14, "1.234.56")
        for text in texts:
            with self.subTest(text=text), self.assertRaises(ValueError):
                statement.amount(text)

    @EXAMPLES
    @given(st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
    def test_days(self, day):
        texts = (f"{day.day:02}/{day.month:02}/{day.year}", day.isoformat(), day.isoformat().replace("-", ""))
        self.assertEqual({statement.day(text) for text in texts}, {day})

    @EXAMPLES
    @given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(("", "0", "A", "B"))), max_size=12))
    def test_keys_are_unique_and_do_not_depend_on_what_comes_behind(self, parts):
        rows = [
            statement.Row(number, date(2026, 11, day), Decimal(amount), "PIX", identity)
            for number, (day, amount, identity) in enumerate(parts)
        ]
        keys = statement.keys(rows)
        self.assertEqual(len(set(keys)), len(rows))
        for size in range(len(rows)):
            self.assertEqual(statement.keys(rows[:size]), keys[:size])

    def test_repeated_numbers_of_the_bank(self):
        [found] = ofx_file.read(files.OFX_REPEATED_IDS)
        self.assertEqual(
            facts(found.rows),
            [
                ("2026-11-18", "350.00", "Pix - Recebido Conceição Araújo 111"),
                ("2026-11-18", "120.50", "Pix - Recebido João 112"),
                ("2026-11-18", "-12.90", "Tarifa pacote"),
            ],
        )
        self.assertEqual((found.account, found.balances, found.problems), ("987654", 2, []))
        self.assertEqual(found.balance, Decimal("457.60"))
        self.assertEqual(len(set(statement.keys(found.rows))), 3)

    def test_commas_and_no_numbers(self):
        [found] = ofx_file.read(files.OFX_COMMAS)
        self.assertEqual(
            facts(found.rows),
            [
                ("2026-11-19", "1234.56", "AÇOUGUE S&A PIX RECEBIDO"),
                ("2026-11-19", "80.00", "PIX RECEBIDO"),
                ("2026-11-19", "80.00", "PIX RECEBIDO"),
            ],
        )
        self.assertEqual(len(set(statement.keys(found.rows))), 3)
        reasons = [(problem.reason, problem.found) for problem in found.problems]
        self.assertEqual(reasons, [("date", "32/13/2026"), ("amount", "dez reais"), ("amount", "1.500")])
        lines = files.OFX_COMMAS.decode().splitlines()
        for problem in found.problems:
            self.assertIn(problem.found, lines[problem.number - 1])
        self.assertEqual(found.balance, Decimal("9999.99"))

    def test_two_accounts(self):
        accounts = ofx_file.read(files.OFX_TWO_ACCOUNTS)
        found = [(each.account, facts(each.rows)[0][1]) for each in accounts]
        self.assertEqual(found, [("111111", "10.00"), ("222222", "20.00")])

    def test_csv_dialects(self):
        expected = {
            "CSV_TWO_COLUMNS": [("2026-11-18", "350.00"), ("2026-11-19", "-12.90"), ("2026-11-20", "-1200.00")],
            "CSV_IDENTITIES": [("2026-11-18", "350.00"), ("2026-11-18", "-40.10")],
            "CSV_SIGNS": [("2026-11-18", "1350.00"), ("2026-11-19", "-80.00")],
            "CSV_BARE": [("2026-11-18", "350.00"), ("2026-11-19", "-12.90")],
        }
        for name, rows in expected.items():
            with self.subTest(name=name):
                found = statement_csv.read(statement_table.table(getattr(files, name)))
                self.assertEqual([fact[:2] for fact in facts(found.rows)], rows)

    def test_rows_that_cannot_be_read_say_where_and_why(self):
        found = statement_csv.read(statement_table.table(files.CSV_SIGNS))
        self.assertEqual([(problem.number, problem.reason) for problem in found.problems], [(4, "date"), (5, "amount")])
        found = statement_csv.read(statement_table.table(files.CSV_TWO_COLUMNS))
        self.assertEqual((found.problems, found.balances), ([], 1))
        self.assertEqual(found.rows[0].text, "TRANSFERENCIA PIX 1234567 REM: ANA LINDOSO 18/11")

    def test_columns_that_nobody_knows(self):
        table = statement_table.table(files.CSV_UNKNOWN)
        self.assertFalse(table.is_known)
        with self.assertRaises(statement.UnreadableError):
            statement_csv.read(table)
        chosen = {"quando": "date", "o que foi": "text", "quanto": "amount", "sobrou": "balance"}
        found = statement_csv.read(statement_table.table(files.CSV_UNKNOWN, chosen))
        self.assertEqual(facts(found.rows), [("2026-11-18", "350.00", "PIX ANA")])

    @EXAMPLES
    @given(st.binary(max_size=300))
    def test_whatever_is_in_a_file_it_is_read_or_refused(self, content):
        """Never another error, and what is read can be booked."""
        for read in (ofx_file.read, lambda data: statement_csv.read(statement_table.table(data))):
            self.assert_read_or_refused(read, content)

    @EXAMPLES
    @given(st.text(alphabet="<>/STMTRNOFXDPOE0123456789.,;- \n", max_size=200))
    def test_broken_ofx_is_read_or_refused(self, text):
        content = f"<OFX><STMTRS>{text}<STMTTRN>{text}</STMTTRN></STMTRS></OFX>".encode()
        self.assert_read_or_refused(ofx_file.read, content)

    @EXAMPLES
    @given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(" -+,.0123456789CDR$", max_size=12))))
    def test_rows_under_known_headings_are_read_or_told(self, rows):
        lines = ["Data;Historico;Valor", "18/11/2026;PIX;1,00", *(";".join(row) for row in rows)]
        days = ["Data;Historico;Valor", *(f"18/11/2026;{text};{amount}" for _day, text, amount in rows)]
        for written in (lines, days):
            self.assert_read_or_refused(
                lambda data: statement_csv.read(statement_table.table(data)), "\n".join(written).encode()
            )

    def test_nothing_moved(self):
        found = statement_csv.read(statement_table.table(b"Data;Historico;Valor\n18/11/2026;TARIFA ISENTA;0,00"))
        self.assertEqual((found.rows, found.problems, found.balances), ([], [], 1))

    def assert_read_or_refused(self, read, content):
        """A day and a sum of money for each movement; else a reason in one word."""
        try:
            found = read(content)
        except statement.UnreadableError as refused:
            self.assertRegex(refused.reason, r"^[a-z_]+$")
            return
        for account in found if isinstance(found, list) else [found]:
            for row in account.rows:
                self.assertIsInstance(row.date, date)
                self.assertTrue(row.amount.is_finite() and row.amount)
            for problem in account.problems:
                self.assertIn(problem.reason, PROBLEMS)
