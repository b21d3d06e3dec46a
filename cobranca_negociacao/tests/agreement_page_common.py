from datetime import date, timedelta
from urllib.parse import urlsplit

from odoo import http
from odoo.tests import HttpCase, freeze_time, new_test_user

from .agreement_common import HALF, SECOND_DUE, SIGNED, TODAY, AgreementCommon
from .paper_common import make_pdf


class AgreementPageCommon(AgreementCommon, HttpCase):
    """The pages of a customer with an agreement, beside one of somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "vat": "11.222.333/0001-81",
                "street": "Rua do Amparo, 10",
                "city": "São Paulo",
                "email": "cobranca@example.com",
                "phone": "+55 11 3333-4444",
                "cobranca_link_asks_document": False,
                "cobranca_pix_bank_id": False,
            }
        )
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.company.partner_id.bank_ids.active = False
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "77-0",
                "partner_id": cls.company.partner_id.id,
                "proxy_type": "email",
                "proxy_value": "caixa@aurora.example",
                "allow_out_payment": True,
            }
        )
        cls.portal = new_test_user(cls.env, "portal_ana", "base.group_portal", lang="en_US")
        cls.portal.partner_id = cls.customer
        case = cls("setUp")
        with freeze_time(TODAY):
            cls.origins = case.invoice(1000.0) | case.invoice(585.0, SECOND_DUE)
            cls.other_line = case.invoice(77.0, date(2026, 4, 20))
            cls.agreement = case.sign(cls.origins, percents=HALF)
            foreign = case.invoice(444.0, partner=cls.other)
            cls.foreign = case.sign(foreign, down=None, count=2, method="none", rate="0", first=date(2026, 5, 4))
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.patch(type(self.env["cobranca.paper"]), "_render_paper", lambda *arguments: make_pdf("letter"))

    # --- help ---

    def line(self, number):
        return self.installment(self.agreement, number).line_id

    def link(self, lines):
        row = (self.company.id, self.customer.id, lines.ids, SIGNED + timedelta(days=60))
        [address] = self.env["cobranca.debt.link"]._make_links([row])
        return urlsplit(address).path

    def get(self, path, status=200):
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, status, path)
        return answer

    def post(self, path, **values):
        token = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(path, data={**token, **values}, allow_redirects=False)

    def assert_neutral(self, *paths):
        """Nothing is told, not even that there is something."""
        for path in paths:
            text = self.get(path, 404).text
            for hidden in (self.foreign.name, self.agreement.name, self.other.name):
                self.assertNotIn(hidden, text)
