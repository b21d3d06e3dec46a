from types import SimpleNamespace

from odoo import http
from odoo.tests import HttpCase, tagged

from .agency_common import SECRET, AgencyCommon

START = "/my/distribuicoes"
# What only the browser of somebody else sends: nothing of it counts, and nothing of it is a fault of the server.
NUMBERS = ("0", "-1", "x", "9" * 30, "2147483648", "")


@tagged("post_install", "-at_install")
class TestAgencyNegotiation(AgencyCommon, HttpCase):
    """The pages on which people of an agency offer and ask, and who does not get there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = cls.env["cobranca.offer.authority"].search([("role", "=", "collector")])
        known.copy({"role": "agency", "agency_id": cls.agency.id, "max_count": 4})
        cls.placement = cls.place()
        cls.foreign_placement = cls.place(cls.rival, cls.foreign)
        cls.env.flush_all()

    def log_in(self, user):
        self.authenticate(user.login, user.login)
        self.opener.cookies["frontend_lang"] = "en_US"

    def get(self, path, placement=None):
        number = (placement or self.placement).id
        return self.url_open(f"/en{START}/{number}/{path}".rstrip("/"), allow_redirects=False)

    def post(self, path, placement=None, **values):
        values["csrf_token"] = http.Request.csrf_token(self)
        number = (placement or self.placement).id
        return self.url_open(f"/en{START}/{number}/{path}", data=values, allow_redirects=False)

    def proposals(self):
        return self.env["cobranca.proposal"].search([])

    def seen(self, **wish):
        answer = self.get("proposta?" + "&".join(f"{name}={value}" for name, value in wish.items()))
        self.assertEqual(answer.status_code, 200)
        for canary in SECRET:
            self.assertNotIn(canary, answer.text)
        self.assertNotIn("csrf_token=", answer.text)
        return answer.text.split('name="visto" value="')[1].split('"')[0]

    def test_from_the_wish_to_the_customer(self):
        self.log_in(self.worker)
        seen = self.seen(plano="fit", mensal="999,00")
        logged = self.env["cobranca.access.log"].search([("partner_id", "=", self.bakery.id)])
        self.assertEqual((logged.action, logged.user_id), ("agency_case", self.worker))
        send = {"plano": "fit", "mensal": "999,00", "visto": seen, "caminho": "email"}
        answer = self.post("proposta", **send, desconto="100", total="1.00", fine_percent="100", count="1000000000")
        self.assertEqual(answer.status_code, 303, answer.text[:3000])
        self.assertTrue(answer.headers["Location"].endswith(f"{START}/{self.placement.id}#negociacao"))
        proposal = self.proposals()
        self.assertEqual((proposal.role, proposal.state, proposal.given_principal), ("agency", "sent", 0))
        self.assertIn(proposal.name, self.get("proposta").text)
        self.assertIn("has changed", self.post("proposta", **{**send, "mensal": "700,00"}).text)
        self.assertIn("how the customer is told", self.post("proposta", **{**send, "caminho": "sms"}).text)
        self.assertEqual(self.proposals(), proposal)

    def test_from_the_request_to_its_end(self):
        self.log_in(self.worker)
        ask = {"mensal": "300,00", "motivo": "<script>alert(1)</script> lost his shop", "caminho": "call"}
        for wrong in ({"mensal": "NaN"}, {"mensal": "1e9"}, {"motivo": ""}, {"caminho": "x"}):
            answer = self.post("pedido", **{**ask, **wrong})
            self.assertEqual(answer.status_code, 200)
            self.assertIn("offer_error", answer.text)
            self.assertNotIn("<script>alert", answer.text)
        self.assertFalse(self.proposals())
        self.assertIn("o_cobranca_send", self.post("pedido", **{**ask, "mensal": "3.500,00"}).text)
        self.assertEqual(self.post("pedido", **ask).status_code, 303)
        proposal = self.proposals()
        self.assertEqual((proposal.state, proposal.approval_id.requested_by_id), ("waiting_approval", self.worker))
        for number in NUMBERS:
            self.assertIn("waits no more", self.post("pedido/retirar", pedido=number).text)
        self.assertEqual(self.post("pedido/retirar", pedido=f"{proposal.id}").status_code, 303)
        self.assertEqual(proposal.state, "withdrawn")

    def test_who_does_not_get_there(self):
        """Others' customers, numbers that are none, people of no agency, our own people; after a recall nobody."""
        send = {"plano": "cash", "caminho": "", "visto": "", "mensal": "300,00", "motivo": "None of yours"}

        def statuses(placement=None):
            answers = [self.post(path, placement, **send) for path in ("proposta", "pedido", "pedido/retirar")]
            return {answer.status_code for answer in (*answers, self.get("proposta", placement))}

        self.log_in(self.worker)
        self.assertEqual(statuses(), {200}, "a positive control: refused in words")
        for number in (self.foreign_placement.id, 0, 2**31, 2**63):
            self.assertEqual(statuses(SimpleNamespace(id=number)), {404}, number)
        for user in (self.outsider, self.collector, self.manager):
            self.log_in(user)
            self.assertEqual(statuses(), {404}, user.login)
        self.placement.with_user(self.supervisor)._recall("Customer came back to us")
        self.log_in(self.worker)
        self.assertEqual(statuses(), {404})
        self.assertFalse(self.proposals())

    def test_too_many_in_a_day(self):
        for _time in range(20):
            self.env["cobranca.attempt"]._count("agency_offer", self.placement.id)
        self.log_in(self.worker)
        answer = self.post("pedido", mensal="300,00", motivo="Lost his shop", caminho="call")
        self.assertIn("many offers", answer.text)
        self.assertFalse(self.proposals())

    def test_part_of_the_case(self):
        self.log_in(self.worker)
        self.assertEqual(self.post("pedido", mensal="300,00", motivo="Lost his shop", caminho="call").status_code, 303)
        text = self.get("").text
        for part in ("Within your authority", 'value="cash"', "99.55 less", 'value="email"', "answers within"):
            self.assertIn(part, text)
        self.assertIn(f'name="pedido" value="{self.proposals().id}"', text)
        self.assertNotIn("csrf_token=", text)
        for canary in SECRET:
            self.assertNotIn(canary, text)
