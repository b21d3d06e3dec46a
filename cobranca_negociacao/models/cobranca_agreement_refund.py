from odoo import api, models
from odoo.exceptions import UserError

KEPT = ("ended_on", "end_reason", "restored_on")


class CobrancaAgreementRefund(models.AbstractModel):
    """Money of a broken agreement that goes back, long after the break: the debts are open again by so much."""

    _name = "cobranca.agreement.refund"
    _description = "Payments of Broken Agreements that Go Back"

    # === BUSINESS METHODS === #

    @api.model
    def _get_broken_by_money(self, credits):
        """The broken agreements for which some money was paid.

        :param credits: account.move.line
        :return: cobranca.agreement
        """
        credits = credits.sudo()  # sudo: what money paid, whoever takes it back
        bridges = self.env["cobranca.receipt"]._get_transfers(credits)
        lines = (credits | bridges._cobranca_get_credits()).matched_debit_ids.debit_move_id
        # sudo: which ones, whoever takes it back
        Installment, Charge = self.env["cobranca.agreement.installment"].sudo(), self.env["cobranca.charge"].sudo()
        items = Installment.search([("line_id", "in", lines.ids), ("agreement_id.state", "=", "broken")])
        # Late charges of installments, which the break took back.
        charges = Charge.search(
            [("credit_id", "in", credits.ids), ("state", "=", "undone"), ("agreement_id.state", "=", "broken")]
        )
        return items.agreement_id | charges.agreement_id

    def _revive(self):
        """Take breaks back until the money is gone; the caller lets the agreements break anew.

        Where that is not possible, because the debts changed since, the installment stays open in the place of
        the debts, and somebody is told.

        :return: {cobranca.agreement: dict of the values of its break}
        """
        revived = {}
        for agreement in self:
            values = {**{name: agreement[name] for name in KEPT}, "ended_by_id": agreement.ended_by_id.id}
            reason = agreement.end_reason
            try:
                with self.env.cr.savepoint():
                    agreement._claim()
                    agreement.with_company(agreement.company_id)._post_restored(agreement.company_id._cobranca_today())
            except UserError as error:
                self.env.invalidate_all()
                agreement._ask_to_look(str(error))
                continue
            agreement.end_reason = reason
            revived[agreement] = values
        return revived

    def _ask_to_look(self, why):
        self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("Payment of the broken agreement %(agreement)s went back", agreement=self.name),
            self.env._("Its installment is open again in the place of the debts. %(why)s", why=why),
            "cobranca_negociacao.mail_activity_agreement",
        )
