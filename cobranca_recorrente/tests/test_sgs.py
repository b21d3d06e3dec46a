import json
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import sgs

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 15)
GOOD = [{"data": "01/01/2024", "valor": "0.42"}, {"data": "01/02/2024", "valor": "-0.83"}]


def parse(rows):
    return sgs.parse(json.dumps(rows).encode(), FIRST, LAST)


@tagged("post_install", "-at_install")
class TestSgs(BaseCase):
    def test_good_answer(self):
        expected = {date(2024, 1, 1): Decimal("0.42"), date(2024, 2, 1): Decimal("-0.83")}
        self.assertEqual(parse(GOOD), expected)

    def test_whole_numbers_and_six_decimals(self):
        rows = [{"data": "01/01/2024", "valor": "1"}, {"data": "01/02/2024", "valor": "0.123456"}]
        self.assertEqual(list(parse(rows).values()), [Decimal(1), Decimal("0.123456")])

    def test_bad_answers_are_refused_as_a_whole(self):
        for reason, content in (
            ("text", b""),
            ("page", b"<html><body>Servico indisponivel</body></html>"),
            ("text", b'[{"data": "01/01/2024", "valor": "0.42"}'),
            ("text", b"\xff\xfe\x00"),
            ("text", b"[" * 100_000),
            ("shape", b'{"erro": {"detail": "Value(s) not found"}}'),
            ("shape", b"null"),
            ("shape", b'["0.42"]'),
            ("shape", b'[{"data": "01/01/2024"}]'),
            ("shape", b'[{"data": "01/01/2024", "valor": 0.42}]'),
            ("shape", b'[{"data": "01/01/2024", "valor": null}]'),
            ("empty", b"[]"),
        ):
            with self.assertRaises(sgs.BadAnswer) as refused:
                sgs.parse(content, FIRST, LAST)
            self.assertEqual(refused.exception.reason, reason, content[:60])
            self.assertLessEqual(len(refused.exception.value), sgs.SHOWN_CHARACTERS)

    def test_bad_rows_are_named(self):
        for reason, day, text in (
            ("day", "2024-03-01", "0.1"),
            ("day", "15/03/2024", "0.1"),
            ("day", "01/13/2024", "0.1"),
            ("day", "1/3/2024", "0.1"),
            ("day", "٠١/٠٣/٢٠٢٤", "0.1"),
            ("month", "01/01/2025", "0.1"),
            ("month", "01/12/2023", "0.1"),
            ("repeated", "01/01/2024", "0.42"),
            ("number", "01/03/2024", "0,42"),
            ("number", "01/03/2024", ""),
            ("number", "01/03/2024", " 0.42"),
            ("number", "01/03/2024", "NaN"),
            ("number", "01/03/2024", "1e1"),
            ("number", "01/03/2024", "1.000.0"),
            ("number", "01/03/2024", "1234"),
            ("number", "01/03/2024", "0.1234567"),
            ("absurd", "01/03/2024", "42"),
            ("absurd", "01/03/2024", "-10.01"),
        ):
            with self.assertRaises(sgs.BadAnswer) as refused:
                parse([*GOOD, {"data": day, "valor": text}])
            self.assertEqual(refused.exception.reason, reason, (day, text))
            self.assertIn(text if reason in ("number", "absurd") else day, str(refused.exception))

    @PINNED
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["data", "valor", "x"]), inner),
            max_leaves=12,
        )
    )
    def test_any_json_is_parsed_or_refused(self, document):
        try:
            values = parse(document)
        except sgs.BadAnswer:
            return
        self.assertTrue(all(FIRST <= month <= LAST and month.day == 1 for month in values))

    @PINNED
    @given(st.binary(max_size=200))
    def test_any_bytes_are_refused(self, content):
        with self.assertRaises(sgs.BadAnswer):
            sgs.parse(content, FIRST, LAST)
