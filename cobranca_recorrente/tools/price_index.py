"""Price indices and the yearly readjustment of a price: IPCA, INPC, IGP-M or a fixed percentage.

A month is the date of its first day. Values are the published variations of each month in
percent, as `Decimal`. Nothing is rounded but the price that results.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

# Twelve factors of six decimals stay exact; the caller's own precision plays no part.
PRECISION = Context(prec=120)
MONTHS = 12
# Before the Real even 80 % in a month were true; since then the highest month of any index was 5.19 %.
REAL_PLAN = date(1994, 8, 1)
PLAUSIBLE = (Decimal(-10), Decimal(10))
PLAUSIBLE_BEFORE = (Decimal(-50), Decimal(100))

MONTH_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<month>\d\d?)/(?P<year>\d{4})",
        r"0?1/(?P<month>\d\d?)/(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d\d)(-01( 00:00:00)?)?",
    )
)
PERCENT_FORM = re.compile(r"([+-]?\d{1,3}([.,]\d{1,6})?) ?%?", re.ASCII)


class MissingMonth(ValueError):
    """A month that is needed has no value; `month` is its first day."""

    def __init__(self, month: date):
        super().__init__(f"no value for {month:%m/%Y}")
        self.month = month


def first_of_month(day: date) -> date:
    """The month of a day.

    >>> first_of_month(date(2026, 2, 28))
    datetime.date(2026, 2, 1)
    """
    return date(day.year, day.month, 1)


def add_months(month: date, count: int) -> date:
    """The month that comes so many months later, or earlier.

    >>> add_months(date(2026, 1, 31), -13)
    datetime.date(2024, 12, 1)
    """
    years, number = divmod(month.month - 1 + count, 12)
    return date(month.year + years, number + 1, 1)


def window(last_month: date, months: int = MONTHS) -> list[date]:
    """The months that end with one, oldest first.

    :raise ValueError: when `months` is below 1

    >>> [month.isoformat() for month in window(date(2026, 1, 1), 2)]
    ['2025-12-01', '2026-01-01']
    """
    if months < 1:
        raise ValueError(f"number of months: {months!r}")
    return [add_months(last_month, -back) for back in reversed(range(months))]


def accumulated(values: Mapping[date, Decimal], last_month: date, months: int = MONTHS) -> Decimal:
    """Factor of the compound variation of some months, not rounded.

    :param values: {first day of month: percent}
    :param last_month: the last month that counts
    :return: factor, 1.0431 for 4.31 %
    :raise MissingMonth: (a ValueError) with the oldest month that has no value

    >>> accumulated({date(2026, 1, 1): Decimal("0.5"), date(2026, 2, 1): Decimal("-0.1")}, date(2026, 2, 1), 2)
    Decimal('1.003995')
    >>> try:
    ...     accumulated({date(2026, 2, 1): Decimal("0.1")}, date(2026, 2, 1), 2)
    ... except ValueError as error:
    ...     str(error)
    'no value for 01/2026'
    """
    factor = Decimal(1)
    with localcontext(PRECISION):
        for month in window(last_month, months):
            if month not in values:
                raise MissingMonth(month)
            factor *= 1 + _finite("percent", values[month]) / 100
    return factor


def percent_of(factor: Decimal, digits: int = 2) -> Decimal:
    """A factor as a percentage, for people to read.

    >>> percent_of(Decimal("1.04306040")), percent_of(Decimal("0.995"), 1)
    (Decimal('4.31'), Decimal('-0.5'))
    """
    return _rounded((_finite("factor", factor) - 1) * 100, digits)


def applied_percent(
    factor: Decimal,
    cap_percent: Decimal | None = None,
    floor_percent: Decimal | None = None,
    allow_negative: bool = False,
) -> Decimal:
    """The percentage that a contract really applies, not rounded.

    :param factor: what the index says, see `accumulated`
    :param cap_percent: never more than this
    :param floor_percent: never less than this
    :param allow_negative: may the price fall? If not, the least is 0 %
    :raise ValueError: with the value that cannot be

    >>> applied_percent(Decimal("1.2092"), cap_percent=Decimal(10))
    Decimal('10')
    >>> applied_percent(Decimal("0.97")), applied_percent(Decimal("0.97"), allow_negative=True)
    (Decimal('0'), Decimal('-3.00'))
    """
    if _finite("factor", factor) <= 0:
        raise ValueError(f"factor: {factor!r}")
    floor = None if floor_percent is None else _finite("floor", floor_percent)
    if not allow_negative:
        floor = max(floor or Decimal(0), Decimal(0))
    with localcontext(PRECISION):
        percent = (factor - 1) * 100
    if floor is not None:
        percent = max(percent, floor)
    if cap_percent is not None:
        if floor is not None and _finite("cap", cap_percent) < floor:
            raise ValueError(f"cap of {cap_percent} % below the least of {floor} %")
        percent = min(percent, _finite("cap", cap_percent))
    return percent


def readjusted(
    price: Decimal,
    factor: Decimal,
    cap_percent: Decimal | None = None,
    floor_percent: Decimal | None = None,
    allow_negative: bool = False,
    digits: int = 2,
) -> Decimal:
    """The new price; see `applied_percent` for the limits.

    :param price: in any currency
    :param digits: decimals of the result, rounded half up
    :raise ValueError: with the value that cannot be

    >>> readjusted(Decimal("200.00"), Decimal("1.2092"))
    Decimal('241.84')
    >>> readjusted(Decimal("99.90"), Decimal("0.98"), allow_negative=True)
    Decimal('97.90')
    """
    percent = applied_percent(factor, cap_percent, floor_percent, allow_negative)
    with localcontext(PRECISION):
        return _rounded(_finite("price", price) * (1 + percent / 100), digits)


def last_published_window(
    published: Collection[date],
    anniversary: date,
    months: int = MONTHS,
    lag: int | None = None,
    max_lag: int = 3,
) -> tuple[date, date]:
    """First and last month whose variation readjusts a price on an anniversary.

    The index of a month comes out in the month after it, so on the day of a readjustment the
    month before may be still unknown. By default the window ends with the last month that is
    published and lies before the anniversary's. A contract that fixes the lag ("the index of
    the second month before") gives it, and gets the same window whenever it is asked.

    :param published: months that have a value, such as the mapping of `accumulated`
    :param anniversary: day from which the new price counts
    :param lag: months between the window's end and the anniversary, 1 or more
    :param max_lag: without `lag`: how old the last published month may be, in months; when it is
        older, the index has not been kept up to date and no window would be right
    :raise MissingMonth: (a ValueError) with the oldest month that has no value

    >>> year = [add_months(date(2025, 1, 1), number) for number in range(14)]
    >>> [month.isoformat() for month in last_published_window(year, date(2026, 4, 10))]
    ['2025-03-01', '2026-02-01']
    >>> last_published_window(year, date(2026, 4, 10), lag=3)[1]
    datetime.date(2026, 1, 1)
    """
    if (lag is not None and lag < 1) or max_lag < 1:
        raise ValueError(f"lag of an index: {lag if lag is not None else max_lag!r}")
    own_month = first_of_month(anniversary)
    lags = [lag] if lag is not None else range(1, max_lag + 1)
    candidates = [add_months(own_month, -months_back) for months_back in lags]
    last = next((month for month in candidates if month in published), None)
    if last is None:
        raise MissingMonth(candidates[-1])
    months_needed = window(last, months)
    for month in months_needed:
        if month not in published:
            raise MissingMonth(month)
    return months_needed[0], last


def anniversary(start: date, years: int) -> date:
    """The same day some years later; of 29 February the 1st of March in common years.

    A term of years ends on the day of the same number, or on the next one where there is none
    (Código Civil, art. 132 § 3º): on 28 February the twelve months would not be over.

    >>> anniversary(date(2024, 2, 29), 1), anniversary(date(2024, 2, 29), 4)
    (datetime.date(2025, 3, 1), datetime.date(2028, 2, 29))
    """
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def next_anniversary(start: date, last_readjusted: date | None, today: date) -> date:
    """The day from which a price may be readjusted next.

    Never less than twelve months after the last readjustment: a shorter interval is void (Lei
    10.192/2001, art. 2º § 1º), and after a readjustment on another day the months count from
    that one (§ 2º). Years that were let pass are not made up for one by one: of the days that
    have come, the last one.

    :param start: first day of the contract, or the day of its price table
    :param last_readjusted: day from which the present price counts, None for the first price
    :return: a day up to today when a readjustment is due, else the next day

    >>> next_anniversary(date(2024, 3, 10), None, date(2024, 12, 1))
    datetime.date(2025, 3, 10)
    >>> next_anniversary(date(2020, 3, 10), None, date(2026, 9, 1))
    datetime.date(2026, 3, 10)
    >>> next_anniversary(date(2020, 3, 10), date(2026, 9, 1), date(2026, 9, 2))
    datetime.date(2027, 9, 1)
    """
    done = 0
    if last_readjusted is not None and last_readjusted != start:
        done = last_readjusted.year - start.year
        if done < 1 or anniversary(start, done) != last_readjusted:
            start, done = last_readjusted, 0
    passed = today.year - start.year
    if anniversary(start, passed) > today:
        passed -= 1
    return anniversary(start, max(done + 1, passed))


def parse_month(text: str) -> date:
    """A month as Brazilian files write it: the day comes before the month, and is the first.

    :raise ValueError: with the text, also for another day: it may be a month of another country's file

    >>> parse_month("11/2019"), parse_month("01/11/2019"), parse_month("2019-11-01")
    (datetime.date(2019, 11, 1), datetime.date(2019, 11, 1), datetime.date(2019, 11, 1))
    """
    match = next((match for form in MONTH_FORMS if (match := form.fullmatch(text.strip()))), None)
    if not match:
        raise ValueError(f"month: {text!r}")
    return date(int(match["year"]), int(match["month"]), 1)


def parse_percent(text: str) -> Decimal:
    """A percentage as files write it, with a decimal comma or point; no thousands, no guessing.

    :raise ValueError: with the text

    >>> parse_percent("0,42"), parse_percent("-0.02 %")
    (Decimal('0.42'), Decimal('-0.02'))
    """
    match = PERCENT_FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"percentage: {text!r}")
    return Decimal(match[1].replace(",", "."))


def is_plausible(month: date, percent: Decimal) -> bool:
    """Can an index have varied so much in a month, or is a comma in the wrong place?

    >>> is_plausible(date(2026, 1, 1), Decimal("0.42")), is_plausible(date(2026, 1, 1), Decimal(42))
    (True, False)
    >>> is_plausible(date(1990, 3, 1), Decimal("82.39"))
    True
    """
    least, most = PLAUSIBLE if month >= REAL_PLAN else PLAUSIBLE_BEFORE
    return percent.is_finite() and least <= percent <= most


def _finite(name: str, value: Decimal) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{name}: {value!r}")
    return value


def _rounded(value: Decimal, digits: int) -> Decimal:
    with localcontext(PRECISION):
        return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
