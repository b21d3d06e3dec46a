from odoo import fields, models
from odoo.exceptions import AccessError, UserError

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    cobranca_charged_back_on = fields.Date(
        string="Taken back by the bank on",
        readonly=True,
        copy=False,
        groups=COLLECTOR,
        help="The state of the payment stays as it is: it was paid, and taken back later.",
    )
    cobranca_charge_back_reason = fields.Char(
        string="Why it was taken back", readonly=True, copy=False, groups=COLLECTOR
    )
    cobranca_returned_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Gives back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=COLLECTOR,
        help="What the customer had paid too much.",
    )

    # === ACTIONS === #

    def action_post(self):
        """Let a payment that names its invoices pay them: charges by their conditions included."""
        result = super().action_post()
        for payment in self.filtered(lambda payment: payment.invoice_ids and payment.move_id.state == "posted"):
            payment._cobranca_receive(payment.invoice_ids._cobranca_get_debts_to_receive())
        # sudo: which credit a payment gives back, whoever posts it
        self.env["account.move.line"].sudo()._cobranca_settle_returns(self.sudo())
        return result

    def action_draft(self):
        """:raise UserError: for a payment that the bank took back: its entries are reversed already"""
        self._cobranca_refuse_charged_back()
        return super().action_draft()

    def action_cancel(self):
        """:raise UserError: as above"""
        self._cobranca_refuse_charged_back()
        return super().action_cancel()

    def action_cobranca_charge_back(self):
        """Ask when and why the bank took this payment back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Chargeback"),
            "res_model": "cobranca.payment.charge.back",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _cobranca_receive(self, lines):
        """Settle debts with this payment, where that is for `cobranca.receipt` to do.

        Others stay as Odoo has them: money paid out, other currencies, payments without an entry (their
        money is received with the line of the bank statement).

        :param lines: account.move.line
        :return: account.move, the entries that were posted
        """
        self.ensure_one()
        receipt = self.env["cobranca.receipt"]
        credits = self.move_id._cobranca_get_credits().filtered(lambda item: not item.reconciled)
        if self.payment_type != "inbound" or not lines or not receipt._can_receive(credits, lines):
            return self.env["account.move"]
        return receipt._receive(credits, lines, self.date)

    def _cobranca_get_paid_debts(self, credits):
        """The debts of customers that money has paid, by the books and by the memos of their charges.

        :param credits: account.move.line
        :return: account.move.line
        """
        # sudo: which debts the money paid, whoever takes it back
        charges = self.env["cobranca.charge"].sudo().search([("credit_id", "in", credits.ids), ("state", "=", "paid")])
        found = charges.line_id.with_env(self.env) | credits.matched_debit_ids.debit_move_id
        # Entries of their charges are no debts of their own, nor is money that went back.
        return (found - charges.item_id).filtered(lambda line: not line.payment_id)

    def _cobranca_refuse_charged_back(self):
        # sudo: whether there is one, whoever resets
        if taken_back := self.sudo().filtered("cobranca_charged_back_on")[:1]:
            raise UserError(
                self.env._(
                    "The bank took %(payment)s back: its entries are reversed already and stay as they are.",
                    payment=taken_back.name,
                )
            )

    def _cobranca_charge_back(self, date, reason):
        """The bank took this payment back: what it had settled is open again.

        :param date date: on which it was taken back
        :param str reason: kept here and in the history of the invoices
        :return: account.move, the mirrors
        :raise AccessError: for who is no supervisor
        :raise UserError: for a payment that is not received, has no entry, or was taken back already
        """
        self.ensure_one()
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise AccessError(self.env._("Only a supervisor of Cobrança registers a chargeback."))
        self.check_access("write")
        credits = self.move_id._cobranca_get_credits()
        credits._cobranca_claim()
        self.invalidate_recordset(["cobranca_charged_back_on", "state"])
        if self.cobranca_charged_back_on:
            raise UserError(self.env._("%(payment)s was taken back already.", payment=self.name))
        if self.payment_type != "inbound" or self.state not in ("in_process", "paid") or not credits:
            raise UserError(
                self.env._(
                    "Only the received payment of a customer, with its journal entry, is taken back. Cancel one that "
                    "never came, and unreconcile the line of the bank statement where there is no entry."
                )
            )
        debts = self._cobranca_get_paid_debts(credits)
        before = {line: line.amount_residual for line in debts}
        mirrors = self.env["cobranca.receipt"]._charge_back(credits, date, reason)
        open_again = debts.filtered(lambda line: line.amount_residual > before[line])
        self.env["cobranca.charge.back"]._follow(self.company_id, open_again, self.date, date, reason.strip(), self)
        self.write({"cobranca_charged_back_on": date, "cobranca_charge_back_reason": reason.strip()})
        return mirrors
