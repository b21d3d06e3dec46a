"""The further spreadsheets: month by month, what ladder and forecast are worth, promises and agreements, agencies."""

from dashboard_blocks import CURRENT, add_heat, put_heads, put_note, style
from dashboard_book import COLUMNS, Book

MONTHS, STEPS, CHECKS = 13, 16, 6
RATES = (("rate_0", "Late"), ("rate_30", "Over 30 days"), ("rate_60", "Over 60 days"), ("rate_90", "Over 90 days"))
HEAT = (*((name, label, "down") for name, label in RATES), ("dso", "DSO", "down"), ("cei", "CEI", "up"))
# Weeks of a forecast that are judged together.
FOUR_WEEKS = ["horizon", "<=", 4]
EFFECT_HEADS = (
    ("A", "Step"),
    ("E", "Reminded"),
    ("F", "Paid (%)"),
    ("G", "Control group"),
    ("H", "Paid (%)"),
    ("I", "Uplift (points)"),
    ("J", "At least"),
    ("K", "At most"),
)


def make_months():
    """The positions of thirteen months as a map of heat: one scale a column, the darker the worse."""
    book = Book("months", 24)
    book.title(1, "Month by month", "cobranca_relatorios.cobranca_portfolio_snapshot_menu")
    measures = [f"{name}:avg" for name, _label, _direction in HEAT]
    number = book.add_pivot("cobranca.portfolio.snapshot", ["month:month"], measures, CURRENT)
    top, bottom = 3, 2 + MONTHS
    book.put("A2", '=_t("Month")', "wrapped_first", "B2")
    for line in range(MONTHS):
        book.put(f"A{top + line}", f'=PIVOT.HEADER({number},"#month:month",{line + 1})', "text", f"B{top + line}")
    for place, (name, label, direction) in enumerate(HEAT, start=2):
        column = COLUMNS[place]
        book.put(f"{column}2", f'=_t("{label}")', "head")
        for line in range(MONTHS):
            value = f'PIVOT.VALUE({number},"{name}:avg","#month:month",{line + 1})'
            book.put_or_dot(f"{column}{top + line}", value, f"{column}{top + line}", f"$A{top + line}")
        area = f"{column}{top}:{column}{bottom}"
        book.sheet["formats"][area] = 1
        add_heat(book, area, name, rising_is_bad=direction == "down")
    put_note(book, bottom + 1, "The darker, the worse in its column. Percent and days; the last month runs.")
    return book


def make_ladder():
    """Forecasts beside what came, and steps beside their control groups."""
    book = Book("ladder", 40)
    put_checks(book, 1)
    put_effects(book, 12)
    return book


def put_effects(book, row):
    """Who pays within a week: those that a step reached, and those that were drawn to get nothing."""
    menu = "cobranca_relatorios.cobranca_step_effect_report_menu"
    book.title(row, "What a step adds: paid in a week, beside the control group", menu)
    columns = ("name", "reminded_count", "reminded_paid_count", "control_count", "control_paid_count")
    columns += ("is_enough", "difference", "low", "high")
    domain = [*CURRENT, ["control_count", ">", 0]]
    number = book.add_list("cobranca.portfolio.step", columns, domain, [("turn", True)], "Control groups")
    head, top, bottom = row + 2, row + 3, row + 2 + STEPS
    put_heads(book, head, EFFECT_HEADS)
    book.sheet["merges"].append(f"A{head}:D{head}")
    for place in range(1, STEPS + 1):
        at = top + place - 1
        level, reminded, paid, control, unasked, enough, *effect = (
            f'ODOO.LIST({number},{place},"{name}")' for name in columns
        )
        nothing = '_t("No step has a control group yet.")' if place == 1 else '""'
        book.put(f"A{at}", f'=IF({level}="",{nothing},{level})', "text", f"D{at}")
        for column, value in (("E", reminded), ("G", control)):
            book.put(f"{column}{at}", f'=IF({level}="","",{value})')
        for column, part, whole in (("F", paid, reminded), ("H", unasked, control)):
            book.put(f"{column}{at}", f'=IF({level}="","",IF({enough},100*{part}/{whole},"·"))')
        for column, value in zip("IJK", effect, strict=True):
            book.put(f"{column}{at}", f'=IF({level}="","",IF({enough},{value},"·"))')
    for column, number_format in zip("EFGHIJK", (2, 1, 2, 1, 1, 1, 1), strict=True):
        style(book, f"{column}{top}:{column}{bottom}", "number", number_format)
    put_note(
        book,
        row + 1,
        "Of twelve months. The uplift lies between both bounds with 95 % confidence. ·: fewer than 30 titles in one "
        "of the groups.",
    )


def put_checks(book, row):
    """What the forecasts of the last month ends said of four weeks, and what came."""
    book.title(row, "Forecasts of four weeks beside what came", "cobranca_relatorios.cobranca_cash_forecast_menu")
    measures = ("amount_forecast:sum", "amount_actual:sum", "amount_baseline:sum")
    number = book.add_pivot("cobranca.cash.forecast.test", ["cutoff:day"], list(measures), [*CURRENT, FOUR_WEEKS])
    head, top, bottom = row + 1, row + 2, row + 1 + CHECKS
    heads = (("A", "Forecast of"), ("D", "Expected"), ("E", "Came"), ("F", "Difference (%)"), ("G", "Plain rule"))
    put_heads(book, head, heads)
    book.sheet["merges"].append(f"A{head}:C{head}")
    for place in range(1, CHECKS + 1):
        at = top + place - 1
        day = f'PIVOT.HEADER({number},"#cutoff:day",{place})'
        nothing = '_t("No forecast was checked yet.")' if place == 1 else '""'
        book.put(f"A{at}", f'=IF({day}="",{nothing},{day})', "text", f"C{at}")
        said, came, plain = (f'PIVOT.VALUE({number},"{measure}","#cutoff:day",{place})' for measure in measures)
        for column, value in zip("DEG", (said, came, plain), strict=True):
            book.put(f"{column}{at}", f"={value}")
        book.put(f"F{at}", f'=IF(OR({said}="",{said}=0),"",100*({came}-{said})/{said})')
    for column, number_format in zip("DEFG", (2, 2, 1, 2), strict=True):
        style(book, f"{column}{top}:{column}{bottom}", "number", number_format)
    put_note(
        book,
        bottom + 1,
        "Made with what was known on that day, for what was open then; plain rule: due date and mean delay.",
    )


def make_negotiation():
    """Promises and agreements by month, and what became of them."""
    book = Book("negotiation", 40)
    book.widen(150, 100, 2, 3, 21, 22)
    book.title(1, "Promises by month and what became of them", "cobranca_recorrente.cobranca_promise_menu")
    promises = book.add_pivot("cobranca.promise", ["date:month"], ["__count", "amount:sum"], [], ["state"])
    book.put("A2", f"=PIVOT({promises},{MONTHS})")
    book.title(
        20, "Agreements by month of signing and what became of them", "cobranca_negociacao.cobranca_agreement_menu"
    )
    agreements = book.add_pivot("cobranca.agreement", ["date:month"], ["__count", "total:sum"], [], ["state"])
    book.put("A21", f"=PIVOT({agreements},{MONTHS})")
    return book


def make_agencies():
    """What agencies were given and what they made of it, net of commission."""
    book = Book("agencies", 40)
    book.widen(280, 150, 2, 3, 19, 20)
    model, measures = (
        "cobranca.agency.performance",
        ("placement_count:sum", "amount_placed:sum", "amount_recovered:sum"),
    )
    book.title(
        1, "Agencies: placed, recovered, net of commission", "cobranca_negociacao.cobranca_agency_performance_menu"
    )
    rows = book.add_pivot(model, ["agency_id"], [*measures, "amount_commission:sum", "amount_net:sum"], [])
    book.put("A2", f"=PIVOT({rows},10)")
    book.title(18, "By month of placement")
    months = book.add_pivot(model, ["month:month"], [*measures, "amount_net:sum"], [])
    book.put("A19", f"=PIVOT({months},{MONTHS})")
    return book
