from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agency_common import TODAY, AgencyCommon

LATE = "2026-08-17"


class PlacementCommon(AgencyCommon):
    """A rule that shares everybody who is 60 days late among two agencies; the bakery and Caio are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env["cobranca.placement.plan"]
        cls.rule = cls.make_rule("Sixty days", (cls.agency, 50, "champion"), (cls.rival, 50, "challenger"))
        cls.env.flush_all()

    @classmethod
    def make_rule(cls, name, *shares, **values):
        return cls.env["cobranca.placement.rule"].create(
            {
                "name": name,
                "share_ids": [
                    Command.create({"agency_id": agency.id, "percent": percent, "arm": arm})
                    for agency, percent, arm in shares
                ],
                **values,
            }
        )

    @classmethod
    def owe(cls, name, document=None, due=LATE, amount=100.0, **values):
        """A customer with one late invoice."""
        values = {"email": f"{name.lower()}@example.com", **values}
        Partner = cls.env["res.partner"]
        customer = cls.make_customer(name, document, **values) if document else Partner.create({"name": name, **values})
        return cls.receivable(cls.make_invoice(amount, due, customer))

    @classmethod
    def make_plan(cls, rules=None, seed="seed", **chosen):
        if not chosen:
            chosen = {"rules": cls.rule if rules is None else rules}
        return cls.Plan._simulate(cls.company, seed, **chosen)

    def placed(self, plan):
        """{customer: (agency, debts)}"""
        return {draft.fact.name: (draft.share.agency, {debt.line for debt in draft.debts}) for draft in plan.drafts}

    def reasons(self, plan):
        return {(left.fact.name, left.reason) for left in plan.left}


@tagged("post_install", "-at_install")
class TestPlacementRule(PlacementCommon):
    """Who is placed with whom, and why the others are not."""

    def test_shares_and_figures(self):
        plan = self.make_plan()
        placed = self.placed(plan)
        bakery, caio = placed[self.bakery.name], placed["Caio Nogal"]
        self.assertEqual((bakery[1], caio[1]), (set(self.lines.ids), set(self.foreign.ids)))
        self.assertEqual({bakery[0], caio[0]}, {self.agency, self.rival})
        figures = self.Plan._get_figures(plan)
        self.assertEqual((figures["customers"], figures["debts"], figures["left"]), (2, 4, []))
        rows = {row["agency"]: row for row in figures["shares"]}
        for (agency, _lines), lines in ((bakery, self.lines), (caio, self.foreign)):
            row = rows[agency.id]
            charged = lines._cobranca_get_debts(TODAY).values()
            self.assertEqual((row["customers"], row["debts"], row["rule"]), (1, len(lines), self.rule.id))
            self.assertAlmostEqual(row["original"], sum(lines.mapped("amount_residual")))
            self.assertAlmostEqual(row["amount"], float(sum(charges.total for charges in charged)))
            self.assertEqual(row["arm"], "champion" if agency == self.agency else "challenger")
        percents = {debt.line: debt.percent for draft in plan.drafts for debt in draft.debts}
        self.assertEqual([percents[line] for line in (self.foreign + self.lines).ids], [25, 15, 15, 15])

    @mute_logger("odoo.sql_db")
    def test_simulation_cannot_write(self):
        def write(plan, *_args):
            plan.env.cr.execute("UPDATE res_partner SET name = name WHERE id = %s", [self.bakery.id])

        with (
            patch.object(type(self.Plan), "_get_customers", write),
            self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction),
            self.env.cr.savepoint(),
        ):
            self.make_plan()
        self.bakery.name = "Written after it"
        self.env.flush_all()

    def test_customers_who_are_left_out(self):
        self.owe("Nodoc")
        self.owe("Wrongdoc", vat="111.111.111-11")
        self.owe("Silent", "390.533.447-05", email=False)
        refusing = self.owe("Refusing", "153.509.460-56").partner_id
        self.env["cobranca.opt.out"]._set_refused(refusing, ["email", "call", "whatsapp"])
        # A landline: the first agency may call it, the second one may not.
        self.owe("Landline", "935.411.347-80", email=False, phone="+55 11 3333-4444")
        self.agency.may_whatsapp = self.rival.may_call = False
        # Who is with an agency hears of another debt from no second one.
        self.place(self.rival, self.foreign)
        self.make_invoice(50.0, LATE, self.stranger)
        plan = self.make_plan()
        self.assertEqual(set(self.placed(plan)), {self.bakery.name})
        self.assertEqual(
            self.reasons(plan),
            {
                ("Nodoc", "document"),
                ("Wrongdoc", "document"),
                ("Silent", "contact"),
                ("Refusing", "contact"),
                ("Landline", "contact"),
                ("Caio Nogal", "placed"),
            },
        )

    def test_debts_that_are_left_out(self):
        self.owe("Ancient", "746.971.314-01", due="2019-08-17")
        dollar = self.env.ref("base.USD")
        dollar.active = True
        abroad = self.make_invoice(9.0, LATE, self.make_customer("Dollar", "168.995.350-09"), currency_id=dollar.id)
        self.assertEqual(self.receivable(abroad).currency_id, dollar)
        courted = self.owe("Courted", "714.602.380-01")
        self.owe("Blocked", "862.883.667-57").no_followup = True
        Hold = self.env["cobranca.hold"]
        Hold._start(self.company, courted.partner_id, "court", TODAY, False)
        Hold._start(self.company, self.bakery, "dispute", TODAY, False, lines=self.lines[1])
        plan = self.make_plan()
        self.assertEqual(
            self.reasons(plan),
            {
                ("Ancient", "prescribed"),
                ("Dollar", "foreign"),
                ("Courted", "court"),
                ("Blocked", "blocked"),
                (self.bakery.name, "dispute"),
            },
        )
        self.assertEqual(self.placed(plan)[self.bakery.name][1], set((self.lines - self.lines[1]).ids))
        shown = str(self.env["cobranca.placement.words"]._get_summary(self.Plan._get_figures(plan), self.company))
        for text in ("Paused: Court case", "Prescribed", "Ancient", "In a foreign currency", "Sixty days", "Champion"):
            self.assertIn(text, shown)

    def test_an_old_debt_in_dispute_brings_no_new_one(self):
        self.env["cobranca.hold"]._start(self.company, self.bakery, "promise", TODAY, TODAY, lines=self.lines[0])
        plan = self.make_plan()
        self.assertEqual(set(self.placed(plan)), {"Caio Nogal"})
        self.assertIn((self.bakery.name, "outside"), self.reasons(plan))

    def test_agencies_that_take_no_more(self):
        self.rule.share_ids = [
            Command.set(self.rule.share_ids[:1].ids),
            Command.update(self.rule.share_ids[0].id, {"percent": 100}),
        ]
        for values, placed, reason in (
            ({"max_count": 1}, 1, "full"),
            ({"max_amount": 1500.0}, 1, "full"),
            ({"operator_until": "2026-11-18"}, 0, "operator"),
            ({"is_suspended": True}, 0, "operator"),
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.rule.share_ids.agency_id.write(values)
                plan = self.make_plan()
                self.assertEqual(len(plan.drafts), placed)
                self.assertEqual({left.reason for left in plan.left}, {reason})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_is_proposed_takes_room(self):
        self.rule.share_ids.agency_id.max_count = 1
        self.propose(self.agency, self.lines)
        plan = self.make_plan(self.make_rule("All to one", (self.agency, 100, False)))
        self.assertEqual(self.reasons(plan), {(self.bakery.name, "placed"), ("Caio Nogal", "full")})

    def test_criteria_of_the_customer(self):
        segment = self.env["cobranca.payer.segment"].create({"name": "Hard"})
        behavior = {"company_id": self.company.id, "partner_id": self.bakery.id, "computed_on": TODAY}
        self.env["cobranca.behavior"].create({**behavior, "segment_id": segment.id})
        self.stranger.state_id = self.env.ref("base.state_br_pe")
        levels = self.env["cobranca.dunning.level"].search(
            [("company_id", "=", self.company.id), ("trigger", "=", "days"), ("days", ">", 0)], order="policy_id, days"
        )
        levels = levels.filtered(lambda level: level.policy_id == levels[0].policy_id)
        self.assertGreater(len(levels), 2)
        notice = {"level_id": levels[1].id, "partner_id": self.bakery.id, "company_id": self.company.id}
        self.env["cobranca.dunning.notice"].create({**notice, "line_id": self.lines[0].id, "date": TODAY})
        both = {self.bakery.name, "Caio Nogal"}
        for asked, found in (
            ({"segment_ids": [Command.set(segment.ids)]}, {self.bakery.name}),
            ({"state_ids": [Command.set(self.stranger.state_id.ids)]}, {"Caio Nogal"}),
            ({"audience": "consumer"}, {"Caio Nogal"}),
            ({"audience": "company"}, {self.bakery.name}),
            ({"level_id": levels[0].id}, {self.bakery.name}),
            ({"level_id": levels[2].id}, set()),
            ({"days_from": 66}, {"Caio Nogal"}),
            ({"days_from": 65}, both),
            ({"amount_from": 1000}, {self.bakery.name}),
            ({"amount_to": 1000}, {"Caio Nogal"}),
        ):
            with self.subTest(asked):
                rule = self.make_rule("Some", (self.agency, 100, False), **asked)
                self.assertEqual(set(self.placed(self.make_plan(rule))), found)

    def test_the_first_rule_takes_him(self):
        first = self.make_rule("First", (self.rival, 100, False), days_from=90, sequence=1)
        plan = self.make_plan((first | self.rule).sorted())
        self.assertEqual({draft.fact.name: draft.rule for draft in plan.drafts}["Caio Nogal"], first.id)
        self.assertEqual(self.placed(plan)["Caio Nogal"][0], self.rival)

    def test_by_hand_only_those(self):
        plan = self.make_plan(partners=self.stranger, agency=self.rival)
        self.assertEqual(self.placed(plan), {"Caio Nogal": (self.rival, set(self.foreign.ids))})
        self.assertFalse(plan.left)

    def test_rules_are_the_managers_and_whole(self):
        with self.assertRaises(AccessError):
            self.rule.with_user(self.supervisor).is_scheduled = True
        with self.assertRaisesRegex(ValidationError, "add up to 100"):
            self.rule.with_user(self.manager).write(
                {"share_ids": [Command.update(self.rule.share_ids[0].id, {"percent": 49.99})]}
            )
        # One that was changed apart from its rule is found when it is used.
        with self.assertRaisesRegex(ValidationError, "add up to 100"), self.env.cr.savepoint():
            self.rule.share_ids[0].with_user(self.manager).unlink()
            self.make_plan()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.make_rule("Nobody")

    def test_installments_of_agreements_stay_with_us(self):
        (proposal,) = self.send("short")
        proposal._accept({"channel": "call", "text": "Yes"})
        with self.on(Date.add(TODAY, months=9)):
            plan = self.make_plan()
        self.assertEqual({name for name, _reason in self.reasons(plan)}, {self.bakery.name})
        self.assertNotIn(self.bakery.name, self.placed(plan))

    def test_another_company_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.company.currency_id.id})
        plan = self.Plan._simulate(other, "seed", rules=self.rule)
        self.assertEqual((plan.drafts, plan.rules), ([], self.rule.browse()))
