from odoo import fields, models

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class PaymentTransaction(models.Model):
    """A payment by a provider: what it is for follows from its quote, and `cobranca.receipt` books it."""

    _name = "payment.transaction"
    _inherit = ["cobranca.card.transaction", "payment.transaction"]

    cobranca_quote_id = fields.Many2one(
        comodel_name="cobranca.payment.quote",
        string="Amount to pay",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=COLLECTOR,
        help="Which invoices this pays, with what they cost on the day on which the customer paid.",
    )

    # === BUSINESS METHODS === #

    def _create_payment(self, **extra_create_values):
        """Let `cobranca.receipt` decide what the money pays, and what a refund opens again.

        :return: account.payment
        """
        self.ensure_one()
        if self.operation == "refund":
            payment = super()._create_payment(**extra_create_values)
            self._cobranca_take_back(payment)
            return payment
        # sudo: which debts the customer has chosen, whoever books it
        quote = self.sudo()._cobranca_get_quote()
        if not quote or self.amount <= 0:
            return super()._create_payment(**extra_create_values)
        return self._cobranca_create_payment(quote, extra_create_values, super()._create_payment)

    def _cobranca_get_quote(self):
        """What this pays; a part of an authorised amount pays what the whole was for."""
        source = self.source_transaction_id
        if not self.cobranca_quote_id and source.operation == self.operation:
            return source.cobranca_quote_id
        return self.cobranca_quote_id

    def _cobranca_get_paid_on(self):
        """The day on which the customer paid: what he was shown then is what is settled.

        The answer of the provider may come days later.

        :return: date
        """
        begun = self.source_transaction_id if self.source_transaction_id.operation == self.operation else self
        return self.company_id._cobranca_local(begun.create_date).date()

    # --- booking ---

    def _cobranca_create_payment(self, quote, values, create_payment):
        """Make the payment of a quote and settle the debts of the quote with it.

        :param dict values: of the payment, from who calls
        :param create_payment: Odoo's own method
        :return: account.payment
        """
        owners = self | self.source_transaction_id
        kept = {transaction: transaction.invoice_ids for transaction in owners}
        # Odoo would reconcile with these invoices as a whole, without charges, and with others of them than chosen.
        owners.invoice_ids = False
        lines = quote.quote_line_ids.line_id
        date = self._cobranca_get_paid_on()
        payment = create_payment(
            **{
                "date": self._cobranca_get_book_date(date),
                "partner_id": quote.partner_id.id,
                **({"destination_account_id": lines[:1].account_id.id} if lines else {}),
                **values,
            }
        )
        for transaction, invoices in kept.items():
            transaction.invoice_ids = invoices
        payment.invoice_ids = lines.move_id.filtered(lambda move: move.is_invoice())
        if credits := payment.move_id._cobranca_get_credits():
            quote.with_env(self.env)._receive(credits, date)
        return payment

    def _cobranca_get_book_date(self, date):
        """The day of the payment's entry: today where the books of that day are closed."""
        closed = self.company_id._get_violated_lock_dates(date, False, self.provider_id.journal_id)
        return self.company_id._cobranca_today() if closed else date

    # --- refunds ---

    def _cobranca_take_back(self, refund):
        """The provider gave money back: first what the customer had too much, then his debts are open again.

        :param account.payment refund: the money that went out
        """
        paid = self.source_transaction_id.payment_id
        credits = paid.move_id._cobranca_get_credits()
        # With what went back before: it is matched with the same money.
        refunds = refund | self.env["account.payment"].search([("source_payment_id", "=", paid.id)])
        debits = refunds.move_id.line_ids.filtered(
            lambda item: item.account_id in credits.account_id and item.balance > 0
        )
        if not credits or not debits:
            return
        (credits | debits)._cobranca_claim()
        too_much = -sum(credits.mapped("amount_residual"))
        is_covered = refund.currency_id.compare_amounts(too_much, sum(debits.mapped("amount_residual"))) >= 0
        lines = credits.browse() if is_covered else self._cobranca_open_again(credits, debits, refund.date)
        (credits | debits).reconcile()
        # What was not given back still pays what it paid, as of the day on which it came.
        left = credits.filtered(lambda item: not item.reconciled)
        if left and lines:
            self.env["cobranca.receipt"]._receive_as_of(left, lines, paid.date)
        elif not left:
            # sudo: what the customer had chosen waits for its money again
            self.source_transaction_id.sudo()._cobranca_get_quote()._reopen()
        self.env["cobranca.charge"]._forgive_gap(
            lines, paid.date, self.company_id._cobranca_today(), self.env._("Paid meanwhile, and refunded")
        )

    def _cobranca_open_again(self, credits, refunded, date):
        """Take back all that some credits have paid.

        :param refunded: account.move.line, money that went out
        :return: account.move.line, those debts, the oldest first
        """
        # sudo: which debts the money may have paid, whoever gives it back
        source = self.source_transaction_id.sudo()
        found = source.payment_id._cobranca_get_paid_debts(credits)
        found |= source._cobranca_get_quote().quote_line_ids.line_id
        found |= source.invoice_ids._cobranca_get_debt_lines()
        found = found.with_env(self.env) - refunded
        before = {line: line.amount_residual for line in found}
        self.env["cobranca.receipt"]._undo(credits, date)
        credits.remove_move_reconcile()
        open_again = found.filtered(lambda line: line.amount_residual > before[line])
        return open_again.sorted(lambda line: (line.date_maturity or line.date, line.id))
