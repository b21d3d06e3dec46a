"""The times that a run shows are true, whatever day its tests play on."""

from datetime import datetime, timezone

import pytest
from freezegun import freeze_time


def test_a_frozen_clock_does_not_reach_the_durations():
    """Most classes of the addons stop the clock in their set-up and let it go at their end."""
    frozen = freeze_time("2026-01-31 15:00:00")
    begun = pytest.CallInfo.from_call(frozen.start, "setup")
    try:
        today = datetime.now(tz=timezone.utc).date()
        played = pytest.CallInfo.from_call(lambda: sum(range(100_000)), "call")
    finally:
        ended = pytest.CallInfo.from_call(frozen.stop, "teardown")
    assert str(today) == "2026-01-31"
    assert 0 < begun.duration < 60
    assert 0 < played.duration < 60
    assert 0 < ended.duration < 60
