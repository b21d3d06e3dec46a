import threading

from freezegun import freeze_time

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .crawler_common import ABSURD, BROKEN, FOREIGN, INSIDERS, OUTSIDERS, OWN, CrawlerCommon

QUIET = ("odoo.http", "odoo.addons.base.models.ir_http", "odoo.addons.base.models.ir_rule")
QUIET += ("odoo.addons.base.models.ir_model", "odoo.sql_db")
CONTROLLERS = "odoo.addons.cobranca_relatorios.controllers."
LEAVE = "/cobranca/relatorios/sair"
SUMMARY = "cobranca_relatorios.report_summary"
DASHBOARDS = ("overview", "negotiation", "agencies")
TEXTS = ("abc", "x" * 300, "'; DROP TABLE res_partner; --")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 15:00:00")
class TestReportsRoutes(CrawlerCommon):
    """Every address of the reports, asked by everybody for everything: of one's own company, or nothing."""

    def numbers(self, *records):
        """Ids as they stand in addresses: of these, and of nothing."""
        return [f"{record.id}" for record in records] + [f"{number}" for number in ABSURD] + ["999999", *TEXTS]

    def visit(self, login, path, known=(200, 303, 400, 403, 404), **kwargs):
        """What a persona gets at an address: never a failure of the program, never what is not his."""
        answer = self.ask(path, **kwargs)
        self.assertIn(answer.status_code, known, f"{login} {path} {answer.text[-300:]}")
        for canary in BROKEN:
            self.assertNotIn(canary, answer.text, f"{login} {path}")
        self.assert_blind(login, answer.text, path)
        return answer

    def absurd(self, login):
        """Addresses of nothing, in full for one persona of each kind: what refuses the others is the same."""
        return self.numbers() if login in (None, "collector", "manager") else self.numbers()[:1]

    # --- leaving a subscription ---

    def test_the_crawler_knows_all_routes(self):
        threading.current_thread().dbname = self.env.cr.dbname
        rules = self.env["ir.http"].routing_map().iter_rules()
        ours = {rule.rule for rule in rules if rule.endpoint.func.__module__.startswith(CONTROLLERS)}
        self.assertEqual(ours, {f"{LEAVE}/<int:subscription_id>/<string:token>"})

    def tokens(self, book):
        """Of the reader inside, of the one outside, of another subscription, forged, and none."""
        own = book.subscription
        other = (self.foreign if book is self.own else self.own).subscription
        inside = own._get_leave_token(f"u{book.user.id}")
        outside = own._get_leave_token(f"a{own.sudo().outside_emails}")
        stranger = other._get_leave_token(f"u{book.user.id}")
        return (inside, outside), (stranger, f"{inside[:-1]}x", inside.upper(), "0", "%00", *TEXTS)

    @mute_logger(*QUIET)
    def test_links_of_mails(self):
        """Good for one reader of one subscription, signed in or not; and nothing is left by looking."""
        before = self.content("cobranca.report.subscription")
        for login in (None, "portal_customer", "internal", "stranger"):
            self.authenticate(login, login)
            for book in (self.own, self.foreign):
                good, bad = self.tokens(book)
                for token in good:
                    # Who has the link of somebody is that one for this page: it names company and kind.
                    answer = self.ask(f"{LEAVE}/{book.subscription.id}/{token}")
                    self.assertEqual(answer.status_code, 200, login)
                    self.assertIn(book.company.name, answer.text)
                for token in bad:
                    self.visit(login, f"{LEAVE}/{book.subscription.id}/{token}", known=(404,))
            for number in self.absurd(login):
                self.visit(login, f"{LEAVE}/{number}/{good[0]}", known=(404,))
        self.assertEqual(self.content("cobranca.report.subscription"), before)

    @mute_logger(*QUIET)
    def test_forms_of_links(self):
        good, bad = self.tokens(self.own)
        before = self.content("cobranca.report.subscription")
        for login in (None, "portal_customer", "internal", "stranger"):
            self.authenticate(login, login)
            token = {"csrf_token": http.Request.csrf_token(self)}
            for code in bad:
                self.visit(login, f"{LEAVE}/{self.own.subscription.id}/{code}", known=(404,), data=token)
            for number in self.numbers(self.foreign.subscription):
                self.visit(login, f"{LEAVE}/{number}/{good[0]}", known=(404,), data=token)
            answer = self.ask(f"{LEAVE}/{self.own.subscription.id}/{good[0]}", data={"x": "1"})
            self.assertEqual(answer.status_code, 400, "no form without the page")
        self.assertEqual(self.content("cobranca.report.subscription"), before)
        self.assertEqual(self.ask(f"{LEAVE}/{self.own.subscription.id}/{good[0]}", data=token).status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(self.own.subscription.user_ids, "the positive control")

    # --- papers, files, dashboards ---

    @mute_logger(*QUIET)
    def test_papers(self):
        places = [(self.own, self.ids["cobranca.portfolio.snapshot"][0][0])]
        places.append((self.foreign, self.ids["cobranca.portfolio.snapshot"][1][0]))
        for login in (*OUTSIDERS, *INSIDERS):
            self.authenticate(login, login)
            for kind in ("html", "pdf"):
                for book, number in places:
                    answer = self.ask(f"/report/{kind}/{SUMMARY}/{number}")
                    is_own = login in INSIDERS and INSIDERS[login] != {self.own: OWN, self.foreign: FOREIGN}[book]
                    self.assertEqual(answer.status_code == 200, is_own, f"{login} {kind} {book.mark}")
                    self.assertNotEqual(answer.status_code, 500, f"{login} {kind} {book.mark}")
                    self.assert_blind(login, answer.text, f"{kind} {book.mark}")
            for number in self.absurd(login):
                self.visit(login, f"/report/html/{SUMMARY}/{number}")

    @mute_logger(*QUIET)
    def test_files(self):
        """Of the reports that were made: for who asked, and for managers of that company."""
        places = {"manager": self.own, "stranger": self.foreign}
        for login in (*OUTSIDERS, *INSIDERS):
            self.authenticate(login, login)
            for book in (self.own, self.foreign):
                file = book.job.sudo().attachment_id
                status = 200 if places.get(login) == book else 404
                for path in (
                    f"/web/content/{file.id}",
                    f"/web/content/cobranca.report.job/{book.job.id}/attachment_id",
                    f"/web/image/{file.id}",
                ):
                    answer = self.ask(path)
                    if "web/content/" in path and "job" not in path:
                        self.assertEqual(answer.status_code, status, f"{login} {path}")
                    self.assertNotEqual(answer.status_code, 500, f"{login} {path}")
                    if places.get(login) != book:
                        self.assertFalse(answer.content.startswith(b"PK"), f"{login} {path}")
            for number in self.absurd(login):
                self.visit(login, f"/web/content/cobranca.report.job/{number}/name")

    @mute_logger(*QUIET)
    def test_nothing_by_forms(self):
        """What is for looking at takes no form, or takes it as a look."""
        paths = (
            f"/report/html/{SUMMARY}/{self.ids['cobranca.portfolio.snapshot'][0][0]}",
            f"/web/content/{self.own.job.sudo().attachment_id.id}",
            f"/spreadsheet/dashboard/data/{self.env.ref('cobranca_relatorios.cobranca_dashboard_overview').id}",
        )
        for login in (*OUTSIDERS, "stranger"):
            self.authenticate(login, login)
            token = {"csrf_token": http.Request.csrf_token(self)}
            for path in paths:
                for data in ({"x": "1"}, token):
                    answer = self.ask(path, data=data)
                    self.assertNotEqual(answer.status_code, 500, f"{login} {path}")
                    self.assert_blind(login, answer.text, f"{login} {path}")
                    self.assertFalse(answer.content.startswith(b"PK"), f"{login} {path}")

    @mute_logger(*QUIET)
    def test_dashboards(self):
        sheets = [self.env.ref(f"cobranca_relatorios.cobranca_dashboard_{name}") for name in DASHBOARDS]
        for login in (*OUTSIDERS, *INSIDERS):
            self.authenticate(login, login)
            for sheet in sheets:
                answer = self.visit(login, f"/spreadsheet/dashboard/data/{sheet.id}")
                self.assertEqual(answer.status_code == 200, login in INSIDERS, f"{login} {sheet.name}")
            # Odoo takes -1 for 1 here.
            for number in set(self.absurd(login)) - {"-1"}:
                answer = self.visit(login, f"/spreadsheet/dashboard/data/{number}")
                self.assertNotEqual(answer.status_code, 200, f"{login} {number}")
