import doctest
import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import words
from odoo.addons.cobranca_negociacao.tools.words import amount_in_words

PINNED = settings(max_examples=400, derandomize=True, deadline=None)
UNITS = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
).split()
TENS = dict(
    zip("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split(), range(20, 100, 10), strict=True)
)
HUNDREDS = dict(
    zip(
        "cem cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos".split(),
        [100, 100, 200, 300, 400, 500, 600, 700, 800, 900],
        strict=True,
    )
)
SCALES = {"mil": 10**3, "milhão": 10**6, "milhões": 10**6, "bilhão": 10**9, "bilhões": 10**9}
VALUES = {**{word: number for number, word in enumerate(UNITS)}, **TENS, **HUNDREDS, "catorze": 14}


def read(text):
    """The amount that words say, read word by word."""
    cents = 0
    if found := re.search(r"(?:^| e )([^,]*?) centavos?$", text):
        # The last group of words that are below one hundred belongs to the cents.
        head, tail = text[: found.start()], found.group(1)
        if " rea" in tail:
            head, tail = re.fullmatch(r"(.*(?:real|reais)) e (.*)", text.rsplit(" ", 1)[0]).groups()
        cents, text = number_of(tail), head
    text = re.sub(r"( de)? (real|reais)$", "", text)
    return Decimal(number_of(text) * 100 + cents) / 100


def number_of(text):
    total = group = 0
    for word in text.replace(",", "").replace(" e ", " ").split():
        if word in SCALES:
            total += (group or 1) * SCALES[word]
            group = 0
        else:
            group += VALUES[word]
    return total + group


@tagged("post_install", "-at_install")
class TestWordsKernel(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(words)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 2)

    def test_words(self):
        for amount, expected in [
            ("0", "zero reais"),
            ("0.01", "um centavo"),
            ("0.50", "cinquenta centavos"),
            ("1", "um real"),
            ("1.01", "um real e um centavo"),
            ("2.02", "dois reais e dois centavos"),
            ("21", "vinte e um reais"),
            ("100", "cem reais"),
            ("101", "cento e um reais"),
            ("1000", "mil reais"),
            ("1001", "mil e um reais"),
            ("1100", "mil e cem reais"),
            ("1101", "mil, cento e um reais"),
            ("1234.56", "mil, duzentos e trinta e quatro reais e cinquenta e seis centavos"),
            ("21000", "vinte e um mil reais"),
            ("100200", "cem mil e duzentos reais"),
            ("1000000", "um milhão de reais"),
            ("1000000.50", "um milhão de reais e cinquenta centavos"),
            ("1000001", "um milhão e um reais"),
            ("1001001", "um milhão, mil e um reais"),
            ("1200000", "um milhão e duzentos mil reais"),
            ("1500000000", "um bilhão e quinhentos milhões de reais"),
            ("2000000", "dois milhões de reais"),
            ("2000000000", "dois bilhões de reais"),
            (
                "1234560.80",
                "um milhão, duzentos e trinta e quatro mil, quinhentos e sessenta reais e oitenta centavos",
            ),
        ]:
            with self.subTest(amount):
                self.assertEqual(amount_in_words(Decimal(amount)), expected)

    @PINNED
    @given(st.integers(0, 10**14 - 1) | st.integers(0, 10**9) | st.integers(0, 10**6).map(lambda number: number * 100))
    def test_words_say_the_amount(self, number):
        amount = Decimal(number) / 100
        self.assertEqual(read(amount_in_words(amount)), amount)

    def test_refusals(self):
        for amount in ("-1", "NaN", "Infinity", "1.001", "1e13"):
            with self.subTest(amount), self.assertRaises(ValueError):
                amount_in_words(Decimal(amount))
