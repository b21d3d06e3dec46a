from odoo import fields, models

ADDED = [
    ("proposal_sent", "Proposal sent"),
    ("proposal_accepted", "Proposal accepted"),
    ("proposal_refused", "Proposal refused"),
    ("agreement_signed", "Agreement signed"),
    ("agreement_broken", "Agreement broken"),
    ("agreement_cancelled", "Agreement cancelled"),
    ("agreement_restored", "Agreement restored"),
    ("agreement_paid", "Agreement paid"),
]


class CobrancaInteraction(models.Model):
    _inherit = "cobranca.interaction"

    outcome = fields.Selection(
        selection_add=ADDED,
        ondelete={key: lambda records: records._write_own({"outcome": "other"}) for key, _label in ADDED},
    )
    placement_id = fields.Many2one(
        comodel_name="cobranca.placement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Made by the agency that works it.",
    )

    # === BUSINESS METHODS === #

    def _schedule_next_step(self):
        """People of agencies have no activities: their own list reminds them."""
        user = self.user_id or self.env.user
        return False if user.share else super()._schedule_next_step()
