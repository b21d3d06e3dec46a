from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaLineCredit(models.AbstractModel):
    """Money that customers have with us, because they paid twice or too much: it is used or given back."""

    _name = "cobranca.line.credit"
    _description = "Credits of Customers"

    # === ACTIONS === #

    def action_cobranca_use_credit(self):
        """Let these credits pay what is open of their customers, the oldest first, as of the day the money came.

        :return: action that tells of whom nothing is open, where some credits stay
        :raise UserError: when nothing is open of any of the customers
        """
        self._cobranca_check_credits()
        kept = self.browse()
        for credit in self.sorted(lambda item: (item.date, item.id)):
            if not credit._cobranca_use_credit():
                kept |= credit
        if kept == self:
            raise UserError(self._cobranca_tell_kept(kept))
        return self._cobranca_notify_kept(kept) if kept else True

    def action_cobranca_return_credit(self):
        """Open the payment that gives a credit back; the one that was begun already, where there is one.

        :return: action
        """
        self._cobranca_check_credits()
        self.ensure_one()
        payment = self._cobranca_find_return() or self.env["account.payment"].create(self._cobranca_prepare_return())
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.payment",
            "res_id": payment.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _cobranca_check_credits(self):
        """:raise AccessError, UserError: for who is no supervisor, or for what is no open credit of a customer"""
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Credits of customers are used and given back by a supervisor of Cobrança."))
        self.check_access("write")
        self._cobranca_claim()
        for item in self:
            is_credit = item.account_id.account_type == "asset_receivable" and item.amount_residual < 0
            if item.parent_state != "posted" or not is_credit or item.reconciled or not item.partner_id:
                raise UserError(
                    self.env._("%(item)s is no open credit of a customer.", item=item.move_name or item.name or "")
                )

    def _cobranca_use_credit(self):
        """Let a credit pay what is open of its customer.

        :return: bool, is there anything
        """
        debtor, company = self.partner_id.commercial_partner_id, self.company_id
        lines = self._cobranca_search_open_lines(company, company._cobranca_today(), SQL("partner.id = %s", debtor.id))
        if lines:
            self.env["cobranca.receipt"]._receive_as_of(self, lines, self.date)
        return bool(lines)

    def _cobranca_tell_kept(self, kept):
        return self.env._(
            "Nothing of %(customer)s is open: keep the credit for the next invoice, or give it back.",
            customer=", ".join(kept.partner_id.commercial_partner_id.mapped("name")),
        )

    def _cobranca_notify_kept(self, kept):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self._cobranca_tell_kept(kept),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _cobranca_find_return(self):
        """:return: account.payment that gives this back and is not cancelled"""
        return self.env["account.payment"].search(
            [("cobranca_returned_line_id", "=", self.id), ("state", "not in", ("canceled", "rejected"))], limit=1
        )

    def _cobranca_prepare_return(self):
        """:return: dict of values of an account.payment"""
        journal = self.journal_id
        if journal.type not in ("bank", "cash"):
            journal = self.env["account.journal"].search(
                [*self.env["account.journal"]._check_company_domain(self.company_id), ("type", "=", "bank")], limit=1
            )
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": self.partner_id.commercial_partner_id.id,
            "amount": -self.amount_residual,
            "currency_id": self.company_currency_id.id,
            "journal_id": journal.id,
            "destination_account_id": self.account_id.id,
            "memo": self.env._("Returned: %(payment)s", payment=self.move_name or ""),
            "cobranca_returned_line_id": self.id,
        }

    @api.model
    def _cobranca_settle_returns(self, payments):
        """Match money that went back with the credits that it gives back.

        :param payments: account.payment that were just posted
        """
        for payment in payments.filtered("cobranca_returned_line_id"):
            credit = payment.cobranca_returned_line_id
            debits = payment.move_id.line_ids.filtered(
                lambda item, account=credit.account_id: item.account_id == account and item.balance > 0
            )
            if debits and not credit.reconciled:
                (credit | debits).reconcile()
