from markupsafe import Markup

from odoo import models


class CobrancaMessageText(models.AbstractModel):
    """Stand-in of the branch `texts`; replaced at its merge."""

    _name = "cobranca.message.text"
    _description = "Words of a Message"

    def _render_texts(self):
        """:return: {message: dict(subject, body, text)}"""
        return {
            message: {
                "subject": message.company_id.name,
                "body": Markup("<p>%s</p>") % message.amount,
                "text": f"{message.company_id.name} {message.amount}",
            }
            for message in self
        }
