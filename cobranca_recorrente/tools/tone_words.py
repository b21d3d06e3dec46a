"""What a message to a customer must not say, as patterns for `tone`.

They are compared with text in small letters without accents; a space stands for spaces or a hyphen, whole words only.
"""

# What a legal notice may mention where it states a right: never a reminder, never an ordinary notice.
LEGAL_STEPS = (
    r"medidas? (?:judicia\w+|cabive\w+|lega\w+|extrema\w*|drastica\w*|energica\w*|severas?)",
    r"tom(?:ar\w*|amos|ando) (?:as |todas as |novas |outras |as devidas |serias )?(?:medidas|providencias)",
    r"providencias (?:judicia\w+|cabive\w+|lega\w+)",
    r"sob pena",
    r"(?:via|vias|cobranca|esfera|execucao|acordo) judicia\w+",
    r"judicialmente",
    r"(?:na|a|da|pela|com a) justica",
    r"em juizo",
    r"ajuiz\w+",
    r"ac(?:ao|oes) (?:judicia\w+|de (?:execucao|cobranca)|monitoria\w*|executiva\w*|na justica)",
    r"processos? (?:judicia\w+|civ\w+|lega\w+|de (?:execucao|cobranca))",
    r"(?:evit|sofr|abr|mov|instaur|enfrent|vir)\w* (?:um |uma |o |a |seu |sua |algum )?"
    r"(?:processos?|acao|acoes)(?! (?:de|do|da|para)\b)",
    r"(?:responder\w*|respondendo) a (?:um |uma )?(?:processos?|acao|acoes)",
    r"(?:entr\w+|ingress\w+) com (?:um |uma |o |a )?(?:processos?|acao|acoes)",
    r"process(?:ar|aremos|a lo|a la|ar lo) (?:voce|o senhor|a senhora|sua empresa)",
    r"(?:te|lhe) processar|(?:vamos|iremos|podemos) processar(?= ?(?:[.,;!?]|$))",
    r"voce (?:sera|vai ser|podera ser|pode ser) (?:processad|acionad|executad)[oa]",
    r"(?:ao|pelo|com o|para o|no|nosso) (?:departamento |setor )?juridico",
    r"(?:aos?|pel[oa]s?|com|para|noss[oa]s?) (?:noss[oa]s? )?(?:advogad[oa]s?|escritorio de advocacia)",
    r"consequencias (?:graves?|serias?|lega\w+|judicia\w+)",
    r"legal (?:action|proceedings|steps|measures)",
    r"(?:will|shall|may|going to) sue",
    r"(?:lawsuits?|in court|to court|our (?:lawyers?|attorneys?|solicitors?))",
    r"take (?:further |all |other )?(?:measures|steps) against",
)
# No message says this, whatever it is: courts do it, creditors do not threaten with it.
PERSECUTION = (
    r"cadeia(?! (?:de|do|produtiva)\b)",
    r"pris(?:ao|oes)",
    r"(?:ser|sera|vai|ficar|acabar|acaba) pres[oa]s?",
    r"polic(?:ia|ial|iais)|delegacias?",
    r"oficia(?:l|is) de justica",
    r"penhor(?:a|as|ar|aremos|ad[oa]s?|avel)",
    r"busca e apreensao",
    r"(?:bloque|confisc|tom|apreen)\w* (?:d?[eo]s? |a |as |seus? |suas? )*"
    r"(?:bens|salario|conta bancaria|contas bancarias)",
    r"crim(?:e|es|inal|inais|inos[oa]s?)",
    r"estelionat\w+",
    r"despej(?:o|ar|ad[oa]s?)",
    r"arrepender\w*|vai ver so",
    r"(?:ate|as|sofrer\w*|arcar\w* com as|arque com as) (?:as )?(?:ultimas )?consequencias",
    r"(?:nao nos|nos) (?:obrig|forc)\w+ a",
    r"seremos (?:obrigad|forcad)[oa]s",
    r"jail|prison|police|bailiffs?|arrested|garnish\w*",
    r"seiz(?:e|ed|ing|ure) (?:of )?(?:your|assets|property|wages)",
    r"or else|you will regret",
)
THREATS_MILD = (r"evit\w+ (?:maiores |mais )?(?:transtornos?|aborreciment\w+|problemas|dissabor\w*)",)

SHAME = (
    r"calotes?|caloteir[oa]s?",
    r"devedor(?:a|es|as)?",
    r"inadimpl\w+",
    r"(?:des|en)?(?:a)?vergonh\w+",
    r"(?:mau|ma|maus|pessim[oa]s?) pagador(?:a|es|as)?",
    r"nome (?:\w+ )?(?:\w+ )?(?:suj|manchad)[oa]|nome limpo",
    r"(?:suj|manch|limp)\w+ (?:o |seu |o seu |teu )*nome",
    r"irresponsa\w+",
    r"desonest\w+",
    r"ma fe",
    r"sem (?:carater|vergonha|palavra)",
    r"falta de (?:carater|vergonha|compromisso|respeito|honestidade|palavra)",
    r"trambiqu\w+|vigarist\w+|picareta\w*|velhac[oa]s?|vagabund\w+|safad\w+",
    r"negligen(?:te|tes|cia)|desleixad[oa]s?|relaps[oa]s?",
    r"constrangiment\w+",
    r"debtors?|deadbeats?|defaulters?|delinquen\w+",
    r"(?:bad|poor) pay(?:er|ers|or)",
    r"ashamed|shame(?:ful|less)?|dishonest\w*|irresponsible",
)
SHAME_MILD = (
    r"honr(?:e|ar|ou|em|ando) (?:com )?(?:os? |as? |seus? |suas? )*(?:compromissos?|palavra|obrigac\w+|dividas?)",
)

BUREAU = (
    r"spc|scpc|serasa|cadin",
    r"negativa(?:r\w*|cao|coes|d[oa]s?|ndo)",
    r"protest(?:o|os|ar\w*|ad[oa]s?|amos|e)",
    r"cartori[oa]s?",
    r"protecao (?:ao|do|de) credito",
    r"restric(?:ao|oes) (?:(?:de|ao|no|na|em|do) )?(?:seu |o |sua )?(?:credito|nome|cpf|cnpj)",
    r"cadastros? (?:restritiv\w+|negativ\w+|de restric\w+)",
    r"lista negra|score",
    r"credit (?:bureaus?|score|agenc\w+|rating)|blacklist\w*|negative listing",
)

DEBT = (
    r"dividas?",
    r"debitos?(?! (?:automatic|em conta|direto))",
    r"atras(?:o|os|ad[oa]s?|ou|aram|ando)",
    r"vencid[oa]s?|venceu|venceram",
    r"cobranc(?:a|as)|cobr(?:ar|amos|aremos|ad[oa]s?|ando)",
    r"inadimpl\w+|devedor(?:a|es|as)?",
    r"nao (?:foi |foram )?pag(?:o|a|os|as|ou|aram)",
    r"(?:r|us)?[$€] ?\d[\d.,]*",
    r"\d{1,3}(?:\.\d{3})*,\d{2}|\d+ (?:reais|real)",
    r"debts?|overdue|past due|arrears|owes?|owed|owing|unpaid|late payments?|in default",
    r"collections?(?: notice| department)?|debt collection",
)
DEBT_MILD = (
    r"pendent(?:e|es)|pendencias?",
    r"em aberto|regulariz\w+|quitac\w+|quitar",
    r"outstanding",
)

URGENCY = (
    r"ultim[oa]s? (?:aviso|chance|oportunidade|comunicado|notificac\w+|alerta|tentativa|chamada|prazo)s?",
    r"urgent(?:e|es|emente|issimo)?|urgencia",
    r"rest(?:a|am) (?:apenas |so |somente )?\d+ (?:horas?|minutos?|dias?)",
    r"falt(?:a|am) (?:apenas |so |somente )\d+",
    r"antes que seja tarde|contagem regressiva|nao perca tempo|aja (?:agora|ja)",
    r"(?:last|final) (?:notice|warning|chance|reminder|demand|call|opportunity)",
    r"only \d+ (?:hours?|minutes?|days?) left|act now|before it is too late",
)
URGENCY_MILD = (
    r"imediat(?:o|a|os|as|amente)|(?:em|dentro de|ate) (?:24|48|72) ?h(?:oras|rs)?",
    r"pague (?:agora|ja)(?! com\b)",
    r"immediately|at once|pay now",
)

PEOPLE = (
    r"empregador\w*|patr(?:ao|oa|oes)|(?:seu|sua|teu) chefe|local de trabalho|seu trabalho|colegas",
    r"familia(?:s|r|res)?|parentes?|vizinh\w+|conjuges?|espos[oa]s?|marido",
    r"employers?|your boss|workplace|famil(?:y|ies)|relatives|neighbou?rs?|spouse|wife|husband",
)
# The same as an announcement: somebody else will be told or asked.
TOLD = (
    r"(?:(?:avis|comunic|inform|contat|lig|procur|cobr|acion|notific|visit|fal)(?:aremos|arei|amos|ando)"
    r"|(?:vamos|iremos|vou|podemos|poderemos) \w+ar)\b[^.!?]{0,30}\b"
    "(?:" + "|".join(PEOPLE[:2]) + "|seu rh|recursos humanos|empresa onde)",
    r"(?:tell|inform|contact|call|notify|visit)\b[^.!?]{0,30}\b(?:" + PEOPLE[2] + ")",
)
# Words that state a right instead of announcing what will be done to somebody.
NEUTRAL = (
    r"pod(?:e|em|emos|era|erao|eremos|endo|eria|eriam)|faculta\w*|nos termos|conforme|previst[oa]s?|artigos?|art",
    r"codigo|lei|direitos?|reserva se",
    r"may|might|under the|according to|rights?",
)
# The prior notice of the law: until when nothing happens.
PERIOD = (
    r"(?:prazo|ate|apos|dentro de|antes d[eo]|a contar)\b[^.!?]{0,40}(?:\bdias?\b|\d)",
    r"(?:within|after|before|until)\b[^.!?]{0,40}(?:\bdays?\b|\d)",
)
