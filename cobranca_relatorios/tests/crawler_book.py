"""A company of which every report has something to show, in names and amounts that can be told from another's."""

from datetime import date, datetime

from odoo import Command

from .work_writer import WorkWriter

TODAY = date(2026, 6, 30)
LATE, OLD = (date(2026, 3, 1), date(2026, 3, 10)), (date(2025, 5, 1), date(2025, 5, 10))


class CrawlerBook:
    """Writes a row for each report of a company.

    :param ledger: LedgerWriter of the company
    :param str mark: begins each text of the company
    :param amount: of its debts
    :param contract: cobranca.contract, of which it gets a copy
    :param user: res.users, a manager of it
    """

    def __init__(self, ledger, mark, amount, contract, user):
        self.ledger, self.mark, self.amount, self.user = ledger, mark, amount, user
        self.company, self.work = ledger.company, WorkWriter(ledger)
        self.env = ledger.env(context={**ledger.env.context, "allowed_company_ids": self.company.ids})
        self.partner = self.make("res.partner", name=f"{mark} customer", company_id=self.company.id)
        self.contract = contract

    def make(self, model, **values):
        return self.env[model].create(values)

    def fill(self):
        """All that the reports of the company are made of, and the files and mails that come of it."""
        self.write_debts()
        self.write_work()
        self.write_contract()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["cobranca.portfolio.snapshot"]._take_months(self.company, 2)
        self.env["cobranca.portfolio.gap"]._refresh(self.company)
        self.env["cobranca.cash.forecast"]._refresh(self.company)
        self.env["cobranca.kpi"].search([("company_id", "=", self.company.id)]).write(
            {"goal": 1, "user_id": self.user.id}
        )
        self.write_outputs()
        self.env.flush_all()

    def title(self, days=LATE, amount=None):
        return self.ledger.invoice(self.partner, *days, self.amount if amount is None else amount)

    def write_debts(self):
        self.title()
        self.title(OLD)
        self.ledger.pay(self.title((date(2025, 12, 1), date(2025, 12, 10))), date(2026, 1, 31), self.amount)
        self.ledger.pay(self.title((date(2026, 5, 1), date(2026, 5, 10))), date(2026, 6, 3), self.amount)

    def write_work(self):
        [level] = self.work.make_levels([5], name=f"{self.mark} ladder")
        level.name = f"{self.mark} step"
        self.work.step(self.title(), level, date(2026, 3, 15))
        self.work.step(self.title(), level, date(2026, 6, 15))
        self.work.step(self.title(), level, date(2026, 3, 15), is_control=True)
        limit = date(2026, 6, 5)
        self.work.promise(self.title(), date(2026, 6, 1), limit, limit, self.amount, self.user, state="kept")
        dues = [(date(2026, 6, 9), self.amount / 2), (date(2026, 7, 9), self.amount)]
        self.ledger.agree([self.title()], date(2026, 6, 1), dues)
        self.reason = self.make("cobranca.delinquency.reason", name=f"{self.mark} reason")
        self.work.contact(
            self.partner, datetime(2026, 6, 2, 15), self.user, reason_id=self.reason.id, note=f"{self.mark} note"
        )
        self.agency = self.work.make_agency(f"{self.mark} agency")
        placed = self.work.place(self.agency, self.partner, date(2026, 5, 1), self.amount)
        self.work.receive(placed, date(2026, 6, 9), self.amount / 2, 5)

    def write_contract(self):
        """The same contract for this customer, since the year before."""
        self.work.copy_contract(self.contract, self.partner, date(2026, 1, 1), None)
        cr = self.env.cr
        cr.execute("SELECT max(id) FROM cobranca_contract")
        [(contract,)] = cr.fetchall()
        cr.execute("UPDATE cobranca_contract SET company_id = %s WHERE id = %s", [self.company.id, contract])
        [(line,)] = self.ledger._insert(
            "cobranca_contract_line",
            contract_id=contract,
            company_id=self.company.id,
            name=self.mark,
            product_id=self.contract.line_ids.product_id.id,
            recurrence="recurring",
            billing_timing="advance",
            quantity=1,
            price_unit=self.amount,
        )
        return line

    def write_outputs(self):
        """A file that was made, one that failed, a subscription and what of it was sent."""
        own = self.env(user=self.user.id)
        for window in ("cobranca.aging.choose", "cobranca.cohort.page", "cobranca.delay.page"):
            own[window].create({})
        choice = own["cobranca.report.export"].create({"kind": "aging", "company_id": self.company.id})
        self.job, self.failed = (own["cobranca.report.job"]._request(choice) for _time in range(2))
        self.job._make_now()
        self.failed.sudo().write({"state": "failed", "error": f"{self.mark} error"})
        self.subscription = own["cobranca.report.subscription"].create(
            {
                "kind": "aging",
                "company_id": self.company.id,
                "lang": "en_US",
                "user_ids": [Command.set(self.user.ids)],
                "outside_emails": f"{self.mark.split()[0].lower()}@example.com",
                "is_outside_allowed": True,
            }
        )
        self.sending = self.make(
            "cobranca.report.sending",
            subscription_id=self.subscription.id,
            period="2026-06-01",
            state="sent",
            job_id=self.job.id,
        )
