import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_price_index_fetch import LOST_RACES

_logger = logging.getLogger(__name__)
# Names the lock of a company whose positions are being taken.
LOCK = 1_668_247_155
MONTHS = 13
# One statement, so that two who take the same month at once make one row of it.
UPSERT = """
    INSERT INTO cobranca_portfolio_snapshot AS known
           (company_id, month, create_uid, create_date, write_uid, write_date, %(columns)s)
    VALUES (%(company)s, %(month)s, %(user)s, %(now)s, %(user)s, %(now)s, %(values)s)
        ON CONFLICT (company_id, month) DO UPDATE
       SET write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date, %(updates)s
 RETURNING id
"""
FIRST = """
    WITH day AS (%(days)s)
    SELECT MIN(line.date) FROM account_move_line line JOIN day ON day.company_id = line.company_id WHERE %(counts)s
"""
# Months whose ledger is another one than when their position was taken: entries and payments of the past. What began
# before the position was taken may have ended after it.
CHANGED = """
    WITH known AS (
        SELECT id, date, computed_at, account_balance
          FROM cobranca_portfolio_snapshot
         WHERE company_id = %(company)s AND is_final AND month >= %(first)s
    ),
    day AS (%(days)s),
    moved AS MATERIALIZED (
        SELECT line.date, SUM(line.balance) AS balance
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
         WHERE %(counts)s
         GROUP BY line.date
    )
    SELECT known.id
      FROM known
     WHERE known.account_balance <> (SELECT COALESCE(SUM(balance), 0) FROM moved WHERE moved.date <= known.date)
        OR EXISTS (
        SELECT FROM account_partial_reconcile partial
         WHERE partial.company_id = %(company)s
           AND partial.max_date <= known.date
           AND partial.create_date >= known.computed_at - INTERVAL '15 minutes'
       )
"""


class CobrancaPortfolioTaking(models.AbstractModel):
    """How monthly positions are taken and kept up to date."""

    _name = "cobranca.portfolio.taking"
    _description = "Taking of Monthly Positions"

    # === BUSINESS METHODS === #

    @api.model
    def _take(self, company, day):
        """Take the position of a month, or take it anew; the same again changes nothing.

        :param company: res.company
        :param date day: of the month; what counts is its last day, or today in the running month
        :return: cobranca.portfolio.snapshot, with the rights of the system
        :raise UserError: for a day to come
        """
        today = company._cobranca_today()
        if day > today:
            raise UserError(self.env._("There is no position of a day to come."))
        month = day.replace(day=1)
        date = min(month + relativedelta(months=1) - timedelta(days=1), today)
        # sudo: positions are written by this method only, after the checks of who calls it
        taker = self.sudo().with_company(company)
        figures, bands, rolls = taker._get_position(company, date)
        missing = [name for name, figure in figures.items() if figure is None]
        figures |= {
            "date": date,
            "is_final": date < today,
            "computed_at": self.env.cr.now(),
            "missing": f",{','.join(missing)}," if missing else None,
        }
        snapshot = taker._put(company, month, figures)
        shared = {"snapshot_id": snapshot.id, "company_id": company.id, "month": month}
        for name, rows in (("cobranca.portfolio.band", bands), ("cobranca.portfolio.roll", rolls)):
            taker.env[name].search([("snapshot_id", "=", snapshot.id)]).unlink()
            taker.env[name].create([{**shared, **self._to_values(row)} for row in rows])
        return snapshot

    @api.model
    def _put(self, company, month, figures):
        """Write the row of a month.

        :param dict figures: by name of the column
        :return: cobranca.portfolio.snapshot
        """
        names = [SQL.identifier(name) for name in figures]
        query = SQL(
            UPSERT,
            columns=SQL(", ").join(names),
            values=SQL(", ").join(SQL("%s", figure) for figure in figures.values()),
            updates=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            company=company.id,
            month=month,
            user=self.env.uid,
            now=self.env.cr.now(),
        )
        [(number,)] = self.env.execute_query(query)
        snapshot = self.env["cobranca.portfolio.snapshot"].browse(number)
        snapshot.invalidate_recordset()
        return snapshot

    @api.model
    def _to_values(self, row):
        return {name: float(value) if name in ("amount", "share") and value else value for name, value in row.items()}

    @api.model
    def _take_months(self, company, months=MONTHS):
        """Take the positions that are missing or whose ledger has changed since, and that of the running month.

        :param int months: how many, the running one among them
        :return: cobranca.portfolio.snapshot, those that were taken, oldest first
        """
        taken = self.env["cobranca.portfolio.snapshot"].sudo()  # sudo: as _take returns them
        for month in self._get_months_to_take(company, months):
            taken |= self._take(company, month)
        return taken

    @api.model
    def _get_months_to_take(self, company, months=MONTHS):
        """:return: list of date, the first day of each month"""
        self.env.flush_all()
        today = company._cobranca_today()
        running = today.replace(day=1)
        counted = self.env["cobranca.report.ledger"]._get_counted(company, today)
        [(first,)] = self.env.execute_query(SQL(FIRST, **counted))
        if not first:
            return []
        first = max(first.replace(day=1), running - relativedelta(months=months - 1))
        query = SQL(CHANGED, **counted, company=company.id, first=first)
        changed = [number for (number,) in self.env.execute_query(query)]
        domain = [("company_id", "=", company.id), ("is_final", "=", True), ("id", "not in", changed)]
        # sudo: which months are done, whoever asks
        done = set(self.env["cobranca.portfolio.snapshot"].sudo().search(domain).mapped("month"))
        wanted = []
        while first <= running:
            if first not in done:
                wanted.append(first)
            first += relativedelta(months=1)
        return wanted

    @api.model
    def _lock_company(self, company):
        """One job takes the positions of a company at a time; the unique index is the guard behind it.

        :return: False while another transaction does
        """
        [(is_mine,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, company.id))
        return is_mine

    @api.model
    def _wait_for_company(self, company):
        """The same, but wait for the other transaction.

        :return: True
        """
        self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, company.id))
        return True

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_take(self):
        """Keep the positions of all companies up to date, each month in a transaction of its own.

        Two jobs pass over what the other one is at, and may so leave a month to one another: at the end this one waits.
        """
        companies = self.env["res.company"].search(Domain.TRUE)
        passed = self._cron_take_each(companies, self._lock_company)
        if passed:
            self._cron_take_each(passed, self._wait_for_company)

    @api.model
    def _cron_take_each(self, companies, lock):
        """Take what is to be taken of some companies.

        :param lock: keeps a company for this transaction; a function
        :return: res.company, those of which something was passed over; none when the time is up
        """
        progress = self.env["ir.cron"]._commit_progress
        wanted = [(company, month) for company in companies for month in self._get_months_to_take(company)]
        progress(remaining=len(wanted))
        passed = companies.browse()
        for company, month in wanted:
            is_mine = True
            try:
                is_mine = lock(company)
                if is_mine:
                    self._take(company, month)
            except LOST_RACES:
                self.env.cr.rollback()
            except Exception:  # one month that cannot be taken must not keep the others from it
                _logger.exception("The position of company %s in %s could not be taken.", company.id, month)
                self.env.cr.rollback()
            if not is_mine:
                passed |= company
            if not progress(int(is_mine)):
                return companies.browse()
        return passed
