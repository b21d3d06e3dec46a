"""What may be said to a customer: phrases, good and bad, and that the way of writing changes nothing."""

import random
import unicodedata
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ..tools import tone

ALL = (tone.HAS_CREDITOR, tone.HAS_CONTACT, tone.HAS_PREVIEW)
THREAT, SHAME, BUREAU, DEBT = tone.THREAT, tone.SHAME, tone.BUREAU, tone.DEBT
URGENCY, PEOPLE = tone.URGENCY, tone.PEOPLE

BAD = [
    ("Se não pagar, tomaremos medidas.", THREAT),
    ("Tomaremos todas as medidas cabíveis", THREAT),
    ("Adotaremos as medidas judiciais cabíveis.", THREAT),
    ("Pague até sexta, sob pena de multa maior.", THREAT),
    ("Evite um processo!", THREAT),
    ("Vamos entrar com uma ação.", THREAT),
    ("Será ajuizada ação de cobrança.", THREAT),
    ("Vamos processar você", THREAT),
    ("Você será processado por isso", THREAT),
    ("Enviaremos seu caso ao nosso jurídico", THREAT),
    ("O contrato já está com nossos advogados", THREAT),
    ("Cobraremos na Justiça.", THREAT),
    ("Um oficial de justiça irá à sua casa", THREAT),
    ("Seus bens podem ser penhorados", THREAT),
    ("A penhora do salário é possível", THREAT),
    ("Isso dá cadeia.", THREAT),
    ("Você pode ser preso", THREAT),
    ("Vamos bloquear sua conta bancária", THREAT),
    ("Não nos obrigue a agir", THREAT),
    ("Arque com as consequências", THREAT),
    ("We will take legal action", THREAT),
    ("Pay, or else", THREAT),
    ("Our lawyers will sue", THREAT),
    ("Deixe de ser caloteiro", SHAME),
    ("Caro devedor,", SHAME),
    ("Saldo devedor", SHAME),
    ("Clientes inadimplentes", SHAME),
    ("A sua inadimplência continua", SHAME),
    ("Você deveria ter vergonha", SHAME),
    ("É uma situação vergonhosa", SHAME),
    ("Você é um mau pagador", SHAME),
    ("Maus pagadores não compram aqui", SHAME),
    ("Não fique com o nome sujo", SHAME),
    ("Não suje seu nome", SHAME),
    ("Limpe o seu nome", SHAME),
    ("Isso é má-fé", SHAME),
    ("Que falta de compromisso", SHAME),
    ("Evite constrangimentos", SHAME),
    ("You are a deadbeat", SHAME),
    ("Dear debtor", SHAME),
    ("Seu nome irá para o SPC", BUREAU),
    ("Vamos incluir na Serasa", BUREAU),
    ("Iremos negativar seu CPF", BUREAU),
    ("Seu CPF será negativado", BUREAU),
    ("Enviaremos o título a protesto", BUREAU),
    ("O boleto irá ao cartório", BUREAU),
    ("órgãos de proteção ao crédito", BUREAU),
    ("Haverá restrição no seu nome", BUREAU),
    ("Your credit score will suffer", BUREAU),
    ("Último aviso", URGENCY),
    ("É a última chance de acertar", URGENCY),
    ("URGENTE: leia", URGENCY),
    ("Restam 2 horas", URGENCY),
    ("Final notice", URGENCY),
    ("Avisaremos seu empregador", PEOPLE),
    ("Vamos ligar para a sua família", PEOPLE),
    ("Entraremos em contato, comunicando seus vizinhos", PEOPLE),
    ("We will contact your employer", PEOPLE),
]
BAD_SUBJECTS = [
    "Sua dívida conosco",
    "Débitos em seu nome",
    "Fatura em atraso",
    "Fatura atrasada",
    "Sua fatura venceu ontem",
    "Faturas vencidas",
    "Aviso de cobrança",
    "Cobrança",
    "Inadimplência",
    "Pague R$ 1.743,07",
    "Pague 350 reais",
    "Fatura de 1.743,07",
    "Your debt",
    "Overdue invoice",
    "Past-due invoice",
    "You owe us",
    "Fatura não paga",
]
MILD = [
    ("PAGUE SUA FATURA hoje", URGENCY),
    ("Olá!!!", URGENCY),
    ("Pague imediatamente", URGENCY),
    ("Evite transtornos", THREAT),
    ("Se a sua família passa por um momento difícil, fale conosco", PEOPLE),
    ("Honre seus compromissos", SHAME),
]
GOOD = [
    "O processamento do pagamento leva um dia útil.",
    "Sua fatura está em processo de pagamento no banco.",
    "O processo de renovação começa em março.",
    "Vamos processar seu pagamento hoje.",
    "Seu pagamento será processado amanhã.",
    "Sabemos que imprevistos acontecem.",
    "A fatura de outubro ainda aparece em aberto para nós.",
    "A fatura está atrasada há 16 dias.",
    "Sua dívida pode ser paga em parcelas.",
    "Se já pagou, desconsidere esta mensagem.",
    "Precisa de mais prazo? Responda este e-mail.",
    "O saldo ficou negativo por engano nosso.",
    "A resposta foi negativa.",
    "Cadeia de suprimentos",
    "Fale com a nossa equipe de segunda a sexta.",
    "Valor: R$ 1.743,07",
    "CNPJ 11.222.333/0001-81, CPF 529.982.247-25",
    "Pode pagar por Pix ou boleto.",
    "Obrigado! O pagamento foi recebido.",
    "Calotas e rodas",
    "Atendimento em dias úteis",
    "Esta notificação é extrajudicial.",
    "Use o seu nome completo",
    "The processing of your payment takes a day.",
    "Please disregard this message if you have paid.",
    "We are pursuing better service; our courtesy desk is open.",
    "A equipe agradece.",
]
GOOD_SUBJECTS = [
    "Sua fatura de outubro – Brumalva Serviços",
    "Sua fatura vence em 03/11",
    "Débito automático da sua fatura",
    "Sobre o seu pagamento, 3 dias atrás",
    "Comunicado da Brumalva Serviços",
    "Atualize seu e-mail",
    "Your invoice of October – Brumalva",
    "Obrigado pelo pagamento",
]
LAWFUL = [
    "Decorrido o prazo de 10 dias, o credor poderá recorrer às vias judiciais.",
    "Após 15 dias desta comunicação, o nome poderá ser incluído em cadastros de proteção ao crédito, conforme o art. "
    "43 do Código de Defesa do Consumidor.",
    "O título pode ser levado a protesto após 10 dias, nos termos da Lei 9.492/1997.",
    "After 10 days the creditor may bring the matter to court.",
]
UNLAWFUL = [
    ("Seu nome vai para o SPC.", BUREAU),
    ("Seu nome poderá ir para a Serasa.", BUREAU),
    ("Iremos à cobrança judicial.", THREAT),
    ("Seus bens poderão ser penhorados, conforme a lei, em 10 dias.", THREAT),
    ("O devedor poderá pagar em 10 dias.", SHAME),
]


def codes(text, subject="", channel="email", kind=tone.NOTICE, flags=ALL, severity=tone.ERROR):
    findings = tone.review(subject, text, channel, kind, flags)
    return {finding.code for finding in findings if severity in (None, finding.severity)}


# Letters, accents, signs: drawing from all of Unicode takes longer than everything else here.
SIGNS = st.characters(min_codepoint=9, max_codepoint=0x24F) | st.sampled_from("\u00ad\u0301\u200b\u2019ﬁ€…")


class TestTone(TestCase):
    def test_bad_phrases_are_refused(self):
        for text, code in BAD:
            with self.subTest(text=text):
                self.assertIn(code, codes(text))

    def test_good_phrases_are_not(self):
        for text in GOOD:
            with self.subTest(text=text):
                self.assertEqual(codes(text, severity=None), set())

    def test_mild_phrases_are_only_remarked(self):
        for text, code in MILD:
            with self.subTest(text=text):
                self.assertEqual(codes(text), set())
                self.assertIn(code, codes(text, severity=tone.WARNING))

    def test_a_subject_is_neutral(self):
        for subject in BAD_SUBJECTS:
            with self.subTest(subject=subject):
                self.assertIn(DEBT, codes("", subject))
        for subject in GOOD_SUBJECTS:
            with self.subTest(subject=subject):
                self.assertEqual(codes("", subject, severity=None), set())

    def test_what_others_see_at_a_glance_is_neutral(self):
        text = "Brumalva: sua fatura está em atraso. Veja: https://exemplo.br/x"
        self.assertEqual(codes(text, channel="sms"), {DEBT})
        self.assertEqual(codes(text, channel="whatsapp"), {DEBT})
        self.assertEqual(codes(text, flags=ALL[:2]), {DEBT}, "an e-mail whose list entry shows how it begins")
        self.assertEqual(codes(text), set())
        self.assertEqual(codes(text, channel="letter", flags=ALL[:2]), set(), "it is in an envelope")
        self.assertEqual(codes("Olá! " + "Tudo bem por aí? " * 12 + text, flags=ALL[:2]), set())

    def test_a_legal_notice_states_rights(self):
        for text in LAWFUL:
            with self.subTest(text=text):
                self.assertEqual(codes(text, kind=tone.NOTIFICATION), set())
                self.assertTrue(codes(text, kind=tone.NOTICE), "no other message does")
                self.assertTrue(codes(text, kind=tone.REMINDER))
        for text, code in UNLAWFUL:
            with self.subTest(text=text):
                self.assertIn(code, codes(text, kind=tone.NOTIFICATION))

    def test_creditor_and_contact_are_there(self):
        self.assertEqual(codes("Olá", flags=()), {tone.CREDITOR, tone.CONTACT})
        self.assertEqual(codes("Olá", flags=(tone.HAS_CREDITOR,)), {tone.CONTACT})

    def test_words_are_quoted_as_they_were_written(self):
        [finding] = tone.review("", "Pague, sob  PENA de multa", flags=ALL)
        self.assertEqual(finding, tone.Finding(THREAT, "sob PENA", tone.ERROR))

    def test_a_code_in_a_link_shouts_at_nobody(self):
        for code in ("PDDHAKOH3WIUZ", "ABCDEFGHIJK", "ABC-DEF-GHI"):
            with self.subTest(code=code):
                self.assertEqual(codes(f"Veja em https://exemplo.br/{code} e fale conosco.", severity=None), set())
        self.assertEqual(codes("Seu código: PDDHAKOH3WIUZ", severity=None), set(), "nor does a code without a link")
        self.assertEqual(codes("PAGUE https://exemplo.br/x AGORA, por favor", severity=None), set())
        self.assertEqual(codes("VEJA SUA CONTA https://exemplo.br/x", severity=None), {tone.URGENCY})

    def test_signs_that_nobody_sees_hide_nothing(self):
        self.assertEqual(codes("", "Sua d\u00edvi\u00adda\u200b"), {DEBT})
        self.assertEqual(codes("nome\u00a0sujo"), {SHAME})


def rewritten(text, seed):
    """The same text in another writing: accents, case, spaces."""
    chance = random.Random(seed)
    letters = []
    for letter in unicodedata.normalize(chance.choice(("NFC", "NFD")), text):
        if unicodedata.category(letter) == "Mn" and chance.random() < 0.5:
            continue
        written = chance.choice((letter, letter.upper(), letter.lower()))
        letters.append(written if letter != " " else chance.choice((" ", "  ", "\n", "\u00a0", " \t ")))
    return "".join(letters)


class TestToneWriting(TestCase):
    @settings(max_examples=400, derandomize=True, deadline=None)
    @given(st.sampled_from([*GOOD, *LAWFUL, *(text for text, _code in [*BAD, *MILD])]), st.integers(0, 10**6))
    def test_writing_changes_no_verdict(self, text, seed):
        self.assertEqual(codes(text), codes(rewritten(text, seed)))

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(st.sampled_from([*BAD_SUBJECTS, *GOOD_SUBJECTS]), st.integers(0, 10**6))
    def test_nor_that_of_a_subject(self, subject, seed):
        self.assertEqual(codes("", subject), codes("", rewritten(subject, seed)))

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(st.text(SIGNS, max_size=40), st.sampled_from(BAD), st.text(SIGNS, max_size=40))
    def test_what_stands_around_hides_nothing(self, before, phrase, after):
        text, code = phrase
        self.assertIn(code, codes(f"{before}\n. {text} .\n{after}"))

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(st.text(SIGNS, max_size=80), st.sampled_from(["email", "sms", "whatsapp", "letter"]))
    def test_any_text_can_be_looked_at(self, text, channel):
        for finding in tone.review(text, text, channel, flags=ALL):
            self.assertIn("".join(finding.excerpt.split()), "".join(text.split()))
