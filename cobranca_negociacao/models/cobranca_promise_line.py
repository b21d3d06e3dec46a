from odoo import models
from odoo.tools import SQL


class CobrancaPromiseLine(models.Model):
    """What an agreement closes was not paid; the money of a broken one was, on the day on which it came."""

    _inherit = "cobranca.promise.line"

    # === BUSINESS METHODS === #

    def _get_receipts_query(self):
        self.env["account.move"].flush_model(["cobranca_agreement_role"])
        self.env["account.move.line"].flush_model(["cobranca_paid_on"])
        return SQL(
            """SELECT found.line_id, found.credit_id, COALESCE(credit.cobranca_paid_on, found.day) AS day,
                      found.is_credit AND credit.cobranca_paid_on IS NULL AS is_credit, found.amount
                 FROM (%s) found
                 JOIN account_move_line credit ON credit.id = found.credit_id
                 JOIN account_move move ON move.id = credit.move_id
                WHERE credit.cobranca_paid_on IS NOT NULL
                   OR COALESCE(move.cobranca_agreement_role, '') NOT IN ('transfer', 'break')""",
            super()._get_receipts_query(),
        )

    def _get_charges_paid_domain(self):
        return [*super()._get_charges_paid_domain(), ("agreement_id", "=", False)]

    def _are_settled(self):
        return super()._are_settled() and not self.env["cobranca.quittance.settlement"]._get_still_owed(self.line_id)
