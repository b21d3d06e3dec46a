import base64
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import statement

# A number of the bank that long is made once; shorter ones may count the rows of a file.
STRONG = 16
CRON = "cobranca_recorrente.ir_cron_cobranca_statement_import"
GROUPS = ("cobranca_recorrente.cobranca_group_supervisor", "account.group_account_basic")


@dataclass
class Sorted:
    """The rows of a file: which are new.

    :param new: list of (key, tools.statement.Row)
    :param known: how many are there already
    :param alikes: list of rows like one that is there, under another number of the bank
    """

    new: list
    known: int
    alikes: list


class CobrancaStatementImport(models.AbstractModel):
    """Movements of the bank come in, each once: whichever files bring it, however often and by how many at once."""

    _name = "cobranca.statement.import"
    _inherit = ["cobranca.statement.writer"]
    _description = "Import of Bank Statements"

    # === RIGHTS === #

    @api.model
    def _check_rights(self, journal=None):
        """:raise AccessError: for who may neither import nor match, or not in this company"""
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise AccessError(
                self.env._("Bank statements are for supervisors of Cobrança and for accountants: ask one of them.")
            )
        if journal:
            journal.with_env(self.env).check_access("read")

    # === BUSINESS METHODS === #

    @api.model
    def _sort(self, journal, rows, takes_alikes=False):
        """Which rows of a file are new to a bank account.

        :param list rows: of tools.statement.Row
        :param bool takes_alikes: take rows that look like one that is there, but have another number
        :return: Sorted
        """
        keys, looks = statement.keys(rows), statement.look_keys(rows)
        known = self._get_known_keys(journal, keys)
        seen = self._get_known_looks(journal, rows)
        result = Sorted([], 0, [])
        for row, key, look in zip(rows, keys, looks, strict=True):
            if key in known:
                result.known += 1
            elif look in seen and not row.identity.strip("0 -"):
                # Entered by hand, or by another import.
                result.known += 1
            elif look in seen and len(row.identity) < STRONG and not takes_alikes:
                result.alikes.append(row)
            else:
                result.new.append((key, row))
        return result

    @api.model
    def _import(self, journal, name, content, columns=None, takes_alikes=False, limit=None):
        """Take a file: its rows that are new, the first ones at once and the others by the job.

        :param journal: account.journal of a bank account
        :param str name: of the file
        :param bytes content: of the file
        :param dict columns: {heading: role} of a CSV, as chosen
        :param int limit: rows that are written now; None for all
        :return: cobranca.statement.file
        :raise UserError: when nothing of the file can be taken
        """
        self._check_rights(journal)
        found = self.env["cobranca.statement.reader"]._read(journal, content, columns)
        self._claim(journal)
        record = self._enter(journal, name, content, columns, takes_alikes, found)
        self._take(record, found, limit)
        if record.state == "importing":
            record.content = base64.b64encode(content)
            self.env.ref(CRON)._trigger()
        return record

    @api.model
    def _claim(self, journal):
        """Only one imports into a bank account at a time.

        Who waited for another gets a serialization failure: his request begins again, and finds what came.
        """
        journal.flush_recordset()
        self.env.execute_query(
            SQL("UPDATE account_journal SET write_date = write_date WHERE id = %s RETURNING id", journal.id)
        )

    @api.model
    def _enter(self, journal, name, content, columns, takes_alikes, found):
        """The row of this file: the same one, when it came before.

        :return: cobranca.statement.file, in sudo
        """
        # sudo: rows are written by this import only, after the check of who may
        File = self.env["cobranca.statement.file"].sudo()
        digest = hashlib.sha256(content).hexdigest()
        record = File.search([("journal_id", "=", journal.id), ("digest", "=", digest)], limit=1)
        days = [row.date for row in found.rows]
        values = {
            "content": False,
            "columns": columns or False,
            "takes_alikes": takes_alikes,
            "state": "importing",
            "date_from": min(days, default=False),
            "date_to": max(days, default=False),
            "problem_count": len(found.problems),
            "problems": [list(vars(problem).values()) for problem in found.problems],
            "amount_in": float(sum(row.amount for row in found.rows if row.amount > 0)),
            "amount_out": float(sum(row.amount for row in found.rows if row.amount < 0)),
        }
        if record:
            record.write(values)
            return record
        own = {
            "company_id": journal.company_id.id,
            "journal_id": journal.id,
            "currency_id": (journal.currency_id or journal.company_id.currency_id).id,
            "name": name,
            "digest": digest,
        }
        return File.create({**values, **own})

    # --- what is there ---

    @api.model
    def _get_known_keys(self, journal, keys):
        self.env["account.bank.statement.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT cobranca_import_key FROM account_bank_statement_line"
                " WHERE journal_id = %s AND cobranca_import_key = ANY(%s)",
                journal.id,
                keys,
            )
        )
        return {key for (key,) in rows}

    @api.model
    def _get_known_looks(self, journal, rows):
        """The looks of all movements of the days of a file, those included that came otherwise."""
        if not rows:
            return set()
        days = [row.date for row in rows]
        there = self.env.execute_query(
            SQL(
                """
                SELECT entry.date, ROUND(st.amount::numeric * 100)::bigint, COALESCE(st.payment_ref, ''),
                       COALESCE(st.partner_name, '')
                  FROM account_bank_statement_line st
                  JOIN account_move entry ON entry.id = st.move_id AND entry.state <> 'cancel'
                 WHERE st.journal_id = %s AND st.internal_index >= %s AND st.internal_index < %s
                """,
                journal.id,
                min(days).strftime("%Y%m%d"),
                max(days).strftime("%Y%m%d") + "A",
            )
        )
        rows = [statement.Row(0, day, Decimal(cents).scaleb(-2), text, name=name) for day, cents, text, name in there]
        return set(statement.look_keys(rows))
