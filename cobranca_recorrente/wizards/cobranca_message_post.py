from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaMessagePost(models.TransientModel):
    """A person confirms that letters were posted."""

    _name = "cobranca.message.post"
    _description = "Letters Posted"

    message_ids = fields.Many2many(comodel_name="cobranca.message", string="Letters", required=True)
    note = fields.Char(string="Proof", help="Number of the registered letter, list of the post office or the like.")

    def action_confirm(self):
        """Mark the letters as sent, with the proof.

        :raise UserError: when one of them is not to be posted any more
        """
        self.ensure_one()
        letters = self.message_ids
        letters.check_access("read")
        if wrong := letters.filtered(lambda message: message.channel != "letter" or message.state != "todo"):
            raise UserError(
                self.env._("%(letter)s is not to be posted any more: take it out.", letter=wrong[0].display_name)
            )
        letters._note_by_hand(self.note)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
