from odoo import api, models

from .cobranca_agreement_entries import ON, OURS


class CobrancaReceipt(models.AbstractModel):
    _inherit = "cobranca.receipt"

    @api.model
    def _concede(self, receipt, lines, dues, money):
        """The discount of an installment is interest that is not owed any more: the agreement books it, no expense."""
        settled = super()._concede(receipt, lines, dues, money)
        earned = {
            part.line: part.amount
            for part in settled
            if part.part == "discount" and part.line not in receipt.concessions
        }
        given = self.env["cobranca.agreement"]._give_rebates(earned, receipt.date) if earned else receipt.lines.browse()
        return [part for part in settled if part.part != "discount" or part.line not in given]

    @api.model
    def _book_today(self, receipt, company):
        """The same where the day of the money is closed: what was owed on that day counts."""
        (receipt.credits | receipt.lines)._cobranca_claim()
        super()._book_today(receipt, company)
        earned = {line: kinds["discount"] for line, kinds in receipt.concessions.items()}
        for line in self.env["cobranca.agreement"]._give_rebates(earned, receipt.date) if earned else ():
            del receipt.concessions[line]

    @api.model
    def _record_payments(self, company, date, settled):
        """What was paid for an agreement is in the register already: its break is no payment."""
        # sudo: which money is of an agreement does not depend on who receives
        paid = [part for part in settled if not (part.credit and part.credit.sudo().cobranca_paid_on)]
        return super()._record_payments(company, date, paid)

    @api.model
    def _charge_back(self, credits, date, reason):
        """Letters of what was paid with it are true no more; in agreements that follows from what is open."""
        paid = credits.sudo()  # sudo: what money paid, whoever takes it back
        lines = (paid | self._get_transfers(paid)._cobranca_get_credits()).matched_debit_ids.debit_move_id
        lines |= self.env["cobranca.agreement"]._get_broken_by_money(paid).origin_ids.line_id
        mirrors = super()._charge_back(credits, date, reason)
        for move, own in lines.filtered(lambda line: not line.reconciled).grouped("move_id").items():
            self.env["cobranca.quittance"]._follow_money_back(own, move.name)
        return mirrors

    @api.model
    def _undo(self, credits, date=None, ref=False):
        """Money of a broken agreement goes back: the agreement breaks anew, without it."""
        broken = self.env["cobranca.agreement"]._get_broken_by_money(credits)
        if not broken:
            return super()._undo(credits, date=date, ref=ref)
        revived = broken._revive()
        # Where a break could not be taken back the installment is open in the place of the debts.
        credits = credits.with_context(**{OURS: ON})
        mirrors = super()._undo(credits, date=date, ref=ref)
        credits.remove_move_reconcile()
        for agreement, values in revived.items():
            agreement._end("broken", agreement.company_id._cobranca_today(), agreement.end_reason)
            agreement.write(values)
        return mirrors
