from odoo import api, models
from odoo.tools import SQL, split_every

from ..tools.late_charges import ZERO
from .cobranca_paid_credit import CENTS

# So many lines are looked at by one statement: neither all of a long file, nor one by one.
AT_ONCE = 5000
# Debts whose amount of a day is computed for money of nobody known.
MOST_LATE = 20_000
SUGGESTIONS = 5


class CobrancaStatementFinder(models.AbstractModel):
    """Which debts the money of a bank statement may be for: few queries for all movements together.

    Which money is unmatched, and whose, is known by `cobranca.paid.credit`, as it is for "never ask who has paid".
    """

    _name = "cobranca.statement.finder"
    _inherit = ["cobranca.paid.credit", "cobranca.statement.query"]
    _description = "Finder of What Was Paid"

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, company, lines=None):
        """Write the suggestions of unmatched movements anew.

        :param company: res.company
        :param lines: account.bank.statement.line, None for all that are unmatched
        """
        self._flush_credits()
        for name in ("cobranca.statement.suggestion", "cobranca.payment.quote", "cobranca.payment.quote.line"):
            self.env[name].flush_model()
        ids = self._get_unmatched_ids(company) if lines is None else lines.ids
        self._forget(company, None if lines is None else ids)
        for part in split_every(AT_ONCE, sorted(ids)):
            self._suggest(company, list(part))
        self._lower_shared(company)
        self.env["cobranca.statement.suggestion"].invalidate_model()

    @api.model
    def _get_unmatched_ids(self, company):
        query = SQL("SELECT DISTINCT credit.id FROM (%s) credit", self._get_statement_query(company))
        return [number for (number,) in self.env.execute_query(query)]

    @api.model
    def _forget(self, company, ids):
        """Without the suggestions of these movements, or of all that are not matched any more."""
        chosen = SQL("TRUE") if ids is None else SQL("statement_line_id = ANY(%s)", list(ids))
        self.env.execute_query(
            SQL(
                "DELETE FROM cobranca_statement_suggestion WHERE company_id = %s AND %s RETURNING id",
                company.id,
                chosen,
            )
        )

    @api.model
    def _suggest(self, company, ids):
        """Find and write what a few thousand movements may be for."""
        credits = SQL("SELECT * FROM (%s) credit WHERE credit.id = ANY(%s)", self._get_statement_query(company), ids)
        parts = {
            "credits": credits,
            "debts": self._get_debts_query(company),
            "texts": self._get_texts_query(ids),
            "cents": CENTS,
            "most": SUGGESTIONS,
            "company": company.id,
        }
        parts |= self._get_price_arrays(company, parts)
        pairs = self._find_quotes(company, ids)
        parts["quotes"] = self._get_pairs_of_ids(pairs)
        parts["asked"] = self._get_asked_query(self.env["cobranca.payment.quote"].browse({item for _id, item in pairs}))
        parts["now"] = self.env.cr.now()
        self.env.execute_query(self._get_suggest_query(parts))

    @api.model
    def _get_debts_query(self, company):
        """What customers may pay: (id, move_id, debtor, cents, due, number, reference)."""
        columns = SQL(
            """
            line.id, partner.id AS debtor, partner.name, ROUND(line.amount_residual * 100)::bigint AS cents,
            COALESCE(line.date_maturity, line.date) AS due,
            REGEXP_REPLACE(UPPER(move.name), '[^A-Z0-9]', '', 'g') AS number,
            REGEXP_REPLACE(UPPER(move.payment_reference), '[^A-Z0-9]', '', 'g') AS reference
            """
        )
        Line = self.env["account.move.line"]
        today = company._cobranca_today()
        return SQL(
            "%s AND line.currency_id = %s",
            Line._cobranca_get_open_lines_query(company, today, columns=columns),
            company.currency_id.id,
        )

    @api.model
    def _get_texts_query(self, ids):
        return SQL(
            """
            SELECT st.id, %s AS text
              FROM account_bank_statement_line st JOIN account_move entry ON entry.id = st.move_id
             WHERE st.id = ANY(%s)
            """,
            self._get_bank_text(),
            ids,
        )

    # --- amounts of the day ---

    @api.model
    def _get_price_arrays(self, company, parts):
        """What debts cost on the days of the movements, where that is not their open amount.

        :return: dict of three arrays: ids of debts, days, cents
        """
        Line = self.env["account.move.line"].sudo()  # sudo: what money may be for, whoever imports the statement
        debts, days, cents = [], [], []
        for day, ids in self.env.execute_query(self._get_pairs_query({**parts, "late": MOST_LATE})):
            for line, debt in Line.browse(ids)._cobranca_read_debts(day).items():
                more = sum((getattr(debt.charges, kind) for kind in ("correction", "fine", "interest")), ZERO)
                if more != debt.discount:
                    debts.append(line.id)
                    days.append(day)
                    cents.append(int(100 * (more - debt.discount)))
        return {"price_lines": debts, "price_days": days, "price_cents": cents}

    # --- Pix ---

    @api.model
    def _find_quotes(self, company, ids):
        """Movements whose text holds the code of a quote.

        :return: list of (id of the movement, id of the quote)
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT said.id, SUBSTR(word[1], place, 25)
                  FROM (%s) said
                  CROSS JOIN LATERAL REGEXP_MATCHES(said.text, '[A-Z0-9]{25,60}', 'g') word
                  CROSS JOIN LATERAL GENERATE_SERIES(1, LENGTH(word[1]) - 24) place
                """,
                self._get_texts_query(ids),
            )
        )
        known = self.env["cobranca.payment.quote"]._find(company, {txid for _id, txid in found}) if found else {}
        return [(number, known[txid].id) for number, txid in found if txid in known]

    @api.model
    def _get_pairs_of_ids(self, pairs):
        return SQL(
            "SELECT * FROM UNNEST(%s::int[], %s::int[]) pair(credit, quote)",
            [credit for credit, _quote in pairs],
            [quote for _credit, quote in pairs],
        )

    @api.model
    def _get_asked_query(self, quotes):
        """Which debts quotes are for: (quote, debt). Overridden where others stand in the place of debts.

        :param quotes: cobranca.payment.quote
        :return: SQL
        """
        return SQL("SELECT quote_id, line_id FROM cobranca_payment_quote_line WHERE quote_id = ANY(%s)", quotes.ids)

    # --- ambiguous ---

    @api.model
    def _lower_shared(self, company):
        """Two movements for the same debt: neither is certain, one of them is paid twice."""
        self.env.execute_query(
            SQL(
                """
                WITH certain AS MATERIALIZED (
                    SELECT id FROM cobranca_statement_suggestion WHERE company_id = %s AND grade = '1'
                ),
                wanted AS MATERIALIZED (
                    SELECT rel.line_id, ARRAY_AGG(certain.id) AS ids
                      FROM certain
                      JOIN cobranca_statement_suggestion_debt_rel rel ON rel.suggestion_id = certain.id
                     GROUP BY rel.line_id
                    HAVING COUNT(*) > 1
                )
                UPDATE cobranca_statement_suggestion SET grade = '2'
                 WHERE id = ANY(ARRAY(SELECT UNNEST(ids) FROM wanted))
                RETURNING id
                """,
                company.id,
            )
        )
