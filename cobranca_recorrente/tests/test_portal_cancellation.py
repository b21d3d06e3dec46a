from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .portal_common import INTERNAL, TODAY, PortalCommon

REASONS = "cobranca_recorrente.cobranca_close_reason_"
ACTIVITY = "cobranca_recorrente.mail_activity_cancellation"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalCancellation(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref(REASONS + "price")
        cls.path = f"/my/contratos/{cls.contract.id}/cancelamento"

    def ask(self, login="portal_ana", **values):
        self.log_in(login)
        return self.post(self.path, **{"code": "soon", "reason": f"{self.reason.id}", **values})

    def options(self, contract=None, user=None, day=None):
        contract = (contract or self.contract).with_user(user or self.portal_user)
        return {option["code"]: option for option in contract._get_cancellation_page(day)["options"]}

    # --- what is offered ---

    def test_options_and_fee(self):
        options = self.options()
        self.assertEqual(list(options), ["soon", "billed", "minimum"])
        self.assertEqual(options["soon"]["day"], Date.to_date("2026-03-05"))
        self.assertEqual(options["billed"]["day"], Date.to_date("2026-03-31"))
        self.assertEqual(options["minimum"]["day"], Date.to_date("2026-12-31"))
        # April and June to December at 350.00 (May is paused): 8 × 350 × 10 %.
        self.assertEqual(options["billed"]["fee"], 280.0)
        self.assertIn("2,800.00", options["billed"]["explanation"])
        self.assertEqual((options["minimum"]["fee"], options["minimum"]["explanation"]), (0.0, ""))

    def test_another_day_is_computed_before_anything_is_sent(self):
        self.log_in("portal_ana")
        before = self.snapshot()
        page = self.page_of(self.contract, "/cancelamento?dia=2026-06-30")
        # July to December: 6 × 350 × 10 %.
        self.assertIn("210.00", page)
        self.assertIn("06/30/2026", page)
        self.assertEqual(self.snapshot(), before)

    def test_odd_days_are_refused_kindly(self):
        self.log_in("portal_ana")
        for day in (
            "2026-03-04",
            "2030-01-01",
            "9999-12-31",
            "0001-01-01",
            "abc",
            "2026-13-45",
            "'; DROP",
            "2026-02-30",
        ):
            with self.subTest(day=day):
                self.assertIn("Choose a day between", self.page_of(self.contract, f"/cancelamento?dia={day}"))
                response = self.post(self.path, code="day", day=day, reason=f"{self.reason.id}")
                self.assertEqual(response.status_code, 200)
                self.assertIn("Choose a day between", response.text)
        self.assertFalse(self.contract.cancel_state)

    def test_withdrawal_within_7_days(self):
        with freeze_time("2026-03-02 15:00:00"):
            contract = self.make_contract(date_start="2026-03-02", is_distance_sale=True)
        self.assertEqual(next(iter(self.options(contract))), "withdrawal")
        self.log_in("portal_ana")
        response = self.post(f"/my/contratos/{contract.id}/cancelamento", code="withdrawal")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(contract.cancel_is_withdrawal)
        self.assertEqual(contract.cancel_reason_id, self.env.ref(REASONS + "withdrawal"))
        self.assertEqual(contract.cancel_fee, 0.0)
        with freeze_time("2026-03-10 15:00:00"):
            self.assertNotIn(
                "withdrawal", self.options(self.make_contract(date_start="2026-03-02", is_distance_sale=True))
            )

    def test_withdrawal_is_not_had_by_typing_its_code(self):
        self.assertIn("Choose the last day", self.ask(code="withdrawal").text)
        self.assertFalse(self.contract.cancel_state)

    # --- what is asked ---

    def test_request(self):
        response = self.ask(code="billed", text="  Moving away <script>alert(1)</script>  ")
        self.assertEqual(response.status_code, 303)
        contract = self.contract
        self.assertEqual(contract.cancel_state, "asked")
        self.assertEqual(contract.cancel_requested_on, Date.to_date("2026-03-05"))
        self.assertEqual(contract.cancel_answer_until, Date.to_date("2026-03-09"))
        self.assertEqual(contract.cancel_last_day, Date.to_date("2026-03-31"))
        self.assertEqual(contract.cancel_fee, 280.0)
        self.assertEqual(contract.cancel_reason_id, self.reason)
        self.assertEqual(contract.cancel_requested_by_id, self.customer)
        self.assertRegex(contract.cancel_protocol, r"^\d{4}-\d{6}$")
        # Nothing ends by itself.
        self.assertEqual((contract.state, contract.date_end, contract.close_reason_id.id), ("active", False, False))
        page = self.page_of(contract)
        self.assertIn(contract.cancel_protocol, page)
        self.assertNotIn("<script>alert", page)
        self.assertHidden(page, INTERNAL)

    def test_who_answers_has_one_activity(self):
        self.ask()
        activity = self.contract.activity_search([ACTIVITY])
        self.assertEqual((activity.user_id, activity.date_deadline), (self.supervisor, Date.to_date("2026-03-09")))
        self.assertIn(self.contract.cancel_protocol, activity.summary)

    def test_customer_is_told_in_writing(self):
        self.ask(login="portal_colleague", text="<b>bold</b>")
        message = self.contract.message_ids.filtered(lambda m: m.subtype_id == self.env.ref("mail.mt_comment"))
        self.assertEqual(message.partner_ids, self.customer | self.colleague)
        self.assertEqual(
            message.notified_partner_ids & (self.customer | self.colleague), self.customer | self.colleague
        )
        self.assertEqual(message.author_id, self.company.partner_id)
        self.assertIn(self.contract.cancel_protocol, message.subject)
        self.assertIn("03/09/2026", message.body)
        self.assertIn("&lt;b&gt;bold", message.body)
        self.assertNotIn("350.00", message.subject)

    def test_sent_twice_counts_once(self):
        self.ask()
        protocol = self.contract.cancel_protocol
        self.assertEqual(self.ask(code="minimum").status_code, 303)
        self.assertEqual(self.contract.cancel_protocol, protocol)
        self.assertEqual(self.contract.cancel_last_day, Date.to_date("2026-03-05"))
        self.assertEqual(len(self.contract.activity_search([ACTIVITY])), 1)
        # The page of choices leads back to the contract meanwhile.
        response = self.url_open(self.path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_bad_choices_are_told(self):
        unpaid = self.env.ref(REASONS + "unpaid")
        for values, told in (
            ({"code": "x"}, "Choose the last day"),
            ({"code": ""}, "Choose the last day"),
            ({"code": "term"}, "Choose the last day"),
            ({"reason": ""}, "Choose the reason"),
            ({"reason": "abc"}, "Choose the reason"),
            ({"reason": f"{2**63}"}, "Choose the reason"),
            ({"reason": f"{unpaid.id}"}, "Choose the reason"),
            ({"text": "x" * 2001}, "too long"),
        ):
            with self.subTest(values=values):
                response = self.ask(**values)
                self.assertEqual(response.status_code, 200)
                self.assertIn(told, response.text)
        self.assertFalse(self.contract.cancel_state)

    def test_what_was_typed_is_kept(self):
        response = self.ask(code="minimum", reason="", text="my words")
        self.assertIn("my words", response.text)
        self.assertRegex(response.text, r'(?s)id="code_minimum"[^>]*checked')

    def test_extra_keys_change_nothing(self):
        """Every field of the contract is sent along; only what the model decides is written."""
        record = self.contract.sudo()
        names = [
            n for n, f in record._fields.items() if f.store and not n.startswith(("cancel_", "activity_", "message_"))
        ]
        skipped = {"write_date", "write_uid", "day", "code", "reason", "text"}
        before = {name: record[name] for name in names if name not in skipped}
        posted = {name: "1" for name in record._fields if name not in skipped}
        posted |= {"state": "closed", "price_unit": "0.01", "amount_total": "0.01", "partner_id": f"{self.stranger.id}"}
        posted |= {"cancel_fee": "0", "cancel_last_day": "2026-03-06", "cancel_state": "answered", "contract_id": "1"}
        posted |= {"fee": "0", "default_cancel_fee": "0", "context": '{"default_state": "closed"}'}
        response = self.ask(**posted, code="billed")
        self.assertEqual(response.status_code, 303)
        record.invalidate_recordset()
        self.assertEqual({name: record[name] for name in before}, before)
        self.assertEqual((record.cancel_state, record.cancel_fee), ("asked", 280.0))
        self.assertEqual(record.cancel_last_day, Date.to_date("2026-03-31"))
        self.assertEqual(record.line_ids[:1].price_unit, 350.0)

    @mute_logger("odoo.http")
    def test_bytes_that_no_browser_sends(self):
        self.log_in("portal_ana")
        odd = "\0a\0"
        for values in ({"code": odd}, {"code": "day", "day": odd}, {"code": "soon", "reason": odd}):
            with self.subTest(values=values):
                self.assertEqual(self.post(self.path, **values).status_code, 200)
        self.assertEqual(self.ask(text=odd).status_code, 303)
        self.assertEqual(self.contract.cancel_text, "a")

    def test_without_csrf_token(self):
        self.log_in("portal_ana")
        for path in (self.path, f"{self.path}/desistir"):
            response = self.post(path, csrf=False, code="soon", reason=f"{self.reason.id}")
            self.assertEqual(response.status_code, 400)
        self.assertFalse(self.contract.cancel_state)

    def test_lost_to_a_billing_run(self):
        """While the contract is locked the customer is asked to try again; nothing breaks."""
        self.patch(type(self.env["cobranca.contract"]), "try_lock_for_update", lambda self, **kwargs: self.browse())
        self.assertIn("try again in a minute", self.ask().text)
        self.assertFalse(self.contract.cancel_state)

    # --- afterwards ---

    def test_take_back(self):
        self.ask()
        response = self.post(f"{self.path}/desistir")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.contract.cancel_state, "taken_back")
        self.assertFalse(self.contract.activity_search([ACTIVITY]))
        self.assertNotIn(self.contract.cancel_protocol, self.page_of(self.contract))
        first = self.contract.cancel_protocol
        self.ask(code="minimum")
        self.assertEqual(self.contract.cancel_state, "asked")
        self.assertNotEqual(self.contract.cancel_protocol, first)

    def test_answered_cannot_be_taken_back(self):
        self.ask()
        self.contract.with_user(self.supervisor).action_answer_cancellation()
        self.assertEqual(self.contract.cancel_state, "answered")
        self.assertFalse(self.contract.activity_search([ACTIVITY]))
        self.post(f"{self.path}/desistir")
        self.assertEqual(self.contract.cancel_state, "answered")

    def test_ending_answers_and_tells(self):
        self.ask(code="billed")
        self.contract.park_reason = False
        self.contract.with_user(self.supervisor)._end(self.contract.cancel_last_day, self.reason)
        self.assertEqual(self.contract.cancel_state, "answered")
        told = self.contract.message_ids.filtered(lambda m: m.partner_ids and "03/31/2026" in m.body)[:1]
        self.assertIn(self.contract.cancel_protocol, told.body)
        self.assertEqual(self.options(), {})
        self.assertIn("ended already", self.refusal())

    def refusal(self):
        with self.assertRaises(UserError) as refused:
            self.contract.with_user(self.portal_user)._request_cancellation("soon", reason=f"{self.reason.id}")
        return str(refused.exception)

    def test_closing_answers(self):
        self.ask()
        self.contract.with_user(self.supervisor).action_close()
        self.assertEqual((self.contract.state, self.contract.cancel_state), ("closed", "answered"))

    def test_staff_finds_it(self):
        self.ask()
        Contract = self.env["cobranca.contract"].with_user(self.collector)
        self.assertEqual(Contract.search([("cancel_state", "=", "asked")]), self.contract)
        arch = Contract.get_view(view_type="search")["arch"]
        self.assertIn("cancellation_asked", arch)
        form = self.env["cobranca.contract"].with_user(self.supervisor).get_view(view_type="form")["arch"]
        self.assertIn("action_answer_cancellation", form)

    # --- who may ---

    def test_only_the_customer_asks(self):
        for user in (self.collector, self.supervisor, self.users["portal_caio"], self.users["internal"]):
            for call in ("_request_cancellation", "_take_back_cancellation", "_get_cancellation_page"):
                with self.subTest(user=user.login, call=call), self.assertRaises(AccessError):
                    arguments = ["soon"] if call == "_request_cancellation" else []
                    getattr(self.contract.with_user(user), call)(*arguments)

    def test_request_is_nobodys_to_write(self):
        for name in ("cancel_state", "cancel_fee", "cancel_last_day", "cancel_protocol", "cancel_text"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.contract.with_user(self.manager).write({name: False})

    def test_customer_cannot_answer_himself(self):
        with self.assertRaises(AccessError):
            self.contract.with_user(self.portal_user).action_answer_cancellation()
        with self.assertRaises(AccessError):
            self.contract.with_user(self.collector).action_answer_cancellation()

    def test_copy_has_no_request(self):
        self.ask()
        self.assertFalse(self.contract.copy().cancel_state)

    def test_no_fee_and_no_minimum(self):
        with freeze_time("2026-01-05 15:00:00"):
            free = self.make_contract(date_end="2026-12-31", line_ids=[Command.create({"product_id": self.product.id})])
        options = self.options(free)
        self.assertEqual(list(options), ["soon", "term"])
        self.assertEqual({option["fee"] for option in options.values()}, {0.0})
