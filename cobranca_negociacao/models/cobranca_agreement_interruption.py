from odoo import fields, models


class CobrancaAgreementInterruption(models.AbstractModel):
    """Who agrees on a debt acknowledges it: its prescription counts anew, once (CC, art. 202, VI)."""

    _name = "cobranca.agreement.interruption"
    _description = "Prescription Interrupted by an Agreement"

    interrupted_move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="cobranca_agreement_interrupted_rel",
        column1="agreement_id",
        column2="move_id",
        string="Prescription interrupted",
        readonly=True,
        copy=False,
        help="The invoices whose prescription counts anew from the day of this agreement.",
    )

    # === BUSINESS METHODS === #

    def _interrupt_prescription(self):
        """The invoices that an agreement, or one that it renegotiates, began with are acknowledged.

        For who has the evidence that the customer agreed. What was interrupted before stays so: the law admits it once.
        """
        for agreement in self:
            lines = self.env["cobranca.agreement.origin"]._get_replaced(agreement.origin_ids.line_id)
            moves = lines.move_id.filtered(
                lambda move, day=agreement.date: move.cobranca_agreement_role != "document"
                and not move.cobranca_interruption_date
                and (move.invoice_date or move.date) <= day
            )
            moves.cobranca_interruption_date = agreement.date
            agreement.interrupted_move_ids = moves

    def _take_interruption_back(self):
        """Nothing was acknowledged by an agreement that is undone; what somebody corrected since stays."""
        for agreement in self:
            agreement.interrupted_move_ids.filtered(
                lambda move, day=agreement.date: move.cobranca_interruption_date == day
            ).cobranca_interruption_date = False
            agreement.interrupted_move_ids = False
