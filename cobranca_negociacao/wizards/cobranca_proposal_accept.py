import base64

from odoo import fields, models


class CobrancaProposalAccept(models.TransientModel):
    """How a customer accepted a proposal outside of his page, and who did."""

    _name = "cobranca.proposal.accept"
    _description = "Accept a Proposal for a Customer"

    proposal_id = fields.Many2one(comodel_name="cobranca.proposal", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    partner_id = fields.Many2one(related="proposal_id.partner_id")
    amount = fields.Monetary(related="proposal_id.amount")
    plan_text = fields.Char(related="proposal_id.plan_text")
    way = fields.Selection(selection="_selection_way", string="How", required=True, default="call")
    name = fields.Char(string="Who accepted", required=True)
    document = fields.Char(string="CPF or CNPJ of who accepted", required=True)
    note = fields.Text(string="Remarks")
    content = fields.Binary(string="Signed paper (PDF)", attachment=False)
    filename = fields.Char()
    signed_on = fields.Date()

    # === COMPUTE METHODS === #

    def _selection_way(self):
        return self.env["cobranca.proposal"]._get_ways()

    # === ACTIONS === #

    def action_accept(self):
        """Make the agreement, and open it.

        :raise AccessError: for who may not negotiate with this customer
        :raise UserError: with what is missing, or for a proposal that cannot be accepted any more
        """
        self.ensure_one()
        if self.way == "letter":
            content = base64.b64decode(self.content or b"")
            agreement = self.proposal_id._accept_signed(self.name, self.document, content, self.signed_on, self.note)
        else:
            agreement = self.proposal_id._accept_told(self.way, self.name, self.document, self.note)
        return agreement._get_action()
