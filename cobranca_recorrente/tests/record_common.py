from datetime import date, datetime, time

from odoo import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import OTHER_CPF, CobrancaCommon

TODAY = date(2026, 11, 19)  # a Thursday; the Friday after it is a national holiday


class RecordCommon(CobrancaCommon):
    """A debtor with open invoices on 19 November 2026, and people of all ranks who deal with him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime.combine(TODAY, time(15)))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.write(
            {
                # Fine and interest have tests of their own.
                "cobranca_charge_policy_id": False,
                "cobranca_promise_tolerance_days": 1,
                "cobranca_promise_tolerance_percent": 0,
                "cobranca_promise_max_days": 30,
            }
        )
        cls.customer.email = "ana@example.com"
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com")
        cls.invoice = cls.make_invoice(500.0, "2026-10-10")
        cls.later = cls.make_invoice(300.0, "2026-11-10")
        cls.line, cls.later_line = cls.receivable(cls.invoice), cls.receivable(cls.later)
        cls.Promise = cls.env["cobranca.promise"].with_user(cls.collector)
        cls.Hold = cls.env["cobranca.hold"].with_user(cls.collector)
        cls.Interaction = cls.env["cobranca.interaction"].with_user(cls.collector)
        cls.Dispute = cls.env["cobranca.dispute"].with_user(cls.collector)

    @classmethod
    def make_invoice(cls, amount, due, customer=None, post=True, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or cls.customer).id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Fee", "price_unit": amount, "quantity": 1, "tax_ids": [Command.clear()]})
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def receivable(cls, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def on(self, day, hour=15):
        """A moment of a day, noon in São Paulo."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return freeze_time(datetime.combine(day, time(hour)))

    def pay(self, move, amount, day):
        """Money of a bank on a day, matched with the invoice at once.

        :return: account.move of the payment
        """
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.receivable(move)
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": journal.default_account_id.id, "debit": amount}),
                    Command.create(
                        {"account_id": line.account_id.id, "partner_id": move.partner_id.id, "credit": amount}
                    ),
                ],
            }
        )
        entry.action_post()
        (entry.line_ids.filtered("credit") + line).reconcile()
        return entry

    def promise(self, lines=None, day="2026-11-24", amount=None):
        lines = self.line if lines is None else lines
        return self.Promise._record(
            lines.with_user(self.collector),
            date.fromisoformat(day),
            sum(lines.mapped("amount_residual")) if amount is None else amount,
        ).sudo()

    def redraw(self, line):
        """What Odoo does with the receivable line of an invoice that is changed so that it gets other lines."""
        line.move_id.button_draft()
        self.env.flush_all()
        self.env.execute_query(SQL("DELETE FROM account_move_line WHERE id = %s", line.id))
        self.env.invalidate_all()

    def holds(self, record):
        return self.env["cobranca.hold"].search([("res_model", "=", record._name), ("res_id", "=", record.id)])

    def activities(self, record, kind):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("activity_type_id", "=", self.env.ref(f"cobranca_recorrente.mail_activity_{kind}").id),
            ]
        )
