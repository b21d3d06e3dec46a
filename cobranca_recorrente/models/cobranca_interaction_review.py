from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools import sample

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
# What a supervisor writes; all else in the register stays as it was registered.
REVIEW = {"review", "review_note", "reviewed_by_id", "reviewed_on"}
GRADES = [("good", "Well done"), ("improve", "To improve")]
# A fair sample: so many contacts of each collector, of so many days.
SAMPLE_SIZE, SAMPLE_DAYS = 5, 7


class CobrancaInteractionReview(models.AbstractModel):
    """What a supervisor says of a contact to who made it."""

    _name = "cobranca.interaction.review"
    _description = "Review of a Contact"

    review = fields.Selection(selection=GRADES, string="Assessment", groups=SUPERVISOR)
    review_note = fields.Text(string="Feedback", groups=SUPERVISOR)
    reviewed_by_id = fields.Many2one(comodel_name="res.users", string="Reviewed by", readonly=True, groups=SUPERVISOR)
    reviewed_on = fields.Datetime(readonly=True, groups=SUPERVISOR)
    may_review = fields.Boolean(compute="_compute_may_review")
    has_feedback = fields.Boolean(
        string="Feedback received", compute="_compute_feedback", search="_search_has_feedback", compute_sudo=True
    )
    feedback_grade = fields.Selection(
        selection=GRADES, string="Supervisor's assessment", compute="_compute_feedback", compute_sudo=True
    )
    feedback = fields.Text(string="Supervisor's feedback", compute="_compute_feedback", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("user_id", "channel", "retracted_on")
    @api.depends_context("uid")
    def _compute_may_review(self):
        for record in self:
            record.may_review = not record._get_refusal_to_review()

    @api.depends("review", "review_note", "user_id")
    @api.depends_context("uid")
    def _compute_feedback(self):
        """The review, for who made the contact and for supervisors; for others there is none."""
        is_supervisor = self.env.user.has_group(SUPERVISOR)
        for record in self:
            is_seen = record.review and (is_supervisor or record.user_id == self.env.user)
            record.has_feedback = is_seen
            record.feedback_grade = is_seen and record.review
            record.feedback = is_seen and record.review_note

    def _search_has_feedback(self, operator, value):
        if operator != "in":
            return NotImplemented
        given = Domain("review", "!=", False)
        if not self.env.user.has_group(SUPERVISOR):
            given &= Domain("user_id", "=", self.env.uid)
        # sudo: who made the contact may know that he got feedback; its words are asked for by `feedback`
        seen = Domain("id", "in", self.sudo()._search(given))
        return Domain.OR(seen if wanted else ~seen for wanted in value)

    # === ACTIONS === #

    def action_review_good(self):
        """Tell who made these contacts that they went well."""
        return self.write({"review": "good"})

    def action_review_improve(self):
        """Tell who made these contacts that there is something to improve."""
        return self.write({"review": "improve"})

    def action_review_sample(self):
        """Open the contacts to be reviewed today: as many of each collector, chosen by nobody.

        :raise AccessError: for who is no supervisor
        """
        self.browse().check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_interaction_action_review")
        found = self._get_review_sample()
        name = self.env._("Sample of %(date)s", date=format_date(self.env, self.env.company._cobranca_today()))
        return {**action, "name": name, "display_name": name, "path": False, "domain": [("id", "in", found.ids)]}

    # === BUSINESS METHODS === #

    @api.model
    def _get_to_review_domain(self):
        """Contacts that the user may review: of people, not his own, not taken back.

        :return: Domain
        """
        by_others = Domain("user_id", "not in", (False, self.env.uid))
        return by_others & Domain("channel", "!=", "system") & Domain("retracted_on", "=", False)

    @api.model
    def _get_review_sample(self, size=SAMPLE_SIZE, days=SAMPLE_DAYS):
        """A fair sample of the last days: the same all day long, whatever is reviewed of it meanwhile.

        :param int size: contacts of each collector, at most
        :param int days: how far back
        :return: cobranca.interaction
        """
        since = fields.Datetime.now() - timedelta(days=days)
        found = self.search_fetch(self._get_to_review_domain() & Domain("date", ">=", since), ["user_id"])
        owners = {record.id: record.user_id.id for record in found}
        return self.browse(sample.fair_sample(owners, size, seed=str(self.env.company._cobranca_today())))

    def _get_refusal_to_review(self):
        """Why the user may not review this contact.

        :return: exception, or None when he may
        """
        self.ensure_one()
        if not self.env.user.has_group(SUPERVISOR):
            return AccessError(self.env._("Only a supervisor reviews contacts."))
        if self.channel == "system" or not self.user_id:
            return UserError(self.env._("Only contacts that a person made are reviewed."))
        if self.user_id == self.env.user:
            return UserError(self.env._("This is a contact of your own: another supervisor reviews it."))
        if self.retracted_on:
            return UserError(self.env._("This contact was struck out: there is nothing to review."))
        return None

    def _check_may_review(self):
        """:raise AccessError, UserError: when one of these is not reviewed by the user"""
        for record in self:
            if refusal := record._get_refusal_to_review():
                raise refusal

    def _prepare_review(self, values):
        """What is written with a review: who gave it, and when; nobody when it is taken away."""
        is_taken_away = "review" in values and not values["review"]
        who, when = (False, False) if is_taken_away else (self.env.uid, fields.Datetime.now())
        return {**values, "reviewed_by_id": who, "reviewed_on": when}

    def _tell_feedback(self):
        """Notify who made these contacts of the feedback that he got, in his language."""
        for record in self.filtered("user_id.active"):
            record.with_context(lang=record.user_id.lang or self.env.lang)._tell_feedback_to(record.user_id)

    def _tell_feedback_to(self, user):
        self.ensure_one()
        grade = dict(self._fields["review"]._description_selection(self.env))[self.review]
        body = Markup('<p><strong>%s</strong></p><p style="white-space: pre-line">%s</p><p><a href="%s">%s</a></p>') % (
            grade,
            self.review_note or "",
            f"{self.get_base_url()}/odoo/{self._name}/{self.id}",
            self.env._("Open the contact"),
        )
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            model=self._name,
            res_id=self.id,
            subject=self.env._("Feedback on a contact: %(contact)s", contact=self.display_name),
            body=body,
        )
