"""What stands below the figures of the overview's spreadsheet: due months, ladder, causes, agencies, forecast.

Names of rows are links to their records; numbers come from rows that were computed with the position.
"""

from dashboard_book import COLUMN_PX, COLUMNS, STYLES

CURRENT = [["is_current", "=", True]]
LIGHT, DARK, BAR = 0xFDF3EE, 0xE58563, 0xBFD7E8
MONTHS, STEPS, CAUSES, AGENCIES, WEEKS = 12, 14, 10, 6, 26
AFTER = (0, 15, 30, 60, 90, 120)
# Below so many titles or customers a share says nothing.
LEAST = 10
STEP_HEADS = (
    ("E", "Titles reached"),
    ("G", "Delivered"),
    ("H", "Seen"),
    ("I", "Paid before the next"),
    ("J", "Of those reached (%)"),
    ("K", "Recovered in 15 days"),
    ("L", "Of what was open (%)"),
)
AGENCY_HEADS = (
    ("E", "Customers placed"),
    ("F", "Placed"),
    ("G", "Recovered"),
    ("H", "Commission"),
    ("I", "Recovered net"),
    ("J", "Of what was placed (%)"),
    ("K", "Cost (%)"),
)
SERIES = (
    ("B", "Received", "bar", "#6B9080"),
    ("C", "Expected", "bar", "#8FB3D1"),
    ("D", "At least", "line", "#B45309"),
    ("E", "At most", "line", "#4B3F8F"),
)
# Where lists begin on the sheet of data; the map stands beside the weeks.
STEP_ROW, WEEK_ROW = 30, 50


def add_heat(book, area, name, rising_is_bad=True):
    """One scale of colours: the darker, the worse."""
    low, high = (LIGHT, DARK) if rising_is_bad else (DARK, LIGHT)
    add_rule(
        book,
        f"heat-{name}",
        area,
        {
            "type": "ColorScaleRule",
            "minimum": {"type": "value", "color": low},
            "maximum": {"type": "value", "color": high},
        },
    )
    style(book, area, "heat")


def add_bars(book, area, values):
    """A bar in each cell of an area, as long as the number in another one."""
    add_rule(book, f"bar-{area}", area, {"type": "DataBarRule", "color": BAR, "rangeValues": values})


def add_rule(book, number, area, rule):
    book.sheet["conditionalFormats"].append({"id": number, "ranges": [area], "rule": rule})


def style(book, area, name, number_format=None):
    book.sheet["styles"][area] = list(STYLES).index(name) + 1
    if number_format:
        book.sheet["formats"][area] = number_format


def put_heads(book, row, heads):
    for column, label in heads:
        book.put(f"{column}{row}", f'=_t("{label}")', "wrapped_first" if column == "A" else "wrapped")
    book.sheet["rows"][str(row - 1)] = {"size": 52}


def put_note(book, row, text):
    book.put(f"A{row}", f'=_t("{text}")', "small", f"L{row}")


def put_cohorts(book, row):
    """Months of due dates against days after them: the share that was open then, and of how much."""
    book.title(row, "Late by month of the due date", "cobranca_relatorios.cobranca_cohort_page_menu")
    measures = ["rate:avg", "amount_due:sum", "title_count:sum"]
    number = book.add_pivot("cobranca.portfolio.cohort", ["month:month"], measures, CURRENT, ["after"])
    head, top, bottom = row + 1, row + 2, row + 1 + MONTHS
    put_heads(book, head, (("A", "Month of the due date"), ("C", "Fell due"), ("E", "Debts")))
    for column, end in (("A", "B"), ("C", "D")):
        book.sheet["merges"].append(f"{column}{head}:{end}{head}")
    for line in range(MONTHS):
        month = f'PIVOT.HEADER({number},"#month:month",{line + 1})'
        book.put(f"A{top + line}", f"={month}", "text", f"B{top + line}")
        for column, end, measure in (("C", "D", "amount_due:sum"), ("E", None, "title_count:sum")):
            until = f"{end}{top + line}" if end else None
            value = f'PIVOT.VALUE({number},"{measure}","#month:month",{line + 1},"after","000")'
            book.put(f"{column}{top + line}", f"={value}", "number", until)
    for place, days in enumerate(AFTER, start=6):
        column, key = COLUMNS[place - 1], str(days).zfill(3)
        book.put(f"{column}{head}", f"D+{days}", "wrapped")
        for line in range(MONTHS):
            value = f'PIVOT.VALUE({number},"rate:avg","#month:month",{line + 1},"after","{key}")'
            at = f"{COLUMNS[place]}{WEEK_ROW + line}"
            book.put_or_dot(f"{column}{top + line}", value, at, f"$A{top + line}")
        add_heat(book, f"{column}{top}:{column}{bottom}", f"after-{days}")
        book.sheet["formats"][f"{column}{top}:{column}{bottom}"] = 1
    for area in (f"C{top}:D{bottom}", f"E{top}:E{bottom}"):
        style(book, area, "number", 2)
    put_note(
        book,
        bottom + 1,
        "Percent of what fell due in the month and was open so many days later. The darker, the worse in its column; "
        "·: not that old yet. The last month runs.",
    )


def put_ladder(book, row):
    """The steps in their order: reached, delivered, read, paid."""
    book.title(row, "Ladder: the last 90 days, step by step", "cobranca_relatorios.cobranca_step_report_menu")
    columns = ("name", "link", "sent_count", "delivered_count", "read_count", "paid_before_count")
    columns += ("amount_recovered", "amount_judged")
    domain = [*CURRENT, ["sent_count", ">", 0]]
    number = book.add_list("cobranca.portfolio.step", columns, domain, [("turn", True)], "Steps")
    head, top = row + 2, row + 3
    put_heads(book, head, (("A", "Step"), *STEP_HEADS))
    book.sheet["merges"].append(f"A{head}:D{head}")
    for place in range(1, STEPS + 1):
        at, data = top + place - 1, STEP_ROW + place - 1
        for column, name in zip("ABCDEFGH", columns, strict=True):
            book.data["cells"][f"{column}{data}"] = f'=IFERROR(ODOO.LIST({number},{place},"{name}"),"")'
        book.put(f"A{at}", make_link(f"Data!A{data}", f"Data!B{data}"), "link", f"D{at}")
        for column, source in zip("EIK", "CFG", strict=True):
            book.put(f"{column}{at}", f"=Data!{source}{data}")
        for column, source in zip("GH", "DE", strict=True):
            # Nothing was told: that is no zero.
            book.put(f"{column}{at}", f'=IF(Data!{source}{data}=0,"·",Data!{source}{data})')
        book.put(f"J{at}", make_share(f"Data!F{data}", f"Data!C{data}", f"Data!C{data}"))
        book.put(f"L{at}", make_share(f"Data!G{data}", f"Data!H{data}", f"Data!C{data}"))
    bottom = top + STEPS - 1
    for area in (f"E{top}:E{bottom}", f"G{top}:I{bottom}", f"K{top}:K{bottom}"):
        style(book, area, "number", 2)
    for area in (f"J{top}:J{bottom}", f"L{top}:L{bottom}"):
        style(book, area, "number", 1)
    add_bars(book, f"F{top}:F{bottom}", f"E{top}:E{bottom}")
    book.sheet["cells"][f"A{top}"] = make_first(
        f"Data!A{STEP_ROW}", f"Data!B{STEP_ROW}", "Nothing was sent in the last 90 days."
    )
    put_note(
        book,
        row + 1,
        "Delivered and read as far as a channel tells. What came after a step did not always come by it: see the "
        "control groups. ·: not told, or fewer than 10 titles.",
    )


def make_link(text, link):
    return f'=IF({text}="","",HYPERLINK({link},{text}))'


def make_first(text, link, nothing):
    """The first row of a list, or what stands where it has none."""
    return f'=IF({text}="",_t("{nothing}"),HYPERLINK({link},{text}))'


def make_share(part, whole, count):
    return f'=IF({count}="","",IF(OR({count}<{LEAST},{whole}=0),"·",100*{part}/{whole}))'


def put_causes(book, row):
    """Why customers pay late, by what was overdue when they told it."""
    menu = "cobranca_relatorios.cobranca_cause_report_menu"
    book.title(row, "Causes, as customers told them in twelve months", menu)
    columns = ("name", "link", "contact_count", "amount_overdue", "share")
    number = book.add_list("cobranca.portfolio.cause", columns, CURRENT, [("amount_overdue", False)], "Causes")
    head, top, bottom = row + 2, row + 3, row + 2 + CAUSES
    put_heads(book, head, (("A", "Cause"), ("E", "Customers asked"), ("F", "Overdue then"), ("G", "Share (%)")))
    book.sheet["merges"].append(f"A{head}:D{head}")
    for place in range(1, CAUSES + 1):
        at = top + place - 1
        text, link, count, amount, share = (f'ODOO.LIST({number},{place},"{name}")' for name in columns)
        first = make_first(text, link, "No cause was told in twelve months.")
        book.put(f"A{at}", first if place == 1 else make_link(text, link), "link", f"D{at}")
        book.put(f"E{at}", f"={count}")
        book.put(f"F{at}", f"={amount}")
        book.put(f"G{at}", f'=IF({text}="","",IF(SUM(E${top}:E${bottom})<{LEAST},"·",{share}))')
        book.sheet["merges"].append(f"H{at}:L{at}")
    style(book, f"E{top}:F{bottom}", "number", 2)
    style(book, f"G{top}:G{bottom}", "number", 1)
    add_bars(book, f"H{top}:H{bottom}", f"F{top}:F{bottom}")
    put_note(book, row + 1, "By what was overdue when the cause was told. ·: fewer than 10 customers asked.")


def put_agencies(book, row):
    """What agencies were given and brought in, net of commission."""
    menu = "cobranca_negociacao.cobranca_agency_performance_menu"
    book.title(row, "Agencies, net of commission", menu)
    sums = ("placement_count:sum", "amount_placed:sum", "amount_recovered:sum", "amount_commission:sum")
    measures = (*sums, "amount_net:sum", "net_rate:avg", "cost_rate:avg")
    number = book.add_pivot("cobranca.agency.performance", ["agency_id"], list(measures), CURRENT)
    head, top, bottom = row + 2, row + 3, row + 2 + AGENCIES
    put_heads(book, head, (("A", "Agency"), *AGENCY_HEADS))
    book.sheet["merges"].append(f"A{head}:D{head}")
    for place in range(1, AGENCIES + 1):
        at = top + place - 1
        name = f'PIVOT.HEADER({number},"#agency_id",{place})'
        empty = '_t("No agency has a customer yet.")' if place == 1 else '""'
        book.put(f"A{at}", f'=IF({name}="",{empty},{name})', "text", f"D{at}")
        for (column, _label), measure in zip(AGENCY_HEADS, measures, strict=True):
            value = f'PIVOT.VALUE({number},"{measure}","#agency_id",{place})'
            few = f'IF(E{at}="","",IF(E{at}<{LEAST},"·",{value}))'
            book.put(f"{column}{at}", f"={few}" if measure.endswith(":avg") else f"={value}")
    style(book, f"E{top}:I{bottom}", "number", 2)
    style(book, f"J{top}:K{bottom}", "number", 1)
    put_note(book, row + 1, "Net: recovered less commission. ·: fewer than 10 customers placed.")


def put_forecast(book, row):
    """Thirteen weeks that were, and thirteen to come with what they may lie between."""
    book.title(row, "Cash: received, and expected in 13 weeks", "cobranca_relatorios.cobranca_cash_forecast_menu")
    head, last = WEEK_ROW - 1, WEEK_ROW + WEEKS - 1
    put_weeks(book, head)
    chart = {
        "type": "combo",
        "title": {"text": ""},
        "dataSetsHaveTitle": True,
        "legendPosition": "top",
        "aggregated": False,
        "humanize": False,
        "labelRange": f"Data!A{head}:A{last}",
        "dataSets": [
            {
                "dataRange": f"Data!{column}{head}:{column}{last}",
                "type": kind,
                "yAxisId": "y",
                "backgroundColor": color,
            }
            for column, _label, kind, color in SERIES
        ],
    }
    size = (COLUMN_PX * len(COLUMNS) - 8, 290)
    book.add_figure("forecast", 0, row, size, chart, "cobranca_relatorios.cobranca_cash_forecast_menu")
    put_note(
        book,
        row + 14,
        "Nine of ten weeks of past forecasts came to at least the lower line, nine of ten to at most the upper one.",
    )
    put_note(book, row + 15, "Weeks by their Monday; the running one has what came and what is still expected.")


def put_weeks(book, head):
    """What the chart of the weeks is drawn from: cells without a value have no bar and no point."""
    columns = ("week", "amount_received", "amount_expected", "amount_low", "amount_high", "is_past", "is_to_come")
    number = book.add_list("cobranca.portfolio.week", columns, CURRENT, [("week", True)], "Weeks")
    book.data["cells"][f"A{head}"] = '=_t("Week of")'
    for column, label, _kind, _color in SERIES:
        book.data["cells"][f"{column}{head}"] = f'=_t("{label}")'
    for place in range(1, WEEKS + 1):
        at = WEEK_ROW + place - 1
        week, received, expected, low, high, past, to_come = (
            f'ODOO.LIST({number},{place},"{name}")' for name in columns
        )
        book.data["cells"][f"A{at}"] = f'=IFERROR(IF({week}="","",TEXT({week},"dd/mm")),"")'
        book.data["cells"][f"B{at}"] = f'=IFERROR(IF(OR({past},{received}>0),{received},""),"")'
        for column, value in zip("CDE", (expected, low, high), strict=True):
            book.data["cells"][f"{column}{at}"] = f'=IFERROR(IF({to_come},{value},""),"")'
    book.data["formats"][f"B{WEEK_ROW}:E{WEEK_ROW + WEEKS - 1}"] = 2
