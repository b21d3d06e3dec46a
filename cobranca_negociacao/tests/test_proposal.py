from dataclasses import replace
from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.terms import unpack
from .proposal_common import HIDDEN, TODAY, ProposalCommon


@tagged("post_install", "-at_install")
class TestProposal(ProposalCommon):
    """How proposals are sent, and how they end without being accepted."""

    def expire(self):
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_negociacao.ir_cron_cobranca_proposal_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_what_is_sent_is_kept(self):
        proposal = self.send("short")
        self.assertEqual((proposal.state, proposal.role, proposal.user_id), ("sent", "collector", self.collector))
        self.assertEqual((proposal.before, proposal.given, proposal.agreed), (3991.69, 77.40, 3914.29))
        self.assertEqual((proposal.amount, proposal.down, proposal.count), (3914.29, 1174.29, 3))
        self.assertEqual(proposal.expires_on, date(2026, 11, 24))
        self.assertEqual(proposal.rule_id, self.rule)
        self.assertEqual(proposal.line_ids.line_id, self.lines)
        self.assertEqual(proposal.line_ids.mapped("amount"), [1343.75, 1330.85, 1317.09])
        self.assertEqual(proposal.line_ids.mapped("given_fine"), [25.80, 25.80, 25.80])
        self.assertEqual(proposal.installment_ids.mapped("amount"), [1174.29, 913.34, 913.33, 913.33])
        self.assertEqual(
            proposal.installment_ids.mapped("due"),
            [date(2026, 11, 24), date(2026, 12, 24), date(2027, 1, 24), date(2027, 2, 24)],
        )
        self.assertEqual(proposal.installment_ids.mapped("label"), ["Down payment", "1 of 3", "2 of 3", "3 of 3"])
        plan = proposal._get_plan()
        self.assertEqual(str(plan.total), "3914.29")
        self.assertEqual(sum(each.amount for each in plan.installments), plan.total)

    def test_one_message_for_all_to_choose_from(self):
        proposals = self.send("cash", "short")
        self.assertEqual(len(set(proposals.mapped("group_key"))), 1)
        self.assertEqual(proposals.mapped("alternative_count"), [1, 1])
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(
            (mail.state, mail.email_to), ("outgoing", '"Padaria Pão de Lurim Ltda." <padaria@example.com>')
        )
        for said in ("3,892.14", "3,914.29", "/my/pagamentos/", "2 possibilities", "CNPJ 11.444.777/0001-61"):
            self.assertIn(said, mail.body_html)
        for hidden in HIDDEN:
            self.assertNotIn(hidden, mail.body_html)
        for told in ("3,", "debt", "agreement", "proposal", "late"):
            self.assertNotIn(told, mail.subject)
        self.assertEqual(proposals.mapped("address"), ["padaria@example.com"] * 2)
        talk = self.interactions("proposal_sent")
        self.assertEqual((len(talk), talk.channel, talk.user_id), (1, "email", self.collector))
        self.assertEqual(talk.line_ids, self.lines)
        for name in proposals.mapped("name"):
            self.assertIn(name, talk.note)

    def test_link_opens_these_debts_only(self):
        proposal = self.send("short", lines=self.lines[:2])
        address = self.mails().body_html.partition("/my/pagamentos/")[2].partition('"')[0]
        token, _slash, page = address.partition("/")
        self.assertEqual(page, "negociar", "where it is accepted")
        opened = self.env["cobranca.debt.link"]._open(token)
        self.assertEqual((opened.debtor, opened.lines), (self.bakery, self.lines[:2]))
        self.assertEqual(proposal.with_user(self.collector).pay_link, f"{proposal.get_base_url()}/…")

    def test_told_by_phone(self):
        self.send("cash", channel="call")
        self.assertFalse(self.mails())
        self.assertEqual(self.interactions("proposal_sent").channel, "call")

    def test_no_way_by_email(self):
        self.bakery.email = False
        [email, call] = self.open()["channels"]
        self.assertEqual((email["is_possible"], call["is_possible"]), (False, True))
        self.assertIn("no e-mail", email["why"])
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self.send("cash")
        self.bakery.email = "padaria@example.com"
        self.company.vat = False
        self.assertIn("CNPJ", self.open()["channels"][0]["why"])
        with self.assertRaisesRegex(UserError, "CNPJ"):
            self.send("cash")

    def test_beyond_the_authority_is_not_sent(self):
        answer = self.Desk.fit(self.open()["values"], "600", "2026-11-24")
        with self.assertRaisesRegex(UserError, "beyond your authority"):
            self.Desk.send(answer["values"], [0, 3])
        values = answer["values"]
        values["columns"][0]["percents"]["interest"] = "50.5"
        with self.assertRaisesRegex(UserError, "beyond your authority"):
            self.Desk.send(values, [0])
        self.assertFalse(self.Proposal.search([]))

    def test_amounts_of_another_moment_are_not_sent(self):
        values = self.open()["values"]
        with self.on("2026-11-20"), self.assertRaisesRegex(UserError, "changed"):
            self.Desk.send(values, [0])
        self.pay(self.lines[0], 100.0, TODAY)
        with self.assertRaisesRegex(UserError, "changed"):
            self.Desk.send(values, [0])
        with self.assertRaises(UserError):
            self.Desk.send(self.open()["values"], [])
        with self.assertRaises(UserError):
            self.Desk.send(self.open()["values"], [7])
        with self.assertRaises(UserError):
            self.Desk.send(self.open()["values"], [0], "pigeon")

    def test_stands_to_the_end_of_its_day_where_the_company_is(self):
        proposal = self.send("short")
        with self.on("2026-11-25", hour=2):  # 23:00 of the 24th in São Paulo
            self.expire()
            self.assertEqual(proposal.state, "sent")
        with self.on("2026-11-25", hour=4):
            self.expire()
            self.assertEqual(proposal.state, "expired")
            self.assertIn("over", proposal.state_reason)
            self.assertTrue(proposal.closed_at)

    def test_payment_ends_it_at_once(self):
        first, second = self.send("short", lines=self.lines[:2]), self.send("cash", lines=self.lines[2:])
        self.pay(self.lines[0], 10.0, TODAY)
        self.assertEqual((first.state, second.state), ("expired", "sent"))
        self.assertIn("paid", first.state_reason)

    def test_withdrawn_and_refused_with_a_reason(self):
        first, second = self.send("cash", "short")
        for record, target, state in ((first, "withdrawn", "withdrawn"), (second, "refused", "refused")):
            wizard = self.env["cobranca.proposal.close"].with_user(self.collector)
            wizard = wizard.create({"proposal_id": record.id, "target": target, "reason": "Too much"})
            wizard.action_close()
            self.assertEqual((record.state, record.state_reason), (state, "Too much"))
            with self.assertRaisesRegex(UserError, "make a new one"):
                wizard.action_close()
        self.assertIn("Too much", self.interactions("proposal_refused").note)
        third = self.send("cash").with_user(self.collector)
        with self.assertRaisesRegex(UserError, "Say why"):
            third._withdraw(" ")

    def test_counter_offer(self):
        first = self.send("short")
        action = first.with_user(self.collector).action_counter()
        self.assertEqual(action["params"]["counter_of_id"], first.id)
        self.assertEqual(action["params"]["line_ids"], self.lines.ids)
        second = self.send("long", counter_of=first)
        self.assertEqual((first.state, second.state, second.counter_of_id), ("countered", "sent", first))
        self.assertIn(second.name, first.state_reason)
        with self.assertRaisesRegex(UserError, "make a new one"):
            self.send("cash", counter_of=first)
        self.assertEqual(second.state, "sent")

    def test_counter_offer_by_terms(self):
        first = self.send("short").with_user(self.collector)
        terms = unpack(first.terms)
        second = first._counter(replace(terms, count=4, rate=Decimal(1), method="price"))
        self.assertEqual((first.state, second.state, second.count), ("countered", "sent", 4))
        with self.assertRaisesRegex(UserError, "Say why"), self.env.cr.savepoint():
            second._counter(replace(terms, count=2, percents={"principal": Decimal(1)}))
        third = second._counter(replace(terms, count=2, percents={"principal": Decimal(1)}), "Old customer")
        self.assertEqual((second.state, third.state), ("countered", "waiting_approval"))
        self.assertEqual(third.approval_id.role, "manager", "the policy itself concedes nothing of the invoices")
        self.pay(self.lines[0], 1290.0, TODAY)
        with self.assertRaises(UserError):
            third._counter(terms)

    def test_what_ended_stays_as_it_ended(self):
        proposal = self.send("short").with_user(self.collector)
        proposal._withdraw("No")
        for target in ("sent", "accepted", "refused", "countered", "expired", "withdrawn"):
            with self.assertRaises(UserError):
                proposal._update_state(target)

    def test_register_is_written_by_its_methods_only(self):
        proposal = self.send("short").with_user(self.manager)
        for user in (self.collector, self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                proposal.with_user(user).write({"amount": 1.0})
            with self.assertRaises(AccessError):
                proposal.line_ids.with_user(user).write({"fine": 0.0})
            with self.assertRaises(AccessError):
                proposal.installment_ids.with_user(user).write({"amount": 1.0})
            with self.assertRaises(AccessError):
                proposal.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "stay in the register"):
            proposal.sudo().unlink()
        stranger = new_test_user(self.env, "stranger", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            proposal.with_user(stranger).read(["amount"])
        with self.assertRaisesRegex(AccessError, "collection team"):
            proposal.with_user(stranger)._withdraw("x")

    def test_other_companies_are_not_seen(self):
        proposal = self.send("short")
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "elsewhere",
            "cobranca_recorrente.cobranca_group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for record in (proposal, proposal.line_ids[0], proposal.installment_ids[0]):
            self.assertFalse(record.with_user(user).search([("id", "=", record.id)]))
        values = self.open()["values"]
        with self.assertRaisesRegex(UserError, "changed"):
            self.Desk.with_user(user).simulate(values)
        # What he began in a company is not finished from another one.
        Wizard = self.env["cobranca.proposal.close"].with_user(self.collector)
        wizard = Wizard.create({"proposal_id": proposal.id, "target": "refused", "reason": "Too much"})
        self.assertTrue(wizard.has_access("read"))
        self.collector.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(wizard.has_access("read"))

    def test_database_keeps_the_figures(self):
        proposal = self.send("short")
        for record, values in (
            (proposal, {"amount": 1.0}),
            (proposal, {"given": -1.0, "agreed": 3992.69}),
            (proposal, {"expires_on": "2026-11-25"}),
            (proposal, {"state": "expired"}),
            (proposal.line_ids[0], {"given_fine": 25.81}),
            (proposal.installment_ids[1], {"due": "2026-11-24"}),
            (proposal.installment_ids[1], {"interest": 1.0}),
            (proposal.installment_ids[1], {"number": 0}),
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record.write(values)
                record.flush_recordset()
            self.env.invalidate_all()

    def test_doors(self):
        for action in (
            self.bakery.with_user(self.collector).action_cobranca_negotiate(),
            self.env["account.move"].union(*self.invoices).with_user(self.collector).action_cobranca_negotiate(),
        ):
            self.assertEqual(action["tag"], "cobranca_negociacao.proposal_simulate")
            self.assertEqual(action["params"]["partner_id"], self.bakery.id)
            self.assertTrue(self.Desk.simulate_open(**action["params"])["values"]["columns"])
        foreign = self.make_invoice(5.0, "2026-11-10", self.customer)
        with self.assertRaisesRegex(UserError, "one customer"):
            (self.invoices[0] | foreign).with_user(self.collector).action_cobranca_negotiate()
        self.send("short")
        partner = self.bakery.with_user(self.collector)
        self.assertEqual(partner.cobranca_proposal_count, 1)
        self.assertEqual(self.Proposal.search(partner.action_cobranca_proposals()["domain"]).partner_id, self.bakery)

    def test_the_queue_tells_what_stands_and_what_may_be_conceded(self):
        Case = self.env["cobranca.case"]
        Case._refresh(self.company, self.bakery)
        case = Case.search([("partner_id", "=", self.bakery.id), ("is_training", "=", False)])
        before = case.with_user(self.collector)._get_concessions()
        self.assertIn("100 %", " ".join(before))
        self.assertIn("5 installments", " ".join(before))
        self.assertIn("8 installments", " ".join(case.with_user(self.supervisor)._get_concessions()))
        proposal = self.send("short")
        after = case.with_user(self.collector)._get_concessions()
        self.assertIn(f"{proposal.name} stands until 11/24/2026", after[0])
        action = case.with_user(self.collector).action_negotiate()
        self.assertEqual(
            (action["params"]["partner_id"], action["params"]["line_ids"]), (self.bakery.id, self.lines.ids)
        )

    def test_rules_by_which_something_was_offered_stay(self):
        self.rule.max_count = 11
        self.send("short")
        with self.assertRaisesRegex(UserError, "cannot change"):
            self.rule.max_count = 12
