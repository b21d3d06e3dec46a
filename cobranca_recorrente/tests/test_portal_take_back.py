from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .portal_common import TODAY, PortalCommon

ACTIVITY = "cobranca_recorrente.mail_activity_cancellation"
REASON = "cobranca_recorrente.cobranca_close_reason_price"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalTakeBack(PortalCommon):
    """A request to cancel is always taken, but taking it back again and again writes to nobody without end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref(REASON)
        cls.path = f"/my/contratos/{cls.contract.id}/cancelamento"

    def ask(self):
        return self.post(self.path, code="soon", reason=f"{self.reason.id}")

    def take_back(self):
        return self.post(f"{self.path}/desistir")

    def written(self):
        return self.contract.message_ids.filtered(lambda m: m.subtype_id == self.env.ref("mail.mt_comment"))

    def test_back_and_forth_ends_with_an_open_request(self):
        self.log_in("portal_ana")
        for _turn in range(10):
            self.assertEqual(self.ask().status_code, 303)
            self.assertIn(self.take_back().status_code, (200, 303))
        self.assertEqual(self.contract.cancel_state, "asked", "who asks to leave is never refused")
        self.assertEqual(len(self.contract.activity_search([ACTIVITY])), 1)
        # Three requests, and two that were taken back.
        self.assertEqual(len(self.written()), 5)

    def test_page_says_so_and_offers_no_dead_button(self):
        self.log_in("portal_ana")
        self.ask()
        self.assertIn("/desistir", self.page_of(self.contract))
        for _turn in range(2):
            self.take_back()
            self.ask()
        page = self.page_of(self.contract)
        self.assertNotIn("/desistir", page)
        self.assertIn("tomorrow", page)
        answer = self.take_back()
        self.assertEqual(answer.status_code, 200)
        self.assertIn("tomorrow", answer.text)
        self.assertIn(self.contract.cancel_protocol, answer.text)
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self.contract.with_user(self.portal_user)._take_back_cancellation()

    def test_the_next_day_and_another_contract_count_anew(self):
        self.log_in("portal_ana")
        for _turn in range(3):
            self.ask()
            self.take_back()
        other = self.make_contract(date_start="2026-02-01").with_user(self.portal_user)
        other._request_cancellation("soon", reason=f"{self.reason.id}")
        other._take_back_cancellation()
        self.assertEqual(other.sudo().cancel_state, "taken_back")
        with freeze_time("2026-03-06 15:00:00"):
            self.contract.with_user(self.portal_user)._take_back_cancellation()
        self.assertEqual(self.contract.cancel_state, "taken_back")

    def test_while_billing_works_on_it_the_customer_is_told_so(self):
        self.log_in("portal_ana")
        self.ask()
        self.patch(type(self.env["cobranca.contract"]), "try_lock_for_update", lambda self, **kwargs: self.browse())
        answer = self.take_back()
        self.assertEqual(answer.status_code, 200)
        self.assertIn("try again in a minute", answer.text)
        self.assertEqual(self.contract.cancel_state, "asked")
