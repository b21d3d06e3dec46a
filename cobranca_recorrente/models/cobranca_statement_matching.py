from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .cobranca_receipt import Receipt


@dataclass(frozen=True)
class Share:
    """A part of the money of a movement.

    :param debts: account.move.line, what it pays, the oldest first; none: a credit of the customer
    :param partner: res.partner, the debtor
    :param amount: in the company's currency; None for all that is left
    """

    debts: models.Model
    partner: models.Model
    amount: float | None = None


@dataclass(frozen=True)
class Match:
    """A movement of the bank and what its money is for.

    :param line: account.bank.statement.line
    :param list shares: of Share
    :param quote: cobranca.payment.quote, whose Pix it was
    """

    line: models.Model
    shares: tuple
    quote: models.Model | None = None


class CobrancaStatementMatching(models.AbstractModel):
    """Movements of the bank pay debts, many at a time, and give back what they paid.

    The money becomes a credit of the customer in the movement's own entry, as of the day of the bank;
    `cobranca.receipt` does the rest, with one entry for the charges of each day.
    """

    _name = "cobranca.statement.matching"
    _inherit = ["cobranca.statement.credit"]
    _description = "Matching of Bank Movements"

    # === BUSINESS METHODS === #

    @api.model
    def _match_all(self, matches):
        """Book what money is for. Movements that somebody else matched meanwhile are left out.

        :param list matches: of Match, of one company
        :return: account.bank.statement.line, those that were matched
        :raise UserError: with what cannot be booked, and what to do
        """
        Line = self.env["account.bank.statement.line"]
        lines = Line.union(*(match.line for match in matches))
        self._claim(lines)
        free = lines.filtered(self._is_free)
        matches = [match for match in matches if match.line in free]
        if not matches:
            return Line
        self._check_days(free)
        credits = self._make_credits(matches)
        receipts, of_quotes = [], []
        for match in matches:
            for share, credit in zip(match.shares, credits[match.line], strict=True):
                if match.quote:
                    of_quotes.append((match.quote, credit, match.line.date))
                elif share.debts:
                    receipts.append(Receipt(credit, share.debts, match.line.date))
        self.env["cobranca.receipt"]._receive_all(receipts)
        if of_quotes:
            self.env["cobranca.payment.quote"]._receive_all(of_quotes)
        self._note(matches)
        return free

    @api.model
    def _undo_all(self, lines):
        """Give back what movements paid: debts, charges and promises are as they were, the money is unmatched.

        :param lines: account.bank.statement.line
        """
        self._claim(lines)
        quotes = lines.cobranca_quote_id
        lines.action_undo_reconciliation()
        if quotes:
            quotes._reopen()
        for company, own in lines.grouped("company_id").items():
            self.env["cobranca.statement.finder"]._refresh(company, own)

    @api.model
    def _set_aside(self, lines, reason, note=False):
        """Say that money is of no customer: nobody is spared a reminder because of it.

        :param str reason: one of ASIDE; None: it is looked at again
        """
        self._claim(lines)
        taken = lines.filtered(lambda line: line.is_reconciled or (reason and line.cobranca_aside))
        if taken:
            raise UserError(self.env._("Somebody has matched this money, or set it aside, meanwhile."))
        lines.write({"cobranca_aside": reason, "cobranca_aside_note": note})
        for company, own in lines.grouped("company_id").items():
            finder = self.env["cobranca.statement.finder"]
            self.env.flush_all()
            finder._refresh(company, own)

    # === PARTS === #

    @api.model
    def _claim(self, lines):
        """Only one matches a movement at a time; who waited in vain begins again, and finds it matched."""
        ids = sorted(lines.ids)
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT id FROM account_bank_statement_line WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", ids)
        )
        self.env.execute_query(
            SQL("UPDATE account_bank_statement_line SET write_date = write_date WHERE id = ANY(%s) RETURNING id", ids)
        )
        lines.invalidate_recordset(["is_reconciled", "cobranca_aside", "amount_residual"])

    @api.model
    def _is_free(self, line):
        """Is this money that came in, of an unknown purpose?"""
        return (
            not line.is_reconciled
            and not line.cobranca_aside
            and line.amount > 0
            and line.state == "posted"
            and not line.foreign_currency_id
            and line.currency_id == line.company_id.currency_id
        )

    @api.model
    def _check_days(self, lines):
        for company, journal, day in {(line.company_id, line.journal_id, line.date) for line in lines}:
            if company._get_violated_lock_dates(day, False, journal):
                raise UserError(
                    self.env._(
                        "The books of %(company)s are closed on %(day)s: let your accountant open the period, then "
                        "match this money.",
                        company=company.name,
                        day=format_date(self.env, day),
                    )
                )

    # --- what is told ---

    @api.model
    def _note(self, matches):
        """Who matched it and when; the suggestions have done their work."""
        now = fields.Datetime.now()
        lines = self.env["account.bank.statement.line"].union(*(match.line for match in matches))
        quiet = lines.with_context(skip_account_move_synchronization=True, skip_readonly_check=True)
        quiet.write({"cobranca_matched_at": now, "cobranca_matched_by_id": self.env.uid})
        for match in matches:
            if match.quote:
                match.line.cobranca_quote_id = match.quote
        lines.cobranca_suggestion_ids.unlink()
