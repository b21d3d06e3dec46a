from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.misc import format_date

ACTIVITY = "cobranca_negociacao.mail_activity_agency"
GROUP = "cobranca_recorrente.cobranca_group_"
# So long before its end somebody is asked to renew an operator agreement.
DAYS_BEFORE = timedelta(days=30)
MOST_ASKED = 5


class CobrancaAgencyWatch(models.AbstractModel):
    """Whether agencies may still work, and who is told when that ends."""

    _name = "cobranca.agency.watch"
    _description = "Watch over Agencies"

    operator_warned_for = fields.Date(
        readonly=True, copy=False, help="The end of the operator agreement that managers were told of."
    )
    access_text = fields.Char(compute="_compute_access_text")

    # === COMPUTE METHODS === #

    @api.depends("active", "is_suspended", "operator_signed_on", "operator_until", "is_open", "placement_count")
    def _compute_access_text(self):
        for agency in self:
            agency.access_text = "" if agency.is_open else agency._explain_closed()

    # === ACTIONS === #

    def action_view_placements(self):
        """Open what was placed with this agency."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_placement_action")
        return {
            **action,
            "name": self.name,
            "domain": [("agency_id", "=", self.id)],
            "context": {"search_default_active": 1},
        }

    def action_recall_all(self):
        """Ask why all that this agency has is taken back.

        :raise AccessError: for who is no supervisor
        """
        self.ensure_one()
        self.env["cobranca.placement"]._check_may_recall()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recall all from %(agency)s", agency=self.name),
            "res_model": "cobranca.placement.recall",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_agency_id": self.id},
        }

    def action_suspend(self):
        """Close the access of the people of these agencies at once; what they have stays with them.

        :raise AccessError: for who is no supervisor
        """
        self._set_suspended(True)
        return True

    def action_resume(self):
        """Open the access again.

        :raise AccessError: for who is no supervisor
        """
        self._set_suspended(False)
        return True

    # === BUSINESS METHODS === #

    def _set_suspended(self, is_suspended):
        if not self.env.user.has_group(GROUP + "supervisor"):
            raise AccessError(self.env._("The access of an agency is closed and opened by a supervisor: ask him."))
        self.check_access("read")
        # sudo: the right was checked; agencies are written by managers, but an access is closed in a hurry
        self.sudo().is_suspended = is_suspended

    def _follow_access(self):
        """Open or close what the people of these agencies see, by today's facts."""
        for agency in self:
            today = agency.company_id._cobranca_today()
            is_open = agency.active and not agency.is_suspended and agency._has_operator_agreement(today)
            if agency.is_open != is_open:
                # sudo: follows from what was just written, whoever may write that
                agency.sudo().is_open = is_open

    def _follow_archiving(self):
        """Who does not work for the company any more has nothing of it."""
        Placement = self.env["cobranca.placement"]
        for agency in self:
            own = Placement.search([("agency_id", "=", agency.id), ("state", "in", ("proposed", "active"))])
            own._stop("recalled", self.env._("%(agency)s does not work for us any more", agency=agency.name))

    def _explain_closed(self):
        """Why the people of this agency see nothing, and what to do."""
        today = self.company_id._cobranca_today()
        if not self.active:
            return self.env._("This agency is archived: its people see nothing.")
        if not self._has_operator_agreement(today):
            text = self.env._(
                "No operator agreement (LGPD) holds today: its people see nothing, and nothing can be placed with it."
            )
        else:
            text = self.env._("The access is suspended: its people see nothing.")
        if self.placement_count:
            left = self.env._(
                "Customers with it: %(count)s. Nobody speaks with them: open the access, or recall them.",
                count=self.placement_count,
            )
            return f"{text} {left}"
        return text

    # --- who is told ---

    def _warn_before_end(self):
        """Ask managers to renew the operator agreements of these that end soon, once each."""
        for agency in self.filtered(lambda agency: agency.active and agency.operator_until):
            last = agency.company_id._cobranca_today() + DAYS_BEFORE
            if agency.operator_until <= last and agency.operator_warned_for != agency.operator_until:
                agency.operator_warned_for = agency.operator_until
                for user in agency._get_managers():
                    agency.with_context(lang=user.lang)._ask_to_renew(user)

    def _ask_to_renew(self, user):
        self.activity_schedule(
            ACTIVITY,
            date_deadline=self.operator_until,
            user_id=user.id,
            summary=self.env._("Renew the operator agreement with %(agency)s", agency=self.name),
            note=self.env._(
                "It is valid until %(day)s. From the day after on nothing is placed with this agency, and its people "
                "see nothing. Customers with it: %(count)s. Renew the agreement, or recall them.",
                day=format_date(self.env, self.operator_until),
                count=self.placement_count,
            ),
        )

    def _get_managers(self):
        """:return: res.users, managers of this company"""
        group = self.env.ref(GROUP + "manager").sudo()  # sudo: who they are, no more
        company = self.company_id
        able = group.all_user_ids.filtered(lambda user: user.active and not user.share and company in user.company_ids)
        return able[:MOST_ASKED]

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_follow(self):
        """Close the access of agencies whose operator agreement is over, and ask for those that end soon."""
        agencies = self.with_context(active_test=False).search(Domain.TRUE)
        agencies._follow_access()
        agencies._warn_before_end()
