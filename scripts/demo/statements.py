"""The bank's statement of today, imported and left to be matched: certain, likely and unknown movements."""

from freezegun import freeze_time

NAME = "extrato-banco.csv"


class Statement:
    """A CSV as banks write it, for customers who are a little late."""

    def __init__(self, demo):
        self.demo = demo
        self.env = demo.env
        self.company = demo.company

    def bring(self):
        """Import the file, as the finance team does it in the morning."""
        with freeze_time(f"{self.demo.today} 15:00:00"):
            content = self._get_content()
            if content:
                journal = self.env["account.journal"].search([("type", "=", "bank")], limit=1)
                self.env["cobranca.statement.import"]._import(journal, NAME, content)

    def _get_content(self):
        debts = self._get_debts()
        if len(debts) < len(WAYS):
            return b""
        costs = debts._cobranca_read_debts(self.demo.today)
        rows = ["Extrato de conta corrente;;;", "Data;Histórico;Docto.;Valor (R$)"]
        for number, (debt, way) in enumerate(zip(debts, WAYS, strict=False), 1):
            text, amount = way(self, debt, costs[debt].charges)
            rows.append(self._get_row(text, number, amount))
        for text, amount in OTHERS:
            rows.append(self._get_row(text, len(rows), amount))
        return "\n".join(rows).encode("cp1252")

    def _get_row(self, text, number, amount):
        written = f"{amount:.2f}".replace(".", ",")
        return f"{self.demo.today:%d/%m/%Y};{text};{number:06};{written}"

    def _get_debts(self):
        """One late debt of each customer who owes nothing else, the newest first."""
        Line = self.env["account.move.line"]
        lines = Line._cobranca_search_open_lines(self.company, self.demo.today)
        late = lines.filtered(lambda line: line.date_maturity < self.demo.today)
        chosen = Line.browse()
        portal = self.demo.contracts["portal"].partner_id.commercial_partner_id
        for partner, own in lines.grouped(lambda line: line.partner_id.commercial_partner_id).items():
            if len(own) == 1 and own in late and partner.vat and partner != portal:
                chosen |= own
        return chosen.sorted(lambda line: (line.date_maturity, line.id), reverse=True)[: len(WAYS)]

    def pix(self, debt, cost):
        """Paid by the Pix of the payments page, and seen that morning."""
        customer = debt.partner_id.commercial_partner_id
        quote = self.env["cobranca.payment.quote"]._make(self.company, customer, debt, date=self.demo.today)
        return f"PIX RECEBIDO QR {quote.txid}", quote.amount

    def document(self, debt, cost):
        digits = "".join(filter(str.isalnum, debt.partner_id.commercial_partner_id.vat))
        return f"PIX RECEBIDO {digits}", cost.total

    def number(self, debt, cost):
        return f"TED REF {debt.move_name}", cost.total

    def name(self, debt, cost):
        return f"PIX RECEBIDO {plain(debt.partner_id.commercial_partner_id.name)}", cost.principal

    def part(self, debt, cost):
        digits = "".join(filter(str.isalnum, debt.partner_id.commercial_partner_id.vat))
        return f"PIX RECEBIDO {digits}", float(cost.principal) / 2


def plain(name):
    """As banks write names: capitals, without accents."""
    return name.upper().translate(str.maketrans("ÁÀÂÃÉÊÍÓÔÕÚÇ", "AAAAEEIOOOUC"))


WAYS = (Statement.pix, Statement.document, Statement.number, Statement.name, Statement.part)
OTHERS = (("TRANSF ENTRE CONTAS PROPRIAS", 5000.0), ("DEPOSITO EM DINHEIRO", 63.1), ("TARIFA PACOTE", -49.9))
