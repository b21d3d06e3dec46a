"""Invented people and companies with valid documents; nobody's in particular."""

import random
import unicodedata

from stdnum.br import cnpj, cpf

FIRST_NAMES = (
    "Ana Bianca Caio Davi Elisa Fábio Gabriela Heitor Isadora João Karina Luan Marina Nicolas Olívia Paulo Queila "
    "Rafael Sofia Tiago Úrsula Vítor Wesley Yasmin Zuleica Benício Clarice Danilo Estela Frederico Giovana Henrique"
).split()
SURNAMES = (
    "Almendra Bracari Cordovil Damasceno Espíndola Figueirinha Galvarro Hortelã Inhapim Jacarandá Lindoso Marambaia "
    "Nogal Oiticica Peroba Quintela Ramalhete Sapucaia Tamarindo Umbuzal Vilarinho Xexéu Zambujal Aroeira Buriti Cajuri"
).split()
TRADES = (
    "Padaria Oficina Papelaria Clínica Transportadora Construtora Livraria Farmácia Marcenaria Consultoria Pousada "
    "Distribuidora Escritório Floricultura Gráfica Agência"
).split()
TRADE_NAMES = (
    "Alvorada Beira-Rio Capivara Dunas Estrela Farol Girassol Horizonte Ipê Jatobá Lagoa Mirante Nascente Orvalho "
    "Pedra-Azul Quaresmeira Recanto Sabiá Travessia Vale-Verde"
).split()
CITIES = (
    # name, state, CEP prefix, area code
    ("São Paulo", "SP", "01310", "11"),
    ("Campinas", "SP", "13010", "19"),
    ("Rio de Janeiro", "RJ", "20040", "21"),
    ("Belo Horizonte", "MG", "30130", "31"),
    ("Curitiba", "PR", "80010", "41"),
    ("Porto Alegre", "RS", "90010", "51"),
    ("Salvador", "BA", "40020", "71"),
    ("Recife", "PE", "50010", "81"),
)
STREETS = "Rua das Acácias|Rua do Comércio|Avenida Central|Rua da Matriz|Rua dos Ipês|Avenida Brasil|Rua Sete".split(
    "|"
)
# Share of the companies of which somebody is known who pays.
WITH_PAYER = 0.65


def with_check_digits(base, module):
    """The document that begins with these digits; the library is asked which ending is right."""
    return next(document for ending in range(100) if module.is_valid(document := f"{base}{ending:02}"))


class People:
    """A deterministic source of customers."""

    def __init__(self, seed=19):
        self.random = random.Random(seed)
        self.used = set()

    def _unique(self, make):
        for _attempt in range(1000):
            value = make()
            if value not in self.used:
                self.used.add(value)
                return value
        raise ValueError("the lists of names are used up")

    def cpf(self):
        base = f"{self.random.randrange(10**9):09}"
        return cpf.format(with_check_digits(base, cpf))

    def cnpj(self):
        base = f"{self.random.randrange(10**8):08}0001"
        return cnpj.format(with_check_digits(base, cnpj))

    def person(self):
        """Values of a natural person: name, document, contact, address."""
        name = self.relative_name()
        return {"name": name, "vat": self.cpf(), "is_company": False, **self._contact(name)}

    def relative_name(self):
        """Name of someone of a customer's family."""
        return self._unique(lambda: " ".join([self.random.choice(FIRST_NAMES), *self.random.sample(SURNAMES, 2)]))

    def company(self):
        """Values of a legal person."""
        name = self._unique(lambda: f"{self.random.choice(TRADES)} {self.random.choice(TRADE_NAMES)} Ltda.")
        values = {"name": name, "vat": self.cnpj(), "is_company": True, **self._contact(name)}
        return {**values, "payer": self._payer(values)} if self.random.random() < WITH_PAYER else values

    def _payer(self, company):
        """Who pays the invoices of a company."""
        name = self.relative_name()
        return {
            "name": name,
            "function": self.random.choice(["Financeiro", "Contas a pagar", "Sócia administradora"]),
            "cobranca_role": "pays",
            "email": f"financeiro{company['email'].partition('.')[2].partition('@')[0]}@example.com",
            "phone": self._mobile(company["phone"][1:3]),
        }

    def _mobile(self, area):
        return f"({area}) 9{self.random.randrange(5000, 9999)}-{self.random.randrange(10000):04}"

    def _contact(self, name):
        city, state, cep, area = self.random.choice(CITIES)
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = [word.strip(".") for word in ascii_name.split()]
        return {
            "email": f"{words[0]}.{words[1]}{self.random.randrange(10, 99)}@example.com",
            "phone": self._mobile(area),
            "street": f"{self.random.choice(STREETS)}, {self.random.randrange(10, 1990)}",
            "city": city,
            "state": state,
            "zip": f"{cep}-{self.random.randrange(1000):03}",
        }
