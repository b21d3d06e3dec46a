import re
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import ofx_file, statement, statement_csv, statement_table
from ..tools.statement import Problem

# Why a row that was read is not taken nevertheless.
FUTURE, CLOSED = "future", "closed"


class CobrancaStatementReader(models.AbstractModel):
    """Files of banks become rows, in the words of who imports them where that fails. Nothing is written here."""

    _name = "cobranca.statement.reader"
    _description = "Reader of Bank Statements"

    # === BUSINESS METHODS === #

    @api.model
    def _read(self, journal, content, columns=None):
        """The rows of a file that are for a bank account.

        :param journal: account.journal
        :param bytes content: of the file
        :param dict columns: {heading: role} of a CSV, as somebody chose
        :return: tools.statement.Statement
        :raise UserError: for a file of which nothing can be taken
        """
        self._check_size(content)
        try:
            if ofx_file.is_ofx(content):
                found = self._choose(journal, ofx_file.read(content))
            else:
                found = statement_csv.read(self._get_table(journal, content, columns))
        except statement.UnreadableError as error:
            raise UserError(self._get_reason_words(error)) from None
        self._check_rows(found)
        return self._without_impossible(journal, found)

    @api.model
    def _get_table(self, journal, content, columns=None):
        """The cells of a CSV; its columns as chosen, or as they were chosen for this bank account before.

        :return: tools.statement_table.Table
        :raise UnreadableError: for a file that is no table
        """
        table = statement_table.table(content, columns)
        if columns or table.is_known:
            return table
        # sudo: what somebody said of such files before, who imports need not read journals' settings
        remembered = journal.sudo().cobranca_statement_columns or {}
        known = remembered.get(self._get_signature(table))
        return statement_table.table(content, known) if known else table

    @api.model
    def _get_signature(self, table):
        """By what a kind of file is remembered: its headings."""
        return "|".join(statement_table.labels(table.headings))

    @api.model
    def _remember(self, journal, table, columns):
        """Keep what somebody said of the columns of such a file."""
        journal = journal.sudo()  # sudo: who may import may teach the columns, nothing else of a journal
        known = dict(journal.cobranca_statement_columns or {})
        known[self._get_signature(table)] = columns
        journal.cobranca_statement_columns = known

    # --- which account ---

    @api.model
    def _choose(self, journal, accounts):
        """The account of a file that is this journal's."""
        if len(accounts) == 1:
            return accounts[0]
        own = [account for account in accounts if self._is_of(journal, account.account)]
        if len(own) != 1:
            raise UserError(
                self.env._(
                    "The file holds %(count)s accounts: %(accounts)s. Write the number of one of them on the journal "
                    "%(journal)s, or export one account at a time.",
                    count=len(accounts),
                    accounts=", ".join(account.account or "?" for account in accounts),
                    journal=journal.name,
                )
            )
        return own[0]

    @api.model
    def _is_of(self, journal, account):
        """Is this the number of a journal's account, with or without branch and zeros?"""
        own, other = (
            re.sub(r"\W", "", text or "", flags=re.ASCII).upper().lstrip("0")
            for text in (journal.sudo().bank_acc_number, account)  # sudo: the number of the company's own account
        )
        return min(len(own), len(other)) >= 4 and (own.endswith(other) or other.endswith(own))

    @api.model
    def _get_account_warning(self, journal, found):
        """What is said where a file names another account than the journal has."""
        own = journal.sudo().bank_acc_number  # sudo: the number of the company's own account
        if not own or not found.account or self._is_of(journal, found.account):
            return ""
        return self.env._(
            "The file is of account %(account)s, the journal %(journal)s has %(own)s: is this the right one?",
            account=found.account,
            journal=journal.name,
            own=own,
        )

    # --- checks ---

    @api.model
    def _check_size(self, content):
        if not content:
            raise UserError(self.env._("The file is empty: export it again from the bank."))
        if len(content) > statement.MOST_BYTES:
            raise UserError(
                self.env._(
                    "The file is larger than %(size)s MB: export a shorter period.", size=statement.MOST_BYTES // 2**20
                )
            )

    @api.model
    def _check_rows(self, found):
        if len(found.rows) > statement.MOST_ROWS:
            raise UserError(self._get_reason_words(statement.UnreadableError("too_long", str(statement.MOST_ROWS))))
        if not found.rows and not found.problems:
            raise UserError(self.env._("There is no movement in this file: export it again, with the right period."))

    @api.model
    def _without_impossible(self, journal, found):
        """Without rows that the books cannot take: of days that have not come, or of a period that is closed."""
        company = journal.company_id
        today = company._cobranca_today()
        closed = {}
        rows, problems = [], list(found.problems)
        for row in found.rows:
            if row.date > today:
                problems.append(Problem(row.number, FUTURE, row.date.isoformat()))
                continue
            if row.date not in closed:
                closed[row.date] = bool(company._get_violated_lock_dates(row.date, False, journal))
            if closed[row.date]:
                problems.append(Problem(row.number, CLOSED, row.date.isoformat()))
            else:
                rows.append(row)
        problems.sort(key=lambda problem: problem.number)
        return replace(found, rows=rows, problems=problems)

    # === WORDS === #

    @api.model
    def _get_reason_words(self, error):
        """:param UnreadableError error: why nothing of a file can be taken"""
        return {
            "no_account": self.env._("This OFX file holds no account: export it again from the bank."),
            "no_table": self.env._("This is neither OFX nor a table: export the statement as OFX or CSV."),
            "columns": self.env._("Say which columns hold the day and the amount."),
            "too_long": self.env._(
                "The file has more than %(count)s lines: export a shorter period.", count=error.found
            ),
        }[error.reason]

    @api.model
    def _get_problem_words(self, number, reason, found=""):
        """Why a row was not taken, with its line in the file."""
        if reason in (FUTURE, CLOSED):
            found = format_date(self.env, found)
        why = {
            statement.DATE: self.env._("“%(found)s” is no day", found=found),
            statement.AMOUNT: self.env._("“%(found)s” is no clear amount", found=found),
            statement.CELLS: self.env._("no day: “%(found)s”", found=found),
            FUTURE: self.env._("%(found)s has not come yet", found=found),
            CLOSED: self.env._("the books are closed on %(found)s", found=found),
        }[reason]
        return self.env._("Line %(number)s: %(why)s", number=number, why=why)
