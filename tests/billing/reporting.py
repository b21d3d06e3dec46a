"""What the tests of reports add inside of a worker (see `Worker.inject`): calls with ids instead of records."""

import time
from datetime import timedelta

from odoo.addons.cobranca_relatorios.models.cobranca_cash_forecast import CobrancaCashForecast
from odoo.addons.cobranca_relatorios.models.cobranca_portfolio_snapshot import CobrancaPortfolioSnapshot
from odoo.addons.cobranca_relatorios.models.cobranca_report_job import CobrancaReportJob
from odoo.addons.cobranca_relatorios.models.cobranca_report_subscription import CobrancaReportSubscription
from odoo.addons.cobranca_relatorios.models.cobranca_workbook_aging import CobrancaWorkbookAging
from odoo.addons.cobranca_relatorios.tests.ledger_writer import LedgerWriter


def add_to_reports():
    """Give the reports methods that a test can call from another process."""
    CobrancaReportSubscription.make_for_test = make_subscription
    CobrancaReportSubscription.send_for_test = send
    CobrancaReportJob.make_for_test = make_job
    CobrancaPortfolioSnapshot.write_for_test = write_titles
    CobrancaPortfolioSnapshot.take_for_test = take
    CobrancaPortfolioSnapshot.hold_for_test = hold
    CobrancaPortfolioSnapshot.left_for_test = left
    CobrancaCashForecast.refresh_for_test = refresh


def make_slow(seconds=600):
    """Let the workbook take long, by itself so long that the process can be stopped in it."""
    fill = CobrancaWorkbookAging._fill

    def slowly(self, book, choice):
        fill(self, book, choice)
        time.sleep(seconds)

    CobrancaWorkbookAging._fill = slowly


def make_manager(env):
    groups = [(4, env.ref("cobranca_recorrente.cobranca_group_manager").id)]
    values = {"name": "Marta", "email": "marta@example.com", "group_ids": groups, "company_id": env.company.id}
    return env["res.users"].create({**values, "login": f"marta{env['res.users'].search_count([])}"})


def make_subscription(self):
    """A subscription that is due, with all that sending needs.

    :return: its id
    """
    env = self.env
    env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
    env.company.email = "cobranca@example.com"
    manager = make_manager(env)
    values = {"kind": "aging", "month_day": 28, "lang": "en_US", "user_ids": [(4, manager.id)], "owner_id": manager.id}
    subscription = self.create(values)
    subscription.next_date = env.company._cobranca_today()
    return subscription.id


def send(self):
    self._send_due()
    return self.next_date.isoformat()


def make_job(self):
    """A file that waits.

    :return: its id
    """
    manager = make_manager(self.env)
    choice = self.env["cobranca.report.export"].with_user(manager).create({"kind": "aging"})
    return choice.env["cobranca.report.job"]._request(choice).id


def write_titles(self):
    """Titles of a customer, late and not due, as positions and forecasts are made of them."""
    company = self.env.company
    today = company._cobranca_today()
    partner = self.env["res.partner"].create({"name": "Ana"})
    ledger = LedgerWriter(self.env, company)
    for days in (-40, -10, 20):
        due = today + timedelta(days=days)
        ledger.invoice(partner, due - timedelta(days=30), due, 100)
    return len(company)


def take(self):
    """The position of the running month, as buttons take it."""
    return self._take(self.env.company, self.env.company._cobranca_today()).id


def hold(self):
    """As another job that takes positions of this company."""
    return self._lock_company(self.env.company)


def left(self):
    """:return: months of this company whose position is to be taken"""
    return self._get_months_to_take(self.env.company)


def refresh(self):
    return self._refresh(self.env.company).id
