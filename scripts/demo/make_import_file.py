"""Write the example file of 200 contracts that is shipped with the addon."""

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cobranca_recorrente"))

from tools.schedule import Schedule

from demo.people import People
from demo.products import PRODUCTS

TARGET = Path(__file__).resolve().parents[2] / "cobranca_recorrente/static/import/exemplo_200_contratos.csv"
HEADER = (
    "CPF ou CNPJ",
    "Nome do cliente",
    "E-mail do cliente",
    "Telefone do cliente",
    "CEP do cliente",
    "CPF do beneficiário",
    "Nome do beneficiário",
    "Referência",
    "Início",
    "Término",
    "Dia de vencimento",
    "Fidelidade (meses)",
    "Faturado até",
    "Itens/Produto",
    "Itens/Quantidade",
    "Itens/Preço unitário",
    "Itens/Tipo",
    "Itens/Cobrança",
    "Itens/De",
)
PLANS = [PRODUCTS[key] for key in ("fundamental", "medio", "gym_basic", "gym_full", "saas_basic", "saas_pro")]
CUT_OVER = date(2026, 11, 30)


def rows(count):
    people = People(seed=200)
    choose = people.random
    for number in range(1, count + 1):
        customer = people.company() if choose.random() < 0.3 else people.person()
        product, price = choose.choice(PLANS)
        is_school = product.startswith("Mensalidade") and not customer["is_company"]
        student = people.person() if is_school else None
        start = CUT_OVER + timedelta(days=1) - timedelta(days=choose.choice([0, 90, 200, 400, 800]))
        if is_school:
            start = start.replace(day=1)
        first = (
            customer["vat"],
            customer["name"],
            customer["email"],
            customer["phone"],
            customer["zip"],
            # Some students have no CPF yet: then the name makes a contact of the customer.
            student["vat"] if student and number % 2 else "",
            student["name"] if student else "",
            f"SIS-{number:04}",
            day(start),
            day(date(2026, 12, 31)) if is_school else "",
            choose.choice([1, 5, 10, 15, 20, 25, 31]),
            12 if product.startswith("Plano") else 0,
            day(last_billed(start)) if start <= CUT_OVER else "",
        )
        yield (*first, product, choose.choice([1, 1, 1, 2]), money(price), "Recorrente", "Antecipado", "")
        if number % 25 == 2:
            # A second item of the same contract: the columns of the contract stay empty.
            yield (*[""] * len(first), product, 1, money(99), "Avulso", "Antecipado", day(date(2026, 12, 28)))


def last_billed(start):
    """The old system billed in advance: to the end of the period in which it stopped."""
    terms = Schedule(start)
    return terms.period(terms.index_of(CUT_OVER))[1]


def day(when):
    return when.strftime("%d/%m/%Y")


def money(amount):
    return f"{amount:.2f}".replace(".", ",")


def main():
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    template = TARGET.with_name("modelo_contratos.csv")
    for path, count in ((TARGET, 200), (template, 2)):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows(count))


if __name__ == "__main__":
    main()
