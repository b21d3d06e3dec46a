from odoo import api, models


class CobrancaChargeGap(models.AbstractModel):
    """Debts that were paid for a while: what they cost meanwhile is not asked for when they are open again."""

    _name = "cobranca.charge.gap"
    _description = "Charges of the Time While Paid"

    @api.model
    def _forgive_gap(self, lines, since, until, reason):
        """Forgive what open debts cost by their delay between two days. They go on: later interest is owed.

        :param lines: account.move.line, debts that are open again
        :param date since: on which they were paid
        :param date until: on which the money went back
        :param str reason: kept with them and in the history of the invoices
        :return: cobranca.charge
        """
        receipt = self.env["cobranca.receipt"]
        before, after = receipt._get_accrued(lines, since), receipt._get_accrued(lines, until)
        values = [
            {
                "line_id": line.id,
                "date": until,
                "kind": kind,
                "amount": float(amount - before[line][kind]),
                "state": "waived",
                "reason": reason,
                "waived_by_id": self.env.uid,
            }
            for line, amounts in after.items()
            for kind, amount in amounts.items()
            if amount > before[line][kind]
        ]
        # sudo: nobody writes charges but their methods
        forgiven = self.env["cobranca.charge"].sudo().create(values).with_env(self.env)
        forgiven._log_waiver(reason)
        return forgiven
