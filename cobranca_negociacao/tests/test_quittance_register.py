from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .paper_common import PaperCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 15:00:00")
class TestQuittanceRegister(PaperCommon):
    """Letters of quittance reach their customers, and stay in the register."""

    def issue(self, move, user=None):
        return self.Quittance.with_user(user or self.collector)._issue_for_move(move.with_user(user or self.collector))

    # === DELIVERY === #

    def make(self):
        move = self.invoice(100)
        self.pay(move, 100)
        return self.issue(move)

    def test_sent_to_who_pays(self):
        self.env["res.partner"].create(
            {"name": "Rui", "parent_id": self.customer.id, "cobranca_role": "pays", "email": "rui@example.com"}
        )
        quittance = self.make()
        quittance.with_user(self.collector).action_send()
        mail = self.env["mail.mail"].search([("model", "=", "cobranca.quittance"), ("res_id", "=", quittance.id)])
        self.assertEqual(mail.recipient_ids.email, "rui@example.com")
        self.assertEqual(mail.subject, "Escola Aurora Ltda: your letter of quittance")
        self.assertEqual(mail.attachment_ids.raw, quittance.attachment_id.raw)
        self.assertNotEqual(mail.attachment_ids, quittance.attachment_id, "a copy: the paper itself goes nowhere")
        for part in (quittance.name, "11.222.333/0001-81", "Rua do Amparo, 10", "+55 11 3333-4444"):
            self.assertIn(part, mail.body_html)
        self.assertEqual((quittance.sent_to, str(quittance.sent_at)), ("r***@example.com", "2026-11-24 15:00:00"))
        contact = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual((contact.channel, contact.outcome), ("email", "informed"))

    def test_what_keeps_it_from_being_sent(self):
        quittance = self.make().with_user(self.collector)
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            quittance.action_send()
        self.customer.email = "ana@example.com"
        self.customer._cobranca_write_preferences(False, False, {"email"}, "x")
        with self.assertRaisesRegex(UserError, "refuses e-mails"):
            quittance.action_send()
        self.customer._cobranca_write_preferences(False, False, set(), "x")
        self.company.vat = False
        with self.assertRaisesRegex(UserError, "CNPJ"):
            quittance.action_send()
        self.assertFalse(quittance.sent_at)

    # === REGISTER === #

    def test_taken_back(self):
        quittance = self.make()
        with self.assertRaisesRegex(AccessError, "supervisor"):
            quittance.with_user(self.collector)._revoke("Error")
        seen = quittance.with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Give the reason"):
            seen._revoke("  ")
        wizard = Form(
            self.env["cobranca.quittance.revoke"]
            .with_user(self.supervisor)
            .with_context(default_quittance_id=quittance.id)
        )
        wizard.reason = "Taken back by the bank"
        wizard.save().action_revoke()
        self.assertEqual(
            (quittance.state, quittance.revoke_reason, quittance.revoked_by_id, quittance.revoked_on),
            ("revoked", "Taken back by the bank", self.supervisor, date(2026, 11, 24)),
        )
        with self.assertRaisesRegex(UserError, "already"):
            seen._revoke("again")
        with self.assertRaisesRegex(UserError, "not sent any more"):
            seen.action_send()
        self.assertNotEqual(self.issue(quittance.move_id), quittance)

    def test_register_stays(self):
        quittance = self.make()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            quittance.sudo().write({"amount": 1})
        with self.assertRaisesRegex(UserError, "stay in the register"):
            quittance.sudo().unlink()
        with self.assertRaises(UserError):
            quittance.with_user(self.manager).write({"amount": 1})
        with self.assertRaisesRegex(UserError, "stays as it is"):
            quittance.attachment_id.sudo().raw = b"x"
        with self.assertRaisesRegex(UserError, "not deleted"):
            quittance.attachment_id.sudo().unlink()
        self.assertFalse(quittance.attachment_id.public)
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                quittance.with_user(user).read(["name"])

    def test_companies_are_apart(self):
        quittance = self.make()
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        Wizard = self.env["cobranca.quittance.revoke"].with_user(self.supervisor)
        wizard = Wizard.create({"quittance_id": quittance.id, "reason": "Error"})
        self.assertTrue(wizard.has_access("read"))
        (self.collector | self.supervisor).write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.Quittance.with_user(self.collector).search([]))
        self.assertFalse(wizard.has_access("read"))

    def test_screens(self):
        move = self.invoice(100)
        self.pay(move, 100)
        action = move.with_user(self.collector).action_cobranca_quittance()
        quittance = self.Quittance.browse(action["res_id"])
        self.assertEqual(quittance.move_id, move)
        Form(quittance.with_user(self.collector))
        view = self.env["account.move"].with_user(self.collector).get_view(view_type="form")["arch"]
        self.assertIn("action_cobranca_quittance", view)
        self.assertEqual(self.Quittance._find_of_partner(self.company, self.customer), quittance)
