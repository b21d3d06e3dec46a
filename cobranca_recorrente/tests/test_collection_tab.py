import base64
import json
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cobranca_recorrente.tools import identification

from .common import CPF
from .record_common import TODAY, RecordCommon


@tagged("post_install", "-at_install")
class TestCollectionTab(RecordCommon):
    def sentence(self, partner=None):
        partner = (partner or self.customer).with_user(self.collector)
        partner.invalidate_recordset()
        return " ".join(partner.cobranca_sentence.striptags().split())

    def test_new_customer(self):
        partner = self.make_customer("New Customer", "168.995.350-09")
        self.assertIn("nobody had to speak", self.sentence(partner))
        self.assertFalse(partner.cobranca_debts_html)

    def test_what_is_owed_and_since_when(self):
        self.assertIn("Overdue", self.sentence())
        # Saturday the 10th, Sunday and the holiday of the 12th do not count.
        self.assertIn("800.00 open in 2 invoices; the oldest is overdue by 37 days.", self.sentence())
        html = self.customer.with_user(self.collector).cobranca_debts_html
        self.assertIn(self.invoice.name, html)
        self.assertIn("10/10/2026", html)
        self.assertIn(f"/odoo/account.move/{self.later.id}", html)

    def test_fine_and_interest_of_today(self):
        version = self.env["cobranca.charge.policy.version"]
        self.charge_by(version.search([], limit=1).policy_id)
        total = self.customer.with_user(self.collector)._cobranca_get_debt_summary(TODAY)["total"]
        self.assertGreater(total, 800)
        self.assertIn(f"{total:.2f} open in 2 invoices", self.sentence())
        html = self.customer.with_user(self.collector).cobranca_debts_html
        self.assertIn("Interest", html)
        self.assertIn(f"{total:.2f}", html)

    def test_nothing_overdue(self):
        self.make_invoice(70.0, "2026-12-10", self.stranger, invoice_date="2026-11-10")
        self.assertIn("Not due yet", self.sentence(self.stranger))
        self.assertIn("none of it overdue", self.sentence(self.stranger))

    def test_what_was_said_and_agreed(self):
        self.Interaction._record(
            self.company, self.customer, "call", "call_later", next_date=datetime(2026, 11, 19, 19, 30)
        )
        text = self.sentence()
        self.assertIn("Last contact on 19/11 (Call): Call later.", text)
        self.assertIn("Next contact today at 16:30.", text)
        promise = self.promise()
        self.assertIn("Promised", self.sentence())
        self.assertIn("for 24/11", self.sentence())
        promise._set_state("broken", promise.date)
        self.assertIn("Promises broken in 12 months: 1.", self.sentence())
        self.Dispute._record(self.line, 500.0, "service")
        self.assertIn("answer until 27/11", self.sentence())

    def test_pause_is_told(self):
        self.Hold._start(self.company, self.customer, "vacation", *[promise_day()] * 2)
        self.assertIn("Collection paused until 19/11: Vacation.", self.sentence())

    def test_names_are_no_markup(self):
        self.env["res.partner"].create(
            {"name": "<b>Eve</b><script>x</script>", "parent_id": self.customer.id, "cobranca_role": "pays"}
        )
        html = self.customer.with_user(self.collector).cobranca_people_html
        self.assertIn("&lt;script&gt;", html)
        self.assertNotIn("<script>", html)

    def test_form_opens_for_every_rank(self):
        for user in (self.collector, self.supervisor, self.manager):
            with self.subTest(user=user.login):
                view = self.env["res.partner"].with_user(user).get_view(self.env.ref("base.view_partner_form").id)
                self.assertIn("cobranca_sentence", view["arch"])
        self.supervisor.group_ids += self.env.ref("base.group_partner_manager")
        with Form(self.customer.with_user(self.supervisor)) as form:
            self.assertTrue(form.cobranca_sentence)

    # --- preferences ---

    def preferences(self, **values):
        wizard = self.env["cobranca.preference.edit"].with_user(self.collector)
        return wizard.with_context(default_partner_id=self.customer.id).create(values)

    def test_preferences_are_written_by_a_collector(self):
        self.preferences(channel="call", hour="morning", refuses_sms=True, note="By telephone").action_save()
        self.assertEqual((self.customer.cobranca_channel, self.customer.cobranca_hour), ("call", "morning"))
        self.assertEqual(self.customer._cobranca_get_refused_channels(), {self.customer: {"sms"}})
        again = self.preferences()
        self.assertEqual((again.channel, again.refuses_sms, again.refuses_call), ("call", True, False))
        again.refuses_sms, again.refuses_whatsapp = False, True
        again.action_save()
        self.assertEqual(self.customer._cobranca_get_refused_channels(), {self.customer: {"whatsapp"}})
        old = self.customer.cobranca_opt_out_ids.filtered("ended_on")
        self.assertEqual((old.channel, old.note, old.user_id), ("sms", "By telephone", self.collector))

    def test_preferred_channel_is_not_refused(self):
        with self.assertRaisesRegex(UserError, "preferred and refused"):
            self.preferences(channel="sms", refuses_sms=True).action_save()

    # --- personal data ---

    def test_document_is_masked_and_who_looks_is_written_down(self):
        customer = self.customer.with_user(self.collector)
        self.assertEqual(customer.cobranca_masked_document, "***.982.247-**")
        shown = customer.action_cobranca_unmask()
        self.assertEqual(shown["params"]["message"], CPF)
        log = self.env["cobranca.access.log"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((log.user_id, log.action), (self.collector, "unmask"))
        for do in (lambda: log.write({"user_id": self.manager.id}), log.unlink):
            with self.assertRaises(UserError):
                do()

    def test_who_has_no_business_with_a_person_sees_nothing_of_him(self):
        unknown = self.make_customer("Nobody Known", "168.995.350-09")
        for method in ("action_cobranca_unmask", "action_cobranca_export"):
            with self.assertRaisesRegex(AccessError, "neither invoice nor contract"):
                getattr(unknown.with_user(self.supervisor), method)()
        self.assertFalse(self.env["cobranca.access.log"].search([("partner_id", "=", unknown.id)]))

    def test_export_of_one_person(self):
        self.promise()
        self.Interaction._record(self.company, self.customer, "call", "informed", note="2ª via enviada")
        self.make_invoice(99.0, "2026-11-10", self.stranger)
        with self.assertRaises(AccessError):
            self.customer.with_user(self.collector).action_cobranca_export()
        action = self.customer.with_user(self.supervisor).action_cobranca_export()
        wizard = self.env["cobranca.person.export"].browse(action["res_id"]).with_user(self.supervisor)
        data = json.loads(base64.b64decode(wizard.content))
        self.assertEqual((data["identity"]["vat"], data["identity"]["email"]), (CPF, "ana@example.com"))
        self.assertEqual([row["amount_total"] for row in data["invoices"]], [500.0, 300.0])
        self.assertEqual([row["note"] for row in data["contacts_made"]], ["2ª via enviada"])
        self.assertEqual(data["promises"][0]["state"], "open")
        self.assertEqual(data["accesses"][-1]["action"], "export")
        self.assertNotIn("Caio", str(data))
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["content"])

    def test_mask_hides_enough(self):
        for document in (CPF, "12.345.678/0001-95", "12ABC34501DE35"):
            masked = identification.masked(document)
            hidden = sum(character == "*" for character in masked)
            self.assertGreaterEqual(hidden, 5, masked)
            self.assertEqual(len(masked), len(identification.formatted(document)))
        self.assertEqual(identification.masked("12"), "")


def promise_day():
    return datetime(2026, 11, 19).date()
