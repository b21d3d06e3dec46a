import re

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.mail import html2plaintext

from ..tools import message_text, tone
from .message_text_common import TODAY, MessageTextCommon

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} <t t-out='7*7'/>\r\nBcc: x@evil.example"


@tagged("post_install", "-at_install")
class TestMessageText(MessageTextCommon):
    def email(self, message, code="after_15", **template):
        text = self.env.ref(f"cobranca_recorrente.mail_template_dunning_{code}")
        text.write(template)
        return self.render(message, text)[message]

    def plain(self, message, code="after_15", **template):
        return message_text.plain(self.email(message, code, **template)["body"])

    def test_one_invoice_is_explained_part_by_part(self):
        text = self.plain(self.make_message())
        for expected in (
            "Original amount\nR$ 1,700.00",
            "Fine of 2 %\nR$ 34.00",
            "Interest of 1 % a month, 16 days\nR$ 9.07",
            "Amount on 11/19\nR$ 1,743.07",
        ):
            self.assertIn(expected, text)

    def test_several_invoices_have_a_row_each(self):
        message = self.make_message(lines=3)
        text = self.plain(message)
        self.assertIn(f"{message.line_ids[0].name}\nR$ 1,743.07\ndue on ", text)
        self.assertEqual(text.count("Fine of 2 % R$ 34.00"), 3)
        self.assertIn("Amount on 11/19\nR$ 5,229.21", text)
        self.assertIn("3 invoices, the oldest due on ", text)

    def test_before_the_due_date_there_is_only_the_amount(self):
        text = self.plain(self.make_message(days_late=-3), "before").replace("\xa0", " ")
        self.assertNotIn("Fine", text)
        self.assertNotIn("Original amount", text)
        self.assertIn("Amount until the due date\nR$ 1,700.00", text)

    def test_a_discount_is_taken_off(self):
        message = self.make_message(days_late=-3, amount=1615.0)
        message.line_ids.write({"discount": 85.0, "amount": 1615.0})
        text = self.plain(message, "before")
        self.assertIn("Punctuality discount", text)
        self.assertIn("R$ 1,615.00", text)

    def test_without_explanations_the_amounts_are_there(self):
        message = self.make_message()
        values = message._render_texts({}, self.env.ref("cobranca_recorrente.mail_template_dunning_after_3"))
        self.assertIn("Interest, 16 days", message_text.plain(values[message]["body"]))

    def test_what_the_layout_adds(self):
        message = self.make_message()
        self.assertIn("I have paid", self.plain(message))
        self.assertIn("See and pay", self.plain(message))
        text = self.plain(message, cobranca_content="see")
        self.assertNotIn("I have paid", text)
        self.assertIn("See the details", text)
        text = self.plain(message, cobranca_content="words")
        self.assertNotIn("See the details", text)
        self.assertNotIn("1,743.07", text)

    def test_who_is_greeted(self):
        self.assertIn("Hello, Ana,", self.plain(self.make_message()))
        self.assertIn("Hello!\n", self.plain(self.make_message(partner=self.business)))
        clerk = self.env["res.partner"].create({"name": "DRA. EDIVÂNIA DOS SANTOS", "parent_id": self.business.id})
        message = self.make_message(partner=self.business, recipient_id=clerk.id, date="2026-11-18")
        self.assertIn("Hello, Edivânia,", self.plain(message))
        self.assertNotIn("Customer:", self.plain(message))

    def test_another_recipient_is_told_whose_invoice_it_is(self):
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "lang": "en_US"})
        text = self.plain(self.make_message(recipient_id=mother.id))
        self.assertIn("Hello, Bia,", text)
        self.assertIn("Customer: Ana Lindoso", text)

    def test_hostile_names_are_inert(self):
        self.customer.name = HOSTILE
        self.company.write({"cobranca_contact_name": HOSTILE, "cobranca_contact_hours": HOSTILE, "street": HOSTILE})
        message = self.make_message(lines=2)
        mother = self.env["res.partner"].create({"name": HOSTILE, "lang": "en_US", "street": HOSTILE})
        message.recipient_id = mother
        message.line_ids.write({"name": HOSTILE})
        for channel in ("email", "letter"):
            message.channel = channel
            values = self.email(message)
            self.assertNotIn("<script", values["body"])
            self.assertNotIn("<t t-out", values["body"])
            self.assertNotIn("49", re.sub(r"\d{3,}|\d,\d+|\d/\d+", "", message_text.plain(values["body"])))
            self.assertNotRegex(values["subject"], r"[\r\n]")
        self.assertIn("Hello!", message_text.plain(values["body"]), "no such name is said")

    def test_plain_text_of_an_e_mail_can_be_read(self):
        text = html2plaintext(self.email(self.make_message())["body"]).replace("\xa0", " ")
        lines = [line.strip() for line in text.splitlines()]
        self.assertTrue(lines[0].startswith("Message of Brumalva"), lines[0])
        joined = "\n".join(lines)
        self.assertRegex(joined, r"(?m)^Original amount +R\$ ?1,700\.00$")
        self.assertRegex(joined, r"(?m)^Amount on 11/19 +R\$ ?1,743\.07$")
        self.assertRegex(joined, r"(?m)^See and pay \[1\]$")

    def test_the_list_of_messages_shows_nothing_of_a_debt(self):
        text = message_text.plain(self.email(self.make_message())["body"])
        self.assertEqual(tone.review("", text, "email", "notice", ("creditor", "contact")), [])

    def test_subject_names_month_and_creditor(self):
        subject = self.email(self.make_message(), "after_3")["subject"]
        self.assertEqual(subject, "Your invoice of October from Brumalva Serviços Ltda.")
        subject = self.email(self.make_message(lines=3, date="2026-11-18"), "after_3")["subject"]
        self.assertTrue(subject.startswith("Your invoices of "))

    def test_own_texts_come_from_the_step(self):
        policy = self.env["cobranca.dunning.policy"].create({"name": "Test", "company_id": self.company.id})
        text = self.env.ref("cobranca_recorrente.mail_template_dunning_after_7")
        level = self.env["cobranca.dunning.level"].create(
            {
                "policy_id": policy.id,
                "name": "Second notice",
                "days": 7,
                "channel_ids": [Command.create({"channel": "email", "mail_template_id": text.id})],
            }
        )
        message = self.make_message(level_id=level.id, policy_id=policy.id)
        self.assertIn("writing again", message._render_texts()[message]["body"])
        message.channel = "sms"
        with self.assertRaisesRegex(UserError, "Second notice"):
            message._render_texts()

    def test_what_is_said_has_no_text(self):
        message = self.make_message(channel="call")
        self.assertEqual(message._render_texts()[message], {"subject": "", "body": "", "text": ""})

    def test_whoever_previews_gets_no_link_of_the_customer(self):
        message = self.make_message()
        self.assertEqual(message.pay_link, message._get_links()[message]["pay"])
        seen = message.with_user(self.manager)
        self.assertTrue(seen.pay_link.endswith("/…"))

    def test_letter_has_an_address_and_a_code_to_scan(self):
        self.customer.write({"street": "Rua do Amparo, 12", "city": "Olinda", "zip": "53020-140"})
        message = self.make_message(channel="letter")
        message.write(self.email(message, "returned_mail"))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cobranca_recorrente.report_message_letter", message.ids
        )
        text = html.decode()
        for expected in ("Rua do Amparo, 12", "53020-140", "data:image/svg+xml;base64,", "(11) 5555-0100"):
            self.assertIn(expected, text)

    def test_a_company_without_its_data_sends_nothing(self):
        self.assertEqual(self.company._cobranca_get_creditor_gap(), "")
        self.company.cobranca_contact_email = "cobranca@brumalva.example"
        for values, missing in (
            ({"vat": False}, "CNPJ or CPF"),
            ({"street": False}, "street and city"),
            ({"city": False}, "street and city"),
            ({"cobranca_contact_email": False, "email": False, "phone": False}, "phone or e-mail"),
        ):
            with self.subTest(missing=missing):
                before = {name: self.company[name] for name in values}
                self.company.write(values)
                self.assertIn(missing, self.company._cobranca_get_creditor_gap())
                self.company.write(before)

    def test_managers_set_the_contact(self):
        Settings = self.env["cobranca.settings"].with_user(self.manager)
        settings = Settings.create({"cobranca_contact_name": "Caio", "cobranca_contact_hours": "9h–17h"})
        self.assertFalse(settings.cobranca_creditor_gap)
        settings.action_save()
        self.assertEqual(self.company._cobranca_get_creditor()["contact"], "Caio")
        self.assertEqual(self.company._cobranca_get_creditor()["hours"], "9h–17h")

    def test_amounts_are_of_the_day_of_the_message(self):
        self.assertEqual(str(self.make_message().amount_on), TODAY)
