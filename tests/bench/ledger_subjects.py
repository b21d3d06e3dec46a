"""The measured work of the section `ledger`; run by child.py inside Odoo."""

from ledger import make_ledger

# What a customer owes: the lines that a ledger, an aging or a dunning run starts from.
OPEN_LINES = """
    SELECT line.partner_id, count(*), sum(line.amount_residual), min(line.date_maturity)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_company company ON company.id = line.company_id
     WHERE line.company_id = %s
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.amount_residual <> 0
       AND account.account_type = 'asset_receivable'
       AND account.non_trade IS NOT TRUE
       AND line.partner_id IS NOT NULL
       AND line.account_id <> COALESCE(company.account_default_pos_receivable_account_id, 0)
     GROUP BY line.partner_id
"""


def generate(env, number):
    """Fill the database with that many receivable lines."""
    make_ledger.fill(env.cr, number)


def count_lines(env, number):
    """How many receivable lines there are."""
    env.cr.execute("SELECT count(*) FROM account_move_line WHERE display_type = 'payment_term'")
    return env.cr.fetchone()[0]


def read_open_lines(env, number):
    """Read what each customer owes."""
    env.cr.execute(OPEN_LINES, [env.company.id])
    env.cr.fetchall()
