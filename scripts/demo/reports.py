"""The reports of the demo: monthly positions, goals with their owners, the cash forecast; and what must be true."""

from decimal import Decimal

from freezegun import freeze_time

# The month of today and the twelve before it.
MONTHS = 13
# Figure, who answers for it (login), goal.
GOALS = (
    ("late_amount", "nara", 25000),
    ("rate_30", "nara", 12),
    ("dso", "otavio", 30),
    ("cei", "otavio", 75),
    ("recovered", "iris", 12000),
    ("agreement_rate", "otavio", 85),
)
BALANCE = """
    SELECT COALESCE(SUM(line.balance), 0)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
     WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.date <= %s
       AND account.account_type = 'asset_receivable' AND account.non_trade IS NOT TRUE
"""


def reports(demo):
    """What the night's jobs compute, and what a manager sets once."""
    env, company = demo.env, demo.company
    users = {user.login: user for user in env["res.users"].search([("share", "=", False)])}
    with freeze_time(f"{demo.today} 15:00:00"):
        for kpi in env["cobranca.kpi"].search([("company_id", "=", company.id)]):
            for code, login, goal in GOALS:
                if kpi.code == code:
                    kpi.write({"user_id": users[login].id, "goal": goal})
        # The forecast first: with the position goes what the dashboards show of it.
        env["cobranca.cash.forecast"]._refresh(company)
        env["cobranca.portfolio.snapshot"]._take_months(company, MONTHS)
        env["cobranca.report.subscription"].with_user(users["nara"]).create(
            {"kind": "board", "frequency": "monthly", "month_day": 5, "user_ids": [(6, 0, users["nara"].ids)]}
        )
        check_reports(demo)


def check_reports(demo):
    """:raise ValueError: with all that is wrong"""
    problems = [*_wrong_positions(demo), *_wrong_revenue(demo), *_wrong_forecast(demo)]
    if problems:
        raise ValueError("the reports of the demo are wrong:\n  " + "\n  ".join(problems))


def _wrong_positions(demo):
    """Each month is there, and is what the books said on its last day."""
    demo.env.flush_all()
    positions = demo.env["cobranca.portfolio.snapshot"].search([("company_id", "=", demo.company.id)], order="month")
    if len(positions) != MONTHS:
        yield f"{len(positions)} monthly positions instead of {MONTHS}"
    for position in positions:
        demo.env.cr.execute(BALANCE, [demo.company.id, position.date])
        balance = Decimal(f"{demo.env.cr.fetchone()[0]:.2f}")
        said = Decimal(f"{position.amount_open:.2f}")
        unused = Decimal(f"{position.amount_credit:.2f}")
        if balance != said + unused or position.difference:
            yield f"{position.month:%m/%Y}: {said} open and {unused} unused, {balance} in the books"
        bands = dict.fromkeys(("due", "original"), 0)
        for band in position.band_ids:
            bands[band.basis] += Decimal(f"{band.amount:.2f}")
        if set(bands.values()) != {said}:
            yield f"{position.month:%m/%Y}: bands of {bands} instead of {said}"
    if not all(position.sales > 0 and position.received > 0 for position in positions):
        yield "a month without sales, or in which nobody paid"


def _wrong_revenue(demo):
    """Each month begins with what the one before ended with."""
    names = ("opening", "new", "reactivation", "expansion", "contraction", "churn", "closing")
    Report = demo.env["cobranca.mrr.report"]
    domain = [("company_id", "=", demo.company.id)]
    found = Report._read_group(domain, ["month:month"], [f"{name}:sum" for name in names])
    before = None
    for month, opening, new, again, more, less, gone, closing in sorted(found):
        if round(opening + new + again + more - abs(less) - abs(gone) - closing, 2):
            yield f"recurring revenue of {month}: does not add up to {closing}"
        if before is not None and round(opening - before, 2):
            yield f"recurring revenue of {month}: begins with {opening} instead of {before}"
        before = closing
    if len(found) < MONTHS - 1:
        yield f"recurring revenue of {len(found)} months only"


def _wrong_forecast(demo):
    """The forecast was nearer to what came than "paid on the due date and the mean delay"."""
    tests = demo.env["cobranca.cash.forecast.test"].search([("company_id", "=", demo.company.id)])
    error = sum(abs(test.amount_forecast - test.amount_actual) for test in tests)
    simple = sum(abs(test.amount_baseline - test.amount_actual) for test in tests)
    if not tests or error >= simple:
        yield f"the cash forecast was {error:.0f} wrong, the simple one {simple:.0f}"
