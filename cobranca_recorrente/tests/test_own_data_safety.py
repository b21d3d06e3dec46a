from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .own_data_common import INTERNAL, PATH, OwnDataCommon

ODD = ("\0a\0", "\ud83d\ude00", "x" * 5000, "'; DROP TABLE res_partner; --", "{{ object.env }}", "-1", "💶", "%00")
CODES = (200, 303, 400, 404)


@tagged("post_install", "-at_install")
class TestOwnDataSafety(OwnDataCommon):
    """Nobody changes or sees what is not his, whatever he sends."""

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def test_another_customers_id_has_no_effect(self):
        self.log_in("portal_ana")
        before = self.stranger.read()[0]
        ids = dict.fromkeys(
            ("id", "partner_id", "own", "res_id", "ids", "commercial_partner_id"), f"{self.stranger.id}"
        )
        self.assertEqual(self.post(**ids, phone="81 91234 5678", email="thief@example.com").status_code, 303)
        self.assertEqual(self.customer.phone, "+55 81 91234-5678")
        self.stranger.invalidate_recordset()
        after = self.stranger.read()[0]
        self.assertEqual(
            {k: v for k, v in after.items() if not k.startswith("avatar")},
            {k: v for k, v in before.items() if not k.startswith("avatar")},
        )
        change = self.Change.search([])
        self.assertEqual((change.partner_id, change.requested_by_id), (self.customer, self.ana))

    def test_extra_fields_are_ignored(self):
        """Every field of the partner is sent along; only what the page has is taken."""
        self.log_in("portal_ana")
        taken = {"phone", "write_date", "write_uid"}
        touched = {
            *("cobranca_verified_on", "cobranca_verified_by_id", "cobranca_review_on", "cobranca_own_saves"),
            *("cobranca_own_saved_on", "cobranca_quality_score", "phone_sanitized", "contact_address_complete"),
        }
        page = {
            *("email", "name", "vat", "zip", "street_name", "street_number", "street_number2", "street2", "city"),
            *("state", "payer", "channel", "hour"),
        }
        names = [name for name, field in self.customer._fields.items() if field.store and not field.relational]
        before = {name: self.customer[name] for name in names if name not in taken | touched}
        posted = {name: "1" for name in self.customer._fields if name not in taken | page | {"self"}}
        posted |= {
            "credit_limit": "9",
            "parent_id": "1",
            "cobranca_change_ids": "1",
            "state_id": "1",
            "default_name": "x",
        }
        posted |= {"context": '{"default_active": false}', "active": "", "cobranca_role": "pays"}
        self.assertEqual(self.post(**posted, phone="81 91234 5678").status_code, 303)
        self.customer.invalidate_recordset()
        self.assertEqual({name: self.customer[name] for name in before}, before)
        self.assertEqual(self.customer.phone, "+55 81 91234-5678")
        self.assertFalse(self.Change.search([]))

    def test_portal_user_reaches_nothing_by_rpc(self):
        change = self.ask(email="nova@example.com")
        self.log_in("portal_ana")
        vals = {"partner_id": self.customer.id, "field": "email", "new_value": "x@example.com", "state": "approved"}
        calls = (
            ("cobranca.partner.change", "create", [vals]),
            ("cobranca.partner.change", "write", change.ids, {"state": "approved"}),
            ("cobranca.partner.change", "read", change.ids, ["new_text"]),
            ("cobranca.partner.change", "search_read", []),
            ("cobranca.partner.change", "unlink", change.ids),
            ("cobranca.partner.change", "action_approve", change.ids),
            ("cobranca.partner.change", "action_refuse", change.ids),
            ("cobranca.partner.change", "_refuse", change.ids, "x"),
            ("cobranca.partner.change.refuse", "create", [{"change_id": change.id, "reason": "x"}]),
            ("res.partner", "write", self.customer.ids, {"email": "x@example.com"}),
            ("res.partner", "read", self.customer.ids, ["cobranca_change_ids"]),
            ("res.partner", "_cobranca_save_own", self.customer.ids, {"phone": "1"}),
            ("res.partner", "_cobranca_get_own_page", self.customer.ids),
            ("res.partner", "action_cobranca_changes", self.customer.ids),
        )
        for call in calls[:-1]:
            with self.subTest(call=call[:2]), mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.call(*call)
        change.invalidate_recordset()
        self.assertEqual((change.state, self.customer.email), ("pending", "ana@example.com"))

    def test_without_csrf_token(self):
        self.log_in("portal_ana")
        before = self.snapshot()
        with mute_logger("odoo.http"):
            for path in (PATH, f"{PATH}/desistir"):
                self.assertEqual(self.post(path, csrf=False, phone="81 91234 5678", campo="email").status_code, 400)
        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.http")
    def test_everybody_asks(self):
        """{login: status of the page}: who is no customer learns nothing, not even that there is a page."""
        expected = {None: 303, "portal_visitor": 404, "internal": 404, "collector": 404}
        before = self.snapshot()
        for login in (None, *self.users):
            self.log_in(login)
            response = self.url_open(PATH, allow_redirects=False)
            if response.headers.get("Location", "").endswith(f"/en{PATH}"):
                response = self.url_open(f"/en{PATH}", allow_redirects=False)
            self.assertEqual(response.status_code, expected.get(login, 200), login)
            # Everybody's own name is in the head of the page.
            own = {"portal_caio": INTERNAL[3:], "collector": INTERNAL[1:2]}
            hidden = set(INTERNAL) - set(own.get(login, ()))
            for canary in hidden:
                self.assertNotIn(canary, response.text)
            if login in expected:
                self.assertIn(self.post(phone="81 91234 5678").status_code, (303, 404))
                self.assertIn(self.post(f"{PATH}/desistir", campo="email").status_code, (303, 404))
        self.assertEqual(self.snapshot(), before)

    @mute_logger("odoo.http")
    def test_odd_texts_break_nothing(self):
        names = ("email", "name", "vat", "phone", "zip", "street_name", "street_number", "street2", "city", "state")
        names += ("payer", "channel", "hour", "preferences", "refuses_call")
        for name, text in zip(names, ODD * 2, strict=False):
            self.customer.cobranca_own_saves = 0
            self.save(**{name: text})
        self.log_in("portal_ana")
        for text in ODD:
            self.customer.cobranca_own_saves = 0
            response = self.post(**dict.fromkeys(names, text.encode("utf-8", "ignore")))
            self.assertIn(response.status_code, CODES, text)
            for canary in ("Traceback", "psycopg2", "odoo.exceptions"):
                self.assertNotIn(canary, response.text, text)
        for campo in (*ODD, "", "id", "state", "email"):
            self.assertIn(self.post(f"{PATH}/desistir", campo=campo.encode("utf-8", "ignore")).status_code, CODES)
        self.assertEqual(self.url_open(f"{PATH}?salvo=<script>&salvo=x").status_code, 200)

    def test_odoos_own_form_is_no_way_around(self):
        self.log_in("portal_ana")
        city = self.customer._cobranca_get_city_of_zip("53020-140")
        form = {
            "name": "Ana Lindoso",
            "email": "ana@example.com",
            "phone": "+55 81 91234-5678",
            "street": "Rua B 1",
            "city": "Olinda",
            "zip": "53020-140",
            "state_id": f"{self.pernambuco.id}",
            "street2": "Centro",
            "country_id": f"{self.env.ref('base.br').id}",
            "partner_id": f"{self.customer.id}",
            "street_name": "Rua B",
            "street_number": "1",
            "city_id": f"{city.id}",
            "vat": self.customer.vat,
            "l10n_latam_identification_type_id": f"{self.customer.l10n_latam_identification_type_id.id}",
        }
        for name, value in (("email", "thief@example.com"), ("name", "Thief")):
            answer = self.post("/my/address/submit", **{**form, name: value}).json()
            self.assertIn(name, answer["invalid_fields"])
            self.assertIn("My data", " ".join(answer["messages"]))
        self.customer.invalidate_recordset()
        self.assertEqual((self.customer.email, self.customer.name), ("ana@example.com", "Ana Lindoso"))
        self.assertIn("redirectUrl", self.post("/my/address/submit", **form).json())
        self.customer.invalidate_recordset()
        self.assertEqual((self.customer.phone, self.customer.email), ("+55 81 91234-5678", "ana@example.com"))
        # What is harmless stays possible there, for strangers to our business all of it.
        guarded = (
            self.customer.with_user(self.ana)
            .sudo()
            ._cobranca_find_guarded(
                {"name": "Ana Lindoso", "email": "ANA@example.com ", "phone": "1", "vat": "52998224725"}
            )
        )
        self.assertEqual(guarded, {})
        visitor = self.visitor.with_user(self.users["portal_visitor"]).sudo()
        self.assertEqual(visitor._cobranca_find_guarded({"email": "new@example.com"}), {})

    def test_a_colleague_does_not_rename_the_company(self):
        colleague = self.colleague.with_user(self.users["portal_colleague"]).sudo()
        self.assertEqual(colleague._cobranca_find_guarded({"company_name": "Other"}).keys(), {"company_name"})
        self.assertEqual(colleague._cobranca_find_guarded({"email": "own@example.com", "company_name": ""}), {})
        self.contract.with_user(self.supervisor).sudo().responsible_id = self.colleague
        self.assertEqual(colleague._cobranca_find_guarded({"email": "own@example.com"}).keys(), {"email"})
