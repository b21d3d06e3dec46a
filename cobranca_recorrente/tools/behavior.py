"""What figures of payments say about a payer: pure, for screens and tests."""

# Weekends and slow banks alone make such a difference.
NOTICEABLE_DAYS = 3.0
BETTER, SAME, WORSE = "better", "same", "worse"


def trend(recent_delay: float, earlier_delay: float) -> str:
    """Does he pay sooner or later than before?

    :param recent_delay: average days of delay lately
    :param earlier_delay: the same of the time before
    :return: `better`, `same` or `worse`

    >>> trend(2.0, 12.5), trend(12.5, 2.0), trend(5.0, 4.0)
    ('better', 'worse', 'same')
    """
    difference = recent_delay - earlier_delay
    if abs(difference) <= NOTICEABLE_DAYS:
        return SAME
    return WORSE if difference > 0 else BETTER
