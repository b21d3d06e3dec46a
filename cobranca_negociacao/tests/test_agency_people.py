from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .agency_common import AgencyCommon

ADMIN = "cobranca_negociacao.cobranca_group_agency_admin"
AGENCY = "cobranca_negociacao.cobranca_group_agency"


@tagged("post_install", "-at_install")
class TestAgencyPeople(AgencyCommon):
    """The administrator of an agency invites and removes, within what he may himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.People = cls.env["cobranca.agency.people"]

    def invite(self, name="Bia Aroeira", email="bia@example.org", user=None, agency=None, **values):
        return self.People.with_user(user or self.admin)._invite(self.own(agency, user), name, email, **values)

    def own(self, agency=None, user=None):
        return (agency or self.agency).with_user(user or self.admin).sudo()

    def test_invited_person_works_at_once_and_may_no_more(self):
        user = self.invite()
        self.assertTrue(user.share and user.has_group(AGENCY) and not user.has_group(ADMIN))
        self.assertEqual(user.partner_id.commercial_partner_id, self.agency.partner_id)
        self.assertTrue(user.partner_id.signup_type)
        mail = self.env["mail.mail"].search([("email_to", "ilike", "bia@example.org")]) or self.env[
            "mail.message"
        ].search([("model", "=", "res.users"), ("res_id", "=", user.id)])
        self.assertTrue(mail)
        placement = self.place()
        self.assertEqual(self.env["cobranca.placement"].with_user(user).search([]), placement)
        self.assertFalse(self.env["cobranca.agency"].with_user(user)._get_own() - self.agency)
        with self.assertRaises(AccessError):
            self.invite(email="caio@example.org", user=user)

    def test_only_the_administrator_of_this_agency(self):
        boss = self.make_person(self.rival, "rita", "cobranca_group_agency_admin")
        for user in (self.worker, boss, self.collector):
            with self.assertRaises(AccessError, msg=user.login):
                self.invite(user=user)
            with self.assertRaises(AccessError, msg=user.login):
                self.People.with_user(user)._remove(self.own(user=user), self.worker.id)
            with self.assertRaises(AccessError, msg=user.login):
                self.People.with_user(user)._get_people(self.own(user=user))
        self.assertTrue(self.invite(user=self.manager, is_admin=True).has_group(ADMIN))

    def test_who_is_known_is_not_taken_over(self):
        internal = new_test_user(self.env, "nara@example.org", "base.group_user", name="Nara")
        internal.partner_id.parent_id = self.agency.partner_id
        for user in (self.outsider, internal):
            user.login = f"{user.login.split('@')[0]}@example.org"
            with self.assertRaisesRegex(UserError, "cannot be invited"):
                self.invite(email=user.login)
        internal.active = False
        with self.assertRaisesRegex(UserError, "cannot be invited"):
            self.invite(email=internal.login)
        self.assertFalse(internal.has_group(AGENCY))
        for name, email in (("B", "b@example.org"), ("Bia Aroeira", "no address")):
            with self.assertRaisesRegex(UserError, "Write"):
                self.invite(name, email)

    def test_removed_and_back(self):
        user = self.invite(is_admin=True)
        shown = {person["id"]: person for person in self.People.with_user(self.admin)._get_people(self.own())}
        self.assertEqual(set(shown), {self.admin.id, self.worker.id, user.id})
        self.assertTrue(shown[user.id]["is_admin"])
        self.People.with_user(self.admin)._remove(self.own(), user.id)
        self.assertFalse(user.active or user.has_group(AGENCY) or user.has_group(ADMIN))
        self.assertEqual(self.invite(), user)
        self.assertTrue(user.active and user.has_group(AGENCY) and not user.has_group(ADMIN))
        for wrong in (self.outsider, self.collector, self.admin):
            with self.assertRaises(UserError, msg=wrong.login):
                self.People.with_user(self.admin)._remove(self.own(), wrong.id)
        self.assertTrue(self.outsider.active)

    def test_many_invitations(self):
        for number in range(20):
            with self.assertRaisesRegex(UserError, "Write"):
                self.invite("B", f"b{number}@example.org")
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self.invite()

    def test_second_factor(self):
        customer = new_test_user(self.env, "portal_ana", "base.group_portal")
        self.assertIsNone(self.worker._mfa_type())
        self.company.cobranca_agency_second_factor = True
        for user in (self.worker, self.admin):
            self.assertEqual((user._mfa_type(), user._mfa_url()), ("totp_mail", "/web/login/totp"))
            self.assertTrue(user._rpc_api_keys_only())
        self.assertIsNone(customer._mfa_type())
        self.assertIsNone(self.collector._mfa_type())
        self.worker.sudo().totp_secret = "JBSWY3DPEHPK3PXP"
        self.assertEqual(self.worker._mfa_type(), "totp")
