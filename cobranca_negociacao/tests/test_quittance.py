from datetime import date

import psycopg2
from lxml import html as lxml_html

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_negociacao.models.cobranca_quittance_settlement import Settled

from .paper_common import PaperCommon, sha256


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 15:00:00")
class TestQuittance(PaperCommon):
    """Letters of quittance of what is paid, and of nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"cobranca_signer_name": "Nara Reis", "cobranca_signer_role": "Diretora financeira"})

    def issue(self, move, user=None):
        return self.Quittance.with_user(user or self.collector)._issue_for_move(move.with_user(user or self.collector))

    def text(self, values):
        page = lxml_html.fromstring(self.html("quittance", values))
        for style in page.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(page.text_content().split())

    # === WHAT IS PAID === #

    def test_letter(self):
        move = self.invoice(100)
        self.pay(move, 107.9, "2026-02-19", charges={move: {"interest": 5.9, "fine": 2.0}})
        quittance = self.issue(move)
        self.assertRegex(quittance.name, r"^QUIT/2026/\d{5}$")
        self.assertEqual(
            (quittance.company_id, quittance.partner_id, quittance.kind, quittance.move_id, quittance.state),
            (self.company, self.customer, "debt", move, "issued"),
        )
        self.assertEqual((quittance.amount, quittance.date), (107.9, date(2026, 11, 24)))
        self.assertEqual((quittance.user_id, quittance.line_ids), (self.collector, move._cobranca_get_debt_lines()))
        self.assertEqual(quittance.document_hash, sha256(quittance.attachment_id.raw))
        self.assertEqual(
            (quittance.attachment_id.res_model, quittance.attachment_id.res_id), ("cobranca.quittance", quittance.id)
        )

    def test_what_the_letter_says(self):
        """Of what and how much, who owed it, when and where it was paid, who signs (CC, art. 320)."""
        move = self.invoice(100)
        self.pay(move, 107.9, "2026-02-19", charges={move: {"interest": 5.9, "fine": 2.0}})
        quittance = self.issue(move)
        text = self.text(self.papers[0])
        for part in (
            f"CARTA DE QUITAÇÃO nº {quittance.name}",
            "Escola Aurora Ltda declara que recebeu de Ana Lindoso, CPF 529.982.247-25",
            "R$ 107,90 (cento e sete reais e noventa centavos)",
            move.name,
            "Monthly fee",
            "10/01/2026",
            "paga em São Paulo/SP",
            "19/02/2026",
            "Multa por atraso, paga",
            "Juros de mora, pagos",
            "plena e geral quitação",
            "arts. 319 e 320",
            "São Paulo/SP, 24 de novembro de 2026.",
            "Nara Reis Diretora financeira Escola Aurora Ltda CNPJ 11.222.333/0001-81",
        ):
            self.assertIn(part, text)
        amounts = [(row["kind"], row["amount"].replace("\xa0", " ")) for row in self.papers[0]["rows"]]
        self.assertEqual(sorted(amounts), [("fine", "R$ 2,00"), ("interest", "R$ 5,90"), ("payment", "R$ 100,00")])

    def test_paid_in_parts_and_by_credit_note(self):
        move = self.invoice(100)
        self.pay(move, 40, "2026-01-10")
        self.pay(move, 60, "2026-01-20")
        self.assertEqual(self.issue(move).amount, 100)
        discounted = self.invoice(100)
        lines = discounted._cobranca_get_debt_lines()
        payment = self.pay(discounted, 90, "2026-01-10")
        self.assertTrue(payment)
        self.env["cobranca.receipt"]._receive(
            lines.browse(), lines, date(2026, 1, 10), charges={}, concessions={lines: {"discount": 10}}
        )
        quittance = self.issue(discounted)
        self.assertEqual(quittance.amount, 90, "what was given is not what was paid")
        self.assertIn("Desconto ou crédito concedido", self.text(self.papers[-1]))

    def test_money_that_goes_back(self):
        """The letter says something untrue, and so does that of the year; others stay."""
        move, other = self.invoice(100), self.invoice(50)
        payment, kept = self.pay(move, 100), self.pay(other, 50)
        letters = self.issue(move) | self.issue(other)
        credit = move._cobranca_get_debt_lines().matched_credit_ids.credit_move_id
        self.env["cobranca.receipt"]._charge_back(credit, date(2026, 11, 24), "Taken back by the bank")
        self.assertTrue(payment and kept)
        self.assertEqual(letters.mapped("state"), ["revoked", "issued"])
        self.assertIn(move.name, letters[0].revoke_reason)
        task = self.env["mail.activity"].search([("res_id", "=", self.customer.id), ("res_model", "=", "res.partner")])
        self.assertIn(letters[0].name, "".join(task.mapped("summary")))

    def test_same_letter_again(self):
        move = self.invoice(100)
        self.pay(move, 100)
        first = self.issue(move)
        self.assertEqual(self.issue(move, self.supervisor), first)
        self.assertEqual(len(self.papers), 1)

    def test_database_holds_one(self):
        move = self.invoice(100)
        self.pay(move, 100)
        quittance = self.issue(move)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            quittance.sudo().copy()
            self.env.flush_all()
        # Two at once: the second one finds the first in the register.
        self.patch(type(self.Quittance), "search", lambda register, _domain, **_options: register.browse())
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "just issued"):
            self.issue(move)

    # === WHAT IS NOT === #

    def assert_refused(self, move, reason):
        with self.assertRaisesRegex(UserError, reason):
            self.issue(move)
        self.assertFalse(self.Quittance.search([]))
        self.assertFalse(self.papers)

    def test_open(self):
        move = self.invoice(100)
        self.pay(move, 40)
        self.assert_refused(move, r"due on 01/10/2026, is open: R\$.60.00")

    def test_open_charges(self):
        """A quittance without a word of the interest gives it up (CC, art. 323)."""
        move = self.invoice(100)
        self.pay(move, 100, charges={move: {"fine": 2.0}})
        lines = move._cobranca_get_debt_lines()
        if not lines.reconciled:
            self.pay(move, lines.amount_residual, charges={})
        self.env["cobranca.charge"].sudo().create(
            {
                "line_id": lines.id,
                "kind": "interest",
                "amount": 3.5,
                "date": "2026-01-10",
                "state": "open",
            }
        )
        self.assert_refused(move, r"Charges of .* are open: R\$.3.50")

    def test_written_off(self):
        move = self.invoice(100)
        self.env["cobranca.loss"].with_user(self.supervisor)._write_off(
            move._cobranca_get_debt_lines(), date(2026, 11, 24)
        )
        self.assertEqual(move.payment_state, "paid", "in the books alone")
        self.assert_refused(move, "written off as a loss, not paid")
        # What is recovered afterwards is paid.
        self.pay(move, 100, "2026-11-24", by_policy=True)
        self.assertTrue(self.issue(move))

    def test_cancelled_by_a_credit_note(self):
        move = self.invoice(100)
        self.credit_note(move)
        self.assert_refused(move, "was not paid: there is nothing to give quittance of")

    def test_in_an_agreement(self):
        """The hook of who takes debts over: closed in the books, and owed still."""
        move = self.invoice(100)
        self.pay(move, 100)
        self.patch(type(self.Quittance), "_get_still_owed", lambda _model, lines: lines)
        self.assert_refused(move, "is in an agreement that is not paid yet")

    def test_who_may(self):
        move = self.invoice(100)
        self.pay(move, 100)
        for user in (self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self.issue(move, user)
        company = self.env["res.company"].create({"name": "Other", "cobranca_tz": "America/Sao_Paulo"})
        self.collector.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self.issue(move)

    # === SOMETHING ELSE THAN AN INVOICE === #

    def test_of_an_agreement(self):
        """The hook by which an agreement has its letter; any record serves here."""
        moves = self.invoice(100) | self.invoice(200)
        for move in moves:
            self.pay(move, move.amount_total)
        lines = moves._cobranca_get_debt_lines()
        subject = self.env["cobranca.interaction"].search([], limit=1) or moves[:1]
        register = self.Quittance.with_user(self.collector)
        settled = [
            Settled(date(2026, 3, 1), "payment", 250.5, "Entrada"),
            Settled(date(2026, 3, 1), "discount", 49.5, ""),
        ]
        arguments = (subject.with_user(self.collector), self.company, self.customer.with_user(self.collector), lines)
        with self.assertRaisesRegex(UserError, "was not paid"):
            register._issue_for_record(*arguments, settled[1:], "Acordo 7")
        quittance = register._issue_for_record(*arguments, settled, "Acordo 7")
        self.assertEqual((quittance.kind, quittance.amount, quittance.line_ids), ("agreement", 250.5, lines))
        self.assertEqual(register._issue_for_record(*arguments, settled, "Acordo 7"), quittance)
        text = self.text(self.papers[-1])
        self.assertIn("em cumprimento integral de Acordo 7, que abrange os débitos abaixo", text)
        for move in moves:
            self.assertIn(move.name, text)
        open_one = self.invoice(50)._cobranca_get_debt_lines()
        with self.assertRaisesRegex(UserError, "is open"):
            register._issue_for_record(
                open_one.move_id.with_user(self.collector), *arguments[1:3], open_one, settled, "Acordo 8"
            )
