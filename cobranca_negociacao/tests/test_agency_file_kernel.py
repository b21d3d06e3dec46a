import csv
import doctest
import io
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.cobranca_negociacao.tools import agency_call, agency_event, agency_file

PINNED = settings(max_examples=300, derandomize=True, deadline=None)
# Letters that spreadsheets look at, among any others.
TEXTS = st.text(
    st.one_of(st.sampled_from("=+-@'\t\n\r ;,\"|＝＠\u200b"), st.characters(exclude_categories=("Cs",))), max_size=30
)
CONTACT = {"id": "A-1", "tipo": "contato", "distribuicao": "D/1", "canal": "ligacao", "resultado": "informado"}


@tagged("post_install", "-at_install")
class TestAgencyFileKernel(BaseCase):
    def test_doctests(self):
        for kernel in (agency_call, agency_event, agency_file):
            result = doctest.testmod(kernel, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
            self.assertTrue(result.attempted)
            self.assertEqual(result.failed, 0)

    @PINNED
    @given(TEXTS)
    def test_no_cell_is_a_formula(self, text):
        shown = agency_file.cell("text", text)
        visible = shown.strip("\t\n\r \u200b")
        self.assertNotIn(visible[:1], set("=+-@＝＠") if visible else ())
        self.assertEqual(agency_file.unsafe(shown), text)

    @PINNED
    @given(st.lists(TEXTS, min_size=1, max_size=5))
    def test_what_goes_out_comes_back(self, notes):
        notes = [note.replace("\0", "") for note in notes]
        rows = [[f"A-{at}", "contato", agency_file.safe(note)] for at, note in enumerate(notes)]
        content = agency_file.write(["id", "tipo", "observacao"], rows).decode("utf-8-sig")
        self.assertEqual(
            next(csv.reader(io.StringIO(content, newline=""), delimiter=";")), ["id", "tipo", "observacao"]
        )
        for row, note in zip(agency_file.parse(content), notes, strict=True):
            # Line ends inside a cell are one of three, and mean the same.
            self.assertEqual(row["observacao"].split(), note.split())

    @PINNED
    @given(
        st.dictionaries(st.sampled_from(agency_file.RETURNS), st.one_of(TEXTS, st.integers(), st.floats(), st.none()))
    )
    def test_any_row_is_read_or_refused(self, values):
        try:
            told = agency_event.read(agency_event.texts({**CONTACT, **values}, True))
        except agency_event.Unclear as unclear:
            self.assertIn(unclear.problem, ("missing", "unknown", "unused"))
        else:
            self.assertTrue(told.identity and told.kind and told.placement)

    def test_what_is_unclear(self):
        promise = {**CONTACT, "tipo": "promessa", "resultado": "", "promessa_dia": "2026-11-24", "promessa_valor": "10"}
        for change, found in (
            ({"tipo": ""}, ("tipo", "missing")),
            ({"tipo": "acordo"}, ("tipo", "unknown")),
            ({"canal": ""}, ("canal", "missing")),
            ({"resultado": "promised"}, ("resultado", "unknown")),
            ({"promessa_valor": "10"}, ("promessa_valor", "unused")),
            ({"quando": "2026-11-19"}, ("quando", "unknown")),
            ({"quando": "31/02/2026 10:00"}, ("quando", "unknown")),
            ({"quando": "2026-11-19 25:00"}, ("quando", "unknown")),
            ({"observacao": "x" * 1001}, ("observacao", "unknown")),
            ({"observacao": "\ud800"}, ("observacao", "unknown")),
            ({"observacao": {"a": 1}}, ("observacao", "unknown")),
            ({"extra": "x"}, ("extra", "unknown")),
            ({"id": "=1"}, ("id", "unknown")),
            ({**promise, "promessa_valor": "NaN"}, ("promessa_valor", "unknown")),
            ({**promise, "promessa_valor": float("inf")}, ("promessa_valor", "unknown")),
            ({**promise, "promessa_valor": 1.195}, ("promessa_valor", "unknown")),
            ({**promise, "promessa_valor": True}, ("promessa_valor", "unknown")),
            ({**promise, "promessa_dia": ""}, ("promessa_dia", "missing")),
        ):
            with self.subTest(change=change), self.assertRaises(agency_event.Unclear) as caught:
                agency_event.read(agency_event.texts({**CONTACT, **change}, True))
            self.assertEqual((caught.exception.field, caught.exception.problem), found)

    def test_tables_that_are_none(self):
        for text, reason in (
            ("", "empty"),
            ("id;tipo", "empty"),
            ("nome;valor\nx;1", "headings"),
            ("id;tipo;id\n1;contato;2", "headings"),
            ("id;tipo\n" + "1;x\n" * 1001, "too_long"),
        ):
            with self.subTest(reason=reason), self.assertRaises(ValueError) as caught:
                agency_file.parse(text)
            self.assertEqual(str(caught.exception), reason)

    def test_the_same_content_in_whatever_form(self):
        promise = {
            **CONTACT,
            "tipo": "promessa",
            "resultado": None,
            "promessa_dia": "24/11/2026",
            "promessa_valor": "1.195,60",
        }
        other = {**promise, "promessa_dia": datetime(2026, 11, 24), "promessa_valor": 1195.6, "canal": "LIGACAO"}
        keys = [agency_event.key_of(agency_event.read(agency_event.texts(each, True))) for each in (promise, other)]
        self.assertEqual(*keys)
        other["promessa_valor"] = 1195.61
        self.assertNotEqual(keys[0], agency_event.key_of(agency_event.read(agency_event.texts(other, True))))

    def test_a_signature_is_of_all_that_is_sent(self):
        key, call = "s" * 43, (1000, "POST", "/a?b=1", b"{}")
        header = agency_call.sign(key, *call)
        agency_call.check(key, header, *call)
        for at, changed in enumerate((1001, "GET", "/a?b=2", b"{} ")):
            other = [*call[:at], changed, *call[at + 1 :]]
            forged = header.replace("t=1000", f"t={other[0]}")
            with self.subTest(changed=changed), self.assertRaises(agency_call.RefusedCall):
                agency_call.check(key, forged, *other)
        for weak in ("", "s" * 31, False, None):
            with self.subTest(weak=weak), self.assertRaises(agency_call.RefusedCall):
                agency_call.check(weak, agency_call.sign(weak or "", *call), *call)
        for bad in ("", header[:-1], header.upper(), f"{header},v1=0", "t=1000,v1=", f" {header}"):
            with self.subTest(bad=bad), self.assertRaises(agency_call.RefusedCall):
                agency_call.check(key, bad, *call)
