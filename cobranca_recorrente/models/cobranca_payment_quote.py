from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import quote
from .cobranca_receipt import Receipt

SOURCES = [
    ("page", "Payments page"),
    ("message", "Message"),
    ("invoice", "Invoice (PDF)"),
    ("online", "Payment provider"),
    ("card", "Card on file"),
]
STATES = [("open", "Waiting"), ("paid", "Paid")]


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to pay: some debts of one debtor, as of a day.

    :param lines: account.move.line; what is not open, of others or in another currency is left out
    :param amount: a part of what they cost; None = all
    :param date: None = the company's today
    """

    company: models.Model
    debtor: models.Model
    lines: models.Model
    source: str = "page"
    amount: Decimal | None = None
    date: Date | None = None


class CobrancaPaymentQuote(models.Model):
    """What somebody is about to pay: some debts of one debtor, what they cost on one day, and its reference.

    The reference (Pix: txid) comes back with the money and tells what it is for. A quote is worth its amount
    until the end of its day; money of another day pays what the debts cost then. Quotes are written by the
    methods of this model only.
    """

    _name = "cobranca.payment.quote"
    _inherit = ["cobranca.payment.quote.writing"]
    _description = "Amount to Pay"
    _order = "date desc, id desc"
    _rec_name = "txid"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    date = fields.Date(string="Amounts of", required=True, readonly=True, help="Worth this amount until that day ends.")
    source = fields.Selection(selection=SOURCES, string="Given out by", required=True, readonly=True)
    total = fields.Monetary(string="Cost on that day", readonly=True)
    amount = fields.Monetary(string="To pay", required=True, readonly=True)
    txid = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        help="Comes back in the bank statement (Pix: txid).",
    )
    fingerprint = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, copy=False)
    paid_on = fields.Date(string="Paid on", readonly=True, copy=False)
    quote_line_ids = fields.One2many(
        comodel_name="cobranca.payment.quote.line", inverse_name="quote_id", string="Lines", readonly=True
    )

    _uniq_txid = models.UniqueIndex("(txid)", "This reference was given out already.")
    # The same choice asked for twice, even at the same moment, is one quote.
    _uniq_open = models.UniqueIndex("(fingerprint) WHERE state = 'open'", "This was given out already.")

    # === BUSINESS METHODS === #

    @api.model
    def _make(self, company, debtor, lines, amount=None, source="page", date=None):
        """What a debtor is about to pay; asked for again it is the same one.

        The caller answers for whose lines may be seen; amounts are computed here, whatever a browser says.

        :param company: res.company
        :param debtor: res.partner, the commercial one
        :param lines: account.move.line
        :param Decimal amount: a part of what they cost on that day; None = all
        :param str source: who gives it out
        :param date date: None = today
        :return: cobranca.payment.quote, with the rights of the system
        :raise UserError: when nothing of it is open, or with the amount that cannot be paid
        """
        wanted = Wanted(company, debtor, lines, source, amount, date)
        [found] = self._make_all([wanted])
        if not found:
            raise UserError(self.env._("Nothing of this is open any more. Load the page again."))
        return found

    @api.model
    def _make_all(self, wanted, debts=None):
        """The same for many, by a few queries.

        :param list wanted: of Wanted
        :param dict debts: {account.move.line: tools.debt.Debt} of lines that are open, each as of the day of who
            wants it, where the caller has just read them; None = they are read here
        :return: list of cobranca.payment.quote in the same order, empty where nothing is open
        :raise UserError: with the amount that cannot be paid
        """
        read = self._read(wanted) if debts is None else None
        found = [self._choose(choice, self._get_debts_of(choice, read, debts)) for choice in wanted]
        prepared = [self._prepare(choice, items) for choice, items in zip(wanted, found, strict=True)]
        rows = {row["fingerprint"]: row for row in prepared if row}
        quotes = self._write_down(rows) if rows else {}
        # sudo: written by this method only, for whoever may pay
        none = self.sudo().browse()
        return [quotes[row["fingerprint"]] if row else none for row in prepared]

    @api.model
    def _find(self, company, txids):
        """The quotes of references as banks return them.

        :return: {reference as given: cobranca.payment.quote}
        """
        known = {text: quote.normalized(text) for text in txids}
        # sudo: what was given out, by a reference that nobody can guess
        found = self.sudo().search(
            [("company_id", "=", company.id), ("txid", "in", [txid for txid in known.values() if txid])]
        )
        by_txid = {item.txid: item for item in found}
        return {text: by_txid[txid] for text, txid in known.items() if txid in by_txid}

    def _receive(self, credits, date):
        """Money for this came in: it pays its debts, the oldest first, by what they cost on that day.

        A second call finds the money spent and books nothing; what is too much stays a credit of the customer.
        Where the books of that day are closed it is booked today.

        :param credits: account.move.line, open credits on receivable accounts
        :param date date: on which the customer paid
        :return: account.move, the entries that were posted
        """
        self.ensure_one()
        return self._receive_all([(self, credits, date)])

    @api.model
    def _receive_all(self, rows):
        """The same for many payments, with one entry for each day.

        :param list rows: of (cobranca.payment.quote, credits, date)
        :return: account.move, the entries that were posted
        """
        quotes = self.union(*(item for item, _credits, _date in rows))
        quotes._lock()
        receipts = [Receipt(credits, item._get_open_lines(), date) for item, credits, date in rows]
        moves = self.env["cobranca.receipt"]._receive_all_as_of([receipt for receipt in receipts if receipt.lines])
        self.env["cobranca.receipt"]._tell_overpaid([receipt for receipt in receipts if not receipt.lines])
        days = {item: date for item, _credits, date in rows}
        for date, paid in quotes.filtered(lambda item: item.state == "open").grouped(days.get).items():
            paid.sudo().write({"state": "paid", "paid_on": date})  # sudo: rows are written by methods only
        return moves

    def _reopen(self):
        """The money for these was taken back, or was not for them: what they ask for is waited for again."""
        self._lock()
        quotes = self.sudo()  # sudo: rows are written by methods only
        # Asked for once more meanwhile, the same choice waits already: this one stays as it was.
        waiting = quotes.search([("fingerprint", "in", quotes.mapped("fingerprint")), ("state", "=", "open")])
        again = set(waiting.mapped("fingerprint"))
        paid = quotes.filtered(lambda item: item.state == "paid" and item.fingerprint not in again)
        paid.write({"state": "open", "paid_on": False})

    def _lock(self):
        """Wait for whoever books money of the same quotes, instead of failing: a customer's page would stop there."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM cobranca_payment_quote WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", list(self.ids)
            )
        )
        self.invalidate_recordset(["state"])

    def _get_open_lines(self):
        """Of its debts those that are still open, the oldest first, with the rights of the caller.

        :return: account.move.line
        """
        lines = self.sudo().quote_line_ids.line_id.with_env(self.env)  # sudo: which lines, no more
        still_open = lines.filtered(lambda line: not line.reconciled and line.amount_residual > 0)
        return still_open.sorted(lambda line: (line.date_maturity or line.date, line.id))

    # --- making ---

    @api.model
    def _read(self, wanted):
        """What the chosen debts cost, each on its day.

        :return: {(company, day): {account.move.line: tools.debt.Debt}}, the oldest first
        """
        groups = defaultdict(list)
        for choice in wanted:
            groups[choice.company, choice.date or choice.company._cobranca_today()].append(choice)
        # sudo: the caller answers for whose lines these are
        Line = self.env["account.move.line"].sudo()
        debts = {}
        for (company, date), choices in groups.items():
            ids = sorted(set(chain.from_iterable(choice.lines.ids for choice in choices)))
            lines = Line._cobranca_search_open_lines(company, date, SQL("line.id = ANY(%s)", ids))
            debts[company, date] = lines._cobranca_read_debts(date)
        return debts

    @api.model
    def _get_debts_of(self, choice, read, debts):
        """What the debts of one who wants to pay cost, of what was read here or is known."""
        if read is None:
            known = choice.lines.filtered(lambda line: line in debts)
            return {line: debts[line] for line in known.sorted(lambda line: (debts[line].due, line.id))}
        wanted = set(choice.lines.ids)
        date = choice.date or choice.company._cobranca_today()
        return {line: debt for line, debt in read[choice.company, date].items() if line.id in wanted}

    @api.model
    def _choose(self, choice, debts):
        """The items of what somebody wants."""
        debtor, currency = choice.debtor.id, choice.company.currency_id
        return [
            quote.Item(line.id, debt.charges.principal, debt.charges.charges, debt.discount)
            for line, debt in debts.items()
            if line.partner_id.commercial_partner_id.id == debtor
            and line.currency_id == currency
            and debt.charges.total > 0
        ]

    @api.model
    def _prepare(self, choice, items):
        """:return: dict of a row and its lines; None where nothing is open"""
        if not items:
            return None
        total = sum((item.amount for item in items), Decimal(0))
        try:
            amount = quote.chosen(total, choice.amount)
        except ValueError:
            raise UserError(
                self.env._(
                    "Write an amount between %(least)s and %(most)s.",
                    least=choice.company.currency_id.format(0.01),
                    most=choice.company.currency_id.format(float(total)),
                )
            ) from None
        date = choice.date or choice.company._cobranca_today()
        owner = (choice.company.id, choice.debtor.id, choice.source, date.isoformat())
        return {
            "company_id": choice.company.id,
            "partner_id": choice.debtor.id,
            "currency_id": choice.company.currency_id.id,
            "date": date,
            "source": choice.source,
            "total": total,
            "amount": amount,
            "fingerprint": quote.fingerprint(owner, items, amount),
            "items": items,
        }
