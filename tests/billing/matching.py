"""What the tests of bank statements add inside of a worker (see `Worker.inject`): calls with ids and text."""

from odoo import Command

from odoo.addons.cobranca_recorrente.models.cobranca_statement_desk import CobrancaStatementDesk

DAY = "2026-02-19"
NAMES = "Data;Historico;Valor"


def add_to_desk():
    """Give `cobranca.statement.desk` methods that a test can call from another process."""
    CobrancaStatementDesk.make_for_test = make
    CobrancaStatementDesk.import_for_test = import_rows
    CobrancaStatementDesk.suggestions_for_test = suggestions
    CobrancaStatementDesk.pay_for_test = pay


def journal(self):
    return self.env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], order="id", limit=1
    )


def make(self, count):
    """Debts of 100.00 of one customer, and a movement of the bank for each that names its number.

    :return: [ids of debts, ids of movements]
    """
    partner = self.env["res.partner"].create({"name": "Customer"})
    income = self.env.company.cobranca_service_account_id
    debts = self.env["account.move.line"]
    for _number in range(count):
        item = {"account_id": partner.property_account_receivable_id.id, "partner_id": partner.id, "balance": 100.0}
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-01-05",
                "line_ids": [
                    Command.create({**item, "date_maturity": DAY}),
                    Command.create({"account_id": income.id, "balance": -100.0}),
                ],
            }
        )
        entry.action_post()
        debts |= entry.line_ids.filtered("partner_id")
    rows = [(f"TED {debt.move_name}", 100.0) for debt in debts.sorted("id")]
    return [debts.sorted("id").ids, import_rows(self, rows, "first.csv")]


def import_rows(self, rows, name):
    """:return: ids of the movements of this file that were written"""
    content = "\n".join([NAMES, *(f"19/02/2026;{text};{amount:.2f}" for text, amount in rows)]).encode()
    record = self.env["cobranca.statement.import"]._import(journal(self), name, content)
    return record.statement_id.line_ids.sorted("id").ids


def suggestions(self, lines):
    """:return: ids of the first suggestion of each movement"""
    found = self.env["cobranca.statement.suggestion"].search([("statement_line_id", "in", lines), ("rank", "=", 1)])
    return found.sorted(lambda each: each.statement_line_id.id).ids


def pay(self, debt):
    """Another payment of a debt, as somebody registers one by hand."""
    line = self.env["account.move.line"].browse(debt)
    income = self.env.company.cobranca_service_account_id
    entry = self.env["account.move"].create(
        {
            "move_type": "entry",
            "date": DAY,
            "line_ids": [
                Command.create({"account_id": line.account_id.id, "partner_id": line.partner_id.id, "balance": -100.0}),
                Command.create({"account_id": income.id, "balance": 100.0}),
            ],
        }
    )
    entry.action_post()
    self.env["cobranca.receipt"]._receive(entry.line_ids.filtered("partner_id"), line, entry.date, charges={})
