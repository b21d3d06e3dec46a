from datetime import date

from odoo.tests import freeze_time, tagged

from .negotiation_common import LOGIN, NegotiationCommon
from .proposal_common import TODAY

WORDS = "I get a new job in December"


@tagged("post_install", "-at_install")
class TestNegotiationSent(NegotiationCommon):
    """What people have sent is accepted on the same page; what a customer wishes beyond it is for them to decide."""

    def offer(self, *keys):
        """Proposals of a collector to the customer."""
        values = self.Desk.simulate_open(self.customer.id, self.late.ids)["values"]
        places = [place for place, column in enumerate(values["columns"]) if column["key"] in keys]
        self.Desk.send(values, places)
        return self.proposals("sent")

    def test_sent_is_accepted_on_the_page(self):
        cash, short = self.offer("cash", "short")
        mail = self.env["mail.mail"].search([("model", "=", "res.partner"), ("res_id", "=", self.customer.id)])
        link = mail.body_html.partition("/my/pagamentos/")[2].partition('"')[0]
        self.assertTrue(link.endswith("/negociar"), link)
        path = "/my/pagamentos/" + link.removesuffix("/negociar")
        page = self.get(f"{path}/negociar").text
        self.assertHidden(page)
        for proposal in (cash, short):
            self.assertIn(f'value="p{proposal.id}"', page)
            self.assertIn(proposal.until_text, page)
        self.assertIn("plan_slider", self.get(f"{path}/negociar?outras=1").text)
        self.assertFalse(short.term_id, "who looks leaves nothing")
        self.assertEqual(self.begin(path, f"p{short.id}"), short)
        paper = short.term_id
        # On another day the amounts in the term are others: it is made anew, and the old one is not accepted.
        with freeze_time("2026-11-20 15:00:00"):
            self.assertTrue(self.get(f"{path}/negociar/{short.id}").headers["Location"].endswith("/negociar"))
            self.begin(path, f"p{short.id}")
            self.assertEqual((paper.exists(), short.term_on), (paper.browse(), date(2026, 11, 20)))
            self.sign(path, short)
            self.accept(path, short)
        self.assertEqual(
            (short.state, cash.state, short.agreement_id.date), ("accepted", "withdrawn", date(2026, 11, 20))
        )
        self.assertEqual(self.papers[-1]["total"]["figures"], self.papers[0]["total"]["figures"])
        answer = self.get(f"{path}/negociar/{cash.id}")
        self.assertEqual(answer.status_code, 410)
        self.assertIn("does not stand any more", answer.text)
        self.assertIn("nothing to negotiate", self.choose(path, f"p{cash.id}").text)
        self.assertEqual(len(self.agreements()), 1)

    def test_to_the_last_second_of_its_day(self):
        [cash] = self.offer("cash")
        self.assertEqual(cash.expires_on, date(2026, 11, 24))
        path = self.path(self.late)
        with freeze_time("2026-11-25 02:59:58"):  # 23:59:58 of the 24th in São Paulo
            self.begin(path, f"p{cash.id}")
            self.assertEqual(self.sign(path, cash).status_code, 303)
        with freeze_time("2026-11-25 03:00:00"):
            self.assertEqual(self.accept(path, cash).status_code, 303)
            self.assertEqual(self.get(f"{path}/negociar/{cash.id}").status_code, 410)
            self.assertEqual((cash.state, len(self.agreements())), ("sent", 0))
        with freeze_time("2026-11-25 02:59:59"):
            self.accept(path, cash)
        self.assertEqual((cash.state, len(self.agreements())), ("accepted", 1))

    def test_what_was_paid_meanwhile_ends_it(self):
        path = self.path(self.late)
        proposal = self.begin(path)
        self.sign(path, proposal)
        self.pay(self.late[1], 700.0, TODAY)
        self.assertEqual(self.accept(path, proposal).status_code, 303)
        self.assertEqual(self.get(f"{path}/negociar/{proposal.id}").status_code, 410)
        self.assertFalse(self.agreements())

    def test_what_the_books_refuse_is_undone_and_the_try_counts(self):
        path = self.path(self.late)
        proposal = self.begin(path)
        self.sign(path, proposal)
        self.company.sudo().fiscalyear_lock_date = TODAY
        answer = self.accept(path, proposal)
        self.assertIn("code_error", answer.text)
        code = self.env["cobranca.acceptance.code"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((code.tries, proposal.state), (1, "sent"))
        self.assertFalse(self.agreements() or self.env["cobranca.acceptance"].search([("res_id", "=", proposal.id)]))

    # === A WISH BEYOND WHAT IS OFFERED === #

    def wish(self, monthly="300,00", text=WORDS):
        ids = [f"{line}" for line in self.late.ids]
        return self.post("/my/pagamentos/negociar/outra", escolha="1", pagamento=ids, mensal=monthly, mensagem=text)

    def test_a_wish_waits_and_is_sent_when_allowed(self):
        self.authenticate(LOGIN, LOGIN)
        for wrong in ({"text": " "}, {"monthly": "NaN"}, {"monthly": "0,01"}, {"monthly": "-300"}):
            self.assertIn("negotiation_error", self.wish(**wrong).text)
        self.assertFalse(self.proposals())
        self.assertIn("plano=fit", self.wish("1.000,00").headers["Location"], "he may choose that himself")
        self.assertEqual(self.wish().status_code, 303)
        [proposal] = self.proposals()
        approval = proposal.approval_id
        self.assertEqual((proposal.state, proposal.role, approval.reason), ("waiting_approval", "self_service", WORDS))
        self.assertLessEqual(max(proposal.installment_ids.mapped("amount")), 300)
        self.assertTrue(approval.activity_ids, "somebody is asked")
        talk = self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)])
        self.assertIn(WORDS, talk.note)
        self.assertIn("looked at", self.wish().text, "one at a time")
        page = self.get("/my/pagamentos/negociar?outras=1").text
        self.assertIn("You asked on 19/11", page)
        self.assertNotIn("o_cobranca_wish", page)
        self.assertHidden(page)
        # Of a wish over more than a link shows nothing is told by it.
        for lines, is_told in ((self.late, True), (self.late[0], False)):
            page = self.get(f"{self.path(lines)}/negociar?outras=1").text
            self.assertEqual("You asked on 19/11" in page, is_told)
        # What he chooses himself meanwhile does not end his wish.
        draft = self.begin("/my/pagamentos")
        self.assertEqual((draft.state, proposal.state), ("sent", "waiting_approval"))
        with freeze_time("2026-11-23 15:00:00"):
            approval.with_user(self.manager)._approve()
            page = self.get("/my/pagamentos/negociar").text
            self.assertIn(f'value="p{proposal.id}"', page)
            draft = self.begin("/my/pagamentos", "cash")
            self.assertEqual((draft.state, proposal.state), ("sent", "sent"), "what was allowed is not ended by it")
            self.begin("/my/pagamentos", f"p{proposal.id}")
            self.sign("/my/pagamentos", proposal)
            self.accept("/my/pagamentos", proposal)
        self.assertEqual((proposal.state, draft.state), ("accepted", "withdrawn"))
        self.assertEqual(proposal.agreement_id.partner_id, self.customer)

    def test_a_wish_that_is_refused_is_told_kindly(self):
        self.authenticate(LOGIN, LOGIN)
        self.wish()
        [proposal] = self.proposals()
        proposal.approval_id.with_user(self.manager)._refuse("INTERNAL-COLLECTOR says no")
        page = self.get("/my/pagamentos/negociar").text
        self.assertIn("could not agree", page)
        self.assertHidden(page)
