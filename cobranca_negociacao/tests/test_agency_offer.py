from datetime import datetime
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.cobranca_negotiation_page import Wish
from ..tools.limits import NOTHING, excesses
from .agency_common import SECRET, TODAY, AgencyCommon

CARD = {"code", "name", "total", "text", "is_chosen"}
PROPOSAL = {"id", "name", "title", "total", "plan", "state", "color", "text", "is_waiting"}
KEYS = {"can_offer", "cards", "seen", "ways", "symbol", "answer_text", "proposals", "chosen"}
# Words of limits and of our people: nothing of them leaves the server.
HIDDEN = (*SECRET, "olicy", "limit", "Supervisor", "Manager")
# What no page of ours sends.
TAMPERED = (
    *({"plan": plan} for plan in ("", "own", "p1", "long; DROP", "💶", "cash ")),
    *({"plan": "fit", "monthly": text} for text in ("NaN", "-1", "0", "1e9", "Infinity", "0,001", "9" * 18, "", "<b>")),
    *({"plan": "short", "first": day} for day in ("NaN", "2020-01-01", "2027-06-01", "31/02/2027")),
    {"plan": "short", "seen": ""},
    {"plan": "fit", "monthly": "1.000,00"},
)


@tagged("post_install", "-at_install")
class TestAgencyOffer(AgencyCommon):
    """How far an agency goes by itself, what it asks for, and what a recall leaves of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_authority(cls.agency, 4)
        cls.make_authority(cls.rival, 9)
        cls.placement = cls.place()
        cls.own = cls.placement.with_user(cls.worker)
        cls.Page = cls.env["cobranca.placement.page"].with_user(cls.worker)
        cls.env.flush_all()

    @classmethod
    def make_authority(cls, agency, count, **values):
        known = cls.env["cobranca.offer.authority"].search([("role", "=", "collector")])
        return known.copy({"role": "agency", "agency_id": agency.id, "max_count": count, **values})

    def shown(self, **wish):
        return self.Page._get_negotiation(self.own.sudo(), Wish(**wish) if wish else None)

    def offer(self, plan="short", channel="email", seen=None, **wish):
        wish = Wish(plan=plan, seen=self.shown(plan=plan, **wish)["seen"] if seen is None else seen, **wish)
        return self.own._offer(wish, channel)

    def ask(self, monthly="300,00", reason="Lost his shop", channel="email"):
        return self.own._ask_offer(Wish(monthly=monthly), reason, channel)

    def test_role_and_authority(self):
        Engine = self.env["cobranca.offer.engine"]
        both = new_test_user(self.env, "both", "cobranca_recorrente.cobranca_group_collector")
        roles = [Engine._get_role(user) for user in (self.worker, self.admin, both)]
        self.assertEqual(roles, ["agency", "agency", "collector"])

        def find(agency):
            return Engine._find(self.company, self.bakery, self.lines, TODAY, "agency", agency=agency)

        counts = [find(agency).limits.max_count for agency in (self.agency, self.rival)]
        self.assertEqual(counts, [4, 9])
        self.rule.max_count = 2
        self.assertEqual(find(self.rival).limits.max_count, 2, "the policy binds agencies too")
        self.assertIn("Pontefirme", find(self.agency).explanation)
        self.agency.authority_ids.unlink()
        self.assertEqual(find(self.agency).limits, NOTHING)

    def test_what_is_shown(self):
        self.offer("short")
        self.ask()
        shown = self.shown()
        self.assertEqual(set(shown), KEYS)
        self.assertEqual({frozenset(card) for card in shown["cards"]}, {frozenset(CARD)})
        self.assertEqual({frozenset(each) for each in shown["proposals"]}, {frozenset(PROPOSAL)})
        self.assertEqual([card["code"] for card in shown["cards"] if card["is_chosen"]], ["cash"])
        cash, short, long = shown["cards"]
        self.assertEqual((cash["name"], cash["total"]), ("Cash", "R$\xa03,892.14"))
        self.assertEqual(cash["text"], "until 24/11 · R$\xa099.55 less")
        self.assertEqual((short["name"], long["name"]), ("Down payment + 3", "Down payment + 4"))
        states = [(each["state"], each["is_waiting"]) for each in shown["proposals"]]
        self.assertEqual(states, [("Waiting for approval", True), ("Sent", False)])
        self.assertIn("until 24/11", shown["proposals"][0]["text"])
        for canary in HIDDEN:
            self.assertNotIn(canary, f"{shown}")

    def test_all_of_it_is_within_the_authority(self):
        scene = self.own.sudo()._look()
        limits = scene.found.limits
        self.assertEqual((limits.max_count, scene.role), (4, "agency"))
        Page = self.env["cobranca.negotiation.page"]
        ready = Page._get_ready(scene)
        wished = [
            Page._choose(scene, ready, Wish(plan="fit", monthly=text)) for text in ("1.000,00", "300", "3.000,00")
        ]
        self.assertEqual([each.is_wished for each in wished], [True, False, True])
        for plan in [*ready.values(), *(each.plan for each in wished)]:
            self.assertEqual(excesses(plan, limits, TODAY), ())

    def test_offer_reaches_the_customer(self):
        later = datetime(2026, 11, 20, 18, 30)
        self.placement.callback_at = later
        proposal = self.offer("short")
        self.assertEqual((proposal.role, proposal.state, proposal.user_id), ("agency", "sent", self.worker))
        self.assertEqual((proposal.placement_id, proposal.count), (self.placement, 3))
        self.assertEqual(self.mails().mapped("email_to"), ['"Padaria Pão de Lurim Ltda." <padaria@example.com>'])
        contact = self.interactions("proposal_sent")
        self.assertEqual((contact.placement_id, contact.user_id), (self.placement, self.worker))
        facts = (self.placement.last_outcome, self.placement.callback_at, bool(self.placement.first_contact_at))
        self.assertEqual(facts, ("proposal_sent", later, True))
        self.assertEqual(self.offer("short"), proposal, "sent twice it is the same one")
        self.assertEqual((len(self.mails()), len(self.interactions("proposal_sent"))), (1, 1))
        self.assertEqual(self.env["cobranca.negotiation.page"]._find_sent(self.company, self.bakery), proposal)
        with self.assertRaises(AccessError):
            proposal.with_user(self.worker)._accept({"channel": "call", "text": "He said yes"})
        agreement = proposal.with_user(self.collector)._accept({"channel": "portal", "text": "On his page"})
        self.assertEqual(agreement.placement_id, self.placement)
        self.assertEqual(self.shown()["proposals"][0]["text"], f"Agreement {agreement.name}.")

    def test_nothing_that_is_sent_is_believed(self):
        known = self.shown(plan="fit", monthly="999,00")["seen"]
        for wish in TAMPERED:
            with self.subTest(wish=wish), self.assertRaises(UserError):
                self.offer(**{"seen": known, **wish})
        self.assertFalse(self.env["cobranca.proposal"].search([]))
        self.assertEqual(self.offer("fit", seen=known, monthly="999,00").role, "agency")

    def test_page_of_yesterday(self):
        seen = self.shown()["seen"]
        self.pay(self.lines[0], 100.0, TODAY)
        with self.assertRaisesRegex(UserError, "has changed"):
            self.offer("cash", seen=seen)
        seen = self.shown()["seen"]
        with self.on("2026-11-20"), self.assertRaisesRegex(UserError, "has changed"):
            self.offer("cash", seen=seen)

    def test_asked_and_allowed(self):
        proposal = self.ask()
        self.assertEqual((proposal.state, proposal.placement_id), ("waiting_approval", self.placement))
        approval = proposal.approval_id
        self.assertEqual((approval.requested_by_id, approval.agency_id), (self.worker, self.agency))
        with self.assertRaises(AccessError):
            approval.with_user(self.worker)._approve()
        with self.assertRaisesRegex(UserError, "other request"):
            self.ask()
        approval.with_user(self.manager)._approve()
        self.assertEqual((proposal.state, len(self.mails())), ("sent", 1))
        contact = self.interactions("proposal_sent")
        self.assertEqual((contact.placement_id, contact.user_id), (self.placement, self.manager))
        with self.assertRaisesRegex(UserError, "waits no more"):
            self.own._take_back_request(proposal.id)

    def test_asked_and_refused_or_taken_back(self):
        first = self.ask()
        first.approval_id.with_user(self.manager)._refuse("Only with a down payment")
        self.assertIn("Only with a down payment", self.shown()["proposals"][0]["text"])
        second = self.ask()
        foreign = self.place(self.rival, self.foreign).with_user(self.outsider)
        with self.assertRaisesRegex(UserError, "waits no more"):
            foreign._take_back_request(second.id)
        self.own._take_back_request(second.id)
        self.assertEqual((second.state, second.approval_id.state), ("withdrawn", "withdrawn"))

    def test_asked_in_vain(self):
        for wrong in (
            {"monthly": "0"},
            {"monthly": "NaN"},
            {"monthly": "1,00"},
            {"reason": " "},
            {"channel": "portal"},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.ask(**wrong)
        self.assertFalse(self.ask("3.500,00"), "within the authority: nobody is asked")
        self.assertFalse(self.env["cobranca.proposal"].search([]))

    def test_without_authority_all_is_asked(self):
        self.agency.authority_ids.unlink()
        self.assertEqual((self.shown()["cards"], self.shown()["can_offer"]), ([], True))
        with self.assertRaises(UserError):
            self.offer("", seen=self.shown()["seen"])
        self.assertEqual(self.ask("2.000,00").state, "waiting_approval")

    def test_recall(self):
        sent, waiting = self.offer("short"), self.ask()
        self.placement.with_user(self.supervisor)._recall("Customer came back to us")
        self.assertEqual((waiting.state, waiting.approval_id.state, sent.state), ("withdrawn", "withdrawn", "sent"))
        for step in (lambda: self.offer("cash", seen=""), self.ask, lambda: self.own._take_back_request(waiting.id)):
            with self.assertRaisesRegex(UserError, "not with you"):
                step()
        agreement = sent.with_user(self.collector)._accept({"channel": "portal", "text": "On his page"})
        self.assertEqual(agreement.placement_id, self.placement)

    def test_not_allowed_after_the_end(self):
        """Who decides while the customer is recalled finds out, even where the request was left to him."""
        waiting = self.ask()
        self.patch(type(waiting), "_end_free", lambda records, *_args: records)
        self.placement.with_user(self.supervisor)._recall("Customer came back to us")
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            waiting.approval_id.with_user(self.manager)._approve()
        self.assertIn("refuse this one", str(caught.exception))
        waiting.approval_id.with_user(self.manager)._refuse("Recalled")
        self.assertEqual(waiting.state, "withdrawn")

    def test_ways_to_tell(self):
        self.assertEqual([way["code"] for way in self.shown()["ways"]], ["email", "call"])
        for amount in ("900", "1.000", "1.100"):
            self.offer("fit", monthly=amount)
        with self.assertRaisesRegex(UserError, "3 proposals by e-mail"):
            self.offer("fit", monthly="1.200")
        self.assertEqual(self.offer("fit", monthly="1.200", channel="call").channel, "call")
        self.agency.may_email = False
        with self.assertRaisesRegex(UserError, "how the customer is told"):
            self.offer("cash")
        self.agency.write({"may_email": True, "may_call": False})
        self.bakery.email = False
        self.assertEqual(self.shown()["ways"], [])
        with self.assertRaisesRegex(UserError, "how the customer is told"):
            self.ask()

    def test_an_e_mail_is_a_contact(self):
        self.agency.most_contacts_week = 1
        with self.on("2026-11-18"):
            self.own._register_contact({"channel": "call", "outcome": "no_answer"})
        self.assertEqual([way["code"] for way in self.shown()["ways"]], ["call"])
        self.own._register_contact({"channel": "call", "outcome": "informed"})
        self.assertEqual([way["code"] for way in self.shown()["ways"]], ["email", "call"], "it is part of that call")

    def test_installments_are_for_people_of_the_company(self):
        self.offer("short").with_user(self.collector)._accept({"channel": "call", "text": "Yes"})
        self.assertEqual(self.placement.line_count, 4)
        with self.on("2027-01-25"):
            self.assertFalse(self.shown()["can_offer"])
            with self.assertRaisesRegex(UserError, "can be negotiated"):
                self.ask()

    def test_counter_offer_is_told_to_the_agency(self):
        asked = self.ask()
        terms = self.own.sudo()._look()
        plan = self.env["cobranca.negotiation.page"]._get_ready(terms)["long"]
        answer = asked.with_user(self.collector)._counter(plan.terms)
        self.assertEqual((answer.placement_id, answer.role, asked.state), (self.placement, "collector", "countered"))
        self.assertEqual(len(self.shown()["proposals"]), 2)
        self.assertEqual(answer._get_plan().agreed, Decimal(f"{answer.agreed:.2f}"))
