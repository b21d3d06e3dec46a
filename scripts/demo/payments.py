"""How the customers of the demo pay: most of them in time, some late, some not yet."""

import random
from datetime import timedelta

from odoo import Command

from demo.days import BusinessDays

# Of ten contracts one pays late often, two now and then; the others in time.
LATE_OFTEN, LATE_SOMETIMES = 1, 3
# Each contract has a time of its own in which it may stop paying, every so many days: in this share of them nothing is
# paid for weeks or months, then all on one day. Until some weeks before today all of these have paid; who is so late by
# now is told one by one (`demo.debtors`).
TURN, LONG, LONG_DAYS, LONG_OVER = 100, 0.42, (40, 54, 68, 82, 98), 25
# Share of the late payments by which only the amount of the invoice is paid.
WITHOUT_CHARGES = 0.12
# Late payments of so many days are registered by people, one by one.
BY_HAND_DAYS = 120


class Payments:
    """Plans when each invoice is paid, and books day by day what comes in: in time by the bank's return file,
    late ones as people register them, with fine and interest."""

    def __init__(self, demo, first_day):
        self.env = demo.env
        self.company = demo.company
        self.journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
        begin, end = first_day - timedelta(days=60), demo.today + timedelta(days=90)
        self.days = BusinessDays(self.env["cobranca.holiday"]._get_holidays(self.company, begin, end))
        # Before, boletos alone were paid, whose fine and interest the bank computes.
        self.by_hand_from = demo.today - timedelta(days=BY_HAND_DAYS)
        self.long_until = demo.today - timedelta(days=LONG_OVER)
        self.plan, self.due = {}, {}
        self.promised = set()
        self.refused = lambda contract, due: False

    def learn(self, day, since):
        """Decide when the invoices that fall due until soon after a day are paid.

        :param date since: until it everything is played already
        """
        Move = self.env["account.move"]
        open_ones = [("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("amount_residual", ">", 0)]
        open_ones.append(("cobranca_agreement_id", "=", False))
        for invoice in Move.search([*open_ones, ("invoice_date_due", "<=", day + timedelta(days=5))]):
            if invoice.id not in self.due:
                self.due[invoice.id] = invoice.invoice_date_due
                if paid_on := self._draw_day(invoice):
                    self.plan.setdefault(max(paid_on, since + timedelta(days=1)), []).append(invoice.id)

    def _draw_day(self, invoice):
        """:return: the day on which it is paid, or None"""
        contract = invoice.cobranca_period_ids.contract_id[:1]
        due = invoice.invoice_date_due
        if self.refused(contract, due):
            return None
        if contract.charge_policy_id:  # for the sake of the discount
            earliest = self.days.previous(due - timedelta(days=5))
            return max(earliest, invoice.invoice_date)
        if paid_on := self._draw_long(contract, due):
            return paid_on
        chance = random.Random(f"{contract.id} {due}").random()
        habit = contract.id % 10
        is_late = chance < 0.55 if habit < LATE_OFTEN else chance < 0.2 if habit < LATE_SOMETIMES else chance < 0.02
        in_time = max(self._get_usual_day(due), invoice.invoice_date)
        if not is_late:
            return in_time
        # One of a few delays, so that many of them are booked on the same day.
        return self.days.add(in_time, (2, 4, 8, 13)[int(chance * 1000) % 4])

    def _draw_long(self, contract, due):
        """:return: the day on which all is paid that was left for weeks or months; None for the others"""
        turn, days_since = divmod(due.toordinal() + 37 * contract.id, TURN)
        chance = random.Random(f"long {contract.id} {turn}")
        if chance.random() >= LONG:
            return None
        begin = due - timedelta(days=days_since)
        paid_on = self.days.previous(begin + timedelta(days=chance.choice(LONG_DAYS)))
        # What falls due just before that day is not left for long.
        is_left = due < paid_on - timedelta(days=8) and paid_on < self.long_until
        return paid_on if is_left else None

    def _get_usual_day(self, due):
        """On the day itself, or when banks open next."""
        return self.days.next(due)

    def planned_late(self, day):
        """The invoices that are paid on a day, eight days late or more.

        :return: account.move
        """
        late = [number for number in self.plan.get(day, ()) if (day - self.due[number]).days >= 8]
        return self.env["account.move"].browse(late)

    def receive(self, day):
        """Book what is paid on a day."""
        from odoo.addons.cobranca_recorrente.models.cobranca_receipt import Receipt  # noqa: PLC0415  (found later)

        invoices = self.env["account.move"].browse(self.plan.pop(day, ()))
        lines = invoices._cobranca_get_debts_to_receive()
        if not lines:
            return
        is_plain = all(line.date_maturity >= day for line in lines) and not self._get_policies(invoices)
        amounts = {line: line.amount_residual for line in lines}
        late = lines.browse()
        if not is_plain:
            for line, debt in lines._cobranca_read_debts(day).items():
                amounts[line] = self._get_amount(line, debt)
                late |= line if debt.days_late and day >= self.by_hand_from else lines.browse()
        credits = {**self._book_return(day, lines - late, amounts), **self._register(day, late, amounts)}
        self.env["cobranca.receipt"]._receive_all([Receipt(credits[line], line, day) for line in lines])

    def _get_policies(self, invoices):
        return invoices.cobranca_period_ids.contract_id.charge_policy_id

    def _get_amount(self, line, debt):
        """What a customer transfers: with charges or, now and then, without; less a discount for paying early."""
        is_spared = debt.days_late and line.move_id.id not in self.promised
        if is_spared and random.Random(f"charges {line.id}").random() < WITHOUT_CHARGES:
            return line.amount_residual
        return float(debt.charges.total - debt.discount)

    def _book_return(self, day, lines, amounts):
        """What was paid by boleto or Pix, as one entry of the bank's return file.

        :return: {debt: its credit}
        """
        if not lines:
            return {}
        total = sum(amounts[line] for line in lines)
        rows = [{"account_id": self.journal.default_account_id.id, "debit": total, "name": "Retorno bancário"}]
        rows += [
            {
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "credit": amounts[line],
                "name": f"Liquidação {line.move_name}",
            }
            for line in lines
        ]
        move = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "date": day,
                "ref": f"Retorno {day:%d/%m/%Y}",
                "line_ids": [Command.create(row) for row in rows],
            }
        )
        move.action_post()
        items = move.line_ids.filtered("credit").sorted("id")
        return dict(zip(lines, items, strict=True))

    def _register(self, day, lines, amounts):
        """What people registered one by one.

        :return: {debt: its credit}
        """
        if not lines:
            return {}
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": line.partner_id.commercial_partner_id.id,
                    "amount": amounts[line],
                    "date": day,
                    "journal_id": self.journal.id,
                    "memo": line.move_name,
                }
                for line in lines
            ]
        )
        payments.action_post()
        return {line: payment.move_id._cobranca_get_credits() for line, payment in zip(lines, payments, strict=True)}
