from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from .debt_common import DebtCommon

FORBIDDEN = ("devedor", "inadimpl", "debtor", "delinquent")


@freeze_time("2026-11-21 15:00:00")
@tagged("post_install", "-at_install")
class TestDebtScreen(DebtCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-09-20 15:00:00"):
            cls.invoice = cls.make_invoice("2026-10-05", 1234.56)
        cls.portal_user = new_test_user(cls.env, "portal_ana", "base.group_portal", lang="en_US")
        cls.portal_user.partner_id = cls.customer
        cls.env.flush_all()

    @classmethod
    def make_invoice(cls, due, amount, partner=None):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2026-09-20",
                "invoice_date_due": due,
                "journal_id": cls.company.cobranca_contract_journal_id.id,
                "invoice_line_ids": [Command.create({"product_id": cls.product.id, "price_unit": amount})],
            }
        )
        move.action_post()
        return move

    def text(self, html):
        return " ".join(str(html).split())

    # === INVOICE === #

    def test_amount_of_today_on_the_invoice(self):
        move = self.invoice.with_user(self.collector)
        self.assertTrue(move.cobranca_has_debt)
        self.assertEqual(move.cobranca_debt_total, 1278.59)
        text = self.text(move.cobranca_debt_html)
        for part in (
            "Amount to pay on 11/21/2026",
            "1,278.59",
            "Open amount",
            "1,234.56",
            "24.69",
            "19.34",
            "Due on 10/05/2026: 47 days until 11/21/2026.",
            "Fine of 2 %, once.",
            "Interest of 1 % a month, by days, without interest on interest.",
        ):
            self.assertIn(part, text)
        self.assertNotIn("correction", text)

    def test_form_of_an_invoice(self):
        with Form(self.invoice.with_user(self.supervisor)) as form:
            self.assertIn("1,278.59", form.cobranca_debt_html)

    def test_nothing_on_drafts_bills_and_paid_invoices(self):
        draft = self.invoice.copy()
        self.assertFalse(draft.with_user(self.collector).cobranca_has_debt)
        self.pay(self.invoice.line_ids.filtered(lambda line: line.account_id == self.receivable), 1234.56, "2026-11-20")
        self.assertFalse(self.invoice.with_user(self.collector).cobranca_has_debt)
        self.assertEqual(self.invoice.cobranca_debt_total, 0)

    def test_moved_due_date_and_discount_in_words(self):
        policy = self.make_policy("all", discount_ids=[Command.create({"days_before": 0, "percent": 5})])
        self.give(self.business, policy)
        sunday = self.make_invoice("2026-11-22", 100, self.business).with_user(self.collector)
        shown = sunday._cobranca_get_debt_page(date(2026, 11, 23))
        self.assertEqual((shown["amount"], shown["has_more"]), (95.0, True))
        self.assertIn("no business day: paid on 11/23/2026 nothing is charged", shown["lines"][0]["sentences"][0])
        shown = sunday._cobranca_get_debt_page(date(2026, 11, 25))
        self.assertEqual(shown["amount"], 102.07)
        self.assertIn("counted from 11/23/2026: 2 days", shown["lines"][0]["sentences"][0])

    # === SIMULATION === #

    def simulate(self, record):
        action = record.with_user(self.collector).action_cobranca_simulate()
        return Form(self.env["cobranca.debt.simulate"].with_user(self.collector).with_context(**action["context"]))

    def test_simulate_an_invoice(self):
        form = self.simulate(self.invoice)
        self.assertEqual(form.date, date(2026, 11, 21))
        self.assertIn("1,278.59", form.explanation)
        form.date = date(2026, 12, 1)
        self.assertIn("1,282.71", self.text(form.explanation))
        form.date = date(2026, 9, 1)
        self.assertIn("Nothing is open", form.explanation)

    def test_simulate_a_customer(self):
        self.make_invoice("2026-12-05", 100)
        self.post_lines(date(2026, 11, 1), [(self.customer, 40, date(2026, 11, 1))], sign=-1)
        text = self.text(self.simulate(self.customer).explanation)
        for part in ("1,378.59", "1,278.59", self.invoice.name, "40.00", "favour is not used yet"):
            self.assertIn(part, text)
        self.assertIn("Nothing is open", self.simulate(self.business).explanation)

    def test_own_simulations_only(self):
        form = self.simulate(self.invoice)
        wizard = form.save()
        with self.assertRaises(AccessError):
            wizard.with_user(self.supervisor).read(["date"])

    # === PORTAL === #

    def page(self):
        response = self.url_open(self.invoice.get_portal_url())
        self.assertEqual(response.status_code, 200)
        return self.text(response.text)

    def test_page_of_the_customer(self):
        self.authenticate("portal_ana", "portal_ana")
        page = self.page()
        for part in ('id="cobranca_debt"', "Amount to pay on 11/21/2026", "1,278.59", "47 days until 11/21/2026"):
            self.assertIn(part, page)
        block = page[page.index('id="cobranca_debt"') :][:3000].lower()
        for word in FORBIDDEN:
            self.assertNotIn(word, block)

    def test_page_by_its_link(self):
        self.assertIn("1,278.59", self.page())

    def test_page_of_who_is_not_late(self):
        with freeze_time("2026-10-05 15:00:00"):
            self.authenticate("portal_ana", "portal_ana")
            self.assertNotIn("cobranca_debt", self.page())

    def test_the_customer_reaches_no_field(self):
        move = self.invoice.with_user(self.portal_user)
        for name in ("cobranca_debt_html", "cobranca_debt_total", "cobranca_interruption_date"):
            with self.assertRaises(AccessError):
                move.read([name])
        with self.assertRaises(AccessError):
            self.default_policy.with_user(self.portal_user).read(["name"])
