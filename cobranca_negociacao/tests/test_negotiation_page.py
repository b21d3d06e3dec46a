from datetime import timedelta
from urllib.parse import urlsplit

from odoo.tests import freeze_time, tagged

from odoo.addons.cobranca_recorrente.tests.common import OTHER_CPF

from .negotiation_common import LOGIN, PDF, NegotiationCommon
from .proposal_common import TODAY

# What no browser of ours sends: the page computes with the choice alone.
TAMPERED = (
    {"plano": "long", "desconto": "100", "fine_percent": "100", "principal": "90", "total": "1.00", "valor": "1"},
    {"plano": "long", "count": "1000000000", "parcelas": "-5", "down": "0.01", "rate": "NaN"},
    {"plano": "short", "primeiro": "2027-06-01"},
    {"plano": "short", "primeiro": "2020-01-01"},
    {"plano": "short", "primeiro": "NaN"},
    *({"plano": code} for code in ("own", "p0", "p-1", "p9999999999999999999", "", "💶")),
    *(
        {"plano": "fit", "mensal": text}
        for text in ("NaN", "-100", "0", "1e9", "Infinity", "0,001", "9" * 18, "<b>", "")
    ),
)


@tagged("post_install", "-at_install")
class TestNegotiationPage(NegotiationCommon):
    """What a customer agrees on by himself, from the offers to the first payment; nothing of it by what he sends."""

    def test_from_the_offers_to_the_agreement(self):
        path = self.path()
        self.assertIn("o_cobranca_negotiate", self.get(path).text)
        page = self.get(f"{path}/negociar").text
        self.assertHidden(page)
        for text in (
            "R$\xa0607.84 + 3 × R$\xa0472.76",
            "You save",
            "today, 19/12, 19/01 and 19/02",
            "up to 6 payments",
        ):
            self.assertIn(text, page)
        self.assertNotIn("csrf_token=", page)
        self.assertFalse(self.proposals(), "who looks leaves nothing")
        proposal = self.begin(path)
        self.assertEqual(self.begin(path), proposal, "asked for again it is the same one")
        self.assertEqual((proposal.role, proposal.channel, proposal.user_id.share), ("self_service", "portal", True))
        self.assertEqual((proposal.first_date, proposal.count, len(self.papers)), (TODAY, 3, 1))
        term = self.get(f"{path}/negociar/{proposal.id}").text
        self.assertHidden(term)
        self.assertIn("a***@example.com", term)
        self.assertFalse(proposal.term_id.with_user(self.collector).has_access("read"), "it shows the whole CPF")
        paper = self.read_paper(path, proposal)
        self.assertEqual((paper.content[:5], paper.headers["Cache-Control"]), (PDF[:5], "no-store, private"))
        code = self.confirm(path, proposal)
        self.check_agreed(proposal, code, paper.content)
        self.check_afterwards(path, proposal)

    def read_paper(self, path, proposal):
        """It names the customer in full: the link alone does not open it, and nobody tries out a document."""
        address = f"{path}/negociar/{proposal.id}/termo"
        for answer in (
            self.get(address),
            self.prove(address, OTHER_CPF),
            self.prove(address, "5299"),
            self.get(address),
        ):
            self.assertIn("paper_document", answer.text)
            self.assertHidden(answer.text)
        tries = self.env["cobranca.attempt"].search([("scope", "=", "signer")])
        self.assertEqual(tries.mapped("count"), [2])
        tries.unlink()
        answer = self.prove(address)
        self.assertEqual((answer.status_code, urlsplit(answer.headers["Location"]).path), (303, address))
        return self.get(address)

    def confirm(self, path, proposal):
        """Say who accepts, with slips, and type the code, first a wrong one.

        :return: the code
        """
        for wrong in ({"agreed": ""}, {"document": OTHER_CPF}, {"document": "1"}, {"name": "Ana"}, {"way": "fax"}):
            self.assertIn("term_error", self.sign(path, proposal, **wrong).text, wrong)
        code_page = f"{path}/negociar/{proposal.id}/codigo"
        self.assertTrue(self.get(code_page).headers["Location"].endswith(f"/negociar/{proposal.id}"), "not signed yet")
        self.assertEqual(self.sign(path, proposal).headers["Location"].rpartition("/")[2], "codigo")
        self.assertIn("code_digits", self.get(code_page).text)
        self.assertIn("code_error", self.accept(path, proposal, "654321").text)
        code = self.env["cobranca.acceptance.code"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((code.tries, proposal.state, len(self.agreements())), (1, "sent", 0), "the try is counted")
        self.assertEqual(self.accept(path, proposal).status_code, 303)
        return code

    def check_agreed(self, proposal, code, paper):
        agreement = self.agreements()
        self.assertEqual((agreement, proposal.state), (proposal.agreement_id, "accepted"))
        self.assertEqual((agreement.state, agreement.total, agreement.given_fine), ("active", 2026.12, 39.8))
        self.assertEqual(agreement.origin_ids.line_id, self.late)
        acceptance = self.env["cobranca.acceptance"].search([("res_id", "=", proposal.id)])
        self.assertEqual(
            (acceptance.channel, acceptance.res_model, acceptance.code_id), ("portal", proposal._name, code)
        )
        self.assertEqual(acceptance.attachment_id.raw, paper, "what was read is what was accepted")

    def check_afterwards(self, path, proposal):
        """A second click, an old page, and the first payment."""
        self.assertEqual(self.accept(path, proposal).status_code, 303)
        thanks = self.get(f"{path}/negociar/{proposal.id}").text
        self.assertIn("o_cobranca_agreed", thanks)
        self.assertIn('o_cobranca_first_amount">R$\xa0607.84', thanks)
        self.assertHidden(thanks)
        follow = thanks.partition("o_cobranca_follow")[2].partition('href="')[2].partition('"')[0]
        self.assertIn(self.agreements().name, self.get(follow).text)
        for old in (self.choose(path), self.get(f"{path}/negociar")):
            self.assertIn("There is nothing to negotiate", old.text)
        self.assertEqual((len(self.agreements()), len(self.proposals("sent"))), (1, 0))
        first = self.agreements().installment_ids.sorted("due")[0]
        Quote = self.env["cobranca.payment.quote"]
        quote = Quote.search([("partner_id", "=", self.customer.id)], order="id desc", limit=1)
        self.assertEqual((quote.amount, quote.quote_line_ids.line_id), (607.84, first.line_id))

    def test_what_fits_a_month(self):
        self.authenticate(LOGIN, LOGIN)
        path = "/my/pagamentos"
        page = self.get(f"{path}/negociar?plano=fit&mensal=1.000,00").text
        self.assertIn('value="1.000,00"', page)
        self.assertNotIn("o_cobranca_nearest", page)
        self.assertIn("R$\xa02,026.12", page, "the offer that fits costs least")
        seen = page.partition('name="visto"')[2].partition('value="')[2].partition('"')[0].replace("&#39;", "'")
        # What was not seen is shown first: no term is made of it.
        answer = self.choose(path, "fit", mensal="1.000,00", visto="3.00 []")
        self.assertIn("plano=fit", answer.headers["Location"])
        self.assertFalse(self.proposals())
        proposal = self.begin(path, "fit", mensal="1.000,00", visto=seen)
        self.assertEqual((proposal.amount, proposal.user_id), (2026.12, self.user))
        self.assertLessEqual(max(proposal.installment_ids.mapped("amount")), 1000)
        page = self.get(f"{path}/negociar?plano=fit&mensal=100").text
        self.assertIn("o_cobranca_nearest", page)
        self.assertHidden(page)
        for text, said in (("abc", "is no amount"), ("-5", "is no amount"), ("0", "choose a higher amount")):
            page = self.get(f"{path}/negociar?plano=fit&mensal={text}").text
            self.assertIn("negotiation_error", page)
            self.assertIn(said, page)

    def test_tampered_posts_concede_nothing(self):
        path = self.path(self.late)
        for sent in TAMPERED:
            self.env["cobranca.attempt"].search([]).unlink()
            answer = self.choose(path, sent["plano"], **{key: sent[key] for key in sent if key != "plano"})
            self.assertIn(answer.status_code, (200, 303), sent)
            self.assertHidden(answer.text)
        for lines in (self.foreign, self.coming, self.env["account.move.line"].browse(2**31 - 1)):
            self.assertEqual(self.choose(path, lines=lines).status_code, 200, "nothing of it is seen here")
        made = self.proposals()
        self.assertTrue(made, "the choice itself counts")
        for proposal in made:
            self.assertIn(proposal.agreed, (2026.12, 2065.92), "as the page offers it")
            self.assertEqual((proposal.given_principal, proposal.given_interest), (0, 0))
            self.assertEqual((proposal.first_date, proposal.line_ids.line_id), (TODAY, self.late))
            self.assertIn((proposal.count, proposal.rate), ((3, 0), (5, 1)))
        self.assertFalse(self.env["cobranca.proposal"].search([("partner_id", "=", self.stranger.id)]))
        self.assertEqual(len(self.proposals("sent")), 1, "the one that was chosen last")
        # Another's proposal, by number: not here, not by his link to other debts.
        [kept] = self.proposals("sent")
        for other in (self.path(self.foreign, self.stranger), self.path(self.late[0])):
            for page in ("", "/termo", "/codigo"):
                self.assertEqual(self.get(f"{other}/negociar/{kept.id}{page}").status_code, 404, page)
            self.assertEqual(self.accept(other, kept).status_code, 404)
        for number in ("0", "2147483648", "99999999999999999999"):
            self.assertEqual(self.get(f"{path}/negociar/{number}").status_code, 404)

    def test_limits_of_a_day(self):
        path = self.path()
        proposal = self.begin(path)
        Attempt, key = self.env["cobranca.attempt"], f"{self.company.id}.{self.customer.id}"
        for _time in range(9):
            Attempt._count("signer", key)
        self.assertIn("not the one that is registered", self.sign(path, proposal, document=OTHER_CPF).text)
        self.assertIn("many tries", self.sign(path, proposal).text, "nobody tries out a CPF")
        for _time in range(20):
            Attempt._count("negotiation", key)
        self.assertIn("very often", self.choose(path, "cash").text)
        answer = self.get(f"{path}/negociar/{proposal.id}/termo")
        self.assertEqual(answer.status_code, 429, "nor by the paper")

    def test_consent_is_to_this_paper_and_of_now(self):
        path = self.path(self.late)
        proposal = self.begin(path)
        code_page, term_page = (f"{path}/negociar/{proposal.id}{part}" for part in ("/codigo", ""))

        def leads_back():
            return (self.get(code_page).headers.get("Location") or "").endswith(term_page)

        self.assertTrue(leads_back(), "not signed yet")
        self.sign(path, proposal)
        self.assertFalse(leads_back())
        with freeze_time("2026-11-19 15:29:00"):
            self.assertFalse(leads_back())
        with freeze_time("2026-11-19 15:31:00"):
            self.assertTrue(leads_back(), "said half an hour ago")
            self.accept(path, proposal)
            self.assertEqual(self.post(code_page, caminho="email").status_code, 200, "a new code needs a new word")
        self.assertFalse(leads_back())
        proposal.sudo().term_on = TODAY - timedelta(days=1)
        proposal._keep_term()
        self.assertTrue(leads_back(), "another paper was agreed to")
        self.accept(path, proposal)
        self.assertEqual(proposal.state, "sent")

    def check_paper_is_asked_for_anew(self, path, proposal):
        """Who signed as himself has the paper, for a day and until the links are revoked."""
        paper = f"{path}/negociar/{proposal.id}/termo"
        self.assertEqual(self.get(paper).headers["Content-Type"], "application/pdf")
        with freeze_time("2026-11-20 15:02:00"):
            self.assertIn("paper_document", self.get(paper).text)
        self.env["cobranca.debt.link"]._revoke(self.company, self.customer)
        path = self.path(self.late)
        self.assertIn("paper_document", self.get(f"{path}/negociar/{proposal.id}/termo").text)
        return path

    def test_what_ended_is_not_thanked_for(self):
        path = self.path(self.late)
        proposal = self.agree(path)
        agreement = proposal.agreement_id
        path = self.check_paper_is_asked_for_anew(path, proposal)
        self.assertIn("o_cobranca_agreed", self.get(f"{path}/negociar/{proposal.id}").text)
        agreement.with_user(self.supervisor)._break(TODAY, "Nothing was paid")
        answer = self.get(f"{path}/negociar/{proposal.id}")
        self.assertEqual(urlsplit(answer.headers["Location"]).path, f"{path}/acordos/{agreement.id}")
        self.assertIn("This agreement ended", self.get(f"{path}/acordos/{agreement.id}").text)
        # Nothing of it was paid: the next one is made by people.
        self.assertNotIn("o_cobranca_negotiate", self.get(path).text)
        self.assertIn("There is nothing to negotiate", self.choose(path).text)
        self.assertEqual(len(self.proposals()), 1)
        agreement.sudo()._set_state(("broken",), "cancelled")
        self.assertEqual(self.get(f"{path}/negociar/{proposal.id}").status_code, 410)

    def test_link_of_what_an_agreement_gave_back(self):
        """A link to installments goes on after a break: it offers what is open in their place, and that is signed."""
        proposal = self.agree(self.path(self.late))
        lines = proposal.agreement_id.installment_ids.line_id
        self.pay(lines.sorted("date_maturity")[0], 100.0, TODAY)
        proposal.agreement_id.with_user(self.supervisor)._break(TODAY, "Asked for")
        path = self.path(lines)
        self.assertIn("o_cobranca_negotiate", self.get(path).text)
        again = self.begin(path)
        self.assertNotEqual(again, proposal)
        self.assertIn("signer_document", self.get(f"{path}/negociar/{again.id}").text)

    def test_links_to_different_debts(self):
        """What is chosen by one of them neither ends nor shows what is chosen by the other."""
        first, second = (self.path(line) for line in self.late)
        kept = self.begin(first, lines=self.late[0])
        other = self.begin(second, lines=self.late[1])
        self.assertEqual((kept.state, other.state), ("sent", "sent"))
        self.begin(first, "cash", lines=self.late[0])
        self.assertEqual((kept.state, other.state), ("withdrawn", "sent"), "his own one is another choice")
        self.assertEqual(self.get(f"{first}/negociar/{other.id}").status_code, 404)
        other.sudo().line_ids.line_id = False
        for path in (first, second):
            self.assertEqual(self.get(f"{path}/negociar/{other.id}").status_code, 404, "of lost debts nobody knows")

    def test_where_nothing_may_be_conceded(self):
        path = self.path()
        Page, env = self.Page, self.env

        def may():
            env.invalidate_all()
            return Page._may_negotiate(self.company, self.customer.sudo(), self.late.sudo())

        self.assertTrue(may())
        self.assertFalse(Page._may_negotiate(self.company, self.customer.sudo(), self.coming.sudo()), "not late")
        hold = env["cobranca.hold"]._start(self.company, self.customer, "court", TODAY, None, note="Case 1")
        self.assertFalse(may())
        self.assertNotIn("o_cobranca_negotiate", self.get(path).text)
        page = self.get(f"{path}/negociar").text
        self.assertIn("There is nothing to negotiate", page)
        self.assertNotIn("court", page.lower())
        hold._end()
        self.assertTrue(may())
        env["cobranca.offer.authority"].search([("role", "=", "self_service")]).write(
            {"max_count": 0, "fine_percent": 0, "interest_percent": 0}
        )
        self.assertFalse(may(), "to pay all at once needs no agreement")

    def test_no_discount_for_punctuality_on_an_agreement(self):
        """What was agreed on is what the first payment costs, whatever the policy gives for paying in time."""
        terms = {"fine_percent": 2.0, "interest_percent": 1.0, "discount_ids": [(0, 0, {"percent": 5.0})]}
        policy = self.env["cobranca.charge.policy"].create(
            {"name": "With discount", "audience": "all", "version_ids": [(0, 0, terms)]}
        )
        self.charge_by(policy)
        path = self.path()
        proposal = self.begin(path)
        self.sign(path, proposal)
        self.accept(path, proposal)
        lines = proposal.agreement_id.installment_ids.line_id
        self.assertEqual({debt.discount for debt in lines._cobranca_read_debts(TODAY).values()}, {0})
        self.assertTrue(self.coming._cobranca_read_debts(TODAY)[self.coming].discount, "an invoice has it")
        self.assertIn('o_cobranca_first_amount">R$\xa0607.84', self.get(f"{path}/negociar/{proposal.id}").text)
