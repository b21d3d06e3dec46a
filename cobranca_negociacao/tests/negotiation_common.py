from datetime import timedelta
from urllib.parse import urlsplit

from odoo import http
from odoo.tests import HttpCase, new_test_user

from odoo.addons.cobranca_recorrente.tests.common import CPF, OTHER_CPF

from ..tools import one_time_code
from .proposal_common import TODAY, ProposalCommon

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DIGITS = "123456"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
}
LOGIN = "portal_ana"
# Limits and reasons are nobody's business, nor are other people.
SECRET = ("authority", "Authority", "limit", "olicy", "INTERNAL-COLLECTOR", "Traceback", "psycopg2", "account.move")
SECRET += ("529.982.247", "52998224725", "ana@example.com", "caio@example.com", "Caio Nogal")


class NegotiationCommon(ProposalCommon, HttpCase):
    """Ana owes 1,290.00 since September and 700.00 since October, and something of December; 19 November 2026.

    She may choose five installments by herself; three of them are without interest.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Papers are read again; files of a test may be cleaned away by the tests of another process.
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.company.cobranca_link_asks_document = False
        cls.customer.email = "ana@example.com"
        cls.stranger = cls.make_customer("Caio Nogal", OTHER_CPF, email="caio@example.com")
        cls.user = new_test_user(cls.env, LOGIN, "base.group_portal", lang="en_US")
        cls.user.partner_id = cls.customer
        late = [
            cls.make_invoice(amount, due, cls.customer) for amount, due in ((1290, "2026-09-15"), (700, "2026-10-15"))
        ]
        cls.late = cls.env["account.move.line"].union(*(cls.receivable(move) for move in late))
        cls.coming = cls.receivable(cls.make_invoice(700, "2026-12-15", cls.customer, invoice_date="2026-11-01"))
        cls.env["cobranca.offer.authority"].search([("role", "=", "self_service")]).max_count = 5
        cls.foreign = cls.receivable(cls.make_invoice(800, "2026-10-15", cls.stranger))
        cls.Page = cls.env["cobranca.negotiation.page"]
        cls.Agreement = cls.env["cobranca.agreement"]
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.papers = []

        def render(_model, _report, values, _label):
            self.papers.append(values)
            return PDF.replace(b"1 0 obj", b"%d 0 obj" % len(self.papers))

        self.patch(type(self.env["cobranca.paper"]), "_render_paper", render)
        self.patch(one_time_code, "new_code", lambda: DIGITS)
        self.patch(type(self.env["cobranca.acceptance.code"]), "_send_by_email", lambda _code, _digits: None)

    # --- pages ---

    def path(self, lines=None, customer=None, expires=TODAY + timedelta(days=14)):
        """The path of a link."""
        lines = self.late | self.coming if lines is None else lines
        row = (self.company.id, (customer or self.customer).id, lines.ids, expires)
        [address] = self.env["cobranca.debt.link"]._make_links([row])
        return urlsplit(address).path

    def get(self, path):
        """The first answer that is not only the address with the language in front."""
        answer = self.url_open(path, allow_redirects=False, headers=BROWSER)
        to = answer.headers.get("Location", "")
        is_same = urlsplit(to).path.startswith("/en/")
        return self.url_open(to, allow_redirects=False, headers=BROWSER) if is_same else answer

    def post(self, path, **values):
        """The answer to a form that a browser sends, redirects not followed."""
        token = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(path, data={**token, **values}, allow_redirects=False, headers=BROWSER)

    def choose(self, path, plan="short", lines=None, **values):
        """Go on with an offer, as the page does."""
        lines = self.late if lines is None else lines
        sent = {"escolha": "1", "pagamento": [f"{line}" for line in lines.ids], "plano": plan, **values}
        return self.post(f"{path}/negociar", **sent)

    def begin(self, path, plan="short", **values):
        """Choose an offer.

        :return: its proposal
        """
        answer = self.choose(path, plan, **values)
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        number = answer.headers["Location"].rpartition("/")[2]
        return self.env["cobranca.proposal"].browse(int(number))

    def prove(self, path, document=CPF):
        """Tell the whole document where a paper is asked for."""
        return self.post(path, documento=document)

    def sign(self, path, proposal, name="Ana Lindoso", document=CPF, agreed="sim", way="email"):
        """Say who accepts, and ask for the code."""
        typed = {"nome": name, "documento": document, "aceito": agreed, "caminho": way}
        return self.post(f"{path}/negociar/{proposal.id}/codigo", **typed)

    def accept(self, path, proposal, digits=DIGITS):
        return self.post(f"{path}/negociar/{proposal.id}/aceitar", codigo=digits)

    def agree(self, path):
        """All of it at once.

        :return: the proposal, accepted
        """
        proposal = self.begin(path)
        self.sign(path, proposal)
        self.accept(path, proposal)
        self.assertEqual(proposal.state, "accepted")
        return proposal

    def proposals(self, *states):
        domain = [("partner_id", "=", self.customer.id), ("state", "in", states)] if states else []
        return self.env["cobranca.proposal"].search(domain or [("partner_id", "=", self.customer.id)], order="id")

    def agreements(self):
        return self.Agreement.search([("partner_id", "=", self.customer.id)])

    def assertHidden(self, text):
        for canary in SECRET:
            self.assertNotIn(canary, text)
