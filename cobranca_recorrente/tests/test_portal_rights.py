from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .portal_common import FOREIGN, INTERNAL, TODAY, PortalCommon

CONTRACT = {
    *("name", "reference", "state", "company_id", "currency_id", "user_id", "beneficiary_id", "partner_shipping_id"),
    *("partner_id", "commercial_partner_id", "line_ids", "period_ids", "pause_ids", "date_signed", "amount_total"),
    *("is_paused", "next_issue_date", "next_due_date", "date_start", "date_end", "trial_end", "interval_count"),
    *("interval_unit", "billing_day", "due_mode", "due_day", "payment_term_id", "issue_lead_days", "trial_days"),
    *("renewal", "renewal_months", "renewal_notice_days", "minimum_months", "termination_fee", "invoice_note"),
    *("termination_fee_percent", "termination_fee_amount", "is_distance_sale", "access_url", "access_warning"),
}
LINE = {
    *("contract_id", "company_id", "currency_id", "sequence", "display_type", "product_id", "name", "recurrence"),
    *("billing_timing", "date_start", "date_end", "invoice_apart", "previous_line_id", "next_line_ids", "quantity"),
    *("price_unit", "discount", "price_subtotal", "price_total", "analytic_precision"),
}
PERIOD = {
    *("contract_id", "company_id", "currency_id", "partner_id", "kind", "index", "date_start", "date_end"),
    *("date_issue", "date_due", "move_id", "amount", "amount_total", "payment_state", "state"),
}
PAUSE = {"contract_id", "company_id", "date_start", "date_end"}
ALLOWED = {
    "cobranca.contract": CONTRACT,
    "cobranca.contract.line": LINE,
    "cobranca.contract.period": PERIOD,
    "cobranca.contract.pause": PAUSE,
}
PATHS = {"cobranca.contract": "", "cobranca.contract.line": "line_ids", "cobranca.contract.period": "period_ids"}
OF_ODOO = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date", "has_message"}
HIDDEN = {
    "cobranca.contract": (
        "note",
        "park_reason",
        "collector_id",
        "monthly_amount",
        "close_reason_id",
        "change_ids",
        "cancel_text",
    ),
    "cobranca.contract.line": ("account_id", "tax_ids", "analytic_distribution", "adjusted_period_id"),
    "cobranca.contract.period": ("details", "line_group", "usage_ids", "adjustment_ids"),
    "cobranca.contract.pause": ("reason",),
}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalRights(PortalCommon):
    """What a customer gets by calling the server directly."""

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def assertDenied(self, *args, **kwargs):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as denied:
            self.call(*args, **kwargs)
        self.assertHidden(str(denied.exception).replace("odoo.exceptions.AccessError", ""), (*INTERNAL, *FOREIGN))

    def test_fields_are_the_listed_ones(self):
        self.log_in("portal_ana")
        for model, allowed in ALLOWED.items():
            with self.subTest(model=model):
                found = set(self.call(model, "fields_get"))
                inherited = {name for name in found if name.startswith(("message_", "activity_", "website_message"))}
                self.assertEqual(found - inherited - OF_ODOO - allowed, set())

    def test_reading_all_that_is_allowed_tells_nothing_internal(self):
        self.log_in("portal_ana")
        for model, allowed in ALLOWED.items():
            with self.subTest(model=model):
                ids = self.call(model, "search", [])
                self.assertTrue(ids)
                self.assertHidden(f"{self.call(model, 'read', ids, sorted(allowed))}", (*INTERNAL, *FOREIGN))

    def test_hidden_fields_are_denied_in_every_way(self):
        self.log_in("portal_ana")
        for model, names in HIDDEN.items():
            ids = self.call(model, "search", [])
            for name in names:
                with self.subTest(model=model, name=name):
                    self.assertDenied(model, "read", ids, [name])
                    self.assertDenied(model, "search", [(name, "!=", False)])
                    self.assertDenied(model, "formatted_read_group", [], [name], ["__count"])

    def test_only_own_records(self):
        for login, own, other in (
            ("portal_ana", self.contract, self.foreign),
            ("portal_colleague", self.contract, self.foreign),
            ("portal_caio", self.foreign, self.contract),
        ):
            self.log_in(login)
            for model, path in PATHS.items():
                with self.subTest(login=login, model=model):
                    mine, foreign = (contract.mapped(path) if path else contract for contract in (own, other))
                    self.assertEqual(set(self.call(model, "search", [])), set(mine.ids))
                    self.assertDenied(model, "read", foreign.ids, ["display_name"])

    def test_register_and_usage_are_nobodys_outside(self):
        self.log_in("portal_ana")
        for model in ("cobranca.contract.change", "cobranca.contract.usage", "cobranca.close.reason"):
            self.assertDenied(model, "search", [])

    def test_methods_of_the_page_are_not_for_rpc(self):
        self.log_in("portal_ana")
        for method in ("_get_portal_page", "_request_cancellation", "_for_portal", "_tell", "_answer_cancellation"):
            self.assertDenied("cobranca.contract", method, self.contract.ids)
        self.assertDenied("cobranca.contract", "action_answer_cancellation", self.contract.ids)
        self.assertDenied("cobranca.contract", "write", self.contract.ids, {"cancel_state": "answered"})

    def test_chatter_takes_nothing_from_outside(self):
        for login, contract in ((None, self.contract), ("portal_ana", self.contract), ("portal_ana", self.foreign)):
            self.log_in(login)
            before = self.env["mail.message"].search_count([("model", "=", "cobranca.contract")])
            params = {"thread_model": "cobranca.contract", "thread_id": contract.id, "post_data": {"body": "x"}}
            for token in (
                {},
                {"token": ""},
                {"token": "0"},
                {"token": "False"},
                {"hash": "x", "pid": self.customer.id},
            ):
                with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                    self.make_jsonrpc_request("/mail/message/post", {**params, **token})
            self.assertEqual(self.env["mail.message"].search_count([("model", "=", "cobranca.contract")]), before)

    def test_logged_notes_are_denied_by_id_too(self):
        self.log_in("portal_ana")
        notes = self.contract.message_ids.filtered(lambda message: "INTERNAL" in message.body)
        self.assertTrue(notes)
        for note in notes:
            self.assertDenied("mail.message", "read", note.ids, ["body"])
        texts = self.call("mail.message", "search_read", [("model", "=", "cobranca.contract")], ["body", "subject"])
        self.assertHidden(f"{texts}", (*INTERNAL, *FOREIGN))

    def test_what_was_sent_to_him_he_reads(self):
        reason = self.env.ref("cobranca_recorrente.cobranca_close_reason_price")
        self.contract.with_user(self.portal_user)._request_cancellation("soon", reason=f"{reason.id}")
        sent = self.contract.message_ids.filtered("partner_ids")
        self.assertIn(self.contract.cancel_protocol, sent.with_user(self.users["portal_ana"]).body)

    def test_fields_of_the_request_are_the_staffs(self):
        names = [name for name in self.env["cobranca.contract"]._fields if name.startswith("cancel_")]
        self.assertEqual(len(names), 12)
        for name in names:
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.contract.with_user(self.portal_user).read([name])
