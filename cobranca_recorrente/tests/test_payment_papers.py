import json

from odoo.tests import new_test_user, tagged

from odoo.addons.cobranca_recorrente.controllers import payment_papers
from odoo.addons.cobranca_recorrente.models.ir_actions_report import PRINTING, RECEIPT

from .link_common import LinkCommon
from .record_common import TODAY

LOGIN = "portal_ana"
PDF = {"filename": "f.pdf", "content": b"%PDF"}


@tagged("post_install", "-at_install")
class TestPaymentPapers(LinkCommon):
    """The PDFs of the pages of payments are ours, and are not made without end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_portal_user(LOGIN, cls.customer)

    def test_no_receipt_of_values_from_an_address(self):
        """Who is logged in prints no receipt of his own invention."""
        options, context = json.dumps({"receipt": {"name": "FORGED"}}), json.dumps({PRINTING: True})
        new_test_user(self.env, "clerk", "base.group_user")
        for login in (LOGIN, "clerk"):
            self.authenticate(login, login)
            for kind in ("html", "pdf", "text"):
                address = f"/report/{kind}/{RECEIPT}/{self.line.id}"
                answer = self.url_open(address, params={"options": options, "context": context})
                self.assertEqual(answer.status_code, 403, address)

    def test_pdfs_are_counted(self):
        """Each takes seconds to be made: who wants too many in an hour is asked to wait, by a link as logged in."""
        self.pay(self.invoice, 500.0, TODAY)
        self.patch(payment_papers, "PDFS_AN_HOUR", 2)
        made = []
        self.patch(type(self.env["cobranca.debt.page"]), "_make_receipt", lambda *arguments: made.append(1) or b"%PDF")
        self.patch(
            type(self.invoice), "_get_invoice_legal_documents", lambda *arguments, **options: made.append(1) or PDF
        )
        self.authenticate(LOGIN, LOGIN)
        paths = [f"/my/pagamentos/recibo/{self.line.id}", f"/my/pagamentos/fatura/{self.later_line.id}"]
        self.assertEqual([self.url_open(path).status_code for path in (*paths, *paths)], [200, 200, 429, 429])
        self.assertEqual(len(made), 2, "what is too much is not made")
