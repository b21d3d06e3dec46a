from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import freeze_time

from .agreement_common import SIGNED
from .agreement_oracle import AgreementBooks
from .books_oracle import CENT, ZERO
from .life_checks import OTHER_RECEIVABLE, TAXES, LifeChecks


class LifeCommon(LifeChecks):
    """What happens to a customer's debts, done in Odoo and written down in a second set of books.

    Days are counted from the day on which the agreements of the tests are signed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.enterClassContext(freeze_time(f"{SIGNED} 15:00:00"))
        receivable = cls.customer.property_account_receivable_id
        cls.other_receivable = receivable.copy({"code": OTHER_RECEIVABLE, "name": "Clientes"})
        cls.tax_account = cls.env["account.account"].create(
            {"code": TAXES, "name": "Tax", "account_type": "liability_current"}
        )
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": cls.tax_account.id}),
        ]
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "17 %",
                "amount": 17,
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
                "price_include_override": "tax_excluded",
            }
        )

    def begin(self):
        """A customer without any history, and empty books for him."""
        self.customer = self.env["res.partner"].create({"name": "Somebody", "lang": "en_US"})
        self.oracle = AgreementBooks()
        self.lines, self.credits, self.records = {}, {}, {}
        self.day, self.history, self.again = None, {}, set()
        self.start()

    def live(self, steps):
        """Do steps one by one; after each one both sets of books say the same.

        :param steps: list of (verb, day, *arguments) of the methods below
        """
        for place, (verb, day, *arguments) in enumerate(steps, 1):
            self.at(day)
            try:
                getattr(self, f"do_{verb}")(*arguments)
                self.check()
            except AssertionError as error:
                raise AssertionError(f"step {place}, {verb} on {self.day}: {error}") from error

    def at(self, day):
        day = SIGNED + timedelta(days=day)
        self.assertGreaterEqual(day, self.day or day, "steps follow one another")
        self.day = day
        self.clock.move_to(f"{self.day} 15:00:00")

    # --- steps: debts and money ---

    def do_owe(self, amount, tax=False):
        """An invoice that is due on the day of the step, and was open since some days before."""
        amount, issued = Decimal(amount), self.day - timedelta(days=4)
        taxed = (amount * 17 / 100).quantize(CENT) if tax else ZERO
        fee = {"name": "Fee", "price_unit": float(amount), "account_id": self.company.cobranca_service_account_id.id}
        fee["tax_ids"] = [Command.set(self.tax.ids if tax else [])]
        values = {"invoice_date": issued, "invoice_line_ids": [Command.create(fee)]}
        self.lines[self.oracle.owe(amount + taxed, self.day, taxed)] = self.invoice(0, self.day, **values)
        self.remember_since(issued, amount + taxed)

    def do_discount(self):
        """Who pays invoices of from now on in time gets 5 % off."""
        terms = {"fine_percent": 2.0, "interest_percent": 1.0, "discount_ids": [Command.create({"percent": 5.0})]}
        policy = self.env["cobranca.charge.policy"].create(
            {"name": "Punctual", "version_ids": [Command.create({"date_from": False, **terms})]}
        )
        self.charge_by(policy)

    def do_account(self):
        """From now on the customer has another receivable account."""
        self.customer.property_account_receivable_id = self.other_receivable
        self.oracle.account = "others"

    def do_lock(self):
        """The books are closed until the day before."""
        self.company.sudo().fiscalyear_lock_date = self.day - timedelta(days=1)

    def do_pay(self, amount, number=None):
        """Money for all that is open, the oldest first, or for one installment.

        :param amount: a figure, or `all`, with what it is more or less, such as `all+10`
        """
        debts = self.open_debts(with_memos=True)
        if number is not None:
            debts = [debt for debt in debts if debt.number == number and debt.agreement]
        if str(amount).startswith("all"):
            amount = sum(sum(debt.wants(self.day).values()) for debt in debts) + Decimal(amount[3:] or 0)
        money = self.oracle.pay(Decimal(amount), self.day, debts)
        self.oracle.follow()
        self.credits[money] = self.pay(self.aml(debts), float(amount), self.day)

    def do_pay_early(self, number):
        """An installment for what it costs before its time."""
        item = next(item for item in self.last()[0].items if item.number == number)
        self.do_pay(sum(item.owes(self.day).values()) - self.oracle.rebates(item.agreement, self.day)[item], number)

    def do_bounce(self, place=-1):
        """Money goes back; which one, by its place among what was paid."""
        money = list(self.credits)[place]
        self.receipt._charge_back(self.credits.pop(money), self.day, "Taken back by the bank")
        self.oracle.bounce(money, self.day)
        self.forget_dues()
        self.note_collected_again()

    def note_collected_again(self):
        """Debts that are open beside the agreement that has them: also once they are paid they need no pause."""
        for agreed in self.oracle.agreements:
            if agreed.state not in ("broken", "cancelled"):
                self.again |= {(agreed, debt) for debt in agreed.origins if debt.open}

    # --- steps: agreements ---

    def do_sign(self, percents=None, down=None, count=3, method="none", rate="0", order="charges"):
        """An agreement over all that is open; over installments of another one when there are any."""
        self.company.sudo().cobranca_agreement_imputation = order
        debts = self.open_debts()
        percents = {name: Decimal(percent) for name, percent in (percents or {}).items()}
        lines = self.aml(debts)
        plan = self.plan(lines, self.day, percents, down=down, count=count, method=method, rate=rate)
        record = self.Agreement.with_user(self.collector)._sign(
            self.company, self.customer, plan, lines.with_user(self.collector), self.day
        )
        record = record.with_env(self.env)
        for debt, parts in zip(debts, plan.debts, strict=True):
            self.assertEqual({**debt.owes(self.day)}, parts._asdict(), "what the agreement is about")
        rows = [(item.number, item.due, item.amount, item.interest) for item in plan.installments]
        agreed = self.oracle.sign(debts, self.day, plan.given_each, rows, order)
        self.records[agreed] = record
        for item in agreed.items:
            self.lines[item] = self.installment(record, item.number).line_id

    def do_earn(self):
        """The interest that was earned until this day becomes income."""
        for agreed, record in self.records.items():
            if agreed.state in ("active", "paid", "renegotiated"):
                self.oracle.earn(agreed, self.day)
                record._recognize(self.company, self.day)

    def do_pay_off(self):
        agreed, record = self.last()
        money = self.oracle.pay_off(agreed, self.day)
        self.oracle.follow()
        self.assertEqual(record._pay_off_quote(self.day).total, money.amount)
        self.credits[money] = self.money(float(money.amount), self.day)
        record.with_user(self.collector)._pay_off(self.credits[money], self.day)

    def do_postpone(self, number, days):
        agreed, record = self.last()
        item = next(item for item in agreed.items if item.number == number)
        item.due += timedelta(days=days)
        record.with_user(self.supervisor)._postpone(self.installment(record, number), item.due, "Asked for it")
        self.forget_dues()

    def do_break(self):
        agreed, record = self.last()
        # Money that is not used yet may lie there: a manager breaks all the same.
        record.with_user(self.manager)._break(self.day, "Not paid")
        self.oracle.break_(agreed, self.day)
        self.oracle.follow()

    def do_restore(self):
        agreed = [agreed for agreed in self.oracle.agreements if agreed.state == "broken"][-1]
        self.records[agreed].with_user(self.supervisor)._restore("By mistake")
        self.oracle.restore(agreed, self.day)
        self.oracle.follow()
        self.forget_dues()
