from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from lxml import html as lxml_html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .paper_common import PERCENTS, PaperCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 15:00:00")
class TestAgreementTerm(PaperCommon):
    """The paper of an agreement, from plain values."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.invoice(1000, "2026-08-26") | cls.invoice(585, "2026-10-10")
        cls.lines = cls.moves.line_ids.filtered("date_maturity").sorted("date_maturity")

    def text(self, **changes):
        """What the paper says, as people read it, and its values."""
        values = self.Term._get_values(self.terms(self.lines, **changes))
        page = lxml_html.fromstring(self.html("agreement_term", values))
        for style in page.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(page.text_content().split()), values

    def assertSays(self, text, *parts):
        for part in parts:
            self.assertIn(part, text)

    # === FIGURES === #

    def test_figures(self):
        text, values = self.text()
        # By hand: 1,585.00 + interest 38.78 + fine 31.70; off: 31.70 + 19.39 + 158.50.
        self.assertEqual(values["before"]["figures"].replace("\xa0", " "), "R$ 1.655,48")
        self.assertEqual(values["given_total"]["figures"].replace("\xa0", " "), "R$ 209,59")
        self.assertEqual(values["agreed"]["figures"].replace("\xa0", " "), "R$ 1.445,89")
        self.assertEqual(
            {name: amount.replace("\xa0", " ") for name, amount in values["given"].items()},
            {"fine": "R$ 31,70", "interest": "R$ 19,39", "principal": "R$ 158,50"},
        )
        self.assertEqual(values["total"]["figures"].replace("\xa0", " "), "R$ 1.480,83")
        self.assertEqual([row["amount"] for row in values["installments"][:2]], ["289,18", "238,33"])
        self.assertSays(
            text,
            "R$ 1.655,48 (mil, seiscentos e cinquenta e cinco reais e quarenta e oito centavos)",
            "multa: R$ 31,70; juros de mora: R$ 19,39; principal: R$ 158,50",
            "juros de parcelamento de R$ 34,94",
            "juros de 1% ao mês, em prestações iguais (Tabela Price)",
            "sem o parcelamento, o valor a pagar seria de R$ 1.445,89 (CDC, art. 52)",
            "Entrada",
            "5ª parcela",
            "24/11/2026",
            "24/04/2027",
        )

    def test_debts_are_named_with_their_days(self):
        text, values = self.text()
        first, second = self.moves.sorted("invoice_date_due").mapped("name")
        self.assertSays(text, first, second, "26/08/2026", "10/10/2026", "Monthly fee")
        self.assertEqual(values["components"], ["principal", "interest", "fine"], "no column for what nobody owes")
        self.assertEqual([debt["total"] for debt in values["debts"]], ["1.050,50", "604,98"])

    def test_effective_rate(self):
        """1 % a month by Price is 12.68 % a year; the months here have 28 to 31 days."""
        _text, values = self.text()
        rate = float(values["yearly"].removesuffix("%").replace(",", "."))
        self.assertAlmostEqual(rate, 12.68, delta=0.35)

    def test_other_methods(self):
        text, values = self.text(method="none", rate=0)
        self.assertSays(text, "Não há juros de parcelamento.")
        self.assertNotIn("Juros de parcelamento (R$)", text)
        self.assertNotIn("taxa efetiva", text)
        self.assertIsNone(values["financing"])
        text, _values = self.text(method="simple")
        self.assertSays(text, "juros simples de 1% ao mês")
        text, _values = self.text(method="sac")
        self.assertSays(text, "amortização constante (SAC)")

    def test_at_once_and_without_discount(self):
        text, _values = self.text(
            method="none", rate=0, down=None, count=0, percents=dict.fromkeys(PERCENTS, Decimal(0))
        )
        self.assertSays(text, "de uma só vez", "Pagamento único", "não concede desconto")
        self.assertNotIn("Não há juros de parcelamento", text)

    def test_sums_that_do_not_fit(self):
        terms = self.terms(self.lines)
        terms["total"] += Decimal("0.01")
        with self.assertRaisesRegex(UserError, r"do not fit \(total\): make the proposal anew"):
            self.Term._get_values(terms)

    def test_only_in_reais(self):
        terms = self.terms(self.lines)
        terms["company"] = SimpleNamespace(currency_id=self.env.ref("base.USD"))
        with self.assertRaisesRegex(UserError, "in reais"):
            self.Term._get_values(terms)

    # === WHAT THE LAW WANTS === #

    def test_legal_contents(self):
        text, _values = self.text()
        self.assertSays(
            text,
            "TERMO DE ACORDO E CONFISSÃO DE DÍVIDA nº ACOR/2026/00001",
            # Who (CDC, art. 42-A).
            "CREDORA: Escola Aurora Ltda, CNPJ 11.222.333/0001-81, com endereço em Rua do Amparo, 10, São Paulo/SP",
            "telefone +55 11 3333-4444",
            "CLIENTE: Ana Lindoso, CPF 529.982.247-25, com endereço em Rua das Flores, 20, Campinas/SP, 13010-000",
            "ana.lindoso@example.com",
            # What.
            "reconhece e confessa dever à CREDORA, em 24/11/2026",
            "interrompe a prescrição (Código Civil, art. 202, VI)",
            "redução proporcional dos juros de parcelamento ainda não vencidos (CDC, art. 52, § 2º)",
            "multa de 2% e juros de 1% ao mês.",
            "por mais de 30 dias, ou a falta de pagamento de 2 parcelas, seguidas ou não",
            "depois de avisar o(a) CLIENTE, a considerar vencido todo o saldo",
            "os descontos da cláusula 2 perdem o efeito",
            "voltam a ser exigíveis, com os vencimentos e encargos originais, descontado tudo o que tiver sido pago",
            "primeiro aos juros e encargos vencidos e depois ao principal (Código Civil, art. 354)",
            "sem ânimo de novar (Código Civil, arts. 360 e 361)",
            "carta de quitação (Código Civil, arts. 319 e 320)",
            "Lei 13.709/2018, art. 7º, V, VI e X",
            "MP 2.200-2/2001, art. 10, § 2º",
            "Lei 14.063/2020, art. 4º, I",
            "foro do domicílio do(a) CLIENTE (CDC, art. 101, I)",
            "São Paulo/SP, 24 de novembro de 2026.",
        )

    def test_no_word_that_hurts(self):
        text, _values = self.text()
        for word in ("devedor", "inadimpl", "calote"):
            self.assertNotIn(word, text.lower())

    def test_break_rules(self):
        only_days, _values = self.text(break_days=15, break_count=0)
        self.assertSays(only_days, "O atraso de qualquer parcela por mais de 15 dias autoriza a CREDORA")
        only_count, _values = self.text(break_days=0, break_count=3)
        self.assertSays(only_count, "A falta de pagamento de 3 parcelas, seguidas ou não, autoriza a CREDORA")
        neither, _values = self.text(break_days=0, break_count=0)
        self.assertSays(neither, "A falta de pagamento de qualquer parcela autoriza a CREDORA")

    def test_imputation_by_agreement(self):
        text, _values = self.text(imputation="principal")
        self.assertSays(text, "como ressalva o art. 354 do Código Civil", "primeiro ao principal e depois aos encargos")
        self.assertNotIn("primeiro aos juros", text)

    def test_days_without_banks(self):
        moved, _values = self.text()
        self.assertSays(moved, "prorrogado para o primeiro dia útil seguinte")
        kept, _values = self.text(moves_due=False)
        self.assertNotIn("prorrogado", kept)

    def test_without_charges_of_its_own(self):
        text, _values = self.text(late_text="")
        self.assertSays(text, "incidem apenas os encargos que a lei prevê")

    def test_companies_meet_at_the_creditor(self):
        text, _values = self.text(partner=self.business)
        self.assertSays(text, "CLIENTE: Agulha Ltda, CNPJ 11.444.777/0001-61", "foro de São Paulo/SP, sede da CREDORA")

    # === HOW IT IS ACCEPTED === #

    def test_draft(self):
        text, _values = self.text(number="", valid_until=date(2026, 11, 30))
        self.assertSays(text, "Minuta para aceite até 30/11/2026")
        self.assertNotIn("nº ACOR", text)
        self.assertSays(text, "é registrado no comprovante que o acompanha")

    def test_on_paper(self):
        text, _values = self.text(is_on_paper=True)
        self.assertSays(text, "Testemunha 1", "Testemunha 2", "art. 784, III")
        self.assertNotIn("assinatura eletrônica simples", text)

    def test_told(self):
        """Who accepts by phone types no code, and the paper says nothing of one."""
        text, _values = self.text(is_told=True)
        self.assertSays(text, "comunicou à CREDORA o aceite", "forma da comunicação e resumo SHA-256")
        self.assertNotIn("código", text)
        self.assertNotIn("Testemunha", text)

    def test_with_evidence(self):
        text, _values = self.text(evidence=[("Nome", "Ana Lindoso"), ("Data e hora", "24/11/2026 15:00:00 UTC")])
        self.assertSays(text, "Aceite registrado Nome Ana Lindoso Data e hora 24/11/2026 15:00:00 UTC")

    def test_nothing_typed_becomes_html(self):
        self.customer.name = "Ana <script>alert(1)</script> Lindoso"
        html = self.html("agreement_term", self.Term._get_values(self.terms(self.lines)))
        self.assertNotIn("<script>alert", html)
        self.assertIn("Ana &lt;script&gt;alert(1)&lt;/script&gt; Lindoso", html)

    def test_same_in_every_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        values = [self.Term.with_context(lang=lang)._get_values(self.terms(self.lines)) for lang in ("en_US", "pt_BR")]
        self.assertEqual(*values)

    def test_of_several_lines_of_one_invoice(self):
        """Each line of an invoice in installments is a debt of its own."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Twice",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )
        move = self.invoice(1585, post=False, invoice_payment_term_id=term.id)
        move.action_post()
        self.lines = move.line_ids.filtered("date_maturity").sorted("date_maturity")
        values = self.Term._get_values(self.terms(self.lines))
        self.assertEqual({debt["name"] for debt in values["debts"]}, {move.name})
        self.assertEqual(len({debt["due"] for debt in values["debts"]}), 2)
