import base64
from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import GROUP
from .record_common import RecordCommon

LONG_AGO, AFTER = "2026-11-19", "2032-01-01"
# Each is written where it should not be found afterwards.
SECRETS = ("Ana Lindoso", "529.982.247-25", "52998224725", "ana@example.com", "98765-4321", "Rua do Amparo", "CANARY")
# Registers with words and a person that stay as they are, each with the reason.
KEPT = {
    "cobranca.access.log": "who looked, without data",
    "cobranca.bureau.listing": "numbers of invoices and protocols; proof of what was listed and when it was removed",
    "cobranca.anonymization": "numbers alone",
    "cobranca.behavior": "removed as a whole",
    "cobranca.loss": "proof for the tax office (Lei 9.430, art. 11)",
    "cobranca.contract.readjustment": "indices and amounts",
    "cobranca.contract.period": "amounts",
    "cobranca.contract.usage": "quantities",
    "cobranca.billing.conference.line": "amounts to check, redrawn each month",
    "cobranca.receipt": "amounts",
    "cobranca.billing.forecast.line": "the user's own, made anew each time",
    "cobranca.promise.line": "amounts",
    "cobranca.payment.quote": "amounts, and a reference that says nothing",
}


@tagged("post_install", "-at_install")
class TestAnonymize(RecordCommon):
    """A customer of 2026 whose data go in 2032."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write(
            {
                "phone": "(81) 98765-4321",
                "street_name": "Rua do Amparo",
                "street_number": "12",
                "city": "Olinda",
                "comment": "<p>CANARY of the notes</p>",
                "ref": "CANARY-REF",
                "image_1920": base64.b64encode(cls.env["ir.binary"]._placeholder("web/static/img/placeholder.png")),
            }
        )
        cls.person = cls.env["res.partner"].create(
            {"name": "CANARY Bia", "parent_id": cls.customer.id, "email": "canary@example.com"}
        )
        cls.user = new_test_user(cls.env, "canary_login", "base.group_portal")
        cls.user.partner_id = cls.person
        cls.bank = cls.env["res.partner.bank"].create({"partner_id": cls.customer.id, "acc_number": "CANARY-1"})

    def settle(self):
        """All is paid and over, but what was said and written is still there."""
        contract = self.make_contract(
            date_start="2026-10-01",
            date_end="2026-10-31",
            note="<p>CANARY note</p>",
            reference="CANARY-9",
            activate=False,
        )
        contract.message_post(body="CANARY letter", message_type="comment", partner_ids=self.customer.ids)
        contract._update_state(("draft",), "cancelled")
        self.Promise._record(self.line.with_user(self.collector), date(2026, 11, 24), 500.0)
        self.Dispute._record(self.later_line, 300.0, "other", "CANARY description").sudo()._decide(
            "withdrawn", "CANARY"
        )
        self.Interaction._record(self.company, self.customer, "call", "informed", note="CANARY said")
        self.env["cobranca.opt.out"]._set_refused(self.customer, ["sms"], "CANARY asked")
        self.customer.message_post(body="CANARY chatter", author_id=self.customer.id, message_type="comment")
        self.invoice.message_post(body="Hello Ana Lindoso", author_id=self.customer.id, message_type="comment")
        File = self.env["ir.attachment"]
        File.create({"name": "CANARY.txt", "raw": b"x", "res_model": "res.partner", "res_id": self.customer.id})
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.pay(self.later, 300.0, "2026-11-19")
        self.env["cobranca.promise"].search([("state", "=", "open")]).action_cancel()
        self.env.flush_all()
        return contract

    def anonymize(self, user=None, reason="request"):
        return self.customer.with_user(user or self.supervisor)._cobranca_anonymize(reason)

    def obstacles(self):
        return "\n".join(self.customer._cobranca_find_obstacles())

    def found(self, secrets=SECRETS):
        """Where in the database these words still are: {table: how many rows}."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'ir_logging'")
        )
        counts = {}
        for (table,) in tables:
            conditions = [SQL("t::text LIKE %s", f"%{secret}%") for secret in secrets]
            query = SQL("SELECT count(*) FROM %s t WHERE %s", SQL.identifier(table), SQL(" OR ").join(conditions))
            [(count,)] = self.env.execute_query(query)
            if count:
                counts[table] = count
        return counts

    # --- what goes and what stays ---

    def test_nothing_personal_is_left(self):
        """The whole database is searched for the words; invoices' own texts alone may have them."""
        self.settle()
        before = self.found()
        self.assertIn("res_partner", before)
        self.assertIn("cobranca_interaction", before)
        with freeze_time(f"{AFTER} 15:00:00"):
            self.anonymize()
        self.env.invalidate_all()
        left = self.found()
        self.assertEqual(left.keys() - {"account_move_line", "account_move"}, set(), left)
        self.assertEqual(self.customer.name, f"Anonymised person {self.customer.id}")
        self.assertEqual((self.customer.active, self.person.active, self.user.active), (False, False, False))
        self.assertFalse(self.customer.vat or self.customer.email or self.customer.street or self.customer.image_1920)
        self.assertEqual(self.bank.with_context(active_test=False).acc_number, f"anonymised-{self.bank.id}")

    def test_the_books_stay(self):
        self.settle()
        read = ["name", "amount_total", "invoice_date", "invoice_date_due", "payment_state", "partner_id", "state"]
        moves = self.invoice | self.later
        before, entries = moves.read(read, load=None), moves.line_ids.read(["debit", "credit", "date", "account_id"])
        made = self.env["cobranca.interaction"].search_count([("partner_id", "=", self.customer.id)])
        with freeze_time(f"{AFTER} 15:00:00"):
            self.anonymize()
        self.env.invalidate_all()
        self.assertEqual(moves.read(read, load=None), before)
        self.assertEqual(moves.line_ids.read(["debit", "credit", "date", "account_id"]), entries)
        # What happened stays countable, without words.
        contacts = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((len(contacts), any(contacts.mapped("note"))), (made, False))

    def test_register_without_personal_data(self):
        self.settle()
        with freeze_time(f"{AFTER} 15:00:00"):
            row = self.anonymize(reason="term")
            self.assertEqual((row.user_id, row.reason, row.company_id), (self.supervisor, "term", self.company))
            self.assertEqual(str(row.date), f"{AFTER} 15:00:00")
            self.assertRegex(row.summary, r"People and addresses: 2")
            with self.assertRaisesRegex(UserError, "already"):
                self.anonymize()
        for call in (lambda: row.sudo().write({"reason": "request"}), lambda: row.sudo().unlink()):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                call()

    def test_strangers_keep_theirs(self):
        self.settle()
        self.stranger.message_post(body="Other", message_type="comment")
        before = self.stranger.read(["name", "email", "vat", "active", "message_ids"])
        with freeze_time(f"{AFTER} 15:00:00"):
            self.anonymize()
        self.env.invalidate_all()
        self.assertEqual(self.stranger.read(["name", "email", "vat", "active", "message_ids"]), before)

    # --- what speaks against it ---

    def test_what_is_open_keeps_it_off(self):
        with freeze_time(f"{AFTER} 15:00:00"):
            self.assertIn("open amounts", self.obstacles())
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.pay(self.later, 300.0, "2026-11-19")
        with freeze_time(f"{AFTER} 15:00:00"):
            self.assertEqual(self.obstacles(), "")
            for make, told in (
                (lambda: self.make_contract(activate=False), "contracts that run"),
                (
                    lambda: self.make_contract(partner_id=self.stranger.id, beneficiary_id=self.person.id),
                    "contracts that run",
                ),
                (lambda: self.make_invoice(10.0, "2026-11-30", post=False), "draft invoices"),
                (
                    lambda: self.Hold._start(self.company, self.customer, "court", date(2031, 1, 1), None),
                    "paused for a reason",
                ),
            ):
                with self.subTest(told=told), self.env.cr.savepoint() as savepoint:
                    make()
                    self.assertIn(told, self.obstacles())
                    with self.assertRaisesRegex(UserError, told):
                        self.anonymize()
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_promise_and_dispute_keep_it_off(self):
        self.promise()
        self.Dispute._record(self.later_line, 300.0, "other")
        self.assertIn("open promise", self.obstacles())
        self.assertIn("undecided dispute", self.obstacles())

    def test_documents_are_kept_as_long_as_the_law_asks(self):
        self.settle()
        for day, is_kept in (("2026-12-01", True), ("2031-12-31", True), ("2032-01-01", False)):
            with freeze_time(f"{day} 15:00:00"):
                self.assertEqual("12/31/2031" in self.obstacles(), is_kept, day)
        self.company.cobranca_retention_years = 10
        with freeze_time("2032-01-01 15:00:00"):
            self.assertIn("12/31/2036", self.obstacles())
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.company.cobranca_retention_years = 4
            self.env.flush_all()

    def test_own_company_and_staff_are_not_anonymised(self):
        for partner in (self.company.partner_id, self.collector.partner_id):
            self.assertIn("own companies or people", "\n".join(partner._cobranca_find_obstacles()))

    # --- who and how ---

    def test_for_supervisors(self):
        self.settle()
        with freeze_time(f"{AFTER} 15:00:00"):
            for user in (self.collector, new_test_user(self.env, "outsider", "base.group_user"), self.user):
                for call in (lambda p: p._cobranca_anonymize("request"), lambda p: p.action_cobranca_anonymize()):
                    with self.subTest(user=user.login), self.assertRaises(AccessError):
                        call(self.customer.with_user(user))

    def test_another_companys_business_is_none_of_mine(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(self.env, "other", GROUP + "supervisor", company_id=other.id, company_ids=other.ids)
        with self.assertRaisesRegex(AccessError, "no need to see"):
            self.anonymize(user)

    def test_dialog_asks_to_type_a_word(self):
        self.settle()
        with freeze_time(f"{AFTER} 15:00:00"):
            action = self.customer.with_user(self.supervisor).action_cobranca_anonymize()
            wizard = self.env[action["res_model"]].with_user(self.supervisor).browse(action["res_id"])
            self.assertFalse(wizard.obstacles)
            self.assertIn("People and addresses: 2", wizard.plan)
            for typed in ("", "yes", "Ana Lindoso"):
                with self.assertRaisesRegex(UserError, "ANONYMISE"):
                    Form(wizard).save()
                    wizard.typed = typed
                    wizard.action_confirm()
            self.assertEqual(self.customer.name, "Ana Lindoso")
            wizard.typed = " anonymise "
            wizard.action_confirm()
        self.assertIn("Anonymised person", self.customer.name)

    def test_dialog_says_what_speaks_against_it(self):
        action = self.customer.with_user(self.supervisor).action_cobranca_anonymize()
        wizard = self.env[action["res_model"]].with_user(self.supervisor).browse(action["res_id"])
        self.assertIn("open amounts", wizard.obstacles)
        wizard.typed = "ANONYMISE"
        with self.assertRaisesRegex(UserError, "open amounts"):
            wizard.action_confirm()


@tagged("post_install", "-at_install")
class TestAnonymizeCovers(TransactionCase):
    def test_every_register_of_a_person_is_thought_of(self):
        """A new model of ours with words and a person is emptied, or kept for a reason written here."""
        forgotten, texts = {}, self.env["res.partner"]._cobranca_get_wiped_texts()
        for name, model in self.env.items():
            partner = model._fields.get("partner_id") or model._fields.get("commercial_partner_id")
            is_ours = name.startswith("cobranca.") and not model._abstract and not model._transient
            if not is_ours or not partner or partner.comodel_name != "res.partner" or not partner.store:
                continue
            words = {
                field.name
                for field in model._fields.values()
                if field.store
                and field.type in ("char", "text", "html")
                and field.name not in texts.get(name, ("", ()))[1]
            }
            own = {"name", "display_name", "res_model", "access_token", "line_group", "external_key", "origin_key"}
            if words - own and name not in texts and name not in KEPT:
                forgotten[name] = words - own
        self.assertEqual(forgotten, {})

    def test_fields_exist(self):
        for name, (path, fields) in self.env["res.partner"]._cobranca_get_wiped_texts().items():
            self.assertIn(path.split(".")[0], self.env[name]._fields)
            for field in fields:
                self.assertTrue(self.env[name]._fields[field].store, (name, field))
