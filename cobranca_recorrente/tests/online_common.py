from contextlib import contextmanager
from datetime import datetime, time

from odoo import Command

from .link_common import LinkCommon
from .record_common import TODAY

# Noon in São Paulo.
AFTERNOON = datetime.combine(TODAY, time(15))
FORM = '<form action="dummy" method="post"/>'


class OnlineCommon(LinkCommon):
    """500.00 due on 10 October and 300.00 due on 10 November, fine of 2 % and interest, a provider; 19 November."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cobranca_statement_guard = "never"
        policy = cls.env["cobranca.charge.policy"].create(
            {
                "name": "Test",
                "audience": "all",
                "version_ids": [Command.create({"fine_percent": 2.0, "interest_percent": 1.0})],
            }
        )
        cls.charge_by(policy)
        cls.provider, cls.method = cls.make_provider()
        cls.Transaction = cls.env["payment.transaction"]
        cls.Quote = cls.env["cobranca.payment.quote"]
        cls.both = cls.line | cls.later_line
        # Another day than the transactions of the tests, so that nothing of another day is meant by chance.
        cls.costs = {line: debt.charges.total for line, debt in cls.both._cobranca_read_debts(TODAY).items()}
        cls.total = float(sum(cls.costs.values()))

    @classmethod
    def make_provider(cls, **values):
        """A provider that is enabled, its means, and where its money is booked."""
        form = cls.env["ir.ui.view"].create({"name": "Test", "type": "qweb", "arch": FORM})
        means = cls.env["payment.method"].create(
            {"name": "Card", "code": "card_of_test", "active": True, "support_tokenization": True}
        )
        provider = cls.env["payment.provider"].create(
            {
                "name": "Test",
                "code": "none",
                "state": "enabled",
                "is_published": True,
                "payment_method_ids": [Command.set(means.ids)],
                "redirect_form_view_id": form.id,
                "allow_tokenization": True,
                **values,
            }
        )
        cls.book_in(provider)
        means.active = True
        return provider, means

    @classmethod
    def book_in(cls, provider):
        """The journal of a provider, with the account where its money waits for the bank."""
        bank = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1)
        inbound, outbound = (
            cls.env["account.payment.method"]
            .sudo()
            .search([("code", "=", "manual"), ("payment_type", "=", kind)], limit=1)
            for kind in ("inbound", "outbound")
        )
        account = cls.env["account.chart.template"].ref("account_journal_payment_debit_account_id")
        for method in (inbound, outbound):
            cls.env["account.payment.method.line"].create(
                {
                    "name": f"Provider {method.payment_type}",
                    "payment_method_id": method.id,
                    "journal_id": bank.id,
                    "payment_provider_id": provider.id,
                    "payment_account_id": account.id,
                }
            )
        provider.invalidate_recordset(["journal_id"])

    def quote(self, lines=None, amount=None, day=None):
        lines = self.both if lines is None else lines
        return self.Quote._make(self.company, self.customer, lines, amount, "online", day)

    def begin(self, quote, moment=AFTERNOON, **values):
        """The transaction that the page makes, at a moment of UTC."""
        transaction = self.Transaction.sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"{quote.txid}-{self.Transaction.search_count([])}",
                "amount": quote.amount,
                "currency_id": quote.currency_id.id,
                "partner_id": quote.partner_id.id,
                "operation": "online_redirect",
                **self.env["cobranca.online.payment"]._prepare_transaction(quote.sudo()),
                **values,
            }
        )
        return self.set_created(transaction, moment)

    def set_created(self, transaction, moment):
        """The clock of a test is not the one of the database."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE payment_transaction SET create_date = %s WHERE id = %s", (moment, transaction.id))
        transaction.invalidate_recordset(["create_date"])
        return transaction

    def confirm(self, transaction):
        """The provider says that it is done, and the customer's page asks for what follows."""
        transaction._set_done()
        transaction._post_process()
        return transaction.payment_id

    def pay_quote(self, quote=None):
        return self.confirm(self.begin(quote or self.quote()))

    @contextmanager
    def assertBalanced(self):
        """Whatever is booked meanwhile, by no matter whom: each entry is posted and balanced."""
        [[last]] = self.env["account.move"]._read_group([], [], ["id:max"])
        yield
        for move in self.env["account.move"].search([("id", ">", last)]):
            self.assertEqual((move.state, round(sum(move.line_ids.mapped("balance")), 2)), ("posted", 0.0), move.name)

    def open_items(self):
        """{name of the entry's journal: what is open} of the customer."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        found = {}
        for line in lines.filtered("amount_residual"):
            key = line.move_id.name if line.move_id.is_invoice() else line.journal_id.type
            found[key] = round(found.get(key, 0.0) + line.amount_residual, 2)
        return found

    def income(self):
        """What is booked as fine and interest."""
        memos = self.env["cobranca.charge"].search([("partner_id", "=", self.customer.id), ("state", "=", "paid")])
        return round(sum(memos.filtered(lambda memo: memo.kind != "discount").mapped("amount")), 2)

    def reminders(self, line=None):
        """Why a line waits, or None."""
        line = self.line if line is None else line
        return self.env["cobranca.paid.guard"]._get_wait_cases(self.company, line, TODAY).get(line)
