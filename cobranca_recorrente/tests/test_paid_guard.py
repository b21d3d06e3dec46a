from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import CPF, OTHER_CPF
from .debt_common import CNPJ
from .paid_common import TODAY, PaidCommon


@tagged("post_install", "-at_install")
class TestPaidGuard(PaidCommon):
    """Which late lines wait because money fits them, and which do not."""

    def test_nothing_waits_without_a_reason(self):
        self.assertWaits(None)

    def test_money_of_nobody_known(self):
        for amount, reason in ((318.0, "probably_paid"), (318.02, "probably_paid"), (317.98, "probably_paid")):
            with self.subTest(amount=amount), self.env.cr.savepoint() as savepoint:
                self.statement(amount, "2026-11-18")
                self.assertWaits(reason)
                savepoint.rollback()
        for amount in (317.97, 318.03, 330.0, 636.0, 1.0):
            self.statement(amount, "2026-11-18")
        self.statement(-318.0, "2026-11-18")
        self.assertWaits(None)

    def test_money_of_the_customer_with_charges(self):
        self.statement(413.41, "2026-11-18", partner_id=self.other.id)
        self.statement(317.97, "2026-11-18", partner_id=self.customer.id)
        self.assertWaits(None)
        self.statement(324.7, "2026-11-18", partner_id=self.customer.id)
        self.assertWaits("probably_paid")

    def test_money_that_came_long_before_is_not_for_it(self):
        self.statement(318.0, "2026-10-10")
        self.assertWaits(None)
        self.statement(318.0, "2026-10-11")
        self.assertWaits("probably_paid")

    def test_document_in_the_words_of_the_bank(self):
        digits = CPF.replace(".", "").replace("-", "")
        self.customer.vat = CPF
        for values in (
            {"payment_ref": f"PIX RECEBIDO {digits} ANA"},
            {"payment_ref": f"TED {CPF}"},
            {"partner_name": f"ANA LINDOSO 000{digits}"},
            {"account_number": digits},
            {"narration": f"<p>cpf {CPF}</p>"},
            {"transaction_details": {"payer": digits}},
        ):
            with self.subTest(values=values), self.env.cr.savepoint() as savepoint:
                self.statement(50.0, "2026-11-18", **values)
                self.assertWaits("probably_paid")
                savepoint.rollback()
        for values in (
            {"payment_ref": f"PIX 1{digits}"},
            {"payment_ref": f"PIX {digits}9"},
            {"payment_ref": "PIX 529.982.247-26"},
            {"payment_ref": f"PIX {OTHER_CPF}"},
            {"payment_ref": self.company.vat or "11.444.777/0001-61"},
            {"payment_ref": "'; DROP TABLE res_partner; --"},
            {"payment_ref": f"PIX {digits}", "date": "2026-10-10"},
        ):
            self.statement(**{"amount": 50.0, "day": values.pop("date", "2026-11-18"), **values})
        self.assertWaits(None)

    def test_cnpj_with_and_without_points_and_letters(self):
        debt = self.owe(900.0, "2026-11-10", partner=self.business)
        for text in (CNPJ, CNPJ.replace(".", "").replace("/", "").replace("-", "")):
            with self.subTest(text=text), self.env.cr.savepoint() as savepoint:
                self.statement(10.0, "2026-11-18", payment_ref=f"PIX {text}")
                self.assertWaits("probably_paid", debt)
                savepoint.rollback()
        letters = self.make_customer("Bordado Ltda", "12.ABC.345/01DE-35")
        debt = self.owe(700.0, "2026-11-10", partner=letters)
        self.statement(10.0, "2026-11-18", payment_ref="pix recebido 12abc34501de35")
        self.assertWaits("probably_paid", debt)

    def test_bank_account_of_the_customer(self):
        self.env["res.partner.bank"].create({"acc_number": "0001 12345-6", "partner_id": self.customer.id})
        self.statement(320.0, "2026-11-18", account_number="0001.12345-6")
        self.assertWaits("probably_paid")

    def test_matched_money_keeps_nobody_waiting(self):
        money = self.statement(318.0, "2026-11-18")
        _liquidity, suspense, _other = money._seek_for_lines()
        suspense.account_id = self.income
        self.assertTrue(money.is_reconciled)
        self.assertWaits(None)

    def test_money_of_another_company(self):
        other = self.env["res.company"].create({"name": "Outra"})
        journal = self.env["account.journal"].create(
            {"name": "Bank", "type": "bank", "code": "OUTB", "company_id": other.id}
        )
        suspense = (
            self.env["account.account"]
            .with_company(other)
            .create(
                {"name": "S", "code": "9.9.9", "account_type": "asset_current", "company_ids": [Command.link(other.id)]}
            )
        )
        journal.suspense_account_id = suspense
        journal.default_account_id = journal.default_account_id or suspense.copy({"code": "9.9.8"})
        self.statement(318.0, "2026-11-18", journal=journal)
        self.assertWaits(None)

    def test_payment_on_account(self):
        for day in ("2026-11-18", "2026-03-02"):  # whenever it came
            with self.subTest(day=day), self.env.cr.savepoint() as savepoint:
                self.post_lines(date.fromisoformat(day), [(self.customer, 1000.0, TODAY)], sign=-1)
                self.assertWaits("probably_paid")
                savepoint.rollback()
        self.post_lines(date(2026, 11, 18), [(self.customer, 100.0, TODAY), (self.other, 5000.0, TODAY)], sign=-1)
        self.assertWaits(None)
        self.post_lines(date(2026, 11, 18), [(self.customer, 218.0, TODAY)], sign=-1)
        self.assertWaits("probably_paid")

    def test_credit_covers_the_oldest_lines_only(self):
        newer, newest = self.owe(300.0, "2026-11-12"), self.owe(200.0, "2026-11-13")
        self.post_lines(date(2026, 2, 2), [(self.customer, 620.0, TODAY)], sign=-1)
        lines = self.line | newer | newest
        self.assertEqual(self.cases(lines), {self.line: "probably_paid", newer: "probably_paid"})

    def test_payment_that_is_not_booked(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 318.0,
                "date": "2026-11-18",
                "journal_id": self.bank.id,
            }
        )
        self.assertWaits(None)
        payment.action_post()
        self.assertWaits("probably_paid")
        self.assertEqual(payment.state, "in_process")

    def test_only_late_lines_wait(self):
        for due, day, reason in (
            ("2026-11-23", TODAY, "probably_paid"),
            ("2026-11-24", TODAY, None),
            ("2026-12-24", TODAY, None),
            ("2026-11-20", date(2026, 11, 23), None),  # a holiday: paid on Monday it is in time
            ("2026-11-20", TODAY, "probably_paid"),
        ):
            with self.subTest(due=due, day=day):
                line = self.owe(77.7, due, partner=self.other)
                self.statement(77.7, "2026-11-23")
                self.assertWaits(reason, line, day)
