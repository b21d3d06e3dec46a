import re

import pytest
from freezegun import freeze_time

from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import split_every

from ..models.cobranca_dunning_delivery import BATCH_SIZE
from .dunning_common import DunningCommon


class ManyMessages(DunningCommon):
    """Many messages at once: nobody reads of anybody else."""

    @freeze_time("2026-03-13 13:00:00")
    def send_to(self, many):
        partners = self.env["res.partner"].create(
            [{"name": f"Canario{number:04}", "email": f"canario{number:04}@example.com"} for number in range(many)]
        )
        items = [(partner, 1000 + number, "2026-03-10") for number, partner in enumerate(partners)]
        lines = self.post_lines("2026-03-01", items)
        for number, line in enumerate(lines):
            line.name = f"Fatura{number:04}"
        made = self.engine._run(self.company, Date.to_date("2026-03-13"))
        self.assertEqual(len(made), many)
        domain = self.engine._get_due_domain()
        for some in split_every(BATCH_SIZE, made.ids):
            self.assertEqual(len(self.engine._write_batch(list(some), domain)), len(some))
        tokens = set()
        for number, message in enumerate(made.sorted("partner_id")):
            mail = message.mail_id
            self.assertEqual(mail.email_to, f'"Canario{number:04}" <canario{number:04}@example.com>')
            self.assertFalse(mail.attachment_ids)
            for text in (mail.body_html, message.body, message.subject, mail.body):
                self.assertLessEqual(set(re.findall(r"[Cc]anario(\d{4})|Fatura(\d{4})", text)), self.own(number))
            amounts = {re.sub(r"[.,]", "", text) for text in re.findall(r"\b1[.,]\d{3}[.,]00", message.body)}
            own = {f"{100000 + 100 * number}", f"{message.amount * 100:.0f}"}
            self.assertIn(f"{100000 + 100 * number}", amounts)
            self.assertLessEqual(amounts, own)
            [token] = set(re.findall(r"/my/pagamentos/([^\s\"'<>/]+)", message.body))
            tokens.add(token)
        self.assertEqual(len(tokens), many)

    def own(self, number):
        """What one mail may name."""
        return {(f"{number:04}", ""), ("", f"{number:04}")}


@tagged("post_install", "-at_install")
class TestDunningBatch(ManyMessages):
    """Some batches of them. What comes back finds its message."""

    def test_messages_have_nobody_elses_data(self):
        self.send_to(2 * BATCH_SIZE + 1)

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


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
class TestDunningBatchAtLength(ManyMessages):
    def test_thousand_messages_have_nobody_elses_data(self):
        self.send_to(1000)
