from lxml import html

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .agreement_common import SIGNED, TODAY, AgreementCommon

LOGIN = "portal_ana"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementPortal(AgreementCommon, HttpCase):
    """What an agreement closed in the books was not paid: the pages of the customer say what it is."""

    def assert_told(self, move, text):
        """The status of an invoice, on each page that tells it."""
        self.env.flush_all()
        page = html.fromstring(self.url_open("/my/invoices").content)
        [row] = page.xpath(f"//tr[td/a[contains(@href, '/my/invoices/{move.id}')]]")
        self.assertEqual(" ".join(row.xpath(".//td[@name='invoice_status']")[0].text_content().split()), text)
        page = html.fromstring(self.url_open(f"/my/invoices/{move.id}").content)
        badges = [" ".join(badge.text_content().split()) for badge in page.xpath("//div[hasclass('badge')]")]
        self.assertEqual(badges, [text] * (text != "Waiting for Payment"))

    def test_renegotiated_is_not_paid(self):
        contract = self.make_contract()
        self.env["cobranca.contract.billing"]._bill(contract)
        move = contract.period_ids.move_id
        new_test_user(self.env, LOGIN, "base.group_portal", lang="en_US").partner_id = self.customer
        self.authenticate(LOGIN, LOGIN)
        terms = {"down": None, "count": 1, "method": "none", "rate": "0"}
        agreement = self.sign(move._cobranca_get_debt_lines(), **terms)
        self.assert_told(move, "Renegotiated")
        self.assert_told(agreement.move_id, "Waiting for Payment")
        self.assertEqual(contract._get_portal_payment(contract.period_ids), ("info", "Renegotiated"))
        agreement.with_user(self.supervisor)._cancel(SIGNED, "Signed by mistake")
        self.assert_told(move, "Waiting for Payment")
        self.assert_told(agreement.move_id, "Without effect")
        again = self.sign(move._cobranca_get_debt_lines(), **terms)
        self.pay(again.installment_ids.line_id, again.total)
        for paid in (move, again.move_id):
            self.assert_told(paid, "Paid")
        self.assertEqual(contract._get_portal_payment(contract.period_ids), ("success", "Paid"))
