from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .bare_company import make_bare_company
from .common import ReportCommon


@freeze_time("2026-06-30 15:00:00")
class TestAgingChoose(ReportCommon):
    def choose(self, day=None):
        form = Form(self.env["cobranca.aging.choose"].with_user(self.supervisor))
        if day:
            form.day = day
        return form.save()

    def test_the_report_is_of_the_chosen_day(self):
        title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 100)
        self.ledger.pay(title, date(2026, 6, 10), 100)
        action = self.choose("2026-05-31").action_open()
        self.assertEqual(action["res_model"], "cobranca.aging.report")
        self.assertEqual(action["name"], "Receivables on 05/31/2026")
        rows = self.env[action["res_model"]].with_user(self.supervisor).with_context(**action["context"]).search([])
        self.assertEqual((rows.amount_open, rows.days_late, rows.as_of), (100, 61, date(2026, 5, 31)))

    def test_the_last_month_is_proposed(self):
        self.assertEqual(self.choose().day, date(2026, 5, 31))

    def test_today_may_be_chosen(self):
        self.assertEqual(self.choose("2026-06-30").action_open()["context"]["cobranca_as_of"], "2026-06-30")

    def test_no_day_to_come(self):
        with self.assertRaises(ValidationError):
            self.choose("2026-07-01")

    def test_a_position_opens_its_titles(self):
        company, ledger = make_bare_company(self.env, self.supervisor)
        ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 70)
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 30)
        position = self.env["cobranca.portfolio.snapshot"]._take(self.company, date(2026, 5, 31))
        action = position.with_user(self.supervisor).action_open_titles()
        report = self.env[action["res_model"]].with_user(self.supervisor)
        report = report.with_context(**action["context"], allowed_company_ids=[self.company.id, company.id])
        self.assertEqual(report.search(action["domain"]).mapped("amount_open"), [30])

    def test_collectors_do_not_choose(self):
        with self.assertRaises(AccessError):
            self.env["cobranca.aging.choose"].with_user(self.collector).create({"day": "2026-05-31"})
