from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .proposal_common import TODAY, ProposalCommon

SAID = {"channel": "call", "text": "Agreed by phone, recording 4711"}


def busy(records, **options):
    """What Odoo does where another transaction holds a record."""
    raise LockError("Cannot grab a lock on records")


@tagged("post_install", "-at_install")
class TestProposalAcceptance(ProposalCommon):
    """One proposal becomes an agreement, at the amounts that were offered; the booking itself has its own tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signed = signed = []

        def sign(record, plan, lines, date):
            signed.append((record, plan, lines, date))
            return record.env["cobranca.agreement"]

        cls.classPatch(type(cls.env["cobranca.proposal"]), "_make_agreement", sign)

    def setUp(self):
        super().setUp()
        self.signed.clear()

    def accept(self, proposal, user=None, **evidence):
        return proposal.with_user(user or self.collector)._accept({**SAID, **evidence})

    def test_accepted_on_the_day(self):
        proposal = self.send("short")
        self.accept(proposal)
        self.assertEqual(proposal.state, "accepted")
        self.assertEqual(proposal.state_reason, SAID["text"])
        [(record, plan, lines, day)] = self.signed
        self.assertEqual((record, lines, day), (proposal, self.lines, TODAY))
        self.assertEqual(plan, proposal._get_plan())
        talk = self.interactions("proposal_accepted")
        self.assertEqual((talk.channel, talk.direction, talk.user_id), ("call", "in", self.collector))

    def test_what_grew_since_the_offer_is_given(self):
        """Interest of three days more is not asked for: the customer pays what he was offered."""
        proposal = self.send("short")
        offered = proposal._get_plan()
        with self.on("2026-11-22"):
            self.accept(proposal)
            [(_record, plan, lines, day)] = self.signed
            today = lines._cobranca_get_debts(day)
        self.assertEqual(
            (plan.agreed, plan.total, plan.installments), (offered.agreed, offered.total, offered.installments)
        )
        self.assertEqual(plan.before, sum(charges.total for charges in today.values()))
        self.assertGreater(plan.before, offered.before)
        self.assertEqual(plan.given["interest"], plan.before - offered.before)
        self.assertEqual(plan.before - sum(plan.given.values()), plan.agreed)
        for debt, given, charges in zip(plan.debts, plan.given_each, today.values(), strict=True):
            self.assertEqual(debt.total, charges.total)
            self.assertLessEqual(given["interest"], debt.interest)

    def test_the_alternatives_are_withdrawn(self):
        cash, short = self.send("cash", "short")
        self.accept(short)
        self.assertEqual((cash.state, short.state), ("withdrawn", "accepted"))
        self.assertIn(short.name, cash.state_reason)
        with self.assertRaisesRegex(UserError, "make a new one"):
            self.accept(cash)
        self.assertEqual(len(self.signed), 1)

    def test_somebody_else_is_at_it(self):
        """Who comes while another one works on it reads a sentence that says what to do."""
        proposal = self.send("short")
        self.patch(type(proposal), "lock_for_update", busy)
        for act in (self.accept, lambda record: record.with_user(self.collector)._update_state("withdrawn", "No")):
            with self.assertRaisesRegex(UserError, "load the page again to see how it stands"):
                act(proposal)
        self.assertEqual((proposal.state, self.signed), ("sent", []))

    def test_never_two_for_one_debt(self):
        first = self.send("short", lines=self.lines[:2])
        second = self.send("cash", lines=self.lines[1:])
        third = self.send("cash", lines=self.lines[2:])
        asked, approval = self.ask()
        self.accept(first)
        self.assertEqual((second.state, asked.state, approval.state), ("withdrawn", "withdrawn", "withdrawn"))
        self.assertEqual(third.state, "sent")
        with self.assertRaises(UserError):
            self.accept(second)
        self.accept(third)
        self.assertEqual([entry[0] for entry in self.signed], [first, third])

    def test_double_click(self):
        proposal = self.send("short")
        self.accept(proposal)
        with self.assertRaises(UserError):
            self.accept(proposal)
        self.assertEqual(len(self.signed), 1)

    def test_the_database_refuses_a_second_alternative(self):
        """Whoever gets past the checks."""
        cash, short = self.send("cash", "short")
        self.accept(short)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            cash.sudo().write({"state": "accepted"})
            cash.flush_recordset()

    def test_to_the_last_second_of_its_day(self):
        first, second = self.send("short", lines=self.lines[:1]), self.send("short", lines=self.lines[1:])
        with self.on("2026-11-25", hour=2):  # 23:00 of the 24th in São Paulo
            self.accept(first)
        with self.on("2026-11-25", hour=3), self.assertRaisesRegex(UserError, "stood until"):
            self.accept(second)
        self.assertEqual((first.state, second.state), ("accepted", "sent"))

    def test_changed_debts_are_refused(self):
        proposal = self.send("short")
        # A payment would end it at once; whoever comes between finds it changed.
        self.patch(type(self.env["cobranca.proposal"]), "_follow_lines", lambda *_arguments: None)
        self.pay(self.lines[0], 1290.0, TODAY)
        with self.assertRaisesRegex(UserError, "has changed"):
            self.accept(proposal)
        self.assertEqual((proposal.state, self.signed), ("sent", []))

    def test_partly_paid_is_changed_too(self):
        proposal = self.send("short")
        self.patch(type(self.env["cobranca.proposal"]), "_follow_lines", lambda *_arguments: None)
        self.pay(self.lines[0], 0.01, TODAY)
        with self.assertRaisesRegex(UserError, "has changed"):
            self.accept(proposal)

    def test_redrawn_invoice_is_refused(self):
        proposal = self.send("short")
        self.invoices[0].button_draft()
        with self.assertRaisesRegex(UserError, "has changed"):
            self.accept(proposal)
        self.env.cr.execute("DELETE FROM account_move_line WHERE id = %s", [self.lines[0].id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has changed"):
            self.accept(proposal)

    def test_disputed_meanwhile_is_refused(self):
        proposal = self.send("short")
        self.env["cobranca.hold"]._start(self.company, self.bakery, "court", TODAY, None, lines=self.lines[0])
        with self.assertRaisesRegex(UserError, "Court"):
            self.accept(proposal)

    def test_only_what_was_sent(self):
        proposal, _approval = self.ask()
        with self.assertRaisesRegex(UserError, "make a new one"):
            self.accept(proposal)

    def test_evidence_and_rights(self):
        proposal = self.send("short")
        with self.assertRaisesRegex(UserError, "evidence"):
            self.accept(proposal, text=" ")
        stranger = new_test_user(self.env, "stranger", "account.group_account_invoice")
        with self.assertRaisesRegex(AccessError, "collection team"):
            self.accept(proposal, stranger)
        self.assertEqual((proposal.state, self.signed), ("sent", []))

    def test_cents_of_the_plan_come_from_the_rows(self):
        """Not from today's computation: what was written down is what is signed."""
        proposal = self.send("long")
        self.accept(proposal)
        plan = self.signed[0][1]
        self.assertEqual([str(each.amount) for each in plan.installments], ["798.34", *["657.96"] * 4, "657.93"])
        self.assertEqual(plan.financing, Decimal("96.42"))
