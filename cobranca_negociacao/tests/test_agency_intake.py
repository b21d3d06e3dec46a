import base64
import csv
import io
import zipfile
from datetime import date, datetime
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from .agency_common import AgencyCommon

TABLES = ("cobranca_interaction", "cobranca_promise", "cobranca_dispute")


@tagged("post_install", "-at_install")
class TestAgencyIntake(AgencyCommon):
    """What an agency's own system fetches and tells: once, row by row, of its own customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement = cls.place()
        cls.Event = cls.env["cobranca.agency.event"].with_user(cls.admin)
        cls.File = cls.env["cobranca.agency.file"].with_user(cls.admin)

    def row(self, identity, kind="contato", **values):
        first = {"id": identity, "tipo": kind, "distribuicao": self.placement.name}
        if kind in ("contato", "promessa"):
            first["canal"] = "ligacao"
        if kind == "contato":
            first["resultado"] = "informado"
        return {**first, **values}

    def take(self, *rows, source="api"):
        return self.Event._take(self.agency, list(rows), source)

    def count(self, model, **domain):
        return self.env[model].search_count([(name, "=", value) for name, value in domain.items()])

    # --- events ---

    def test_each_kind_does_its_work(self):
        debt = self.placement.line_ids[0]
        answers = self.take(
            self.row("C", quando="2026-11-19T11:00:00-03:00", retorno="20/11/2026 15:30", observacao="Depois das 15h"),
            self.row("P", "promessa", promessa_dia="24/11/2026", promessa_valor="500,00"),
            self.row("D", "contestacao", divida=str(debt.id), alegacao="servico", observacao="Não veio"),
            self.row("R", "devolucao", observacao="Mudou-se"),
        )
        self.assertEqual([(answer.state, answer.reason) for answer in answers], [("done", "")] * 4)
        talk, promise, dispute, returned = self.env["cobranca.agency.event"].search([], order="id")
        contact = self.env["cobranca.interaction"].browse(talk.res_id)
        self.assertEqual((contact.user_id, contact.placement_id), (self.admin, self.placement))
        self.assertEqual(contact.date, datetime(2026, 11, 19, 14))
        self.assertEqual(contact.next_date, datetime(2026, 11, 20, 18, 30))
        given = self.env["cobranca.interaction"].browse(promise.res_id).promise_id
        self.assertEqual((given.amount, given.date), (500.0, date(2026, 11, 24)))
        self.assertEqual(self.env["cobranca.dispute"].browse(dispute.res_id).line_id, debt.line_id)
        self.assertEqual(returned.placement_id, self.placement)
        self.assertEqual((self.placement.state, self.placement.end_reason), ("ended", "returned"))

    def test_the_same_event_counts_once(self):
        row = self.row("A-1")
        [first] = self.take(row)
        [again] = self.take({**row, "canal": "LIGACAO"}, source="file")
        self.assertEqual(
            (first.state, first.is_repeated, again.state, again.is_repeated), ("done", False, "done", True)
        )
        [other] = self.take({**row, "observacao": "something else"})
        self.assertEqual(other.state, "refused")
        self.assertIn("used for other content", other.reason)
        self.assertEqual(self.count("cobranca.interaction", placement_id=self.placement.id), 1)
        [bad] = self.take(self.row("A-2", canal="fax"))
        self.assertEqual(self.take(self.row("A-2", canal="fax"))[0], bad._replace(is_repeated=True))
        self.assertIn("canal: “fax”", bad.reason)

    def test_a_bad_row_leaves_the_others_alone(self):
        before = {table: self.count(table.replace("_", ".")) for table in TABLES}
        answers = self.take(
            self.row("1"),
            self.row("2", "promessa", promessa_dia="2026-11-24", promessa_valor="999999"),
            self.row("3", "promessa", promessa_dia="2026-11-24", promessa_valor="9", retorno="2026-11-01 10:00"),
            self.row("4", distribuicao="D/2026/999999"),
            self.row("5", "contestacao", divida="999999999", alegacao="pago"),
            self.row("6", quando="2026-11-18 23:59"),
            self.row("7", quando="2026-11-19 23:59"),
            self.row("=8"),
            {"tipo": "contato"},
            self.row("9", canal="sms"),
            self.row("10"),
        )
        self.assertEqual([answer.state == "done" for answer in answers], [True, *[False] * 9, True])
        for answer, words in zip(
            answers[1:-1],
            (
                "more than what is owed",
                "in the past",
                "not with you",
                "this debt is not with you",
                "cannot have been before",
            )
            + ("after it happened", "id of your own", "id of your own", "how you contacted"),
            strict=True,
        ):
            self.assertIn(words, answer.reason)
        after = {table: self.count(table.replace("_", ".")) for table in TABLES}
        self.assertEqual(
            {name: after[name] - before[name] for name in TABLES}, dict(zip(TABLES, (2, 0, 0), strict=True))
        )

    def test_nothing_of_another_agency(self):
        foreign = self.place(self.rival, self.foreign)
        debt = foreign.line_ids.id
        for row in (
            self.row("1", distribuicao=foreign.name),
            self.row("2", "contestacao", divida=str(debt), alegacao="pago"),
            self.row("3", "devolucao", distribuicao=foreign.name, observacao="Not mine"),
        ):
            [answer] = self.take(row)
            self.assertEqual(answer.state, "refused")
            self.assertIn("not with you", answer.reason)
        self.assertEqual(foreign.state, "active")
        outsider = self.env["cobranca.agency.event"].with_user(self.outsider)
        self.assertEqual(outsider._take(self.rival, [self.row("4")], "api")[0].state, "refused")

    def test_what_is_locked_may_be_sent_again(self):
        with patch.object(type(self.placement), "_claim", side_effect=LockError("busy")):
            [answer] = self.take(self.row("1"))
        self.assertEqual(answer.state, "again")
        self.assertFalse(self.count("cobranca.agency.event"))
        self.assertEqual(self.take(self.row("1"))[0].state, "done")

    def test_a_contact_told_late_changes_no_later_one(self):
        own = self.placement.with_user(self.worker)
        late = {"channel": "call", "outcome": "no_answer", "date": datetime(2026, 11, 19, 13)}
        own._register_contact({"channel": "call", "outcome": "call_later", "next_date": datetime(2026, 11, 20, 18)})
        own._register_contact(late)
        self.assertEqual(self.placement.last_outcome, "call_later")
        self.assertEqual(self.placement.callback_at, datetime(2026, 11, 20, 18))
        self.assertEqual(self.placement.first_contact_at, late["date"])
        self.assertEqual(self.placement.contacted_at, datetime(2026, 11, 19, 15))

    def test_nobody_writes_what_was_told(self):
        self.take(self.row("1"))
        event = self.env["cobranca.agency.event"].search([])
        for user in (self.admin, self.manager):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"state": "refused"})
        with self.assertRaises(AccessError):
            event.with_user(self.admin).read(["reason"])
        with self.assertRaises(UserError):
            event.unlink()

    # --- files ---

    def brought(self, record):
        return base64.b64decode(record.content)

    def test_file_comes_back_with_reasons(self):
        text = (
            "Id;Tipo;Distribuição;Canal;Resultado;Observação;nosso campo\n"
            f"=1;contato;{self.placement.name};ligacao;informado;x;y\n"
            f"A;contato;{self.placement.name};ligacao;informado;'=HYPERLINK(1);y\n"
            f"B;contato;{self.placement.name};ligacao;informado;a;b;c\n"
        )
        record = self.File._import(self.agency, "../../etc/meus <retornos>.csv", text.encode("cp1252"))
        self.assertEqual((record.name, record.row_count, record.done_count), ("etcmeus retornos.csv", 3, 1))
        rows = list(csv.DictReader(io.StringIO(self.brought(record).decode("utf-8-sig")), delimiter=";"))
        self.assertEqual([row["situacao"] for row in rows], ["recusado", "aceito", "recusado"])
        self.assertEqual((rows[0]["id"], rows[1]["observacao"]), ("'=1", "'=HYPERLINK(1)"))
        self.assertIn("more cells", rows[2]["motivo"])
        self.assertEqual(self.env["cobranca.interaction"].search([], limit=1).note, "=HYPERLINK(1)")
        again = self.File._import(self.agency, "x.csv", self.brought(record))
        self.assertEqual(again.done_count, 1, "what came back may be brought again")
        self.assertEqual(self.count("cobranca.interaction", placement_id=self.placement.id), 1)
        with self.assertRaises(AccessError):
            record.with_user(self.manager).read(["content"])
        self.env.cr.execute("UPDATE cobranca_agency_file SET create_date = '2026-08-01' WHERE id = %s", [record.id])
        self.env["cobranca.agency.file"]._gc_contents()
        self.assertEqual([bool(record.content), bool(again.content)], [False, True], "after 90 days only that it came")

    def test_workbook_comes_back_as_one(self):
        book = openpyxl.Workbook()
        book.active.append(["id", "tipo", "distribuicao", "canal", "promessa_dia", "promessa_valor", "observacao"])
        book.active.append([7, "promessa", self.placement.name, "email", datetime(2026, 11, 24), 500.5, "+x"])
        book.active.append([8, "promessa", self.placement.name, "email", datetime(2026, 11, 24), 0, None])
        content = io.BytesIO()
        book.save(content)
        record = self.File._import(self.agency, "p.xlsx", content.getvalue())
        sheet = openpyxl.load_workbook(io.BytesIO(self.brought(record))).active
        rows = list(sheet.values)
        self.assertEqual(rows[0][-2:], ("situacao", "motivo"))
        self.assertEqual([row[-2] for row in rows[1:]], ["aceito", "recusado"])
        self.assertEqual(self.env["cobranca.promise"].search([], limit=1).amount, 500.5)
        self.assertEqual({cell.data_type for row in sheet.iter_rows() for cell in row} - {"n"}, {"s"})

    def test_files_of_which_nothing_can_be_taken(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"0" * (61 * 1024 * 1024))
        plain = io.BytesIO()
        with zipfile.ZipFile(plain, "w") as packed:
            packed.writestr("a.txt", b"x")
        for content, words in (
            (b"", "no row"),
            (b"\x00\x01\x02" * 50, "names of the columns"),
            (b"nome;valor\nAna;1", "names of the columns"),
            (b"x" * (5 * 1024 * 1024 + 1), "too big"),
            (bomb.getvalue(), "too big"),
            (plain.getvalue(), "no CSV"),
            (b"PK\x03\x04broken", "no CSV"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.File._import(self.agency, "a.csv", content)
