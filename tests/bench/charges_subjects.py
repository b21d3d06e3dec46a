"""The measured work of the section `charges`; run by child.py inside Odoo.

Both ways compute the same: principal, fine of 2 % and interest of 1 % a month of every receivable
line of the ledger today, from its payments by their dates and the bank calendar.
"""

from ledger import make_ledger

# What the reader does for the shipped terms, as one statement.
ONE_SQL = """
    WITH line AS (
        SELECT line.id, line.balance, COALESCE(line.date_maturity, line.date) AS due
          FROM account_move_line line
         WHERE line.company_id = %(company)s AND line.display_type = 'payment_term' AND line.balance > 0
           AND line.date <= %(today)s
    ), due AS (
        SELECT day_due.due, (
                   SELECT min(day)::date FROM generate_series(day_due.due, day_due.due + 30, interval '1 day') AS day
                    WHERE extract(isodow FROM day) < 6
                      AND NOT EXISTS (
                          SELECT FROM cobranca_holiday holiday
                           WHERE holiday.active AND holiday.date = day AND holiday.scope IN ('national', 'bank')
                      )
               ) AS moved
          FROM (SELECT DISTINCT due FROM line) AS day_due
    ), paid AS (
        SELECT debit_move_id AS id, max_date AS day, sum(amount) AS amount
          FROM account_partial_reconcile
         WHERE max_date <= %(today)s
         GROUP BY debit_move_id, max_date
    ), event AS (
        SELECT id, day, amount FROM paid WHERE day < %(today)s
         UNION ALL
        SELECT line.id, %(today)s::date, COALESCE(paid.amount, 0)
          FROM line
          LEFT JOIN paid ON paid.id = line.id AND paid.day = %(today)s
    ), moment AS (
        SELECT line.id, line.balance, due.moved, event.day, event.amount
          FROM line
          JOIN due USING (due)
          JOIN event ON event.id = line.id
    ), step AS (
        SELECT *,
               balance - COALESCE(sum(amount) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS base,
               GREATEST(lag(day) OVER w, moved) AS since,
               row_number() OVER (PARTITION BY id, day > moved ORDER BY day) = 1 AS is_first
          FROM moment
        WINDOW w AS (PARTITION BY id ORDER BY day)
    )
    SELECT sum(CASE WHEN day = %(today)s THEN base - amount ELSE 0 END) AS principal,
           sum(CASE WHEN day > moved AND is_first THEN round(base * 0.02, 2) ELSE 0 END) AS fine,
           sum(CASE WHEN day > moved THEN round(base * 0.01 * (day - since) / 30, 2) ELSE 0 END) AS interest
      FROM step
"""


def generate(env, number):
    """Fill the database with that many receivable lines."""
    make_ledger.fill(env.cr, number)


def count_lines(env, number):
    """How many receivable lines there are."""
    return len(receivable_lines(env))


def receivable_lines(env):
    env.cr.execute(
        """
        SELECT id FROM account_move_line
         WHERE company_id = %s AND display_type = 'payment_term' AND balance > 0 ORDER BY id
        """,
        [env.company.id],
    )
    return env["account.move.line"].browse([line for (line,) in env.cr.fetchall()])


def run_reader(env, number):
    """Our reader.

    :return: the sums, in cents
    """
    found = receivable_lines(env)._cobranca_get_debts(env.company._cobranca_today()).values()
    return {name: sums(found, name) for name in ("principal", "fine", "interest")}


def sums(found, name):
    return int(100 * sum(getattr(charges, name) for charges in found))


def run_one_sql(env, number):
    """The same by one statement.

    :return: the sums, in cents
    """
    env.cr.execute(ONE_SQL, {"company": env.company.id, "today": env.company._cobranca_today()})
    names = ("principal", "fine", "interest")
    return {name: round(100 * amount) for name, amount in zip(names, env.cr.fetchone(), strict=True)}


def run_open(env, number):
    """What a customer register asks for: the open lines that may be asked for, with what each amounts to."""
    today = env.company._cobranca_today()
    lines = env["account.move.line"]._cobranca_search_open_lines(env.company, today)
    lines._cobranca_get_debts(today)
    return {"open lines": len(lines)}


def run_behavior(env, number):
    """The nightly job over all customers of the ledger."""
    env["cobranca.behavior"]._refresh(env.company)
    return {"customers": env["cobranca.behavior"].search_count([("company_id", "=", env.company.id)])}
