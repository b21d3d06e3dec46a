from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from odoo.addons.cobranca_recorrente.tests.common import GROUP

from .offer_common import TODAY, OfferCommon

ACTIVITY = "cobranca_negociacao.mail_activity_offer_approval"


@freeze_time("2026-11-19 15:00:00")
@tagged("post_install", "-at_install")
class TestOfferApproval(OfferCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_authorities()
        cls.rule = cls.make_rule(principal_percent=40)
        cls.lines = cls.owe((1000, "2026-11-01"))

    def request(self, user=None, reason="He lost his job", **terms):
        user = user or self.collector
        found = self.find(self.lines, user=user)
        plan = self.plan(**(terms or {"principal": 10}))
        approval = self.Approval.with_user(user)
        return approval._request(self.company, self.customer, plan, found, TODAY, reason)

    def activities(self, approval):
        return self.env["mail.activity"].search([("res_model", "=", approval._name), ("res_id", "=", approval.id)])

    # === ASKING === #

    def test_request_keeps_what_was_offered(self):
        approval = self.request(principal=10, count=6)
        self.assertEqual((approval.state, approval.role), ("waiting", "supervisor"))
        self.assertEqual((approval.requested_by_id, approval.requested_on), (self.collector, TODAY))
        self.assertEqual((approval.before, approval.conceded, approval.total), (1000, 100, 900))
        self.assertEqual((approval.rule_id, approval.version_id), (self.rule, self.version))
        self.assertEqual(approval.excess_text.count("\n"), 1)
        self.assertIn("10 % off the principal; the limit is 0 %", approval.excess_text)
        self.assertIn("6 installments; the limit is 5", approval.excess_text)
        self.assertIn("6 ×", approval.offer_text)

    def test_what_needs_nobody_is_not_asked_for(self):
        for terms in ({"count": 5}, {"interest": 50, "charges": (0, 10)}):
            with self.assertRaisesRegex(UserError, "within your limits"):
                self.request(**terms)
        for reason in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "Say why"):
                self.request(reason=reason)
        self.assertFalse(self.Approval.search([("partner_id", "=", self.customer.id)]))

    def test_strangers_do_not_negotiate(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        plan, found = self.plan(principal=10), self.find(self.lines)
        with self.assertRaises(AccessError):
            self.Approval.with_user(stranger)._request(self.company, self.customer, plan, found, TODAY, "Please")

    def test_those_who_may_decide_are_asked(self):
        supervisors = self.Approval.with_company(self.company)
        self.assertFalse(supervisors.search([("state", "=", "waiting")]))
        approval = self.request()
        asked = self.activities(approval).user_id
        self.assertIn(self.supervisor, asked)
        self.assertFalse(asked & (self.manager + self.collector))
        self.assertEqual(self.activities(approval).activity_type_id, self.env.ref(ACTIVITY))
        beyond = self.request(principal=45)
        self.assertEqual(beyond.role, "manager")
        self.assertIn(self.manager, self.activities(beyond).user_id)
        self.assertNotIn(self.supervisor, self.activities(beyond).user_id)

    def test_people_of_other_companies_are_not_asked(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertNotIn(self.supervisor, self.activities(self.request()).user_id)

    # === DECIDING === #

    def test_supervisor_approves(self):
        approval = self.request()
        decided = []
        with patch.object(type(self.Approval), "_on_decided", lambda record: decided.append((record, record.state))):
            approval.with_user(self.supervisor)._approve("This once")
        self.assertEqual(decided, [(approval, "approved")])
        self.assertEqual((approval.decided_by_id, approval.note), (self.supervisor, "This once"))
        self.assertEqual(str(approval.decided_at), "2026-11-19 15:00:00")
        self.assertFalse(approval.is_own_decision)
        self.assertFalse(self.activities(approval))
        told = self.env["mail.message"].search(
            [
                ("model", "=", approval._name),
                ("res_id", "=", approval.id),
                ("message_type", "=", "user_notification"),
                ("notified_partner_ids", "in", self.collector.partner_id.ids),
            ]
        )
        self.assertIn("Approved: Ana Lindoso", told.subject)
        self.assertIn("This once", told.body)

    def test_refusal_has_a_reason(self):
        approval = self.request()
        with self.assertRaisesRegex(UserError, "reason"):
            approval.with_user(self.supervisor)._refuse(" ")
        action = approval.with_user(self.supervisor).action_refuse()
        wizard = self.env[action["res_model"]].with_user(self.supervisor).with_context(**action["context"])
        with Form(wizard) as form:
            form.reason = "Ask for half at once"
        form.record.action_refuse()
        self.assertEqual((approval.state, approval.note), ("refused", "Ask for half at once"))
        self.assertFalse(self.activities(approval))

    def test_who_has_not_the_authority_does_not_decide(self):
        approval, beyond = self.request(), self.request(principal=45)
        other = new_test_user(self.env, "other", GROUP + "collector")
        for user, record in ((other, approval), (self.supervisor, beyond)):
            for decide in (record.with_user(user)._approve, lambda r=record, u=user: r.with_user(u)._refuse("No")):
                with self.assertRaisesRegex(AccessError, "decided by who has the role"):
                    decide()
            self.assertFalse(record.with_user(user).can_decide)
        self.assertTrue(beyond.with_user(self.manager).can_decide)
        beyond.with_user(self.manager).action_approve()
        self.assertEqual((approval.state, beyond.state), ("waiting", "approved"))

    def test_customers_reach_nothing(self):
        approval = self.request().with_user(self.outsider)
        for call in (lambda: approval.read(["excess_text"]), approval._approve, approval._withdraw):
            with self.assertRaises(AccessError):
                call()

    def test_nobody_decides_on_his_own(self):
        for user in (self.supervisor, self.manager):
            approval = self.request(user=user, principal=45)
            self.assertFalse(approval.can_decide)
            with self.assertRaises(AccessError):
                approval._approve()
        # Promoted since, he has the authority now and still asked for it himself.
        approval = self.request()
        self.collector.group_ids = [Command.link(self.env.ref(GROUP + "manager").id)]
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            approval._approve()

    def test_only_manager_decides_on_his_own_and_it_is_noted(self):
        approval = self.request(user=self.manager, principal=45)
        self.remove_other_managers(self.manager)
        approval.invalidate_recordset()
        self.assertTrue(approval.can_decide)
        approval._approve()
        self.assertEqual((approval.state, approval.is_own_decision), ("approved", True))
        alone = self.request(user=self.manager, principal=45)
        self.assertEqual(self.activities(alone).user_id, self.manager)
        second = new_test_user(self.env, "second", GROUP + "manager")
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            alone._approve()
        alone.with_user(second)._approve()
        self.assertFalse(alone.is_own_decision)

    def test_supervisor_alone_is_no_manager(self):
        """A company without managers: its only supervisor does not allow himself what he asked for."""
        self.env.ref(GROUP + "manager").user_ids = [Command.clear()]
        approval = self.request()
        approval.sudo().requested_by_id = self.supervisor
        with self.assertRaisesRegex(AccessError, "asked for himself"):
            approval.with_user(self.supervisor)._approve()

    def test_decided_once(self):
        approval = self.request()
        approval.with_user(self.supervisor)._approve()
        for call in (
            lambda: approval.with_user(self.manager)._refuse("No"),
            lambda: approval.with_user(self.supervisor)._approve(),
            approval._withdraw,
        ):
            with self.assertRaisesRegex(UserError, "decided already"):
                call()
        self.assertEqual(approval.state, "approved")

    def test_who_decides_second_sees_the_first(self):
        """The state in memory is old: what the database says after the lock counts."""
        approval = self.request()
        self.assertEqual(approval.state, "waiting")
        self.env.flush_all()
        self.env.cr.execute("UPDATE cobranca_offer_approval SET state = 'refused' WHERE id = %s", [approval.id])
        with self.assertRaisesRegex(UserError, "decided already"):
            approval.with_user(self.supervisor)._approve()

    def test_one_of_many_cannot_be_decided(self):
        """All or nothing: a list with one that is beyond him."""
        both = self.request() + self.request(principal=45)
        with self.assertRaises(AccessError):
            both.with_user(self.supervisor).action_approve()
        self.assertEqual(set(both.mapped("state")), {"waiting"})
        both.with_user(self.manager).action_approve()
        self.assertEqual(set(both.mapped("state")), {"approved"})

    # === TAKING BACK === #

    def test_who_asked_takes_it_back(self):
        approval = self.request()
        other = new_test_user(self.env, "other", GROUP + "collector")
        self.assertEqual((approval.can_withdraw, approval.with_user(other).can_withdraw), (True, False))
        with self.assertRaisesRegex(AccessError, "Only who asked"):
            approval.with_user(other)._withdraw()
        approval.action_withdraw()
        self.assertEqual((approval.state, approval.decided_by_id), ("withdrawn", self.collector))
        self.assertFalse(self.activities(approval))
        expired = self.request()
        expired.with_user(other).sudo()._withdraw("The proposal expired")
        self.assertEqual((expired.state, expired.note), ("withdrawn", "The proposal expired"))

    # === THE REGISTER === #

    def test_register_is_written_by_its_methods_only(self):
        approval = self.request()
        for user in (self.collector, self.supervisor, self.manager):
            record = approval.with_user(user)
            for call in (
                lambda r=record: r.write({"state": "approved"}),
                lambda r=record: r.copy(),
                lambda r=record: r.create({"company_id": self.company.id}),
                record.unlink,
            ):
                with self.assertRaises(AccessError):
                    call()
        with self.assertRaisesRegex(UserError, "register"):
            approval.sudo().unlink()

    def test_other_companies_are_out_of_sight(self):
        approval = self.request()
        other = self.env["res.company"].create({"name": "Other"})
        Wizard = self.env["cobranca.offer.approval.refuse"].with_user(self.manager)
        wizard = Wizard.create({"approval_id": approval.id, "reason": "No"})
        self.assertTrue(wizard.has_access("read"))
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(approval.with_user(self.manager).has_access("read"))
        self.assertFalse(wizard.has_access("read"), "nor what he began to write about it")
        with self.assertRaises(AccessError):
            approval.with_user(self.manager)._approve()

    def test_screen(self):
        approval = self.request()
        form = Form(approval.with_user(self.supervisor))
        self.assertEqual((form.can_decide, form.can_withdraw, form.state), (True, False, "waiting"))
