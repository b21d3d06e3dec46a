import hashlib
import io
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from reportlab.pdfgen import canvas

from odoo import Command
from odoo.fields import Date
from odoo.tests import new_test_user

from odoo.addons.cobranca_negociacao.tools import plan
from odoo.addons.cobranca_recorrente.models.ir_actions_report import ON, PRINTING
from odoo.addons.cobranca_recorrente.tests.common import CPF, OTHER_CPF, CobrancaCommon

CNPJ = "11.222.333/0001-81"
BUSINESS_CNPJ = "11.444.777/0001-61"
DAY = date(2026, 11, 24)
# Two debts of 1,000.00 and 585.00 with their charges, and what is given of them.
DEBTS = [
    plan.Parts(principal=Decimal(1000), correction=Decimal(0), fine=Decimal(20), interest=Decimal("30.50")),
    plan.Parts(principal=Decimal(585), correction=Decimal(0), fine=Decimal("11.70"), interest=Decimal("8.28")),
]
PERCENTS = {"fine": Decimal(100), "interest": Decimal(50), "correction": Decimal(0), "principal": Decimal(10)}
RULES = {"number": "ACOR/2026/00001", "break_days": 30, "break_count": 2}
RULES["late_text"] = "multa de 2% e juros de 1% ao mês."


def make_pdf(*pages):
    """A real PDF with a line of text on each page."""
    buffer = io.BytesIO()
    drawing = canvas.Canvas(buffer)
    for text in pages:
        drawing.drawString(72, 720, text)
        drawing.showPage()
    drawing.save()
    return buffer.getvalue()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class PaperCommon(CobrancaCommon):
    """A company and a customer with all that papers name, and papers that are made without a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "name": "Escola Aurora Ltda",
                "vat": CNPJ,
                "street": "Rua do Amparo, 10",
                "city": "São Paulo",
                "state_id": cls.env.ref("base.state_br_sp").id,
                "zip": "01310-100",
                "phone": "+55 11 3333-4444",
                "email": "cobranca@example.com",
            }
        )
        # Papers are read again; files of a test may be cleaned away by the tests of another process.
        cls.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.customer.write(
            {
                "email": "ana.lindoso@example.com",
                "phone": "+55 11 98765-4321",
                "street": "Rua das Flores, 20",
                "city": "Campinas",
                "state_id": cls.env.ref("base.state_br_sp").id,
                "zip": "13010-000",
            }
        )
        cls.business = cls.make_customer("Agulha Ltda", BUSINESS_CNPJ, email="agulha@example.com")
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.stranger = new_test_user(cls.env, "stranger", "base.group_user", lang="en_US")
        cls.portal = new_test_user(cls.env, "portal_ana", "base.group_portal", lang="en_US")
        cls.Acceptance = cls.env["cobranca.acceptance"]
        cls.Code = cls.env["cobranca.acceptance.code"]
        cls.Quittance = cls.env["cobranca.quittance"]
        cls.Term = cls.env["cobranca.agreement.term"]

    def setUp(self):
        super().setUp()
        # What each paper was asked to say; how it looks is tested with the real thing.
        self.papers = []

        def render(model, report, values, label):
            self.papers.append(values)
            return make_pdf(f"paper {len(self.papers)}")

        self.patch(type(self.env["cobranca.paper"]), "_render_paper", render)

    def html(self, report, values):
        """What a paper says, as the browser that prints it gets it."""
        Report = self.env["ir.actions.report"].with_context(lang="en_US", **{PRINTING: ON})
        content, _kind = Report._render_qweb_html(
            f"cobranca_negociacao.action_report_{report}", self.company.ids, data={"paper": values}
        )
        return content.decode()

    @classmethod
    def invoice(cls, amount, due="2026-01-10", partner=None, post=True, **values):
        """A posted invoice without taxes."""
        line = {
            "name": "Monthly fee",
            "price_unit": amount,
            "account_id": cls.company.cobranca_service_account_id.id,
            "tax_ids": [Command.clear()],
        }
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "journal_id": cls.company.cobranca_contract_journal_id.id,
                "invoice_date": min(due, "2026-01-05"),
                "invoice_date_due": due,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def pay(cls, moves, amount, day="2026-01-10", charges=None, by_policy=False):
        """Money that comes in and pays invoices, with the charges that a test says ({move: {kind: amount}}) or owes."""
        day = Date.to_date(day)
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": moves.commercial_partner_id.id,
                "amount": amount,
                "date": day,
                "journal_id": cls.bank.id,
            }
        )
        payment.action_post()
        lines = moves._cobranca_get_debt_lines()
        owed = {line: (charges or {}).get(line.move_id, {}) for line in lines}
        credits = payment.move_id._cobranca_get_credits()
        cls.env["cobranca.receipt"]._receive(credits, lines, day, charges=None if by_policy else owed)
        return payment

    @classmethod
    def credit_note(cls, move):
        """A credit note that cancels an invoice."""
        wizard = cls.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        reversal = wizard.create({"journal_id": move.journal_id.id, "date": move.invoice_date})
        note = cls.env["account.move"].browse(reversal.refund_moves()["res_id"])
        note.action_post()
        (note.line_ids | move.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        return note

    def billed(self, months=(1, 2, 3), year=2026, partner=None, amount=100, paid=True):
        """Invoices that fell due on the 10th of months, paid on that day."""
        moves = self.env["account.move"]
        for month in months:
            day = f"{year}-{month:02}-10"
            move = self.invoice(amount, day, partner=partner, invoice_date=f"{year}-01-02")
            if paid:
                self.pay(move, amount, day)
            moves |= move
        return moves

    # --- codes ---

    def send_code(self, content, partner=None, channel="email", company=None):
        """Send a code for a paper.

        :return: (code, its digits, as they were in the message)
        """
        sent = []

        def send_email(_server, message, *_arguments, **_options):
            sent.append(message)
            return message["Message-Id"]

        Server = type(self.env["ir.mail_server"])
        with (
            patch.object(Server, "send_email", send_email),
            patch.object(Server, "_connect__", lambda *_arguments, **_options: None),
            patch.object(Server, "_disable_send", lambda *_arguments: False),
        ):
            debtor = partner or self.customer
            code = self.Code._send(company or self.company, debtor, sha256(content), channel)
        self.messages = sent
        if not sent:
            return code, ""
        body = sent[0].get_body(("plain",)).get_content()
        [digits] = {word for word in body.replace("*", " ").split() if word.isdecimal() and len(word) == 6}
        return code, digits

    def verified_code(self, content, partner=None):
        code, digits = self.send_code(content, partner)
        verdict = self.Code._verify(self.company, partner or self.customer, sha256(content), digits)
        self.assertEqual(verdict.code, code)
        return verdict.code

    def accept(self, content, record=None, partner=None, name="Ana Lindoso", document=CPF, **how):
        """Accept a paper on the page, with a fresh code."""
        partner = partner or self.customer
        if "code" not in how:
            how["code"] = self.verified_code(content, partner)
        record = record or partner
        return self.Acceptance._record(self.company, partner, record, content, "portal", name, document, **how)

    # --- terms ---

    def terms(self, lines, method="price", rate=1, down="289.18", count=5, percents=None, partner=None, **more):
        """Terms of an agreement on two debts, as the kernel plans it."""
        down = Decimal(down) if down else None
        wanted = plan.Terms(percents or PERCENTS, down, count, method, Decimal(rate), DAY, None)
        made = plan.make_plan(DEBTS, wanted)
        partner = partner or self.customer
        return self.Term._get_terms_of_plan(self.company, partner, made, lines, DAY, **{**RULES, **more})

    # --- through people ---

    def by_operator(self, user, content, company=None, partner=None, **how):
        register = self.Acceptance.with_user(user)
        partner = (partner or self.customer).with_user(user)
        how.setdefault("note", "Call of 24/11, recording 123")
        return register._record(
            company or self.company, partner, partner, content, "operator", "Ana Lindoso", OTHER_CPF, **how
        )

    def upload(self, content, signed_on=date(2026, 11, 20), user=None):
        user = user or self.collector
        partner = self.customer.with_user(user)
        return self.Acceptance.with_user(user)._record_upload(
            self.company, partner, partner, content, "Ana Lindoso", CPF, signed_on, note="Folder 7"
        )
