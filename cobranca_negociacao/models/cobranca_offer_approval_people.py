from odoo import models
from odoo.tools import plaintext2html

ACTIVITY = "cobranca_negociacao.mail_activity_offer_approval"
GROUP = "cobranca_recorrente.cobranca_group_"
# So many get an activity; the others find it in the list.
MOST_ASKED = 5


class CobrancaOfferApprovalPeople(models.AbstractModel):
    """Who decides on an offer, is asked to and is told."""

    _name = "cobranca.offer.approval.people"
    _description = "People of an Approval"

    # === BUSINESS METHODS === #

    def _find_obstacle(self):
        """Why the current user may not decide; empty when he may."""
        self.ensure_one()
        Engine, role = self.env["cobranca.offer.engine"], self.role
        if not Engine._may_decide(self.env.user, role):
            name = self.env["cobranca.offer.authority"]._get_role_name(role)
            return self.env._("This is decided by who has the role “%(role)s” or a greater one.", role=name)
        if self.requested_by_id == self.env.user and not self._is_alone():
            return self.env._("Nobody decides on what he asked for himself: leave it to somebody else.")
        return ""

    def _is_alone(self):
        """Is the current user the only manager of this company?"""
        return self._get_people("manager") == self.env.user

    def _get_people(self, role):
        """People of this company who have a role, or a greater one.

        :return: res.users
        """
        group = self.env.ref(GROUP + role).sudo()  # sudo: who they are, no more
        company = self.sudo().company_id  # sudo: whose approval it is, whoever asks
        return group.all_user_ids.filtered(lambda user: user.active and company in user.company_ids)

    def _get_people_to_ask(self):
        """Who is asked: those who have just the role that it takes, else the greater ones; never who asked himself,
        unless nobody else is there.

        :return: res.users
        """
        able = self._get_people(self.role)
        others = able - self.requested_by_id
        Engine = self.env["cobranca.offer.engine"]
        exact = others.filtered(lambda user: Engine._get_role(user) == self.role)
        return (exact or others or able)[:MOST_ASKED]

    def _ask_people(self):
        for approval in self:
            for user in approval._get_people_to_ask():
                approval.with_context(lang=user.lang)._schedule_decision(user)

    def _schedule_decision(self, user):
        self.activity_schedule(
            ACTIVITY,
            date_deadline=self.requested_on,
            user_id=user.id,
            summary=self.env._("Offer to be approved: %(offer)s", offer=self.display_name),
            note=plaintext2html(self.excess_text),
        )

    def _end_asking(self):
        """Nobody needs to decide any more."""
        self.activity_unlink([ACTIVITY])

    def _tell_decision(self):
        """Who asked reads how it was decided, in his language."""
        person = self.requested_by_id
        if person == self.env.user or person.share:
            return
        texts = self.with_context(lang=person.lang)._prepare_decision_texts()
        self.message_notify(partner_ids=person.partner_id.ids, **texts)

    def _prepare_decision_texts(self):
        """Subject and text of what who asked reads."""
        if self.state == "approved":
            subject = self.env._("Approved: %(offer)s", offer=self.display_name)
        else:
            subject = self.env._("Refused: %(offer)s", offer=self.display_name)
        decided = self.env._("Decided by %(who)s.", who=self.decided_by_id.name)
        return {"subject": subject, "body": " ".join(filter(None, (decided, self.note)))}
