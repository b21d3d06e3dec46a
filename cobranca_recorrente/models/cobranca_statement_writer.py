import base64

from psycopg2 import OperationalError

from odoo import api, models
from odoo.tools import split_every

from .cobranca_invoice_fast import FORMATS

CHUNK = 500
# What one request writes; the job goes on with the rest.
AT_ONCE = 2000
# What Odoo would note of each entry.
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_notrack": True, "mail_create_nosubscribe": True}


class CobrancaStatementWriter(models.AbstractModel):
    """New movements of the bank are written, those of a long file by a job, batch after batch."""

    _name = "cobranca.statement.writer"
    _description = "Writer of Bank Statements"

    # === BUSINESS METHODS === #

    @api.model
    def _take(self, record, found, limit=None):
        """Write the new rows of a file, the first ones, and look for what they pay.

        :param record: cobranca.statement.file, in sudo, its journal claimed
        :param found: tools.statement.Statement
        :return: account.bank.statement.line
        """
        journal = record.journal_id
        rows = self._sort(journal, found.rows, record.takes_alikes)
        now = rows.new[:limit] if limit else rows.new
        is_whole = len(now) == len(rows.new)
        before = record.taken_count
        record.write(
            {
                "taken_count": before + len(now),
                "known_count": max(rows.known - before, 0),
                "alike_count": len(rows.alikes),
                "state": "done" if is_whole else "importing",
            }
        )
        statement = self._get_statement(record, found, rows) if now else record.statement_id
        lines = self._write_lines(record, statement, now)
        self.env["cobranca.statement.finder"]._refresh(journal.company_id, lines)
        return lines

    @api.model
    def _write_lines(self, record, bank_statement, rows):
        """:return: account.bank.statement.line, without suggestions yet"""
        journal = record.journal_id.with_company(record.company_id)
        # sudo: who may import need not be allowed to write movements of the bank by hand
        Line = self.env["account.bank.statement.line"].sudo().with_company(record.company_id)
        # Numbers by one look-up a day; nobody follows the entry of a movement.
        Line = Line.with_context(**QUIET, **{FORMATS: {}})
        written = Line.browse()
        for part in split_every(CHUNK, rows):
            values = [self._get_values(record, journal, bank_statement, key, row) for key, row in part]
            lines = Line.create(values).with_env(self.env)
            self.env.flush_all()
            # Flat memory, however long the file is.
            self.env.invalidate_all()
            written |= lines
        return written

    @api.model
    def _get_values(self, record, journal, bank_statement, key, row):
        return {
            "journal_id": journal.id,
            "statement_id": bank_statement.id,
            "date": row.date,
            "amount": float(row.amount),
            "payment_ref": row.text,
            "partner_name": row.name or False,
            "transaction_type": row.kind or False,
            "cobranca_import_key": key,
            "cobranca_file_id": record.id,
        }

    @api.model
    def _get_statement(self, record, found, rows):
        """The statement of a file; with the balances of the bank, where the whole file is new.

        :return: account.bank.statement, in sudo
        """
        if record.statement_id:
            return record.statement_id
        values = {"name": record.name, "reference": record.name, "journal_id": record.journal_id.id}
        if found.balance is not None and len(rows.new) == len(found.rows):
            moved = sum(row.amount for row in found.rows)
            values |= {"balance_start": float(found.balance - moved), "balance_end_real": float(found.balance)}
        # sudo: as for its lines
        record.statement_id = self.env["account.bank.statement"].sudo().create(values)
        return record.statement_id

    # === CRON === #

    @api.model
    def _cron_import(self):
        """Go on with files that were too long for one request."""
        cron = self.env["ir.cron"]
        File = self.env["cobranca.statement.file"]
        domain = [("state", "=", "importing"), ("content", "!=", False)]
        files = File.search(domain, order="id")
        cron._commit_progress(remaining=len(files))
        for record in files:
            while (left := self._go_on(record.id)) is not None:
                if not cron._commit_progress(0 if left else 1):
                    return
                if not left:
                    break

    @api.model
    def _go_on(self, file_id):
        """Take the next rows of a file.

        :return: bool, is there more; None when somebody else is at it
        """
        record = self.env["cobranca.statement.file"].browse(file_id).try_lock_for_update()
        if not record or record.state != "importing" or not record.content:
            return None
        try:
            with self.env.cr.savepoint():
                self._claim(record.journal_id)
                content = base64.b64decode(record.content)
                found = self.env["cobranca.statement.reader"]._read(record.journal_id, content, record.columns or None)
                self._take(record, found, AT_ONCE)
        except OperationalError:
            self.env.cr.rollback()
            return None
        if record.state == "done":
            record.content = False
        return record.state == "importing"
