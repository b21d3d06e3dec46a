from datetime import date

from odoo.tests import freeze_time, new_test_user, tagged

from ..tools.limits import NOTHING, Excess
from .offer_common import TODAY, OfferCommon


@freeze_time("2026-11-19 15:00:00")
@tagged("post_install", "-at_install")
class TestOfferEngine(OfferCommon):
    # === WHO === #

    def test_roles(self):
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        people = (self.collector, self.supervisor, self.manager, self.outsider, self.env.ref("base.public_user"))
        roles = [self.Engine.with_user(user)._get_role() for user in people]
        self.assertEqual(roles, ["collector", "supervisor", "manager", "self_service", "self_service"])
        self.assertEqual(self.Engine.with_user(self.collector)._get_role(self.manager), "manager")
        self.assertEqual(self.Engine._get_role(stranger), "")

    # === WHICH RULE === #

    def test_oldest_debt_and_whole_amount(self):
        self.make_authorities()
        early = self.make_rule(delay_to=30)
        late = self.make_rule(delay_from=31, amount_below=1000)
        dear = self.make_rule(delay_from=31, amount_from=1000)
        recent = self.owe((400, "2026-11-03"))
        old = self.owe((600, "2026-10-08"))
        self.assertEqual(self.find(recent).rule, early)
        self.assertEqual(self.find(old).rule, late)
        self.assertEqual(self.find(recent + old).rule, dear, "1,000 together, 42 days")
        self.assertEqual(self.find(recent, date=date(2026, 12, 4)).rule, late, "on that day")
        self.assertEqual(self.find(self.owe((10, "2026-12-10"))).rule, early, "not late yet")

    def test_segment_before_audience_before_all(self):
        self.make_authorities()
        general, consumers = self.make_rule(), self.make_rule(audience="consumer")
        companies = self.make_rule(audience="business")
        line, of_business = self.owe((100, "2026-11-01")), self.owe((100, "2026-11-01"), partner=self.business)
        self.assertEqual(self.find(line).rule, consumers)
        self.assertEqual(self.find(of_business).rule, companies)
        self.assertIn("Of 2 rules that hold, this one is for companies.", self.find(of_business).explanation)
        segment = self.put_in_segment(self.customer)
        own = self.make_rule(segment_id=segment.id)
        self.assertEqual((self.find(line).rule, self.find(of_business).rule), (own, companies))
        self.assertIn("Of 3 rules that hold, this one is for the segment “Difficult”.", self.find(line).explanation)
        (own + consumers).unlink()
        self.assertEqual(self.find(line).rule, general)

    # === HOW FAR === #

    def test_stricter_of_both(self):
        self.make_authority("collector", interest_percent=30, max_count=12, min_down_percent=10, max_first_days=20)
        self.make_rule(interest_percent=50, max_count=6, min_down_percent=25, max_first_days=5, validity_days=3)
        limits = self.find(self.owe((100, "2026-11-01"))).limits
        self.assertEqual((limits.percents["interest"], limits.max_count), (30, 6))
        self.assertEqual((limits.min_down_percent, limits.max_first_days, limits.validity_days), (25, 5, 3))

    def test_nothing_without_rule_policy_or_authority(self):
        line = self.owe((100, "2026-11-01"))
        self.make_rule(delay_from=90)
        self.make_authority("collector")
        found = self.find(line)
        self.assertEqual((found.limits, bool(found.rule)), (NOTHING, False))
        self.assertIn("has no rule for this delay and amount", found.explanation)
        self.make_rule(delay_to=89)
        self.assertNotEqual(self.find(line).limits, NOTHING)
        for role in ("supervisor", ""):
            found = self.find(line, role=role)
            self.assertEqual(found.limits, NOTHING)
            self.assertIn("No authority is laid down", found.explanation)
        self.policy.action_archive()
        self.assertEqual(self.find(line).limits, NOTHING)
        self.assertIn("No offer policy is in force", self.find(line).explanation)

    def test_full_amount_today_needs_nobody(self):
        line = self.owe((100, "2026-11-01"))
        verdict = self.Engine._judge(self.company, self.find(line), self.plan(100), TODAY)
        self.assertEqual((verdict.excesses, verdict.role), ((), ""))
        verdict = self.Engine._judge(self.company, self.find(line), self.plan(100, principal=1), TODAY)
        self.assertEqual((len(verdict.excesses), verdict.role), (1, "manager"))

    def test_explanation(self):
        self.make_rule(delay_from=0, delay_to=30, audience="consumer", amount_from=50, principal_percent=0)
        self.make_authority("collector", interest_percent=50, correction_percent=0, fine_percent=0, max_count=0)
        text = self.find(self.owe((100, "2026-11-01"))).explanation.replace("\N{NO-BREAK SPACE}", " ")
        self.assertEqual(
            text,
            "Ours, since the beginning: Late 0 to 30 days · R$ 50.00 or more · Consumers. With the authority "
            "“Collector”: Discount up to: interest 50 %. Everything is paid at once. First payment within 90 days; the "
            "offer is valid for 30 days.",
        )

    def test_charges_of_the_day_count(self):
        """The amount of a rule is what the debts cost today, with fine and interest."""
        self.charge_by(self.env.ref("cobranca_recorrente.cobranca_charge_policy_default"))
        self.make_authorities()
        small, large = self.make_rule(amount_below=1000), self.make_rule(amount_from=1000)
        line = self.owe((985, "2026-11-09"))
        self.assertEqual(self.find(line, date=date(2026, 11, 9)).rule, small)
        self.assertEqual(self.find(line).rule, large)

    def test_customer_computes_with_limits_that_he_cannot_read(self):
        self.make_rule()
        self.make_authorities()
        line = self.owe((100, "2026-11-01"))
        found = self.Engine.with_user(self.outsider)._find(
            self.company, self.customer, line, TODAY, "self_service", debts=line._cobranca_read_debts(TODAY)
        )
        self.assertEqual((found.limits.percents["principal"], found.limits.max_count), (0, 2))
        self.assertFalse(found.rule.has_access("read"))
        self.assertFalse(found.authority.has_access("read"))

    def test_policy_of_the_creditor(self):
        """The customer owes another company of the group: that one's policy counts."""
        other = self.env["res.company"].create({"name": "Other"})
        self.make_rule()
        self.make_authorities()
        line = self.owe((100, "2026-11-01"))
        self.Authority.create({"company_id": other.id, "role": "manager"})
        found = self.Engine._find(other, self.customer, line, TODAY, "manager")
        self.assertEqual((bool(found.rule), found.limits), (False, NOTHING))
        theirs = self.Policy.create({"name": "Theirs", "company_id": other.id, "active": True})
        rule = self.make_rule(self.Version.create({"policy_id": theirs.id}))
        self.assertEqual(self.Engine._find(other, self.customer, line, TODAY, "manager").rule, rule)
        # Nor does the segment that he has with us count there.
        self.make_rule(rule.version_id, segment_id=self.put_in_segment(self.customer).id)
        self.assertEqual(self.Engine._find(other, self.customer, line, TODAY, "manager").rule, rule)

    # === WHO MAY MORE === #

    def test_least_role_that_may_allow_it(self):
        self.make_authorities()
        self.make_rule(principal_percent=40, max_count=24)
        found = self.find(self.owe((1000, "2026-11-01")))
        for plan, role in (
            (self.plan(interest=50, charges=(0, 30)), ""),
            (self.plan(count=5), ""),
            (self.plan(count=6), "supervisor"),
            (self.plan(principal=10), "supervisor"),
            (self.plan(principal=11), "manager"),
            (self.plan(principal=41), "manager"),
            (self.plan(count=12, principal=10, interest=100, charges=(20, 30)), "supervisor"),
            (self.plan(count=13), "manager"),
        ):
            with self.subTest(terms=plan.terms):
                self.assertEqual(self.Engine._judge(self.company, found, plan, TODAY).role, role)
        of_customer = self.find(self.owe((1000, "2026-11-01")), role="self_service")
        self.assertEqual(self.Engine._judge(self.company, of_customer, self.plan(count=3), TODAY).role, "collector")

    def test_excesses_in_words(self):
        self.make_rule(
            fine_percent=50,
            min_down_percent=20,
            max_count=5,
            min_installment=100,
            method="simple",
            rate_percent=1,
            free_count=3,
            max_first_days=7,
        )
        self.make_authority("collector")
        plan = self.plan(
            count=12, down=10, first=date(2026, 12, 31), method="price", rate="0.5", fine=80, charges=(20, 0)
        )
        found = self.find(self.owe((1000, "2026-11-01")))
        texts = self.Engine.with_user(self.collector)._judge(self.company, found, plan, TODAY).texts
        self.assertEqual(
            [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts],
            [
                "80 % off the fine; the limit is 50 %",
                "Down payment of R$ 10.00; at least R$ 200.80",
                "12 installments; the limit is 5",
                "Installments of R$ 85.55; at least R$ 100.00",
                "Price table (advanced); the policy knows: Without interest, Simple interest",
                "Interest of 0.5 % a month; at least 1 %",
                "First payment on 12/31/2026; the limit is 11/26/2026",
            ],
        )
        Words = self.env["cobranca.offer.words"]
        later = Excess("next", date(2027, 3, 1), date(2026, 12, 26))
        self.assertEqual(
            Words._describe_excess(later, self.company.currency_id),
            "First installment on 03/01/2027; the limit is 12/26/2026",
        )

    def test_offer_in_words(self):
        plan = self.plan(count=5, down="200.00", fine=100, charges=(20, 0))
        texts = self.env["cobranca.offer.words"]._describe_plan(plan, self.company.currency_id)
        self.assertEqual(
            [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts],
            ["Discount: fine R$ 20.00.", "R$ 200.00 on 11/19/2026.", "5 × R$ 160.00 from 12/19/2026 on."],
        )
        plan = self.plan(count=2, method="simple", rate=1)
        texts = list(self.env["cobranca.offer.words"]._describe_plan(plan, self.company.currency_id))
        self.assertTrue(texts[-1].startswith("Interest of the installments"))
