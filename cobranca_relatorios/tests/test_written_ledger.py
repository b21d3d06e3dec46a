from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.cobranca_negociacao.tools.plan import Terms, make_plan

from .bare_company import make_bare_company
from .common import ReportCommon

SIGNED, BROKEN = date(2026, 4, 6), date(2026, 6, 10)
MONTH_ENDS = [date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31), (6, 30))]
# Of a break it is known afterwards that the money paid other titles, which were late.
OF_PAID_TITLES = ("recovered", "payment_delay", "payment_delay_late", "payment_delay_mean")


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30 15:00:00")
class TestWrittenLedger(ReportCommon):
    """What the tests write by SQL is what Odoo and the product book."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge_by(False)
        cls.Position = cls.env["cobranca.portfolio.snapshot"]

    # --- what Odoo books ---

    def book(self, kind, day, due, amount, **values):
        """The receivable line of a posted document."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": amount, "tax_ids": [Command.clear()]})
                ],
                **values,
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def register(self, line, day, amount):
        """Pay by Odoo's own wizard."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=line.ids
        )
        wizard.create(
            {"payment_date": day, "amount": amount, "journal_id": self.ledger.bank.id}
        ).action_create_payments()

    def sign(self, lines):
        with freeze_time(f"{SIGNED} 15:00:00"):
            Agreement = self.env["cobranca.agreement"]
            plan = make_plan(Agreement._get_parts(lines, SIGNED), Terms({}, None, 3, "none", Decimal(0), SIGNED))
            return Agreement._sign(self.company, self.customer, plan, lines, SIGNED)

    # --- tests ---

    def test_invoices_payments_credit_notes_and_an_agreement(self):
        first = self.book("out_invoice", date(2026, 1, 2), date(2026, 1, 6), 1170)
        self.register(first, date(2026, 1, 6), 170)
        second = self.book("out_invoice", date(2026, 1, 2), date(2026, 2, 20), 585)
        third = self.book("out_invoice", date(2026, 3, 10), date(2026, 4, 10), 300)
        note = self.book("out_refund", date(2026, 3, 20), date(2026, 3, 20), 100)
        (third | note).reconcile()
        self.register(third, date(2026, 4, 15), 120)
        agreement = self.sign(first | second)
        items = agreement.installment_ids.sorted("number")
        self.register(items[0].line_id, date(2026, 4, 8), items[0].amount)
        self.register(items[1].line_id, date(2026, 6, 20), 50)

        company, ledger = make_bare_company(self.env, self.supervisor)
        one = ledger.invoice(self.customer, date(2026, 1, 2), date(2026, 1, 6), 1170)
        ledger.pay(one, date(2026, 1, 6), 170)
        two = ledger.invoice(self.customer, date(2026, 1, 2), date(2026, 2, 20), 585)
        three = ledger.invoice(self.customer, date(2026, 3, 10), date(2026, 4, 10), 300)
        ledger.match(three, ledger.invoice(self.customer, date(2026, 3, 20), date(2026, 3, 20), -100), 100)
        ledger.pay(three, date(2026, 4, 15), 120)
        _agreement, written = ledger.agree([one, two], SIGNED, [(item.due, item.amount) for item in items])
        ledger.pay(written[0], date(2026, 4, 8), written[0].amount)
        ledger.pay(written[1], date(2026, 6, 20), 50)

        for day in MONTH_ENDS:
            self.assertEqual(self.Position._get_position(self.company, day), self.Position._get_position(company, day))
        figures = self.Position._get_position(company, date(2026, 6, 30))[0]
        self.assertEqual((figures["agreement_count"], figures["difference"]), (1, 0))
        self.assertGreater(figures["amount_original_late"], figures["amount_late"] - 1)

    def test_a_break_leaves_the_months_before_it_as_they_were(self):
        first = self.book("out_invoice", date(2026, 1, 2), date(2026, 1, 6), 1000)
        second = self.book("out_invoice", date(2026, 1, 2), date(2026, 2, 20), 500)
        agreement = self.sign(first | second)
        item = agreement.installment_ids.sorted("number")[0]
        self.register(item.line_id, date(2026, 4, 8), item.amount)
        before = {day: self.Position._get_position(self.company, day) for day in MONTH_ENDS[:5]}
        self.assertEqual(before[date(2026, 4, 30)][0]["amount_open"], 1000)
        with freeze_time(f"{BROKEN} 15:00:00"):
            agreement.with_user(self.supervisor)._break(BROKEN, "Not paid")
        for day, (figures, bands, rolls) in before.items():
            figures_now, bands_now, rolls_now = self.Position._get_position(self.company, day)
            for name in OF_PAID_TITLES:
                figures_now[name] = figures[name]
            self.assertEqual((figures_now, bands_now, rolls_now), (figures, bands, rolls), day)
        figures = self.Position._get_position(self.company, date(2026, 6, 30))[0]
        self.assertEqual((figures["amount_open"], figures["amount_late_90"], figures["received"]), (1000, 1000, 0))
        self.assertEqual((figures["agreement_count"], figures["difference"]), (0, 0))
        # What was paid for the installment paid the first debt, on the day on which it came.
        april = self.Position._get_position(self.company, date(2026, 4, 30))[0]
        self.assertEqual((april["received"], april["recovered"], april["payment_delay"]), (500, 500, 92))

    def test_foreign_currency_counts_in_that_of_the_company(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        for day, rate in (("2026-04-01", 0.2), ("2026-06-01", 0.25)):
            self.env["res.currency.rate"].create(
                {"name": day, "currency_id": dollar.id, "rate": rate, "company_id": self.company.id}
            )
        line = self.book("out_invoice", date(2026, 4, 10), date(2026, 5, 10), 100, currency_id=dollar.id)
        self.assertEqual(line.balance, 500)
        figures = self.Position._get_position(self.company, date(2026, 5, 31))[0]
        self.assertEqual((figures["amount_open"], figures["amount_late"], figures["sales_quarter"]), (500, 500, 500))
        # Half of it is paid in dollars that are cheaper by now; the rest stays at what it was worth.
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=line.ids
        )
        wizard.create(
            {
                "payment_date": date(2026, 6, 10),
                "amount": 50,
                "currency_id": dollar.id,
                "journal_id": self.ledger.bank.id,
            }
        ).action_create_payments()
        figures = self.Position._get_position(self.company, date(2026, 6, 30))[0]
        self.assertEqual((figures["amount_open"], figures["difference"]), (250, 0))
        self.assertEqual(figures["received"], 200)

    def test_refunds_are_no_money_received(self):
        """Money that goes back to a customer, against his own payment."""
        money = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 80,
                "date": date(2026, 6, 2),
                "journal_id": self.ledger.bank.id,
            }
        )
        back = money.copy({"payment_type": "outbound", "date": date(2026, 6, 5)})
        (money | back).action_post()
        lines = (money | back).move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        figures = self.Position._get_position(self.company, date(2026, 6, 30))[0]
        self.assertEqual((figures["received"], figures["amount_open"], figures["amount_credit"]), (0, 0, 0))
