from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ..tools.contact_data import COSTS
from .common import CobrancaCommon

ADDRESS = {
    "street_name": "Rua do Amparo",
    "street_number": "12",
    "zip": "53020-140",
    "city": "Olinda",
    "email": "ana@example.com",
    "phone": "(81) 98765-4321",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 15:00:00")
class TestPartnerQuality(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.state = cls.env.ref("base.state_br_pe")
        cls.customer.write({**ADDRESS, "state_id": cls.state.id})

    def verify(self, user, values=None, **more):
        self.customer.with_user(user)._cobranca_verify(values or {}, **more)

    # === WHAT IS MISSING === #

    def test_score_and_gaps(self):
        self.assertEqual(self.customer.cobranca_quality_score, 90)
        self.assertEqual(self.customer.cobranca_quality_gaps, "Nobody has verified these data yet.")
        self.customer.write({"email": "not an address", "phone": "123", "zip": "01310-100"})
        self.assertEqual(self.customer.cobranca_quality_score, 100 - 10 - 20 - 20 - 6)
        self.assertEqual(
            self.customer.cobranca_quality_gaps.splitlines(),
            [
                "The e-mail cannot be right.",
                "The phone cannot be right: area code and number are needed.",
                "Nobody has verified these data yet.",
                "The CEP belongs to another state.",
            ],
        )

    def test_every_gap_has_its_words(self):
        texts = {code: self.customer._cobranca_explain_gap(code) for code in COSTS}
        self.assertEqual(len(set(texts.values())), len(COSTS))

    def test_house_without_number(self):
        self.customer.write({"street": "Estrada do Sol, s/n"})
        self.assertNotIn("number", self.customer.cobranca_quality_gaps)
        self.customer.write({"street": "Estrada do Sol"})
        self.assertIn("The number of the house is missing", self.customer.cobranca_quality_gaps)

    def test_returned_mail_costs(self):
        self.customer.message_bounce = 2
        self.assertEqual(self.customer.cobranca_quality_score, 75)

    # === VERIFICATION === #

    def test_collector_corrects_and_confirms(self):
        """With no right on contacts but what the verification gives."""
        form = Form(
            self.env["cobranca.partner.verify"]
            .with_user(self.collector)
            .with_context(default_partner_id=self.customer.id)
        )
        self.assertEqual((form.phone, form.city), ("(81) 98765-4321", "Olinda"))
        form.phone = "(81) 91234-5678"
        form.save().action_confirm()
        self.assertEqual(self.customer.phone, "(81) 91234-5678")
        self.assertEqual(self.customer.cobranca_quality_score, 100)
        self.assertEqual(str(self.customer.cobranca_verified_on), "2026-03-10")
        self.assertEqual(self.customer.cobranca_verified_by_id, self.collector)
        self.assertEqual(str(self.customer.cobranca_review_on), "2027-03-10")
        note = self.customer.message_ids[0]
        self.assertIn("Phone: (81) 98765-4321 → (81) 91234-5678", note.body)
        self.assertEqual(note.author_id, self.collector.partner_id)

    def test_cep_tells_city_and_state(self):
        form = Form(self.env["cobranca.partner.verify"].with_context(default_partner_id=self.customer.id))
        form.zip = "01310100"
        self.assertEqual((form.city, form.state_id.code), ("São Paulo", "SP"))
        form.save().action_confirm()
        self.assertEqual(self.customer.city_id.name, "São Paulo")
        form = Form(self.env["cobranca.partner.verify"].with_context(default_partner_id=self.customer.id))
        form.city = "Outra"
        form.save().action_confirm()
        self.assertFalse(self.customer.city_id, "the city typed by hand counts")
        self.assertEqual(self.customer.city, "Outra")

    def test_nothing_changed_is_confirmed_too(self):
        self.verify(self.collector)
        self.assertEqual(self.customer.cobranca_quality_score, 100)
        self.assertIn("Data verified.", self.customer.message_ids[0].body)

    def test_identity_is_for_supervisors(self):
        for values in ({"name": "Ana Maria"}, {"vat": "111.444.777-35"}):
            with self.assertRaisesRegex(AccessError, "supervisor"):
                self.verify(self.collector, values)
        self.verify(self.supervisor, {"name": "Ana Maria"})
        self.assertEqual(self.customer.name, "Ana Maria")

    def test_wrong_cpf_writes_nothing(self):
        with self.assertRaisesRegex(ValidationError, "CPF"), self.env.cr.savepoint():
            self.verify(self.supervisor, {"vat": "529.982.247-24", "phone": "(81) 91234-5678"})
        self.env.invalidate_all()
        self.assertEqual(self.customer.phone, "(81) 98765-4321")
        self.assertFalse(self.customer.cobranca_verified_on)

    def test_only_data_of_the_person(self):
        with self.assertRaisesRegex(AccessError, "people of Cobrança"):
            self.verify(self.manager, {"credit_limit": 10})
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        with self.assertRaisesRegex(AccessError, "people of Cobrança"):
            self.verify(outsider, {})

    def test_day_to_look_again_lies_ahead(self):
        with self.assertRaisesRegex(UserError, "later day"):
            self.verify(self.collector, {}, review_on=self.company._cobranca_today())
