from odoo import api, fields, models
from odoo.tools import SQL

# The day that a report looks at, when it is not today: "YYYY-MM-DD".
AS_OF = "cobranca_as_of"

# What was open at the end of a day: what is open now, and what was paid of it afterwards. In two parts, as the lines
# that are open now have an index of their own; not joined with one another, as PostgreSQL may take either for one row
# and loop.
TITLES = """
    WITH day AS (%(days)s),
    later AS MATERIALIZED (
        SELECT paid.line_id, SUM(paid.amount) AS amount
          FROM (
            SELECT partial.debit_move_id AS line_id, partial.amount
              FROM day
              JOIN account_partial_reconcile partial
                ON partial.company_id = day.company_id AND partial.max_date > day.today
             UNION ALL
            SELECT partial.credit_move_id, -partial.amount
              FROM day
              JOIN account_partial_reconcile partial
                ON partial.company_id = day.company_id AND partial.max_date > day.today
          ) paid
         GROUP BY paid.line_id
    )
    SELECT line.id, line.company_id, line.move_id, line.partner_id AS contact_id,
           COALESCE(contact.commercial_partner_id, line.partner_id) AS partner_id,
           line.account_id, line.journal_id, line.date, line.invoice_date,
           COALESCE(line.date_maturity, line.date) AS due, line.today, line.balance AS amount, line.open,
           item.agreement_id
      FROM (
        SELECT line.*, day.today, line.amount_residual AS open
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
         WHERE %(counts)s
           AND line.reconciled IS NOT TRUE
           AND line.amount_residual <> 0
           AND line.id NOT IN (SELECT line_id FROM later)
         UNION ALL
        SELECT line.*, day.today, line.amount_residual + later.amount
          FROM later
          JOIN account_move_line line ON line.id = later.line_id
          JOIN day ON day.company_id = line.company_id
         WHERE %(counts)s
           AND line.amount_residual + later.amount <> 0
      ) line
      LEFT JOIN res_partner contact ON contact.id = line.partner_id
      LEFT JOIN cobranca_agreement_installment item ON item.line_id = line.id
"""
COUNTS = """
    line.parent_state = 'posted' AND line.date <= day.today
    AND line.account_id <> day.till_account_id
    AND line.account_id = ANY(ARRAY(
        SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE
    ))
"""
# Which debts an agreement stands in the place of, down to those that were no installments themselves, and with what
# share of it: by what was agreed for each of them.
ORIGINS = """
    WITH RECURSIVE part AS (
        SELECT origin.agreement_id, origin.line_id, origin.due,
               (origin.principal + origin.fine + origin.interest + origin.correction - origin.given_principal
                   - origin.given_fine - origin.given_interest - origin.given_correction)
                   / NULLIF(SUM(origin.principal + origin.fine + origin.interest + origin.correction
                   - origin.given_principal - origin.given_fine - origin.given_interest - origin.given_correction)
                   OVER (PARTITION BY origin.agreement_id), 0) AS share
          FROM cobranca_agreement_origin origin
    ),
    root AS (
        SELECT part.agreement_id, part.line_id, part.due, part.share FROM part
         UNION ALL
        SELECT root.agreement_id, part.line_id, part.due, root.share * part.share
          FROM root
          JOIN cobranca_agreement_installment item ON item.line_id = root.line_id
          JOIN part ON part.agreement_id = item.agreement_id
    )
    SELECT root.agreement_id, root.due, SUM(root.share) AS share
      FROM root
     WHERE NOT EXISTS (SELECT FROM cobranca_agreement_installment item WHERE item.line_id = root.line_id)
     GROUP BY root.agreement_id, root.due
"""

# The last part of an installment takes what rounding leaves.
AGED = """
    SELECT title.id, title.company_id, title.move_id, title.contact_id, title.partner_id, title.account_id,
           title.journal_id, title.date, title.invoice_date, title.due, title.today, title.amount,
           title.agreement_id, COALESCE(origin.due, title.due) AS original_due,
           COALESCE(origin.part, 1) AS part,
           CASE WHEN origin.part IS NULL THEN title.open
                ELSE ROUND(title.open * origin.until, 2) - ROUND(title.open * origin.since, 2) END AS open
      FROM (%(titles)s) title
      LEFT JOIN (
        SELECT agreement_id, due,
               ROW_NUMBER() OVER in_turn AS part,
               SUM(share) OVER in_turn - share AS since,
               CASE WHEN ROW_NUMBER() OVER in_turn = COUNT(*) OVER (PARTITION BY agreement_id) THEN 1
                    ELSE SUM(share) OVER in_turn END AS until
          FROM (%(origins)s) shared
        WINDOW in_turn AS (PARTITION BY agreement_id ORDER BY due)
      ) origin ON origin.agreement_id = title.agreement_id
"""
# A debt that a broken agreement has opened again was closed until then. In hindsight the entry that closed it is paired
# with that of the break, so that both it and the debt seem to be open before: together they are what was open.
# No joins with what is open: nothing is known of its size beforehand, and PostgreSQL might loop.
OWED = """
    SELECT DISTINCT ON (paired.title)
           paired.id, paired.company_id, paired.move_id, paired.contact_id, paired.partner_id, paired.account_id,
           paired.journal_id, paired.date, paired.invoice_date, paired.due, paired.today, paired.amount,
           SUM(paired.open) OVER (PARTITION BY paired.title) AS open, paired.agreement_id
      FROM (
        SELECT title.*,
               CASE WHEN title.open > 0 THEN title.id
                    ELSE COALESCE(
                        (SELECT MIN(line_id) FROM cobranca_agreement_origin WHERE transfer_line_id = title.id), title.id
                    ) END AS title
          FROM (%(titles)s) title
      ) paired
     ORDER BY paired.title, paired.id <> paired.title
"""


class CobrancaReportLedger(models.AbstractModel):
    """What all figures are made of: receivable lines of customers with what was open of them on a day."""

    _name = "cobranca.report.ledger"
    _description = "Ledger of the Reports"

    # === BUSINESS METHODS === #

    @api.model
    def _get_days_query(self, companies=None, day=None):
        """Which day each company is looked at.

        :param companies: res.company; those of the user when None
        :param date day: the same for all; when None that of the context (`cobranca_as_of`), else each one's today
        :return: SQL of rows (company_id, today, till_account_id)
        """
        companies = (companies or self.env.companies).sudo()  # sudo: their days and one account of each
        day = day or fields.Date.to_date(self.env.context.get(AS_OF))
        rows = [
            (company.id, day or company._cobranca_today(), company.account_default_pos_receivable_account_id.id or 0)
            for company in companies
        ]
        ids, days, tills = zip(*rows, strict=True)
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[], %s::int[]) AS chosen (company_id, today, till_account_id)",
            list(ids),
            list(days),
            list(tills),
        )

    @api.model
    def _get_counted(self, companies=None, day=None):
        """Which lines count, as parts of a query that names them `line` and the rows of `days` `day`.

        :return: dict(days, counts) of SQL
        """
        return {"days": self._get_days_query(companies, day), "counts": SQL(COUNTS)}

    @api.model
    def _get_titles_query(self, companies=None, day=None):
        """The lines of which something was open at the end of a day, debits above zero and credits below.

        Their sum is the balance of the receivable accounts of that day. Amounts are in the company's currency.

        :return: SQL of rows (id, company_id, move_id, contact_id, partner_id, account_id, journal_id, date,
            invoice_date, due, today, amount, open, agreement_id), the last one of installments only
        """
        return SQL(TITLES, **self._get_counted(companies, day))

    @api.model
    def _get_origins_query(self):
        """The original due dates of what agreements ask, with the share of each.

        :return: SQL of rows (agreement_id, due, share); the shares of an agreement come to one
        """
        return SQL(ORIGINS)

    @api.model
    def _get_aged_query(self, companies=None, day=None):
        """Open lines by due date and by original due date: an installment is divided among the debts it stands for.

        :return: SQL of the rows of :meth:`_get_titles_query` with `original_due` and `part` (1, 2 …), where `open` is
            the part of one original due date, exact to the cent in their sum
        """
        return self._divide(self._get_owed_query(companies, day))

    @api.model
    def _divide(self, titles):
        """Titles divided among original due dates, as :meth:`_get_aged_query` does.

        :param SQL titles: rows as of :meth:`_get_titles_query`
        """
        return SQL(AGED, titles=titles, origins=self._get_origins_query())

    @api.model
    def _get_owed_query(self, companies=None, day=None):
        """The rows of :meth:`_get_titles_query`, of which a debt is not open while an agreement has it.

        The difference is in days of the past alone, between the signing of an agreement and its break. The sum is the
        same.

        :return: SQL of the same rows
        """
        titles = self._get_titles_query(companies, day)
        day = day or fields.Date.to_date(self.env.context.get(AS_OF))
        if not day:
            return titles
        ids = (companies or self.env.companies).ids
        domain = [("company_id", "in", ids), ("date", "<=", day), ("ended_on", ">", day)]
        # sudo: whether any agreement has ended since, whoever asks
        has_ended = self.env["cobranca.agreement"].sudo().search_count(domain, limit=1)
        return SQL(OWED, titles=titles) if has_ended else titles
