from odoo import api, models
from odoo.tools import SQL, formatLang
from odoo.tools.misc import format_date


class CobrancaPaidWords(models.AbstractModel):
    """Why a line waits, in a sentence for who looks at it."""

    _name = "cobranca.paid.words"
    _description = "Words about Money that Came In"

    # === BUSINESS METHODS === #

    @api.model
    def _explain(self, lines, date):
        """What each line waits for, in the user's language.

        :param lines: account.move.line of one company that the user may read
        :param date date: of the run
        :return: {line: sentence}, without the lines that do not wait
        """
        found = {}
        lines.check_access("read")
        for company, records in lines.grouped("company_id").items():
            found |= self._explain_of(company, records, date)
        return found

    @api.model
    def _explain_of(self, company, lines, date):
        cases = self._get_wait_cases(company, lines, date)
        of = {reason: [line for line, found in cases.items() if found == reason] for reason in set(cases.values())}
        words = {}
        if paid := of.get("probably_paid"):
            words |= self._explain_credits(company, self._concat(paid), date)
        if paying := of.get("pending_payment"):
            words |= self._explain_paying(company, self._concat(paying))
        if stale := of.get("stale_statement"):
            words |= dict.fromkeys(stale, self._explain_stale(company, date))
        return words

    @api.model
    def _concat(self, lines):
        return self.env["account.move.line"].union(*lines)

    @api.model
    def _get_wait_cases(self, company, lines, date):
        """{line: reason} of the lines that wait."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, reason
                  FROM (
                    SELECT line.id, %s AS reason
                      FROM account_move_line line
                     WHERE line.id = ANY(%s)
                  ) found
                 WHERE reason IS NOT NULL
                """,
                self._get_wait_case(company, date, lines.partner_id.commercial_partner_id),
                list(lines.ids),
            )
        )
        return {lines.browse(line): reason for line, reason in rows}

    @api.model
    def _explain_credits(self, company, lines, date):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (fit.line_id) fit.line_id, fit.source, fit.credit_id, fit.amount, fit.day
                  FROM (%s) fit
                 WHERE fit.line_id = ANY(%s)
                 ORDER BY fit.line_id, fit.rank, fit.day DESC, fit.credit_id
                """,
                self._get_fits_query(company, date, lines.partner_id.commercial_partner_id),
                list(lines.ids),
            )
        )
        return {lines.browse(line): self._explain_credit(company, *credit) for line, *credit in rows}

    @api.model
    def _explain_credit(self, company, source, credit_id, amount, day):
        values = {
            "amount": formatLang(self.env, float(amount), currency_obj=company.currency_id),
            "date": day and format_date(self.env, day, date_format="dd/MM"),
        }
        if source == "pool":
            return self.env._("%(amount)s in the customer's favour not used yet", **values)
        if source == "statement" and self._is_pix(credit_id):
            return self.env._("Pix of %(amount)s on %(date)s not matched", **values)
        if source == "statement":
            return self.env._("%(amount)s in the statement of %(date)s not matched", **values)
        if source == "booked":
            return self.env._("%(amount)s of %(date)s in the customer's favour not used yet", **values)
        return self.env._("Payment of %(amount)s on %(date)s not confirmed by the bank yet", **values)

    @api.model
    def _is_pix(self, statement_line_id):
        # sudo: one word of the bank's text, for who may read the debt
        line = self.env["account.bank.statement.line"].sudo().browse(statement_line_id)
        return "PIX" in f"{line.transaction_type or ''} {line.payment_ref or ''}".upper()

    @api.model
    def _explain_paying(self, company, lines):
        moves = self._read_paying(SQL("invoice_id"), self._get_paying_query(), lines.move_id)
        chosen = self._read_paying(SQL("line_id"), self._get_paying_lines_query(), lines)
        found = {line: chosen.get(line.id) or moves.get(line.move_id.id) for line in lines}
        return {line: self._explain_transaction(company, *paying) for line, paying in found.items() if paying}

    @api.model
    def _read_paying(self, column, query, records):
        """{id of a record: (id of its latest transaction, state, moment)}."""
        rows = self.env.execute_query(
            SQL(
                "SELECT %(column)s, transaction_id, state, COALESCE(last_state_change, create_date)"
                " FROM (%(query)s) paying WHERE %(column)s = ANY(%(ids)s) ORDER BY transaction_id",
                column=column,
                query=query,
                ids=list(records.ids),
            )
        )
        return {number: tuple(paying) for number, *paying in rows}

    @api.model
    def _explain_transaction(self, company, transaction_id, state, moment):
        # sudo: the name of a way to pay, for who may read the invoice
        transaction = self.env["payment.transaction"].sudo().browse(transaction_id)
        local = company._cobranca_local(moment)
        values = {
            "means": transaction.payment_method_id.name or self.env._("Online payment"),
            "hour": local.strftime("%H:%M"),
            "date": format_date(self.env, local.date(), date_format="dd/MM"),
        }
        if state == "done":
            return self.env._("%(means)s paid on %(date)s at %(hour)s, not booked yet", **values)
        if local.date() == company._cobranca_today():
            return self.env._("%(means)s in progress since %(hour)s", **values)
        return self.env._("%(means)s in progress since %(date)s, %(hour)s", **values)

    @api.model
    def _explain_stale(self, company, date):
        last = self._get_last_imported_day(company, date)
        if not last:
            return self.env._("No bank statement was imported")
        return self.env._("Last imported day: %(date)s", date=format_date(self.env, last, date_format="dd/MM"))
