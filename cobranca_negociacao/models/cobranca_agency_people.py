import re
import unicodedata

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize
from odoo.tools.misc import format_date

ADMIN = "cobranca_negociacao.cobranca_group_agency_admin"
AGENCY = "cobranca_negociacao.cobranca_group_agency"
MANAGER = "cobranca_recorrente.cobranca_group_manager"
INVITATIONS_A_DAY = 20
LONGEST_NAME = 80
# The name is in the mail that goes to whatever address was typed: it carries no link and no advertising.
NAME = re.compile(r"(?:[^\W\d_]|[ .'’-])+")
ADDRESS = re.compile(r"\.\w{2}")


class CobrancaAgencyPeople(models.AbstractModel):
    """Who works for an agency: its administrator invites and removes, and gives no right that he has not himself."""

    _name = "cobranca.agency.people"
    _description = "People of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _get_people(self, agency):
        """Who may work here.

        :param agency: cobranca.agency with the rights of the system
        :return: list of dict of plain values, by name
        """
        self._check_may_manage(agency)
        return [
            {
                "id": user.id,
                "name": user.name,
                "email": user.login,
                "is_admin": user.has_group(ADMIN),
                "is_me": user == self.env.user,
                "last": self._tell_login(agency, user),
            }
            for user in self._search_users(agency).sorted(lambda user: (user.name or "").lower())
        ]

    @api.model
    def _invite(self, agency, name, email, is_admin=False):
        """A new user of the portal for somebody of the agency, who gets an invitation by e-mail.

        Each attempt counts, and stays counted where it is refused: the answer tells whether an address has a login.

        :param agency: cobranca.agency with the rights of the system
        :param bool is_admin: may he manage the people as well?
        :return: res.users with the rights of the system
        :raise AccessError: for who is no administrator of this agency
        :raise UserError: with what to correct
        """
        self._check_may_manage(agency)
        self._count_invitation(agency)
        name = " ".join(unicodedata.normalize("NFC", name or "").replace("\0", "").split())[:LONGEST_NAME]
        address = email_normalize((email or "").replace("\0", "").strip()[:200])
        if len(name) < 3 or not NAME.fullmatch(name) or ADDRESS.search(name):
            raise UserError(self.env._("Write the name of the person."))
        if not address:
            raise UserError(self.env._("Write an e-mail address, such as ana@example.com."))
        users = agency.env["res.users"].with_context(active_test=False)
        known = users.search([("login", "=", address)])
        if known and not self._is_back(agency, known):
            raise UserError(self.env._("This address cannot be invited: use another one, or ask who placed with you."))
        with self.env.cr.savepoint():
            known.write({"active": True})
            user = known or self._make_user(agency, name, address)
            group = self.env.ref(ADMIN if is_admin else AGENCY)
            user.write({"group_ids": [Command.link(self.env.ref("base.group_portal").id), Command.link(group.id)]})
            self._send_invitation(user)
        return user

    @api.model
    def _remove(self, agency, user_id):
        """Somebody works for the agency no more: at once, open pages included.

        :param int user_id: of res.users
        :raise AccessError: for who is no administrator of this agency
        :raise UserError: for oneself, or who is nobody of it
        """
        self._check_may_manage(agency)
        user = self._search_users(agency).filtered(lambda user: user.id == user_id)
        if not user:
            raise UserError(self.env._("This person is not of your team any more: reload the page."))
        if user == self.env.user:
            raise UserError(self.env._("Nobody removes himself: another administrator does."))
        groups = self.env.ref(ADMIN) | self.env.ref(AGENCY)
        with self.env.cr.savepoint():
            user.write({"active": False, "group_ids": [Command.unlink(group.id) for group in groups]})
            user.partner_id.signup_type = False

    # --- who ---

    @api.model
    def _check_may_manage(self, agency):
        """:raise AccessError: for who is neither administrator of this agency nor manager of who places"""
        user = self.env.user
        is_own = agency in self.env["cobranca.agency"]._get_own() and user.has_group(ADMIN)
        if not is_own and not (user.has_group(MANAGER) and agency.company_id in user.company_ids):
            raise AccessError(self.env._("Only the administrator of the agency manages its people."))

    @api.model
    def _search_users(self, agency):
        """:return: res.users that may work for the agency, with the rights of the system"""
        users = agency.env["res.users"].search(
            [("partner_id.commercial_partner_id", "=", agency.partner_id.id), ("share", "=", True)]
        )
        return users.filtered(lambda user: user.has_group(AGENCY))

    @api.model
    def _is_back(self, agency, user):
        """Is this somebody of the agency who was removed?"""
        return (
            bool(user) and not user.active and user.share and user.partner_id.commercial_partner_id == agency.partner_id
        )

    @api.model
    def _make_user(self, agency, name, address):
        partner = agency.partner_id.child_ids.filtered(
            lambda person: email_normalize(person.email) == address
            and not person.user_ids
            # A company below this one stands for itself: it may be another agency.
            and person.commercial_partner_id == agency.partner_id
        )[:1]
        values = {"name": name, "email": address, "parent_id": agency.partner_id.id, "type": "contact"}
        partner = partner or partner.create({**values, "lang": self.env.lang})
        return (
            agency.env["res.users"]
            .with_context(no_reset_password=True)
            ._create_user_from_template(
                {
                    "email": address,
                    "login": address,
                    "partner_id": partner.id,
                    "company_id": agency.company_id.id,
                    "company_ids": [Command.set(agency.company_id.ids)],
                }
            )
        )

    @api.model
    def _send_invitation(self, user):
        user.partner_id.signup_prepare()
        template = user.env.ref("auth_signup.portal_set_password_email")
        template = template.with_context(lang=user.lang, dbname=self.env.cr.dbname, medium="portalinvite")
        template.send_mail(user.id, force_send=True)

    @api.model
    def _count_invitation(self, agency):
        Attempt = self.env["cobranca.attempt"]
        if Attempt._is_over("agency_invitation", agency.id, INVITATIONS_A_DAY, hours=24):
            raise UserError(self.env._("Many people were invited today: go on tomorrow."))
        Attempt._count("agency_invitation", agency.id)

    @api.model
    def _tell_login(self, agency, user):
        if not user.login_date:
            return self.env._("invited, has not logged in yet")
        day = agency.company_id._cobranca_day_of(user.login_date)
        return self.env._("logged in on %(day)s", day=format_date(self.env, day))
