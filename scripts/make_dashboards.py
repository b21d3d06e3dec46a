"""Write the spreadsheets of Odoo's Dashboards app that the reports bring: the same input makes the same bytes.

Odoo Community shows dashboards and has no editor for them, so that they are written here. Their formulas read lists
and pivots of the reports' models, whose values `cobranca_relatorios/tests` compares with the pages.
"""

import sys
from pathlib import Path

from dashboard_advanced import make_agencies, make_ladder, make_months, make_negotiation
from dashboard_blocks import CURRENT, put_agencies, put_causes, put_cohorts, put_forecast, put_ladder
from dashboard_book import COLUMN_PX, COLUMNS, Book

FOLDER = Path(__file__).resolve().parent.parent / "cobranca_relatorios" / "data" / "files"
FIGURES = {
    "late_amount": "Late today",
    "rate_30": "Late over 30 days",
    "dso": "DSO",
    "cei": "CEI (effectiveness)",
    "recovered": "Recovered in the month",
    "agreement_rate": "Agreements on time",
}
FIGURES_MENU = "cobranca_relatorios.cobranca_kpi_report_menu"
SENTENCES = 6
# What the pictures of an empty dashboard show; nobody's figures.
SAMPLE = (
    ("R$ 373,3 mil", "13,3 %", "41 dias", "78,6 %", "R$ 142,4 mil", "81 %"),
    (911300, 201840, 78420, 41700, 33900, 12100, 5300),
)
BANDS = ("Not due", "1–30", "31–60", "61–90", "91–180", "181–360", "> 360")


def make_overview(sample=False):
    """Six figures with owner and goal, the sentences, and what is behind them from the delay to the money to come."""
    book = Book("overview_sample" if sample else "overview", 42 if sample else 120, sample)
    put_cards(book)
    put_sentences(book, 18)
    put_aging(book, 27)
    if not sample:
        put_cohorts(book, 42)
        put_ladder(book, 59)
        put_causes(book, 77)
        put_agencies(book, 92)
        put_forecast(book, 103)
    return book


def put_cards(book):
    """Two rows of three cards; what is beneath one stands in cells: the year, the goal, and who answers for it."""
    columns = ("value_text", "month_text", "year_text", "goal_text", "state_text", "owner_text")
    number = None
    if not book.sample:
        domain = [*CURRENT, ["is_main", "=", True]]
        number = book.add_list("cobranca.kpi.report", columns, domain, [("sequence", True)], "Key figures")
    for place, (code, label) in enumerate(FIGURES.items()):
        row = place + 1
        for column, name in zip("BCDEFG", columns, strict=True):
            sample = SAMPLE[0][place] if name == "value_text" else ""
            book.data["cells"][f"{column}{row}"] = sample if book.sample else f'=ODOO.LIST({number},{row},"{name}")'
        book.data["cells"][f"A{row}"] = f'=_t("{label}")'
        at, top = 4 * (place % 3), 8 * (place // 3)
        size = (4 * COLUMN_PX - 10, 92)
        book.add_figure(f"card-{code}", at, top, size, _make_card(label, row), FIGURES_MENU)
        if not book.sample:
            put_beneath(book, row, COLUMNS[at], COLUMNS[at + 3], top + 6)


def put_beneath(book, row, first, last, top):
    lines = (
        f'=CONCATENATE(Data!D{row}," ",_t("year"))',
        f"=Data!E{row}",
        f'=IF(Data!F{row}="",Data!G{row},CONCATENATE(Data!F{row}," · ",Data!G{row}))',
    )
    for offset, line in enumerate(lines):
        book.put(f"{first}{top + offset}", line, "small", f"{last}{top + offset}")


def _make_card(label, row):
    return {
        "type": "scorecard",
        "title": {"text": label, "color": "#1F2937", "bold": True},
        "keyValue": f"Data!B{row}",
        "baseline": f"Data!C{row}",
        "baselineMode": "text",
        "baselineDescr": {"text": "month"},
        "baselineColorUp": "#12633A",
        "baselineColorDown": "#A3201B",
        "humanize": False,
        "background": "#EFF6FF",
    }


def put_sentences(book, row):
    book.title(row, "In words", "cobranca_relatorios.cobranca_overview_menu")
    if book.sample:
        return
    number = book.add_list(
        "cobranca.insight", ["text", "link", "tone"], CURRENT, [("importance", False), ("code", True)], "Sentences"
    )
    for place in range(1, SENTENCES + 1):
        at = row + place
        text, link = (f'ODOO.LIST({number},{place},"{column}")' for column in ("text", "link"))
        book.put(f"A{at}", f'=IFERROR(HYPERLINK({link},{text}),"")', "link", f"L{at}")


def put_aging(book, row):
    book.title(row, "Receivables by delay", "cobranca_relatorios.cobranca_aging_report_menu")
    size = (COLUMN_PX * len(COLUMNS) - 8, 290)
    if book.sample:
        for place, (label, amount) in enumerate(zip(BANDS, SAMPLE[1], strict=True), start=20):
            book.data["cells"].update({f"A{place}": label, f"B{place}": str(amount)})
        bars = {"dataSets": [{"dataRange": "Data!B20:B26", "yAxisId": "y"}], "labelRange": "Data!A20:A26"}
        chart = {"type": "bar", "title": {}, "dataSetsHaveTitle": False, "legendPosition": "none", "stacked": False}
        book.add_figure("aging", 0, row, size, {**chart, **bars, "aggregated": False})
        return
    search = {"context": {}, "domain": CURRENT, "groupBy": ["band"], "orderBy": []}
    meta = {
        "groupBy": ["band"],
        "measure": "amount",
        "order": None,
        "resModel": "cobranca.overview.band",
        "mode": "bar",
    }
    chart = {
        "type": "odoo_bar",
        "title": {"text": ""},
        "legendPosition": "none",
        "metaData": meta,
        "searchParams": search,
        "dataSets": [{"backgroundColor": "#C2563A"}],
        "verticalAxisPosition": "left",
        "stacked": False,
        "fieldMatching": {},
    }
    book.add_figure("aging", 0, row, size, chart, "cobranca_relatorios.cobranca_aging_report_menu")


def get_files():
    """All files by their name."""
    books = {
        "overview_dashboard.json": make_overview(),
        "overview_sample_dashboard.json": make_overview(sample=True),
        "months_dashboard.json": make_months(),
        "ladder_dashboard.json": make_ladder(),
        "negotiation_dashboard.json": make_negotiation(),
        "agencies_dashboard.json": make_agencies(),
    }
    return {f"cobranca_{name}": book.to_text() for name, book in books.items()}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in get_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
