from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..tools.late_charges import ZERO
from .cobranca_receipt_entries import CONCESSIONS

OVERPAID = "cobranca_recorrente.mail_activity_overpaid"


class CobrancaReceiptRecord(models.AbstractModel):
    """What people read of money that came: the register of contacts, and who has paid too much."""

    _name = "cobranca.receipt.record"
    _description = "Record of a Receipt"

    @api.model
    def _record_payments(self, company, date, settled):
        """Write into the register of contacts what customers paid, one row for each payment of each.

        :param list settled: of Settled
        :return: cobranca.interaction
        """
        paid = defaultdict(lambda: [ZERO, self.env["account.move.line"]])
        for item in settled:
            if item.credit and item.part not in CONCESSIONS:
                found = paid[item.line.partner_id.commercial_partner_id, item.credit]
                found[0] += item.amount
                found[1] |= item.line
        Interaction = self.env["cobranca.interaction"].sudo()  # sudo: a register that only methods write
        values = [
            self._prepare_payment_record(company, partner, credit, date, amount, lines)
            for (partner, credit), (amount, lines) in paid.items()
        ]
        debtors = self.env["res.partner"].union(*(partner for partner, _credit in paid))
        self.env["cobranca.case.touch"]._touch(company, debtors)
        return Interaction.create(values)

    @api.model
    def _prepare_payment_record(self, company, partner, credit, date, amount, lines):
        """:return: dict of values of a cobranca.interaction"""
        note = self.env._(
            "Paid %(amount)s on %(date)s (%(means)s): %(invoices)s",
            amount=company.currency_id.format(float(amount)),
            date=format_date(self.env, date),
            means=self._get_means(credit),
            invoices=", ".join(sorted({line.move_name or line.name or "" for line in lines})),
        )
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "date": fields.Datetime.now(),
            "user_id": False,
            "channel": "system",
            "direction": "in",
            "outcome": "paid",
            "note": note,
            "line_ids": [fields.Command.set(lines.ids)],
        }

    @api.model
    def _get_means(self, credit):
        """How money came, in a word or two.

        :param credit: account.move.line
        """
        credit = credit.sudo()  # sudo: the name of a means, whoever receives
        transaction = credit.payment_id.payment_transaction_id
        return transaction.payment_method_id.name or credit.journal_id.name or ""

    @api.model
    def _tell_overpaid(self, receipts):
        """Somebody has to give back what was paid twice, or use it: a task for who works the customer.

        :param receipts: of Receipt; those whose debts are all settled, with money left
        """
        engine = self.env["cobranca.dunning.engine"]
        for receipt in receipts:
            left = receipt.credits.filtered(lambda credit: not credit.reconciled)
            if not left or receipt.lines.filtered(lambda line: not line.reconciled):
                continue
            company, amount = left.company_id[:1], -sum(left.mapped("amount_residual"))
            engine._schedule(
                company,
                left[0].partner_id.commercial_partner_id,
                self.env._("Paid too much: %(amount)s", amount=company.currency_id.format(amount)),
                self.env._(
                    "Use it for the next invoice, or give it back: Cobrança › Money Received › Credits of Customers."
                ),
                OVERPAID,
            )
