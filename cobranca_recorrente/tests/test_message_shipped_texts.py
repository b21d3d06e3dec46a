import re

from odoo.tests import tagged

from ..tools import message_text, tone
from .message_text_common import CODES, MessageTextCommon

FORBIDDEN = re.compile(r"(?i)devedor|inadimpl|calote|debtor|delinquen|serasa|\bspc\b|protest")


@tagged("post_install", "-at_install")
class TestMessageTexts(MessageTextCommon):
    """Every shipped text, in every language, to whomever, about whatever."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            "Ana": cls.customer,
            "João": cls.make_customer("João Prado", "111.444.777-35", lang="pt_BR"),
            "": cls.business,
            " ": cls.make_customer("Padaria Trigo Bom Ltda.", "45.723.174/0001-10", lang="pt_BR", is_company=True),
        }
        cls.cases = [
            cls.make_message(partner=partner, date=date, channel=channel, **values)
            for partner in cls.people.values()
            for date, values in (
                ("2026-11-19", {}),
                ("2026-11-18", {"lines": 3}),
                ("2026-11-17", {"currency": cls.dollar}),
            )
            for channel in ("email", "sms", "letter")
            for date in [f"2026-{('email', 'sms', 'letter').index(channel) + 9:02}-{date[-2:]}"]
        ]
        cls.messages = cls.Message.concat(*cls.cases)

    def of_channel(self, channel):
        return self.messages.filtered(lambda message: message.channel == channel)

    def assertLawful(self, message, text, subject):
        """Name, document, address and contact of the creditor; nothing that shames; a neutral subject."""
        for expected in ("Brumalva Serviços Ltda.", "CNPJ 11.222.333/0001-81", "Rua das Jacarandás, 410"):
            self.assertIn(expected, text)
        for expected in (
            "São Paulo/SP",
            "Nara",
            "(11) 5555-0100",
            "financeiro@brumalva.example",
            "seg. a sex., 9h às 18h",
        ):
            self.assertIn(expected, text)
        self.assertNotRegex(text + subject, FORBIDDEN)
        self.assertNotRegex(subject, r"\d,\d\d|\$|\{|\}|<")
        findings = tone.review(subject, text, "email", "notification", ("creditor", "contact", "preview"))
        self.assertEqual(findings, [])

    def test_e_mails(self):
        messages = self.of_channel("email")
        for code in CODES:
            template = self.env.ref(f"cobranca_recorrente.mail_template_dunning_{code}")
            rendered = self.render(messages, template)
            for message in messages:
                with self.subTest(code=code, partner=message.partner_id.name, currency=message.currency_id.name):
                    self.check_e_mail(message, rendered[message], template.cobranca_content, code)

    def check_e_mail(self, message, values, content, code):
        text = message_text.plain(values["body"])
        self.assertLawful(message, text, values["subject"])
        name = next(name for name, partner in self.people.items() if partner == message.partner_id).strip()
        greeted = message.with_context(lang=message._get_text_lang())
        self.assertIn(greeted.salutation if code == "after_60" else greeted.greeting, text)
        self.assertIn(name, greeted.greeting)
        link = message._get_links()[message]["pay"]
        if content == "words":
            self.assertNotIn(message.currency_id.symbol, text, "nothing is asked for")
            return
        lang = message._get_text_lang()
        amount = message.currency_id.with_context(lang=lang).format(message.amount)
        self.assertIn(amount.replace("\xa0", " "), text)
        self.assertIn(f'href="{link}"', values["body"])
        for row in message.line_ids:
            self.assertTrue(row.name in text or len(message.line_ids) == 1, "each invoice is named")

    def test_short_texts(self):
        messages = self.of_channel("sms")
        for code in CODES:
            template = self.env.ref(f"cobranca_recorrente.sms_template_dunning_{code}")
            rendered = self.render(messages, template)
            for message in messages:
                with self.subTest(code=code, partner=message.partner_id.name):
                    text = rendered[message]["text"]
                    self.assertIn("Brumalva Servicos Ltda.", text, "in the signs of an SMS")
                    self.assertIn("CNPJ 11.222.333/0001-81", text)
                    self.assertIn(message._get_links()[message]["pay"], text)
                    self.assertNotRegex(text, FORBIDDEN)
                    self.assertFalse(set(text) - message_text.GSM)
                    self.assertEqual(tone.review("", text, "sms", "notice", ("creditor", "contact")), [])
                    words = text.replace(message._get_links()[message]["pay"], "")
                    self.assertLessEqual(len(words), 135, "there is room for a short link in one SMS")
                    self.assertNotRegex(text, r"R\$|\d,\d\d\b", "no amount")

    def test_letters(self):
        messages = self.of_channel("letter")
        for code in CODES:
            template = self.env.ref(f"cobranca_recorrente.mail_template_dunning_{code}")
            rendered = self.render(messages, template)
            for message in messages:
                with self.subTest(code=code, partner=message.partner_id.name):
                    values = rendered[message]
                    self.assertLawful(message, message_text.plain(values["body"]), values["subject"])
                    self.assertNotIn("<a ", values["body"], "paper has no links")

    def test_shipped_texts_pass_the_review(self):
        for model in ("mail", "sms"):
            for code in CODES:
                template = self.env.ref(f"cobranca_recorrente.{model}_template_dunning_{code}")
                for lang in ("en_US", "pt_BR"):
                    with self.subTest(template=template.name, lang=lang):
                        findings = template.with_context(lang=lang)._cobranca_get_findings(self.company)
                        self.assertEqual([finding for finding in findings if not finding["is_ok"]], [])
                        self.assertEqual(len(findings), 4)

    def test_shipped_texts_need_no_code(self):
        """Else no manager could change them."""
        for model in ("mail.template", "sms.template"):
            for template in self.env[model].search([("model", "=", "cobranca.message")]):
                self.assertFalse(template._has_unsafe_expression(), template.name)

    def test_cost_does_not_grow_with_the_number(self):
        template = self.env.ref("cobranca_recorrente.mail_template_dunning_after_15")
        messages = self.of_channel("email")
        debts = self.explain(messages)
        messages._render_texts(debts, template)  # what is compiled and read once
        counts = []
        for batch in (messages[:3], messages):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._render_texts(debts, template)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 6, "languages of more customers, each with its links")
