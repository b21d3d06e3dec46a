"""What the tests of receipts add inside of a worker (see `Worker.inject`): calls with ids instead of records."""

from datetime import date

from odoo import Command

from odoo.addons.cobranca_recorrente.models.cobranca_receipt import CobrancaReceipt, Receipt

PAID = date(2026, 2, 19)


def add_to_receipt():
    """Give `cobranca.receipt` methods that a test can call from another process."""
    CobrancaReceipt.make_debts_for_test = make_debts
    CobrancaReceipt.receive_for_test = receive
    CobrancaReceipt.waive_for_test = waive
    CobrancaReceipt.waive_accrued_for_test = waive_accrued


def make_debts(self, count, money=107.9):
    """Debts of 100.00 and as many credits, as plain entries.

    :return: [ids of debts, ids of credits]
    """
    partner = self.env["res.partner"].create({"name": "Customer"})
    income = self.env.company.cobranca_service_account_id
    found = []
    for amount in (100.0, -money):
        item = {"account_id": partner.property_account_receivable_id.id, "partner_id": partner.id, "balance": amount}
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-01-05",
                "line_ids": [
                    *(Command.create({**item, "date_maturity": "2026-01-05"}) for _number in range(count)),
                    Command.create({"account_id": income.id, "balance": -amount * count}),
                ],
            }
        )
        entry.action_post()
        found.append(entry.line_ids.filtered("partner_id").sorted("id").ids)
    return found


def receive(self, lines, credits, charges, order=None):
    """Receive each credit for the debt at its place.

    :return: the entries
    """
    Line = self.env["account.move.line"]
    receipts = [
        Receipt(Line.browse(credit), line, PAID, order, None if charges is None else {line: charges})
        for line, credit in zip(Line.browse(lines), credits, strict=True)
    ]
    return self._receive_all(receipts)


def waive(self, charges):
    self.env["cobranca.charge"].browse(charges)._waive("Agreed")


def waive_accrued(self, lines):
    self.env["cobranca.charge"]._waive_accrued(self.env["account.move.line"].browse(lines), PAID, "Agreed")
