"""When people may be contacted about what they owe: the hours that the laws of the states allow.

Hours are of the debtor's own clock, as numbers: 8.5 is half past eight.
"""

from dataclasses import dataclass
from datetime import datetime

DEFAULT_ZONE = "America/Sao_Paulo"
# The zone of the capital; Fernando de Noronha and the west of Amazonas are an hour off it.
ZONES = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MA": "America/Fortaleza",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "SE": "America/Maceio",
    "TO": "America/Araguaina",
}
SATURDAY, SUNDAY = 5, 6
MINUTES = 60


@dataclass(frozen=True)
class Hours:
    """From when (inclusive) until when (exclusive) of each kind of day; equal hours are none."""

    weekdays: tuple[float, float]
    saturdays: tuple[float, float] = (0, 0)
    sundays: tuple[float, float] = (0, 0)


# Lei SP 15.426/2014: what holds where nothing else does.
PAULISTA = Hours((8, 20), (8, 14))


def zone_of(state_code: str | None) -> str:
    """The name of the time zone of a Brazilian state; that of Brasília for all that is unknown.

    >>> zone_of("AM"), zone_of("SP"), zone_of(None)
    ('America/Manaus', 'America/Sao_Paulo', 'America/Sao_Paulo')
    """
    return ZONES.get((state_code or "").upper(), DEFAULT_ZONE)


def opening_of(moment: datetime, hours: Hours, is_holiday: bool = False) -> tuple[float, float] | None:
    """From when until when somebody may be contacted on the day of a moment; None on a day without hours.

    >>> opening_of(datetime(2026, 11, 21), PAULISTA), opening_of(datetime(2026, 11, 22), PAULISTA)
    ((8, 14), None)
    """
    start, end = {SATURDAY: hours.saturdays, SUNDAY: hours.sundays}.get(moment.weekday(), hours.weekdays)
    return None if is_holiday or start >= end else (start, end)


def is_open(moment: datetime, hours: Hours, is_holiday: bool = False) -> bool:
    """May someone be contacted at a moment? Never on a holiday.

    :param moment: on the debtor's own clock
    :param hours: those of his state
    :param is_holiday: whether that day is a holiday there

    >>> is_open(datetime(2026, 11, 19, 19, 59), PAULISTA), is_open(datetime(2026, 11, 19, 20), PAULISTA)
    (True, False)
    >>> is_open(datetime(2026, 11, 21, 8), PAULISTA), is_open(datetime(2026, 11, 22, 9), PAULISTA)
    (True, False)
    """
    opening = opening_of(moment, hours, is_holiday)
    if not opening:
        return False
    minute = moment.hour * MINUTES + moment.minute
    return round(opening[0] * MINUTES) <= minute < round(opening[1] * MINUTES)
