from dataclasses import dataclass, field

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context, format_date

from ..tools.late_charges import ZERO
from ..tools.receipt import PRINCIPAL
from .account_chart_template import CHARGE_JOURNAL, LOSS_JOURNAL, TRANSFER_JOURNAL

# What settles a debt without money, and the journal of its entry.
CONCESSIONS = {"discount": CHARGE_JOURNAL, "loss": LOSS_JOURNAL, "estimate": LOSS_JOURNAL}


@dataclass
class Booking:
    """What was posted for a batch.

    :param moves: account.move
    :param dict charge_items: {line: the debit of its charges}
    :param dict concession_items: {(line, kind): the credit that settles it without money}
    :param dict recovery_items: {(line, credit): (what the contra account of a loss gives back, amount)}
    :param dict bridge_items: {(credit, account): (debit where the credit is, credit on the account)}
    """

    moves: models.Model
    charge_items: dict = field(default_factory=dict)
    concession_items: dict = field(default_factory=dict)
    recovery_items: dict = field(default_factory=dict)
    bridge_items: dict = field(default_factory=dict)


class CobrancaReceiptEntries(models.AbstractModel):
    """The entries of receipts. Odoo reconciles pair by pair: the order of payment is ours, not a guess."""

    _name = "cobranca.receipt.entries"
    _description = "Entries of a Receipt"

    @api.model
    def _book(self, company, date, settled):
        """Post the entries of a batch and reconcile them with money and debts.

        :param list settled: of Settled
        :return: Booking
        """
        booking = Booking(self.env["account.move"])
        self._book_charges(company, date, settled, booking)
        self._book_bridges(company, date, settled, booking)
        self.env["account.move.line"]._reconcile_plan(self._get_plan(settled, booking))
        return booking

    @api.model
    def _book_charges(self, company, date, settled, booking):
        """One entry for charges and discounts, one for losses: an entry of its own, never the payment's."""
        charges, given = self._sum_parts(settled)
        recovered = self._get_recovered(settled)
        rows = {CHARGE_JOURNAL: [], LOSS_JOURNAL: []}
        for line, kinds in charges.items():
            rows[CHARGE_JOURNAL] += self._get_charge_rows(company, date, line, kinds)
        for (line, kind), amount in given.items():
            rows[CONCESSIONS[kind]] += self._get_concession_rows(company, line, kind, amount)
        for (line, credit), amount in recovered.items():
            rows[LOSS_JOURNAL] += self._get_recovery_rows(company, date, line, credit, amount)
        posted = {}
        for journal, its_rows in rows.items():
            posted.update(self._post_rows(company, journal, date, its_rows, booking))
        booking.charge_items = {line: posted["charges", line] for line in charges}
        booking.concession_items = {key: posted[("given", *key)] for key in given}
        booking.recovery_items = {key: (posted[("recovery", *key)], amount) for key, amount in recovered.items()}

    @api.model
    def _sum_parts(self, settled):
        """The charges that are paid and what is settled without money.

        :return: ({line: {kind: amount}}, {(line, kind): amount})
        """
        charges, given = {}, {}
        for part in settled:
            if part.part in CONCESSIONS:
                given[part.line, part.part] = given.get((part.line, part.part), ZERO) + part.amount
            elif part.part != PRINCIPAL:
                kinds = charges.setdefault(part.line, {})
                kinds[part.part] = kinds.get(part.part, ZERO) + part.amount
        return charges, given

    @api.model
    def _get_charge_rows(self, company, date, line, kinds):
        """(key, values) of the items of one debt's charges: due on the day they are paid."""
        rows = [
            (None, self._item(line, company._cobranca_get_account(kind), -amount, date))
            for kind, amount in kinds.items()
        ]
        total = sum(kinds.values(), ZERO)
        return [(("charges", line), self._item(line, line.account_id, total, date)), *rows]

    @api.model
    def _get_concession_rows(self, company, line, kind, amount):
        """(key, values) of the items of a discount or loss: with the due date of the debt, for aged balances."""
        return [
            (None, self._item(line, company._cobranca_get_account(kind), amount, line.date_maturity)),
            (("given", line, kind), self._item(line, line.account_id, -amount, line.date_maturity)),
        ]

    @api.model
    def _get_recovered(self, settled):
        """What is paid of debts that are deducted as lost and still collected: income again (Lei 9.430, art. 12).

        :return: {(line, credit): amount}
        """
        lines = self.env["account.move.line"].union(*(part.line for part in settled))
        left = {
            line: self._to_decimal(line, amount)
            for line, (amount, is_open) in self.env["cobranca.loss"]._get_left(lines).items()
            if is_open
        }
        recovered = {}
        for part in settled:
            if part.part == PRINCIPAL and (amount := min(part.amount, left.get(part.line, ZERO))):
                key = (part.line, part.credit)
                recovered[key] = recovered.get(key, ZERO) + amount
                left[part.line] -= amount
        return recovered

    @api.model
    def _get_recovery_rows(self, company, date, line, credit, amount):
        """(key, values) of the items by which the contra account of a loss gives back what was paid."""
        return [
            (("recovery", line, credit), self._item(line, company._cobranca_get_account("estimate"), amount, date)),
            (None, self._item(line, company._cobranca_get_account("recovery"), -amount, date)),
        ]

    @api.model
    def _book_bridges(self, company, date, settled, booking):
        """Carry money to the receivable account of the debt that it pays: Odoo reconciles inside of one only.

        Each credit has a bridge of its own, which goes when the credit goes.
        """
        amounts = {}
        for part in settled:
            account = part.line.account_id
            if part.part not in CONCESSIONS and part.credit.account_id != account:
                accounts = amounts.setdefault(part.credit, {})
                accounts[account] = accounts.get(account, ZERO) + part.amount
        for credit, accounts in amounts.items():
            rows = []
            for account, amount in accounts.items():
                rows.append((("from", account), self._item(credit, credit.account_id, amount, date)))
                rows.append((("to", account), self._item(credit, account, -amount, date)))
            posted = dict(self._post_rows(company, TRANSFER_JOURNAL, date, rows, booking))
            for account in accounts:
                booking.bridge_items[credit, account] = (posted["from", account], posted["to", account])

    @api.model
    def _get_plan(self, settled, booking):
        """Which items are reconciled with which, in the order of payment.

        :return: list of account.move.line
        """
        pairs = [item | line for (line, _kind), item in booking.concession_items.items()]
        pairs += [credit | bridge[0] for (credit, _account), bridge in booking.bridge_items.items()]
        seen = {}
        for part in settled:
            if part.part in CONCESSIONS:
                continue
            account = part.line.account_id
            same = part.credit.account_id == account
            source = part.credit if same else booking.bridge_items[part.credit, account][1]
            target = part.line if part.part == PRINCIPAL else booking.charge_items[part.line]
            seen.setdefault((source, target), source | target)
        return [*pairs, *seen.values()]

    @api.model
    def _book_advances(self, company, date, receipts):
        """Move what was paid in excess to the account of advances, where a receipt says so.

        :return: account.move
        """
        booking = Booking(self.env["account.move"])
        plan = []
        for receipt in receipts:
            for credit in receipt.credits if receipt.leftover == "advance" else ():
                if credit.reconciled or credit.amount_residual >= 0:
                    continue
                left = self._to_decimal(credit, -credit.amount_residual)
                account = company._cobranca_get_account("advance")
                rows = [
                    ("from", self._item(credit, credit.account_id, left, date)),
                    ("to", self._item(credit, account, -left, date)),
                ]
                posted = dict(self._post_rows(company, CHARGE_JOURNAL, date, rows, booking))
                plan.append(credit | posted["from"])
        self.env["account.move.line"]._reconcile_plan(plan)
        return booking.moves

    # === ITEMS === #

    @api.model
    def _item(self, line, account, balance, due):
        """Values of a journal item.

        No partner on results: Odoo would propose the account on his next invoice.
        """
        is_balance = account.internal_group in ("asset", "liability")
        return {
            "account_id": account.id,
            "balance": float(balance),
            "date_maturity": due,
            "name": f"{account.name} · {line.move_name or line.name}",
            "partner_id": line.partner_id.id if is_balance else False,
            "tax_ids": [Command.clear()],
        }

    @api.model
    def _post_rows(self, company, journal, date, rows, booking):
        """Post an entry.

        :param list rows: of (key, values of an item)
        :return: list of (key, account.move.line)
        """
        if not rows:
            return []
        move = self._post_entry(company, journal, date, [values for _key, values in rows])
        booking.moves |= move
        return [(key, item) for (key, _values), item in zip(rows, move.line_ids.sorted("id"), strict=True)]

    @api.model
    def _post_entry(self, company, journal, date, items, ref=False):
        """Make and post an entry of these addons.

        :param list items: values of its items
        :return: account.move
        :raise UserError: in a period that is closed
        """
        journal = company._cobranca_get_journal(journal)
        locks = company._get_violated_lock_dates(date, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "The books of %(company)s are closed until %(closed)s: charges of %(day)s cannot be booked any "
                    "more. Receive with a later day, or let your accountant open the period.",
                    company=company.name,
                    closed=format_date(self.env, max(lock[0] for lock in locks)),
                    day=format_date(self.env, date),
                )
            )
        # What the screen wants of new records is not meant for this one.
        context = clean_context(self.env.context)
        move = (
            self.env["account.move"]
            .with_context(**context)
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "date": date,
                    "journal_id": journal.id,
                    "ref": ref,
                    "line_ids": [Command.create(values) for values in items],
                }
            )
        )
        move._post(soft=False)
        return move
