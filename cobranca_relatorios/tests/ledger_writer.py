"""Small ledgers by SQL: the rows that reports read, some hundred times faster than Odoo books them.

What Odoo itself writes for such cases is compared in `test_written_ledger.py`.
"""

from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

from odoo.tools import SQL


@dataclass
class Title:
    """One written line of a customer: an invoice, a credit note or a payment."""

    line_id: int
    move_id: int
    partner_id: int
    company_id: int
    kind: str
    date: Date
    due: Date
    amount: Decimal
    parts: list = field(default_factory=list)


class LedgerWriter:
    """Writes invoices, credit notes, payments and agreements of a company.

    :param env: Environment
    :param company: res.company with a chart of accounts
    """

    def __init__(self, env, company):
        self.env = env
        self.company = company
        Journal = env["account.journal"].with_context(active_test=False)
        own = Journal._check_company_domain(company)
        self.sales = Journal.search([*own, ("type", "=", "sale"), ("code", "!=", "ACORD")], order="sequence", limit=1)
        self.bank = Journal.search([*own, ("type", "=", "bank")], limit=1)
        self.receivable = company.partner_id.with_company(company).property_account_receivable_id
        self.income = env["account.account"].search(
            [*env["account.account"]._check_company_domain(company), ("account_type", "=", "income")], limit=1
        )
        self.numbers = iter(range(1, 10**6))
        env.flush_all()

    # --- what is written ---

    def invoice(self, partner, invoiced, due, amount):
        """A posted invoice of one receivable line.

        :param date invoiced: invoice date, and that of the entry
        :param amount: with taxes, above zero; a credit note below zero
        """
        amount = Decimal(str(amount))
        kind = "out_invoice" if amount > 0 else "out_refund"
        return self._write(kind, self.sales, partner, invoiced, due, amount)

    def payment(self, partner, day, amount):
        """Money that came, not matched with anything yet."""
        return self._write("entry", self.bank, partner, day, day, -Decimal(str(amount)))

    def match(self, debit, credit, amount):
        """Pair a debit with a credit for an amount above zero."""
        amount = Decimal(str(amount))
        day = max(debit.date, credit.date)
        [(partial,)] = self._insert(
            "account_partial_reconcile",
            debit_move_id=debit.line_id,
            credit_move_id=credit.line_id,
            company_id=self.company.id,
            amount=amount,
            debit_amount_currency=amount,
            credit_amount_currency=amount,
            debit_currency_id=self.company.currency_id.id,
            credit_currency_id=self.company.currency_id.id,
            max_date=day,
        )
        for title, sign in ((debit, -1), (credit, 1)):
            title.parts.append((day, amount))
            self.env.cr.execute(
                """
                UPDATE account_move_line
                   SET amount_residual = amount_residual + %(change)s,
                       amount_residual_currency = amount_residual_currency + %(change)s,
                       reconciled = amount_residual + %(change)s = 0
                 WHERE id = %(line)s
                """,
                {"change": sign * amount, "line": title.line_id},
            )
        self.env.cr.execute(
            """
            UPDATE account_move
               SET payment_state = CASE WHEN line.amount_residual = 0 THEN 'paid' ELSE 'partial' END,
                   amount_residual = line.amount_residual, amount_residual_signed = line.amount_residual
              FROM account_move_line line
             WHERE line.move_id = account_move.id AND line.id = ANY(%s) AND account_move.move_type <> 'entry'
            """,
            [[debit.line_id, credit.line_id]],
        )
        return partial

    def pay(self, title, day, amount):
        """A payment that is matched with one invoice."""
        credit = self.payment(self.env["res.partner"].browse(title.partner_id), day, amount)
        self.match(title, credit, amount)
        return credit

    def agree(self, titles, signed, installments):
        """An agreement over what is open of some titles, as the product books it: document, and transfer to close.

        :param list titles: of invoices, or of installments of an earlier agreement
        :param list installments: of (due date, amount)
        :return: (id of the agreement, titles of the installments)
        """
        total = sum((Decimal(str(amount)) for _due, amount in installments), Decimal(0))
        partner = self.env["res.partner"].browse(titles[0].partner_id)
        number = next(self.numbers)
        [(agreement,)] = self._insert(
            "cobranca_agreement",
            company_id=self.company.id,
            partner_id=partner.id,
            name=f"TESTE/{number:05}",
            state="active",
            method="none",
            imputation="charges",
            date=signed,
            total=total,
            agreed=total,
            financing=0,
        )
        for title in titles:
            self._take_over(agreement, title, signed)
        written = [
            self._write("out_invoice", self.sales, partner, signed, due, Decimal(str(amount)), agreement)
            for due, amount in installments
        ]
        for position, item in enumerate(written):
            self._insert(
                "cobranca_agreement_installment",
                agreement_id=agreement,
                company_id=self.company.id,
                partner_id=partner.id,
                number=position,
                due=item.due,
                due_agreed=item.due,
                amount=item.amount,
                line_id=item.line_id,
            )
        return agreement, written

    # --- rows ---

    def _take_over(self, agreement, title, signed):
        """Make what is open of a title a debt of an agreement, and close it."""
        left = title.amount - sum(amount for _day, amount in title.parts)
        partner = self.env["res.partner"].browse(title.partner_id)
        transfer = self._write("entry", self.sales, partner, signed, title.due, -left)
        self._insert(
            "cobranca_agreement_origin",
            agreement_id=agreement,
            company_id=self.company.id,
            line_id=title.line_id,
            move_id=title.move_id,
            due=title.due,
            principal=left,
            **dict.fromkeys(("fine", "interest", "correction"), 0),
            **dict.fromkeys(("given_principal", "given_fine", "given_interest", "given_correction"), 0),
            is_live=True,
            transfer_line_id=transfer.line_id,
        )
        self.match(title, transfer, left)

    def _write(self, kind, journal, partner, day, due, amount, agreement=None):
        name = f"T/{self.company.id}/{next(self.numbers):06}"
        move = self._write_move(name, kind, journal, partner, day, due, amount, agreement)
        shared = {
            "move_id": move,
            "move_name": name,
            "journal_id": journal.id,
            "company_id": self.company.id,
            "company_currency_id": self.company.currency_id.id,
            "currency_id": self.company.currency_id.id,
            "parent_state": "posted",
            "date": day,
            "quantity": 1,
            "reconciled": False,
            "cobranca_agreement_id": agreement,
        }
        [(line,)] = self._insert(
            "account_move_line",
            **shared,
            **({"invoice_date": day} if kind != "entry" else {}),
            partner_id=partner.id,
            account_id=self.receivable.id,
            display_type="product" if kind == "entry" else "payment_term",
            date_maturity=due,
            **self._amounts(amount, amount),
        )
        if self.income:
            own = self._amounts(-amount, 0)
            self._insert("account_move_line", **shared, account_id=self.income.id, display_type="product", **own)
        return Title(line, move, partner.commercial_partner_id.id, self.company.id, kind, day, due, amount)

    def _write_move(self, name, kind, journal, partner, day, due, amount, agreement):
        invoiced = {} if kind == "entry" else {"invoice_date": day, "invoice_date_due": due}
        [(move,)] = self._insert(
            "account_move",
            name=name,
            journal_id=journal.id,
            company_id=self.company.id,
            currency_id=self.company.currency_id.id,
            state="posted",
            move_type=kind,
            auto_post="no",
            date=day,
            partner_id=partner.id,
            commercial_partner_id=partner.commercial_partner_id.id,
            amount_total=abs(amount),
            amount_total_signed=amount,
            amount_residual=abs(amount),
            amount_residual_signed=amount,
            amount_untaxed_signed=amount,
            payment_state="not_paid",
            cobranca_agreement_id=agreement,
            cobranca_agreement_role="document" if agreement else None,
            **invoiced,
        )
        return move

    @staticmethod
    def _amounts(balance, residual):
        return {
            "debit": max(balance, 0),
            "credit": max(-balance, 0),
            "balance": balance,
            "amount_currency": balance,
            "amount_residual": residual,
            "amount_residual_currency": residual,
        }

    def _insert(self, table, **values):
        return self.env.execute_query(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
