"""What ladders and people did about a ledger, by SQL: the reports about work have something to read."""

from odoo import Command

# Days after the due date of the steps, by their place.
STEPS = (3, 10, 20)
# The titles that were open when a step came, numbered; those of it that are drawn to get nothing are `is_control`.
REACHED = """
    CREATE TEMPORARY TABLE bench_reached ON COMMIT DROP AS
    SELECT line.id AS line_id, line.partner_id, line.date_maturity + %(days)s AS date,
           ROW_NUMBER() OVER (ORDER BY line.id) %% 10 = 0 AS is_control
      FROM account_move_line line
      LEFT JOIN (
        SELECT debit_move_id, MAX(max_date) AS day FROM account_partial_reconcile GROUP BY debit_move_id
      ) paid ON paid.debit_move_id = line.id
     WHERE line.display_type = 'payment_term' AND line.company_id = %(company)s AND line.balance > 0
       AND line.partner_id IS NOT NULL AND line.date_maturity + %(days)s < %(today)s
       AND (line.reconciled IS NOT TRUE OR paid.day >= line.date_maturity + %(days)s)
"""
# A customer gets one message on a day.
MESSAGES = """
    INSERT INTO cobranca_message (company_id, currency_id, partner_id, recipient_id, date, policy_id, level_id,
                                  channel, kind, state)
    SELECT DISTINCT %(company)s, %(currency)s, partner_id, partner_id, date, %(policy)s, %(level)s, 'email', 'notice',
           'sent'
      FROM bench_reached
     WHERE NOT is_control
        ON CONFLICT DO NOTHING
"""
NOTICES = """
    INSERT INTO cobranca_dunning_notice (line_id, level_id, source, partner_id, company_id, date, message_id,
                                         is_control)
    SELECT reached.line_id, %(level)s, 0, reached.partner_id, %(company)s, reached.date, message.id,
           reached.is_control
      FROM bench_reached reached
      LEFT JOIN cobranca_message message
        ON message.partner_id = reached.partner_id AND message.date = reached.date AND message.level_id = %(level)s
       AND NOT reached.is_control
     WHERE reached.is_control OR message.id IS NOT NULL
"""
# Every other title was spoken of eight days after it fell due; of three contacts one told why.
CONTACTS = """
    INSERT INTO cobranca_interaction (company_id, partner_id, date, channel, direction, reached, outcome, reason_id)
    SELECT company_id, partner_id, (date_maturity + 8)::timestamp + INTERVAL '15 hours', 'call', 'out', 'right',
           'informed', CASE WHEN number %% 3 = 0 THEN (%(reasons)s)[1 + number %% %(count)s] END
      FROM (
        SELECT line.*, ROW_NUMBER() OVER (ORDER BY line.id) AS number
          FROM account_move_line line
         WHERE line.display_type = 'payment_term' AND line.company_id = %(company)s AND line.balance > 0
           AND line.partner_id IS NOT NULL AND line.date_maturity + 8 < %(today)s
      ) title
     WHERE number %% 2 = 0
"""


def fill(env):
    """Steps of a ladder and contacts about the titles of the current company."""
    company = env.company
    ladder = env["cobranca.dunning.policy"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "level_ids": [
                Command.create(
                    {"name": f"D+{days}", "days": days, "channel_ids": [Command.create({"channel": "call"})]}
                )
                for days in STEPS
            ],
        }
    )
    reasons = env["cobranca.delinquency.reason"].search([])
    env.flush_all()
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "today": company._cobranca_today(),
        "policy": ladder.id,
        "reasons": reasons.ids,
        "count": len(reasons),
    }
    for level in ladder.level_ids:
        step = {**values, "level": level.id, "days": level.days}
        env.cr.execute(REACHED, step)
        env.cr.execute(MESSAGES, step)
        env.cr.execute(NOTICES, step)
        env.cr.execute("DROP TABLE bench_reached")
    env.cr.execute(CONTACTS, values)
    env.invalidate_all()
