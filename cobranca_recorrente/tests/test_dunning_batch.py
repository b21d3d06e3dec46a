import re

from freezegun import freeze_time

from odoo.fields import Date
from odoo.tests import tagged

from .dunning_common import DunningCommon

MANY = 1000


@tagged("post_install", "-at_install")
class TestDunningBatch(DunningCommon):
    """Many messages at once: nobody reads of anybody else. What comes back finds its message."""

    @freeze_time("2026-03-13 13:00:00")
    def test_thousand_messages_have_nobody_elses_data(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Canario{number:04}", "email": f"canario{number:04}@example.com"} for number in range(MANY)]
        )
        items = [(partner, 1000 + number, "2026-03-10") for number, partner in enumerate(partners)]
        lines = self.post_lines("2026-03-01", items)
        for number, line in enumerate(lines):
            line.name = f"Fatura{number:04}"
        made = self.engine._run(self.company, Date.to_date("2026-03-13"))
        self.assertEqual(len(made), MANY)
        with self.mail_server() as taken:
            self.engine._deliver(made)
        self.assertEqual(len(taken), MANY)
        links = set()
        for mail in taken:
            [number] = set(re.findall(r"canario(\d{4})", mail["To"]))
            texts = "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")
            self.assertLessEqual(
                set(re.findall(r"[Cc]anario(\d{4})|Fatura(\d{4})", texts)), {(number, ""), ("", number)}
            )
            amounts = set(re.findall(r"\b1,[0-9]{3}\.00|\b[0-9]{4}\.[0-9]\b", texts))
            self.assertLessEqual(amounts, {f"1,{number[1:]}.00", f"1{number[1:]}.0"})
            links.update(re.findall(r"/my/pagamentos/([^\s\"'<>]+)", texts))
            self.assertEqual(len(list(mail.iter_attachments())), 0)
        self.assertGreaterEqual(len(links), MANY)

    @freeze_time("2026-03-13 13:00:00")
    def test_answer_of_the_customer_lands_in_the_register(self):
        self.owe(100, "2026-03-10")
        message = self.run_day("2026-03-13")
        answer = (
            "From: Ana <ana@example.com>\nTo: catchall@example.com\nSubject: Re: fatura\nMessage-Id: <a@x>\n"
            f"In-Reply-To: {message.email_message_id}\nReferences: {message.email_message_id}\n"
            "Content-Type: text/plain\n\nVou pagar amanha.\n"
        )
        self.env["mail.thread"].message_process("res.partner", answer)
        contact = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((contact.outcome, contact.direction, contact.channel), ("replied", "in", "email"))
        self.assertIn("Vou pagar amanha", contact.note)
        self.assertEqual(contact.company_id, self.company)
