"""An oracle of contract dates that shares nothing with the kernels, and the table that it wrote.

It knows no arithmetic of dates: it walks the calendar day by day and counts. Days of the month are
walked in an imaginary calendar whose months all have 31 days; a day that its month does not have
is the last one it has. So the 31st comes once a month, in February too.

`golden_schedule.json` holds its answers. After a change of the cases, write them anew from the
project's root, and read the difference:

    python cobranca_recorrente/tests/golden_schedule.py
"""

import json
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

TABLE = Path(__file__).with_suffix(".json")
PERIODS = 48
ONE_DAY = timedelta(days=1)
COLUMNS = "first day billed, last day billed, days of the whole period, issue, due"
# start, end, unit, every, billing day, due day, timing, lead days, payment term ("30" days or "eom")
CASES = """
    2026-01-31 - month 1 - - advance 0 -
    2026-01-31 - month 1 - 30 advance 5 -
    2026-01-31 - month 1 - 31 arrears 0 -
    2026-01-30 - month 1 - 31 advance 10 -
    2026-01-30 - month 1 - 29 arrears 3 -
    2026-01-29 - month 1 - 30 advance 0 -
    2026-01-29 - month 1 - 28 advance 15 -
    2026-01-28 - month 1 - 10 arrears 10 -
    2026-02-28 - month 1 - 28 advance 0 -
    2026-02-28 - month 1 - 31 advance 0 -
    2024-02-29 - month 1 - 29 arrears 5 -
    2024-02-29 - month 1 - 30 advance 7 -
    2025-12-31 - month 1 - 5 advance 5 -
    2025-08-31 - month 1 - 1 arrears 30 -
    2026-03-15 - month 1 1 - advance 0 -
    2026-03-15 - month 1 1 10 advance 5 -
    2026-03-15 - month 1 1 10 arrears 5 -
    2026-03-15 - month 1 1 20 advance 60 -
    2026-03-15 - month 1 20 5 advance 0 -
    2026-03-15 - month 1 15 15 advance 1 -
    2026-03-30 - month 1 31 28 advance 0 -
    2026-03-30 - month 1 31 29 arrears 2 -
    2026-02-28 - month 1 31 28 advance 0 -
    2026-02-28 - month 1 31 30 advance 5 -
    2026-02-27 - month 1 31 31 arrears 60 -
    2026-02-28 - month 1 30 29 advance 0 -
    2024-02-29 - month 1 31 30 advance 0 -
    2024-02-28 - month 1 29 10 arrears 10 -
    2026-03-01 - month 1 29 28 advance 3 -
    2026-04-30 - month 1 31 31 advance 0 -
    2026-05-01 2030-04-20 month 1 31 31 arrears 0 -
    2026-01-31 2030-01-15 month 1 - 30 arrears 15 -
    2026-03-15 2030-02-28 month 1 1 10 advance 5 -
    2026-01-31 - month 1 - - advance 5 30
    2026-01-31 - month 1 31 - arrears 5 30
    2026-03-15 - month 1 1 - advance 0 eom
    2026-03-15 - month 1 1 - arrears 10 eom
    2026-01-31 - month 2 - 10 advance 5 -
    2025-12-31 - month 2 - 31 arrears 0 -
    2026-03-30 - month 2 31 28 advance 0 -
    2026-05-31 - month 5 - 30 advance 10 -
    2026-02-28 - month 7 31 15 arrears 5 -
    2026-01-31 - month 18 - 31 advance 0 -
    2025-11-30 - quarter 1 - - advance 0 -
    2025-11-30 - quarter 1 - 31 arrears 5 -
    2026-03-15 - quarter 1 1 10 advance 10 -
    2026-03-15 - quarter 1 31 28 arrears 0 -
    2025-11-30 - quarter 1 31 30 advance 0 -
    2026-01-31 - quarter 3 - 5 advance 5 30
    2025-08-31 - semester 1 - - advance 0 -
    2025-08-31 - semester 1 - 30 arrears 5 -
    2025-08-30 - semester 1 31 28 advance 0 -
    2026-06-10 - semester 1 1 10 advance 15 -
    2025-08-29 - semester 3 30 29 arrears 0 -
    2024-02-29 - year 1 - - advance 0 -
    2024-02-29 - year 1 - 28 advance 0 -
    2024-02-29 - year 1 - 29 arrears 30 -
    2023-02-28 - year 1 29 28 advance 5 -
    2023-02-28 - year 1 31 31 advance 0 -
    2026-03-15 - year 1 1 10 arrears 5 -
    2026-03-15 - year 1 - - advance 30 30
    2024-02-29 - year 4 - 31 advance 0 -
    2026-01-31 - year 3 30 1 arrears 10 -
    1990-01-31 - month 1 - 30 advance 5 -
    1999-12-31 - month 1 31 28 arrears 0 -
    2098-02-28 - month 1 29 28 advance 0 -
    2099-12-31 - quarter 1 - 30 advance 0 -
    2096-02-29 - year 1 - 29 advance 5 -
    2150-12-31 - month 1 31 30 arrears 5 -
    2026-01-31 - day 1 - - advance 0 -
    2026-01-31 - day 10 - - arrears 3 -
    2024-02-25 - day 30 5 10 advance 5 -
    2026-12-31 - day 366 - - advance 0 -
    2026-02-26 - week 1 - - advance 2 -
    2026-02-26 - week 1 31 31 arrears 0 -
    2026-02-26 - week 2 - - arrears 5 30
    2026-02-26 2027-12-23 week 2 - - advance 0 eom
    2024-02-29 - week 52 - - advance 10 -
    2026-01-31 2026-01-31 month 1 - 30 advance 5 -
    2026-03-15 2026-03-20 month 1 1 10 arrears 5 -
    2026-03-15 2026-06-01 quarter 1 1 10 arrears 30 -
    2026-03-15 2026-03-14 month 1 - - advance 0 -
"""
MONTHS = {"month": 1, "quarter": 3, "semester": 6, "year": 12}


def terms_of(line):
    """The terms of one line of the cases, empty ones as None."""
    start, end, unit, every, billing_day, due_day, timing, lead_days, term = (
        None if word == "-" else word for word in line.split()
    )
    return {
        "start": start,
        "end": end,
        "unit": unit,
        "every": int(every),
        "billing_day": billing_day and int(billing_day),
        "due_day": due_day and int(due_day),
        "timing": timing,
        "lead_days": int(lead_days),
        "term": term,
    }


def walk(day, steps):
    """The day some steps after a day, or before it."""
    for _ in range(abs(steps)):
        day = day + ONE_DAY if steps > 0 else day - ONE_DAY
    return day


def days_between(first, following):
    """Days from one day to the day before another, counted one by one."""
    days = 0
    while first < following:
        first, days = first + ONE_DAY, days + 1
    return days


def imaginary_days(year, month, number):
    """(year, month, number of the day) from a day on, in months of 31 days."""
    while True:
        yield year, month, number
        number += 1
        if number > 31:
            number, month = 1, month + 1
        if month > 12:
            month, year = 1, year + 1


def real(year, month, number):
    """The day itself, or the last of its month when there is none with that number."""
    day = date(year, month, 1)
    while day.day < number and (day + ONE_DAY).month == month:
        day += ONE_DAY
    return day


def begins(terms, start):
    """(first day of a period, the same in the imaginary calendar or None) of all periods."""
    if terms["unit"] not in MONTHS:
        length = terms["every"] * {"day": 1, "week": 7}[terms["unit"]]
        while True:
            yield start, None
            start = walk(start, length)
    number = terms["billing_day"] or start.day
    before = walk(start, -31)
    found = (day for day in imaginary_days(before.year, before.month, 1) if day[2] == number)
    anchor = next(found)
    for following in found:
        if real(*following) > start:
            break
        anchor = following
    yield real(*anchor), anchor
    months = 0
    for day in imaginary_days(*anchor):
        months += day[2] == number
        if months > 1 and day[2] == number and (months - 1) % (terms["every"] * MONTHS[terms["unit"]]) == 0:
            yield real(*day), day


def due_of(terms, start, begin):
    """The first due day from the begin of a period on, but not before the contract starts."""
    day, imaginary = begin
    if imaginary and terms["due_day"]:
        day = real(*next(d for d in imaginary_days(*imaginary) if d[2] == terms["due_day"]))
    return start if day < start else day


def by_term(term, issue):
    """Due date by a payment term: so many days after the issue, or the end of its month."""
    if term != "eom":
        return walk(issue, int(term))
    while (issue + ONE_DAY).day != 1:
        issue += ONE_DAY
    return issue


def rows(terms):
    """The first periods of a contract, each a line of COLUMNS."""
    start = date.fromisoformat(terms["start"])
    end = date.fromisoformat(terms["end"]) if terms["end"] else None
    found = []
    several = list(islice(begins(terms, start), PERIODS + 1))
    for begin, following in zip(several, several[1:], strict=False):
        last = following[0] - ONE_DAY
        served = [begin[0] if begin[0] > start else start, end if end and end < last else last]
        if served[1] < served[0]:
            break
        due = due_of(terms, start, following if terms["timing"] == "arrears" else begin)
        issue = walk(due, -terms["lead_days"])
        if terms["timing"] == "arrears":
            while issue <= served[1]:
                issue += ONE_DAY
        if terms["term"] and not (terms["due_day"] and begin[1]):
            due = by_term(terms["term"], issue)
        of_days = days_between(begin[0], following[0])
        found.append(f"{served[0]} {served[1]} {of_days} {issue} {due}")
    return found


def table():
    """The text of the table: one line for each period, so that differences can be read."""
    blocks = []
    for line in CASES.strip().splitlines():
        terms = terms_of(line)
        lines = ",\n  ".join(json.dumps(row) for row in rows(terms))
        blocks.append(f'{{"terms": {json.dumps(terms)}, "periods": [\n  {lines}\n]}}')
    return f'{{"columns": {json.dumps(COLUMNS)}, "cases": [\n' + ",\n".join(blocks) + "\n]}\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
