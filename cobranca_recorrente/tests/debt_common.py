from decimal import Decimal

from odoo import Command
from odoo.fields import Date

from .common import CobrancaCommon

CNPJ, OTHER_CNPJ = "11.222.333/0001-81", "11.444.777/0001-61"


class DebtCommon(CobrancaCommon):
    """Amounts owed and paid by entries, which are cheap: a line for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Policy = cls.env["cobranca.charge.policy"]
        cls.Version = cls.env["cobranca.charge.policy.version"]
        cls.default_policy = cls.env.ref("cobranca_recorrente.cobranca_charge_policy_default")
        cls.receivable = cls.customer.property_account_receivable_id
        cls.income = cls.company.cobranca_service_account_id
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.business = cls.make_customer("Agulha Ltda", CNPJ)

    @classmethod
    def make_policy(cls, audience="companies", **terms):
        return cls.Policy.create(
            {"name": "Test", "audience": audience, "version_ids": [Command.create({"fine_percent": 2.0, **terms})]}
        )

    @classmethod
    def give(cls, partner, policy, is_first=False):
        """A policy for one customer; as the first one for all that he owes already."""
        partner.with_company(cls.company).cobranca_charge_policy_id = policy
        if is_first:
            cls.env["cobranca.charge.policy.change"].search([("partner_id", "=", partner.id)]).unlink()

    @classmethod
    def post_lines(cls, day, items, sign=1):
        """An entry with a receivable line for each of (partner, amount, due date); sign -1: credits.

        :return: the lines, in this order
        """
        commands = [
            Command.create(
                {
                    "account_id": cls.receivable.id,
                    "partner_id": partner.id,
                    "balance": sign * float(amount),
                    "date_maturity": due,
                    "name": f"item {number}",
                }
            )
            for number, (partner, amount, due) in enumerate(items)
        ]
        total = -sign * float(sum(Decimal(str(amount)) for _partner, amount, _due in items))
        commands.append(Command.create({"account_id": cls.income.id, "balance": total, "name": "income"}))
        move = cls.env["account.move"].create(
            {"move_type": "entry", "date": day, "journal_id": cls.journal.id, "line_ids": commands}
        )
        move.action_post()
        lines = move.line_ids.filtered(lambda line: line.account_id == cls.receivable)
        return lines.sorted(lambda line: int(line.name.split()[1]))

    @classmethod
    def owe(cls, amount, due, day="2026-01-02", partner=None):
        """One open line."""
        return cls.post_lines(Date.to_date(day), [(partner or cls.customer, amount, Date.to_date(due))])

    @classmethod
    def pay(cls, line, amount, day):
        """A credit of a day, reconciled with a line."""
        day = Date.to_date(day)
        [credit] = cls.post_lines(day, [(line.partner_id, amount, day)], sign=-1)
        (line + credit).reconcile()
        return credit

    def debt(self, line, day):
        """What a collector sees."""
        return line.with_user(self.collector)._cobranca_get_debts(Date.to_date(day))[line]

    def assertDebt(self, line, day, principal, fine=0, interest=0, correction=0):
        found = self.debt(line, day)
        parts = [float(part) for part in (found.principal, found.fine, found.interest, found.correction)]
        self.assertEqual(parts, [principal, fine, interest, correction])
