from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError

from .common import ReportCommon
from .work_writer import WorkWriter

MODELS = (
    "cobranca.step.report",
    "cobranca.step.effect.report",
    "cobranca.promise.report",
    "cobranca.agreement.report",
    "cobranca.agreement.installment.report",
    "cobranca.collector.report",
    "cobranca.retention.report",
    "cobranca.agency.performance",
)


@freeze_time("2026-06-30 15:00:00")
class TestWorkAccess(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second, ledger = cls.make_second_company()
        for writer in (cls.ledger, ledger):
            cls.write_one_of_each(writer)

    @classmethod
    def write_one_of_each(cls, ledger):
        """A row in each report of a company."""
        work = WorkWriter(ledger)
        [level] = work.make_levels([5])
        partner = cls.customer

        def title():
            return ledger.invoice(partner, date(2026, 1, 1), date(2026, 1, 10), 100)

        work.step(title(), level, date(2026, 1, 15), is_control=True)
        work.promise(title(), date(2026, 2, 1), date(2026, 2, 5), date(2026, 2, 5), 100, cls.collector)
        ledger.agree([title()], date(2026, 2, 1), [(date(2026, 3, 1), 100)])
        work.contact(partner, datetime(2026, 2, 1, 15), cls.collector)
        ledger.pay(title(), date(2026, 2, 20), 100)
        agency = work.make_agency(f"Acerto {ledger.company.id}")
        work.receive(work.place(agency, partner, date(2026, 2, 1), 100), date(2026, 2, 9), 50, 5)

    def test_supervisors_read_each_column_of_each_report(self):
        for name in MODELS:
            with self.subTest(name):
                self.assertTrue(self.env[name].with_user(self.supervisor).search_read([]))

    def test_each_company_sees_its_own(self):
        for name in MODELS:
            with self.subTest(name):
                Report = self.env[name].with_user(self.supervisor)
                other = Report.with_context(allowed_company_ids=self.second.ids).search([])
                self.assertEqual(other.company_id, self.second)
                both = Report.with_context(allowed_company_ids=[self.company.id, self.second.id]).search([])
                self.assertEqual(both.company_id, self.company | self.second)
                self.assertEqual(len(set(both.ids)), len(both))

    def test_rules_confine_what_queries_find(self):
        """A query for both companies shows a user of one of them no more than that one."""
        self.supervisor.company_ids = self.company
        for name in MODELS:
            with self.subTest(name):
                Report = self.env[name].with_context(allowed_company_ids=[self.company.id, self.second.id])
                rows = Report.sudo().search([])
                self.assertIn(self.second, rows.company_id)
                with self.assertRaises(AccessError):
                    Report.with_user(self.supervisor).search([])

    def test_collectors_read_none(self):
        for name in MODELS:
            with self.subTest(name):
                self.assertFalse(self.env[name].with_user(self.collector).has_access("read"))

    def test_screens_show_their_figures(self):
        """Each action of the menu opens, and each measure of its pivot can be summed."""
        menus = self.env.ref("cobranca_relatorios.cobranca_report_work_menu").child_id
        actions = [menu.action for menu in menus if menu.action.res_model in MODELS]
        self.assertEqual({action.res_model for action in actions}, set(MODELS))
        for action in actions:
            with self.subTest(action.name):
                Report = self.env[action.res_model].with_user(self.supervisor)
                views = Report.get_views([(view, kind) for view, kind in action.views], {"toolbar": False})
                self.assertEqual(set(views["views"]), set(action.view_mode.split(",")))
                fields = Report.fields_get()
                measures = [name for name, field in fields.items() if field.get("aggregator") and name != "id"]
                sums = [f"{name}:{fields[name]['aggregator']}" for name in measures]
                self.assertTrue(Report.formatted_read_group([], ["company_id"], sums))
