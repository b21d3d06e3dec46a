from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .own_data_common import INTERNAL, PATH, OwnDataCommon


@tagged("post_install", "-at_install")
class TestOwnData(OwnDataCommon):
    """What a customer corrects himself in the portal."""

    def page(self, user=None, partner=None, typed=None):
        return (partner or self.customer).with_user(user or self.ana)._cobranca_get_own_page(typed)

    # --- the page ---

    def test_page_shows_his_data_and_no_more(self):
        page = self.page()
        self.assertEqual((page["document"], page["name"]), ("***.982.247-**", "Ana Lindoso"))
        self.assertEqual(page["texts"]["street_name"], "Rua do Amparo")
        self.assertEqual(page["texts"]["state"], "PE")
        self.assertEqual(page["texts"]["vat"], "")
        self.log_in("portal_ana")
        text = self.url_open(PATH).text
        self.assertIn("ana@example.com", text)
        for hidden in (*INTERNAL, "529.982.247-25", "52998224725", "Traceback"):
            self.assertNotIn(hidden, text)

    def test_card_of_the_home_page(self):
        for login, is_shown in (("portal_ana", True), ("portal_visitor", False)):
            self.log_in(login)
            self.assertEqual(PATH in self.url_open("/my/home").text, is_shown, login)

    def test_whose_data(self):
        own = {
            "portal_ana": self.customer,
            "portal_colleague": self.customer,
            "portal_student": self.student,
            "portal_caio": self.stranger,
        }
        for login, user in self.users.items():
            found = self.env["res.partner"].with_user(user)._cobranca_get_own()
            self.assertEqual(found, own.get(login, found.browse()), login)

    # --- what changes at once ---

    def test_phone_and_address_count_at_once(self):
        self.assertEqual(self.save(phone="81 91234 5678", street_number="14", street_number2="ap. 3"), ({}, set()))
        self.assertEqual(self.customer.phone, "+55 81 91234-5678")
        self.assertEqual((self.customer.street_number, self.customer.street_number2), ("14", "ap. 3"))
        self.assertEqual(str(self.customer.cobranca_verified_on), "2026-11-19")
        self.assertEqual(self.customer.cobranca_verified_by_id, self.ana)
        self.assertEqual(str(self.customer.cobranca_review_on), "2027-11-19")
        note = self.customer.message_ids[0]
        self.assertIn("+55 81 98765-4321 → +55 81 91234-5678", note.body)
        self.assertEqual((note.author_id, note.is_internal or note.subtype_id.internal), (self.customer, True))
        self.assertFalse(self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)]))

    def test_confirming_alone_is_kept_once_a_day(self):
        before = len(self.customer.message_ids)
        for _time in range(8):
            self.assertEqual(self.save(**self.page()["texts"]), ({}, set()))
        self.assertEqual(self.customer.cobranca_quality_score, 100)
        self.assertEqual(len(self.customer.message_ids), before + 1)

    def test_cep_tells_city_and_state(self):
        texts = {**self.page()["texts"], "zip": "01310100", "street_name": "Avenida Paulista", "street_number": "1"}
        self.assertEqual(self.save(**texts), ({}, set()))
        self.assertEqual((self.customer.zip, self.customer.city), ("01310-100", "São Paulo"))
        self.assertEqual((self.customer.state_id.code, self.customer.city_id.name), ("SP", "São Paulo"))
        self.assertEqual(self.save(city="Guarulhos"), ({}, set()))
        self.assertFalse(self.customer.city_id, "the city typed by hand counts")

    def test_preferences(self):
        self.save(preferences="1", channel="whatsapp", hour="evening", refuses_call="1", payer="Bia Lima")
        self.assertEqual((self.customer.cobranca_channel, self.customer.cobranca_hour), ("whatsapp", "evening"))
        self.assertEqual(self.customer._cobranca_get_refused_channels()[self.customer], {"call"})
        person = self.customer.child_ids.filtered(lambda child: child.cobranca_role == "pays")
        self.assertEqual((person.name, person.type), ("Bia Lima", "contact"))
        self.assertEqual(self.page()["refused"], ["call"])
        # Another person takes her place, known or new; she stays a contact.
        self.save(payer="colleague")
        self.assertEqual(self.colleague.cobranca_role, "pays")
        self.assertFalse(person.cobranca_role)
        self.save(preferences="1")
        self.assertFalse(self.customer._cobranca_get_refused_channels()[self.customer])

    def test_a_form_without_a_part_leaves_it_alone(self):
        self.save(preferences="1", channel="whatsapp", refuses_call="1")
        self.save(phone="81 91234 5678")
        self.assertEqual(self.customer.cobranca_channel, "whatsapp")
        self.assertEqual(self.customer._cobranca_get_refused_channels()[self.customer], {"call"})

    # --- what is wrong ---

    def test_mistakes_are_told_beside_their_field(self):
        cases = {
            "phone": ("123", "area code"),
            "email": ("no address", "cannot be right"),
            "zip": ("530", "eight digits"),
            "vat": ("529.982.247-24", "check digits"),
            "name": ("  ", "name is needed"),
            "state": ("XX", "list"),
            "street_name": ("x" * 121, "Too long"),
            "city": ("", "To have it removed"),
            "street_number": ("", "s/n"),
        }
        before = self.snapshot()
        for name, (text, told) in cases.items():
            errors, asked = self.save(**{name: text})
            self.assertEqual((list(errors), asked), ([name], set()), name)
            self.assertIn(told, errors[name])
        self.assertEqual(self.save(zip="01310-100", state="PE", city="Outra")[0].keys(), {"zip"})
        self.assertEqual(self.save(preferences="1", channel="sms", refuses_sms="1")[0].keys(), {"channel"})
        self.assertEqual(self.snapshot(), before)

    def test_cnpj_of_a_person_is_no_mistake_of_typing(self):
        self.assertEqual(self.save(vat="12.ABC.345/01DE-35")[0].keys(), {"vat"})

    def test_what_was_missing_before_keeps_nobody_from_correcting_the_rest(self):
        self.customer.write({"street": False, "zip": False, "phone": False})
        self.assertEqual(self.save(**{**self.page()["texts"], "phone": "81 91234 5678"}), ({}, set()))

    def test_typed_is_kept(self):
        self.log_in("portal_ana")
        typed = {
            "phone": "123",
            "city": "<script>x</script>",
            "preferences": "1",
            "refuses_sms": "1",
            "email": "n@e.br",
        }
        response = self.post(**typed)
        self.assertEqual(response.status_code, 200)
        self.assertIn('value="123"', response.text)
        self.assertIn('value="n@e.br"', response.text)
        self.assertIn("&lt;script&gt;x", response.text)
        self.assertNotIn("<script>x", response.text)
        self.assertIn("area code", response.text)
        self.assertRegex(response.text, r'(?s)id="own_refuses_sms"[^>]*checked')
        self.assertNotRegex(response.text, r'(?s)id="own_refuses_call"[^>]*checked')

    def test_saved_by_a_plain_form(self):
        self.log_in("portal_ana")
        response = self.post(phone="81 91234 5678")
        self.assertEqual((response.status_code, response.headers["Location"][-21:]), (303, "/my/dados?salvo=dados"))
        self.assertIn("Your data are saved", self.url_open(f"{PATH}?salvo=dados").text)
        response = self.post(email="nova@example.com")
        self.assertEqual(response.headers["Location"][-6:], "pedido")
        text = self.url_open(f"{PATH}?salvo=pedido").text
        self.assertIn("Waits for approval since", text)
        self.post(f"{PATH}/desistir", campo="email")
        self.assertNotIn("Waits for approval since", self.url_open(PATH).text)

    # --- bounds ---

    def test_too_many_changes_of_a_day(self):
        for number in range(5):
            self.save(street_number=f"{number}")
        with self.assertRaisesRegex(UserError, "tomorrow"):
            self.save(street_number="99")
        self.assertEqual(self.customer.street_number, "4")
        self.log_in("portal_ana")
        response = self.post(street_number="98")
        self.assertIn("tomorrow", response.text)
        self.assertIn('value="98"', response.text)
        self.assertEqual(self.customer.street_number, "4")
        self.customer.cobranca_own_saved_on = "2026-11-18"
        self.assertEqual(self.save(street_number="99"), ({}, set()))

    def test_while_somebody_works_on_the_customer(self):
        self.patch(type(self.customer), "try_lock_for_update", lambda self, **kwargs: self.browse())
        with self.assertRaisesRegex(UserError, "in a minute"):
            self.save(phone="81 91234 5678")

    def test_only_the_customer(self):
        for login in ("portal_caio", "portal_student", "portal_visitor", "internal", "collector"):
            for call in (
                lambda partner: partner._cobranca_save_own({"phone": "81 91234 5678"}),
                lambda partner: partner._cobranca_get_own_page(),
                lambda partner: partner._cobranca_withdraw_own("email"),
            ):
                with self.subTest(login=login), self.assertRaises(AccessError):
                    call(self.customer.with_user(self.users[login]))

    def test_a_beneficiary_has_only_his_own(self):
        page = self.page(self.users["portal_student"], self.student)
        self.assertEqual((page["is_debtor"], page["document"], page["name"]), (False, "", "Student"))
        typed = {"phone": "81 91234 5678", "vat": "111.444.777-35", "payer": "Me", "channel": "sms", "preferences": "1"}
        errors, asked = self.save(self.users["portal_student"], self.student, **typed, refuses_call="1")
        self.assertEqual((errors, asked), ({}, set()))
        self.assertEqual(self.student.phone, "+55 81 91234-5678")
        self.assertEqual(self.customer.phone, "+55 81 98765-4321")
        self.assertFalse(self.customer.cobranca_channel or self.customer.cobranca_opt_out_ids)
