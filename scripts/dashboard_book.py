"""One spreadsheet of Odoo's Dashboards app, as its JSON is: sheets, lists, pivots and charts."""

import json

VERSION = "18.5.10"
COLUMNS = "ABCDEFGHIJKL"
COLUMN_PX = 92
STYLES = {
    "title": {"textColor": "#01565B", "bold": True, "fontSize": 14},
    "head": {"textColor": "#1F2937", "bold": True, "fontSize": 10, "align": "center"},
    "text": {"textColor": "#1F2937", "fontSize": 10, "align": "left", "verticalAlign": "middle", "wrapping": "clip"},
    "small": {"textColor": "#4B5563", "fontSize": 9, "wrapping": "clip"},
    "link": {"textColor": "#4B3F8F", "fontSize": 10, "verticalAlign": "middle", "wrapping": "clip"},
    "heat": {"textColor": "#1F2937", "fontSize": 10, "align": "center"},
    "number": {"textColor": "#1F2937", "fontSize": 10, "align": "right"},
    "wrapped": {
        "textColor": "#1F2937",
        "bold": True,
        "fontSize": 9,
        "align": "center",
        "verticalAlign": "bottom",
        "wrapping": "wrap",
    },
    "wrapped_first": {
        "textColor": "#1F2937",
        "bold": True,
        "fontSize": 9,
        "align": "left",
        "verticalAlign": "bottom",
        "wrapping": "wrap",
    },
}
LOCALE = {
    "name": "English (US)",
    "code": "en_US",
    "thousandsSeparator": ",",
    "decimalSeparator": ".",
    "dateFormat": "mm/dd/yyyy",
    "timeFormat": "hh:mm:ss",
    "formulaArgSeparator": ",",
    "weekStart": 7,
}


class Book:
    """One spreadsheet: what is put in cells, and the lists, pivots and figures beside them.

    :param bool sample: values stand instead of formulas that read records
    """

    def __init__(self, name, rows, sample=False):
        self.name = name
        self.sample = sample
        self.sheet = _make_sheet("dashboard", "Dashboard", rows)
        self.data = _make_sheet("data", "Data", 80)
        self.lists, self.pivots, self.menus = {}, {}, {}

    def put(self, cell, content, style=None, until=None):
        """Write a cell, merged up to another one when told so."""
        self.sheet["cells"][cell] = content
        area = f"{cell}:{until}" if until else cell
        if until:
            self.sheet["merges"].append(area)
        if style:
            self.sheet["styles"][area] = list(STYLES).index(style) + 1

    def put_or_dot(self, cell, value, data, needed):
        """Write a value, or a dot where it has none; it stands in a cell of data too, as what is asked for twice in one
        formula does not open its records.

        :param str needed: the cell of the row's name; without it the cell stays empty
        """
        self.data["cells"][data] = f"={value}"
        self.put(cell, f'=IF({needed}="","",IF(Data!{data}="","·",{value}))')

    def title(self, row, text, menu=None, first="A", until="L"):
        link = f"[{text}](odoo://ir_menu_xml_id/{menu})" if menu else f'=_t("{text}")'
        self.put(f"{first}{row}", link, "title")
        self.sheet["borders"][f"{first}{row}:{until}{row}"] = 1

    def widen(self, first, others, *heads):
        """Columns for tables with amounts, and the rows of their heads."""
        sizes = {str(column): {"size": others if column else first} for column in range(len(COLUMNS))}
        self.sheet["cols"] = sizes
        for row in heads:
            self.sheet["styles"][f"A{row}:L{row}"] = list(STYLES).index("head") + 1

    def add_list(self, model, columns, domain, order, name):
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            "id": number,
            "model": model,
            "columns": list(columns),
            "domain": domain,
            "context": {},
            "orderBy": [{"name": field, "asc": ascending} for field, ascending in order],
            "name": name,
            "fieldMatching": {},
        }
        return number

    def add_pivot(self, model, rows, measures, domain, columns=()):
        number = str(len(self.pivots) + 1)
        self.pivots[number] = {
            "type": "ODOO",
            "id": number,
            "formulaId": number,
            "model": model,
            "rows": [_make_dimension(row) for row in rows],
            "columns": [_make_dimension(column) for column in columns],
            "measures": [_make_measure(measure) for measure in measures],
            "domain": domain,
            "context": {},
            "name": " ",  # it would stand in the corner of the table, in English
            "sortedColumn": None,
            "fieldMatching": {},
        }
        return number

    def add_figure(self, number, column, row, size, data, menu=None):
        width, height = size
        name = f"{self.name}-{number}"
        self.sheet["figures"].append(
            {
                "id": name,
                "tag": "chart",
                "col": column,
                "row": row,
                "offset": {"x": 0, "y": 6},
                "width": width,
                "height": height,
                "data": {"background": "#FFFFFF", "chartId": name, **data},
            }
        )
        if menu:
            self.menus[name] = menu

    def to_text(self):
        content = {
            "version": VERSION,
            "sheets": [self.sheet, self.data],
            "styles": {str(number): style for number, style in enumerate(STYLES.values(), start=1)},
            "formats": {"1": "#,##0.0", "2": "#,##0"},
            "borders": {"1": {"bottom": {"style": "thin", "color": "#D1D5DB"}}},
            "revisionId": "START_REVISION",
            "uniqueFigureIds": True,
            "settings": {"locale": LOCALE},
            "pivots": self.pivots,
            "pivotNextId": len(self.pivots) + 1,
            "customTableStyles": {},
            "globalFilters": [],
            "lists": self.lists,
            "listNextId": len(self.lists) + 1,
            "chartOdooMenusReferences": self.menus,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _make_sheet(number, name, rows):
    return {
        "id": number,
        "name": name,
        "colNumber": len(COLUMNS),
        "rowNumber": rows,
        "rows": {},
        "cols": {str(column): {"size": COLUMN_PX} for column in range(len(COLUMNS))},
        "merges": [],
        "cells": {},
        "styles": {},
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": [],
        "tables": [],
        "areGridLinesVisible": False,
        "isVisible": True,
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }


def _make_dimension(name):
    """A field of a pivot; months need their granularity beside the name, never in it."""
    field, _colon, granularity = name.partition(":")
    return {"fieldName": field, "granularity": granularity} if granularity else {"fieldName": field}


def _make_measure(name):
    field, _colon, aggregator = name.partition(":")
    return {"id": name, "fieldName": field, **({"aggregator": aggregator} if aggregator else {})}
