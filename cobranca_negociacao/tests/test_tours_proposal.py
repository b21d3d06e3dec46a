from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .proposal_common import TODAY, ProposalCommon


@tagged("post_install", "-at_install")
class TestToursProposal(ProposalCommon, HttpCase):
    """The simulation in a browser."""

    @classmethod
    def hold_the_clock(cls):
        # Browser and server go on: only the company's day stands still.
        cls.startClassPatcher(patch.object(type(cls.env["res.company"]), "_cobranca_today", lambda company: TODAY))

    def start(self, tour):
        self.start_tour(f"/odoo/res.partner/{self.bakery.id}", tour, login="collector")
        self.env.invalidate_all()
        return self.env["cobranca.proposal"].search([("partner_id", "=", self.bakery.id)], order="id")

    def test_from_the_customer_to_three_proposals(self):
        sent = self.start("cobranca_proposal_simulate")
        self.assertEqual(sent.mapped("state"), ["sent"] * 3)
        self.assertEqual(sent.user_id, self.collector)
        self.assertEqual(sent.mapped("amount")[:2], [3892.14, 3914.29])
        self.assertEqual(len(set(sent.mapped("group_key"))), 1)
        self.assertEqual(len(self.mails()), 1)

    def test_what_fits_the_pocket_is_asked_for(self):
        asked = self.start("cobranca_proposal_pocket")
        self.assertEqual((asked.state, asked.approval_id.state), ("waiting_approval", "waiting"))
        self.assertEqual(asked.approval_id.reason, "Customer of ten years")
        self.assertFalse(self.mails())

    def test_nothing_to_negotiate(self):
        self.env["cobranca.hold"]._start(self.company, self.bakery, "court", TODAY, None)
        self.assertFalse(self.start("cobranca_proposal_nothing"))
