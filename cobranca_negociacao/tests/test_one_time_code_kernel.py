import doctest
import hashlib
import hmac
from collections import Counter
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import one_time_code

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
CODES = st.integers(0, 999_999).map(lambda number: f"{number:06}")


@tagged("post_install", "-at_install")
class TestOneTimeCodeKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(one_time_code)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 8)

    def test_codes_are_spread(self):
        """Each first digit comes as often as the others, zeros in front included."""
        found = Counter(one_time_code.new_code()[0] for _time in range(4000))
        self.assertEqual(set(found), set("0123456789"))
        self.assertLess(max(found.values()), 2 * min(found.values()))

    def test_code_with_zeros(self):
        with patch.object(one_time_code.secrets, "randbelow", lambda most: 7):
            self.assertEqual(one_time_code.new_code(), "000007")

    @PINNED
    @given(CODES, st.sampled_from(["", " ", "-", ".", "\u00a0"]))
    def test_typed_in_groups(self, code, between):
        self.assertEqual(one_time_code.read(f" {code[:3]}{between}{code[3:]}\n"), code)

    @PINNED
    @given(st.text(max_size=60))
    def test_whatever_is_typed(self, typed):
        found = one_time_code.read(typed)
        self.assertTrue(found == "" or (len(found) == 6 and found.isascii() and found.isdecimal()))

    @PINNED
    @given(CODES, CODES, st.text(max_size=20), st.text(max_size=20))
    def test_only_the_right_one_matches(self, code, other, salt, purpose):
        kept = one_time_code.digest(b"key", salt, purpose, code)
        by_hand = hmac.new(b"key", f"{salt}\0{purpose}\0{code}".encode(), hashlib.sha256).hexdigest()
        self.assertEqual(kept, by_hand)
        self.assertEqual(one_time_code.matches(kept, b"key", salt, purpose, other), code == other)
        self.assertFalse(one_time_code.matches(kept, b"another key", salt, purpose, code))

    def test_compared_in_constant_time(self):
        kept = one_time_code.digest(b"key", "salt", "paper", "123456")
        with patch.object(one_time_code.hmac, "compare_digest", return_value=False) as compare:
            self.assertFalse(one_time_code.matches(kept, b"key", "salt", "paper", "123456"))
        compare.assert_called_once()
