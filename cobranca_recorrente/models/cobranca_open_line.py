from odoo import api, models
from odoo.tools import SQL

# A list and no join: of what joins these accounts PostgreSQL expects a hundredth of what there is, and loops.
RECEIVABLE = "SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE"
# Few of what is open, so that none of the others is joined.
SETTLED = """
    SELECT FROM account_move settled
     WHERE settled.id = line.move_id AND settled.payment_state IN ('in_payment', 'paid', 'reversed', 'blocked')
"""


class CobrancaOpenLine(models.AbstractModel):
    """Which journal items are open amounts of customers, and which of them may be asked for.

    The one place that says so. Later addons widen or narrow it by the two lists of conditions.
    """

    _name = "cobranca.open.line"
    _description = "Open Customer Lines"

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_open_lines_query(self, company, date, asked=True, columns=None):
        """One SQL object for the open customer lines of a company: `SELECT line.id …`.

        Run it by :meth:`_cobranca_search_open_lines`, or after a flush. Conditions speak of `line` (account_move_line),
        `partner` (the commercial one) and `move` (PostgreSQL does not read it where nobody speaks of it).

        :param company: res.company
        :param date date: lines booked later do not count
        :param bool asked: only what may be asked for; else credits and what is on its way too
        :param columns: SQL of what is selected in place of `line.id`
        :return: SQL
        """
        conditions = self._cobranca_get_open_conditions(company, date)
        if asked:
            conditions += self._cobranca_get_asked_conditions(company, date)
        return SQL(
            """
            SELECT %s
              FROM account_move_line line
              LEFT JOIN account_move move ON move.id = line.move_id
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN res_partner partner ON partner.id = COALESCE(contact.commercial_partner_id, contact.id)
             WHERE %s
            """,
            columns or SQL("line.id"),
            SQL(" AND ").join(conditions),
        )

    @api.model
    def _cobranca_get_open_conditions(self, company, date):
        """What an open amount of a customer is, debit or credit.

        Taxes to be recovered (`non_trade`) and what the till is owed are on receivable accounts too.

        :return: list of SQL
        """
        company = company.sudo()  # sudo: two accounts of the company's configuration
        return [
            SQL("line.company_id = %s", company.id),
            SQL("line.parent_state = 'posted'"),
            SQL("line.reconciled IS NOT TRUE"),
            SQL("line.amount_residual <> 0"),
            SQL("line.date <= %s", date),
            SQL("line.account_id = ANY(ARRAY(%s))", SQL(RECEIVABLE)),
            SQL("line.account_id <> %s", company.account_default_pos_receivable_account_id.id or 0),
        ]

    @api.model
    def _cobranca_get_asked_conditions(self, company, date):
        """What may be asked for among the open amounts: debits, unless paid by something on its way.

        :return: list of SQL
        """
        return [
            SQL("line.amount_residual > 0"),
            SQL("NOT EXISTS (%s)", SQL(SETTLED)),
        ]

    @api.model
    def _cobranca_search_open_lines(self, company, date, *conditions, asked=True):
        """The open customer lines, oldest due date first.

        :param conditions: more SQL
        :return: account.move.line
        """
        for model in ("account.move.line", "account.move", "account.account", "res.partner"):
            self.env[model].flush_model()
        query = self._cobranca_get_open_lines_query(company, date, asked=asked)
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY COALESCE(line.date_maturity, line.date), line.id",
                SQL(" AND ").join([query, *conditions]),
            )
        )
        return self.env["account.move.line"].browse([line for (line,) in rows])

    @api.model
    def _cobranca_get_replaced_query(self, company):
        """Debts in whose place others stand: closed in the books though nobody paid them, or paid by money that counts
        on the others.

        Later addons add theirs, each debt once. Who judges payers takes no such closing for a payment.

        :param company: res.company
        :return: SQL of rows (line_id, day since when, amount, is_paid); the day is NULL where the debt never counted
        """
        return SQL(
            """
            SELECT NULL::int AS line_id, NULL::date AS day, NULL::numeric AS amount, NULL::boolean AS is_paid
             WHERE FALSE
            """
        )
