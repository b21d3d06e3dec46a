from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .agency_common import TODAY, AgencyCommon


@tagged("post_install", "-at_install")
class TestToursAgency(AgencyCommon, HttpCase):
    """The pages of an agency in a browser."""

    @classmethod
    def hold_the_clock(cls):
        # Browser and server go on: only the company's day stands still.
        cls.startClassPatcher(patch.object(type(cls.env["res.company"]), "_cobranca_today", lambda company: TODAY))

    def test_two_customers_and_the_team(self):
        first = self.place()
        second = self.place(lines=self.receivable(self.make_invoice(500.0, "2026-08-17", self.customer)))
        self.start_tour("/my/distribuicoes", "cobranca_agency_work", login="celia")
        self.env.invalidate_all()
        contact = self.env["cobranca.interaction"].search([("placement_id", "=", first.id)])
        self.assertEqual((contact.channel, contact.outcome, contact.user_id), ("whatsapp", "no_answer", self.admin))
        self.assertEqual((first.end_reason, first.end_note), ("returned", "Nobody answers"))
        self.assertEqual(second.end_reason, "dispute")
        invited = self.env["res.users"].search([("login", "=", "bia@example.org")])
        self.assertEqual(invited.partner_id.parent_id, self.agency.partner_id)
