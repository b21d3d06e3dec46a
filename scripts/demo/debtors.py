"""Who of the demo's customers is late, and what the collectors did about it; days count back from today."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Act:
    """Something that happens with a debtor.

    :param int day: business days before today; 0 is today, or the last one when banks are closed today
    :param str what: the method of `demo.desk.Desk` that plays it
    """

    day: int
    what: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Debtor:
    """A customer who pays nothing of what falls due from some day on, but what his acts say.

    :param str business: of his contract
    :param int unpaid_for: since so many days before today
    :param bool is_big: among the customers of his business one with a high amount
    :param bool resumes: pays again as before, once his acts have paid
    :param str collector: login, or empty: nobody's
    :param dict contact: of his values that differ, such as the phone
    """

    business: str
    unpaid_for: int
    acts: tuple = ()
    is_big: bool = False
    resumes: bool = False
    collector: str = "iris"
    contact: dict = field(default_factory=dict)


def calls(day, outcome, note, **values):
    """A collector speaks, or tries to."""
    return Act(day, "speak", {"outcome": outcome, "note": note, **values})


def promises(day, until, note, **values):
    """The same, with a promise of all that is late; `until` in business days before today."""
    return calls(day, "promised", note, until=until, **values)


def pays(day, how="all"):
    """Money comes in: `all` with charges, the `principal` alone, or `half` of the oldest invoice."""
    return Act(day, "pay", {"how": how})


def writes(day, text):
    """The customer answers by e-mail."""
    return Act(day, "reply", {"text": text})


def disputes(day, reason, text):
    return Act(day, "dispute", {"reason": reason, "text": text})


def decides(day, state, text):
    return Act(day, "decide_dispute", {"state": state, "text": text})


def pauses(day, reason, note, days=None, login="iris"):
    """:param int days: how long from today on; None: until somebody ends it"""
    return Act(day, "pause", {"reason": reason, "note": note, "days": days, "login": login})


def prefers(day, channel, hour, refused=(), note=""):
    return Act(day, "prefer", {"channel": channel, "hour": hour, "refused": refused, "note": note})


# Reasons of the delay, by the end of their xmlid.
FORGOT, CASH, SALES, INTERNAL, BANK = "forgot", "cash_flow", "sales_drop", "internal", "bank"
NO_INVOICE, DISAGREES, UNHAPPY, PERSONAL = "no_invoice", "disagrees", "dissatisfied", "personal"

IN_THE_QUEUE = (
    Debtor(
        "software",
        68,
        (
            calls(12, "informed", "Reenviei as notas e os boletos. Vai levar à diretoria.", reason=INTERNAL),
            calls(1, "call_later", "Diretor em reunião; pediu retorno com o valor atualizado.", next_at=(0, 9, 30)),
        ),
    ),
    Debtor(
        "gym",
        52,
        (
            calls(6, "no_answer", "Caixa postal."),
            calls(1, "call_later", "Em aula; pediu para ligar no fim da tarde.", next_at=(-1, 16, 30), reason=FORGOT),
            prefers(1, "call", "afternoon"),
        ),
    ),
    Debtor(
        "school",
        75,
        (
            calls(9, "no_answer", "Chamou até cair."),
            promises(5, -1, "Recebe nesse dia e paga as mensalidades de uma vez.", reason=CASH),
        ),
    ),
    Debtor(
        "school",
        96,
        (
            calls(24, "informed", "Ciente do valor. Vai se organizar em casa.", reason=CASH),
            promises(10, 4, "Vai pagar por Pix depois do salário.", reason=CASH),
        ),
        is_big=True,
    ),
    Debtor(
        "gym",
        60,
        (promises(9, 4, "Disse que passa na recepção e paga.", reason=FORGOT),),
    ),
    Debtor(
        "software",
        80,
        (
            promises(22, 16, "Pagamento entra no lote da semana.", reason=INTERNAL),
            promises(11, 4, "Novo lote, autorizado pelo sócio. Confirmar.", reason=CASH),
        ),
        is_big=True,
    ),
    Debtor(
        "school",
        45,
        (
            calls(4, "left_message", "Deixei recado com quem atendeu, sem dizer o assunto."),
            writes(
                1,
                "Bom dia, recebi a mensagem. Podem me mandar o Pix da mensalidade em atraso? Desde já agradeço.",
            ),
        ),
    ),
    Debtor(
        "gym",
        40,
        (
            calls(4, "says_paid", "Diz que pagou pelo aplicativo do banco; vai mandar o comprovante.", reason=BANK),
            prefers(4, "whatsapp", "evening", ("call",), "Pediu ao telefone para falar só por WhatsApp"),
        ),
    ),
    Debtor(
        "software",
        42,
        (
            calls(3, "says_paid", "Financeiro informa que já pagou; pedi o comprovante por e-mail."),
            prefers(3, "email", "morning", ("whatsapp", "sms"), "Só recebe cobrança por e-mail"),
        ),
    ),
    Debtor(
        "school",
        128,
        (
            calls(40, "informed", "A família perdeu um contrato de trabalho. Quer manter a criança na escola."),
            calls(14, "refused", "Só consegue falar de parcelamento no mês que vem.", reason=PERSONAL),
        ),
        is_big=True,
    ),
    Debtor("school", 130, collector="otavio"),
    Debtor("school", 118, (calls(8, "informed", "Confirmou que recebeu os boletos. Não deu data.", reason=CASH),)),
    Debtor(
        "gym",
        48,
        (calls(5, "no_answer", "Não atendeu."), calls(2, "no_answer", "Não atendeu de novo.")),
        contact={"phone": "(11) 3862-4417"},
    ),
    Debtor(
        "gym",
        82,
        (
            calls(7, "no_answer", "Caixa postal."),
            calls(4, "no_answer", "Caixa postal."),
            calls(2, "left_message", "Recado com colega de trabalho, sem dizer o assunto."),
        ),
    ),
    Debtor(
        "software",
        40,
        (calls(3, "wrong_contact", "O número é de outra empresa. Procurar o contato no site."),),
        contact={"phone": "(31) 3224-5190"},
    ),
    Debtor("software", 50, (calls(6, "informed", "Não tinha recebido o boleto; enviado de novo.", reason=NO_INVOICE),)),
    Debtor("gym", 64, (calls(8, "informed", "Vai ver em casa e retorna.", reason=CASH),), collector=""),
    Debtor("gym", 36, contact={"phone": False}, collector=""),
    Debtor("gym", 33),
    Debtor("school", 34, (prefers(1, "whatsapp", "afternoon", (), "Pediu na secretaria"),)),
    Debtor("software", 33, contact={"phone": "(41) 3077-2218"}),
    Debtor("school", 40, collector="otavio"),
)
NOT_IN_THE_QUEUE = (
    # --- waited for ---
    Debtor("school", 66, (promises(2, -5, "Recebe nesse dia; prefere pagar tudo de uma vez.", reason=CASH),)),
    Debtor("gym", 47, (disputes(5, "cancelled", "Diz que pediu o cancelamento no balcão, antes do vencimento."),)),
    Debtor(
        "school",
        62,
        (
            calls(4, "informed", "Viajando com a família; volta e acerta."),
            pauses(4, "vacation", "Viagem em família, volta em alguns dias", days=9),
        ),
    ),
    Debtor(
        "gym",
        126,
        (
            calls(38, "refused", "Advogado assumiu a conversa.", reason=DISAGREES),
            pauses(30, "court", "Processo 1004512-88, Juizado Especial Cível", login="otavio"),
        ),
        collector="otavio",
    ),
    # --- settled, wholly or in part ---
    Debtor("software", 75, (promises(14, 10, "Paga por Pix assim que o sócio liberar."), pays(10)), resumes=True),
    Debtor("gym", 62, (promises(12, 9, "Esqueceu; paga até sexta."), pays(9)), resumes=True),
    Debtor("school", 80, (promises(20, 15, "Paga com o adiantamento do salário."), pays(16)), resumes=True),
    Debtor("software", 70, (promises(17, 13, "Lote de pagamentos da semana que vem."), pays(13)), resumes=True),
    Debtor("gym", 55, (calls(13, "informed", "Reenviei o Pix."), pays(11)), resumes=True),
    Debtor(
        "software", 60, (calls(12, "informed", "Vai pagar só o valor da nota."), pays(8, "principal")), resumes=True
    ),
    Debtor("school", 58, (calls(11, "informed", "Pagou pela chave Pix."), pays(10, "principal")), resumes=True),
    Debtor(
        "gym",
        70,
        (
            calls(14, "informed", "Consegue pagar uma parte agora e o resto depois.", reason=CASH),
            pays(11, "half"),
        ),
    ),
    Debtor(
        "software",
        66,
        (
            disputes(19, "amount", "Acha que foram cobrados usuários a mais."),
            decides(14, "rejected", "Conferido com o relatório de uso: os usuários estavam ativos no período."),
            calls(
                7, "informed", "Expliquei o resultado da contestação. Vai pagar na próxima semana.", reason=DISAGREES
            ),
        ),
        collector="otavio",
    ),
    Debtor("school", 72, (calls(16, "informed", "Reclama do material.", reason=UNHAPPY), pays(12)), resumes=True),
)
DEBTORS = IN_THE_QUEUE + NOT_IN_THE_QUEUE
# Before their first day the customers must be known, and chosen among those that pay well so far.
CHOSEN_DAYS = 140
