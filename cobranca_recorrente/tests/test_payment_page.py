from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.models.ir_actions_report import ON, PRINTING

from .link_common import ATTACK, ODD, LinkCommon
from .record_common import TODAY

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
ROBOTS = ("", "WhatsApp/2.24.1 A", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
LOGIN = "portal_ana"


@tagged("post_install", "-at_install")
class TestPaymentPage(LinkCommon):
    """What is paid is chosen on the page and computed on the server; only people leave anything behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_portal_user(LOGIN, cls.customer)
        cls.Quote = cls.env["cobranca.payment.quote"]

    def quotes(self):
        return self.Quote.search([("partner_id", "=", self.customer.id)], order="id")

    def own(self, query=""):
        return self.url_open(f"/my/pagamentos{query}").text

    def log_in(self):
        self.authenticate(LOGIN, LOGIN)

    def look(self, path, agent, method="GET", **headers):
        return self.opener.request(
            method, self.base_url() + path, headers={"User-Agent": agent, **headers}, allow_redirects=False, timeout=30
        )

    # --- the choice ---

    def test_all_is_chosen_and_reloading_makes_nothing_new(self):
        self.log_in()
        for _time in range(3):
            page = self.own()
            self.assertEqual(page.count('checked="checked"'), 2)
        quote = self.quotes()
        self.assertEqual((len(quote), quote.amount, quote.source), (1, 800.0, "page"))
        self.assertIn("R$\xa0800.00", page)
        self.assertIn("o_cobranca_no_means", page, "without a means: how to reach the company")

    def test_some_are_chosen(self):
        self.log_in()
        page = self.own(f"?escolha=1&pagamento={self.later_line.id}")
        self.assertEqual(page.count('checked="checked"'), 1)
        self.assertEqual(self.quotes().mapped("amount"), [300.0])
        self.assertIn('o_cobranca_total o_cobranca_figure">R$\xa0300.00', page)

    def test_none_is_chosen(self):
        self.log_in()
        page = self.own("?escolha=1")
        self.assertEqual(page.count('checked="checked"'), 0)
        self.assertNotIn("payments_means", page)
        self.assertFalse(self.quotes())

    def test_a_part(self):
        self.log_in()
        page = self.own("?escolha=1&valor=120,50&" + "&".join(f"pagamento={line}" for line in self.lines().ids))
        quote = self.quotes()
        self.assertEqual((quote.amount, quote.total), (120.5, 800.0))
        self.assertIn("o_cobranca_part", page)
        self.assertIn("R$\xa0120.50", page)

    def lines(self):
        return self.line | self.later_line

    def test_amounts_that_cannot_be_paid(self):
        self.log_in()
        for amount in ("0", "-1", "800,01", "9" * 30, "0,001", "abc-", "2147483648", "NaN"):
            page = self.own(f"?escolha=1&pagamento={self.line.id}&valor={amount}")
            # What holds no figure at all is no amount: all is paid then.
            if any(letter.isdigit() for letter in amount) or "-" in amount:
                self.assertIn("choice_error", page, amount)
                self.assertFalse(self.quotes(), amount)
            self.assertHidden(page)

    def test_lines_of_others_and_odd_ids(self):
        self.log_in()
        for sent in (self.foreign_line.id, 0, 2**31, 2**63, 10**30, "-1", *ODD):
            page = self.opener.get(
                self.base_url() + "/my/pagamentos", params={"escolha": "1", "pagamento": sent}, timeout=30
            )
            self.assertEqual(page.status_code, 200, sent)
            self.assertEqual(page.text.count('checked="checked"'), 0, sent)
            self.assertHidden(page.text, (self.foreign.name, "111.00"))
        self.assertFalse(self.quotes())
        self.assertFalse(self.Quote.search([("partner_id", "=", self.stranger.id)]))

    def test_link_cannot_choose_another_debt(self):
        path = self.path()
        self.enter(path)
        page = self.get(f"{path}?escolha=1&pagamento={self.later_line.id}&pagamento={self.line.id}").text
        self.assertNotIn("300.00", page)
        self.assertEqual(self.quotes()[-1].quote_line_ids.line_id, self.line)

    def test_not_chosen_too_often(self):
        self.log_in()
        for _time in range(200):
            self.Attempt._count("choice", f"{self.company.id}.{self.customer.id}")
        page = self.own(f"?escolha=1&pagamento={self.line.id}")
        self.assertIn("choice_error", page)
        self.assertFalse(self.quotes())
        self.assertNotIn("choice_error", self.own(), "all that is open can still be paid")
        self.assertEqual(self.quotes().amount, 800.0)

    def test_what_he_says_is_paid_is_not_chosen(self):
        self.Claim._record(self.line, TODAY, "pix")
        self.log_in()
        page = self.own()
        self.assertEqual(page.count('checked="checked"'), 1)
        self.assertEqual(self.quotes().amount, 300.0)

    # --- people and programs ---

    def test_programs_leave_nothing_behind(self):
        self.company.cobranca_link_asks_document = False
        path = self.path()
        self.authenticate(None, None)
        for agent in ROBOTS:
            answer = self.look(path, agent)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("o_cobranca_ask", answer.text, agent)
        self.assertEqual(self.look(path, PHONE, "HEAD").status_code, 200)
        self.assertEqual(self.look(path, PHONE, **{"Sec-Purpose": "prefetch"}).status_code, 200)
        self.assertFalse(self.quotes())
        self.assertNotIn("o_cobranca_ask", self.look(path, PHONE).text)
        self.assertEqual(len(self.quotes()), 1)

    def test_who_asks_for_the_means_is_a_person(self):
        self.company.cobranca_link_asks_document = False
        path = self.path(self.lines())
        self.authenticate(None, None)
        self.get(path)
        self.assertFalse(self.quotes())
        answer = self.post(f"{path}/pagar", escolha="1", pagamento=f"{self.line.id}", valor="10")
        self.assertEqual(answer.status_code, 303)
        where = answer.headers["Location"]
        self.assertTrue(where.endswith(f"{path}?escolha=1&pagamento={self.line.id}&valor=10#payments_means"), where)
        self.get(where.partition("#")[0].replace(self.base_url(), ""))
        self.assertEqual(self.quotes().mapped("amount"), [10.0])

    @mute_logger("odoo.http")
    def test_means_are_asked_for_by_the_page_only(self):
        path = self.path()
        self.enter(path)
        for suffix in ("/pagar", "/outro-dia", "/duvida"):
            answer = self.post(path + suffix, csrf=False, pagamento=f"{self.line.id}", quando="2026-11-24")
            self.assertEqual(answer.status_code, 400, suffix)
        self.assertFalse(self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)]))

    # --- means ---

    def test_means_in_their_order_with_their_values(self):
        view = self.env["ir.ui.view"].create(
            {
                "name": "mean",
                "type": "qweb",
                "key": "cobranca_recorrente.mean_of_test",
                "arch": '<t t-name="mean_of_test"><p class="mean" t-out="one" /><a t-att-href="path" /></t>',
            }
        )
        self.env["ir.model.data"].create(
            {"module": "cobranca_recorrente", "name": "mean_of_test", "model": "ir.ui.view", "res_id": view.id}
        )
        means = [
            {"code": "b", "sequence": 20, "template": view.key, "values": {"one": "<b>second"}},
            {"code": "a", "sequence": 10, "template": view.key, "values": {"one": "first"}},
        ]
        seen = []

        def get_means(_self, quote, values):
            seen.append((quote.amount, values["path"], values["is_link"]))
            return means

        self.log_in()
        with patch.object(type(self.env["cobranca.payment.method"]), "_get_means", get_means):
            page = self.own()
        self.assertEqual(seen, [(800.0, "/my/pagamentos", False)])
        self.assertLess(page.index('<p class="mean">first</p>'), page.index('<p class="mean">&lt;b&gt;second</p>'))
        self.assertNotIn("o_cobranca_no_means", page)

    # --- words ---

    def test_due_on_a_holiday_with_discount(self):
        terms = {"fine_percent": 2.0, "interest_percent": 1.0, "discount_ids": [(0, 0, {"percent": 5.0})]}
        policy = self.env["cobranca.charge.policy"].create(
            {"name": "Test", "audience": "all", "version_ids": [(0, 0, terms)]}
        )
        self.charge_by(policy)
        self.make_invoice(190.0, "2026-11-20", invoice_date="2026-11-05")
        self.log_in()
        page = self.own()
        self.assertIn("Falls due tomorrow, 20/11. It is a holiday: pay until Monday, 23/11, without any charge.", page)
        self.assertIn("R$\xa09.50", page)
        self.assertIn("R$\xa0180.50", page)
        self.assertIn("o_cobranca_tomorrow", page)
        self.assertIn("After the due date a fine of 2 % and interest of 1 % a month are charged.", page)
        with self.on(date(2026, 11, 23)):
            self.log_in()
            self.assertIn("Was due on 20/11. It is a holiday: pay until Monday, 23/11, without any charge.", self.own())
        with self.on(date(2026, 11, 24)):
            self.log_in()
            self.assertIn("Was due on 11/20/2026", self.own())

    def test_the_page_shows_what_the_quote_says(self):
        self.charge_by(self.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        self.log_in()
        page = self.own()
        quote = self.quotes()
        self.assertGreater(quote.total, 800)
        self.assertIn(f'o_cobranca_figure">{self.company.currency_id.format(quote.total)}', page)

    def test_what_was_paid(self):
        self.pay(self.invoice, 500.0, TODAY)
        path = self.path()
        page = self.enter(path)
        self.assertIn("o_cobranca_settled", page)
        self.assertIn(f"/recibo/{self.line.id}", page)
        answer = self.get(f"{path}/recibo/{self.line.id}")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        for other in (self.later_line.id, self.foreign_line.id, 0, 2**31, 2**63):
            self.assertEqual(self.get(f"{path}/recibo/{other}").status_code, 404, other)
        self.pay(self.later, 300.0, TODAY)
        self.assertEqual(self.get(f"{path}/recibo/{self.later_line.id}").status_code, 404, "not of this link")
        self.log_in()
        self.assertEqual(self.url_open(f"/my/pagamentos/recibo/{self.later_line.id}").status_code, 200)

    def test_charges_are_told_with_their_debt(self):
        self.charge_by(self.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        cost = float(self.line._cobranca_get_debts(TODAY)[self.line].total)
        self.assertGreater(cost, 500)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        register.create({"payment_date": TODAY, "amount": cost})._create_payments()
        Page = self.env["cobranca.debt.page"]
        rows = Page._prepare_paid(Page._get_paid(self.company, self.customer))
        self.assertEqual([row["amount"] for row in rows], [self.company.currency_id.format(cost)])

    def test_what_was_waived_is_on_no_receipt(self):
        self.charge_by(self.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        waived = self.env["cobranca.charge"].with_user(self.supervisor)._waive_accrued(self.line, TODAY, "Acordo")
        self.assertTrue(waived)
        self.pay(self.invoice, 500.0, TODAY)
        receipt = self.env["cobranca.debt.page"]._prepare_receipt(self.company, self.customer, self.line)
        self.assertEqual(receipt["total"], "R$\xa0500.00")

    def test_words_of_a_receipt(self):
        self.charge_by(self.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        self.pay(self.invoice, 500.0, TODAY)
        Page = self.env["cobranca.debt.page"]
        receipt = Page._prepare_receipt(self.company, self.customer, self.line)
        self.assertEqual(receipt["document"], "***.982.247-**")
        self.assertEqual([row["amount"] for row in receipt["rows"]], ["R$\xa0500.00"])
        self.assertEqual((receipt["name"], receipt["what"]), (self.invoice.name, "Fee"))
        report = self.env["ir.actions.report"].with_context(lang="en_US", **{PRINTING: ON})
        name = "cobranca_recorrente.action_report_payment_receipt"
        self.customer.name = ATTACK
        receipt = Page._prepare_receipt(self.company, self.customer, self.line)
        page = report._render_qweb_html(name, self.line.ids, data={"receipt": receipt})[0].decode()
        self.assertIn('class="article page"', page, "without it the PDF has no encoding")
        self.assertIn("&lt;img src=x", page)
        self.assertNotIn("<img src=x", page)
