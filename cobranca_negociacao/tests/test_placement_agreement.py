from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..tools.plan import Terms, make_plan
from .agency_common import TODAY, AgencyCommon

ALL = {"fine": Decimal(100), "interest": Decimal(100), "correction": Decimal(100)}
FIRST = date(2026, 11, 24)
# Five monthly installments from the 24th on, and fifteen days more.
LAST = date(2027, 3, 24)
BASE, EXTENDED = date(2027, 2, 17), date(2027, 4, 8)


@tagged("post_install", "-at_install")
class TestPlacementAgreement(AgencyCommon):
    """Installments stand in the place of placed debts, for as long as the agreement is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The oldest of the three months earns 25 %, the others 15 %.
        cls.agency.commission_ids[1].days_from = 60
        cls.placement = cls.place()

    def sign(self, lines=None, first=FIRST, count=5, day=TODAY):
        """An agreement without interest: the charges are forgiven, so each debt counts with its 1,290.00."""
        lines = (lines or self.lines).with_user(self.collector)
        Agreement = self.env["cobranca.agreement"].with_user(self.collector)
        plan = make_plan(Agreement._get_parts(lines, day), Terms(ALL, None, count, "none", Decimal(0), first))
        return Agreement._sign(self.company, lines.partner_id, plan, lines, day).with_env(self.env)

    def break_(self, agreement, day=TODAY):
        agreement.with_user(self.supervisor)._break(day, "Not paid")

    def added(self, placement=None):
        return (placement or self.placement).line_ids.filtered("added_on")

    def standing(self, placement=None):
        placement = placement or self.placement
        return placement.state, placement.end_reason

    def test_installments_join_the_placement(self):
        agreement = self.sign()
        added = self.added()
        self.assertEqual(self.standing(), ("active", False))
        self.assertEqual(added.line_id, agreement.installment_ids.line_id)
        self.assertEqual(set(added.mapped("added_on")), {TODAY})
        self.assertEqual(set(added.mapped("percent")), {18.33})  # (25 + 15 + 15) / 3
        self.assertEqual(sum(added.mapped("amount_original")), 3870.0)
        self.assertEqual((self.placement.amount, self.placement.line_count), (3870.0, 5))
        self.assertEqual((self.placement.ends_on, self.placement.base_ends_on), (EXTENDED, BASE))
        # The customer is reminded of what he agreed to, and warned before it breaks.
        held = self.env["cobranca.hold"].search([("line_id", "in", added.line_id.ids)])
        self.assertFalse(held)

    def test_kept_to_the_end(self):
        agreement = self.sign()
        *some, last = agreement.installment_ids.sorted("due").line_id
        for line in some:
            self.pay(line, line.amount_residual, TODAY)
        self.assertEqual(self.placement.line_count, 1)
        self.assertEqual(self.standing(), ("active", False))
        self.pay(last, last.amount_residual, TODAY)
        self.assertEqual((agreement.state, *self.standing()), ("paid", "ended", "paid"))
        self.assertFalse(any(self.placement.line_ids.mapped("is_live")))

    def test_broken_gives_the_debts_back_for_the_rest_of_the_term(self):
        self.company.sudo().cobranca_agreement_imputation = "principal"
        agreement = self.sign()
        first = agreement.installment_ids.sorted("due")[0].line_id
        self.pay(first, first.amount_residual, TODAY)
        self.break_(agreement)
        self.assertEqual(self.standing(), ("active", False))
        self.assertEqual(self.placement.ends_on, BASE)
        self.assertEqual(self.placement._get_lines(), self.lines)
        self.assertEqual(self.placement.amount_original, 3 * 1290.0 - 774.0)

    def test_broken_after_its_own_term_ends(self):
        agreement = self.sign()
        with self.on("2027-02-18"):
            self.break_(agreement, date(2027, 2, 18))
            self.assertEqual(self.standing(), ("ended", "term"))
            held = self.env["cobranca.hold"].search([("line_id", "in", self.lines.ids), ("state", "=", "active")])
            self.assertFalse(held)

    def test_restored_has_the_installments_again(self):
        agreement = self.sign()
        self.break_(agreement)
        agreement.with_user(self.supervisor)._restore("Paid meanwhile")
        self.assertEqual(self.placement._get_lines(), agreement.installment_ids.line_id)
        self.assertEqual(self.placement.ends_on, EXTENDED)
        self.assertEqual(len(self.added()), 5)

    def test_renegotiated_and_broken_again(self):
        agreement = self.sign()
        lines = agreement.installment_ids.sorted("due").line_id
        child = self.sign(lines, count=9)
        self.assertEqual(self.placement._get_lines(), child.installment_ids.line_id)
        self.assertEqual(set(self.added().mapped("percent")), {18.33})
        self.assertEqual(self.placement.ends_on, date(2027, 7, 24) + timedelta(days=15))
        self.break_(child)
        self.assertEqual((self.placement._get_lines(), self.placement.ends_on), (lines, EXTENDED))
        self.break_(agreement)
        self.assertEqual((self.placement._get_lines(), self.placement.ends_on), (self.lines, BASE))
        self.assertEqual(self.standing(), ("active", False))

    def test_short_agreement_does_not_shorten(self):
        self.sign(count=1)
        self.assertEqual((self.placement.ends_on, self.placement.base_ends_on), (BASE, False))

    def test_debts_that_were_not_placed_earn_nothing(self):
        self.placement.with_user(self.supervisor)._recall("Only two of them")
        again = self.place(lines=self.lines[1:])
        self.sign()
        self.assertEqual(set(self.added(again).mapped("percent")), {10.0})  # (0 + 15 + 15) / 3

    def test_two_agencies(self):
        """Who has the greater part has the installments, and earns on its own part alone."""
        self.placement.with_user(self.supervisor)._recall("Shared anew")
        small, great = self.place(self.rival, self.lines[0]), self.place(lines=self.lines[1:])
        agreement = self.sign()
        self.assertEqual(great._get_lines(), agreement.installment_ids.line_id)
        self.assertEqual(set(self.added(great).mapped("percent")), {10.0})
        self.assertEqual(self.standing(small)[0], "ended")
        self.assertFalse(self.added(small))

    def test_recalled_before_nothing_joins(self):
        self.placement.with_user(self.supervisor)._recall("Back to us")
        self.sign()
        self.assertFalse(self.added())
        self.assertEqual(self.placement.ends_on, BASE)

    def test_recalled_meanwhile_the_installments_go_too(self):
        agreement = self.sign()
        self.placement.with_user(self.supervisor)._recall("Back to us")
        lines = agreement.installment_ids.line_id
        self.assertFalse(self.env["cobranca.placement"]._get_placed(lines))
        self.break_(agreement)
        self.assertEqual(self.standing(), ("ended", "recalled"))

    def test_disputed_installment_stays_away(self):
        agreement = self.sign()
        *others, contested = agreement.installment_ids.sorted("due").line_id
        self.placement.with_user(self.worker)._register_dispute(contested, "service", "No bread came")
        self.placement._follow_agreements(TODAY)
        self.assertEqual(self.placement._get_lines(), self.lines.browse().union(*others))
        for line in others:
            self.pay(line, line.amount_residual, TODAY)
        self.assertEqual(self.standing(), ("ended", "paid"))

    def test_postponed_installment_extends(self):
        agreement = self.sign()
        last = agreement.installment_ids.sorted("due")[-1]
        agreement.with_user(self.supervisor)._postpone(last, date(2027, 4, 30), "Salary comes late")
        self.assertEqual(self.placement.ends_on, date(2027, 5, 15))

    def test_nightly_run_knows_what_runs(self):
        """The term of an agreement that is paid early goes back; one that runs is not ended by its first term."""
        agreement = self.sign(self.lines[:2])
        self.follow("placement", "2027-02-20")
        self.assertEqual(self.standing(), ("active", False))
        with self.on("2027-02-20"):
            for line in agreement.installment_ids.line_id:
                self.pay(line, line.amount_residual, date(2027, 2, 20))
        self.assertEqual(self.standing(), ("active", False))
        self.follow("placement", "2027-02-21")
        self.assertEqual(self.standing(), ("ended", "term"))
