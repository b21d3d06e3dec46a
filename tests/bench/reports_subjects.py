"""The measured work of the section `reports`; run by child.py inside Odoo."""

import json
import time
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from bench import report_work
from bench.meter import Growth
from ledger import make_ledger

GROWTH = "MB more at its peak"
TIMES = 3
MONTHS = 12
# How people look at the reports: a list as it opens, and the groups of a pivot as it opens.
LISTS = (
    "cobranca.aging.report",
    "cobranca.customer.report",
    "cobranca.payment.report",
    "cobranca.prescription.report",
    "cobranca.delay.report",
    "cobranca.cohort.report",
    "cobranca.cause.report",
    "cobranca.step.report",
)
PIVOTS = (
    ("cobranca.aging.report", ["original_band"], ["amount_open:sum"]),
    ("cobranca.payment.report", ["paid_on:month"], ["amount:sum", "delay_mean:avg"]),
    ("cobranca.cohort.report", ["month:month", "after"], ["rate:avg"]),
    ("cobranca.prescription.report", ["prescribed_on:month"], ["amount_open:sum"]),
    ("cobranca.delay.report", ["amount_band", "band"], ["delay_median:avg", "title_count:sum"]),
    ("cobranca.cause.report", ["reason_id"], ["amount_overdue:sum", "share:avg"]),
    ("cobranca.step.report", ["policy_id", "level_id"], ["amount_recovered:sum", "recovery_rate:avg"]),
)
DASHBOARDS = ("overview", "months", "ladder", "negotiation", "agencies")
# The plainest way to ask the same: what is open by customer and band, from the tables.
PLAIN = """
    SELECT COALESCE(partner.commercial_partner_id, line.partner_id),
           width_bucket(%(today)s::date - COALESCE(line.date_maturity, line.date), ARRAY[1, 31, 61, 91, 181, 361]),
           SUM(line.amount_residual)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.company_id = %(company)s
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.amount_residual <> 0
       AND line.date <= %(today)s
       AND account.account_type = 'asset_receivable'
       AND account.non_trade IS NOT TRUE
     GROUP BY 1, 2
"""


def fill(env, number):
    """A ledger of so many receivable lines up to today, and what was done about them."""
    make_ledger.fill(env.cr, number)
    report_work.fill(env)


def fill_open(env, number):
    """The same with nothing paid."""
    make_ledger.fill(env.cr, number)
    env.cr.execute("DELETE FROM account_partial_reconcile")
    env.cr.execute(
        """
        UPDATE account_move_line SET amount_residual = balance, amount_residual_currency = balance, reconciled = FALSE
         WHERE display_type = 'payment_term'
        """
    )


def count_lines(env, number):
    env.cr.execute("SELECT count(*) FROM account_move_line WHERE display_type = 'payment_term'")
    return env.cr.fetchone()[0]


def best_of(env, work):
    """:return: ms of the quickest of some times, with nothing in the cache"""
    spent = []
    for _time in range(TIMES):
        env.invalidate_all()
        started = time.monotonic()
        work()
        spent.append(time.monotonic() - started)
    return round(1000 * min(spent), 1)


def plain(env, number):
    """One SQL, as a database administrator would write it."""
    day = {"today": env.company._cobranca_today(), "company": env.company.id}

    def ask():
        env.cr.execute(PLAIN, day)
        env.cr.fetchall()

    return {"ms": best_of(env, ask)}


def age(env, number):
    """Customer by band, as the pivot asks it."""
    Report = env["cobranca.aging.report"]
    return {"ms": best_of(env, lambda: Report._read_group([], ["partner_id", "band"], ["amount_open:sum"]))}


def age_as_of(env, number):
    """The same for a day of half a year ago."""
    Report = env["cobranca.aging.report"]._as_of(env.company._cobranca_today() - timedelta(days=182))
    return {"ms": best_of(env, lambda: Report._read_group([], ["partner_id", "band"], ["amount_open:sum"]))}


def take_positions(env, number):
    """Twelve monthly positions, none of which is there yet."""
    with Growth() as memory:
        env["cobranca.portfolio.snapshot"]._take_months(env.company, MONTHS)
        env.cr.commit()
    return {GROWTH: memory.mb, "positions": env["cobranca.portfolio.snapshot"].search_count([])}


def look(env, number):
    """Lists and pivots as they open.

    :return: ms of each, and of the slowest
    """
    found = time_screens(env, LISTS, PIVOTS)
    for name, work in get_pages(env).items():
        found[name] = best_of(env, work)
    return {**found, "ms": max(found.values())}


def time_screens(env, lists, pivots):
    """What lists and pivots take.

    :param lists: names of models
    :param pivots: (name of a model, groups, measures)
    :return: {what: ms}
    """
    found = {}
    for name in lists:
        Model = env[name]
        fields = [field for field in Model._fields if Model._fields[field].column_type and field != "id"]
        found[name] = best_of(env, lambda Model=Model, fields=fields: Model.search_fetch([], fields, limit=80))
    for name, groups, measures in pivots:
        Model = env[name]
        found[f"{name} by {', '.join(groups)}"] = best_of(
            env, lambda Model=Model, by=groups, of=measures: Model._read_group([], by, of)
        )
    return found


def get_pages(env):
    """What pages show that are neither lists nor pivots."""
    company = env.company
    since = company._cobranca_today().replace(day=1) - relativedelta(months=11)
    delays = env["cobranca.delay.page"].create({"company_id": company.id})
    return {
        "amount and delay, the page": delays._get_values,
        "due months, the page": lambda: env["cobranca.cohort.page"]._get_heat_map(company),
        "shares of the causes": lambda: env["cobranca.cause.report"]._get_shares(company, since),
        "the ladder as a funnel": lambda: env["cobranca.step.report"]._get_funnel(company, company._cobranca_today()),
        "steps beside control groups": lambda: env["cobranca.step.effect.report"].search_fetch([], ["control_count"]),
    }


def open_dashboard(env, number):
    """The data of each dashboard as its route gives them, and what its lists and pivots read.

    :return: ms of each route, of the slowest list or pivot, and of the slowest of all
    """
    env["cobranca.portfolio.snapshot"]._take(env.company, env.company._cobranca_today())
    found, reads = {}, []
    for name in DASHBOARDS:
        dashboard = env.ref(f"cobranca_relatorios.cobranca_dashboard_{name}")
        found[name] = best_of(env, dashboard._get_serialized_readonly_dashboard)
        content = json.loads(dashboard._get_serialized_readonly_dashboard())["snapshot"]
        reads += [best_of(env, work) for work in get_reads(env, content)]
    return {**found, "slowest list or pivot": max(reads), "ms": max(*found.values(), *reads)}


def get_reads(env, content):
    """What the web client asks for the lists and pivots of a spreadsheet."""
    for listed in content["lists"].values():
        Model = env[listed["model"]]
        yield lambda Model=Model, of=listed: Model.search_read(of["domain"], of["columns"], limit=80)
    for pivot in content["pivots"].values():
        groups = [
            ":".join(filter(None, (dimension["fieldName"], dimension.get("granularity"))))
            for dimension in (*pivot["rows"], *pivot["columns"])
        ]
        measures = [measure["id"] for measure in pivot["measures"]]
        Model = env[pivot["model"]]
        yield lambda Model=Model, of=pivot, by=groups, to=measures: Model._read_group(of["domain"], by, to)


def make_workbook(env, number):
    """The workbook of what is open, all titles in it."""
    choice = env["cobranca.report.export"].create({"kind": "aging"})
    started = time.monotonic()
    with Growth() as memory:
        content = env["cobranca.workbook.aging"]._make(choice)
    seconds = round(time.monotonic() - started, 1)
    return {GROWTH: memory.mb, "KB": len(content) // 1024, "s": seconds}


def prepare_peer(env, number):
    """The same ledger in a database with the peer alone."""
    make_ledger.fill(env.cr, number)


def age_by_peer(env, number):
    """Its aged partner balance over the same accounts, as its window asks for it, without PDF or screen."""
    accounts = env["account.account"].search([("account_type", "=", "asset_receivable"), ("non_trade", "=", False)])
    wizard = env["aged.partner.balance.report.wizard"].create({"account_ids": [(6, 0, accounts.ids)]})
    data = wizard._prepare_report_data()
    data["date_at"] = str(data["date_at"])
    Report = env["report.account_financial_report.aged_partner_balance"]
    started = time.monotonic()
    Report._get_report_values(wizard.ids, data)
    return {"ms": round(1000 * (time.monotonic() - started))}
