"""How long a document is kept before the personal data of its customer may go: pure."""

from datetime import date

# CTN, art. 173, I and 195: five years, counted from the first day of the year after. CDC, art. 27 and Código Civil,
# art. 206, § 5º, I know five years too, from the fact on; so this covers them.
LAWFUL_YEARS = 5


def kept_until(day: date, years: int = LAWFUL_YEARS) -> date:
    """Last day on which a document is kept: so many whole years after the year in which it was made.

    :param day: of the document
    :param years: at least those of the law
    :raise ValueError: for fewer years than the law asks for

    >>> kept_until(date(2020, 1, 1)), kept_until(date(2020, 12, 31), 10)
    (datetime.date(2025, 12, 31), datetime.date(2030, 12, 31))
    """
    if years < LAWFUL_YEARS:
        raise ValueError(f"years: {years}")
    return date(day.year + years, 12, 31)
