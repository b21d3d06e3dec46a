import hashlib

import psycopg2

from odoo import http
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .card_common import CardCommon

PATH = "/my/pagamentos/cartao"


@tagged("post_install", "-at_install")
class TestCardMandate(CardCommon):
    """What is kept of a consent, how it ends, and who may do what with it."""

    def test_what_is_kept(self):
        mandate = self.authorise(ip="203.0.113.9", agent="Firefox", expiry="08/27")
        text, version = self.company._cobranca_get_card_text()
        self.assertEqual((mandate.text, mandate.text_version), (text, version))
        self.assertEqual(mandate.text_hash, hashlib.sha256(text.encode()).hexdigest())
        self.assertEqual((mandate.accepted_ip, mandate.accepted_agent), ("203.0.113.9", "Firefox"))
        self.assertEqual(str(mandate.date_expiry), "2027-08-31")
        self.assertIn("4242", mandate.card_name)
        self.assertEqual((self.mandate.state, self.mandate.end_reason), ("revoked", "replaced"))
        self.assertTrue(self.customer.cobranca_is_automatic)

    def test_changed_text_is_another_version(self):
        version = self.company.cobranca_card_text_version
        before = self.mandate.text
        self.company.cobranca_card_text = "Autorizo a cobrança."
        self.company.cobranca_card_text = "Autorizo a cobrança."
        self.assertEqual(self.company.cobranca_card_text_version, version + 1)
        self.assertEqual(self.mandate.text, before)
        self.assertEqual(self.authorise().text, "Autorizo a cobrança.")

    def test_text_that_changed_while_it_was_read(self):
        page = self.Mandate._get_card_page(self.company, self.customer)
        self.company.cobranca_card_text = "Outro texto."
        with self.assertRaisesRegex(UserError, "read it again"):
            self.Mandate._accept(self.company, self.customer, self.token, page["text_hash"])

    def test_what_cannot_be_authorised(self):
        foreign = self.make_token(self.other, "CARD-OF-CAIO")
        contract = self.make_contract(partner_id=self.other.id)
        cases = (
            {"token": foreign},
            {"scope": "contracts"},
            {"scope": "everything"},
            {"scope": "contracts", "contracts": contract},
            {"expiry": "13/27"},
            {"expiry": "10/26"},
        )
        for values in cases:
            with self.subTest(values=values), self.assertRaises(UserError):
                self.authorise(**values)
        self.company.cobranca_card_enabled = False
        with self.assertRaises(UserError):
            self.authorise()

    def test_one_active_authorisation(self):
        values = self.mandate.copy_data()[0]
        required = ("company_id", "partner_id", "token_id", "card_name", "date_from", "text", "text_version")
        required += ("text_hash", "accepted_at", "accepted_by_id")
        for name in required:
            values[name] = self.mandate._fields[name].convert_to_write(self.mandate[name], self.mandate)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.Mandate.create({**values, "state": "active"}).flush_recordset()

    def test_end_and_mark(self):
        with self.assertRaises(AccessError):
            self.mandate.with_user(self.collector).action_revoke()
        self.mandate.with_user(self.supervisor).action_revoke()
        self.assertEqual((self.mandate.state, self.mandate.end_reason), ("revoked", "staff"))
        self.assertEqual(self.mandate.ended_by_id, self.supervisor)
        self.assertFalse(self.customer.cobranca_is_automatic)
        self.assertFalse(self.run_cron())

    def test_mark_that_somebody_else_set_stays(self):
        self.mandate._end("staff")
        self.customer.cobranca_is_automatic = True  # by direct debit, say
        self.authorise()._end("customer")
        self.assertTrue(self.customer.cobranca_is_automatic)

    def test_card_that_is_removed(self):
        self.token.active = False
        self.assertEqual((self.mandate.state, self.mandate.end_reason), ("revoked", "removed"))

    def test_expiring_card_is_told_once(self):
        self.mandate._set_expiry(11, 2026)
        mails = self.env["mail.mail"].search_count([("model", "=", "cobranca.card.mandate")])
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("cobranca_recorrente.ir_cron_cobranca_card_notice").method_direct_trigger()
        self.assertEqual(self.env["mail.mail"].search_count([("model", "=", "cobranca.card.mandate")]), mails + 1)
        self.assertEqual(str(self.mandate.notice_on), "2026-11-10")
        with self.on("2026-12-01"), self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_card_notice").method_direct_trigger()
        self.assertEqual(self.mandate.state, "expired")
        self.assertFalse(self.customer.cobranca_is_automatic)

    def test_expired_card_is_not_charged(self):
        self.mandate._set_expiry(10, 2026)
        self.assertFalse(self.run_cron())

    def test_settings(self):
        for text in ("2,2", "5,2", "x", "0", "31"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.company.cobranca_card_retry_days = text
        self.company.with_user(self.manager)._cobranca_write_settings({"cobranca_card_retry_days": "3"})
        self.assertEqual(self.company.cobranca_card_retry_days, "3")

    def test_rights(self):
        portal = new_test_user(self.env, "portal_ana", "base.group_portal")
        portal.partner_id = self.customer
        internal = new_test_user(self.env, "internal", "base.group_user")
        self.run_cron()
        charge = self.charges()
        for user in (portal, internal):
            for record in (self.mandate, charge, charge.charge_line_ids):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["company_id"])
        own = self.mandate.with_user(self.collector)
        self.assertEqual(own.read(["card_name"])[0]["card_name"], self.mandate.card_name)
        for record in (own, charge.with_user(self.manager)):
            with self.assertRaises(AccessError):
                record.write({"state": "active"})
        with self.assertRaises(AccessError):
            own.read(["token_id"])
        self.assertTrue(charge.with_user(self.collector).explanation)
        self.assertIn("4242", self.customer.with_user(self.collector).cobranca_card_sentence)
        for user in (portal, internal):
            with self.assertRaises(AccessError):
                charge.with_user(user).action_ask()
            with self.assertRaises(AccessError):
                charge.with_user(user).action_was_not_charged()

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.collector.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        own = self.Mandate.with_user(self.collector).with_company(company)
        self.assertFalse(own.search_count([]))

    def test_words_of_each_state(self):
        self.run_cron("soft")
        charge = self.charges()
        for state in dict(charge._fields["state"].selection):
            charge.state = state
            self.assertTrue(charge.explanation, state)
        for reason in dict(self.mandate._fields["end_reason"].selection):
            self.mandate.write({"state": "revoked", "end_reason": reason, "ended_at": "2026-11-10 10:00:00"})
            self.assertIn("4242", self.mandate._explain_standing())


@tagged("post_install", "-at_install")
class TestCardPage(CardCommon, HttpCase):
    """The customer's page: authorise, see, take back; nothing of anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate._end("staff")
        cls.customer.customer_rank = cls.other.customer_rank = 1
        cls.user = cls.make_portal_user("ana.cartao", cls.customer)
        cls.stranger = cls.make_portal_user("caio.cartao", cls.other)
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, login, partner):
        user = new_test_user(cls.env, login, "base.group_portal", lang="en_US")
        user.partner_id = partner
        return user

    def post(self, path, csrf=True, **values):
        token = {"csrf_token": http.Request.csrf_token(self)} if csrf else {}
        return self.url_open(path, data={**token, **values}, allow_redirects=False)

    def get(self, path=PATH):
        """The page, by way of its address in the visitor's language."""
        return self.url_open(path)

    def accept(self, **values):
        text_hash = self.Mandate._get_card_page(self.company.with_context(lang="en_US"), self.customer)["text_hash"]
        typed = {"cartao": f"{self.token.id}", "texto": text_hash, "aceito": "sim", "abrangencia": "todos", **values}
        return self.post(PATH, **typed)

    def active(self, partner=None):
        own = [("partner_id", "=", (partner or self.customer).id), ("state", "=", "active")]
        return self.Mandate.search(own)

    def test_authorise_and_take_back(self):
        self.authenticate("ana.cartao", "ana.cartao")
        page = self.get()
        self.assertEqual(page.status_code, 200)
        self.assertIn("4242", page.text)
        self.assertIn("I authorise", page.text)
        answer = self.accept(validade="08/27")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith("/cartao?aviso=autorizado"))
        mandate = self.active()
        self.assertEqual((mandate.accepted_by_id, mandate.accepted_ip), (self.user, "127.0.0.1"))
        self.assertTrue(mandate.accepted_agent)
        self.assertIn("08/2027", self.get().text)
        self.assertEqual(self.post(f"{PATH}/{mandate.id}/revogar").status_code, 303)
        self.assertFalse(self.active())
        mandate.invalidate_recordset()
        self.assertEqual((mandate.end_reason, mandate.ended_by_id), ("customer", self.user))

    def test_while_the_card_is_charged(self):
        """He is asked to try again in a minute, whether he takes it back or authorises another card."""
        self.authenticate("ana.cartao", "ana.cartao")
        self.accept(validade="08/27")
        mandate = self.active()

        def held(records, **_options):
            raise LockError("Held")

        self.patch(type(self.Mandate), "lock_for_update", held)
        for answer in (self.accept(validade="09/28"), self.post(f"{PATH}/{mandate.id}/revogar")):
            self.assertIn("is being charged at this moment", answer.text)
        self.assertEqual(self.active(), mandate)

    def test_without_agreement_or_with_odd_values(self):
        self.authenticate("ana.cartao", "ana.cartao")
        for values in ({"aceito": ""}, {"cartao": "x"}, {"cartao": "0"}, {"texto": "x"}, {"validade": "99/99"}):
            with self.subTest(values=values):
                answer = self.accept(**values)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("alert-danger", answer.text)
                self.assertNotIn("Traceback", answer.text)
        self.assertFalse(self.active())
        self.assertEqual(self.post(PATH, csrf=False, aceito="sim").status_code, 400)

    def test_somebody_elses(self):
        """Neither another customer's card can be authorised nor his authorisation be seen or taken back."""
        foreign = self.make_token(self.other, "CARD-OF-CAIO")
        with self.on("2026-11-10"):
            theirs = self.authorise(foreign, self.other)
        self.authenticate("ana.cartao", "ana.cartao")
        self.assertNotIn("CARD-OF-CAIO", self.get().text)
        self.assertEqual(self.accept(cartao=f"{foreign.id}").status_code, 200)
        self.assertFalse(self.active())
        for number in (theirs.id, 0, 2**31, 999999999):
            self.assertEqual(self.post(f"{PATH}/{number}/revogar").status_code, 404)
        self.assertEqual(self.post(f"{PATH}/-1/revogar").status_code, 404)
        self.assertEqual(theirs.state, "active")
        self.assertEqual(self.url_open(f"{PATH}/{theirs.id}/revogar", allow_redirects=False).status_code, 405)

    def test_who_has_no_page(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get().url)
        new_test_user(self.env, "internal.cartao", "base.group_user")
        self.authenticate("internal.cartao", "internal.cartao")
        self.assertEqual(self.get().status_code, 404)
        self.company.cobranca_card_enabled = False
        self.authenticate("caio.cartao", "caio.cartao")
        self.assertEqual(self.get().status_code, 404)

    def test_way_from_the_open_payments(self):
        self.authenticate("ana.cartao", "ana.cartao")
        self.assertIn("o_cobranca_card_link", self.get("/my/pagamentos").text)
        self.company.cobranca_card_enabled = False
        self.assertNotIn("o_cobranca_card_link", self.get("/my/pagamentos").text)
