import io
import zipfile
from datetime import date
from unittest.mock import patch

import openpyxl

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers import agency_case, agency_files
from .agency_common import TODAY, AgencyCommon

HOME = "/en/my/distribuicoes"
TEAM = f"{HOME}/equipe"
STATEMENTS = f"{HOME}/prestacoes"


def book(sheet):
    """A workbook whose only sheet says what is given."""
    first = io.BytesIO()
    openpyxl.Workbook().save(first)
    content = io.BytesIO()
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, sheet if part.filename.endswith("sheet1.xml") else body)
    return content.getvalue()


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="%s"/>'
    b"<sheetData>%s</sheetData></worksheet>"
)


ENTITY_ROW = (("A", "id"), ("B", "tipo"))


@tagged("post_install", "-at_install")
class TestAgencyAttack(AgencyCommon):
    """What people of an agency, or their system, send in order to break something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.Event = cls.env["cobranca.agency.event"].with_user(cls.admin)
        cls.File = cls.env["cobranca.agency.file"].with_user(cls.admin)
        cls.People = cls.env["cobranca.agency.people"].with_user(cls.admin)
        cls.own = cls.agency.with_user(cls.admin).sudo()

    def take(self, **values):
        first = {"id": "A-1", "tipo": "contato", "distribuicao": self.placement.name, "canal": "ligacao"}
        answers = self.Event._take(self.agency, [{**first, "resultado": "informado", **values}], "api")
        self.env.flush_all()
        return answers[0]

    def test_a_column_with_a_letter_that_no_text_has(self):
        answer = self.take(**{"a\0b": 1})
        self.assertEqual(answer.state, "refused")
        self.assertNotIn("\0", answer.reason)

    def test_callback_told_by_a_system(self):
        """Contacts are limited: a callback that is over already would lift the limit."""
        answer = self.take(resultado="ligar_depois", retorno="2026-11-18T10:00")
        self.assertEqual(answer.state, "refused", answer)
        self.assertIn("in the past", answer.reason)

    def test_broken_workbooks(self):
        for name, content in self.workbooks().items():
            with self.subTest(name), self.assertRaises(UserError):
                self.File._import(self.own, "a.xlsx", content)

    def workbooks(self):
        good = book(SHEET % (b"A1:B2", b""))
        locked = bytearray(good)
        at = locked.find(b"PK\x01\x02")
        while at >= 0:
            locked[at + 8] |= 1
            at = locked.find(b"PK\x01\x02", at + 4)
        unknown = bytearray(good)
        at = unknown.find(b"PK\x01\x02")
        while at >= 0:
            unknown[at + 10] = 99
            at = unknown.find(b"PK\x01\x02", at + 4)
        torn = bytearray(book(SHEET % (b"A1:B2", b"<row/>" * 50)))
        start = torn.find(b"PK\x03\x04", torn.find(b"sheet1.xml") - 60)
        body = start + 30 + torn[start + 26] + torn[start + 28]
        torn[body : body + 12] = b"\xff" * 12
        cells = {
            "day": b'<row r="1"><c r="A1" t="d"><v>no day</v></c></row>',
            "shared": b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>',
            "style": b'<row r="1"><c r="A1" s="9999"><v>1</v></c></row>',
            "place": b'<row r="x"><c r="1A"><v>1</v></c></row>',
            "row": b'<row r="-5"><c r="A1"><v>1</v></c></row>',
            "number": b'<row r="1"><c r="A1" t="n"><v>1e999</v></c></row>',
            "bool": b'<row r="1"><c r="A1" t="b"><v>x</v></c></row>',
        }
        books = {name: book(SHEET % (b"A1:B2", cell)) for name, cell in cells.items()}
        return {**books, "locked": bytes(locked), "unknown": bytes(unknown), "torn": bytes(torn), "good": good}

    def test_a_small_workbook_with_a_huge_sheet(self):
        rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c>'
        rows += b'<c r="B1" t="inlineStr"><is><t>tipo</t></is></c></row>'
        rows += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        content = book(SHEET % (b"A1:XFD1048576", rows))
        # Who looks into each of its cells is busy for an hour.
        with self.assertRaises(UserError):
            self.File._import(self.own, "a.xlsx", content)

    def test_a_workbook_that_defines_its_own_words(self):
        """By entities a small file unpacks to gigabytes; no office program writes any."""
        cells = "".join(f'<c r="{at}1" t="inlineStr"><is><t>{word}</t></is></c>' for at, word in ENTITY_ROW)
        second = "".join(f'<c r="{at}2" t="inlineStr"><is><t>{word}</t></is></c>' for at, word in (("A", "&a;"),))
        rows = f'<row r="1">{cells}</row><row r="2">{second}</row>'.encode()
        whole = '<!DOCTYPE x [<!ENTITY a "A-1">]>' + (SHEET % (b"A1:B2", rows)).decode()
        for content in (whole.encode(), f'<?xml version="1.0" encoding="UTF-16"?>{whole}'.encode("utf-16")):
            with self.assertRaises(UserError):
                self.File._import(self.own, "a.xlsx", book(content))

    def test_names_are_no_advertising(self):
        for name in ("Win at www.evil.example", "Ana https://evil.example", "pay@evil.example now"):
            with self.assertRaisesRegex(UserError, "name of the person"):
                self.People._invite(self.own, name, "bia@example.org")
        for name in ("Ana D'Ávila", "João M. Sá-Nunes"):
            self.assertTrue(self.People._invite(self.own, name, f"{name[0]}@example.org"))

    def test_nobody_is_made_for_another_agency(self):
        """A company below the agency's company may be an agency of its own."""
        branch = self.make_agency("Branch")
        branch.partner_id.write({"parent_id": self.agency.partner_id.id, "email": "branch@example.org"})
        self.assertEqual(branch.partner_id.commercial_partner_id, branch.partner_id)
        user = self.People._invite(self.own, "Bia Aroeira", "branch@example.org")
        self.assertEqual(user.partner_id.commercial_partner_id, self.agency.partner_id)

    def test_merged_customers(self):
        double = self.make_customer("Padaria Lurim (double)", "390.533.447-05")
        theirs = self.place(lines=self.receivable(self.make_invoice(300.0, "2026-08-17", double)))
        self.env["base.partner.merge.automatic.wizard"]._merge((double + self.bakery).ids, self.bakery)
        self.env.invalidate_all()
        self.assertTrue(theirs.exists(), "placements stay in the register")
        self.assertEqual((theirs.state, theirs.partner_id), ("ended", self.bakery))
        self.assertEqual(self.placement.state, "active")
        holds = self.env["cobranca.hold"].search([("res_model", "=", "cobranca.placement"), ("res_id", "=", theirs.id)])
        self.assertEqual(set(holds.mapped("state")), {"ended"})

    def test_merged_agencies(self):
        pair = self.agency.partner_id + self.rival.partner_id
        with self.assertRaises(UserError):
            self.env["base.partner.merge.automatic.wizard"]._merge(pair.ids, self.agency.partner_id)

    def test_names_leave_by_pages_only(self):
        """What is read by the protocols of Odoo is neither counted nor written down: no name, no document."""
        [row] = self.env["cobranca.placement"].with_user(self.worker).search_read([])
        self.assertFalse(row.keys() & {"customer_name", "document"})


@tagged("post_install", "-at_install")
class TestAgencyAttackPages(AgencyCommon, HttpCase):
    """The same by addresses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.pay(cls, cls.lines[0], 1000.0, TODAY)
        found = cls.env["cobranca.agency.statement"]._prepare_month(cls.company, date(2026, 11, 30))
        cls.statement = found.filtered(lambda statement: statement.agency_id == cls.agency)
        cls.statement.with_user(cls.supervisor)._send()
        cls.env.flush_all()

    def post(self, path, files=None, **values):
        token = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(path, data={**token, **values}, files=files, allow_redirects=False)

    def test_addresses_that_are_tried_are_counted(self):
        """Whether an address has a login here is told by the answer: not to whoever tries thousands."""
        self.authenticate("celia", "celia")
        self.env["res.users"].browse(self.outsider.id).login = "rui@example.org"
        self.env.flush_all()
        for _number in range(20):
            self.assertIn("cannot be invited", self.post(TEAM, nome="Bia Aroeira", email="rui@example.org").text)
        self.assertIn("tomorrow", self.post(TEAM, nome="Bia Aroeira", email="rui@example.org").text)

    @mute_logger("odoo.http")
    def test_a_file_in_the_place_of_a_text(self):
        self.authenticate("celia", "celia")
        path = f"{STATEMENTS}/{self.statement.id}/contestar"
        answer = self.post(path, files={"motivo": ("a.txt", b"text")})
        self.assertLess(answer.status_code, 500)
        self.assertEqual(self.statement.state, "sent")

    def test_papers_of_a_statement_are_counted(self):
        self.authenticate("davi", "davi")
        path = f"{STATEMENTS}/{self.statement.id}/xlsx"
        answers = [self.url_open(path).status_code for _number in range(41)]
        self.assertEqual((answers[0], answers[-1]), (200, 429))

    def test_forms_and_uploads_are_counted(self):
        """Of what is written down in a register that nobody may empty, nobody writes as much as he likes."""
        self.authenticate("celia", "celia")
        values = {"canal": "call", "resultado": "no_answer"}
        with patch.object(agency_case, "FORMS_AN_HOUR", 2), patch.object(agency_files, "UPLOADS_AN_HOUR", 2):
            forms = [self.post(f"{HOME}/{self.placement.id}/contato", **values).status_code for _number in range(3)]
            upload = {"arquivo": ("a.csv", b"id;tipo\nA;x")}
            files = [self.post(f"{HOME}/arquivos/retornos", files=upload).status_code for _number in range(3)]
        self.assertEqual((forms, files), ([303, 303, 429], [303, 303, 429]))
        self.assertEqual(self.env["cobranca.interaction"].search_count([("placement_id", "=", self.placement.id)]), 2)
