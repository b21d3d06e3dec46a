import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import contact_data, own_data

from .common import CPF, OTHER_CPF

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
CONTACTS = st.builds(
    contact_data.Contact,
    document=st.sampled_from(["", CPF, OTHER_CPF, "111.111.111-11", "12.ABC.345/01DE-35"]),
    is_company=st.booleans(),
    is_email_valid=st.sampled_from([None, True, False]),
    has_bounced=st.booleans(),
    is_phone_valid=st.sampled_from([None, True, False]),
    street=st.sampled_from(["", "Rua A"]),
    number=st.sampled_from(["", "1"]),
    city=st.sampled_from(["", "Olinda"]),
    state=st.sampled_from(["", "PE", "SP"]),
    zip=st.sampled_from(["", "5302", "53020-140"]),
    zip_state=st.sampled_from([None, "PE", "SP"]),
    is_verified=st.booleans(),
)
NAMES = ("vat", "email", "phone", "street_name", "street_number", "city", "state", "zip")


@tagged("post_install", "-at_install")
class TestOwnDataKernel(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(own_data).failed, 0)

    def test_every_field_that_can_be_corrected_has_its_gaps(self):
        told = {name for names in own_data.FIELDS.values() for name in names}
        self.assertEqual(told, set(NAMES))
        # A returned mail and data never verified are not the customer's mistakes.
        self.assertEqual(contact_data.COSTS.keys() - own_data.FIELDS.keys(), {"email_bounced", "never_verified"})

    @PINNED
    @given(CONTACTS)
    def test_what_is_left_alone_never_blocks(self, contact):
        self.assertEqual(own_data.blocking(contact, contact, set()), {})

    @PINNED
    @given(CONTACTS, CONTACTS)
    def test_whatever_becomes_wrong_blocks(self, before, after):
        """An oracle of its own: for each field the codes that are told there."""
        found = own_data.blocking(before, after, set())
        worse = set(contact_data.gaps(after)) - set(contact_data.gaps(before)) - {"email_bounced", "never_verified"}
        self.assertEqual(set(found.values()) <= worse, True)
        self.assertEqual(bool(found), bool(worse))

    @PINNED
    @given(CONTACTS, st.sets(st.sampled_from(NAMES)))
    def test_a_touched_field_must_be_right(self, contact, changed):
        found = own_data.blocking(contact, contact, changed)
        for code in contact_data.gaps(contact):
            fields = own_data.FIELDS.get(code, ())
            self.assertEqual(
                bool(set(fields) & changed),
                code in found.values() or bool(fields and fields[0] in found and set(fields) & changed),
            )

    @PINNED
    @given(st.text(max_size=40))
    def test_clean_lines(self, text):
        line = own_data.clean(text)
        self.assertEqual(line, own_data.clean(line))
        self.assertFalse(set(line) & set("\0\n\r\t\x1b"))
