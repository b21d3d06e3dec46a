"""Pix keys and codes, against published ones and a check sum of another make."""

import json
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_recorrente.tools import pix

VECTORS = json.loads((Path(__file__).parent / "pix_vectors.json").read_text())
PINNED = settings(max_examples=300, derandomize=True, deadline=None)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TXIDS = st.text(LETTERS, min_size=1, max_size=25)
AMOUNTS = st.none() | st.integers(1, 10**12 - 1).map(lambda cents: Decimal(cents) / 100)
NAMES = st.text(max_size=60)
CITIES = st.text(max_size=30).map(lambda text: f"Z{text}")
KEYS = st.sampled_from(
    [
        (pix.EMAIL, "caixa@escola.example"),
        (pix.PHONE, "+5511987654321"),
        (pix.DOCUMENT, "52998224725"),
        (pix.DOCUMENT, "11222333000181"),
        (pix.DOCUMENT, "12ABC34501DE35"),
        (pix.RANDOM, "71d6c6e1-64ea-4a11-9560-a10870c40ca2"),
    ]
)


def crc_by_hand(text):
    """CRC-16/CCITT-FALSE as the division of polynomials that it is: bits, no table and no library."""
    bits = [int(bit) for byte in text.encode() for bit in f"{byte:08b}"] + [0] * 16
    for place in range(16):  # the initial value FFFF
        bits[place] ^= 1
    for place in range(len(bits) - 16):
        if bits[place]:
            for offset in (0, 4, 11, 16):  # x^16 + x^12 + x^5 + 1
                bits[place + offset] ^= 1
    return f"{int(''.join(map(str, bits[-16:])), 2):04X}"


@tagged("post_install", "-at_install")
class TestPixKernel(BaseCase):
    def test_published_check_sums(self):
        for vector in VECTORS["crc16"]:
            self.assertEqual(pix.crc16(vector["input"]), vector["expected"])
            self.assertEqual(crc_by_hand(vector["input"]), vector["expected"])

    def test_published_codes(self):
        for vector in VECTORS["pix"]:
            with self.subTest(vector["id"]):
                self.assertEqual(crc_by_hand(vector["brcode"][:-4]), vector["crc16"])
                self.assertEqual(pix.crc16(vector["brcode"][:-4]), vector["crc16"])
                found = pix.parse(vector["brcode"])
                given = vector["input"]
                if "amount" in given:
                    amount = given["amount"]
                    self.assertEqual(found.amount, amount and Decimal(amount))

    def test_code_of_the_manual_is_built(self):
        [vector] = [vector for vector in VECTORS["pix"] if vector["id"] == "PX01"]
        code = pix.BrCode(vector["input"]["key"], vector["input"]["name"], vector["input"]["city"])
        self.assertEqual(pix.build(code), vector["brcode"])

    @PINNED
    @given(st.text(max_size=120))
    def test_check_sum_is_that_of_another_make(self, text):
        self.assertEqual(pix.crc16(text), crc_by_hand(text))

    @PINNED
    @given(KEYS, NAMES, CITIES, AMOUNTS, TXIDS, st.booleans())
    @example((pix.EMAIL, "caixa@escola.example"), "", "Z", None, "***", False)
    def test_what_is_built_is_read(self, key, name, city, amount, txid, is_single_use):
        text = pix.build(pix.BrCode(key[1], name, city, amount, txid, is_single_use=is_single_use))
        found = pix.parse(text)
        self.assertTrue(text.isascii() and text.isprintable())
        self.assertEqual((found.key, found.amount, found.is_single_use), (key[1], amount, is_single_use))
        self.assertEqual((found.txid, found.url), (pix.txid(txid), ""))
        self.assertEqual(found.name, pix.cleaned(name, 25) or "NA")
        self.assertEqual(found.city, pix.cleaned(city, 15))
        self.assertEqual(crc_by_hand(text[:-4]), text[-4:])

    @PINNED
    @given(st.integers(0, 400), st.sampled_from(LETTERS + " .-*"))
    def test_a_code_with_another_sign_is_refused(self, place, sign):
        code = pix.build(pix.BrCode("caixa@escola.example", "Escola", "Recife", Decimal("107.90"), "ABC1"))
        place %= len(code)
        broken = code[:place] + sign + code[place + 1 :]
        if broken.upper() != code.upper():
            with self.assertRaises(ValueError):
                pix.parse(broken)

    @PINNED
    @given(st.text(max_size=80))
    def test_any_text_is_read_or_refused(self, text):
        for written in (text, f"{text}6304", f"{text}6304{pix.crc16(text + '6304')}"):
            try:
                found = pix.parse(written)
            except ValueError as refused:
                self.assertTrue(str(refused))
                continue
            self.assertEqual(written[-4:].upper(), crc_by_hand(written[:-4]))
            self.assertLessEqual(len(found.name), 25)

    def test_fields_that_do_not_fit_are_refused(self):
        good = pix.BrCode("caixa@escola.example", "Escola", "Recife")
        for code in (
            good._replace(key=""),
            good._replace(city="–"[:0]),
            good._replace(amount=Decimal("0.001")),
            good._replace(amount=Decimal("-1")),
            good._replace(amount=Decimal(0)),
            good._replace(amount=Decimal(10**11)),
            good._replace(key="x" * 99),
        ):
            with self.subTest(code), self.assertRaises(ValueError):
                pix.build(code)

    def test_wrong_contents_are_refused(self):
        def coded(*fields):
            text = "".join(f"{tag}{len(value):02}{value}" for tag, value in fields) + "6304"
            return text + crc_by_hand(text)

        right = {
            "00": "01",
            "26": "0014br.gov.bcb.pix0103abc",
            "53": "986",
            "54": "1.00",
            "58": "BR",
            "59": "N",
            "60": "C",
            "62": "0503***",
        }
        self.assertEqual(pix.parse(coded(*right.items())).amount, Decimal("1.00"))
        for change in (
            {"53": "840"},
            {"58": "AR"},
            {"26": "0014br.gov.bcb.xxx0103abc"},
            {"54": "1,00"},
            {"54": "1"},
            {"54": "12345678901.00"},
            {"59": "N" * 26},
            {"60": "C" * 16},
            {"62": "0526" + "A" * 26},
            {"62": "0503A-1"},
        ):
            with self.subTest(change), self.assertRaises(ValueError):
                pix.parse(coded(*{**right, **change}.items()))

    @PINNED
    @given(st.sampled_from(pix.KINDS), st.text(max_size=80))
    def test_a_normal_key_stays_as_it_is(self, kind, text):
        key = pix.normalized_key(kind, text)
        self.assertEqual(pix.normalized_key(kind, key), key)
        self.assertLessEqual(len(key), 77)

    def test_keys(self):
        email, phone, document, random = pix.KINDS
        for kind, text, expected in (
            (email, "Fulano_Da.Silva@Exemplo.com.br", "fulano_da.silva@exemplo.com.br"),
            (email, "sem-arroba.example", ""),
            (email, "a@b", ""),
            (email, "a b@c.example", ""),
            (email, "ação@exemplo.com.br", ""),
            (email, f"{'x' * 70}@exemplo.com.br", ""),
            (phone, "+55 (11) 98765-4321", "+5511987654321"),
            (phone, "5511987654321", "+5511987654321"),
            (phone, "11987654321", "+5511987654321"),
            (phone, "55987654321", "+5555987654321"),
            (phone, "(11) 3333-4444", ""),
            (phone, "+1 212 555 0123", ""),
            (phone, "061912345678", ""),
            (phone, "52798224725", ""),
            (document, "529.982.247-25", "52998224725"),
            (document, "529.982.247-24", ""),
            (document, "111.111.111-11", ""),
            (document, "11.222.333/0001-81", "11222333000181"),
            (document, "12.abc.345/01de-35", "12ABC34501DE35"),
            (document, "12.abc.345/01de-36", ""),
            (random, "71D6C6E1-64EA-4A11-9560-A10870C40CA2", "71d6c6e1-64ea-4a11-9560-a10870c40ca2"),
            (random, "71d6c6e164ea4a119560a10870c40ca2", ""),
            ("none", "caixa@escola.example", ""),
            (False, False, ""),
        ):
            with self.subTest(text):
                self.assertEqual(pix.normalized_key(kind, text), expected)

    @PINNED
    @given(st.text(max_size=80), st.integers(1, 40))
    def test_names_are_short_and_plain(self, text, length):
        found = pix.cleaned(text, length)
        self.assertTrue(len(found) <= length and found == found.strip() and (not found or found.isprintable()))
        self.assertTrue(found.isascii())
        self.assertEqual(pix.cleaned(found, length), found)

    @PINNED
    @given(st.lists(st.lists(st.booleans(), min_size=1, max_size=12), min_size=1, max_size=12))
    def test_a_path_paints_the_dark_squares_and_no_others(self, rows):
        painted = set()
        for part in pix.svg_path(rows).split("M")[1:]:
            start, width = part.split("h")[:2]
            column, line = map(int, start.split())
            painted |= {(line, place) for place in range(column, column + int(width.split("v")[0]))}
        dark = {(line, column) for line, row in enumerate(rows) for column, is_dark in enumerate(row) if is_dark}
        self.assertEqual(painted, dark)
