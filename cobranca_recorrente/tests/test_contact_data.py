import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import contact_data

from .common import CPF

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
FULL = {
    "document": CPF,
    "is_email_valid": True,
    "is_phone_valid": True,
    "street": "Rua A",
    "number": "1",
    "city": "Olinda",
    "state": "PE",
    "zip": "53020-140",
    "zip_state": "PE",
    "is_verified": True,
}


@tagged("post_install", "-at_install")
class TestContactData(BaseCase):
    def gaps(self, **values):
        return contact_data.gaps(contact_data.Contact(**{**FULL, **values}))

    def test_doctests(self):
        self.assertEqual(doctest.testmod(contact_data).failed, 0)

    def test_nothing_is_missing(self):
        self.assertEqual(self.gaps(), [])

    def test_each_gap(self):
        cases = {
            "document_missing": {"document": ""},
            "document_wrong": {"document": "111.111.111-11"},
            "document_kind": {"is_company": True},
            "email_missing": {"is_email_valid": None},
            "email_wrong": {"is_email_valid": False},
            "email_bounced": {"has_bounced": True},
            "phone_missing": {"is_phone_valid": None},
            "phone_wrong": {"is_phone_valid": False},
            "street_missing": {"street": "", "number": ""},
            "number_missing": {"number": ""},
            "city_missing": {"city": ""},
            "state_missing": {"state": ""},
            "zip_missing": {"zip": ""},
            "zip_wrong": {"zip": "5302"},
            "zip_elsewhere": {"zip_state": "SP"},
            "never_verified": {"is_verified": False},
        }
        self.assertEqual(cases.keys(), contact_data.COSTS.keys())
        for code, values in cases.items():
            self.assertEqual(self.gaps(**values), [code], code)

    def test_abroad_neither_cpf_nor_cep_is_asked(self):
        self.assertEqual(self.gaps(is_brazilian=False, document="X-99", zip="", state="", number=""), [])

    def test_unknown_cep_is_no_gap(self):
        self.assertEqual(self.gaps(zip_state=None), [])

    @PINNED
    @given(st.lists(st.sampled_from(sorted(contact_data.COSTS)), unique=True))
    def test_score_falls_with_each_gap(self, codes):
        found = contact_data.score(codes)
        self.assertTrue(0 <= found <= 100)
        self.assertEqual(found, max(0, 100 - sum(contact_data.COSTS[code] for code in codes)))
        for code in contact_data.COSTS.keys() - set(codes):
            self.assertLessEqual(contact_data.score([*codes, code]), found)

    def test_all_that_can_be_missing_leaves_nothing(self):
        empty = contact_data.gaps(contact_data.Contact())
        self.assertEqual(contact_data.score(empty), 0)

    @PINNED
    @given(st.text(alphabet="0123456789-. x/", max_size=12))
    def test_cep(self, text):
        digits = [character for character in text if character.isdigit()]
        expected = len(digits) == 8 and not set(text.strip()) & set("x/")
        self.assertEqual(bool(contact_data.cep(text)), expected)
