from datetime import date, timedelta

from odoo import Command

from .common import CobrancaCommon

TODAY = date(2026, 6, 15)  # a Monday
CPFS = ["111.444.777-35", "935.411.347-80", "390.533.447-05", "123.456.789-09"]

# So many reconciliations at once: Odoo joins all of them with each other.
AT_ONCE = 30


class BehaviorCommon(CobrancaCommon):
    """Invoices of some customers, paid early and late, and the rows that the nightly job makes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Behavior = cls.env["cobranca.behavior"]
        cls.customers = [cls.make_customer(f"Customer {document}", document) for document in CPFS]
        cls.journal = cls.company.cobranca_contract_journal_id
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def make_invoice(self, partner, due, amount, paid=()):
        """A posted invoice and what was paid of it, each receipt reconciled on its day."""
        return self.make_invoices([(partner, due, amount, paid)])

    def make_invoices(self, rows):
        """The same for many, in a few strokes: of each (customer, due date, amount, [(day, paid)])."""
        moves = self.env["account.move"].create(
            [self.prepare_invoice(partner, due, amount) for partner, due, amount, _paid in rows]
        )
        moves.action_post()
        titles = [move.line_ids.filtered(lambda line: line.display_type == "payment_term") for move in moves]
        parts = [(title, *part) for title, row in zip(titles, rows, strict=True) for part in row[3]]
        entries = self.env["account.move"].create([self.prepare_receipt(*part) for part in parts])
        entries.action_post()
        plan = []
        for entry, (title, _day, _amount) in zip(entries, parts, strict=True):
            plan.append(title | entry.line_ids.filtered(lambda line, title=title: line.account_id == title.account_id))
        for start in range(0, len(plan), AT_ONCE):
            # What other tests rolled back has left Odoo's queries with a wrong idea of the tables.
            self.env.flush_all()
            self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment")
            self.env["account.move.line"]._reconcile_plan(plan[start : start + AT_ONCE])
        return moves

    def prepare_invoice(self, partner, due, amount):
        line = {"name": "Fee", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
        return {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "journal_id": self.journal.id,
            "invoice_date": min(due, TODAY) - timedelta(days=10),
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({**line, "account_id": self.company.cobranca_service_account_id.id})],
        }

    def prepare_receipt(self, title, day, amount):
        values = {"partner_id": title.partner_id.id, "date_maturity": day}
        return {
            "journal_id": self.bank.id,
            "date": day,
            "line_ids": [
                Command.create({**values, "account_id": self.bank.default_account_id.id, "balance": amount}),
                Command.create({**values, "account_id": title.account_id.id, "balance": -amount}),
            ],
        }

    def renewed(self, partners=None):
        self.Behavior._refresh(self.company, partners)
        return self.Behavior.search([("company_id", "=", self.company.id)])

    def row_of(self, partner):
        return self.renewed().filtered(lambda row: row.partner_id == partner)
