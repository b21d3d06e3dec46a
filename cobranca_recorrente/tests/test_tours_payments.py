from datetime import timedelta
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .common import CobrancaCommon
from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestToursPayments(CobrancaCommon, HttpCase):
    """On a phone, by a link, without a login; a browser has the real day."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.company._cobranca_today()
        cls.company.cobranca_link_asks_document = True
        cls.invoice = RecordCommon.make_invoice.__func__(cls, 500.0, today - timedelta(days=20))
        cls.later = RecordCommon.make_invoice.__func__(cls, 300.0, today - timedelta(days=5))
        cls.line = RecordCommon.receivable(cls.invoice)
        row = (cls.company.id, cls.customer.id, cls.line.ids, today + timedelta(days=14))
        [cls.address] = cls.env["cobranca.debt.link"]._make_links([row])

    def test_already_paid_through_a_link(self):
        self.start_tour(urlsplit(self.address).path, "cobranca_link_claim", login=None)
        claim = self.env["cobranca.payment.claim"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((claim.claim_line_ids.line_id, claim.note), (self.line, "Paguei pelo aplicativo"))

    def test_link_opens_that_debt_only(self):
        self.start_tour(urlsplit(self.address).path, "cobranca_link_only", login=None)

    def test_chosen_and_asked_through_a_link(self):
        today = self.company._cobranca_today()
        lines = self.line | RecordCommon.receivable(self.later)
        row = (self.company.id, self.customer.id, lines.ids, today + timedelta(days=14))
        [address] = self.env["cobranca.debt.link"]._make_links([row])
        self.start_tour(urlsplit(address).path, "cobranca_link_choose", login=None)
        quotes = self.env["cobranca.payment.quote"].search([("partner_id", "=", self.customer.id)])
        self.assertIn(50.0, quotes.mapped("amount"), "the part that he typed")
        self.assertIn(self.line, quotes.filtered(lambda quote: len(quote.quote_line_ids) == 1).quote_line_ids.line_id)
        reminder = self.env["cobranca.payment.reminder"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(reminder.line_ids, lines)
        dispute = self.env["cobranca.dispute"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((dispute.line_id, dispute.reason), (lines[1], "amount"))
        self.assertIn("Cancelei o adicional", dispute.description)
