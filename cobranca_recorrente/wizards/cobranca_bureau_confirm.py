from odoo import fields, models


class CobrancaBureauConfirm(models.TransientModel):
    """A supervisor registers what was done with some listings: notified, listed, removed, cancelled or kept."""

    _name = "cobranca.bureau.confirm"
    _description = "Register a Step of the Bureau List"

    step = fields.Selection(
        selection=[
            ("notified", "Customers were notified"),
            ("listed", "Debts were listed"),
            ("removed", "Debts were removed"),
            ("cancelled", "Do not list"),
            ("kept", "Payment came back"),
        ],
        required=True,
        readonly=True,
    )
    listing_ids = fields.Many2many(comodel_name="cobranca.bureau.listing", required=True, readonly=True)
    date = fields.Date(string="Done on", default=lambda self: self.env.company._cobranca_today())
    protocol = fields.Char(help="Number that the bureau gave.")
    note = fields.Char()
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Proof")

    def action_confirm(self):
        """Register it for all of them, or for none.

        :raise UserError: with what is missing, or what speaks against it
        """
        self.ensure_one()
        listings = self.listing_ids
        listings.check_access("read")
        note = (self.note or "").strip()
        if self.step == "notified":
            own = self.env["cobranca.dispute"]._get_own_files(self.attachment_ids)
            listings._confirm_notice(self.date, note, own)
        elif self.step == "listed":
            listings._confirm_listing(self.date, self.protocol, note)
        elif self.step == "removed":
            listings._confirm_removal(self.date, self.protocol, note)
        elif self.step == "kept":
            listings._confirm_kept(note)
        else:
            listings._confirm_cancel(note)
        return {"type": "ir.actions.act_window_close"}
