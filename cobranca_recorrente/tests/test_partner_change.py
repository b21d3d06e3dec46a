from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP, OTHER_CPF
from .own_data_common import OwnDataCommon

ACTIVITY = "cobranca_recorrente.mail_activity_partner_change"


@tagged("post_install", "-at_install")
class TestPartnerChange(OwnDataCommon):
    """Sensitive changes wait for somebody who looks."""

    # --- asking ---

    def test_nothing_changes_by_asking(self):
        change = self.ask(email="NOVA@example.com")
        self.assertEqual(self.customer.email, "ana@example.com")
        self.assertEqual(
            (change.field, change.old_value, change.new_value), ("email", "ana@example.com", "nova@example.com")
        )
        self.assertEqual((change.requested_by_id, str(change.requested_on)), (self.ana, "2026-11-19"))
        self.assertEqual(change.company_id, self.company)
        activity = change.activity_search([ACTIVITY])
        self.assertEqual((activity.user_id, str(activity.date_deadline)), (self.collector, "2026-11-21"))
        self.assertNotIn("nova@", activity.summary or "")

    def test_document_is_for_supervisors(self):
        change = self.ask(vat=OTHER_CPF)
        self.assertIn(self.supervisor, change.activity_search([ACTIVITY]).user_id)
        self.assertNotIn(self.collector, change.activity_search([ACTIVITY]).user_id)
        seen = change.with_user(self.collector)
        self.assertEqual((seen.old_text, seen.new_text), ("***.982.247-**", "***.444.777-**"))
        self.assertEqual(change.with_user(self.supervisor).new_text, OTHER_CPF)
        with self.assertRaises(AccessError):
            seen.read(["new_value"])
        self.assertIn("Caio Nogal", seen.remark)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            seen.action_approve()
        with self.assertRaisesRegex(AccessError, "supervisor"):
            seen._refuse("no")

    def test_asked_again_replaces(self):
        first = self.ask(email="first@example.com")
        second = self.ask(email="second@example.com")
        self.assertEqual((first.state, second.state), ("withdrawn", "pending"))
        self.assertFalse(first.activity_search([ACTIVITY]))
        # The same again, or the form as it is shown, asks nothing new.
        self.assertEqual(self.save(email="second@example.com"), ({}, set()))
        self.assertEqual(self.save(email="ana@example.com"), ({}, set()))
        self.assertEqual(self.Change.search_count([]), 2)
        self.assertEqual(second.state, "pending")

    def test_taken_back(self):
        change = self.ask(name="Ana Maria Lindoso")
        self.customer.with_user(self.ana)._cobranca_withdraw_own("name")
        self.assertEqual(change.state, "withdrawn")
        self.assertFalse(change.activity_search([ACTIVITY]))
        self.customer.with_user(self.ana)._cobranca_withdraw_own("name")
        self.customer.with_user(self.ana)._cobranca_withdraw_own("credit_limit")

    def test_one_waits_per_field(self):
        change = self.ask(email="nova@example.com")
        values = {**change.copy_data()[0], "state": "pending"}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.Change.create({**values, "old_value": "x", "new_value": "y"})
            self.env.flush_all()
        self.Change.create({**values, "old_value": "x", "new_value": "y", "state": "refused"})

    # --- approval ---

    def test_approved_by_a_collector(self):
        change = self.ask(email="nova@example.com")
        change.with_user(self.collector).action_approve()
        self.assertEqual(self.customer.email, "nova@example.com")
        self.assertEqual((change.state, change.decided_by_id), ("approved", self.collector))
        self.assertEqual(str(change.decided_on), "2026-11-19")
        self.assertFalse(change.activity_search([ACTIVITY]))

    def test_told_at_the_old_and_the_new_address(self):
        change = self.ask(email="nova@example.com")
        change.with_user(self.collector).action_approve()
        mails = self.mails()
        self.assertEqual(sorted(mails.mapped("email_to")), ["ana@example.com", "nova@example.com"])
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        for mail in mails:
            self.assertFalse(mail.recipient_ids)
            self.assertIn("n***@example.com", mail.body_html)
            self.assertNotIn("nova@", mail.body_html)
            self.assertIn("+55 11 3333-4444", mail.body_html)
            self.assertIn("cobranca@example.com", mail.email_from)

    def test_change_is_tracked(self):
        change = self.ask(email="nova@example.com")
        self.env.flush_all()
        user = self.collector
        change.with_context(tracking_disable=False).with_user(user).action_approve()
        self.env.flush_all()
        self.cr.precommit.run()
        tracked = self.customer.message_ids.tracking_value_ids.filtered(lambda value: value.field_id.name == "email")
        self.assertEqual((tracked.old_value_char, tracked.new_value_char), ("ana@example.com", "nova@example.com"))
        self.assertEqual(tracked.mail_message_id.author_id, user.partner_id)

    def test_document_with_its_kind(self):
        change = self.ask(vat="390.533.447-05")
        change.with_user(self.supervisor).action_approve()
        self.assertEqual(self.customer.vat, "390.533.447-05")
        self.assertEqual(self.customer.l10n_latam_identification_type_id, self.env.ref("l10n_br.cpf"))
        self.assertNotIn("390.533", self.mails().body_html)

    def test_changed_meanwhile_is_told(self):
        change = self.ask(email="nova@example.com")
        self.customer.email = "other@example.com"
        change.invalidate_recordset()
        self.assertIn("Changed meanwhile", change.with_user(self.collector).remark)
        with self.assertRaisesRegex(UserError, "Changed meanwhile"):
            change.with_user(self.collector).action_approve()
        self.assertEqual((self.customer.email, change.state), ("other@example.com", "pending"))
        change.with_user(self.collector)._refuse("Changed by phone already.")
        self.assertEqual(change.state, "refused")

    def test_validated_again(self):
        for field, value, told in (
            ("email", "no address", "cannot be right"),
            ("vat", "529.982.247-24", "check digits"),
        ):
            change = self.ask(**{field: {"email": "nova@example.com", "vat": OTHER_CPF}[field]})
            change.new_value = value
            with self.assertRaisesRegex(UserError, told):
                change.with_user(self.supervisor).action_approve()

    def test_decided_once(self):
        change = self.ask(email="nova@example.com")
        change.with_user(self.collector).action_approve()
        for call in (lambda c: c.action_approve(), lambda c: c._refuse("late")):
            with self.assertRaisesRegex(UserError, "already"):
                call(change.with_user(self.collector))
        self.assertEqual(len(self.mails()), 2)

    # --- refusal ---

    def test_refused_with_a_reason(self):
        change = self.ask(email="nova@example.com")
        action = change.with_user(self.collector).action_refuse()
        form = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
        form.reason = "We could not reach you."
        form.save().action_refuse()
        self.assertEqual((change.state, self.customer.email), ("refused", "ana@example.com"))
        mail = self.mails()
        self.assertEqual((mail.email_to, mail.state), ("ana@example.com", "outgoing"))
        self.assertIn("We could not reach you.", mail.body_html)
        self.assertNotIn("nova@", mail.body_html)
        refusals = self.customer.with_user(self.ana)._cobranca_get_own_page()["refusals"]
        self.assertEqual(refusals, ["“E-mail” was not changed (11/19/2026). We could not reach you."])
        with self.assertRaisesRegex(UserError, "reason"):
            self.ask(email="nova@example.com").with_user(self.collector)._refuse(" ")

    # --- rights ---

    def test_who_may_what(self):
        change = self.ask(email="nova@example.com")
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        for user in (outsider, self.users["portal_caio"], self.ana):
            for call in (lambda c: c.action_approve(), lambda c: c._refuse("x"), lambda c: c.read(["new_text"])):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call(change.with_user(user))
        for user in (self.collector, self.manager):
            with self.assertRaises(AccessError):
                change.with_user(user).write({"new_value": "thief@example.com"})
            with self.assertRaises(AccessError):
                self.Change.with_user(user).create({"partner_id": self.customer.id, "field": "email", "new_value": "x"})
        with self.assertRaises(UserError):
            change.unlink()

    def test_of_ones_own_company(self):
        change = self.ask(email="nova@example.com")
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(self.env, "other", GROUP + "supervisor", company_id=other.id, company_ids=other.ids)
        self.assertFalse(self.Change.with_user(user).search([]))
        with self.assertRaises(AccessError):
            change.with_user(user).action_approve()

    def test_seen_on_the_customer(self):
        change = self.ask(email="nova@example.com")
        customer = self.customer.with_user(self.collector)
        self.assertEqual(customer.cobranca_pending_changes, 1)
        action = customer.action_cobranca_changes()
        self.assertEqual(self.Change.with_user(self.collector).search(action["domain"]), change)
        for view in ("list", "form", "kanban", "search"):
            self.Change.with_user(self.collector).get_view(view_type=view)
