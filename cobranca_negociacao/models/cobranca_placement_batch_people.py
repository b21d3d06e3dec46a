from odoo import models
from odoo.tools import plaintext2html

ACTIVITY = "cobranca_negociacao.mail_activity_placement_batch"
GROUP = "cobranca_recorrente.cobranca_group_"
# So many get an activity; the others find it in the list.
MOST_ASKED = 5


class CobrancaPlacementBatchPeople(models.AbstractModel):
    """Who decides what agencies get: a manager, and never who proposed it unless there is no other one."""

    _name = "cobranca.placement.batch.people"
    _description = "People of Proposed Placements"

    # === BUSINESS METHODS === #

    def _find_obstacle(self):
        """Why the current user may not decide; empty when he may."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group(GROUP + "manager"):
            return self.env._("What agencies get is approved by a manager: ask one.")
        if self.proposed_by_id == user and self._get_managers() != user:
            return self.env._("Nobody approves what he proposed himself: leave it to another manager.")
        return ""

    def _get_managers(self):
        """:return: res.users, the managers of this company"""
        group = self.env.ref(GROUP + "manager").sudo()  # sudo: who they are, no more
        company = self.sudo().company_id  # sudo: whose proposal it is, whoever asks
        return group.all_user_ids.filtered(lambda user: user.active and company in user.company_ids)

    def _ask_managers(self):
        """Each manager but who proposed gets it among his activities."""
        for batch in self:
            managers = batch._get_managers()
            for user in (managers - batch.proposed_by_id or managers)[:MOST_ASKED]:
                batch.with_context(lang=user.lang)._schedule_decision(user)

    def _schedule_decision(self, user):
        self.activity_schedule(
            ACTIVITY,
            date_deadline=self.date,
            user_id=user.id,
            summary=self.env._("Placement to be approved: %(number)s", number=self.name),
            note=plaintext2html(
                self.env._(
                    "%(count)s customers, %(amount)s",
                    count=self.figures["customers"],
                    amount=self.currency_id.format(self.figures["amount"]),
                )
            ),
        )

    def _end_asking(self):
        """Nobody needs to decide any more."""
        self.activity_unlink([ACTIVITY])
