import base64
import io
import lzma
import struct
import zipfile
import zlib

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.tools.statement import decode

from ..tools import agency_file

XLSX_MARK = b"PK\x03\x04"
# A workbook is packed: so much may be in it, whatever its size says.
MOST_UNPACKED = 60 * 1024 * 1024
# By words that a document defines itself a small one unpacks to gigabytes; the format forbids them.
DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
# What openpyxl and what it stands on raise for a workbook that is none, is locked, or says what cannot be.
BROKEN_BOOK = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, InvalidFileException, SyntaxError)
BROKEN_BOOK += (ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError)
KEPT_DAYS = 90
SHOWN = 20
WAYS = [("in", "Came in"), ("out", "Went out")]
STATES = {"done": "aceito", "refused": "recusado", "again": "repetir"}


class CobrancaAgencyFile(models.Model):
    """A file that an agency fetched or brought; what it brought comes back with an answer to each row."""

    _name = "cobranca.agency.file"
    _description = "File of an Agency"
    _order = "id desc"
    _check_company_auto = True

    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True, precompute=True)
    way = fields.Selection(selection=WAYS, required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True, readonly=True, index=True)
    row_count = fields.Integer(string="Rows", readonly=True, help="Of a portfolio: customers.")
    done_count = fields.Integer(string="Done", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    # The answer to a file that came in; portfolios are not kept.
    content = fields.Binary(readonly=True, attachment=True, groups=fields.NO_ACCESS)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was fetched and brought stays in the register."))

    # === BUSINESS METHODS === #

    @api.model
    def _write_down(self, agency, way, name, **values):
        """Keep that a file went out or came in.

        :return: cobranca.agency.file with the rights of the system
        """
        # sudo: the register is written by its own methods only
        return self.sudo().create({"agency_id": agency.id, "way": way, "name": name, "user_id": self.env.uid, **values})

    @api.model
    def _import(self, agencies, name, content):
        """Take a file that the agency brought: the good rows count, each bad one says why.

        :param agencies: cobranca.agency of the user, with the rights of the system
        :param str name: of the file
        :param bytes content: CSV or XLSX
        :return: cobranca.agency.file with the rights of the system
        :raise UserError: for a file of which nothing can be read
        """
        is_book = content.startswith(XLSX_MARK)
        rows = self._read(content, is_book)
        answers = self.env["cobranca.agency.event"]._take(agencies, rows, "file")
        done = sum(answer.state == "done" for answer in answers)
        return self._write_down(
            agencies[0],
            "in",
            self._get_own_name(name, is_book),
            row_count=len(rows),
            done_count=done,
            refused_count=len(rows) - done,
            content=base64.b64encode(self._get_answer(rows, answers, is_book)),
        )

    @api.model
    def _get_own_name(self, name, is_book):
        """A name that says nothing to a file system or a browser."""
        stem = "".join(letter for letter in (name or "").rpartition(".")[0] if letter.isalnum() or letter in "-_ ")
        return f"{stem.strip()[:60] or 'retornos'}.{'xlsx' if is_book else 'csv'}"

    @api.model
    def _read(self, content, is_book):
        """:return: list of dict, rows by their headings"""
        if len(content) > agency_file.MOST_BYTES:
            raise UserError(self._get_words("too_big"))
        try:
            return self._read_book(content) if is_book else agency_file.parse(decode(content))
        except ValueError as error:
            raise UserError(self._get_words(str(error))) from None

    @api.model
    def _read_book(self, content):
        """The first sheet of a workbook; formulas give what they last came to, nothing is computed.

        :raise ValueError: for what is none, or unpacks to more than there can be in it
        """
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                    raise ValueError("too_big")
                if any(mark in packed.read(part) for part in packed.infolist() for mark in DOCTYPES):
                    raise ValueError("book")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            most = {"max_col": agency_file.MOST_COLUMNS, "max_row": agency_file.MOST_LINES}
            return agency_file.rows_of(book.worksheets[0].iter_rows(values_only=True, **most))
        except BROKEN_BOOK:
            raise ValueError("book") from None

    @api.model
    def _get_words(self, reason):
        """Why a file cannot be taken, in words."""
        words = {
            "headings": self.env._(
                "The first line must hold the names of the columns, each once, with id and tipo among them."
            ),
            "too_long": self.env._("Bring %(count)s rows at a time at most.", count=agency_file.MOST_ROWS),
            "too_big": self.env._("The file is too big: bring fewer rows at a time."),
            "empty": self.env._("There is no row in this file."),
        }
        return words.get(reason) or self.env._(
            "This is no CSV and no XLSX: save it as one of them, and bring it again."
        )

    @api.model
    def _get_answer(self, rows, answers, is_book):
        """The rows as they came, with what became of each.

        :return: bytes
        """
        names = list(dict.fromkeys(name for row in rows for name in row if name not in agency_file.ANSWERS))
        headings = [*(name for name in names if name != agency_file.BEYOND), *agency_file.ANSWERS]
        lines = [
            [*(self._get_text(row.get(name)) for name in headings[: -len(agency_file.ANSWERS)])]
            + [self._get_state_word(answer.state), answer.reason]
            for row, answer in zip(rows, answers, strict=True)
        ]
        if is_book:
            Portfolio = self.env["cobranca.agency.portfolio"]
            return Portfolio._write_workbook(headings, lines, ["text"] * len(headings), [18] * len(headings))
        return agency_file.write(
            [agency_file.safe(name) for name in headings], [[agency_file.safe(cell) for cell in line] for line in lines]
        )

    @api.model
    def _get_state_word(self, state):
        """How files and calls say what became of a row."""
        return STATES[state]

    @api.model
    def _get_text(self, value):
        try:
            return agency_file.text_of(value)
        except ValueError:
            return str(value)

    @api.model
    def _get_history(self, agencies):
        """The last files of agencies, as their page shows them.

        :return: list of dict(id, name, date, is_in, rows, done, refused, has_answer, text)
        """
        # sudo: the user's own agencies, whose files the page shows by these values alone
        records = self.sudo().with_context(bin_size=True).search([("agency_id", "in", agencies.ids)], limit=SHOWN)
        return [
            {
                "id": record.id,
                "name": record.name,
                "date": record.company_id._cobranca_local(record.create_date).strftime("%d/%m/%Y %H:%M"),
                "is_in": record.way == "in",
                "rows": record.row_count,
                "done": record.done_count,
                "refused": record.refused_count,
                "has_answer": bool(record.content),
                "text": self.env._(
                    "%(done)s of %(rows)s rows were taken, %(refused)s were not.",
                    done=record.done_count,
                    rows=record.row_count,
                    refused=record.refused_count,
                ),
            }
            for record in records
        ]

    @api.model
    def _get_content(self, agencies, number):
        """The answer to a file of one of these agencies.

        :return: (name, bytes), or None
        """
        # sudo: of the user's own agencies, which is what is searched for
        record = self.sudo().search([("id", "=", number), ("agency_id", "in", agencies.ids), ("way", "=", "in")])
        return (record.name, base64.b64decode(record.content)) if record.content else None

    @api.autovacuum
    def _gc_contents(self):
        """Answers are there for some months; that a file came stays."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.search([("create_date", "<", old), ("content", "!=", False)], limit=1000).content = False
