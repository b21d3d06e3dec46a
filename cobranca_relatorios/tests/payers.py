"""Made-up payers and their titles, for tests of the cash forecast."""

from datetime import date, timedelta

from ..tools.forecast import Part, Past, Title

# Chance, days after the due date around which one pays, and how much that varies; None never pays.
HABITS = [
    ("punctual", 0.35, 0, 1),
    ("early", 0.08, -4, 2),
    ("week", 0.20, 6, 3),
    ("month", 0.15, 28, 6),
    ("slow", 0.10, 70, 20),
    ("partial", 0.05, 10, 4),
    ("never", 0.07, None, 0),
]


def draw_habit(random):
    return random.choices(HABITS, [chance for _name, chance, _mean, _spread in HABITS])[0]


def draw_parts(random, habit, due, amount):
    """The payments of one title, whenever they come."""
    name, _chance, mean, spread = habit
    if mean is None or random.random() < 0.04:
        return ()
    day = due + timedelta(days=round(random.gauss(mean, spread)))
    if name == "partial":
        half = round(amount / 2, 2)
        return (Part(day, half, True), Part(day + timedelta(days=20), round(amount - half, 2), True))
    return (Part(day, amount, True),)


def draw_book(random, payers, first, months):
    """Titles of some payers, monthly, with all their payments.

    :return: {key: Past}
    """
    book = {}
    for payer in range(payers):
        habit, amount, day = draw_habit(random), random.choice([80, 150, 400, 1200]), random.choice([5, 10, 15, 20])
        begin = random.randrange(months // 2)
        for month in range(begin, months):
            years, number = divmod(first.month - 1 + month, 12)
            due = date(first.year + years, number + 1, day)
            size = round(amount * random.uniform(0.9, 1.1), 2)
            parts = draw_parts(random, habit, due, size)
            book[payer, month] = Past(payer, "invoice", due - timedelta(days=10), due, size, parts)
    return book


def open_on(book, day):
    """The titles of a book that are known and open at the end of a day."""
    found = []
    for key, past in book.items():
        left = past.amount - sum(part.amount for part in past.parts if part.day <= day)
        if past.known_on <= day and left > 0.004:
            found.append(Title(key, past.payer, past.kind, "open", past.due, left))
    return found
