"""Cases that cover what the generator can draw, each chosen for one thing that may go wrong."""

import datetime
from decimal import Decimal

TODAY = datetime.date(2026, 11, 22)
CUSTOMERS = 7


def day(offset):
    """The date so many days after (or before, negative) the ledger's day."""
    return TODAY + datetime.timedelta(days=offset)


# Title of the case; day of the invoice and of its due date; quantity, price, taxed;
# receipts of the first and of the second instalment as (day, part of the title or amount over it).
CASES = [
    ("not due yet", -5, 5, 1, "100.00", False, [], []),
    ("due today", -10, 0, 1, "250.00", True, [], []),
    ("overdue by a day", -11, -1, 1, "99.90", False, [], []),
    ("overdue by a year", -400, -390, 1, "1999.99", True, [], []),
    ("paid before it was due", -40, -30, 1, "100.25", False, [(-33, "all")], []),
    ("paid on the due day", -40, -30, 2, "75.35", True, [(-30, "all")], []),
    ("paid before the invoice's date", -20, -10, 1, "60.00", False, [(-25, "all")], []),
    ("paid late", -75, -65, 1, "333.33", True, [(-20, "all")], []),
    ("paid late, last year", -420, -410, 1, "58.17", False, [(-380, "all")], []),
    ("paid today", -45, -35, 1, "119.90", True, [(0, "all")], []),
    ("partly paid", -100, -90, 1, "1000.00", False, [(-85, "0.30")], []),
    ("partly paid twice", -100, -90, 1, "777.77", True, [(-85, "0.30"), (-60, "0.25")], []),
    ("paid in two receipts", -130, -120, 1, "512.49", True, [(-119, "0.37"), (-100, "rest")], []),
    ("paid in two receipts of one day", -60, -50, 1, "80.80", False, [(-49, "0.50"), (-49, "rest")], []),
    ("paid too much", -55, -45, 1, "145.05", False, [(-44, "over 12.50")], []),
    ("partly paid, then too much", -55, -45, 1, "145.05", True, [(-44, "0.60"), (-30, "over 0.05")], []),
    ("two instalments, nothing paid", -90, -90, 1, "333.35", True, [], []),
    ("two instalments, first paid", -70, -70, 1, "999.99", False, [(-69, "all")], []),
    ("two instalments, second paid", -80, -80, 2, "49.95", True, [], [(-21, "all")]),
    ("two instalments, both paid", -200, -200, 1, "1234.55", True, [(-200, "all")], [(-139, "all")]),
    ("two instalments, one partly", -150, -150, 1, "640.10", False, [(-150, "all")], [(-88, "0.40")]),
    ("two instalments, one in two receipts", -300, -300, 1, "88.88", True, [(-290, "0.5"), (-280, "rest")], []),
    ("tax of half a cent", -30, -20, 1, "50.25", True, [(-19, "all")], []),
    ("thousands in one title", -30, -20, 250, "987.65", True, [(-19, "0.99")], []),
]


# Odoo posts, and so numbers, invoices by their date.
CASES.sort(key=lambda case: case[1])


def invoice_rows():
    """Rows of `ledger_invoice`; several invoices for each customer."""
    return [
        (n, 1 + n % CUSTOMERS, day(issued), day(due), 2 if "two instalments" in title else 1, quantity, price, taxed)
        for n, (title, issued, due, quantity, price, taxed, *_receipts) in enumerate(CASES, start=1)
    ]


def receipt_rows():
    """Rows of `ledger_receipt` with the amount as a rule: "all", "rest", "over X" or a part of the title."""
    return [
        (n, instalment, k, day(offset), rule)
        for n, (*_invoice, first, second) in enumerate(CASES, start=1)
        for instalment, receipts in ((1, first), (2, second))
        for k, (offset, rule) in enumerate(receipts, start=1)
    ]


def receipt_amounts(rows, titles):
    """Replace the rules by amounts.

    :param dict titles: (n, instalment) -> amount of the title, a Decimal
    """
    paid, result = {}, []
    for n, instalment, k, date, rule in rows:
        title = (n, instalment)
        rest = titles[title] - paid.get(title, 0)
        word, _space, more = rule.partition(" ")
        if word in ("all", "rest", "over"):
            amount = rest + Decimal(more or 0)
        else:
            amount = round(titles[title] * Decimal(word), 2)
        paid[title] = paid.get(title, 0) + amount
        result.append((n, instalment, k, date, amount))
    return result
