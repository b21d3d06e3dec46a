"""Tests that share processes stay in one xdist worker; those that take long start first."""

import os
from pathlib import Path

import pytest

import ceilings


@pytest.mark.parametrize("turn", range(8))
def test_all_turns_run_in_one_worker(turn, tmp_path_factory):
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # The base folder of the whole run, above that of each worker.
    seen = tmp_path_factory.getbasetemp().parent / f"worker-of-harness-{run}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if not seen.exists():
        Path(seen).write_text(worker)
    assert seen.read_text() == worker


def test_the_run_starts_with_what_takes_long(request):
    """The order in which the tests were collected is the one in which workers are given them."""
    turns = [ceilings.turn_of(item.nodeid) for item in request.session.items]
    assert turns == sorted(turns)
    assert turns[0] < len(ceilings.LONG_ONES)
