"""Tables in CSV as Brazilian banks write them: separators, headings, and what each column holds."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .statement import MOST_ROWS, UnreadableError, amount, day, decode, plain, tidy

SEPARATORS = ";\t,|"
# What a column holds.
ROLES = ("date", "text", "name", "amount", "credit", "debit", "sign", "identity", "balance", "nothing")
# Headings without accents and without what stands in brackets.
HEADINGS = {
    "date": "data,data lancamento,data do lancamento,data de lancamento,data mov,data movimento,data do movimento,"
    "data da transacao,data transacao,data da operacao,dt,dt lancamento,dt movimento,data contabil,data credito,"
    "data do credito,date,release_date",
    "text": "historico,historico do lancamento,descricao,descricao do lancamento,lancamento,lancamentos,detalhe,"
    "detalhes,memo,description,titulo,complemento,documento,docto,doc,numero do documento,n documento,no documento,"
    "no doc,num doc,numero documento,txid,referencia,observacao,informacoes adicionais,cpf/cnpj,cpf cnpj,cpf,cnpj,"
    "tipo transacao,tipo de transacao,tipo da transacao,tipo lancamento,transaction_type,mensagem,dcto",
    "name": "nome,favorecido,pagador,remetente,razao social,nome/razao social,origem,origem / destino,origem/destino,"
    "contraparte,nome do pagador,nome contraparte",
    "amount": "valor,valor lancamento,valor do lancamento,valor da transacao,valor transacao,valor liquido,amount,"
    "quantia,montante,transaction_net_amount,valor em reais,valor r$",
    "credit": "credito,creditos,entrada,entradas,valor credito,valor entrada,recebimentos",
    "debit": "debito,debitos,saida,saidas,valor debito,valor saida,pagamentos",
    "sign": "d/c,c/d,dc,cd,deb/cred,debito/credito,credito/debito,natureza,inf,sinal,tipo,tipo operacao",
    "identity": "identificador,id,id transacao,id da transacao,codigo da transacao,codigo transacao,id da operacao,"
    "reference_id,e2e,e2eid,endtoend,endtoendid,end to end,id end to end,autenticacao",
    "balance": "saldo,saldos,saldo do dia,saldo parcial,partial_balance,balance,saldo final",
}
ROLE_OF = {heading: role for role, headings in HEADINGS.items() for heading in headings.split(",")}
IN = {"c", "cr", "credito", "entrada", "+", "recebimento", "recebido", "receita"}
OUT = {"d", "db", "debito", "saida", "-", "pagamento", "enviado", "despesa"}
# So many lines may come before the headings.
PREFACE = 40


@dataclass(frozen=True)
class Table:
    """The cells of a file.

    :param head: place of the headings among the lines; -1 where there are none
    :param roles: of its columns, as far as they are known
    """

    lines: list[tuple[int, list[str]]]
    head: int
    headings: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Is it clear which columns hold day and amount?

        >>> Table([], 0, ("Data", "Valor"), ("date", "amount")).is_known
        True
        >>> Table([], 0, ("Data", "Valor", "Valor"), ("date", "amount", "amount")).is_known
        False
        """
        return is_enough(self.roles)

    @property
    def guesses(self) -> tuple[str, ...]:
        """What the columns may hold by what is in them: proposed, for a balance looks as an amount does."""
        return _guess(self.lines[self.head + 1 :], len(self.headings))

    @property
    def examples(self) -> list[list[str]]:
        """The first cells of each column, for who says what they hold."""
        first = [cells for _number, cells in self.lines[self.head + 1 :] if len(cells) > 1][:3]
        return [[tidy(cells[at]) for cells in first if at < len(cells)] for at in range(len(self.headings))]


def is_enough(roles: Sequence[str]) -> bool:
    """Are there one day, and amounts in one way?

    >>> is_enough(["date", "credit", "debit"]), is_enough(["date", "text"]), is_enough(["date", "amount", "credit"])
    (True, False, False)
    """
    amounts = roles.count("amount")
    parts = roles.count("credit"), roles.count("debit")
    is_one = amounts == 1 and parts == (0, 0)
    is_two = not amounts and max(parts) == 1
    return roles.count("date") == 1 and (is_one or is_two) and roles.count("sign") <= 1


def heading(text: str) -> str:
    """A heading as it is looked up.

    >>> heading(" Valor (R$) "), heading("Histórico"), heading("Nº Documento:")
    ('valor', 'historico', 'no documento')
    """
    return re.sub(r"\(.*?\)|[:.*]", "", plain(text)).strip() or "?"


def labels(headings: Sequence[str]) -> list[str]:
    """Headings as they are remembered: each once.

    >>> labels(["Data", "Valor (R$)", "Valor", ""])
    ['data', 'valor', 'valor 2', '?']
    """
    found: list[str] = []
    for text in map(heading, headings):
        count = sum(each == text or each.startswith(f"{text} ") and each[len(text) + 1 :].isdigit() for each in found)
        found.append(f"{text} {count + 1}" if count else text)
    return found


def table(content: bytes, chosen: Mapping[str, str] | None = None) -> Table:
    """The cells of a file and what its columns hold.

    :param chosen: {heading: role}, what people said of such a file before
    :raise UnreadableError: for a file that is no table

    >>> table("Extrato;;\\nData;Histórico;Valor (R$)\\n02/11/2026;PIX;10,00".encode()).roles
    ('date', 'text', 'amount')
    """
    text = decode(content)
    if "\x00" in text or not text.strip():
        raise UnreadableError("no_table")
    lines = _lines(text)
    head, roles = _head(lines, chosen or {})
    width = len(lines[head][1]) if head >= 0 else max((len(cells) for _number, cells in lines), default=0)
    if width < 2:
        raise UnreadableError("no_table")
    headings = tuple(tidy(cell) for cell in lines[head][1]) if head >= 0 else _numbers(width)
    if head < 0:
        is_said = chosen and "#1" in chosen
        roles = tuple(chosen.get(name, "nothing") for name in headings) if is_said else _guess(lines, width)
    return Table(lines, head, headings, roles)


def _numbers(width: int) -> tuple[str, ...]:
    return tuple(f"#{at + 1}" for at in range(width))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """(number in the file, cells) of the lines that are not empty, by the separator that fits best."""
    best, best_score = [], -1
    for separator in SEPARATORS:
        try:
            lines = _split(text, separator)
        except csv.Error:
            continue
        widths = [len(cells) for _number, cells in lines[:200] if len(cells) > 1]
        known = max((_known(cells) for _number, cells in lines[:PREFACE]), default=0)
        common = max((widths.count(width) * (width > 1) for width in set(widths)), default=0)
        score = known * 1000 + common
        if score > best_score:
            best, best_score = lines, score
    return best


def _split(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found, number = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
        number = reader.line_num + 1
        if len(found) > MOST_ROWS + PREFACE:
            raise UnreadableError("too_long", str(MOST_ROWS))
    return found


def _known(cells: Sequence[str]) -> int:
    roles = [ROLE_OF.get(heading(cell)) for cell in cells]
    return len([role for role in roles if role]) if "date" in roles else 0


def _head(lines: Sequence[tuple[int, list[str]]], chosen: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """Place of the headings and the roles of their columns; -1 where no line has any."""
    best, place = 0, -1
    for at, (_number, cells) in enumerate(lines[:PREFACE]):
        known = _known(cells) + 10 * sum(label in chosen for label in labels(cells) if label != "?")
        if known > best and len(cells) > 1:
            best, place = known, at
    if place < 0:
        return _unknown_head(lines)
    cells = lines[place][1]
    if any(label in chosen for label in labels(cells)):
        return place, tuple(chosen.get(label, "nothing") for label in labels(cells))
    roles = [ROLE_OF.get(heading(cell), "nothing") for cell in cells]
    return place, tuple(_settle(roles, cells, [row for _number, row in lines[place + 1 : place + 200]]))


def _unknown_head(lines: Sequence[tuple[int, list[str]]]) -> tuple[int, tuple[str, ...]]:
    """The first line may hold headings that nobody knows: no day and no amount is among them."""
    for at, (_number, cells) in enumerate(lines[:PREFACE]):
        if len(cells) < 2:
            continue
        is_data = any(is_read_by(day, cell) for cell in cells)
        return (-1, ()) if is_data else (at, ("nothing",) * len(cells))
    return -1, ()


def _settle(roles: list[str], cells: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of which several have the same role, or whose cells say something else."""
    for at, role in enumerate(roles):
        values = {plain(row[at]) for row in rows if at < len(row) and row[at].strip()}
        if role == "sign" and not values <= IN | OUT:
            roles[at] = "text"
        # A column of empty headings behind the amount holds its sign at some banks.
        if role == "nothing" and not cells[at].strip() and values and values <= {"c", "d", "+", "-"}:
            roles[at] = "sign"
        if role in ("credit", "debit") and values and values <= IN | OUT:
            roles[at] = "sign"
    for role in ("date", "amount"):
        places = [at for at, each in enumerate(roles) if each == role]
        for at in places[1:]:
            roles[at] = "nothing"
    if "amount" in roles and roles.count("credit") + roles.count("debit"):
        roles[:] = ["nothing" if role == "amount" else role for role in roles]
    return roles


def _guess(lines: Sequence[tuple[int, list[str]]], width: int) -> tuple[str, ...]:
    """Roles of a file without headings: days, amounts, and all else as text. Two amounts: the last is the balance."""
    rows = [cells for _number, cells in lines[:50] if len(cells) == width]
    roles = ["text"] * width
    for at in range(width):
        values = [cells[at].strip() for cells in rows if cells[at].strip()]
        if values and all(is_read_by(day, value) for value in values):
            roles[at] = "date" if "date" not in roles else "nothing"
        elif values and {plain(value) for value in values} <= {"c", "d", "+", "-"}:
            roles[at] = "sign"
        elif values and all(is_read_by(amount, value) and re.search(r"[.,]\d{2}\D*$", value) for value in values):
            roles[at] = "amount" if "amount" not in roles else "balance"
    return tuple(roles)


def is_read_by(read, text: str) -> bool:
    """Does a reader take a text?

    >>> is_read_by(day, "02/11/2026"), is_read_by(amount, "abc")
    (True, False)
    """
    try:
        read(text)
    except ValueError:
        return False
    return True
