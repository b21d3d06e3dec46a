import hashlib
import io
import zipfile
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.cobranca_recorrente.models.ir_actions_report import ON, PRINTING

from .agreement_common import HALF, SECOND_DUE, SIGNED, TODAY, AgreementCommon
from .paper_common import make_pdf

TERM = make_pdf("term of the agreement")
REPORT = "cobranca_negociacao.action_report_debt_dossier"
# Of another customer, of another company, or for staff only.
HIDDEN = ("Bruno", "111.444.777", "OTHER-COMPANY-NOTE", "FOREIGN-NOTE", "SUPERVISOR-NOTE")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDebtDossier(AgreementCommon, HttpCase):
    """All that proves a debt in one ZIP, of one customer and company, for supervisors; who made it is written down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"vat": "11.222.333/0001-81", "street": "Rua A, 1", "city": "Recife", "phone": "81 3333-4444"}
        )
        cls.company.email = "cobranca@example.com"
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.customer.email = "ana@example.com"
        cls.stranger = new_test_user(cls.env, "stranger", "base.group_user", lang="en_US")
        case, Interaction = cls("setUp"), cls.env["cobranca.interaction"]
        with freeze_time("2026-01-05 15:00:00"):
            cls.contract = cls.make_contract()
            cls.billed = cls.env["cobranca.contract.billing"]._bill(cls.contract)
        cls.env["ir.attachment"].create(
            {"name": "Contrato assinado.pdf", "raw": b"%PDF-contract", "res_model": "cobranca.contract"}
        ).res_id = cls.contract.id
        with freeze_time(TODAY):
            cls.plain = case.invoice(585.0, SECOND_DUE)
            cls.lines = cls.billed._cobranca_get_debt_lines() | cls.plain
            cls.message = cls.send(cls.plain)
            cls.agreement = case.sign(cls.lines, percents=HALF, down=None, count=3, first=date(2026, 5, 4))
            cls.env["cobranca.acceptance"].with_user(cls.collector)._record_upload(
                cls.company, cls.customer, cls.agreement, TERM, "Ana Lindoso", cls.customer.vat, SIGNED
            )
            cls.foreign_line = case.invoice(444.0, partner=cls.other)
            cls.foreign = case.sign(cls.foreign_line, down=None, count=2, first=date(2026, 5, 4))
            Interaction._record(cls.company, cls.customer, "call", "refused", note="He says no", private_note=HIDDEN[4])
            Interaction._record(cls.company, cls.other, "call", "refused", note="FOREIGN-NOTE")
            apart = cls.env["res.company"].create({"name": "Apart", "cobranca_tz": "America/Sao_Paulo"})
            Interaction._record(apart, cls.customer, "call", "refused", note="OTHER-COMPANY-NOTE")
        cls.env.flush_all()

    @classmethod
    def send(cls, lines):
        """A message that reached the customer."""
        message = cls.env["cobranca.message"]._make_chosen(cls.company, SIGNED, cls.customer, cls.customer, lines)
        message._prepare_delivery()
        message._note_sent()
        return message

    def setUp(self):
        super().setUp()
        self.papers = papers = []

        def render(model, report, values, label):
            papers.append((report, values))
            return make_pdf(f"paper {len(papers)}")

        def invoice(move, filetype, allow_fallback=False):
            return {"filename": "x.pdf", "filetype": "application/pdf", "content": f"invoice {move.name}".encode()}

        self.patch(type(self.env["cobranca.paper"]), "_render_paper", render)
        self.patch(type(self.env["account.move"]), "_get_invoice_legal_documents", invoice)

    def make(self, record, user=None):
        """{path: bytes} of a dossier, each file checked by the list of sums."""
        name, content = (
            self.env["cobranca.debt.dossier"]
            .with_user(user or self.supervisor)
            ._make_of(record.with_user(user or self.supervisor))
        )
        self.assertRegex(name, r"^dossie-[a-z0-9-]+-\d{4}-\d\d-\d\d\.zip$")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {path: archive.read(path) for path in archive.namelist()}
        sums = dict(reversed(row.split("  ")) for row in files["SHA256SUMS.txt"].decode().splitlines())
        found = {path: hashlib.sha256(data).hexdigest() for path, data in files.items() if path != "SHA256SUMS.txt"}
        self.assertEqual(sums, found)
        return files

    def index(self):
        """What the index says, as its printer gets it."""
        values = next(values for report, values in self.papers if report == REPORT)
        Report = self.env["ir.actions.report"].with_context(**{PRINTING: ON})
        content, _kind = Report._render_qweb_html(REPORT, self.company.ids, data={"paper": values})
        return values, content.decode()

    def assert_only_own(self, *texts):
        for text in texts:
            for hidden in (*HIDDEN, self.foreign.name, self.foreign_line.move_id.name):
                self.assertNotIn(hidden, text)

    # === WHAT IS IN IT === #

    def test_of_a_customer(self):
        """Contract, invoices, messages, acceptances, agreement, history, entries; nothing of anybody else."""
        with freeze_time("2026-06-02 15:00:00"):
            (self.agreement | self.foreign)._recognize(self.company, date(2026, 5, 31))
        files = self.make(self.customer)
        invoice = f"faturas/{self.plain.move_id.name.replace('/', '-')}.pdf"
        self.assertEqual(files[invoice], f"invoice {self.plain.move_id.name}".encode())
        self.assertEqual(files["contratos/Contrato-assinado.pdf"], b"%PDF-contract")
        self.assertEqual(len([path for path in files if path.startswith("faturas/")]), 2, "the agreement is no invoice")
        [accepted] = [data for path, data in files.items() if path.startswith("aceites/")]
        self.assertGreater(len(accepted), len(TERM), "with its sheet of evidence")
        self.assertTrue(accepted.startswith(b"%PDF-"))
        [sent] = [data.decode() for path, data in files.items() if path.startswith("mensagens/2026-04-06-1500-email")]
        self.assertIn("/my/pagamentos/…", sent)
        self.assertNotIn("/my/pagamentos/…", self.message.body)
        values, text = self.index()
        for part in (
            "DOSSIÊ DO DÉBITO",
            "Ana Lindoso",
            "CPF 529.982.247-25",
            self.contract.name,
            self.agreement.name,
            "He says no",
            "06/04/2026 15:00:00 UTC",
            "ana@example.com",
            hashlib.sha256(TERM).hexdigest(),
            hashlib.sha256(files[invoice]).hexdigest(),
            invoice,
            f"Está no acordo {self.agreement.name}",
        ):
            self.assertIn(part, text)
        table = files["lancamentos.csv"].decode("utf-8-sig")
        entries = {row["entry"] for row in values["entries"]}
        recognised = self.agreement._get_items().move_id & self.foreign._get_items().move_id
        self.assertTrue(recognised, "one entry with the interest of both customers")
        for move in self.billed | self.agreement.move_id | self.agreement.transfer_id | recognised:
            self.assertIn(move.name, entries)
            self.assertIn(move.name, table)
        self.assert_only_own(text, table, sent, f"{values}")
        log = self.env["cobranca.access.log"].search([("action", "=", "dossier")])
        self.assertEqual((log.partner_id, log.user_id), (self.customer, self.supervisor))

    def test_calculation_after_a_break(self):
        """Each charge of today with its base, its days and its rate; and how the agreement ended."""
        self.agreement.with_user(self.supervisor)._break(SIGNED, "Nothing was paid")
        self.make(self.plain.move_id)
        values, text = self.index()
        [debt] = [row for row in values["debts"] if row["name"] == self.plain.move_id.name]
        steps = {step["kind"]: step for step in debt["steps"]}
        flat = {kind: {key: value.replace("\xa0", " ") for key, value in step.items()} for kind, step in steps.items()}
        self.assertEqual(flat["Principal"]["amount"], "R$ 585,00")
        self.assertEqual(
            (flat["Multa"]["base"], flat["Multa"]["rate"], flat["Multa"]["amount"]),
            ("R$ 585,00", "2%, uma vez", "R$ 11,70"),
        )
        self.assertEqual(
            (flat["Juros de mora"]["days"], flat["Juros de mora"]["rate"], flat["Juros de mora"]["amount"]),
            ("45 dias desde 20/02/2026", "1% ao mês", "R$ 8,78"),
        )
        self.assertEqual(debt["total"].replace("\xa0", " "), "R$ 605,48")
        self.assertIn("Encerrado em 06/04/2026: Nothing was paid", text)
        # The other invoice was in the same agreement: it belongs to the proof.
        self.assertIn(self.billed.name, text)
        self.assert_only_own(text)

    # === WHO MAKES IT === #

    def test_papers_that_are_none(self):
        """Names lead nowhere, and what is somewhere else is told to be missing."""
        own = {"res_model": "cobranca.contract", "res_id": self.contract.id, "mimetype": "application/pdf"}
        self.env["ir.attachment"].create(
            [
                {**own, "name": "x./../../../etc/cron.d/evil", "raw": b"%PDF-evil"},
                {**own, "name": "Elsewhere", "type": "url", "url": "https://example.com/x.pdf"},
                {**own, "name": "Empty.pdf"},
            ]
        )
        files = self.make(self.customer)
        found = {path for path in files if path.startswith("contratos/")}
        self.assertEqual(found, {"contratos/Contrato-assinado.pdf", "contratos/x-etc-cron-d-evil.pdf"})
        missing = " ".join(self.index()[0]["missing"])
        self.assertIn("Elsewhere", missing)
        self.assertIn("Empty.pdf", missing)

    def test_who_may(self):
        Dossier = self.env["cobranca.debt.dossier"]
        for user in (self.collector, self.stranger):
            with self.assertRaises(AccessError):
                Dossier.with_user(user)._make_of(self.plain.move_id.with_user(user))
            with self.assertRaises(AccessError):
                Dossier.with_user(user)._get_action(self.plain.move_id.with_user(user))
        with self.assertRaisesRegex(UserError, "no debt here"):
            self.make_customer("Nobody", "390.533.447-05").with_user(self.supervisor).action_cobranca_dossier()
        self.assertFalse(self.env["cobranca.access.log"].search([("action", "=", "dossier")]))
        # Lines of somebody else are left out, whatever is asked for.
        scope = Dossier.sudo()._get_scope(self.company, self.customer, self.plain | self.foreign_line)
        self.assertNotIn(self.foreign_line, scope.lines)
        self.assertNotIn(self.foreign, scope.agreements)

    def test_downloaded(self):
        action = self.plain.move_id.with_user(self.supervisor).action_cobranca_dossier()
        address = f"/cobranca/dossie/fatura/{self.plain.move_id.id}"
        self.assertEqual(action["url"], f"{address}?empresa={self.company.id}")
        self.authenticate("supervisor", "supervisor")
        answer = self.url_open(action["url"])
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertTrue(zipfile.is_zipfile(io.BytesIO(answer.content)))
        for address in (
            "/cobranca/dossie/outro/1",
            "/cobranca/dossie/caso/0",
            "/cobranca/dossie/fatura/999999999?empresa=x",
        ):
            self.assertEqual(self.url_open(address).status_code, 404)
        for login in ("collector", "stranger"):
            self.authenticate(login, login)
            self.assertIn(self.url_open(action["url"]).status_code, (403, 404), login)
