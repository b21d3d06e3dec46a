import re
from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError

from .common import ReportCommon


@freeze_time("2026-06-19 15:00:00")
class TestOverview(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Overview = cls.env["cobranca.overview"].with_user(cls.supervisor)

    def page(self, company=None, **context):
        self.env.flush_all()
        self.env.invalidate_all()
        overview = self.Overview.with_context(**context).browse((company or self.company).id)
        return html.fromstring(overview.page)

    def texts(self, page, selector):
        return [" ".join(found.text_content().split()) for found in page.find_class(selector)]

    def open(self):
        return self.Overview._open()

    def test_a_company_without_a_ledger_gets_a_friendly_page(self):
        self.assertIn("No figures yet", self.page().text_content())
        self.open()
        page = self.page()
        self.assertEqual(self.texts(page, "o_cobranca_card_value"), [])
        self.assertIn("No figures yet", page.text_content())

    def test_a_company_where_nothing_is_open(self):
        title = self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 100)
        self.ledger.pay(title, date(2026, 6, 10), 100)
        self.open()
        page = self.page()
        self.assertEqual(len(self.texts(page, "o_cobranca_card_value")), 6)
        self.assertIn("Nothing stands out", page.text_content())

    def test_opening_takes_the_figures_of_the_day(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 100)
        action = self.open()
        self.assertEqual((action["res_model"], action["res_id"]), ("cobranca.overview", self.company.id))
        self.assertEqual(self.texts(self.page(), "o_cobranca_card_value")[0], "R$ 100.00")
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 50)
        self.open()
        self.assertEqual(self.texts(self.page(), "o_cobranca_card_value")[0], "R$ 100.00")
        self.Overview.browse(self.company.id).action_refresh()
        self.assertEqual(self.texts(self.page(), "o_cobranca_card_value")[0], "R$ 150.00")

    def test_all_of_the_page_is_of_one_computation(self):
        customers = self.env["res.partner"].create([{"name": f"Cliente {n}"} for n in range(8)])
        for number, customer in enumerate(customers):
            self.ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 9000 if number < 3 else 1000)
        self.ledger.invoice(customers[0], date(2026, 6, 1), date(2026, 6, 30), 5000)
        self.open()
        page = self.page()
        self.assertEqual(self.texts(page, "o_cobranca_card_value")[:2], ["R$ 32.0 thousand", "86.5 %"])
        rows = {row[0]: row[2:4] for row in self.rows(page)}
        self.assertEqual(rows["61–90 days"], ["32,000", "86.5 %"])
        self.assertEqual(rows["Not due"], ["5,000", "13.5 %"])
        self.assertIn("3 customers make R$ 27.0 thousand of R$ 32.0 thousand", " ".join(page.text_content().split()))

    def rows(self, page):
        [body] = page.xpath("(//table)[1]/tbody")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in body]

    def test_every_link_leads_to_an_action_that_the_reader_may_open(self):
        customers = self.env["res.partner"].create([{"name": f"Cliente {n}"} for n in range(8)])
        for number, customer in enumerate(customers):
            self.ledger.invoice(customer, date(2026, 3, 1), date(2026, 4, 1), 9000 if number < 3 else 1000)
        self.open()
        links = [link.get("href") for link in self.page().iter("a")]
        self.assertGreater(len(links), 15)
        for link in links:
            if path := re.fullmatch(r"/odoo/([a-z-]+)/(\d+)", link):
                self.assert_opens_record(*path.groups())
                continue
            record, xmlid = link.removeprefix("/odoo/").rpartition("/")[0], link.partition("action-")[2]
            action = self.env.ref(xmlid)
            if action.type == "ir.actions.server":
                action = action.with_user(self.supervisor).with_context(active_id=int(record), active_ids=[int(record)])
                window = action.run()
                self.env[window["res_model"]].with_user(self.supervisor).search_count(window["domain"])
            else:
                self.assertFalse(record)

    def assert_opens_record(self, path, record):
        """The address of a record of an action that has a path of its own."""
        action = self.env["ir.actions.act_window"].search([("path", "=", path)])
        self.assertTrue(self.env[action.res_model].with_user(self.supervisor).search_count([("id", "=", int(record))]))

    def test_an_agreement_does_not_cure_the_delay_on_the_page(self):
        old = self.ledger.invoice(self.customer, date(2026, 1, 1), date(2026, 1, 31), 100)
        self.open()
        self.assertNotIn("Originally", self.page().text_content())
        self.ledger.agree([old], date(2026, 6, 18), [(date(2026, 7, 25), 100)])
        self.Overview.browse(self.company.id).action_refresh()
        page = self.page()
        rows = {row[0]: (row[2], row[4]) for row in self.rows(page)}
        self.assertEqual((rows["Not due"], rows["91–180 days"]), (("100", "0"), ("0", "100")))

    def test_each_company_has_its_page(self):
        company, ledger = self.make_second_company()
        ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 70)
        self.Overview.with_company(company)._open()
        both = {"allowed_company_ids": [self.company.id, company.id]}
        self.assertEqual(self.texts(self.page(company, **both), "o_cobranca_card_value")[0], "R$ 70.00")
        with self.assertRaises(AccessError):
            self.page(company, allowed_company_ids=self.company.ids)

    def test_collectors_have_no_overview(self):
        Overview = self.env["cobranca.overview"].with_user(self.collector)
        with self.assertRaises(AccessError):
            Overview._open()
        with self.assertRaises(AccessError):
            Overview.browse(self.company.id).action_refresh()
