from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .proposal_common import ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalApproval(ProposalCommon):
    """What is beyond its maker's authority waits, and leaves when somebody agrees."""

    def test_waits_and_nobody_hears_of_it(self):
        proposal, approval = self.ask()
        self.assertEqual((proposal.state, proposal.amount), ("waiting_approval", 4111.38))
        self.assertEqual((approval.proposal_id, approval.role, approval.state), (proposal, "supervisor", "waiting"))
        self.assertEqual((approval.total, approval.reason), (4111.38, "Loyal for ten years"))
        self.assertFalse(self.mails())
        self.assertFalse(self.interactions("proposal_sent"))

    def test_needs_a_reason_and_a_need(self):
        answer = self.Desk.fit(self.open()["values"], "600", "2026-11-24")
        for place, reason, told in ((3, " ", "Say why"), (0, "Why not", "within your limits")):
            with self.assertRaisesRegex(UserError, told), self.env.cr.savepoint():
                self.Desk.ask_approval(answer["values"], place, reason)
        self.assertFalse(self.env["cobranca.proposal"].search([("partner_id", "=", self.bakery.id)]))

    def test_approved_is_sent(self):
        proposal, approval = self.ask()
        with self.on("2026-11-21"):
            approval.with_user(self.supervisor)._approve()
        self.assertEqual((proposal.state, len(self.mails())), ("sent", 1))
        self.assertEqual(proposal.expires_on, date(2026, 11, 24), "no later than the first payment")
        self.assertEqual(len(self.interactions("proposal_sent")), 1)

    def test_who_asked_does_not_decide(self):
        proposal, approval = self.ask()
        with self.assertRaises(AccessError):
            approval.with_user(self.collector)._approve()
        self.assertEqual(proposal.state, "waiting_approval")

    def test_refused_ends(self):
        proposal, approval = self.ask()
        approval.with_user(self.supervisor)._refuse("Too long")
        self.assertEqual(proposal.state, "withdrawn")
        self.assertIn("Too long", proposal.state_reason)
        self.assertFalse(self.mails())

    def test_too_late_to_approve(self):
        proposal, approval = self.ask()
        with self.on("2026-11-25"), self.assertRaisesRegex(UserError, "first payment"), self.env.cr.savepoint():
            approval.with_user(self.supervisor)._approve()
        self.assertEqual(proposal.state, "waiting_approval")

    def test_ends_with_its_proposal(self):
        for end in (
            lambda proposal: proposal._withdraw("Not wanted"),
            lambda proposal: proposal.sudo()._expire("Over"),
            lambda proposal: self.pay(self.lines[2], 1.0, "2026-11-19"),
        ):
            proposal, approval = self.ask()
            end(proposal.with_user(self.collector))
            self.assertNotIn(proposal.state, ("sent", "waiting_approval"))
            self.assertEqual(approval.state, "withdrawn")

    def test_counter_offer_ends_the_request(self):
        proposal, approval = self.ask()
        other = self.send("short", counter_of=proposal)
        self.assertEqual((proposal.state, approval.state, other.state), ("countered", "withdrawn", "sent"))
